"""Small cards of the right column: facts in rows, and numbers of the day."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.ui.widgets.canvas import MIDDLE_LEFT, MIDDLE_RIGHT, Canvas

Rows = tuple[tuple[str, str], ...]


def draw_facts(canvas: Canvas, area: QRectF, title: str, rows: Rows) -> None:
    """A title over rows of name and value."""
    theme = canvas.theme
    canvas.card(area)
    pad = theme.pick(32, 18)
    inner = area.adjusted(pad, theme.pick(24, 12), -pad, -theme.pick(20, 10))
    head = QRectF(inner.left(), inner.top(), inner.width(), theme.line_height("title"))
    canvas.text(head, title, ("title", "ink"), MIDDLE_LEFT, strong=True)
    if not rows:
        return
    room = inner.bottom() - head.bottom() - theme.px(8)
    step = min(room / len(rows), max(theme.pick(46, 40), theme.line_height("label") * 2))
    top = head.bottom() + theme.px(8)
    for name, value in rows:
        row = QRectF(inner.left(), top, inner.width(), step)
        wide = min(canvas.width(value, "label", strong=True) + 2, row.width() * 0.6)
        cell = QRectF(row.right() - wide, row.top(), wide, row.height())
        canvas.text(cell, value, ("label", "ink"), MIDDLE_RIGHT, lines=2, strong=True)
        row.setRight(cell.left() - theme.px(12))
        canvas.text(row, name, ("label", "ink2"), MIDDLE_LEFT, lines=2)
        top += step


def draw_number(canvas: Canvas, area: QRectF, number: str, name: str) -> None:
    """A number of the day over its name."""
    theme = canvas.theme
    canvas.card(area)
    pad = theme.pick(32, 18)
    inner = area.adjusted(pad, 0, -pad, 0)
    size = theme.size("num")
    name_high = theme.line_height("body")
    gap = theme.px(4)
    size = min(size, int(area.height() - name_high - gap - theme.px(16)))
    top = area.center().y() - (size + gap + name_high) / 2
    fitted = canvas.fit((inner.width(), size * 1.1), number, "num", largest=size)
    canvas.fitted(QRectF(inner.left(), top, inner.width(), size), fitted, "ink")
    row = QRectF(inner.left(), top + size + gap, inner.width(), name_high)
    canvas.text(row, name, ("body", "ink2"), MIDDLE_LEFT)
