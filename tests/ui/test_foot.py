"""The foot: a weight that never lies about its age, commands that a scanner and a finger reach."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, cast

import pytest
import zxingcpp
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from packstation.i18n import LANGUAGES
from packstation.station.ports import CommandGiven, Happening
from packstation.station.views import CommandView, ScaleView, StationView, Words
from packstation.ui.main_window import MainWindow
from packstation.ui.widgets.foot import Foot
from packstation.ui.widgets.touch_area import TouchArea
from tests.ui.conftest import MakeWindow, click
from tests.ui.frame_views import COMMANDS, commands, queue, scanning
from tests.ui.sample_views import all_views

SIZES = [(1920, 1080), (1366, 768)]


def with_scale(scale: ScaleView, language: str = "en") -> StationView:
    return replace(scanning(language), scale=scale)


def foot(make_window: MakeWindow, view: StationView, size: tuple[int, int] = SIZES[0]) -> Foot:
    return make_window(view, size).frame.foot


def read_codes(window: MainWindow) -> list[str]:
    import numpy as np

    image = window.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    flat = np.frombuffer(cast("Any", image.constBits()), dtype=np.uint8)
    rows = flat.reshape(image.height(), image.bytesPerLine())[:, : image.width()]
    return sorted(code.text for code in zxingcpp.read_barcodes(rows))


STATES = [
    (ScaleView("STABLE", 420, "420", "g"), "420", "STABLE · LIVE"),
    (ScaleView("STABLE", 1104, "1104", "g", taken=True), "1\u2009104", "STABLE · TAKEN"),
    (ScaleView("MOTION", 398, "398", "g"), "398", "MOVING · LIVE"),
    (ScaleView("ZERO", 0, "0", "g"), "0", "ZERO · LIVE"),
    (ScaleView("STABLE", 420, "420", "g", net=True), "420", "STABLE · NET · LIVE"),
    (ScaleView("STABLE", 420, "420", "g", age_ms=2400), "420", "STABLE · 2 s ago"),
    (ScaleView("OVER", 32000, "32000", "g"), "", "OVER"),
    (ScaleView("UNDER", -5, "-5", "g"), "", "UNDER"),
    (ScaleView("ASLEEP", 420, "420", "g"), "", "ASLEEP"),
    (ScaleView("FAULT", 420, "420", "g"), "", "NOT READABLE"),
    (ScaleView("NO_SCALE"), "", "NO SCALE"),
    (ScaleView("STABLE", None, "2.315", "lb"), "2.315", "STABLE · LIVE"),
]


@pytest.mark.parametrize(("scale", "number", "state"), STATES, ids=lambda value: str(value)[:28])
def test_the_readout_says_weight_state_and_age(
    make_window: MakeWindow, scale: ScaleView, number: str, state: str
) -> None:
    readout = foot(make_window, with_scale(scale)).readout
    assert (readout.number, readout.state_text) == (number, state)
    readout.grab()
    shown = [placed.text for placed in readout.placed]
    assert number in shown if number else shown[0] == "\u2013"
    if number:
        assert readout.unit in shown


def test_moving_greys_the_number_and_taken_closes_the_padlock(make_window: MakeWindow) -> None:
    moving = foot(make_window, with_scale(STATES[2][0])).readout
    still = foot(make_window, with_scale(STATES[0][0])).readout
    assert moving.grab().toImage() != still.grab().toImage()
    taken = foot(make_window, with_scale(STATES[1][0])).readout
    middle = taken.height() // 2
    assert taken.grab().toImage().pixelColor(8, middle) == taken.theme.color("ok.fill")
    assert still.grab().toImage().pixelColor(8, middle) == still.theme.color("sunken")


@pytest.mark.parametrize("percent", [90, 100, 115, 130])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_weight_stays_in_its_place_whatever_it_is(
    make_window: MakeWindow, language: str, size: tuple[int, int], percent: int
) -> None:
    window = make_window(scanning(language, percent=percent), size)
    readout = window.frame.foot.readout
    place = window.frame.foot.strip.geometry()
    for grams in (0, 7, 420, 1104, 29995):
        view = scanning(language, percent=percent)
        window.show_view(replace(view, scale=ScaleView("STABLE", grams, str(grams), "g")))
        readout.grab()
        assert window.frame.foot.strip.geometry() == place
        assert max(placed.area.right() for placed in readout.placed) <= readout.width()


@pytest.mark.parametrize("percent", [90, 100, 115, 130])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_fit_and_fingers_have_room(
    make_window: MakeWindow, language: str, size: tuple[int, int], percent: int
) -> None:
    window = make_window(scanning(language, percent=percent), size)
    strip = window.frame.foot.strip
    strip.grab()
    assert not any(placed.cut for placed in strip.placed)
    assert all(p.area.left() >= 0 and p.area.right() <= strip.width() + 1 for p in strip.placed)
    areas = sorted(strip.findChildren(TouchArea), key=lambda area: area.x())
    metrics = window.theme.metrics
    assert len(areas) == 5
    assert all(min(area.width(), area.height()) >= metrics.touch for area in areas)
    for left, right in pairwise(areas):
        assert right.x() - left.geometry().right() - 1 >= metrics.gap - 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_a_scanner_reads_every_command_off_the_glass_and_nothing_else(
    make_window: MakeWindow, size: tuple[int, int], theme: str
) -> None:
    window = make_window(scanning("en", theme), size)
    assert read_codes(window) == sorted(f"%PS:{command}" for command in COMMANDS)


def test_a_touched_command_is_given(make_window: MakeWindow, heard: list[Happening]) -> None:
    window = make_window(scanning())
    window.happened.connect(heard.append)
    area = min(window.frame.foot.strip.findChildren(TouchArea), key=lambda found: found.x())
    assert area.accessibleName() == "F4 Undo last"
    assert area.focusPolicy() == Qt.FocusPolicy.NoFocus
    click(area)
    assert heard == [CommandGiven("undo", source="touch")]


def test_a_command_that_is_off_cannot_be_touched(
    make_window: MakeWindow, heard: list[Happening]
) -> None:
    first, *rest = commands()
    window = make_window(replace(scanning(), commands=(replace(first, enabled=False), *rest)))
    window.happened.connect(heard.append)
    area = min(window.frame.foot.strip.findChildren(TouchArea), key=lambda found: found.x())
    click(area)
    assert heard == []


def test_fewer_commands_leave_no_touch_area_behind(make_window: MakeWindow) -> None:
    window = make_window(scanning())
    window.show_view(replace(scanning(), commands=commands()[:2]))
    areas = window.frame.foot.strip.findChildren(TouchArea)
    assert sum(not area.isHidden() for area in areas) == 2


def test_at_200_percent_four_commands_are_left_and_help_is_one(make_window: MakeWindow) -> None:
    strip = foot(make_window, scanning(), (960, 540)).strip
    assert [cell.command.command for cell in strip.cells] == [
        "undo",
        "next-parcel",
        "short",
        "help",
    ]


def test_the_left_hand_has_the_weight_on_the_right(make_window: MakeWindow) -> None:
    view = scanning()
    left = foot(make_window, replace(view, person=replace(view.person, left_handed=True)))
    assert left.readout.x() > left.strip.x()


def test_without_an_order_the_foot_is_low_and_shows_keys_with_a_note(
    make_window: MakeWindow, heard: list[Happening]
) -> None:
    window = make_window(queue())
    window.happened.connect(heard.append)
    low = window.frame.foot
    assert low.height() == 116
    assert low.readout.isHidden()
    low.keys.grab()
    texts = [placed.text for placed in low.keys.placed]
    assert texts[0].startswith("S-10482 is first")
    assert texts[1:] == ["Open first", "Single items", "Help"]
    areas = sorted(low.keys.findChildren(TouchArea), key=lambda area: area.x())
    click(areas[1])
    assert heard == [CommandGiven("single", source="touch")]
    assert read_codes(window) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_note_gives_way_to_the_keys(
    make_window: MakeWindow, language: str, size: tuple[int, int]
) -> None:
    keys = tuple(
        CommandView(name, cap, Words("Ещё одна команда"), coded=False)
        for name, cap in (("accept", "Enter"), ("carton", "F3"), ("undo", "F4"), ("help", "F1"))
    )
    row = foot(make_window, replace(queue(language), commands=keys), size).keys
    row.grab()
    note, *words = row.placed
    assert note.area.right() <= min(placed.area.left() for placed in words)
    assert max(placed.area.right() for placed in words) <= row.width() + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_keys_of_every_screen_stay_in_their_row(make_window: MakeWindow, language: str) -> None:
    window = make_window(queue(language), SIZES[1])
    off = {}
    for name, view in all_views(language).items():
        window.show_view(view)
        row = window.frame.foot.keys
        if not row.isVisible():
            continue
        row.grab()
        assert row.placed or not view.commands
        keys = [key for key in row.findChildren(TouchArea) if key.isVisible()]
        wrong = [key.accessibleName() for key in keys if not row.rect().contains(key.geometry())]
        if wrong := wrong + [placed.text for placed in row.placed if placed.cut]:
            off[name] = wrong
    assert off == {}
