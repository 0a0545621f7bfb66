"""Live weight bottom left, commands bottom right; without a parcel a note and keys."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from packstation.station.views import StationView
from packstation.ui.theme import Theme
from packstation.ui.widgets.command_strip import CommandStrip
from packstation.ui.widgets.key_row import KeyRow
from packstation.ui.widgets.scale_readout import ScaleReadout
from packstation.ui.words import Speaker


def is_bare(view: StationView) -> bool:
    """Whether the foot has no weight and no codes: nothing is being packed."""
    return view.order is None or view.locked


class Foot(QWidget):
    """Mirrored for the left hand: weight on the right, commands on the left."""

    happened = Signal(object)

    def __init__(self, theme: Theme, words: Speaker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.bare = False
        self.readout = ScaleReadout(theme, words)
        self.strip = CommandStrip(theme, words)
        self.keys = KeyRow(theme, words)
        for part in (self.readout, self.strip, self.keys):
            part.setParent(self)
        self.strip.happened.connect(self.happened)
        self.keys.happened.connect(self.happened)
        self._split = 0

    def wanted_height(self) -> int:
        """Lower where it carries keys only."""
        return self.theme.pick(116, 88) if self.bare else self.theme.metrics.foot

    def show_view(self, view: StationView) -> None:
        """Weight and commands, or note and keys."""
        self.bare = is_bare(view)
        for part, shown in (
            (self.readout, not self.bare),
            (self.strip, not self.bare),
            (self.keys, self.bare),
        ):
            part.setVisible(shown)
            if shown:
                part.show_view(view)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """The weight keeps its width whatever it weighs: the commands never move."""
        t = self.theme
        margin, width, height = t.metrics.margin, self.width(), self.height()
        self.keys.setGeometry(margin, 0, width - 2 * margin, height)
        split = max(t.pick(496, 288), margin + self.readout.wanted() + t.px(20))
        after = t.pick(25, 17)
        edge = t.px(8)
        if t.mirrored:
            self._split = width - split
            self.readout.setGeometry(self._split + after, 0, split - after - margin, height)
            self.strip.setGeometry(margin, 0, self._split - after - margin - edge, height)
        else:
            self._split = split
            self.readout.setGeometry(margin, 0, split - margin - t.px(12), height)
            left = split + after
            self.strip.setGeometry(left, 0, width - margin - edge - left, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Surface, hairline above, and the line between weight and commands."""
        painter, t = QPainter(self), self.theme
        painter.fillRect(self.rect(), t.color("surface"))
        painter.fillRect(QRectF(0, 0, self.width(), 1), t.color("line"))
        if not self.bare:
            inset = 0 if t.small else (self.height() - t.px(118)) / 2
            painter.fillRect(
                QRectF(self._split - 1, inset, 2 if not t.small else 1, self.height() - 2 * inset),
                t.color("line"),
            )
        painter.end()
