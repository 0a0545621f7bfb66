"""Cards of the Devices pages: a title over its room, and rows of what is known that can be turned.

Where more is known than there is room for, the rows get smaller; what is left after that is a
touch or a turn of the wheel away, and the last row says how much it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QRectF
from PySide6.QtGui import QMouseEvent, QWheelEvent

from packstation.station.views import Fact, StationView
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.painted import Painted

# Rows as high as they like to be, and as low as they may be, in lines of their text.
_EASY: Final = 1.3
_TIGHT: Final = 1.04
# What of a row its value has at the least, however long its name is.
_VALUE: Final = 0.4


def card_pad(theme_pick: Callable[[float, float], int]) -> int:
    """Inside of a card."""
    return theme_pick(28, 16)


def draw_card(canvas: Canvas, area: QRectF, title: str) -> QRectF:
    """A card with its title; the room that is left under it."""
    theme = canvas.theme
    canvas.card(area)
    pad = card_pad(theme.pick)
    inner = area.adjusted(pad, pad * 0.7, -pad, -pad * 0.7)
    high = theme.line_height("title")
    head = QRectF(inner.left(), inner.top(), inner.width(), high)
    canvas.text(head, title, ("title", "ink"), MIDDLE_LEFT, strong=True)
    return inner.adjusted(0, high + theme.px(6), 0, 0)


class Fitting(Struct, frozen=True):
    """How rows stand: their type role, the height of each, and how many fit."""

    role: str
    step: float
    rows: int


def fitting(canvas: Canvas, high: float, count: int) -> Fitting:
    """The largest rows of which ``count`` fit into ``high``; else the smallest."""
    for role in ("label", "fine"):
        line = canvas.theme.line_height(role)
        step = min(line * _EASY, high / max(1, count))
        if step >= line * _TIGHT:
            return Fitting(role, step, count)
    step = canvas.theme.line_height("fine") * _TIGHT
    return Fitting("fine", step, max(1, int((high + 1) / step)))


def draw_facts(canvas: Canvas, room: QRectF, facts: Sequence[Fact], stands: Fitting) -> float:
    """Name and value a row; where they end."""
    top = room.top()
    for name, value in facts:
        row = QRectF(room.left(), top, room.width(), stands.step)
        told = canvas.words.told(value)
        gap, named = canvas.theme.px(12), canvas.words.of(name)
        left = row.width() - canvas.width(named, stands.role) - gap - 2
        most = max(left, row.width() * _VALUE)
        wide = min(canvas.width(told, stands.role, strong=True) + 2, most)
        cell = QRectF(row.right() - wide, row.top(), wide, row.height())
        shown = canvas.cut_middle(told, stands.role, wide)
        canvas.text(cell, shown, (stands.role, "ink"), MIDDLE_RIGHT, strong=True)
        row.setRight(cell.left() - gap)
        canvas.text(row, named, (stands.role, "ink2"), MIDDLE_LEFT)
        top += stands.step
    return top


class FactsCard(Painted[tuple[Fact, ...]]):
    """What is known of the device, a row each."""

    _first = 0
    _fit = 0

    def share(self, view: StationView) -> tuple[Fact, ...]:
        """Of the device's page, or of the one that is being added."""
        if view.page is not None:
            return view.page.facts
        return view.adding.facts if view.adding else ()

    def changed(self, before: tuple[Fact, ...] | None) -> None:
        """Another device begins at its first row; a count that moved on turns no page."""
        if before is None or [name for name, _ in before] != [n for n, _ in self.shown or ()]:
            self._first = 0

    def spoken(self) -> str:
        """The title."""
        return self.words.say("screen.facts")

    def turn(self, rows: int) -> None:
        """Show the rows after these, or before them; round at the ends."""
        count = len(self.shown or ())
        if 0 < self._fit < count:
            first = self._first + rows
            self._first = 0 if first >= count else max(0, first)
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """A touch turns to what did not fit."""
        self.turn(self._fit)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel too, and back."""
        self.turn(self._fit if event.angleDelta().y() < 0 else -self._fit)

    def draw(self, canvas: Canvas, area: QRectF, shown: tuple[Fact, ...]) -> None:
        """Title and rows."""
        theme = self.theme
        room = draw_card(canvas, area, self.spoken())
        if not shown:
            row = QRectF(room.left(), room.top(), room.width(), theme.line_height("label") * 2.5)
            canvas.text(row, canvas.words.say("screen.facts.none"), ("label", "ink2"), lines=2)
            return
        stands = fitting(canvas, room.height(), len(shown))
        if stands.rows >= len(shown):
            self._first, self._fit = 0, len(shown)
            draw_facts(canvas, room, shown, stands)
            return
        self._fit = max(1, stands.rows - 1)
        rows = shown[self._first : self._first + self._fit]
        draw_facts(canvas, room, rows, stands)
        self._more(canvas, room, stands, len(shown))

    def _more(self, canvas: Canvas, room: QRectF, stands: Fitting, count: int) -> None:
        """Which of how many rows these are, and that a touch shows the others."""
        row = QRectF(room.left(), room.bottom() - stands.step, room.width(), stands.step)
        last = min(self._first + self._fit, count)
        text = canvas.words.say("screen.facts.part", first=self._first + 1, last=last, of=count)
        canvas.text(row, text, (stands.role, "now.ink"), MIDDLE_RIGHT, strong=True)
