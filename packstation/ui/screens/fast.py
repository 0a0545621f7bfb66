"""Single items: scan any item, the label prints, stick it and scan it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.fast_cards import FastHero, FastOrder, LastFour, main_key
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.print_ladder import PrintLadder


class FastScreen(BenchScreen):
    """FAST (picture 08)."""

    def build(self) -> tuple[Painted[Any], ...]:
        """Item and box; order and label beside them; the last four below."""
        self.hero = FastHero(self.kit, self)
        self.order = FastOrder(self.kit, self)
        self.ladder = PrintLadder(self.kit, self)
        self.last = LastFour(self.kit, self)
        self._busy = False
        return self.hero, self.order, self.ladder, self.last

    def arrange(self, area: QRectF) -> None:
        """At 200 % the item alone."""
        theme, gutter = self.theme, self.theme.metrics.gutter
        if self.last.shown and not theme.profile.tight:
            high = theme.pick(98, 74)
            foot = QRectF(area.left(), area.bottom() - high, area.width(), high)
            place(self.last, foot)
            area = area.adjusted(0, 0, 0, -high - gutter)
        beside = self._busy and not theme.profile.tight
        for part in (self.order, self.ladder):
            part.setVisible(beside)
        self.last.setVisible(bool(self.last.shown) and not theme.profile.tight)
        if not beside:
            place(self.hero, area)
            return
        main, side = self.columns(area, min(theme.pick(640, 430), area.width() * 0.36))
        place(self.hero, main)
        labelled = self.ladder.shown is not None
        self.ladder.setVisible(labelled)
        upper = round((side.height() - gutter) * 0.5) if labelled else side.height()
        place(self.order, QRectF(side.left(), side.top(), side.width(), upper))
        place(self.ladder, side.adjusted(0, upper + gutter, 0, 0))

    def show_view(self, view: StationView) -> None:
        """Facts stand beside the item only while there is one."""
        before = self._busy, bool(self.last.shown), self.ladder.shown is None
        self._busy = view.order is not None
        super().show_view(view)
        if (self._busy, bool(self.last.shown), self.ladder.shown is None) != before:
            self.arrange(self.content())

    def says(self, view: StationView) -> tuple[str, str]:
        """The box is the giant; while an item is waited for, the line itself."""
        line = self.speaker.say(main_key(view.fast))
        code = view.carton.code if view.carton and view.order else ""
        return line, code or line
