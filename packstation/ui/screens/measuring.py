"""The size of the box, side by side, and what the service allows."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.size_card import LimitsCard, SizeHero


class MeasuringScreen(BenchScreen):
    """MEASURING."""

    def build(self) -> tuple[SizeHero, LimitsCard]:
        """Hero and limits."""
        self.hero = SizeHero(self.kit, self)
        self.limits = LimitsCard(self.kit, self)
        return self.hero, self.limits

    def arrange(self, area: QRectF) -> None:
        """Limits at the right."""
        main, side = self.columns(area, min(self.theme.pick(500, 380), area.width() * 0.3))
        place(self.hero, main)
        place(self.limits, side)

    def says(self, view: StationView) -> tuple[str, str]:
        """The sides are the giant."""
        return self.speaker.say("screen.measure"), self.hero.giant(self.hero.share(view))
