"""Base of the stage's screens: parts laid out inside the margins, left-handed ones mirrored."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from packstation.station.views import StationView
from packstation.ui import tokens
from packstation.ui.stage import StageScreen
from packstation.ui.theme import Theme
from packstation.ui.widgets.hint_line import WarnLine, under_hints
from packstation.ui.widgets.painted import Kit, Painted
from packstation.ui.widgets.product_picture import Pictures
from packstation.ui.words import Speaker


class BenchScreen(StageScreen):
    """A screen made of painted parts; each takes its share of the view by itself."""

    tone = "now"

    def __init__(self, theme: Theme, speaker: Speaker, parent: QWidget | None = None) -> None:
        """Builds the parts; nothing is shown before the first view."""
        super().__init__(theme, speaker, parent)
        self.pictures = Pictures(self)
        self.kit = Kit(theme, speaker, self.happened.emit, self.pictures)
        self.warned = WarnLine(self.kit, self)
        self.warned.hide()
        self.parts: Sequence[Painted[Any]] = self.build()

    @abstractmethod
    def build(self) -> Sequence[Painted[Any]]:
        """The parts, children of this screen."""

    @abstractmethod
    def arrange(self, area: QRectF) -> None:
        """Gives every part its place inside ``area``."""

    def says(self, view: StationView) -> tuple[str, str]:
        """Main line and giant of a view, as a person reads them."""
        raise NotImplementedError

    def show_view(self, view: StationView) -> None:
        """Hands the view to the parts."""
        self.main_line, self.giant = self.says(view)
        self.banner_role = self.tone
        self.setAccessibleName(self.main_line)
        warned = bool(self.warned.shown) != bool(view.warning)
        self.warned.show_view(view)
        if warned:
            self.arrange(self.content())
        for part in self.parts:
            part.show_view(view)

    def content(self) -> QRectF:
        """The stage without its margins, below a warning; at most as wide as the design goes."""
        theme = self.theme
        side, top = theme.metrics.margin, theme.metrics.gutter
        widest = theme.px(tokens.STAGE_WIDEST)
        side = max(side, (self.width() - widest) // 2)
        return under_hints(self.warned, QRectF(self.rect()).adjusted(side, top, -side, -top))

    def columns(self, area: QRectF, right: float) -> tuple[QRectF, QRectF]:
        """A main column and one of ``right`` pixels; the other way round for the left hand."""
        gutter = self.theme.metrics.gutter
        main = area.width() - right - gutter
        if self.theme.mirrored:
            side = QRectF(area.left(), area.top(), right, area.height())
            return QRectF(side.right() + gutter, area.top(), main, area.height()), side
        first = QRectF(area.left(), area.top(), main, area.height())
        return first, QRectF(first.right() + gutter, area.top(), right, area.height())

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Lays the parts out anew."""
        self.arrange(self.content())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The canvas under all parts."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("canvas"))
        painter.end()


def place(part: QWidget, area: QRectF) -> None:
    """Puts a part at whole pixels."""
    part.setGeometry(area.toRect())
