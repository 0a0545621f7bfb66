"""Bags and tubes as they are: a sheet with its flap round the goods, a roll of board."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from packstation.station.views import CartonView
from packstation.ui import iso
from packstation.ui.iso import Iso, Point3
from packstation.ui.widgets.canvas import Canvas

SOFT = frozenset({"bag", "tube"})
_ROUND = 36
_SHEET = 4.0  # mm that an empty bag is thick in pictures


def shape_of(carton: CartonView) -> Point3:
    """Length, width, height as drawn: a bag is as thick as what is in it."""
    length, width, height = (float(side) for side in carton.inner_mm)
    if carton.kind == "bag":
        tops = [at[2] + size[2] for _, at, size in carton.placements]
        return length, width, float(max(tops, default=_SHEET))
    if carton.kind == "tube":
        return length, min(width, height), min(width, height)
    return length, width, height


def outline(kind: str, size: Point3) -> list[Point3]:
    """Corners between which all of a bag or a tube is drawn."""
    length, width, height = size
    if kind == "bag":
        return [*_flap(size), (length, width, 0), (0, width, 0), (0, 0, height), (length, 0, 0)]
    return [*_circle(size, 0), *_circle(size, length)]


def draw_closed(canvas: Canvas, area: QRectF, carton: CartonView) -> None:
    """A box, a bag or a tube of which nothing is known inside."""
    size = shape_of(carton)
    if min(size) <= 0:
        return
    if carton.kind not in SOFT:
        iso.iso_box(canvas.painter, canvas.theme, area, carton.inner_mm)
        return
    view = fitted(area, outline(carton.kind, size))
    line = QColor(canvas.theme.palette.kraft[3])
    back(canvas, view, carton.kind, size, line)
    if carton.kind == "tube":
        _fill(canvas, view, _side(size), QColor(canvas.theme.palette.kraft[1]))
        _fill(canvas, view, _circle(size, size[0]), QColor(canvas.theme.palette.kraft[0]))


def fitted(area: QRectF, corners: Sequence[Point3]) -> Iso:
    """The projection that shows ``corners`` as large as ``area`` allows."""
    seen = Iso(QPointF(), 1.0).area(corners).boundingRect()
    scale = min(area.width() / seen.width(), area.height() / seen.height()) * 0.985
    return Iso(area.center() - seen.center() * scale, scale)


def back(canvas: Canvas, view: Iso, kind: str, size: Point3, line: QColor) -> None:
    """What lies behind and under the goods."""
    pen = QPen(line, max(1.5, view.scale * 2.2))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    canvas.painter.setPen(pen)
    length, width, _ = size
    kraft = [QColor(shade) for shade in canvas.theme.palette.kraft]
    if kind == "bag":
        _fill(
            canvas, view, [(0, 0, 0), (length, 0, 0), (length, width, 0), (0, width, 0)], kraft[0]
        )
        _fill(canvas, view, _flap(size), kraft[1])
        return
    _fill(canvas, view, _side(size), kraft[1])
    _fill(canvas, view, _circle(size, 0), kraft[2])


def front(canvas: Canvas, view: Iso, kind: str, size: Point3, line: QColor) -> None:
    """The clear upper sheet, or the clear wall and the open end."""
    canvas.painter.setPen(QPen(line, max(1.5, view.scale * 1.6)))
    clear = QColor(canvas.theme.palette.kraft[1])
    clear.setAlpha(40)
    if kind == "bag":
        length, width, high = size
        over: list[Point3] = [(0, width, 0), (length, width, 0)]
        _fill(canvas, view, [*over, (length, width, high / 2), (0, width, high / 2)], clear)
        return
    _fill(canvas, view, _circle(size, size[0]), clear)


def _fill(canvas: Canvas, view: Iso, corners: Sequence[Point3], color: QColor) -> None:
    canvas.painter.setBrush(color)
    canvas.painter.drawPolygon(view.area(corners))


def _flap(size: Point3) -> list[Point3]:
    """The flap of a bag, opened over its short side at the back."""
    _, width, _ = size
    out = width * 0.22
    return [(0, 0, 0), (0, width, 0), (-out, width * 0.94, 0), (-out, width * 0.06, 0)]


def _circle(size: Point3, x: float) -> list[Point3]:
    radius = size[1] / 2
    turns = [2 * pi * step / _ROUND for step in range(_ROUND)]
    return [(x, radius + radius * cos(turn), radius + radius * sin(turn)) for turn in turns]


def _side(size: Point3) -> list[Point3]:
    """The wall of a lying tube as it is seen: between the two lines that touch both ends."""
    radius = size[1] / 2
    # Across the tube as it is seen, y counts twice the sine of 30 degrees and z once.
    steps = [2 * pi * step / _ROUND for step in range(_ROUND)]
    across = [cos(turn) - sin(turn) for turn in steps]
    first, last = steps[across.index(max(across))], steps[across.index(min(across))]

    def rim(x: float, turn: float) -> Point3:
        return x, radius + radius * cos(turn), radius + radius * sin(turn)

    return [rim(0, first), rim(size[0], first), rim(size[0], last), rim(0, last)]
