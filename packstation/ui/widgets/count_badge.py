"""Counts: done of due on a line card, and the disc with a quantity on a thumbnail."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt

from packstation.station.views import LineView
from packstation.ui import paint
from packstation.ui.widgets.canvas import MIDDLE_CENTRE, MIDDLE_LEFT, MIDDLE_RIGHT, Canvas


def badge_width(canvas: Canvas, line: LineView) -> float:
    """Pixels that a line's badge takes at the right of its card."""
    done, due = str(line.done), f"/{line.total}"
    text = canvas.width(done, "title", strong=True) + canvas.width(due, "label", strong=True)
    return text + canvas.theme.px(4) + (_mark(canvas) if line.state in {"done", "short"} else 0)


def _mark(canvas: Canvas) -> float:
    return float(canvas.theme.px(52))


def draw_badge(canvas: Canvas, area: QRectF, line: LineView) -> None:
    """Done large, due smaller behind it, and a tick or a warning when the line is closed."""
    right = area.right()
    if line.state in {"done", "short"}:
        side = canvas.theme.px(40)
        mark = QRectF(right - side, area.center().y() - side / 2, side, side)
        paint.state_mark(
            canvas.painter, canvas.theme, mark, "ok" if line.state == "done" else "warn"
        )
        right -= _mark(canvas)
    done, due = str(line.done), f"/{line.total}"
    small = canvas.width(due, "label", strong=True)
    big = canvas.width(done, "title", strong=True)
    color = "ink2" if line.state == "done" else "ink"
    height = canvas.theme.line_height("title")
    row = QRectF(right - small, area.center().y() - height / 2 + canvas.theme.px(6), small, height)
    canvas.text(row.adjusted(-1, 0, 1, 0), due, ("label", "ink2"), MIDDLE_RIGHT, strong=True)
    left = right - small - big
    row = QRectF(left, area.center().y() - height / 2, big + 1, height)
    canvas.text(row, done, ("title", color), MIDDLE_LEFT, strong=True)


def draw_disc(canvas: Canvas, centre: QPointF, count: int, side: float) -> None:
    """A quantity on a dark disc, on the corner of a thumbnail."""
    text = str(count)
    role = "fine" if side < canvas.theme.px(38) else "body"
    wide = max(side, canvas.width(text, role, strong=True) + side * 0.5)
    area = QRectF(0, 0, wide, side)
    area.moveCenter(centre)
    painter = canvas.painter
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(canvas.color("surface"))
    ring = canvas.theme.px(2)
    painter.drawRoundedRect(
        area.adjusted(-ring, -ring, ring, ring), side / 2 + ring, side / 2 + ring
    )
    painter.setBrush(canvas.color("hold.fill"))
    painter.drawRoundedRect(area, side / 2, side / 2)
    canvas.text(area, text, (role, "hold.on"), MIDDLE_CENTRE, strong=True)
