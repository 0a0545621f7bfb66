"""My settings: a card a setting, its values as large keys, the chosen one filled."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF

from packstation.station.views import MySettingsView, SettingView, StationView
from packstation.ui import paint
from packstation.ui.widgets.canvas import MIDDLE_CENTRE, MIDDLE_LEFT, Canvas
from packstation.ui.widgets.painted import Painted

COLUMNS, ROWS = 2, 4
# The share of a card that its name takes.
_NAME: Final = 0.32


class SettingsBoard(Painted[MySettingsView]):
    """MY_SETTINGS: two columns of four cards, the last of them shows how it looks."""

    def share(self, view: StationView) -> MySettingsView | None:
        """The settings."""
        if view.mine is None:
            return None
        return replace(view.mine, rows=tuple(_ordered(row) for row in view.mine.rows))

    def spoken(self) -> str:
        """Title, and what holds."""
        rows = self.shown.rows if self.shown else ()
        held = (f"{self.words.of(row.words)}: {_chosen(self, row)}" for row in rows)
        return ". ".join((self.words.say("mine.title"), *held))

    # --- where it is --------------------------------------------------------------------

    def heading(self, area: QRectF) -> QRectF:
        """The strip of the title."""
        high = self.theme.line_height("title") + self.theme.px(6)
        return QRectF(area.left(), area.top(), area.width(), high)

    def cells(self, area: QRectF) -> list[QRectF]:
        """All eight cards, by columns."""
        gap = self.theme.pick(20, 10)
        top = self.heading(area).bottom() + self.theme.px(4)
        wide = (area.width() - gap * (COLUMNS - 1)) / COLUMNS
        high = (area.bottom() - top - gap * (ROWS - 1)) / ROWS
        return [
            QRectF(area.left() + column * (wide + gap), top + row * (high + gap), wide, high)
            for column in range(COLUMNS)
            for row in range(ROWS)
        ]

    def keys(self, cell: QRectF, count: int) -> list[QRectF]:
        """The values of a card, side by side right of its name."""
        theme = self.theme
        pad, gap = theme.pick(16, 10), theme.px(12)
        left = cell.left() + cell.width() * _NAME
        top = cell.top() + pad
        wide = (cell.right() - pad - left - gap * (count - 1)) / count
        return [
            QRectF(left + place * (wide + gap), top, wide, cell.height() - 2 * pad)
            for place in range(count)
        ]

    def touches(self, area: QRectF) -> list[tuple[str, QRectF]]:
        """What a finger may take: ``name=value`` with its place."""
        rows = self.shown.rows if self.shown else ()
        return [
            (f"{row.name}={option.value}", key)
            for row, cell in zip(rows, self.cells(area), strict=False)
            for option, key in zip(row.options, self.keys(cell, len(row.options)), strict=True)
        ]

    # --- how it looks -------------------------------------------------------------------

    def draw(self, canvas: Canvas, area: QRectF, shown: MySettingsView) -> None:
        """Title, seven cards, the preview."""
        head = self.heading(area)
        key = "mine.offline" if shown.offline else "mine.hint"
        title = canvas.text(
            QRectF(head.left(), head.top(), head.width() * 0.45, head.height()),
            self.words.say("mine.title"),
            ("title", "ink"),
            MIDDLE_LEFT,
            strong=True,
        )
        left = title.right() + self.theme.pick(28, 18)
        room = QRectF(left, head.top(), head.right() - left, head.height())
        canvas.text(room, self.words.say(key), ("label", "ink2"), MIDDLE_LEFT)
        cells = self.cells(area)
        for row, cell in zip(shown.rows, cells, strict=False):
            self._card(canvas, cell, row)
        self._preview(canvas, cells[-1])

    def _card(self, canvas: Canvas, cell: QRectF, row: SettingView) -> None:
        theme = self.theme
        canvas.card(cell)
        pad = theme.pick(22, 12)
        corner = QPointF(cell.left() + pad, cell.top() + theme.pick(18, 10))
        cap = paint.key_cap(canvas.painter, theme, corner, row.key)
        wide = cell.width() * _NAME - pad - theme.px(10)
        top = cap.bottom() + theme.px(4)
        name = QRectF(cell.left() + pad, top, wide, cell.bottom() - theme.px(6) - top)
        canvas.text(
            name, self.words.of(row.words), ("body", "ink"), MIDDLE_LEFT, lines=2, strong=True
        )
        for option, key in zip(row.options, self.keys(cell, len(row.options)), strict=True):
            chosen = option.value == row.chosen
            canvas.plate(key, "now.fill" if chosen else "sunken", None, radius="chip")
            inner = key.adjusted(theme.px(6), 0, -theme.px(6), 0)
            ink = "now.on" if chosen else "ink"
            words = self.words.of(option.words)
            if chosen:
                inner = self._ticked(canvas, key, inner, canvas.width(words, "label", strong=True))
            fitted = canvas.fit((inner.width(), inner.height()), words, "label", 1, strong=True)
            canvas.fitted(inner, fitted, ink, MIDDLE_CENTRE)

    def _ticked(self, canvas: Canvas, key: QRectF, inner: QRectF, wide: float) -> QRectF:
        """The tick beside the word, or over it in a narrow key; where the word stands."""
        theme, side = self.theme, self.theme.pick(26, 22)
        mark = QRectF(key.left() + theme.px(12), key.center().y() - side / 2, side, side)
        beside = QRectF(inner)
        beside.setLeft(mark.right() + theme.px(4))
        if beside.width() < wide:
            line = theme.line_height("label")
            mark.moveLeft(key.center().x() - side / 2)
            mark.moveTop(key.center().y() - (side + line) / 2)
            beside = QRectF(inner.left(), mark.bottom(), inner.width(), line)
        paint.tick(canvas.painter, mark, theme.color("now.on"))
        return beside

    def _preview(self, canvas: Canvas, cell: QRectF) -> None:
        """Words and a count as the stage would show them."""
        theme = self.theme
        canvas.plate(cell, "now.tint", "now.fill", radius="card")
        pad = theme.pick(22, 12)
        inner = cell.adjusted(pad, theme.px(8), -pad, -theme.px(8))
        small = theme.line_height("label")
        canvas.text(
            QRectF(inner.left(), inner.top(), inner.width(), small),
            self.words.say("mine.preview"),
            ("label", "ink2"),
            MIDDLE_LEFT,
        )
        room = QRectF(inner.left(), inner.top() + small, inner.width(), inner.height() - small)
        words = self.words.say("mine.preview.text")
        canvas.text(room, words, ("body", "now.ink"), MIDDLE_LEFT, lines=2, strong=True)


def _ordered(row: SettingView) -> SettingView:
    """Numbers from small to large, whichever comes first as usual."""
    if not all(option.value.isdecimal() for option in row.options):
        return row
    return replace(row, options=tuple(sorted(row.options, key=lambda one: int(one.value))))


def _chosen(board: SettingsBoard, row: SettingView) -> str:
    found = (option for option in row.options if option.value == row.chosen)
    return next((board.words.of(option.words) for option in found), row.chosen)
