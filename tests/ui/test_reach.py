"""Everything that a screen offers is within reach of a key and of a finger, on every sample."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication

from packstation.station.ports import ChoiceMade, CommandGiven, Happening
from packstation.ui.gallery import SIZES
from packstation.ui.keys import Keys, Stroke, shown_commands
from packstation.ui.main_window import MainWindow
from packstation.ui.widgets.touch_area import TouchArea
from tests.ui.conftest import MakeShown, click
from tests.ui.sample_views import SAMPLES, sample

# Logical pixels; at 200 % each is two of the screen's.
LEAST = {"wide": 48, "small": 48, "tight": 36}
_KEYS = {
    "Enter": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "Home": Qt.Key.Key_Home,
    "End": Qt.Key.Key_End,
    **{f"F{n}": Qt.Key(int(Qt.Key.Key_F1) + n - 1) for n in range(1, 13)},
}


def _stroke(key: str) -> Stroke:
    return Stroke(int(_KEYS[key])) if key in _KEYS else Stroke(ord(key[0]), key)


def _shown(window: MainWindow) -> Iterator[tuple[str, list[QAbstractButton]]]:
    """Every sample in one window, with what may be touched on it."""
    for name in SAMPLES:
        window.show_view(sample(name))
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        found = window.findChildren(QAbstractButton)
        yield name, [one for one in found if one.isVisible() and one.isEnabled()]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_command_in_sight_has_its_key(name: str) -> None:
    view = sample(name)
    for command in () if view.locked else shown_commands(view):
        given = Keys().read(view, _stroke(command.key))
        assert isinstance(given, CommandGiven), command.key
        assert given.command == command.command


@pytest.mark.parametrize("profile", list(SIZES))
def test_every_place_to_touch_fits_a_finger_and_has_a_name(
    make_shown: MakeShown, profile: str
) -> None:
    small, nameless = [], []
    for name, buttons in _shown(make_shown(SIZES[profile])):
        for one in buttons:
            called = one.accessibleName() or one.text()
            if min(one.width(), one.height()) < LEAST[profile]:
                small.append((name, called, one.width(), one.height()))
            if not called:
                nameless.append((name, type(one).__name__))
    assert small == []
    assert nameless == []


@pytest.mark.parametrize("profile", list(SIZES))
def test_no_place_to_touch_lies_over_another(make_shown: MakeShown, profile: str) -> None:
    over = []
    for name, buttons in _shown(make_shown(SIZES[profile])):
        for one, other in combinations(buttons, 2):
            shared = one.geometry().intersected(other.geometry())
            inside = shared in {one.geometry(), other.geometry()}  # a button on a card
            beside = one.parent() is other.parent() and not inside
            if beside and min(shared.width(), shared.height()) > 2:
                over.append((name, one.accessibleName(), other.accessibleName()))
    assert over == []


def test_a_finger_picks_a_service_that_is_possible_and_no_other(
    make_shown: MakeShown, heard: list[Happening]
) -> None:
    window = make_shown(SIZES["wide"])
    window.happened.connect(heard.append)
    window.show_view(sample("rating-pick"))
    shown = [one for one in window.findChildren(TouchArea) if "/" in one.objectName()]
    places = {one.objectName(): one for one in shown if one.isVisible()}
    assert list(places) == ["chinapost/e-packet", "chinapost/saver", "dhl/paket"]
    click(places["dhl/paket"])
    assert heard == [ChoiceMade(2, "dhl/paket", "touch")]
    window.show_view(sample("printing-unsure"))
    assert not [one for one in places.values() if one.isVisible()]


def test_a_finger_opens_a_row_of_the_queue(make_shown: MakeShown, heard: list[Happening]) -> None:
    window = make_shown(SIZES["small"])
    window.happened.connect(heard.append)
    window.show_view(sample("queue"))
    row = next(one for one in window.findChildren(TouchArea) if one.objectName() == "S-10477")
    click(row)
    assert heard == [ChoiceMade(1, "S-10477", "touch")]
