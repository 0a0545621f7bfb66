"""Whether a camera still sees: pictures that come, differ, and are not black. Pure.

A sensor's noise makes two pictures of the same thing differ; pictures that are equal to the last
bit for `WatchTiming.frozen_s` come from a driver that hands out one buffer again and again
(reference/devices.md section 5). A covered lens may give equal black ones, so dark is judged first.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct, field

_NS: Final = 1_000_000_000


class Sight(StrEnum):
    """What the last pictures say."""

    WARMING = "warming"
    SEES = "sees"
    DARK = "dark"
    FROZEN = "frozen"


class WatchTiming(Struct, frozen=True):
    """Pictures to let pass after opening, seconds until frozen or dark; the darkest mean level."""

    warm_up: int = 5
    frozen_s: float = 3.0
    dark_s: float = 2.0
    dark_level: float = 14.0


class CameraTiming(Struct, frozen=True):
    """Seconds that reading one picture may take before no repair is begun, and the watch's."""

    spare_s: float = 0.06
    watch: WatchTiming = field(default_factory=WatchTiming)


class FrameWatch:
    """Judges one opened camera; used by its thread."""

    def __init__(self, now_ns: int, timing: WatchTiming | None = None) -> None:
        """``now_ns`` is when it was opened: one that never gives a picture is frozen too."""
        self._timing = timing or WatchTiming()
        self._count = 0
        self._last: bytes | None = None
        self._changed_ns = now_ns
        self._light_ns = now_ns

    def picture(self, digest: bytes, brightness: float, now_ns: int) -> Sight:
        """A picture came: its digest and mean level (0 to 255)."""
        self._count += 1
        if digest != self._last:
            self._last, self._changed_ns = digest, now_ns
        if brightness > self._timing.dark_level:
            self._light_ns = now_ns
        if self._count <= self._timing.warm_up:
            return Sight.WARMING
        if now_ns - self._light_ns >= self._timing.dark_s * _NS:
            return Sight.DARK
        return self._judge(now_ns)

    def nothing(self, now_ns: int) -> Sight:
        """No picture came in time."""
        return self._judge(now_ns)

    def _judge(self, now_ns: int) -> Sight:
        late = now_ns - self._changed_ns >= self._timing.frozen_s * _NS
        return Sight.FROZEN if late else Sight.SEES
