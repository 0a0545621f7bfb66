"""Who and which order on the left, deadline and devices on the right; the place never changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from packstation.station.views import StationView
from packstation.ui import tokens
from packstation.ui.theme import Theme
from packstation.ui.widgets.bar_part import BarPart
from packstation.ui.widgets.deadline_chip import DeadlineChip
from packstation.ui.widgets.device_lamps import ClockMark, DeviceLamps, VolumeMark
from packstation.ui.widgets.film_mark import FilmMark
from packstation.ui.widgets.identity_chip import (
    IdentityChip,
    OrderBlock,
    ParcelBlock,
    TitleBlock,
)
from packstation.ui.widgets.sync_chip import SyncChip
from packstation.ui.words import Speaker


class TopBar(QWidget):
    """Lays its parts out; where room is short, the right says less before the left is cut."""

    def __init__(
        self,
        theme: Theme,
        words: Speaker,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.identity = IdentityChip(theme, words)
        self.left: tuple[BarPart, ...] = (
            self.identity,
            OrderBlock(theme, words),
            ParcelBlock(theme, words),
            TitleBlock(theme, words),
        )
        self.lamps = DeviceLamps(theme, words)
        self.right: tuple[BarPart, ...] = (
            DeadlineChip(theme, words),
            SyncChip(theme, words, now),
            FilmMark(theme, words),
            self.lamps,
            VolumeMark(theme, words),
            ClockMark(theme, words),
        )
        for part in self.parts:
            part.setParent(self)
        self._widths: Hashable = None
        self._lines: list[float] = []

    @property
    def parts(self) -> tuple[BarPart, ...]:
        """All parts from left to right."""
        return (*self.left, *self.right)

    def show_view(self, view: StationView) -> None:
        """Gives each part its share; lays out again only where a width changed."""
        changed = [part.show_view(view) for part in self.parts]
        if not any(changed):
            return
        chosen, spare = [part.level for part in self.parts], self.identity.spare
        self._reset_levels()
        widths = tuple(part.wanted() for part in self.parts)
        if widths != self._widths:
            self._widths = widths
            self._lay_out()
            return
        for part, level in zip(self.parts, chosen, strict=True):
            part.level = level
        self.identity.spare = spare

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """The window was resized."""
        self._lay_out()

    def _gaps(self) -> tuple[int, int]:
        """Gap of a left pair (with its line in the middle) and of a right pair."""
        return self.theme.pick(49, 34), self.theme.pick(24, 16)

    def _gap_before(self, part: BarPart) -> int:
        """Volume stands close to the lamps, as one of them."""
        return self.theme.px(6) if isinstance(part, VolumeMark) else self._gaps()[1]

    def _needed(self) -> int:
        shown = [part for part in self.left if part.wanted()]
        left = sum(part.wanted() for part in shown) + self._gaps()[0] * len(shown)
        right = sum(part.wanted() + self._gap_before(part) for part in self.right if part.wanted())
        return left + right

    def _reset_levels(self) -> None:
        self.identity.spare = 0
        for part in self.parts:
            part.level = part.top_level

    def _choose_levels(self) -> None:
        """Everything in full, then less: first the deadline's time left, the person's name last."""
        self._reset_levels()
        room = self.width() - 2 * self.theme.metrics.margin
        identity, order, parcel, _ = self.left
        deadline, sync, film = self.right[:3]
        for part, level in (
            (deadline, 1),
            (sync, 1),
            (sync, 0),
            (film, 0),
            (parcel, 0),
            (identity, 1),
            (deadline, 0),
            (order, 0),
            (identity, 0),
        ):
            if self._needed() <= room:
                break
            part.level = min(part.level, level)
        self.identity.spare = max(0, room - self._needed())

    def _lay_out(self) -> None:
        self._choose_levels()
        margin, (gap, _) = self.theme.metrics.margin, self._gaps()
        height, x = self.height() - 1, margin
        shown = [part for part in self.left if part.wanted()]
        self._lines = []
        for part in self.left:
            part.setVisible(part in shown)
        for part in shown:
            width = part.wanted()
            part.setGeometry(x, 0, width + 2, height)
            x += width + gap
        self._lines = [
            (before.geometry().right() + after.geometry().left()) / 2
            for before, after in pairwise(shown)
        ]
        x = self.width() - margin
        for part in reversed(self.right):
            width = part.wanted()
            part.setVisible(width > 0)
            if width:
                part.setGeometry(x - width, 0, width, height)
                x -= width + self._gap_before(part)
        for part in self.parts:
            part.update()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Surface, the lines between the left parts, the hairline below."""
        painter, t = QPainter(self), self.theme
        painter.fillRect(self.rect(), t.color("surface"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), t.color("line"))
        painter.setPen(QPen(t.color("line"), tokens.HAIRLINE))
        half = t.px(22)
        middle = (self.height() - 1) / 2
        for x in self._lines:
            painter.drawLine(QPointF(x, middle - half), QPointF(x, middle + half))
        painter.end()
