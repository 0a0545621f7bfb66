"""The driver signs with a mouse or a finger: strokes are kept as drawn, cleared, handed on."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from packstation.station.handover_hand import SignatureDrawn
from packstation.station.ports import Happening
from packstation.ui.screens.handover import HandoverScreen
from tests.ui.sample_handover import done, load, sign, weigh_off
from tests.ui.stage_views import show, theme_of

pytestmark = pytest.mark.usefixtures("product_fonts")


def drag(screen: HandoverScreen, *places: tuple[int, int]) -> None:
    """A pen goes over these places of the pad."""
    pad, (first, *rest) = screen.pad, [QPoint(*place) for place in places]
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=first)
    for point in rest:
        QTest.mouseMove(pad, point)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=rest[-1] if rest else first)


def signing(qtbot: QtBot) -> tuple[HandoverScreen, list[Happening]]:
    """The screen, and what it says."""
    screen = show(qtbot, sign("en"), theme_of())
    assert isinstance(screen, HandoverScreen)
    heard: list[Happening] = []
    screen.happened.connect(heard.append)
    return screen, heard


def test_what_is_drawn_is_handed_on_as_strokes(qtbot: QtBot) -> None:
    screen, heard = signing(qtbot)
    drag(screen, (300, 400), (500, 300), (501, 300), (700, 450))
    drag(screen, (800, 500))
    assert screen.pad.signed
    screen.take.click()
    (told,) = heard
    assert isinstance(told, SignatureDrawn)
    assert [len(stroke) for stroke in told.strokes] == [3, 1]
    assert all(0 <= x <= told.wide and 0 <= y <= told.high for s in told.strokes for x, y in s)
    (x, y), (right, above) = told.strokes[0][:2]
    assert right > x
    assert above < y


def test_clearing_begins_anew_and_outside_the_sheet_nothing_is_drawn(qtbot: QtBot) -> None:
    screen, _ = signing(qtbot)
    drag(screen, (300, 400), (700, 450))
    screen.clear.click()
    assert not screen.pad.signed
    drag(screen, (5, 5), (300, 400))
    assert not screen.pad.signed


def test_nobody_signs_before_the_name_is_known_and_a_new_list_has_no_strokes(qtbot: QtBot) -> None:
    screen, _ = signing(qtbot)
    drag(screen, (300, 400), (700, 450))
    view = sign("en")
    assert view.handover is not None
    screen.show_view(replace(view, handover=replace(view.handover, code="MF-2", driver="")))
    assert not screen.pad.signed
    drag(screen, (300, 400), (700, 450))
    assert not screen.pad.signed


def test_the_pad_is_there_only_while_it_is_signed(qtbot: QtBot) -> None:
    screen, _ = signing(qtbot)
    assert screen.pad.isVisible()
    assert not screen.hero.isVisible()
    for view, tone in ((load("en"), "now"), (weigh_off("en"), "stop"), (done("en"), "ok")):
        screen.show_view(view)
        assert not screen.pad.isVisible()
        assert screen.banner_role == tone
