"""Base of the drawn parts: a part repaints only when its share of the view changes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Hashable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from packstation.station.ports import Happening
from packstation.station.views import StationView
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import Canvas, Placed
from packstation.ui.words import Speaker

Post = Callable[[Happening], None]


class Painted(QWidget):
    """A part of the stage: ``share`` picks what it shows, ``draw`` paints it."""

    def __init__(self, theme: Theme, words: Speaker, parent: QWidget | None = None) -> None:
        """Nothing is shown before the first view."""
        super().__init__(parent)
        self.theme = theme
        self.words = words
        self.placed: list[Placed] = []
        self._shown: Hashable = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_view(self, view: StationView) -> None:
        """Takes its share of the view; paints again only where that changed."""
        share = self.share(view)
        if share != self._shown:
            before, self._shown = self._shown, share
            self.changed(before)
            self.setAccessibleName(self.spoken())
            self.update()

    @abstractmethod
    def share(self, view: StationView) -> Hashable:
        """The part of the view that this shows."""

    @abstractmethod
    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """Paints what is shown into ``area``."""

    def changed(self, before: Hashable) -> None:
        """Called before the repaint, with what was shown until now."""

    def spoken(self) -> str:
        """What a screen reader says of this part."""
        return ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints by `draw`."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing
            | QPainter.RenderHint.TextAntialiasing
            | QPainter.RenderHint.SmoothPixmapTransform
        )
        self.placed = []
        self.draw(Canvas(painter, self.theme, self.words, self.placed), QRectF(self.rect()))
        painter.end()
