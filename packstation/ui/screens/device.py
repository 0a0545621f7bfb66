"""One device: how it is, its live bytes, what can be tried; and adding one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF

from packstation.station.ports import CommandGiven
from packstation.station.views import PickView, StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.add_device import AddHero
from packstation.ui.widgets.device_page import (
    BytesCard,
    DeviceHero,
    FactsCard,
    HealthCard,
    main_line,
)
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.pick_rows import PickRows
from packstation.ui.widgets.question import BigButton

_TONES = {"fault": "stop", "ok": "ok"}


class DeviceScreen(BenchScreen):
    """DEVICE: hero with its tests, bytes under it; facts and health at the right."""

    def build(self) -> tuple[Painted[Any], ...]:
        """Four parts and the tests' buttons."""
        self.hero = DeviceHero(self.kit, self)
        self.bytes = BytesCard(self.kit, self)
        self.facts = FactsCard(self.kit, self)
        self.health = HealthCard(self.kit, self)
        self.tests: list[BigButton] = []
        self._shown: tuple[PickView, ...] = ()
        return self.hero, self.bytes, self.facts, self.health

    def arrange(self, area: QRectF) -> None:
        """A wide column and a narrow one."""
        gutter = self.theme.metrics.gutter
        wide = min(self.theme.pick(560, 400), area.width() * 0.34)
        main, side = self.columns(area, wide)
        upper = main.height() * 0.52
        hero = QRectF(main.left(), main.top(), main.width(), upper)
        place(self.hero, hero)
        place(self.bytes, main.adjusted(0, upper + gutter, 0, 0))
        if self.health.isVisibleTo(self):
            high = side.height() * 0.36
            place(self.facts, QRectF(side.left(), side.top(), side.width(), high))
            place(self.health, side.adjusted(0, high + gutter, 0, 0))
        else:
            place(self.facts, side)
        self._place_tests(hero)

    def show_view(self, view: StationView) -> None:
        """Parts that have nothing to show are away."""
        super().show_view(view)
        page = view.page
        self.banner_role = _TONES.get(page.device.state, "now") if page else "now"
        tests = page.tests if page else ()
        health = bool(page and page.health)
        if health != self.health.isVisibleTo(self) or tests != self._shown:
            self.health.setVisible(health)
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
        scale = view.page is not None and view.page.device.kind == "scale"
        grams = view.scale.grams
        return line, self.speaker.show(grams) if scale and grams is not None else ""


class AddDeviceScreen(BenchScreen):
    """ADD_DEVICE: the step as a hero with its rows; what is known and heard at the right."""

    def build(self) -> tuple[Painted[Any], ...]:
        """Three parts and the rows."""
        self.hero = AddHero(self.kit, self)
        self.bytes = BytesCard(self.kit, self)
        self.facts = FactsCard(self.kit, self)
        self.rows = PickRows(self.theme, self.speaker, self)
        self.rows.picked.connect(self.happened)
        return self.hero, self.bytes, self.facts

    def arrange(self, area: QRectF) -> None:
        """Rows lie in the hero, under what is asked."""
        gutter = self.theme.metrics.gutter
        wide = min(self.theme.pick(480, 340), area.width() * 0.3)
        main, side = self.columns(area, wide)
        place(self.hero, main)
        place(self.rows, self.hero.rows_room(main))
        self.rows.raise_()
        upper = side.height() * 0.5
        place(self.facts, QRectF(side.left(), side.top(), side.width(), upper))
        place(self.bytes, side.adjusted(0, upper + gutter, 0, 0))

    def show_view(self, view: StationView) -> None:
        """The room for rows depends on what else is said."""
        super().show_view(view)
        adding = view.adding
        self.banner_role = "warn" if adding and adding.problem else "now"
        self.arrange(self.content())
        self.rows.show_rows(adding.picks if adding else (), view.selected)

    def says(self, view: StationView) -> tuple[str, str]:
        """The step's line, and what the device says now."""
        adding = view.adding
        if adding is None:
            return self.speaker.say("screen.devices.none"), ""
        return self.speaker.of(adding.main), adding.giant
