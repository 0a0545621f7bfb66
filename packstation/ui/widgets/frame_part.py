"""Base of the frame's drawn parts: a part paints again only when its share of a view changes."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from packstation.station.views import StationView
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import Canvas, Placed
from packstation.ui.words import Speaker


class FramePart(QWidget):
    """``share`` picks and keeps what is shown, ``draw`` paints it, ``spoken`` says it."""

    def __init__(self, theme: Theme, words: Speaker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.words = words
        self.placed: list[Placed] = []
        self._shown: Hashable = self  # nothing that a view can hold
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_view(self, view: StationView) -> bool:
        """Takes its share, and says whether it is another; the rest does not repaint it."""
        share = self.share(view)
        if share == self._shown:
            return False
        self._shown = share
        self.setAccessibleName(self.spoken())
        self.changed()
        self.update()
        return True

    def share(self, view: StationView) -> Hashable:
        """What is shown of the view; kept by the part as it needs it."""
        raise NotImplementedError

    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """Paints what is shown."""
        raise NotImplementedError

    def changed(self) -> None:
        """Called before the repaint."""

    def spoken(self) -> str:
        """What a screen reader says of this part."""
        raise NotImplementedError

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints by `draw`."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
        )
        self.placed = []
        self.draw(Canvas(painter, self.theme, self.words, self.placed), QRectF(self.rect()))
        painter.end()
