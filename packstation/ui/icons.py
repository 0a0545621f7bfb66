"""Icons drawn for this product: read from one file of symbols, tinted when drawn.

Grid of 24, stroke 2.1, round ends, no fill (design/UI_DESIGN.md "Icons"). The paths use the
SVG commands M L H V C A Z with absolute numbers and circular arcs only.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import starmap
from math import atan2, degrees, hypot, sqrt

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from packstation.assets import resource

GRID = 24.0
STROKE = 2.1

_SYMBOL = re.compile(r'<symbol id="([a-z-]+)"[^>]*><path d="([^"]+)"/></symbol>')
_COMMAND = re.compile(r"([MLHVCAZ])([^MLHVCAZ]*)")
_NUMBER = re.compile(r"-?[\d.]+")


@cache
def _paths() -> dict[str, str]:
    text = resource("icons", "icons.svg").read_text("utf-8")
    return dict(_SYMBOL.findall(text))


def icon_names() -> tuple[str, ...]:
    """All icons that there are."""
    return tuple(sorted(_paths()))


@cache
def icon_path(name: str) -> QPainterPath:
    """The icon's lines on its grid; ``KeyError`` for a name that is not there."""
    return parse_path(_paths()[name])


def parse_path(text: str) -> QPainterPath:
    """An SVG path (M L H V C A Z, absolute; arcs of circles) as a painter's path."""
    path = QPainterPath()
    for command, rest in _COMMAND.findall(text):
        numbers = [float(number) for number in _NUMBER.findall(rest)]
        here = path.currentPosition()
        if command == "Z":
            path.closeSubpath()
        elif command == "M":
            path.moveTo(*numbers)
        elif command == "H":
            path.lineTo(numbers[0], here.y())
        elif command == "V":
            path.lineTo(here.x(), numbers[0])
        elif command == "L":
            for point in _points(numbers):
                path.lineTo(point)
        elif command == "C":
            path.cubicTo(*_points(numbers))
        else:
            _arc(path, numbers[0], numbers[3] > 0, numbers[4] > 0, QPointF(*numbers[5:7]))
    return path


def _points(numbers: list[float]) -> list[QPointF]:
    return list(starmap(QPointF, zip(numbers[::2], numbers[1::2], strict=True)))


def _arc(path: QPainterPath, radius: float, large: bool, sweep: bool, end: QPointF) -> None:
    """Circular arc by its ends (SVG 1.1, appendix F.6.5, with equal radii and no rotation)."""
    start = path.currentPosition()
    across = end - start
    chord = hypot(across.x(), across.y())
    radius = max(radius, chord / 2)
    away = sqrt(max(0.0, radius * radius - chord * chord / 4))
    side = -1.0 if large != sweep else 1.0
    normal = QPointF(-across.y(), across.x()) / chord
    centre = (start + end) / 2 - normal * away * side
    box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
    first = degrees(atan2(centre.y() - start.y(), start.x() - centre.x()))
    last = degrees(atan2(centre.y() - end.y(), end.x() - centre.x()))
    span = (first - last) % 360 if sweep else -((last - first) % 360)
    path.arcTo(box, first, -span)


def draw_icon(
    painter: QPainter, name: str, rect: QRectF, color: QColor, stroke: float = STROKE
) -> None:
    """Draws an icon into the largest square of ``rect`` in one colour."""
    side = min(rect.width(), rect.height())
    painter.save()
    painter.translate(rect.center().x() - side / 2, rect.center().y() - side / 2)
    painter.scale(side / GRID, side / GRID)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(
        QPen(
            color,
            stroke,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.RoundCap,
            Qt.PenJoinStyle.RoundJoin,
        )
    )
    painter.drawPath(icon_path(name))
    painter.restore()
