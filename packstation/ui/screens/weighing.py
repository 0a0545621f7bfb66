"""Put the box on the scale: the weight is taken once it is stable and inside its band."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.views import StationView, WeighView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.carton_card import CartonCard
from packstation.ui.widgets.weight_card import WeightCard, weight_shown


class WeighingScreen(BenchScreen):
    """WEIGHING (picture 04)."""

    def build(self) -> tuple[CartonCard, WeightCard]:
        """The box stays left, the weight is the hero."""
        self.box = CartonCard(self.kit, self)
        self.weight = WeightCard(self.kit, self)
        return self.box, self.weight

    def arrange(self, area: QRectF) -> None:
        """Box 40 %, weight 60 %."""
        left, right = self.columns(area, round(area.width() * 0.593))
        place(self.box, left)
        place(self.weight, right)

    def says(self, view: StationView) -> tuple[str, str]:
        """What to do, and the grams."""
        grams = weight_shown(view.scale, view.weigh or WeighView())
        giant = "" if grams is None else self.speaker.show(grams)
        return self.weight.main_line(view.scale), giant
