"""Where the driver signs: finger, pen or mouse; strokes are kept in the pad's own units."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from packstation.station.handover_hand import SignatureDrawn
from packstation.station.handover_views import HandoverView
from packstation.station.views import StationView
from packstation.ui.widgets.canvas import CENTRE, MIDDLE_LEFT, MIDDLE_RIGHT, Canvas
from packstation.ui.widgets.handover_board import main_line
from packstation.ui.widgets.painted import Kit, Painted

# The pad's longer side in its own units, whatever screen it is drawn on.
WIDE: Final = 10_000
# Points nearer than this to the last one say nothing more.
NEAR: Final = 12


class SignaturePad(Painted[HandoverView]):
    """A sheet with a line to sign on."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._strokes: list[list[tuple[int, int]]] = []
        self._down = False
        self.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def signed(self) -> bool:
        """Whether anything is drawn."""
        return bool(self._strokes)

    def drawn(self) -> SignatureDrawn:
        """What was drawn so far."""
        high = round(WIDE * self._sheet().height() / max(1.0, self._sheet().width()))
        return SignatureDrawn(tuple(map(tuple, self._strokes)), WIDE, high)

    def clear(self) -> None:
        """Begin anew."""
        self._strokes, self._down = [], False
        self.update()

    def share(self, view: StationView) -> HandoverView | None:
        """The list, while it is signed."""
        return view.handover

    def changed(self, before: HandoverView | None) -> None:
        """Another list, or another driver: the strokes are not theirs."""
        now = self.shown
        if before is None or now is None or (before.code, before.step) != (now.code, now.step):
            self.clear()

    def spoken(self) -> str:
        """The main line."""
        return main_line(self.words, self.shown) if self.shown else ""

    # --- the pen ------------------------------------------------------------------------

    def _sheet(self) -> QRectF:
        """Where it is signed: below the main line."""
        theme = self.theme
        pad = theme.pick(36, 20)
        top = theme.pick(26, 14) + theme.line_height("head") + theme.line_height("title")
        return QRectF(self.rect()).adjusted(pad, top + theme.px(20), -pad, -theme.pick(28, 14))

    def _units(self, at: QPointF) -> tuple[int, int]:
        sheet = self._sheet()
        scale = WIDE / max(1.0, sheet.width())
        high = round(WIDE * sheet.height() / max(1.0, sheet.width()))
        x, y = round((at.x() - sheet.left()) * scale), round((at.y() - sheet.top()) * scale)
        return min(max(x, 0), WIDE), min(max(y, 0), high)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A stroke begins; only once it is known who signs."""
        ready = self.shown is not None and bool(self.shown.driver)
        if ready and self._sheet().contains(event.position()):
            self._down = True
            self._strokes.append([self._units(event.position())])
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """It goes on."""
        if not self._down:
            return
        stroke, point = self._strokes[-1], self._units(event.position())
        if abs(point[0] - stroke[-1][0]) + abs(point[1] - stroke[-1][1]) >= NEAR:
            stroke.append(point)
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """It ends."""
        self._down = False

    # --- what is seen -------------------------------------------------------------------

    def draw(self, canvas: Canvas, area: QRectF, shown: HandoverView) -> None:
        """Who signs for how many, the sheet, its line, the strokes."""
        theme = self.theme
        canvas.card(area, radius="hero")
        pad = theme.pick(36, 20)
        inner = area.adjusted(pad, theme.pick(26, 14), -pad, 0)
        bad = shown.problem is not None
        head = canvas.fit(
            (inner.width(), theme.line_height("head")),
            main_line(self.words, shown),
            "head",
            1,
            largest=theme.pick(56, 44),
        )
        canvas.fitted(inner, head, "stop.ink" if bad else "ink")
        line = QRectF(
            inner.left(),
            inner.top() + theme.line_height("head"),
            inner.width(),
            theme.line_height("title"),
        )
        who = self.words.say("handover.sign.by", name=shown.driver or "—", n=shown.count)
        canvas.text(line, who, ("title", "ink2"), MIDDLE_LEFT, strong=True)
        sheet = self._sheet()
        canvas.plate(sheet, "sunken", "edge", width=2)
        self._line(canvas, sheet, shown)
        self._ink(canvas, sheet)

    def _line(self, canvas: Canvas, sheet: QRectF, shown: HandoverView) -> None:
        """A cross and a line, as on paper; the hint goes with the first stroke."""
        theme = self.theme
        y, side = sheet.top() + sheet.height() * 0.74, theme.pick(40, 26)
        canvas.painter.setPen(QPen(theme.color("edge"), 2))
        canvas.painter.drawLine(
            QPointF(sheet.left() + side * 2, y), QPointF(sheet.right() - side, y)
        )
        mark = QRectF(sheet.left() + side * 0.6, y - side * 0.9, side * 1.2, side)
        canvas.text(mark, "×", ("title", "ink2"), CENTRE)
        below = QRectF(sheet.left() + side * 2, y + theme.px(6), sheet.width() - side * 3, 0)
        below.setHeight(theme.line_height("label"))
        canvas.text(below, shown.code, ("label", "ink2"), MIDDLE_LEFT)
        if not self._strokes:
            hint = self.words.say("handover.sign.hint")
            canvas.text(below, hint, ("label", "ink2"), MIDDLE_RIGHT)

    def _ink(self, canvas: Canvas, sheet: QRectF) -> None:
        pen = QPen(self.theme.color("ink"), self.theme.pick(5, 4))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        canvas.painter.setPen(pen)
        canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
        scale = sheet.width() / WIDE
        for stroke in self._strokes:
            points = [QPointF(sheet.left() + x * scale, sheet.top() + y * scale) for x, y in stroke]
            path = QPainterPath(points[0])
            for point in points[1:] or points:
                path.lineTo(point)
            canvas.painter.drawPath(path)
