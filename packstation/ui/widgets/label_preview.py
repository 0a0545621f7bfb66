"""Labels as drawn on the stage: bars hatched, so that no reader takes them for a code."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from packstation.ui import iso, paint, tokens
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import Canvas

_INK = QColor(tokens.LIGHT.ink)
_GREY = QColor("#4A4F57")
_PAPER = QColor("#FFFFFF")


def draw_label(
    painter: QPainter, theme: Theme, area: QRectF, *, country: str, box: str, waybill: str
) -> None:
    """A label of 4 x 3 units lying in ``area``: country, address as bars, hatch, number, box."""
    unit = area.width() / 400
    pen = QPen(_INK, 2.2 * unit)
    painter.setPen(pen)
    painter.setBrush(_PAPER)
    painter.drawRoundedRect(area, 8 * unit, 8 * unit)

    def at(x: float, y: float, wide: float, high: float) -> QRectF:
        return QRectF(area.left() + x * unit, area.top() + y * unit, wide * unit, high * unit)

    painter.fillRect(at(22, 22, 70, 44), _INK)
    draw_word(painter, theme, at(22, 22, 70, 44), country, QColor("#FFFFFF"))
    for x, y, wide in ((104, 24, 170), (104, 38, 118), (104, 52, 96), (22, 82, 210)):
        painter.fillRect(at(x, y, wide, 7), _GREY)
    for y, wide in ((98, 170), (114, 190), (130, 110)):
        painter.fillRect(at(22, y, wide, 7), _GREY)
    paint.hatch(painter, at(22, 170, 320, 62), _INK)
    draw_word(painter, theme, at(22, 238, 260, 30), waybill, _INK, spaced=True)
    if box:
        painter.setPen(QPen(_INK, 2.4 * unit))
        painter.setBrush(_PAPER)
        frame = at(300, 82, 78, 64)
        painter.drawRect(frame)
        draw_word(painter, theme, frame, box[:4], _INK)


def draw_word(
    painter: QPainter,
    theme: Theme,
    area: QRectF,
    text: str,
    color: QColor,
    *,
    spaced: bool = False,
) -> None:
    """A word as a shape: it may lie in perspective, so it is drawn as outlines."""
    if not text:
        return
    path = QPainterPath()
    path.addText(QPointF(0, 0), theme.font_px("head", 100, 700), text)
    bounds = path.boundingRect()
    part = 0.62 if not spaced else 0.8
    scale = min(
        area.width() * (0.9 if spaced else 0.78) / bounds.width(),
        area.height() * part / bounds.height(),
    )
    painter.save()
    painter.translate(area.center() if not spaced else QPointF(area.left(), area.center().y()))
    painter.scale(scale, scale)
    left = -bounds.center().x() if not spaced else -bounds.left()
    painter.translate(left, -bounds.center().y())
    painter.fillPath(path, color)
    painter.restore()


def draw_labelled_box(
    canvas: Canvas, area: QRectF, size: tuple[int, int, int], country: str, box: str, waybill: str
) -> None:
    """A closed carton with its label on top, on the floor's shadow."""
    painter, theme = canvas.painter, canvas.theme
    length, width, height = (float(max(1, side)) for side in size)
    # Very flat or very long boxes are drawn a little kinder, so that the label stays readable.
    width = max(width, length * 0.55)
    height = min(max(height, length * 0.28), length * 0.9)
    solid = (length, width, height)
    view = iso.Iso.fit(area, solid)
    shadow = QRectF(0, 0, area.width() * 0.62, area.width() * 0.075)
    floor = view.point(length, width, 0)
    shadow.moveCenter(
        QPointF(area.center().x() - area.width() * 0.02, floor.y() - shadow.height() * 0.55)
    )
    painter.setPen(QPen(QColor(0, 0, 0, 0)))
    painter.setBrush(QColor("#DDDAD3"))
    painter.drawEllipse(shadow)
    view = iso.iso_box(painter, theme, area, solid)
    face = QRectF(0, 0, 400, 290)
    scale = min(length * 0.8 / face.width(), width * 0.8 / face.height())
    painter.save()
    painter.setTransform(
        view.top_transform(
            (length - face.width() * scale) / 2, (width - face.height() * scale) / 2, height
        ),
        combine=True,
    )
    painter.scale(scale, scale)
    draw_label(painter, theme, face, country=country, box=box, waybill=waybill)
    painter.restore()
