"""The lessons to choose from, and how one went."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.add_device import AddHero
from packstation.ui.widgets.facts_card import FactsCard
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.pick_rows import PickRows


class LessonFacts(FactsCard):
    """What was done in the last lesson, and what went wrong."""

    def spoken(self) -> str:
        """The title."""
        return self.words.say("training.facts")


class TrainingScreen(BenchScreen):
    """TRAINING: a hero with the lessons in it; after a lesson, what went wrong at the right."""

    def build(self) -> tuple[Painted[Any], ...]:
        """Two parts and the rows."""
        self.hero = AddHero(self.kit, self)
        self.facts = LessonFacts(self.kit, self)
        self.rows = PickRows(self.theme, self.speaker, self)
        self.rows.picked.connect(self.happened)
        self.listing = True
        return self.hero, self.facts

    def arrange(self, area: QRectF) -> None:
        """Rows lie in the hero, under what is asked."""
        main, side = (area, QRectF()) if self.listing else self.columns(area, area.width() * 0.45)
        place(self.hero, main)
        place(self.rows, self.hero.rows_room(main))
        self.rows.raise_()
        place(self.facts, side)

    def show_view(self, view: StationView) -> None:
        """Passed is good news, failed no alarm: it is only done again."""
        super().show_view(view)
        page = view.adding
        self.banner_role = "warn" if page and page.problem else "now"
        self.listing = bool(page and page.picks)
        self.rows.setVisible(self.listing)
        self.facts.setVisible(not self.listing)
        self.arrange(self.content())
        self.rows.show_rows(page.picks if page else (), view.selected)

    def says(self, view: StationView) -> tuple[str, str]:
        """What is asked, or how it went."""
        line = self.speaker.of(view.adding.main) if view.adding else ""
        return line or self.speaker.say("training.choose"), ""
