"""Scan the next item: its name, how many more, its picture; all lines at the right."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.hero_card import DATA_DUE, HeroCard
from packstation.ui.widgets.line_card import LineColumn


class ScanningScreen(BenchScreen):
    """SCANNING (pictures 01 and 02)."""

    def build(self) -> tuple[HeroCard, LineColumn]:
        """Hero and lines."""
        self.hero = HeroCard(self.kit, self)
        self.lines = LineColumn(self.kit, self)
        return self.hero, self.lines

    def arrange(self, area: QRectF) -> None:
        """Lines stand in a column of their own; at 200 % in a strip under the hero."""
        if self.theme.profile.tight:
            strip = 64.0
            gutter = self.theme.metrics.gutter
            place(self.hero, area.adjusted(0, 0, 0, -strip - gutter / 2))
            place(self.lines, QRectF(area.left(), area.bottom() - strip, area.width(), strip))
            return
        wide = self.theme.pick(596, 424)
        main, side = self.columns(area, min(wide, area.width() * 0.34))
        place(self.hero, main)
        place(self.lines, side)

    def show_first(self, view: StationView) -> None:
        """The verdict of a scan is on the surface before anything else is looked at."""
        self.hero.show_view(view)

    def says(self, view: StationView) -> tuple[str, str]:
        """The product's name, and how many units are still due."""
        if view.current is None:
            return self.speaker.say("screen.scan.all_in"), ""
        if view.entry is not None and view.entry.kind in DATA_DUE:
            return self.speaker.of(view.entry.words), str(view.current.due)
        return view.current.product.name, str(view.current.due)
