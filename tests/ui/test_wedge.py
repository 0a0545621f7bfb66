"""A keyboard-wedge scan never lands in a field or on a button; a person's typing is given back."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from packstation.station.pedal import Pedals, Step
from packstation.station.ports import (
    ChoiceMade,
    CodeScanned,
    CommandGiven,
    DeviceSeen,
    Happening,
    TextEntered,
)
from packstation.station.views import EntryView, Words
from packstation.station.wedge import BurstRule, Wedge
from packstation.station.workshop import KeyHeard
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
def listener(window: MainWindow, clock: Clock, qapp: QApplication) -> Iterator[WedgeFilter]:
    wedge = WedgeFilter(Wedge(), window.happened.emit, window.typed, clock)
    qapp.installEventFilter(wedge)
    yield wedge
    qapp.removeEventFilter(wedge)


@pytest.fixture
def hands(window: MainWindow, clock: Clock, heard: list[Happening], listener: WedgeFilter) -> Hands:
    assert listener.wedge.deadline_ns is None
    return Hands(window, clock, heard)


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


# --- pedals and learned scanners --------------------------------------------------------------


def foot(hands: Hands, key: Qt.Key, pause_ms: int = 300) -> None:
    hands.key(key, pause_ms)


def test_a_pedal_is_a_command_whatever_has_the_focus(
    hands: Hands, window: MainWindow, listener: WedgeFilter
) -> None:
    steps = {"F13": Step("accept", "pedal"), "F14": Step("next-parcel", "pedal")}
    listener.set_devices(Wedge(), Pedals(steps))
    window.show_view(replace(scanning(), entry=EntryView("manual", Words("x"))))
    foot(hands, KEY.Key_F13)
    foot(hands, KEY.Key_F13, pause_ms=20)  # it bounces
    foot(hands, KEY.Key_F14)
    given = [one for one in hands.heard if isinstance(one, CommandGiven)]
    assert [(one.command, one.source) for one in given] == [
        ("accept", "pedal"),
        ("next-parcel", "pedal"),
    ]
    assert [one.device for one in hands.heard if isinstance(one, DeviceSeen)] == ["pedal", "pedal"]
    keypad = window.frame.keypad
    assert keypad is not None
    assert keypad.field.text() == ""


def test_a_step_in_the_middle_of_a_scan_leaves_the_scan_whole(
    hands: Hands, listener: WedgeFilter
) -> None:
    listener.set_devices(Wedge(), Pedals({"F13": Step("accept", "pedal")}))
    for mark in "690123":
        hands.key(mark, 5)
    hands.key(KEY.Key_F13, 5)
    hands.scan("4567892")
    assert texts(hands.heard) == ["6901234567892"]
    assert sum(isinstance(one, CommandGiven) for one in hands.heard) == 1


def test_a_badge_reader_with_a_prefix_is_a_source_of_its_own(
    hands: Hands, listener: WedgeFilter
) -> None:
    rule = BurstRule(frames=(("F15", "badge"),))
    listener.set_devices(Wedge(rule, source="scanner"), Pedals())
    hands.scan("6901234567892")
    hands.key(KEY.Key_F15, 5)
    for mark in "0012345678":
        hands.key(mark, 60)
    hands.key(KEY.Key_Return, 60)
    scans = [one for one in hands.heard if isinstance(one, CodeScanned)]
    assert [(one.source, one.text) for one in scans] == [
        ("scanner", "6901234567892"),
        ("badge", "0012345678"),
    ]
    assert not [one for one in hands.heard if isinstance(one, CommandGiven)]


def test_keys_held_back_when_the_devices_become_known_are_given_back(
    hands: Hands, window: MainWindow, listener: WedgeFilter
) -> None:
    window.show_view(replace(scanning(), entry=EntryView("manual", Words("x"))))
    keypad = window.frame.keypad
    assert keypad is not None
    keypad.field.setFocus()
    hands.key("7", 5)
    listener.set_devices(Wedge(), Pedals())
    assert keypad.field.text() == "7"


def test_a_scanner_without_enter_ends_by_silence_once_that_is_known(
    hands: Hands, listener: WedgeFilter, clock: Clock, qtbot: QtBot
) -> None:
    listener.set_devices(Wedge(BurstRule(silent=True)), Pedals())
    for mark in "6901234567892":
        hands.key(mark, 5)
    clock.now += 200_000_000
    qtbot.waitUntil(lambda: texts(hands.heard) == ["6901234567892"], timeout=2000)
    assert len(hands.heard) == 1


def test_a_pedal_that_is_learned_is_heard_and_does_nothing(
    hands: Hands, listener: WedgeFilter
) -> None:
    pedals = Pedals({"F13": Step("accept", "pedal")})
    listener.set_devices(Wedge(), pedals)
    pedals.listening = True
    foot(hands, KEY.Key_F13)
    foot(hands, KEY.Key_F13, pause_ms=20)  # it bounces
    foot(hands, KEY.Key_F4)
    foot(hands, KEY.Key_Return)
    assert [one.key for one in hands.heard if isinstance(one, KeyHeard)] == ["F13", "F4"]
    assert not any(isinstance(one, DeviceSeen) for one in hands.heard)
    pedals.listening = False
    foot(hands, KEY.Key_F13)
    assert [one.command for one in hands.heard if isinstance(one, CommandGiven)][-1] == "accept"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="key codes of Linux")
def test_linux_calls_the_upper_function_keys_otherwise(
    hands: Hands, window: MainWindow, listener: WedgeFilter
) -> None:
    listener.set_devices(Wedge(), Pedals({"F14": Step("undo", "pedal")}))
    none = Qt.KeyboardModifier.NoModifier
    for code in (191, 192, 203):
        press = QEvent.Type.KeyPress
        event = QKeyEvent(press, int(KEY.Key_Launch5), none, code, 0, 0, "")
        QApplication.sendEvent(window.windowHandle(), event)
    given = [one.command for one in hands.heard if isinstance(one, CommandGiven)]
    assert given == ["undo"]
