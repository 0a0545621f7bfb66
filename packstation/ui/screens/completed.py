"""Closed: waybill, where the parcel goes, and the day's numbers."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.done_card import DayNumbers, DonePlate
from packstation.ui.widgets.hint_line import HintLine, under_hints


class CompletedScreen(BenchScreen):
    """COMPLETED."""

    tone = "ok"

    def build(self) -> tuple[DonePlate, DayNumbers, HintLine]:
        """Plate and numbers, and what comes next."""
        self.hints = HintLine(self.kit, self)
        self.plate = DonePlate(self.kit, self)
        self.numbers = DayNumbers(self.kit, self)
        return self.plate, self.numbers, self.hints

    def arrange(self, area: QRectF) -> None:
        """The plate as hero; over it what Enter opens."""
        area = under_hints(self.hints, area)
        main, side = self.columns(area, min(self.theme.pick(420, 300), area.width() * 0.3))
        place(self.plate, main)
        place(self.numbers, side)

    def show_view(self, view: StationView) -> None:
        """Room for the line where there is one."""
        hinted = bool(self.hints.shown) != bool(self.hints.share(view))
        self.hints.show_view(view)
        if hinted:
            self.arrange(self.content())
        super().show_view(view)

    def says(self, view: StationView) -> tuple[str, str]:
        """The line itself is the giant."""
        line = self.speaker.say("screen.done")
        return line, line if view.done is not None else ""
