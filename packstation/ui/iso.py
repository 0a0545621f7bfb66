"""Cartons in isometric view at 30 degrees: three shades a body, drawn back to front."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from packstation.ui.theme import Theme

_COS, _SIN = cos(radians(30)), sin(radians(30))
Point3 = tuple[float, float, float]


class Iso(Struct, frozen=True):
    """A projection: x runs to the lower right, y to the lower left, z up; mm to pixels."""

    origin: QPointF
    scale: float

    @classmethod
    def fit(cls, rect: QRectF, size: Point3) -> Iso:
        """A body of ``size`` (length, width, height) as large as ``rect`` allows, centred."""
        length, width, height = size
        across, down = (length + width) * _COS, (length + width) * _SIN + height
        scale = min(rect.width() / across, rect.height() / down) if across and down else 1.0
        left = rect.center().x() - across * scale / 2
        top = rect.center().y() - down * scale / 2
        return cls(QPointF(left + width * _COS * scale, top + height * scale), scale)

    def point(self, x: float, y: float, z: float) -> QPointF:
        """Where a corner lies on the screen."""
        return self.origin + QPointF((x - y) * _COS, (x + y) * _SIN - z) * self.scale

    def area(self, corners: Sequence[Point3]) -> QPolygonF:
        """A face by its corners."""
        return QPolygonF([self.point(*corner) for corner in corners])

    def top_transform(self, x: float, y: float, z: float) -> QTransform:
        """Draws flat things (a label) on a horizontal face, from its corner, x along length."""
        base = self.point(x, y, z)
        k = self.scale
        return QTransform(_COS * k, _SIN * k, -_COS * k, _SIN * k, base.x(), base.y())


def top_face(at: Point3, size: Point3) -> list[Point3]:
    """Corners of the upper face of a body that stands at ``at``."""
    (x, y, z), (a, b, c) = at, size
    return [(x, y, z + c), (x + a, y, z + c), (x + a, y + b, z + c), (x, y + b, z + c)]


def left_face(at: Point3, size: Point3) -> list[Point3]:
    """Corners of the front face on the left (at the far width)."""
    (x, y, z), (a, b, c) = at, size
    return [(x, y + b, z), (x + a, y + b, z), (x + a, y + b, z + c), (x, y + b, z + c)]


def right_face(at: Point3, size: Point3) -> list[Point3]:
    """Corners of the front face on the right (at the far length)."""
    (x, y, z), (a, b, c) = at, size
    return [(x + a, y, z), (x + a, y + b, z), (x + a, y + b, z + c), (x + a, y, z + c)]


def body(
    painter: QPainter,
    iso: Iso,
    at: Point3,
    size: Point3,
    shades: tuple[QColor, QColor, QColor],
    line: QColor,
    width: float = 1.5,
) -> None:
    """A closed body; ``shades`` are top, left and right."""
    pen = QPen(line, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    for shade, corners in zip(
        shades, (top_face(at, size), left_face(at, size), right_face(at, size)), strict=True
    ):
        painter.setBrush(shade)
        painter.drawPolygon(iso.area(corners))


def shades_of(color: QColor) -> tuple[QColor, QColor, QColor]:
    """Top, left and right shade of a colour."""
    return color.lighter(108), color.darker(112), color.darker(132)


def kraft_shades(theme: Theme) -> tuple[QColor, QColor, QColor]:
    """Top, left and right of a carton."""
    first, second, third, _ = theme.palette.kraft
    return QColor(first), QColor(second), QColor(third)


def iso_box(painter: QPainter, theme: Theme, rect: QRectF, size: Point3) -> Iso:
    """A closed, taped carton as large as ``rect`` allows; its projection for what lies on it."""
    length, width, height = size
    iso = Iso.fit(rect, size)
    line = QColor(theme.palette.kraft[3])
    thick = max(1.5, min(rect.width(), rect.height()) / 300)
    body(painter, iso, (0, 0, 0), size, kraft_shades(theme), line, thick)
    half, middle, fall = width * 0.07, width / 2, height * 0.3
    pale = QColor("#E9D7AE")
    painter.setPen(QPen(line, thick * 0.7))
    painter.setBrush(pale)
    strip: list[Point3] = [(0, middle - half, height), (length, middle - half, height)]
    strip += [(length, middle + half, height), (0, middle + half, height)]
    painter.drawPolygon(iso.area(strip))
    down: list[Point3] = [(length, middle - half, height), (length, middle + half, height)]
    down += [(length, middle + half, height - fall), (length, middle - half, height - fall)]
    painter.setBrush(pale.darker(112))
    painter.drawPolygon(iso.area(down))
    return iso
