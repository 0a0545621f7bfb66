"""Closed: waybill, where the parcel goes, and the day's numbers."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.done_card import DayNumbers, DonePlate


class CompletedScreen(BenchScreen):
    """COMPLETED."""

    tone = "ok"

    def build(self) -> tuple[DonePlate, DayNumbers]:
        """Plate and numbers."""
        self.plate = DonePlate(self.kit, self)
        self.numbers = DayNumbers(self.kit, self)
        return self.plate, self.numbers

    def arrange(self, area: QRectF) -> None:
        """The plate as hero."""
        main, side = self.columns(area, min(self.theme.pick(420, 300), area.width() * 0.3))
        place(self.plate, main)
        place(self.numbers, side)

    def says(self, view: StationView) -> tuple[str, str]:
        """The line itself is the giant."""
        line = self.speaker.say("screen.done")
        return line, line if view.done is not None else ""
