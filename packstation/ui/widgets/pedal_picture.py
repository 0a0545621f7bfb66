"""A foot pedal from its side with an arrow on it: press it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPolygonF

from packstation.ui import paint, tokens
from packstation.ui.widgets.canvas import Canvas

_INK: Final = QColor(tokens.LIGHT.ink)
_BASE: Final = QColor("#C9C6BD")
_PLATE: Final = QColor("#E7E6E1")
# The grid that it is drawn on.
_WIDE, _HIGH = 420.0, 300.0


def draw_pedal(canvas: Canvas, area: QRectF) -> None:
    """As large as ``area`` lets it be, on the ground of pictures; ``canvas`` wears the paper."""
    painter = canvas.painter
    canvas.plate(area, "picture")
    inset = canvas.theme.pick(24, 10)
    room = area.adjusted(inset, inset, -inset, -inset)
    unit = min(room.width() / _WIDE, room.height() / _HIGH)
    painter.save()
    painter.translate(room.center().x() - _WIDE * unit / 2, room.center().y() - _HIGH * unit / 2)
    painter.scale(unit, unit)
    painter.setPen(paint.stroke(_INK, 3.5))
    painter.setBrush(_BASE)
    painter.drawPolygon(_shape((40, 262), (380, 262), (366, 222), (54, 222)))
    painter.drawRoundedRect(QRectF(318, 186, 40, 46), 8, 8)
    painter.setBrush(_PLATE)
    painter.drawPolygon(_shape((52, 132), (68, 112), (352, 178), (346, 204)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(canvas.color("now.fill"))
    painter.drawRect(QRectF(150, 8, 34, 62))
    painter.drawPolygon(_shape((120, 66), (214, 66), (167, 124)))
    painter.restore()


def _shape(*corners: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in corners])
