"""Idle: scan anything; what waits, by deadline and money."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF

from packstation.station.ports import ChoiceMade
from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.screens.touched import Touched
from packstation.ui.widgets.filter_chips import chips_height
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.queue_table import (
    CutoffCards,
    FilterStrip,
    QueuePlate,
    QueueTable,
    plate_height,
)


class QueueScreen(BenchScreen):
    """QUEUE (picture 09)."""

    def build(self) -> tuple[Painted[Any], ...]:
        """Plate, cut-offs, kinds of rows, table."""
        self.plate = QueuePlate(self.kit, self)
        self.cutoffs = CutoffCards(self.kit, self)
        self.table = QueueTable(self.kit, self)
        self.filters = FilterStrip(self.kit, self)
        self.touched = Touched(self, self._take)
        return self.plate, self.cutoffs, self.filters, self.table

    def arrange(self, area: QRectF) -> None:
        """Plate and cut-offs above, the table below."""
        high = plate_height(self.theme)
        gutter = self.theme.metrics.gutter
        upper = QRectF(area.left(), area.top(), area.width(), high)
        side_wide = round(area.width() * 0.633)
        main, side = self.columns(upper, side_wide) if self.cutoffs.shown else (upper, QRectF())
        place(self.plate, main)
        place(self.cutoffs, side)
        top: float = high + gutter
        if self.filters.shown:
            line = chips_height(self.theme)
            place(self.filters, QRectF(area.left(), area.top() + top, area.width(), line))
            top += line + gutter / 2
        place(self.table, area.adjusted(0, top, 0, 0))
        self._fingers()

    def show_view(self, view: StationView) -> None:
        """Without cut-offs the plate takes their place."""
        before = bool(self.cutoffs.shown), bool(self.filters.shown)
        super().show_view(view)
        if (bool(self.cutoffs.shown), bool(self.filters.shown)) != before:
            self.arrange(self.content())
        self._fingers()

    def _fingers(self) -> None:
        """A finger opens a row."""
        shown, corner = self.table.shown, self.table.geometry().topLeft()
        places = self.table.places(QRectF(self.table.rect()))
        rows = shown.rows if shown else ()
        self.touched.place(
            [
                (row.order_id, row.order_id, line.translated(corner))
                for row, line in zip(rows, places, strict=False)
            ]
        )

    def _take(self, order: str) -> None:
        rows = self.table.shown.rows if self.table.shown else ()
        places = [place for place, row in enumerate(rows) if row.order_id == order]
        if places:
            self.happened.emit(ChoiceMade(places[0], order, "touch"))

    def says(self, view: StationView) -> tuple[str, str]:
        """What to do; the line itself is the giant."""
        waits = view.queue is None or view.queue.empty is None
        line = self.speaker.say("screen.queue.scan")
        return line, line if waits else ""
