"""Rows to pick by finger, number, arrow or scan: key cap, icon, words, what is known of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from packstation.station.ports import ChoiceMade
from packstation.station.views import PickView
from packstation.ui import paint, tokens
from packstation.ui.icons import icon_names
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.device_cards import ICONS
from packstation.ui.widgets.touch_area import TouchArea
from packstation.ui.words import Speaker

NUMBERED = 9
_MOST_COLUMNS = 4


class PickRow(TouchArea):
    """One row; ``index`` counts from 0 over the whole list."""

    picked = Signal(object)

    def __init__(self, theme: Theme, words: Speaker, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._words = theme, words
        self.index = 0
        self.row = PickView("")
        self.chosen = False
        self.clicked.connect(self._emit)

    def take(self, index: int, row: PickView, *, chosen: bool) -> None:
        """Show this row."""
        if (index, row, chosen) != (self.index, self.row, self.chosen):
            self.index, self.row, self.chosen = index, row, chosen
            self.setAccessibleName(self.title)
            self.update()

    @property
    def title(self) -> str:
        """What it is called."""
        return self._words.of(self.row.words) or self.row.text

    def _emit(self) -> None:
        self.picked.emit(ChoiceMade(self.index, self.row.id, "touch"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A plate; the chosen one has the current thing's outline."""
        painter, theme = QPainter(self), self._theme
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
        )
        canvas = Canvas(painter, theme, self._words)
        area = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        fill = "now.tint" if self.isDown() or self.chosen else "surface"
        line, width = ("now.fill", tokens.CURRENT_LINE) if self.chosen else ("edge", 2.0)
        canvas.plate(area, fill, line, width=width)
        pad = theme.pick(18, 12)
        left = area.left() + pad
        if self.index < NUMBERED:
            high = theme.pick(34, 30)
            cap = paint.key_cap(
                painter, theme, QPointF(left, area.center().y() - high / 2), str(self.index + 1)
            )
            left = cap.right() + theme.px(14)
        left = self._icon(canvas, area, left)
        self._say(
            canvas, QRectF(left, area.top() + 2, area.right() - pad - left, area.height() - 4)
        )
        painter.end()

    def _icon(self, canvas: Canvas, area: QRectF, left: float) -> float:
        name = ICONS.get(self.row.icon, self.row.icon)
        if name not in icon_names() or area.width() < self._theme.px(260):
            return left
        side = self._theme.pick(34, 28)
        box = QRectF(left, area.center().y() - side / 2, side, side)
        canvas.icon(name, box, "ink")
        return box.right() + self._theme.px(14)

    def _say(self, canvas: Canvas, room: QRectF) -> None:
        """Name; below it the detail, at its right the note."""
        note = self._words.of(self.row.note)
        low = self.row.detail or note
        if not low:
            canvas.text(room, self.title, ("body", "ink"), MIDDLE_LEFT, lines=2, strong=True)
            return
        fine = self._theme.line_height("fine")
        body = self._theme.line_height("body")
        top = room.center().y() - (body + fine) / 2
        head = QRectF(room.left(), top, room.width(), body)
        canvas.text(head, self.title, ("body", "ink"), MIDDLE_LEFT, strong=True)
        row = QRectF(room.left(), head.bottom(), room.width(), fine)
        if note:
            taken = canvas.text(row, note, ("fine", "warn.ink"), MIDDLE_RIGHT, strong=True)
            row.setRight(taken.left() - self._theme.px(10))
        detail = self._words.told(self.row.detail)
        if note and canvas.width(detail, "fine") > row.width():
            return  # half a word beside the state says nothing
        shown = canvas.cut_middle(detail, "fine", row.width())
        canvas.text(row, shown, ("fine", "ink2"), MIDDLE_LEFT)


class PickRows(QWidget):
    """Rows in as many columns as they need; of more than fit, those round the chosen one."""

    picked = Signal(object)

    def __init__(self, theme: Theme, words: Speaker, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._words = theme, words
        self._rows: tuple[PickView, ...] = ()
        self._selected = 0
        self.buttons: list[PickRow] = []

    def show_rows(self, rows: Sequence[PickView], selected: int) -> None:
        """The list and which of it Enter takes."""
        self._rows, self._selected = tuple(rows), selected
        self._lay_out()

    @property
    def _pitch(self) -> tuple[int, int]:
        """Height of a row, gap below it: 20 mm and 8 mm."""
        metrics = self._theme.metrics
        return metrics.touch, metrics.gap

    def grid(self) -> tuple[int, int]:
        """Columns and rows."""
        high, gap = self._pitch
        rows = max(1, (self.height() + gap) // (high + gap))
        columns = min(_MOST_COLUMNS, max(1, -(-len(self._rows) // rows)))
        if columns == 1 and len(self._rows) > 1 and self.width() > self._theme.px(900):
            columns = 2
        return columns, rows

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Another room, another grid."""
        self._lay_out()

    def _lay_out(self) -> None:
        columns, rows = self.grid()
        room = columns * rows
        first = 0 if len(self._rows) <= room else (self._selected // room) * room
        shown = self._rows[first : first + room]
        while len(self.buttons) < len(shown):
            button = PickRow(self._theme, self._words, self)
            button.picked.connect(self.picked)
            self.buttons.append(button)
        high, gap = self._pitch
        between = min(gap, round(self.width() * 0.03))
        wide = (self.width() - between * (columns - 1)) // columns
        for place, button in enumerate(self.buttons):
            button.setVisible(place < len(shown))
            if place < len(shown):
                index = first + place
                button.take(index, shown[place], chosen=index == self._selected)
                left = (place % columns) * (wide + between)
                button.setGeometry(left, (place // columns) * (high + gap), wide, high)
