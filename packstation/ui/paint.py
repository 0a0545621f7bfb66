"""The product's shapes: pure functions of painter, theme and rectangle; nothing is kept.

Text is drawn by `typeset`, cartons by `iso`, icons by `icons`. A shape keeps its meaning
everywhere (design/UI_DESIGN.md "State shapes").
"""

from __future__ import annotations

from functools import lru_cache
from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
)

from packstation.ui import tokens
from packstation.ui.codes import bits
from packstation.ui.theme import Theme

_NO_PEN = Qt.PenStyle.NoPen
_NO_BRUSH = Qt.BrushStyle.NoBrush
_ROUND = Qt.PenCapStyle.RoundCap
_ROUND_JOIN = Qt.PenJoinStyle.RoundJoin


def square_in(rect: QRectF) -> QRectF:
    """The largest square centred in ``rect``."""
    side = min(rect.width(), rect.height())
    found = QRectF(0, 0, side, side)
    found.moveCenter(rect.center())
    return found


def rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | None,
    line: QColor | None = None,
    width: float = tokens.HAIRLINE,
) -> None:
    """A rounded area; the outline lies inside ``rect`` so that neighbours never touch."""
    area = rect.adjusted(width / 2, width / 2, -width / 2, -width / 2) if line else rect
    painter.setPen(QPen(line, width) if line else _NO_PEN)
    painter.setBrush(fill or _NO_BRUSH)
    painter.drawRoundedRect(area, radius, radius)


def stroke(color: QColor, width: float) -> QPen:
    """A pen with round ends and corners."""
    return QPen(color, width, Qt.PenStyle.SolidLine, _ROUND, _ROUND_JOIN)


def tick(painter: QPainter, rect: QRectF, color: QColor, progress: float = 1.0) -> None:
    """A tick; ``progress`` 0..1 draws it from its short end."""
    box = square_in(rect)
    points = [
        QPointF(box.left() + box.width() * x, box.top() + box.height() * y)
        for x, y in ((0.20, 0.53), (0.42, 0.74), (0.82, 0.29))
    ]
    path = QPainterPath(points[0])
    short, long = 0.36, 0.64
    first = min(1.0, progress / short)
    path.lineTo(points[0] + (points[1] - points[0]) * first)
    if progress > short:
        path.lineTo(points[1] + (points[2] - points[1]) * ((progress - short) / long))
    painter.setBrush(_NO_BRUSH)
    painter.setPen(stroke(color, box.width() * 0.13))
    painter.drawPath(path)


def cross(painter: QPainter, rect: QRectF, color: QColor, width: float) -> None:
    """Two strokes corner to corner with round ends."""
    painter.setPen(stroke(color, width))
    painter.drawLine(rect.topLeft(), rect.bottomRight())
    painter.drawLine(rect.topRight(), rect.bottomLeft())


def ok_disc(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    """Ok: a disc with a tick."""
    bare_disc(painter, theme, rect)
    disc_tick(painter, theme, rect)


def bare_disc(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    """The disc of ok, before its tick is drawn."""
    painter.setPen(_NO_PEN)
    painter.setBrush(theme.color("ok.fill"))
    painter.drawEllipse(square_in(rect))


def disc_tick(painter: QPainter, theme: Theme, rect: QRectF, progress: float = 1.0) -> None:
    """The tick of a disc in ``rect``, as far as it is drawn."""
    if progress > 0:
        box = square_in(rect)
        inset = box.width() * 0.2
        tick(painter, box.adjusted(inset, inset, -inset, -inset), theme.color("ok.on"), progress)


def octagon(painter: QPainter, rect: QRectF, fill: QColor, mark: QColor) -> None:
    """Stop: an octagon with a cross."""
    box = square_in(rect)
    radius = box.width() / 2 / cos(pi / 8)
    corners = [
        box.center() + QPointF(cos(angle), sin(angle)) * radius
        for angle in (pi / 8 + step * pi / 4 for step in range(8))
    ]
    painter.setPen(_NO_PEN)
    painter.setBrush(fill)
    painter.drawPolygon(QPolygonF(corners))
    inset = box.width() * 0.31
    cross(painter, box.adjusted(inset, inset, -inset, -inset), mark, box.width() * 0.135)


def hold_plate(painter: QPainter, rect: QRectF, fill: QColor, mark: QColor) -> None:
    """Hold: a rounded plate with two bars."""
    box = square_in(rect)
    rounded(painter, box, box.width() * 0.155, fill)
    bar = box.width() * 0.155
    tall = box.height() * 0.68
    painter.setBrush(mark)
    for centre in (0.35, 0.65):
        left = box.left() + box.width() * centre - bar / 2
        area = QRectF(left, box.center().y() - tall / 2, bar, tall)
        painter.drawRoundedRect(area, bar / 2, bar / 2)


def warn_triangle(painter: QPainter, rect: QRectF, fill: QColor, mark: QColor) -> None:
    """Warn: a filled triangle with an exclamation bar."""
    box = square_in(rect)
    path = QPainterPath(QPointF(box.center().x(), box.top() + box.height() * 0.10))
    path.lineTo(box.right() - box.width() * 0.06, box.bottom() - box.height() * 0.12)
    path.lineTo(box.left() + box.width() * 0.06, box.bottom() - box.height() * 0.12)
    path.closeSubpath()
    painter.setPen(stroke(fill, box.width() * 0.08))
    painter.setBrush(fill)
    painter.drawPath(path)
    painter.setPen(stroke(mark, box.width() * 0.09))
    x, top = box.center().x(), box.top()
    painter.drawLine(QPointF(x, top + box.height() * 0.38), QPointF(x, top + box.height() * 0.6))
    painter.drawPoint(QPointF(x, top + box.height() * 0.75))


def fault_square(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    """A device in trouble: a square."""
    rounded(painter, square_in(rect), theme.radius("fault"), theme.color("stop.fill"))


def empty_ring(painter: QPainter, rect: QRectF, color: QColor, width: float) -> None:
    """Asleep, off, or not yet done."""
    inset = width / 2
    painter.setPen(QPen(color, width))
    painter.setBrush(_NO_BRUSH)
    painter.drawEllipse(square_in(rect).adjusted(inset, inset, -inset, -inset))


def struck_ring(painter: QPainter, rect: QRectF, color: QColor, width: float) -> None:
    """Should be on and is not."""
    empty_ring(painter, rect, color, width)
    square = square_in(rect)
    inset = square.width() * 0.16
    inner = square.adjusted(inset, inset, -inset, -inset)
    painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(inner.topLeft(), inner.bottomRight())


def ring(
    painter: QPainter, theme: Theme, rect: QRectF, turn: float, color: str = "now.fill"
) -> None:
    """Running: three quarters of a ring at ``turn`` 0..1; without motion a half-filled disc."""
    box = square_in(rect)
    width = box.width() * 0.13
    inner = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    if not theme.motion:
        empty_ring(painter, box, theme.color(color), width * 0.7)
        painter.setPen(_NO_PEN)
        painter.setBrush(theme.color(color))
        painter.drawPie(inner, 90 * 16, 180 * 16)
        return
    painter.setBrush(_NO_BRUSH)
    painter.setPen(QPen(theme.color("now.tint"), width))
    painter.drawEllipse(inner)
    pen = stroke(theme.color(color), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawArc(inner, round((40 - turn * 360) * 16), 270 * 16)


def state_mark(painter: QPainter, theme: Theme, rect: QRectF, tone: str) -> None:
    """The shape of a state: now, ok, warn, stop, hold, off or fault."""
    if tone == "now":
        brackets(painter, rect, theme.color("now.fill"), rect.width() * 0.1)
    elif tone == "ok":
        ok_disc(painter, theme, rect)
    elif tone == "warn":
        warn_triangle(painter, rect, theme.color("warn.fill"), theme.color("warn.on"))
    elif tone == "stop":
        octagon(painter, rect, theme.color("stop.fill"), theme.color("stop.on"))
    elif tone == "hold":
        hold_plate(painter, rect, theme.color("hold.fill"), theme.color("hold.on"))
    elif tone == "fault":
        fault_square(painter, theme, rect)
    else:
        empty_ring(painter, rect, theme.color("edge"), max(2.0, rect.width() * 0.1))


def tape(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    """Barrier tape: amber and ink bars at 45 degrees."""
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.fillRect(rect, QColor(tokens.LIGHT.ink))
    painter.setPen(_NO_PEN)
    painter.setBrush(QColor(tokens.LIGHT.warn.fill))
    height, step = rect.height(), theme.px(73)
    x = rect.left() - height - step
    while x < rect.right():
        corners = [(x, rect.bottom()), (x + step / 2, rect.bottom())]
        corners += [(x + step / 2 + height, rect.top()), (x + height, rect.top())]
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        x += step
    painter.restore()


def brackets(painter: QPainter, rect: QRectF, color: QColor, width: float) -> None:
    """Scan brackets: the four rounded corners of ``rect``."""
    box = rect.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    arm = min(box.width(), box.height()) * 0.16
    bend = arm * 0.5
    painter.setBrush(_NO_BRUSH)
    painter.setPen(stroke(color, width))
    for right in (False, True):
        for low in (False, True):
            corner = QPointF(
                box.right() if right else box.left(), box.bottom() if low else box.top()
            )
            inward = QPointF(-1.0 if right else 1.0, -1.0 if low else 1.0)
            path = QPainterPath(QPointF(corner.x(), corner.y() + inward.y() * arm))
            path.lineTo(corner.x(), corner.y() + inward.y() * bend)
            path.quadTo(corner, QPointF(corner.x() + inward.x() * bend, corner.y()))
            path.lineTo(corner.x() + inward.x() * arm, corner.y())
            painter.drawPath(path)


def pips(painter: QPainter, theme: Theme, rect: QRectF, done: int, total: int) -> None:
    """Units of a line: a disc each up to eight, then a bar."""
    if total > 8:
        _bar(painter, theme, rect, done / total)
        return
    side = rect.height()
    for index in range(total):
        area = QRectF(rect.left() + index * side * 1.3, rect.top(), side, side)
        if index < done:
            ok_disc(painter, theme, area)
        else:
            empty_ring(painter, area, theme.color("edge"), max(2.0, side * 0.095))


def _bar(painter: QPainter, theme: Theme, rect: QRectF, part: float) -> None:
    bar = QRectF(rect.left(), rect.center().y() - rect.height() / 4, rect.width(), 0)
    bar.setHeight(rect.height() / 2)
    rounded(painter, bar, bar.height() / 2, theme.color("sunken"))
    if part > 0:
        bar.setWidth(max(bar.height(), bar.width() * min(1.0, part)))
        rounded(painter, bar, bar.height() / 2, theme.color("ok.fill"))


def hatch(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """CodeHatch: slanted bars of equal width; says "code here", and no reader takes it."""
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.setPen(_NO_PEN)
    painter.setBrush(QBrush(color))
    lean, step = rect.height() * 0.32, rect.height() * 0.27
    x = rect.left()
    while x + step * 0.5 + lean <= rect.right() + 0.5:
        corners = [(x, rect.bottom()), (x + step * 0.5, rect.bottom())]
        corners += [(x + step * 0.5 + lean, rect.top()), (x + lean, rect.top())]
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        x += step
    painter.restore()


def matrix_side(theme: Theme, command: str) -> int:
    """Pixels of a command's code with its one white module all round; 0 where it has none."""
    rows = bits(command)
    return (len(rows) + 2) * theme.metrics.module if rows else 0


@lru_cache(maxsize=64)
def _matrix_image(command: str) -> QImage:
    """A pixel a module, with the white module all round."""
    rows = bits(command)
    side = len(rows) + 2
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor("#FFFFFF"))
    for y, row in enumerate(rows, start=1):
        for x, dark in enumerate(row, start=1):
            if dark == "1":
                image.setPixelColor(x, y, QColor("#000000"))
    return image


def matrix_code(painter: QPainter, theme: Theme, corner: QPointF, command: str) -> QRectF:
    """Draws `%PS:<command>` as Data Matrix, always dark on white; its area.

    Modules are whole pixels of the device: at 125 % a code is a little smaller, never uneven.
    """
    side = matrix_side(theme, command)
    area = QRectF(corner.x(), corner.y(), side, side)
    if not side:
        return area
    image = _matrix_image(command)
    place = painter.deviceTransform()
    dots = max(1, int(theme.metrics.module * place.m11() + 1e-6))
    there = place.mapRect(area)
    inset = (there.width() - dots * image.width()) / 2
    left, top = round(there.left() + inset), round(there.top() + inset)
    exact = QRectF(left, top, dots * image.width(), dots * image.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.fillRect(area, QColor("#FFFFFF"))
    painter.drawImage(place.inverted()[0].mapRect(exact), image)
    painter.restore()
    return area


def key_width(theme: Theme, text: str) -> float:
    """Width of a key cap with this text."""
    side = QFontMetricsF(_cap_font(theme)).horizontalAdvance(text)
    return max(side + theme.px(22), theme.px(34))


def _cap_font(theme: Theme) -> QFont:
    return theme.font_px("fine", theme.pick(20, 18), 600)


def key_cap(painter: QPainter, theme: Theme, corner: QPointF, text: str) -> QRectF:
    """A key cap: white, hairline, thicker foot; its area."""
    area = QRectF(corner.x(), corner.y(), key_width(theme, text), theme.pick(34, 30))
    radius = theme.radius("key")
    rounded(painter, area, radius, theme.color("edge"))
    inner = area.adjusted(1.5, 1.5, -1.5, -3.5)
    rounded(painter, inner, radius - 1.5, theme.color("surface"))
    painter.setFont(_cap_font(theme))
    painter.setPen(theme.color("ink"))
    painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, text)
    return area
