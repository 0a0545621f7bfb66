"""Idle: scan anything; what waits, by deadline and money."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.queue_table import CutoffCards, QueuePlate, QueueTable, plate_height


class QueueScreen(BenchScreen):
    """QUEUE (picture 09)."""

    def build(self) -> tuple[QueuePlate, CutoffCards, QueueTable]:
        """Plate, cut-offs, table."""
        self.plate = QueuePlate(self.kit, self)
        self.cutoffs = CutoffCards(self.kit, self)
        self.table = QueueTable(self.kit, self)
        return self.plate, self.cutoffs, self.table

    def arrange(self, area: QRectF) -> None:
        """Plate and cut-offs above, the table below."""
        high = plate_height(self.theme)
        gutter = self.theme.metrics.gutter
        upper = QRectF(area.left(), area.top(), area.width(), high)
        side_wide = round(area.width() * 0.633)
        main, side = self.columns(upper, side_wide) if self.cutoffs.shown else (upper, QRectF())
        place(self.plate, main)
        place(self.cutoffs, side)
        place(self.table, area.adjusted(0, high + gutter, 0, 0))

    def show_view(self, view: StationView) -> None:
        """Without cut-offs the plate takes their place."""
        before = bool(self.cutoffs.shown)
        super().show_view(view)
        if bool(self.cutoffs.shown) != before:
            self.arrange(self.content())

    def says(self, view: StationView) -> tuple[str, str]:
        """What to do; the line itself is the giant."""
        waits = view.queue is None or view.queue.empty is None
        line = self.speaker.say("screen.queue.scan")
        return line, line if waits else ""
