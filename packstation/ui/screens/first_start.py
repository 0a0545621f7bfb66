"""First start in three steps: enrol, find devices, scan the test card."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF

from packstation.station.views import CardView, StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.first_start import (
    EnrolCard,
    EnrolHero,
    FoundHero,
    TestCardCard,
    found_key,
)
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.question import BigButton, yes_no
from packstation.ui.widgets.test_card import TestCardHero, due_codes, main_key


class FirstScreen(BenchScreen):
    """The hero of a step; the other steps as cards at the right."""

    def make_hero(self) -> Painted[Any]:
        """The step's own card."""
        raise NotImplementedError

    def build(self) -> tuple[Painted[Any], ...]:
        """Hero and two cards."""
        self.hero = self.make_hero()
        self.enrol = EnrolCard(self.kit, self)
        self.card = TestCardCard(self.kit, self)
        return self.hero, self.enrol, self.card

    def arrange(self, area: QRectF) -> None:
        """Cards at the right, one above the other."""
        wide = min(self.theme.pick(520, 370), area.width() * 0.3)
        main, side = self.columns(area, wide)
        place(self.hero, main)
        gutter = self.theme.metrics.gutter
        upper = round(side.height() * 0.34)
        place(self.enrol, QRectF(side.left(), side.top(), side.width(), upper))
        place(self.card, side.adjusted(0, upper + gutter, 0, 0))


class EnrolScreen(FirstScreen):
    """ENROL."""

    def make_hero(self) -> EnrolHero:
        """The token."""
        return EnrolHero(self.kit, self)

    def says(self, view: StationView) -> tuple[str, str]:
        """The line itself is the giant, unless it is asked beside."""
        line = self.speaker.say("screen.first.token")
        return line, line if view.entry is None else ""


class FindDevicesScreen(FirstScreen):
    """FIND_DEVICES (picture 16)."""

    def make_hero(self) -> FoundHero:
        """Found devices with their questions."""
        self.found = FoundHero(self.kit, self)
        self.answers: dict[str, tuple[BigButton, BigButton]] = {}
        for kind in ("scale", "label"):
            self.answers[kind] = yes_no(self.theme, self.speaker, kind, self)
            for button in self.answers[kind]:
                button.happened.connect(self.happened)
                button.hide()
        return self.found

    def show_view(self, view: StationView) -> None:
        """Answers stand on the cards of what was found."""
        super().show_view(view)
        self._place_answers()

    def arrange(self, area: QRectF) -> None:
        """Answers move with their cards."""
        super().arrange(area)
        self._place_answers()

    def _place_answers(self) -> None:
        asked = [device.kind for device in self.found.asked()]
        theme = self.theme
        pad = theme.pick(28, 16)
        for kind, buttons in self.answers.items():
            if kind not in asked:
                for button in buttons:
                    button.hide()
                continue
            card = self.found.card(QRectF(self.found.geometry()), asked.index(kind))
            gap = min(theme.metrics.gap, card.width() * 0.06)
            wide = (card.width() - 2 * pad - gap) / 2
            left = card.left() + pad
            for button in buttons:
                high = theme.metrics.touch
                place(button, QRectF(left, card.bottom() - pad - high, wide, high))
                button.show()
                button.raise_()
                left += wide + gap

    def says(self, view: StationView) -> tuple[str, str]:
        """What was found; nothing else is giant."""
        return self.speaker.say(found_key(view.devices)), ""


class TestCardScreen(FirstScreen):
    """TEST_CARD: the third step of first start, or asked for on the Devices page."""

    _alone = False

    def make_hero(self) -> TestCardHero:
        """The four codes."""
        return TestCardHero(self.kit, self)

    def arrange(self, area: QRectF) -> None:
        """The other steps stand beside it at the first start only."""
        super().arrange(area)
        if self._alone:
            place(self.hero, area)

    def show_view(self, view: StationView) -> None:
        """A scanner that cannot be mended is a stop."""
        super().show_view(view)
        self._alone = view.first is None
        for card in (self.enrol, self.card):
            card.setVisible(not self._alone)
        self.arrange(self.content())
        shown = self._shown(view)
        self.banner_role = "now" if not shown.done else "ok" if shown.works else "stop"

    def _shown(self, view: StationView) -> CardView:
        return TestCardHero.share(self.hero, view)  # type: ignore[arg-type]

    def says(self, view: StationView) -> tuple[str, str]:
        """How many codes are still to come, or how the scanner is."""
        shown = self._shown(view)
        return self.speaker.say(main_key(shown)), "" if shown.done else str(due_codes(shown))
