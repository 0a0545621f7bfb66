"""Key events of the whole application on their way through the scanner filter of the station.

A scan never lands in a field and never presses a button: its keys are eaten. What a person
typed is given back in order, to the field that has the focus or to the window's keys.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit

from packstation.station.pedal import Pedals
from packstation.station.ports import CommandGiven, DeviceSeen, Happening
from packstation.station.wedge import GiveBack, Key, Out, Scan, Wedge
from packstation.station.workshop import KeyHeard
from packstation.ui.keys import Stroke

_MS = 1_000_000
_EVER_NS = 3600 * 1_000_000_000
_MODIFIERS = {
    int(Qt.Key.Key_Shift): "Shift",
    int(Qt.Key.Key_Control): "Control",
    int(Qt.Key.Key_Alt): "Alt",
    int(Qt.Key.Key_AltGr): "AltGr",
    int(Qt.Key.Key_Meta): "Meta",
    int(Qt.Key.Key_CapsLock): "CapsLock",
}
_NAMED = {
    int(Qt.Key.Key_Return): "Return",
    int(Qt.Key.Key_Enter): "Enter",
    int(Qt.Key.Key_Tab): "Tab",
    **{int(Qt.Key.Key_F1) + step: f"F{1 + step}" for step in range(35)},
    int(Qt.Key.Key_Pause): "Pause",
    int(Qt.Key.Key_ScrollLock): "ScrollLock",
    int(Qt.Key.Key_PageUp): "PageUp",
    int(Qt.Key.Key_PageDown): "PageDown",
}

# Linux gives the upper function keys other meanings (xkeyboard-config, symbols/inet: FK13 is
# XF86Tools, FK14 XF86Launch5 ...): they go by their key codes, which are the kernel's KEY_F13
# (183, linux/input-event-codes.h) to KEY_F24 with the eight that X11 and Wayland's xkb add.
_LINUX = sys.platform.startswith("linux")
_LINUX_NAMED = {191 + step: f"F{13 + step}" for step in range(12)}


class WedgeFilter(QObject):
    """Installed on the application; ``typed`` takes a person's key and says if it used it.

    Qt shows a key press to the window first and then to the widget in focus: one that was let
    through at the window is not looked at again.
    """

    def __init__(
        self,
        wedge: Wedge,
        post: Callable[[Happening], None],
        typed: Callable[[Stroke], bool],
        now_ns: Callable[[], int],
    ) -> None:
        super().__init__()
        self.wedge = wedge
        self._pedals = Pedals()
        self._post = post
        self._typed = typed
        self._now_ns = now_ns
        self._giving = False
        self._passed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def set_devices(self, wedge: Wedge, pedals: Pedals) -> None:
        """The scanners and pedals of the bench are known now; keys held back are given back."""
        self._do(self.wedge.tick(self._now_ns() + _EVER_NS))
        self.wedge, self._pedals = wedge, pedals
        self._arm()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Eats, gives back or lets through; only key presses are looked at."""
        if event.type() != QEvent.Type.KeyPress or self._giving:
            return False
        if not isinstance(event, QKeyEvent):
            return False
        at_window = isinstance(watched, QWindow)
        if self._passed and not at_window:
            return False
        used = self._press(event)
        self._passed = at_window and not used
        return used

    def _press(self, event: QKeyEvent) -> bool:
        stroke = stroke_of(event)
        key = Key(_text(event), self._now_ns(), _name(event), event.isAutoRepeat(), stroke)
        if self._pedals.knows(key):
            self._step(key)
            return True
        pressed = self.wedge.press(key)
        self._do(pressed.out)
        self._arm()
        return pressed.eaten or self._use(stroke)

    def _step(self, key: Key) -> None:
        """A pedal's key is a command, whatever has the focus and whatever is being scanned.

        While one is learned, its name is all that anybody gets.
        """
        if self._pedals.listening:
            heard = self._pedals.heard(key)
            if heard:
                self._post(KeyHeard(heard))
            return
        step = self._pedals.press(key)
        if step is not None:
            self._post(DeviceSeen(step.device, key.name.encode(), key.at_ns))
            self._post(CommandGiven(step.command, source="pedal"))

    def _use(self, stroke: Stroke) -> bool:
        """Editing keys and text belong to the field in focus; all other keys to the window."""
        if isinstance(QApplication.focusWidget(), QLineEdit) and _edits(stroke):
            return False
        return self._typed(stroke)

    def _tick(self) -> None:
        self._do(self.wedge.tick(self._now_ns()))
        self._arm()

    def _arm(self) -> None:
        deadline = self.wedge.deadline_ns
        if deadline is None:
            self._timer.stop()
        else:
            self._timer.start(max(1, (deadline - self._now_ns()) // _MS + 1))

    def _do(self, out: tuple[Out, ...]) -> None:
        for found in out:
            if isinstance(found, Scan):
                self._post(found.code)
            elif isinstance(found, GiveBack):
                for key in found.keys:
                    if isinstance(key.native, Stroke):
                        self._give(key.native)

    def _give(self, stroke: Stroke) -> None:
        field = QApplication.focusWidget()
        if not isinstance(field, QLineEdit) or not _edits(stroke):
            self._typed(stroke)
            return
        self._giving = True
        try:
            event = QKeyEvent(
                QEvent.Type.KeyPress, stroke.key, Qt.KeyboardModifier.NoModifier, stroke.text
            )
            QApplication.sendEvent(field, event)
        finally:
            self._giving = False


def stroke_of(event: QKeyEvent) -> Stroke:
    """Qt's event as the window's own."""
    held = event.modifiers()
    return Stroke(
        key=event.key(),
        text=event.text() if event.text().isprintable() else "",
        control=bool(held & Qt.KeyboardModifier.ControlModifier),
        alt=bool(held & Qt.KeyboardModifier.AltModifier),
        repeat=event.isAutoRepeat(),
    )


def _text(event: QKeyEvent) -> str:
    """What the key writes; keys of the editing and function blocks write nothing."""
    if event.key() in {int(Qt.Key.Key_Escape), int(Qt.Key.Key_Backspace), int(Qt.Key.Key_Delete)}:
        return ""
    return event.text()


def _name(event: QKeyEvent) -> str:
    named = _MODIFIERS.get(event.key()) or _NAMED.get(event.key(), "")
    return named or (_LINUX_NAMED.get(event.nativeScanCode(), "") if _LINUX else "")


_EDITING = frozenset(
    int(key)
    for key in (
        Qt.Key.Key_Backspace,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    )
)


def _edits(stroke: Stroke) -> bool:
    if stroke.key in _EDITING:
        return True
    return bool(stroke.text) and not stroke.alt
