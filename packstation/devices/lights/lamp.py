"""Lights in a thread of their own: the last mood counts, and a broken lamp disturbs nobody."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping
from typing import Final

from packstation.devices.lights.colours import TOUR
from packstation.devices.link import Line, Link, Linked
from packstation.devices.ports import LINK_ERRORS

# A lamp that was switched off and on again, or missed a datagram, is told again.
REFRESH_S: Final = 5.0
TOUR_S: Final = 0.7
_SEND_S: Final = 1.0


class Moods:
    """The mood to show, and the colours still to be shown of a test; from any thread."""

    def __init__(self, *, tour_s: float = TOUR_S) -> None:
        self._guard = threading.Lock()
        self._mood = "off"
        self._tour: list[str] = []
        self._tour_s = tour_s
        self._news = False

    @property
    def news(self) -> bool:
        """Whether something was asked for since `next`."""
        return self._news

    def set(self, mood: str) -> None:
        """From now on this one; a test under way goes on."""
        with self._guard:
            self._mood, self._news = mood, True

    def tour(self) -> None:
        """Go through all colours once."""
        with self._guard:
            self._tour, self._news = list(TOUR), True

    def next(self, refresh_s: float) -> tuple[str, float]:
        """What to show now, and for how long at the most."""
        with self._guard:
            self._news = False
            if self._tour:
                return self._tour.pop(0), self._tour_s
            return self._mood, refresh_s


class FrameLight:
    """A light on a line: one frame a mood, dark when it is given back."""

    def __init__(
        self,
        frames: Mapping[str, bytes],
        *,
        moods: Moods | None = None,
        refresh_s: float = REFRESH_S,
    ) -> None:
        self._frames = frames
        self.moods = moods or Moods()
        self._refresh_s = refresh_s

    def converse(self, line: Line) -> None:
        """Show moods until the line is closed or lost; fail-safe is dark."""
        line.reporter.well()
        try:
            while line.alive():
                mood, patience = self.moods.next(self._refresh_s)
                line.command(self._frames.get(mood, self._frames["off"]), _SEND_S)
                # What was asked for while the line took the frame has spent its wake on that.
                if not self.moods.news:
                    line.receive(patience)
        finally:
            with contextlib.suppress(*LINK_ERRORS):
                line.port.send(self._frames["off"], _SEND_S)


class LineLamp(Linked):
    """An open light: `packstation.station.gear.Light`; close it once."""

    def __init__(self, link: Link, light: FrameLight) -> None:
        super().__init__(link)
        self._light = light

    def show(self, mood: str) -> None:
        """Show a mood; the last one counts."""
        self._light.moods.set(mood)
        self._link.wake()

    def test(self) -> None:
        """Go through all colours once."""
        self._light.moods.tour()
        self._link.wake()
