"""Base of the drawn parts: a part repaints only when its share of the view changes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from packstation.station.ports import Happening
from packstation.station.views import StationView
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import Canvas, Placed
from packstation.ui.widgets.motion import Motion
from packstation.ui.widgets.product_picture import Pictures
from packstation.ui.words import Speaker

Post = Callable[[Happening], None]
Share = TypeVar("Share")


@dataclass(frozen=True, slots=True)
class Kit:
    """What every part of a screen is given."""

    theme: Theme
    words: Speaker
    post: Post
    pictures: Pictures


class Painted(QWidget, Generic[Share]):
    """A part of the stage: ``share`` picks what it shows, ``draw`` paints it."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        """Nothing is shown before the first view."""
        super().__init__(parent)
        self.kit = kit
        self.theme = kit.theme
        self.words = kit.words
        self.placed: list[Placed] = []
        self.shown: Share | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        kit.pictures.ready.connect(self.update)
        self.motion = Motion(self, self.moved, moves=kit.theme.motion)

    def show_view(self, view: StationView) -> None:
        """Takes its share of the view; paints again only where that changed."""
        share = self.share(view)
        if share != self.shown:
            before, self.shown = self.shown, share
            self.changed(before)
            self.setAccessibleName(self.spoken())
            self.update()

    @abstractmethod
    def share(self, view: StationView) -> Share | None:
        """The part of the view that this shows; None for nothing."""

    @abstractmethod
    def draw(self, canvas: Canvas, area: QRectF, shown: Share) -> None:
        """Paints ``shown`` into ``area``."""

    def changed(self, before: Share | None) -> None:
        """Called before the repaint, with what was shown until now."""

    def moved(self, value: float) -> None:
        """Takes a value of the part's one movement; parts that move override it."""

    def spoken(self) -> str:
        """What a screen reader says of this part."""
        return ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints by `draw`."""
        self.placed = []
        if self.shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing
            | QPainter.RenderHint.TextAntialiasing
            | QPainter.RenderHint.SmoothPixmapTransform
        )
        canvas = Canvas(painter, self.theme, self.words, self.placed)
        self.draw(canvas, QRectF(self.rect()), self.shown)
        painter.end()
