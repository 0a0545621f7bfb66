"""Take this box: its code, its picture, and two others to pick from."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.box_choice import BoxHero, OtherBoxes


class CartoningScreen(BenchScreen):
    """CARTONING, with a carton or in own packaging."""

    def build(self) -> tuple[BoxHero, OtherBoxes]:
        """Hero and others."""
        self.hero = BoxHero(self.kit, self)
        self.others = OtherBoxes(self.kit, self)
        return self.hero, self.others

    def arrange(self, area: QRectF) -> None:
        """Others at the right."""
        main, side = self.columns(area, min(self.theme.pick(500, 380), area.width() * 0.3))
        place(self.hero, main)
        place(self.others, side)

    def says(self, view: StationView) -> tuple[str, str]:
        """The box; its code is the giant."""
        shown = view.carton or next(iter(view.parcels), None)
        return self.hero.main_line(view.carton, len(view.parcels)), self.hero.giant(shown)
