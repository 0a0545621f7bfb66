"""Base of the drawn parts: a part repaints only when its share of the view changes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from packstation.station.ports import Happening
from packstation.station.views import StationView
from packstation.ui.theme import Theme
from packstation.ui.widgets.canvas import Canvas, Placed
from packstation.ui.widgets.motion import Motion
from packstation.ui.widgets.product_picture import Pictures
from packstation.ui.words import Speaker

SMOOTH: Final = (
    QPainter.RenderHint.Antialiasing
    | QPainter.RenderHint.TextAntialiasing
    | QPainter.RenderHint.SmoothPixmapTransform
)
Post = Callable[[Happening], None]
Share = TypeVar("Share")


class Kit(Struct, frozen=True):
    """What every part of a screen is given."""

    theme: Theme
    words: Speaker
    post: Post
    pictures: Pictures


class Painted(QWidget, Generic[Share]):
    """A part of the stage: ``share`` picks what it shows, ``draw`` paints it.

    ``ground`` is the colour name under a part that covers all of its area with it: nothing
    beneath is painted then. "" leaves the ground to the parents.
    """

    ground = ""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        """Nothing is shown before the first view."""
        super().__init__(parent)
        self.kit = kit
        self.theme = kit.theme
        self.words = kit.words
        self.placed: list[Placed] = []
        self.shown: Share | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, bool(self.ground))
        kit.pictures.ready.connect(self.update)
        self.motion = Motion(self, self.moved, moves=kit.theme.motion)

    def show_view(self, view: StationView) -> None:
        """Takes its share of the view; paints again only where that changed."""
        share = self.share(view)
        if share != self.shown:
            before, self.shown = self.shown, share
            self.changed(before)
            awaited = self.at_once(before)
            if awaited.isValid() and self.isVisible():
                self.repaint(awaited)
            self.settled(before)
            self.setAccessibleName(self.spoken())
            self.update(self.dirt(before))

    @abstractmethod
    def share(self, view: StationView) -> Share | None:
        """The part of the view that this shows; None for nothing."""

    @abstractmethod
    def draw(self, canvas: Canvas, area: QRectF, shown: Share) -> None:
        """Paints ``shown`` into ``area``."""

    def changed(self, before: Share | None) -> None:
        """Called before the repaint, with what was shown until now."""

    def settled(self, before: Share | None) -> None:
        """Called once `at_once` is on the surface: what may follow it, a movement for one."""

    def dirt(self, _before: Share | None) -> QRegion:
        """Where what is shown differs from ``before``; all of it unless a part knows better."""
        return QRegion(self.rect())

    def at_once(self, _before: Share | None) -> QRect:
        """What a person waits for: on the surface at once, ahead of all the rest."""
        return QRect()

    def moved(self, value: float) -> None:
        """Takes a value of the part's one movement; parts that move override it."""

    def spoken(self) -> str:
        """What a screen reader says of this part."""
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints by `draw`, which may leave out what the event's region does not touch."""
        painter = QPainter(self)
        if self.ground:
            painter.fillRect(event.rect(), self.theme.color(self.ground))
        if self.shown is None:
            self.placed = []
            painter.end()
            return
        painter.setRenderHints(SMOOTH)
        before, self.placed = self.placed, []
        canvas = Canvas(painter, self.theme, self.words, self.placed, event.region())
        self.draw(canvas, QRectF(self.rect()), self.shown)
        painter.end()
        drawn = {text.place for text in self.placed}
        self.placed += [
            text for text in before if not canvas.touches(text.area) and text.place not in drawn
        ]
