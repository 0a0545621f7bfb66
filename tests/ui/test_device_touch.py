"""Fingers on the Devices pages: every row and every test says what it was."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from packstation.station.ports import ChoiceMade, CommandGiven
from packstation.ui.screens.device import AddDeviceScreen, DeviceScreen
from tests.ui.sample_views import sample
from tests.ui.stage_views import paint, show, texts, theme_of

pytestmark = pytest.mark.usefixtures("product_fonts")


@pytest.mark.parametrize("profile", ["wide", "small"])
@pytest.mark.parametrize("name", ["add-kind", "add-port", "add-weigh", "add-trial", "add-camera"])
def test_a_touched_row_is_the_row_that_is_picked(qtbot: QtBot, name: str, profile: str) -> None:
    view = sample(name)
    stage = show(qtbot, view, theme_of(profile), profile)
    assert isinstance(stage, AddDeviceScreen)
    assert view.adding is not None
    heard: list[object] = []
    stage.happened.connect(heard.append)
    for button in stage.rows.buttons:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard == [ChoiceMade(i, row.id, "touch") for i, row in enumerate(view.adding.picks)]


@pytest.mark.parametrize("profile", ["wide", "small"])
@pytest.mark.parametrize("name", ["device-printer", "device-scale", "device-papers"])
def test_a_touched_test_is_the_test_that_is_made(qtbot: QtBot, name: str, profile: str) -> None:
    view = sample(name)
    theme = theme_of(profile)
    stage = show(qtbot, view, theme, profile)
    assert isinstance(stage, DeviceScreen)
    assert view.page is not None
    heard: list[object] = []
    stage.happened.connect(heard.append)
    for button in stage.tests:
        assert button.height() / theme.metrics.px_per_mm >= 20
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard == [CommandGiven("device-test", row.id, "touch") for row in view.page.tests]


def test_a_page_that_changes_its_kind_changes_its_parts(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("device-scale"), theme_of())
    assert isinstance(stage, DeviceScreen)
    assert not stage.preview.isVisible()
    stage.show_view(sample("device-printer"))
    assert stage.preview.isVisible()
    assert not stage.bytes.isVisible()
    assert stage.giant == "124"
    stage.show_view(sample("device-scanner"))
    assert stage.bytes.isVisible()
    assert not stage.ladder.isVisible()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("device-printer", "Last label"),
        ("device-printer-low", "Test label"),
        ("device-papers", "No job since the start"),
        ("device-fault", "Nothing printed here yet"),
    ],
)
def test_what_is_drawn_is_named(qtbot: QtBot, name: str, said: str) -> None:
    stage = show(qtbot, sample(name), theme_of())
    paint(stage)
    assert said in texts(stage)


def test_facts_that_do_not_fit_are_a_touch_or_a_turn_away(qtbot: QtBot) -> None:
    theme = theme_of("small")
    stage = show(qtbot, sample("device-scale"), theme, "small")
    assert isinstance(stage, DeviceScreen)

    def read() -> set[str]:
        stage.facts.grab()
        return {placed.text for placed in stage.facts.placed}

    first = read()
    assert {"Model", "1–5 of 7 · touch for more"} <= first
    QTest.mouseClick(stage.facts, Qt.MouseButton.LeftButton)
    second = read()
    assert {"Times in trouble", "6–7 of 7 · touch for more"} <= second
    assert "Model" not in second
    stage.facts.turn(-5)
    assert read() == first
    stage.facts.turn(5)
    stage.facts.turn(5)
    assert read() == first
    for sign in (-120, 120):
        wheel(stage.facts, sign)
        assert (read() == first) is (sign > 0)
    stage.show_view(sample("device-scanner"))
    QTest.mouseClick(stage.facts, Qt.MouseButton.LeftButton)
    assert "Model" in read()


def wheel(part: QWidget, turned: int) -> None:
    at = QPointF(5, 5)
    event = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, turned),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(part, event)
