"""Buttons and switches of the simulated bench: small, painted, never in the way of a scan."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from packstation.ui import icons, paint
from packstation.ui.theme import Theme
from packstation.ui.typeset import draw_text


class PlainButton(QAbstractButton):
    """A word on a plate, primary in now."""

    def __init__(
        self, theme: Theme, text: str, parent: QWidget, *, icon: str = "", primary: bool = False
    ) -> None:
        """Takes no focus."""
        super().__init__(parent)
        self._theme, self._word, self._icon, self._primary = theme, text, icon, primary
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        """Word, icon and air."""
        t = self._theme
        wide = t.metrics_of("label", strong=True).horizontalAdvance(self._word)
        return QSize(round(wide + t.px(48) + (t.px(38) if self._icon else 0)), t.pick(56, 44))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Plate, icon, word."""
        painter, t = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        fill, ink, line = "surface", "ink", "edge"
        if self._primary:
            fill, ink, line = "now.fill", "now.on", "now.fill"
        if self.isDown():
            fill, ink = "now.tint", "now.ink"
        if not self.isEnabled():
            fill, ink, line = "surface", "ink3", "line"
        paint.rounded(painter, area, t.radius("chip"), t.color(fill), t.color(line), 2)
        room = area.adjusted(t.px(8), 0, -t.px(8), 0)
        if self._icon:
            side = t.px(26)
            wide = t.metrics_of("label", strong=True).horizontalAdvance(self._word)
            left = max(room.left(), area.center().x() - (side + t.px(12) + wide) / 2)
            box = QRectF(left, area.center().y() - side / 2, side, side)
            icons.draw_icon(painter, self._icon, box, t.color(ink))
            room = QRectF(
                box.right() + t.px(12), 0, area.right() - box.right() - t.px(12), area.height()
            )
            align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        else:
            align = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        draw_text(painter, t, room, self._word, "label", ink, strong=True, align=align)
        painter.end()


class Switch(QAbstractButton):
    """A fault as a switch: amber and to the right while it is on."""

    flipped = Signal(str, str, bool)

    def __init__(self, theme: Theme, device: str, fault: str, text: str, parent: QWidget) -> None:
        """``device`` and ``fault`` as `BenchControls.set_fault` takes them."""
        super().__init__(parent)
        self._theme, self._word = theme, text
        self.device, self.fault = device, fault
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(text)
        self.clicked.connect(self._flip)

    @Slot(bool)
    def _flip(self, on: bool) -> None:
        self.flipped.emit(self.device, self.fault, on)

    def show_on(self, on: bool) -> None:
        """Shows the bench's own state without flipping anything."""
        if on != self.isChecked():
            self.setChecked(on)
            self.update()

    def _track(self) -> QRectF:
        area = QRectF(self.rect())
        high = min(float(self._theme.pick(34, 28)), area.height() - 4)
        return QRectF(area.right() - high * 1.85, area.center().y() - high / 2, high * 1.85, high)

    def _room(self) -> QRectF:
        return QRectF(0, 0, self._track().left() - 8, self.height())

    def fits(self) -> bool:
        """Whether the whole word is to be seen."""
        metrics = self._theme.metrics_of("label")
        room = self._room()
        return (
            metrics.horizontalAdvance(self._word) <= room.width()
            and metrics.height() <= room.height() + 1
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Word at the left, switch at the right."""
        painter, t = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        track = self._track()
        high = track.height()
        fill, knob = ("warn.fill", "warn.on") if on else ("sunken", "edge")
        line = t.color("warn.fill" if on else "edge")
        paint.rounded(painter, track, high / 2, t.color(fill), line, 2)
        side = high - 8
        left = track.right() - side - 5 if on else track.left() + 5
        disc = QRectF(left, track.center().y() - side / 2, side, side)
        paint.rounded(painter, disc, side / 2, t.color(knob))
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        draw_text(painter, t, self._room(), self._word, "label", "ink", align=align)
        painter.end()
