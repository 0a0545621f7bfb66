"""Test card, scanners that obey, lights: what the station does with the small devices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from packstation.domain.packing.device_facts import ScannerTaught
from packstation.station.core import Core
from packstation.station.gear import Gear
from packstation.station.mood import mood_of
from packstation.station.testcard import CARD_PAGE, TestCard
from packstation.station.views import StationView

# What the Devices page may ask of a scanner, as the commands scanner-trigger and so on.
ACTIONS: Final = ("trigger", "release", "beep")


class SmallDevices:
    """Beside the session; nothing here can hold a parcel up."""

    def __init__(self, core: Core, gear: Gear) -> None:
        self._core, self._gear = core, gear
        core.lessons.wedge = gear.wedge
        self.card = TestCard(self.taught, lambda: gear.wedge)
        self._mood = ""

    def commands(self) -> Mapping[str, Callable[[str], None]]:
        """Commands of the Devices page; the argument is a device."""
        does = {f"scanner-{action}": self._scanner(action) for action in ACTIONS}
        return {CARD_PAGE: self._read_card, **does}

    def taught(self, lesson: ScannerTaught) -> None:
        """Kept first, then done to every code of that scanner."""
        self._core.record(lesson)
        self._core.lessons.learn(lesson)

    def tidy(self) -> None:
        """The card is put away when its page is left, however that was."""
        if self.card.awaited and self._core.desk.page != CARD_PAGE:
            self.card.end()

    def test(self, device: str, what: str) -> bool | None:
        """A button of the device's page: whether it was done; None for a device of others."""
        if what == "light" and device in self._gear.lights:
            self._gear.lights[device].test()
            return True
        hand = self._gear.scanners.get(device)
        return None if hand is None else hand.do(what.removeprefix("scanner-"))

    def light(self, view: StationView) -> None:
        """Lights follow what the screen shows; they hear of changes only."""
        mood = mood_of(view)
        if mood != self._mood:
            self._mood = mood
            for light in self._gear.lights.values():
                light.show(mood)

    def _read_card(self, _: str) -> None:
        self._core.desk.page = CARD_PAGE
        self.card.begin()

    def _scanner(self, action: str) -> Callable[[str], None]:
        def do(device: str) -> None:
            hand = self._gear.scanners.get(device)
            if hand is None or not hand.do(action):
                self._core.refuse("command.not_here", code_kind="command", text=action)

        return do
