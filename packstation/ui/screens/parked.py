"""Finish later: into which tote, what is packed and what is missing."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.done_card import ParkCard
from packstation.ui.widgets.line_card import LineColumn


class ParkedScreen(BenchScreen):
    """PARKED."""

    def build(self) -> tuple[ParkCard, LineColumn]:
        """The tote and the lines."""
        self.card = ParkCard(self.kit, self)
        self.lines = LineColumn(self.kit, self)
        return self.card, self.lines

    def arrange(self, area: QRectF) -> None:
        """As while scanning."""
        if self.theme.profile.tight:
            gutter = self.theme.metrics.gutter
            place(self.card, area.adjusted(0, 0, 0, -64 - gutter / 2))
            place(self.lines, QRectF(area.left(), area.bottom() - 64, area.width(), 64))
            return
        main, side = self.columns(area, min(self.theme.pick(596, 424), area.width() * 0.34))
        place(self.card, main)
        place(self.lines, side)

    def says(self, view: StationView) -> tuple[str, str]:
        """Where to put it; the place is the giant."""
        return self.card.main_line(view.park_place), view.park_place
