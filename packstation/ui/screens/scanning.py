"""Scan the next item: its name, how many more, its picture; all lines at the right."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.hero_card import DATA_DUE, HeroCard
from packstation.ui.widgets.hint_line import HintLine, under_hints
from packstation.ui.widgets.line_card import LineColumn
from packstation.ui.widgets.look_panel import LookPanel
from packstation.ui.widgets.painted import Painted


class ScanningScreen(BenchScreen):
    """SCANNING (pictures 01 and 02)."""

    _looking = False

    def build(self) -> tuple[Painted[Any], ...]:
        """Hero and lines; the camera's picture at the foot of the column where there is one."""
        self.hints = HintLine(self.kit, self)
        self.look = LookPanel(self.kit, self)
        self.look.hide()
        self.hero = HeroCard(self.kit, self)
        self.lines = LineColumn(self.kit, self)
        return self.hero, self.lines, self.look, self.hints

    def arrange(self, area: QRectF) -> None:
        """Lines stand in a column of their own; at 200 % in a strip under the hero."""
        area = under_hints(self.hints, area)
        if self.theme.profile.tight:
            strip = 64.0
            gutter = self.theme.metrics.gutter
            place(self.hero, area.adjusted(0, 0, 0, -strip - gutter / 2))
            place(self.lines, QRectF(area.left(), area.bottom() - strip, area.width(), strip))
            return
        wide = self.theme.pick(596, 424)
        main, side = self.columns(area, min(wide, area.width() * 0.34))
        place(self.hero, main)
        if self._looking:
            # The lines keep their half: the current one stays in sight, the others are counted.
            high = min(side.width() * 9 / 16, side.height() / 2)
            foot = QRectF(side.left(), side.bottom() - high, side.width(), high)
            place(self.look, foot)
            side.setBottom(foot.top() - self.theme.metrics.gutter / 2)
        place(self.lines, side)

    def show_view(self, view: StationView) -> None:
        """Makes room for the camera's picture, or takes it back."""
        hinted = bool(self.hints.shown) != bool(self.hints.share(view))
        self.hints.show_view(view)
        if hinted:
            self.arrange(self.content())
        looking = view.look is not None and not self.theme.profile.tight
        if looking != self._looking:
            self._looking = looking
            self.arrange(self.content())
        super().show_view(view)
        self.look.setVisible(looking)

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
