"""The card of the simulated bench that makes faults: a tab a device, and a switch a fault.

Which devices and faults there are comes from the bench itself, whose catalogue may hold sixteen
of them for one printer: a touch on the tab that is open turns to the rest of its faults.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from packstation.station.ports import SimulatedDevice, VirtualBenchView
from packstation.ui import icons, paint
from packstation.ui.theme import Theme
from packstation.ui.typeset import draw_text
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.plain_button import Switch
from packstation.ui.words import Speaker

ROWS: Final = 5
# The cable is what people pull first; what a bad line does to bytes is for developers.
_FIRST: Final = ("unplug",)
_LAST: Final = ("split", "merge", "garble", "drop", "delay")
_ICONS: Final = {"label": "printer", "light": "bell"}


def in_order(faults: Sequence[str]) -> tuple[str, ...]:
    """The cable, what only this kind of device has, then the line."""
    own = [fault for fault in faults if fault not in {*_FIRST, *_LAST}]
    cable, line = ([one for one in names if one in faults] for names in (_FIRST, _LAST))
    return (*cable, *own, *line)


def name_of(words: Speaker, device: SimulatedDevice) -> str:
    """What people call it; a second one of its kind with its number."""
    number = device.id.rpartition("-")[2] if "-" in device.id else ""
    return f"{words.say(f'screen.device.{device.kind}')} {number}".strip()


class Tab(QAbstractButton):
    """A device by its picture; amber while something is wrong with it."""

    def __init__(
        self, theme: Theme, words: Speaker, device: SimulatedDevice, parent: QWidget
    ) -> None:
        """Takes no focus."""
        super().__init__(parent)
        self._theme, self.device, self.troubled = theme, device, False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name_of(words, device))

    def show_trouble(self, troubled: bool) -> None:
        """A fault of this device is on."""
        if troubled != self.troubled:
            self.troubled = troubled
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Plate and picture; the number of a second one."""
        painter, t = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        fill, ink = ("warn.fill", "warn.on") if self.troubled else ("surface", "ink")
        line, wide = ("now.fill", 3) if self.isChecked() else ("edge", 1)
        paint.rounded(painter, area, t.radius("chip"), t.color(fill), t.color(line), wide)
        number = self.device.id.rpartition("-")[2] if "-" in self.device.id else ""
        side = min(area.height() - 10, area.width() - 10) * (0.8 if number else 1.0)
        box = QRectF(0, 0, side, side)
        box.moveCenter(area.center())
        if number:
            box.moveLeft(area.left() + 3)
            room = QRectF(box.right(), area.top(), area.right() - box.right(), area.height())
            align = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
            draw_text(painter, t, room, number, "fine", ink, strong=True, align=align)
        icon = _ICONS.get(self.device.kind, self.device.kind)
        icons.draw_icon(painter, icon, box, t.color(ink))
        painter.end()


class FaultCard(QWidget):
    """Title, tabs, and `ROWS` switches of the device whose tab is open."""

    flipped = Signal(str, str, bool)

    def __init__(
        self, theme: Theme, words: Speaker, devices: Sequence[SimulatedDevice], parent: QWidget
    ) -> None:
        """``devices`` as the bench tells them; they stay as long as the bench."""
        super().__init__(parent)
        self._theme, self._words = theme, words
        self.tabs = [Tab(theme, words, device, self) for device in devices]
        self.switches = [
            self._switch(device, fault) for device in devices for fault in in_order(device.faults)
        ]
        self.open = next((d.id for d in devices if d.kind == "label"), "")
        self.page = 0
        for tab in self.tabs:
            tab.clicked.connect(lambda _=False, name=tab.device.id: self.turn_to(name))
        self._place()

    def _switch(self, device: SimulatedDevice, fault: str) -> Switch:
        word = self._words.say(f"screen.sim.fault.{fault}")
        made = Switch(self._theme, device.id, fault, word, self)
        made.setAccessibleName(f"{name_of(self._words, device)}: {word}")
        made.flipped.connect(self.flipped)
        return made

    def turn_to(self, device: str) -> None:
        """Opens a device's faults; those of the open one further on, after the last the first."""
        self.page = (self.page + 1) % self.pages if device == self.open else 0
        self.open = device
        self._place()
        self.update()

    @property
    def pages(self) -> int:
        """How many pages the open device has."""
        return max(1, -(-len(self._of_open()) // ROWS))

    def _of_open(self) -> list[Switch]:
        return [switch for switch in self.switches if switch.device == self.open]

    def show_bench(self, bench: VirtualBenchView) -> None:
        """The switches stand as the bench says."""
        for switch in self.switches:
            switch.show_on((switch.device, switch.fault) in bench.faults)
        for tab in self.tabs:
            tab.show_trouble(any(device == tab.device.id for device, _ in bench.faults))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Tabs under the title, switches under the tabs."""
        self._place()

    def _pad(self) -> float:
        return float(self._theme.pick(22, 14))

    def _head(self) -> float:
        return float(self._theme.line_height("label") + self._theme.pick(20, 10))

    def _place(self) -> None:
        pad, gap = self._pad(), self._theme.px(8)
        inner = QRectF(self.rect()).adjusted(pad, self._head(), -pad, -pad * 0.5)
        high = float(self._theme.pick(44, 32))
        count = max(1, len(self.tabs))
        wide = min(high * 1.5, (inner.width() - gap * (count - 1)) / count)
        for number, tab in enumerate(self.tabs):
            left = inner.left() + number * (wide + gap)
            tab.setGeometry(QRectF(left, inner.top(), wide, high).toRect())
            tab.setChecked(tab.device.id == self.open)
        top = inner.top() + high + gap / 2
        step = (inner.bottom() - top) / ROWS
        shown = self._of_open()[self.page * ROWS : (self.page + 1) * ROWS]
        for switch in self.switches:
            switch.setVisible(switch in shown)
        for row, switch in enumerate(shown):
            area = QRectF(inner.left(), top + row * step, inner.width(), step)
            switch.setGeometry(area.toRect())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The title, and at its right whose faults these are."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        canvas = Canvas(painter, self._theme, self._words)
        canvas.card(QRectF(self.rect()))
        row = QRectF(self._pad(), 0, self.width() - 2 * self._pad(), self._head())
        title = self._words.say("screen.sim.faults")
        taken = canvas.text(row, title, ("label", "ink"), MIDDLE_LEFT, strong=True)
        row.setLeft(taken.right() + self._theme.px(12))
        canvas.text(row, self.heading(), ("fine", "ink2"), MIDDLE_RIGHT)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A touch on the head turns the page too."""
        if event.position().y() < self._head():
            self.turn_to(self.open)

    def fits(self) -> bool:
        """Whether title and heading stand beside each other, whole."""
        t, title = self._theme, self._words.say("screen.sim.faults")
        wide = t.metrics_of("label", strong=True).horizontalAdvance(title)
        wide += t.px(12) + t.metrics_of("fine").horizontalAdvance(self.heading())
        return wide <= self.width() - 2 * self._pad()

    def heading(self) -> str:
        """The open device, and which of its pages this is."""
        device = next((tab.device for tab in self.tabs if tab.device.id == self.open), None)
        if device is None:
            return ""
        name = name_of(self._words, device)
        return f"{name} {self.page + 1}/{self.pages}" if self.pages > 1 else name
