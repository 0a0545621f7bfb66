"""Answers of an alert: code, key cap and word, as a button that a finger or a scan presses."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from packstation.station.ports import CommandGiven
from packstation.station.views import CommandView
from packstation.ui import paint
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import MIDDLE_CENTRE, MIDDLE_LEFT, Canvas
from packstation.ui.words import Speaker


class AnswerKey(QAbstractButton):
    """One answer. ``ink`` names the colour of its word on the strip."""

    given = Signal(object)

    def __init__(
        self, theme: Theme, words: Speaker, command: CommandView, ink: str, parent: QWidget
    ) -> None:
        """A button that never takes the focus from the bench."""
        super().__init__(parent)
        self._theme, self._words, self._command, self._ink = theme, words, command, ink
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEnabled(command.enabled)
        self.setAccessibleName(words.of(command.words))
        self.clicked.connect(self._give)

    @Slot()
    def _give(self) -> None:
        self.given.emit(CommandGiven(self._command.command, source="touch"))

    def _cap(self) -> QSize:
        measure = self._theme.metrics_of("body", strong=True)
        wide = measure.horizontalAdvance(self._command.key) + self._theme.px(22)
        high = self._theme.size("body") + self._theme.px(17)
        return QSize(max(round(wide), high), high)

    def _code(self) -> int:
        return paint.matrix_side(self._theme, self._command.command) if self._command.coded else 0

    def sizeHint(self) -> QSize:
        """Code, key and word side by side; as high as a finger needs."""
        measure = self._theme.metrics_of("body", strong=True)
        word = measure.horizontalAdvance(self._words.of(self._command.words))
        gap = self._theme.px(16)
        code = self._code() + gap if self._code() else 0
        wide = code + self._cap().width() + gap + word + 4
        high = max(self._code(), self._theme.metrics.touch)
        return QSize(round(wide), high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paper code and key cap, word in the strip's ink."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        canvas = Canvas(painter, self._theme, self._words)
        paper = canvas.on(self._theme.paper)
        middle = self.height() / 2
        gap = self._theme.px(16)
        x = 0.0
        if side := self._code():
            frame = QRectF(0, middle - side / 2, side, side)
            paint.rounded(painter, frame, 4, paper.color("surface"))
            paint.matrix_code(painter, paper.theme, frame.topLeft(), self._command.command)
            x = side + gap
        cap = self._cap()
        area = QRectF(QPointF(x, middle - cap.height() / 2), cap)
        radius = self._theme.radius("key")
        paint.rounded(painter, area, radius, paper.color("edge"))
        paint.rounded(
            painter, area.adjusted(1.5, 1.5, -1.5, -4), radius - 1, paper.color("surface")
        )
        paper.text(
            area.adjusted(0, 0, 0, -2),
            self._command.key,
            ("body", "ink"),
            MIDDLE_CENTRE,
            strong=True,
        )
        word = QRectF(area.right() + gap, 0, self.width() - area.right() - gap, self.height())
        text = self._words.of(self._command.words)
        canvas.text(word, text, ("body", self._ink), MIDDLE_LEFT, strong=True)
        painter.end()
