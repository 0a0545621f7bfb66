"""A keyboard-wedge scan never lands in a field or on a button; a person's typing is given back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from packstation.station.ports import ChoiceMade, CodeScanned, CommandGiven, Happening, TextEntered
from packstation.station.views import EntryView, Words
from packstation.station.wedge import Wedge
from packstation.ui.main_window import MainWindow
from packstation.ui.wedge import WedgeFilter
from tests.ui.conftest import MakeWindow
from tests.ui.frame_views import scanning

KEY = Qt.Key


class Clock:
    """Time in nanoseconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000_000_000

    def __call__(self) -> int:
        return self.now


class Hands:
    """A person and a scanner at the keyboard of a window."""

    def __init__(self, window: MainWindow, clock: Clock, heard: list[Happening]) -> None:
        self.window = window
        self.heard = heard
        self._clock = clock

    def scan(self, text: str, end: Qt.Key = KEY.Key_Return) -> None:
        """5 ms a key, as scanners type."""
        for mark in text:
            self.key(mark, 5)
        self.key(end, 5)

    def type(self, *keys: Qt.Key | str, pause_ms: int = 200) -> None:
        """As people type."""
        for key in keys:
            self.key(key, pause_ms)

    def key(self, key: Qt.Key | str, pause_ms: int) -> None:
        self._clock.now += pause_ms * 1_000_000
        handle = self.window.windowHandle()
        if isinstance(key, str):
            none = Qt.KeyboardModifier.NoModifier
            QTest.sendKeyEvent(QTest.KeyAction.Click, handle, KEY(ord(key.upper())), key, none)
        else:
            QTest.keyClick(handle, key)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def window(make_window: MakeWindow, heard: list[Happening]) -> MainWindow:
    made = make_window(scanning())
    made.happened.connect(heard.append)
    made.activateWindow()
    return made


@pytest.fixture
def hands(
    window: MainWindow, clock: Clock, heard: list[Happening], qapp: QApplication
) -> Iterator[Hands]:
    wedge = WedgeFilter(Wedge(), window.happened.emit, window.typed, clock)
    qapp.installEventFilter(wedge)
    yield Hands(window, clock, heard)
    qapp.removeEventFilter(wedge)


def texts(heard: list[Happening]) -> list[str]:
    return [happening.text for happening in heard if isinstance(happening, CodeScanned)]


def test_a_scan_is_one_scan_and_nothing_else(hands: Hands) -> None:
    hands.scan("6901234567892")
    assert texts(hands.heard) == ["6901234567892"]
    assert len(hands.heard) == 1


def test_a_scan_does_not_land_in_the_field(hands: Hands, window: MainWindow) -> None:
    window.show_view(replace(scanning(), entry=EntryView("manual", Words("x"))))
    keypad = window.frame.keypad
    assert keypad is not None
    hands.scan("6901234567892")
    assert keypad.field.text() == ""
    assert texts(hands.heard) == ["6901234567892"]
    assert not any(isinstance(happening, TextEntered) for happening in hands.heard)


def test_a_scan_presses_no_button(hands: Hands, window: MainWindow, qtbot: QtBot) -> None:
    button = QPushButton("x", window)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.show()
    button.setFocus()
    with qtbot.assertNotEmitted(button.clicked):
        hands.scan("6901234567892")
        hands.type(KEY.Key_Return)
    assert hands.heard[-1] == CommandGiven("accept")


def test_a_person_types_into_the_field_and_enter_confirms(hands: Hands, window: MainWindow) -> None:
    window.show_view(replace(scanning(), entry=EntryView("manual", Words("x"))))
    hands.type("4", "7", "1", "1")
    hands.type(KEY.Key_Return)
    assert hands.heard == [TextEntered("manual", "4711")]


def test_backspace_belongs_to_the_field(hands: Hands, window: MainWindow) -> None:
    window.show_view(replace(scanning(), entry=EntryView("manual", Words("x"))))
    keypad = window.frame.keypad
    assert keypad is not None
    keypad.field.setText("47")
    hands.type(KEY.Key_Backspace)
    assert keypad.field.text() == "4"
    assert hands.heard == []


def test_keys_that_were_held_back_come_back_by_themselves(
    hands: Hands, window: MainWindow, clock: Clock, qtbot: QtBot
) -> None:
    window.show_view(replace(scanning(), entry=EntryView("manual", Words("x"))))
    keypad = window.frame.keypad
    assert keypad is not None
    hands.type("7")
    clock.now += 1_000_000_000
    qtbot.waitUntil(lambda: keypad.field.text() == "7", timeout=2000)


def test_digits_of_a_person_pick_and_a_scan_of_digits_does_not(
    hands: Hands, window: MainWindow, clock: Clock, qtbot: QtBot
) -> None:
    choices = (("damaged", Words("x")), ("other", Words("y")))
    window.show_view(replace(scanning(), entry=EntryView("hold", Words("x"), choices=choices)))
    hands.type("2")
    clock.now += 1_000_000_000
    qtbot.waitUntil(lambda: hands.heard == [ChoiceMade(1, "other")], timeout=2000)
    hands.scan("1212121")
    assert texts(hands.heard) == ["1212121"]
    assert len(hands.heard) == 2


def test_function_keys_work_while_a_field_has_the_focus(hands: Hands, window: MainWindow) -> None:
    window.show_view(replace(scanning(), entry=EntryView("manual", Words("x"))))
    hands.type(KEY.Key_F8)
    hands.type(KEY.Key_Escape)
    assert hands.heard == [CommandGiven("hold"), CommandGiven("back")]


def test_a_field_beside_the_bench_keeps_its_own_enter(
    hands: Hands, window: MainWindow, qtbot: QtBot
) -> None:
    field = QLineEdit()
    window.set_side(field, 300)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    with qtbot.waitSignal(field.returnPressed, timeout=1000):
        hands.type("4", "2")
        hands.type(KEY.Key_Return)
    assert field.text() == "42"
    assert hands.heard == []
    window.set_side(None)
