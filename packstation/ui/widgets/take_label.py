"""A printer that holds its label out until a hand takes it, as drawn on the stage."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPolygonF

from packstation.ui import paint, tokens
from packstation.ui.widgets.canvas import Canvas
from packstation.ui.widgets.label_preview import draw_label

_INK: Final = QColor(tokens.LIGHT.ink)
_BODY: Final = QColor("#D9D7D0")
_LID: Final = QColor("#C9C6BD")
_FRONT: Final = QColor("#FFFFFF")
# The picture is drawn on a grid of this size: printer on top, its label hanging out, an arrow.
_WIDE, _HIGH = 440.0, 400.0


def draw_take(canvas: Canvas, area: QRectF, country: str, box: str, waybill: str) -> None:
    """The printer's front with the label out of its slot, and an arrow the way it comes off.

    ``canvas`` wears the paper theme; the picture is as large as ``area`` lets it be.
    """
    painter = canvas.painter
    unit = min(area.width() / _WIDE, area.height() / _HIGH)
    painter.save()
    painter.translate(area.center().x() - _WIDE * unit / 2, area.center().y() - _HIGH * unit / 2)
    painter.scale(unit, unit)
    _printer(canvas)
    paper = QRectF(88, 128, 220, 190)
    painter.save()
    # What is still in the printer is not seen.
    painter.setClipRect(QRectF(0, 150, _WIDE, _HIGH))
    draw_label(painter, canvas.theme, paper, country=country, box=box, waybill=waybill)
    painter.restore()
    _arrow(canvas)
    painter.restore()


def _printer(canvas: Canvas) -> None:
    """Lid, front, slot, and a lamp that is well."""
    painter = canvas.painter
    painter.setPen(paint.stroke(_INK, 3.5))
    painter.setBrush(_LID)
    lid = QPainterPath(QPointF(66, 58))
    for x, y in ((92, 14), (304, 14), (330, 58)):
        lid.lineTo(x, y)
    lid.closeSubpath()
    painter.drawPath(lid)
    painter.setBrush(_BODY)
    painter.drawRoundedRect(QRectF(44, 56, 308, 116), 14, 14)
    painter.setBrush(_FRONT)
    painter.drawRoundedRect(QRectF(66, 76, 204, 30), 7, 7)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_INK)
    painter.drawRoundedRect(QRectF(72, 138, 252, 14), 7, 7)
    painter.setBrush(canvas.color("ok.fill"))
    painter.drawEllipse(QPointF(312, 91), 10, 10)


def _arrow(canvas: Canvas) -> None:
    """Down and out, beside the label."""
    painter = canvas.painter
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(canvas.color("now.fill"))
    shaft, head = QRectF(364, 196, 32, 92), ((336, 284), (424, 284), (380, 350))
    painter.drawRect(shaft)
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in head]))
