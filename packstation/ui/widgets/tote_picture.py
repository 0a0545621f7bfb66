"""A tote as seen from above, with what lies in it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen

from packstation.ui import iso
from packstation.ui.iso import Iso
from packstation.ui.widgets.canvas import Canvas
from packstation.ui.widgets.carton3d import GOODS

_BLUE = QColor("#8DA2B5")
_DEEP = QColor("#667D93")
_EDGE = QColor("#44566A")


def draw_tote(canvas: Canvas, area: QRectF, pieces: int) -> None:
    """An open plastic tote with up to six pieces."""
    size = (300.0, 220.0, 150.0)
    view = Iso.fit(area, size)
    painter = canvas.painter
    pen = QPen(_EDGE, max(1.8, view.scale * 3))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    length, width, height = size
    walls = (
        ([(0, 0, 0), (0, width, 0), (0, width, height), (0, 0, height)], _BLUE),
        ([(0, 0, 0), (length, 0, 0), (length, 0, height), (0, 0, height)], _DEEP),
        ([(0, 0, 0), (length, 0, 0), (length, width, 0), (0, width, 0)], _BLUE),
    )
    for corners, fill in walls:
        painter.setBrush(fill)
        painter.drawPolygon(view.area(corners))
    for index in range(pieces):
        color = QColor(GOODS[(0, 2, 2, 3, 1, 5)[index]])
        at = (22 + (index % 3) * 90, 20 + (index // 3) * 98, 0)
        iso.body(painter, view, at, (80, 84, 78), iso.shades_of(color), color.darker(180), 1.2)
    painter.setPen(pen)
    for face in (iso.left_face, iso.right_face):
        clear = QColor(_DEEP)
        clear.setAlpha(70)
        painter.setBrush(clear)
        painter.drawPolygon(view.area(face((0, 0, 0), size)))
