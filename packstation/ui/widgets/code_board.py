"""Command codes to scan off the glass, each under its key's word; the card has them on paper."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import HelpView, StationView
from packstation.ui import paint
from packstation.ui.codes import bits
from packstation.ui.widgets.canvas import CENTRE, MIDDLE_LEFT, Canvas
from packstation.ui.widgets.painted import Painted

# Modules of the largest code, with one white module round it.
_LARGEST = 20
# A cell is so many codes wide: two lines of words and the gap that an aimed scanner needs.
_AIR = 1.45


class CodeBoard(Painted[HelpView]):
    """HELP: as many columns as codes need; empty without codes."""

    def share(self, view: StationView) -> HelpView | None:
        """The page, where it is one of codes."""
        return view.help if view.help and view.help.codes else None

    def spoken(self) -> str:
        """The title."""
        return self.words.say("screen.codes.title")

    def cells(self, area: QRectF, count: int) -> list[QRectF]:
        """Equal cells for as many as stand whole; at 200 % these are the first of them."""
        theme = self.theme
        least = _LARGEST * theme.metrics.module
        most = max(1, int(area.width() / (least * _AIR)))
        high = least + 2 * theme.line_height("fine") + theme.px(4)
        rows = max(1, min(int(area.height() / high), -(-count // most)))
        columns = min(most, -(-count // rows))
        wide, high = area.width() / columns, area.height() / rows
        return [
            QRectF(area.left() + at % columns * wide, area.top() + at // columns * high, wide, high)
            for at in range(min(count, rows * columns))
        ]

    def draw(self, canvas: Canvas, area: QRectF, shown: HelpView) -> None:
        """Title, then a grid."""
        theme = self.theme
        canvas.card(area, radius="hero")
        pad = theme.pick(34, 16)
        inner = area.adjusted(pad, theme.pick(18, 8), -pad, -theme.pick(14, 6))
        head = QRectF(inner.left(), inner.top(), inner.width(), theme.line_height("title"))
        canvas.text(head, self.spoken(), ("title", "ink"), MIDDLE_LEFT, strong=True)
        body = QRectF(inner)
        body.setTop(head.bottom() + theme.px(8))
        coded = [command for command in shown.codes if bits(command)]
        for command, cell in zip(coded, self.cells(body, len(coded)), strict=False):
            self._cell(canvas, cell, command)

    def _cell(self, canvas: Canvas, cell: QRectF, command: str) -> None:
        side = paint.matrix_side(self.theme, command)
        word = canvas.words.say(f"card.command.{command}")
        line = self.theme.line_height("fine")
        top = cell.top() + max(0.0, (cell.height() - side - line) / 2)
        corner = QPointF(cell.center().x() - side / 2, top)
        paint.matrix_code(canvas.painter, self.theme, corner, command)
        below = QRectF(cell.left() + 2, top + side, cell.width() - 4, cell.bottom() - top - side)
        fitted = canvas.fit((below.width(), below.height()), word, "fine", 2)
        canvas.fitted(
            QRectF(below.left(), below.top(), below.width(), fitted.height), fitted, "ink", CENTRE
        )
