"""The camera's picture with a mark on every thing in it; pulled on its own tick, 15 a second."""

from __future__ import annotations

from typing import Final, Protocol, runtime_checkable

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QPen, QPixmap, QPolygonF, QShowEvent
from PySide6.QtWidgets import QWidget

from packstation.station.frames import Frame
from packstation.station.look_view import LookMark, LookView
from packstation.station.views import StationView
from packstation.ui import paint
from packstation.ui.widgets.canvas import MIDDLE_CENTRE, Canvas
from packstation.ui.widgets.painted import Kit, Painted

TICK_MS: Final = 66
_FORMATS: Final = {"bgr888": QImage.Format.Format_BGR888, "grey8": QImage.Format.Format_Grayscale8}
# Outline and mark of a thing by its state: colour, and how wide in hairlines.
_LINES: Final = {"counted": ("ok.fill", 3), "due": ("now.fill", 3), "scan": ("warn.fill", 3)}


@runtime_checkable
class HasFrames(Protocol):
    """The window: it knows the cameras."""

    def latest(self, device: str) -> Frame | None:
        """The newest picture of a camera."""


class LookPanel(Painted[LookView]):
    """A picture in a card; without one it says so."""

    pulled = Signal(object)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._seq = -1
        self._picture: QPixmap | None = None
        self._full = (0, 0)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.pull)

    def share(self, view: StationView) -> LookView | None:
        """Which camera, and what lies before it."""
        return view.look

    def spoken(self) -> str:
        """How many things are counted."""
        marks = self.shown.marks if self.shown else ()
        return self.words.say("screen.look.counted", n=sum(m.state == "counted" for m in marks))

    def showEvent(self, event: QShowEvent) -> None:
        """Pictures are pulled while somebody can see them."""
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._timer.stop()

    def pull(self) -> None:
        """Takes the newest picture, where there is a newer one."""
        window = self.window()
        if self.shown is None or not isinstance(window, HasFrames):
            return
        frame = window.latest(self.shown.device)
        self.pulled.emit(frame)
        if frame is None:
            if self._picture is not None:
                self._picture, self._seq = None, -1
                self.update()
        elif frame.seq != self._seq:
            self._seq, self._full = frame.seq, frame.full
            self._picture = self._made(frame)
            self.update()

    def _made(self, frame: Frame) -> QPixmap:
        """At the size that it is painted in: scaling once costs less than at every repaint."""
        image = QImage(frame.data, frame.width, frame.height, frame.stride, _FORMATS[frame.format])
        room = self._room(frame.width, frame.height)
        return QPixmap.fromImage(image.scaled(room.size().toSize()))

    def _room(self, wide: int, high: int) -> QRectF:
        """As large as the card allows, in the middle."""
        inner = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        factor = min(inner.width() / max(1, wide), inner.height() / max(1, high))
        size = (wide * factor, high * factor)
        left = inner.center().x() - size[0] / 2
        return QRectF(left, inner.center().y() - size[1] / 2, *size)

    def draw(self, canvas: Canvas, area: QRectF, shown: LookView) -> None:
        """Picture, then marks; a thing that is covered keeps a thin outline."""
        canvas.plate(area.adjusted(1, 1, -1, -1), "sunken", "line")
        if self._picture is None:
            none = canvas.words.say("screen.look.none")
            canvas.text(area, none, ("label", "ink2"), MIDDLE_CENTRE)
            return
        room = self._room(self._picture.width(), self._picture.height())
        canvas.painter.drawPixmap(room.topLeft(), self._picture)
        wide = self._full[0] or shown.size[0]
        for mark in shown.marks if wide else ():
            _draw_mark(canvas, room, room.width() / wide, mark)


def _draw_mark(canvas: Canvas, room: QRectF, factor: float, mark: LookMark) -> None:
    """An outline on the thing, and the shape of its state in the middle."""
    points = [QPointF(room.left() + x * factor, room.top() + y * factor) for x, y in mark.corners]
    if mark.state == "unsure" or not points:
        return
    painter, theme = canvas.painter, canvas.theme
    name, width = _LINES.get(mark.state, ("edge", 1))
    area = QPolygonF(points).boundingRect().adjusted(-6, -6, 6, 6).intersected(room)
    thin = 1.0 if mark.covered else theme.px(width)
    painter.setPen(QPen(canvas.color(name), thin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area, theme.radius("key"), theme.radius("key"))
    if mark.covered:
        return
    side = theme.pick(40.0, 30.0)
    place = QRectF(area.center().x() - side / 2, area.center().y() - side / 2, side, side)
    match mark.state:
        case "counted":
            paint.ok_disc(painter, theme, place)
        case "scan":
            color, on = canvas.color("warn.fill"), canvas.color("warn.on")
            paint.warn_triangle(painter, place, color, on)
        case "due":
            paint.brackets(painter, place, canvas.color("now.fill"), theme.px(4))
        case _:
            paint.empty_ring(painter, place.adjusted(8, 8, -8, -8), canvas.color("edge"), 3.0)
