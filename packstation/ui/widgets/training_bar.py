"""Amber on top for as long as nothing is real; it cannot be closed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from packstation.ui import icons
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_LEFT, Canvas, Placed
from packstation.ui.words import Speaker


class TrainingBar(QWidget):
    """Says that nothing ships and nothing is billed."""

    def __init__(self, theme: Theme, words: Speaker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.words = words
        self.placed: list[Placed] = []
        self.setAccessibleName(words.say("frame.training"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Icon and words on amber."""
        painter, t = QPainter(self), self.theme
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
        )
        area = QRectF(self.rect())
        painter.fillRect(area, t.color("warn.fill"))
        side, left = t.pick(34, 28), t.metrics.margin
        box = QRectF(left, area.center().y() - side / 2, side, side)
        icons.draw_icon(painter, "help", box, t.color("warn.on"))
        room = area.adjusted(left + side + t.px(16), 0, -t.metrics.margin, 0)
        self.placed = []
        Canvas(painter, t, self.words, self.placed).text(
            room, self.words.say("frame.training"), ("body", "warn.on"), MIDDLE_LEFT, strong=True
        )
        painter.end()
