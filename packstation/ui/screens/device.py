"""One device: how it is, its live bytes, what can be tried; and adding one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF

from packstation.station.ports import CommandGiven
from packstation.station.views import DevicePageView, PickView, StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.add_device import AddHero
from packstation.ui.widgets.device_page import (
    BytesCard,
    DeviceHero,
    HealthCard,
    main_line,
)
from packstation.ui.widgets.facts_card import FactsCard
from packstation.ui.widgets.look_panel import LookPanel
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.pick_rows import PickRows
from packstation.ui.widgets.printer_cards import JobLadder, PreviewCard
from packstation.ui.widgets.question import BigButton

_TONES = {"fault": "stop", "ok": "ok"}


class DeviceScreen(BenchScreen):
    """DEVICE: hero with its tests, bytes under it; facts and health at the right.

    A printer has the picture of its label at the right, ladder and facts under the hero.
    """

    def build(self) -> tuple[Painted[Any], ...]:
        """The parts and the tests' buttons."""
        self.hero = DeviceHero(self.kit, self)
        self.bytes = BytesCard(self.kit, self)
        self.facts = FactsCard(self.kit, self)
        self.health = HealthCard(self.kit, self)
        self.ladder = JobLadder(self.kit, self)
        self.preview = PreviewCard(self.kit, self)
        self._kind = ""
        self.tests: list[BigButton] = []
        self._shown: tuple[PickView, ...] = ()
        return self.hero, self.bytes, self.facts, self.health, self.ladder, self.preview

    def arrange(self, area: QRectF) -> None:
        """A wide column and a narrow one."""
        gutter = self.theme.metrics.gutter
        wide = min(self.theme.pick(560, 400), area.width() * 0.34)
        main, side = self.columns(area, wide)
        upper = main.height() * 0.52
        hero = QRectF(main.left(), main.top(), main.width(), upper)
        place(self.hero, hero)
        self._place_tests(hero)
        if self._kind == "printer":
            half = (main.width() - gutter) / 2
            lower = QRectF(main.left(), hero.bottom() + gutter, half, 0)
            lower.setBottom(main.bottom())
            place(self.ladder, lower)
            place(self.facts, lower.translated(half + gutter, 0))
            place(self.preview, side)
            return
        place(self.bytes, main.adjusted(0, upper + gutter, 0, 0))
        if self.health.isVisibleTo(self):
            high = side.height() * 0.38
            place(self.facts, QRectF(side.left(), side.top(), side.width(), high))
            place(self.health, side.adjusted(0, high + gutter, 0, 0))
        else:
            place(self.facts, side)

    def show_view(self, view: StationView) -> None:
        """Parts that have nothing to show are away."""
        super().show_view(view)
        page = view.page
        self.banner_role = _TONES.get(page.device.state, "now") if page else "now"
        tests = page.tests if page else ()
        kind = _kind_of(page)
        if kind != self._kind or tests != self._shown:
            self._kind = kind
            self.health.setVisible(kind == "scale")
            self.bytes.setVisible(kind != "printer")
            self.ladder.setVisible(kind == "printer")
            self.preview.setVisible(kind == "printer")
            self._rebuild(tests)
            self.arrange(self.content())

    def _rebuild(self, tests: tuple[PickView, ...]) -> None:
        for button in self.tests:
            button.hide()
            button.deleteLater()
        self._shown = tests
        self.tests = [
            BigButton(
                self.theme,
                self.speaker,
                test.words.key if test.words else "",
                CommandGiven("device-test", test.id, "touch"),
                self,
                primary=not index,
                cap=str(index + 1),
            )
            for index, test in enumerate(tests)
        ]
        for button in self.tests:
            button.happened.connect(self.happened)
            button.show()

    def _place_tests(self, hero: QRectF) -> None:
        pad = self.theme.pick(30, 18)
        high = float(self.theme.metrics.touch)
        left, gap = hero.left() + pad, float(self.theme.metrics.gap)
        wishes = [float(button.sizeHint().width()) for button in self.tests]
        room = hero.width() - 2 * pad - gap * (len(wishes) - 1)
        part = min(1.0, room / max(1.0, sum(wishes)))
        for button, wish in zip(self.tests, wishes, strict=True):
            place(button, QRectF(left, hero.bottom() - pad * 0.8 - high, wish * part, high))
            button.raise_()
            left += wish * part + gap

    def says(self, view: StationView) -> tuple[str, str]:
        """The main line of its state; a scale's number is the giant."""
        line = main_line(self.speaker.of, self.speaker.say, view.page)
        device = view.page.device if view.page else None
        scale = device is not None and device.kind == "scale"
        number = view.scale.grams if scale else device.roll_left if device else None
        return line, "" if number is None else self.speaker.show(number)


def _kind_of(page: DevicePageView | None) -> str:
    """Which of the three pages: of a scale, of a printer, or of anything else."""
    if page is None:
        return "other"
    return "scale" if page.health else "printer" if page.printer else "other"


class AddDeviceScreen(BenchScreen):
    """ADD_DEVICE: the step as a hero with its rows; what is known and heard at the right."""

    def build(self) -> tuple[Painted[Any], ...]:
        """Four parts and the rows."""
        self.hero = AddHero(self.kit, self)
        self.bytes = BytesCard(self.kit, self)
        self.facts = FactsCard(self.kit, self)
        self.look = LookPanel(self.kit, self)
        self.rows = PickRows(self.theme, self.speaker, self)
        self.rows.picked.connect(self.happened)
        return self.hero, self.bytes, self.facts, self.look

    def arrange(self, area: QRectF) -> None:
        """Rows lie in the hero, under what is asked."""
        gutter = self.theme.metrics.gutter
        seen = self.look.isVisibleTo(self)
        wide = min(self.theme.pick(480, 340), area.width() * 0.3)
        wide = area.width() * 0.55 if seen else wide
        main, side = self.columns(area, wide)
        place(self.hero, main)
        place(self.rows, self.hero.rows_room(main))
        self.rows.raise_()
        upper = side.height() * (0.66 if seen else 0.58)
        above, below = QRectF(side), side.adjusted(0, upper + gutter, 0, 0)
        above.setHeight(upper)
        place(self.look, above)
        place(self.facts, below if seen else above)
        place(self.bytes, below)

    def show_view(self, view: StationView) -> None:
        """The room for rows depends on what else is said."""
        super().show_view(view)
        adding = view.adding
        self.banner_role = "warn" if adding and adding.problem else "now"
        self.look.setVisible(view.look is not None)
        self.bytes.setVisible(view.look is None)
        self.arrange(self.content())
        self.rows.show_rows(adding.picks if adding else (), view.selected)

    def says(self, view: StationView) -> tuple[str, str]:
        """The step's line, and what the device says now."""
        adding = view.adding
        if adding is None:
            return self.speaker.say("screen.devices.none"), ""
        return self.speaker.of(adding.main), adding.giant


class EditDeviceScreen(AddDeviceScreen):
    """EDIT_DEVICE: the same without bytes: which device it is, and what will be changed."""

    def arrange(self, area: QRectF) -> None:
        """Rows in the hero, facts over the whole side."""
        wide = min(self.theme.pick(480, 340), area.width() * 0.3)
        main, side = self.columns(area, wide)
        place(self.hero, main)
        place(self.rows, self.hero.rows_room(main))
        self.rows.raise_()
        place(self.facts, side)

    def show_view(self, view: StationView) -> None:
        """No port is listened to here."""
        super().show_view(view)
        self.bytes.hide()
