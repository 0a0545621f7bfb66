"""The robot's hands and its patience: scan, place, wait for what the window says."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from packstation.demo.eyes import Eyes
from packstation.station.ports import BenchControls
from packstation.station.views import StationView

WAIT_S: Final = 8.0
# A scanner reads the same code again only after its trigger was let go for 0.4 s.
AGAIN_S: Final = 0.45
# Some scales say nothing of an empty pan: then the packer's own eyes must do.
EMPTY_S: Final = 3.0

Seen = Callable[[StationView], bool]


class Hands:
    """What a packer does at the bench, and how long he looks for an answer."""

    def __init__(self, bench: BenchControls, eyes: Eyes) -> None:
        self.bench = bench
        self._eyes = eyes
        self._last = ("", 0.0)

    @property
    def view(self) -> StationView:
        """What the window shows."""
        return self._eyes.view

    def until(self, seen: Seen, seconds: float = WAIT_S) -> bool:
        """Look at the window until it is as expected; False when it did not become so."""
        return self._eyes.until(seen, seconds)

    def scan(self, text: str, aim: str = "") -> StationView:
        """Pull the trigger and wait for the verdict; the view that shows it.

        A scan that nobody answers, because a cable is out, leaves the view as it is.
        """
        self._let_go(text)
        before = self._eyes.answers
        self._eyes.trigger()
        self.bench.scan(text, aim)
        self._eyes.until_answered(before, WAIT_S)
        return self._eyes.view

    def _let_go(self, text: str) -> None:
        last, at = self._last
        pause = at + AGAIN_S - time.monotonic()
        if text == last and pause > 0:
            time.sleep(pause)
        self._last = (text, time.monotonic())

    def weigh(self, grams: int) -> None:
        """Clear the pan, then put the box on it."""
        if self.view.scale.grams != 0:
            self.bench.place(0)
            self.until(lambda view: view.scale.grams == 0, EMPTY_S)
        self.bench.place(grams)

    def fault(self, device: str, name: str, *, on: bool) -> None:
        """Pull a cable, take the paper out, and the other way round."""
        self.bench.set_fault(device, name, on)

    def came_out(self, waybill: str) -> bool:
        """Look into the printer's tray."""
        return any(paper.waybill == waybill for paper in self.bench.papers())


def says(view: StationView, *keys: str) -> bool:
    """Whether the alert on screen is one of these."""
    return view.alert is not None and view.alert.headline.key in keys


def lamp(view: StationView, kind: str) -> str:
    """The state of a device's lamp."""
    return next((device.state for device in view.devices if device.kind == kind), "")
