"""Commands of a screen without an open parcel: key caps with words on the right of the foot."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QResizeEvent

from packstation.station.ports import CommandGiven
from packstation.station.views import CommandView, StationView
from packstation.ui import icons, paint
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas, printable
from packstation.ui.widgets.frame_part import FramePart
from packstation.ui.widgets.touch_area import TouchArea
from packstation.ui.words import Speaker


class KeyRow(FramePart):
    """A note on the left, keys on the right; the note gives way."""

    happened = Signal(object)

    def __init__(self, theme: Theme, words: Speaker) -> None:
        super().__init__(theme, words)
        self._commands: tuple[CommandView, ...] = ()
        self._areas: list[TouchArea] = []
        self._note = ""
        self._icon = ""

    def share(self, view: StationView) -> Hashable:
        """Note and commands; the queue's note is why the first row is first."""
        why = view.queue.why_first if view.queue and view.screen.value == "queue" else None
        note = view.note
        if view.queue is not None and note == view.queue.changed:
            note = None  # the plate above says it
        self._note = self.words.of(note or why)
        self._icon = "clock" if why and note in {None, why} else ""
        self._commands = view.commands
        return (self._note, self._icon, self._commands)

    def spoken(self) -> str:
        """The note."""
        return self._note or self.words.say("frame.commands")

    def changed(self) -> None:
        """Places the touch areas."""
        self._place_areas()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Another width."""
        self._place_areas()

    def _cap(self, command: CommandView) -> float:
        return paint.key_width(self.theme, command.key) + self.theme.px(12)

    def _words(self, command: CommandView) -> float:
        text = printable(self.words.of(command.words))
        return self.theme.metrics_of("label", strong=True).horizontalAdvance(text) + 1

    def _lefts(self) -> list[tuple[CommandView, float, float]]:
        """Command, left end and width, from the right margin.

        Where the row is too short the longest words go onto two lines.
        """
        gap = self.theme.metrics.gap
        caps, words = (
            [self._cap(c) for c in self._commands],
            [self._words(c) for c in self._commands],
        )
        room = self.width() - sum(caps) - gap * max(0, len(caps) - 1)
        widest = _widest(words, room)
        found: list[tuple[CommandView, float, float]] = []
        x = float(self.width())
        for command, cap, wide in zip(
            reversed(self._commands), reversed(caps), reversed(words), strict=True
        ):
            width = cap + min(wide, widest)
            found.append((command, x - width, width))
            x -= width + gap
        return found[::-1]

    def _place_areas(self) -> None:
        while len(self._areas) < len(self._commands):
            area = TouchArea(self)
            area.clicked.connect(self._pressed)
            self._areas.append(area)
        placed = self._lefts()
        for index, area in enumerate(self._areas):
            area.setVisible(index < len(placed))
            if index < len(placed):
                command, left, width = placed[index]
                area.setGeometry(round(left), 0, round(width), self.height())
                area.setAccessibleName(f"{command.key} {self.words.of(command.words)}")
                area.setEnabled(command.enabled)

    def _pressed(self) -> None:
        sender = self.sender()
        for area, command in zip(self._areas, self._commands, strict=False):
            if area is sender:
                self.happened.emit(CommandGiven(command=command.command, source="touch"))

    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """Note, then keys."""
        t = self.theme
        placed = self._lefts()
        right = placed[0][1] - t.metrics.gap if placed else area.right()
        left, middle = area.left(), area.center().y()
        if self._icon and self._note:
            side = t.pick(34, 30)
            box = QRectF(left, middle - side / 2, side, side)
            icons.draw_icon(canvas.painter, self._icon, box, t.color("ink2"), 1.9)
            left += side + t.px(17)
        note = QRectF(left, area.top(), max(1.0, right - left), area.height())
        ink = "ink" if self._icon else "ink2"
        role, lines = ("label", 3) if t.small else ("body", 2)
        canvas.text(note, self._note, (role, ink), MIDDLE_LEFT, lines=lines)
        for command, x, width in placed:
            height = t.pick(34, 30)
            cap = paint.key_cap(canvas.painter, t, QPointF(x, middle - height / 2), command.key)
            gap = t.px(12)
            room = QRectF(
                cap.right() + gap, area.top(), x + width - cap.right() - gap + 2, area.height()
            )
            ink = "ink" if command.enabled else "ink3"
            canvas.text(
                room,
                self.words.of(command.words),
                ("label", ink),
                MIDDLE_LEFT,
                lines=1 if room.width() > self._words(command) else 2,
                strong=True,
            )


def _widest(widths: list[float], room: float) -> float:
    """The most that one of ``widths`` may take so that all of them fit into ``room``."""
    left, rest = sorted(widths), room
    while left and left[0] * len(left) <= rest:
        rest -= left.pop(0)
    return max(0.0, rest / len(left)) if left else max(widths, default=0.0)
