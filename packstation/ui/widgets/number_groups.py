"""Waybill numbers as people compare them: in groups, what matters marked, never as a code."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from packstation.ui import paint
from packstation.ui.widgets.canvas import Canvas, Placed


def groups(number: str) -> list[str]:
    """Letters apart, digits by three; S10 numbers read LP 742 003 188 CN."""
    parts: list[str] = []
    for mark in number:
        same = parts and parts[-1][-1].isdigit() == mark.isdigit()
        if same and (not mark.isdigit() or len(parts[-1]) < 3):
            parts[-1] += mark
        else:
            parts.append(mark)
    return parts


def last_three(number: str) -> tuple[int, int]:
    """Where the last three digits stand: those that people read out."""
    end = max((i + 1 for i, mark in enumerate(number) if mark.isdigit()), default=0)
    return max(0, end - 3), end


def differing(number: str, other: str) -> list[bool]:
    """For each character whether ``other`` has another one there."""
    return [i >= len(other) or mark != other[i] for i, mark in enumerate(number)]


def _fitting(canvas: Canvas, text: str, width: float, largest: int) -> tuple[int, QFontMetricsF]:
    size = largest
    while True:
        measure = QFontMetricsF(canvas.theme.font_px("num", size, 700))
        if measure.horizontalAdvance(text) <= width or size <= canvas.theme.size("fine"):
            return size, measure
        size -= 2


def draw_grouped(canvas: Canvas, area: QRectF, number: str, largest: int) -> QRectF:
    """The number in groups with its last three digits on a warn plate; the area it took."""
    theme = canvas.theme
    start, end = last_three(number)
    pieces = _pieces(number, start, end)
    gap = largest * 0.3
    room = area.width() - gap * (len(pieces) - 1) - theme.px(24)
    size, measure = _fitting(canvas, "".join(pieces), room, largest)
    gap = size * 0.3
    baseline = area.center().y() + measure.capHeight() / 2
    font = theme.font_px("num", size, 700)
    x, seen = area.left(), 0
    for piece in pieces:
        wide = measure.horizontalAdvance(piece)
        marked = start <= seen < end
        if marked:
            inset = size * 0.15
            plate = QRectF(x - inset * 0.4, 0, wide + inset * 2, size * 1.28)
            plate.moveTop(area.center().y() - plate.height() / 2)
            paint.rounded(canvas.painter, plate, theme.radius("chip"), canvas.color("warn.fill"))
            x += inset * 0.6
        canvas.painter.setFont(font)
        canvas.painter.setPen(canvas.color("warn.on" if marked else "ink"))
        canvas.painter.drawText(QPointF(x, baseline), piece)
        x += wide + gap + (size * 0.09 if marked else 0)
        seen += len(piece)
    taken = QRectF(area.left(), baseline - measure.capHeight(), x - gap - area.left(), 0)
    taken.setHeight(measure.capHeight())
    canvas.placed.append(Placed(number, taken, size, cut=taken.right() > area.right() + 2))
    return taken


def grouped_width(canvas: Canvas, number: str, size: int) -> float:
    """Pixels of a grouped number at ``size``."""
    pieces = _pieces(number, *last_three(number))
    measure = QFontMetricsF(canvas.theme.font_px("num", size, 700))
    text = sum(measure.horizontalAdvance(piece) for piece in pieces)
    return text + size * 0.3 * (len(pieces) - 1) + size * 0.24


def _pieces(number: str, start: int, end: int) -> list[str]:
    before, marked, after = number[:start], number[start:end], number[end:]
    return [*groups(before), *([marked] if marked else []), *groups(after)]


def _runs(group: str, marks: list[bool]) -> list[tuple[str, bool]]:
    """Neighbours that are marked alike, joined."""
    pairs = groupby(zip(group, marks, strict=True), key=itemgetter(1))
    return [("".join(mark for mark, _ in run), marked) for marked, run in pairs]


def draw_compared(canvas: Canvas, area: QRectF, number: str, other: str, tone: str) -> None:
    """The number with every character marked that ``other`` lacks at its place."""
    theme = canvas.theme
    size, measure = _fitting(
        canvas, number + "  " * len(groups(number)), area.width(), theme.size("num")
    )
    baseline = area.center().y() + measure.capHeight() / 2
    marks = differing(number, other)
    font = theme.font_px("num", size, 700)
    x, seen = area.left(), 0
    for group in groups(number):
        for run, marked in _runs(group, marks[seen : seen + len(group)]):
            wide = measure.horizontalAdvance(run)
            if marked:
                plate = QRectF(x - 4, area.center().y() - size * 0.6, wide + 8, size * 1.2)
                paint.rounded(canvas.painter, plate, 6, canvas.color(f"{tone}.fill"))
            canvas.painter.setFont(font)
            canvas.painter.setPen(canvas.color(f"{tone}.on" if marked else "ink"))
            canvas.painter.drawText(QPointF(x, baseline), run)
            x += wide
        x += size * 0.3
        seen += len(group)
    taken = QRectF(
        area.left(), baseline - measure.capHeight(), x - area.left(), measure.capHeight()
    )
    canvas.placed.append(Placed(number, taken, size, cut=taken.right() > area.right() + size))
