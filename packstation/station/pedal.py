"""Foot pedals and buttons: keyboards of one or a few keys, each of which is a command.

They send F13 to F24, or whatever they are set to (reference/devices.md section 5). A pedal
bounces, so the same key within 50 ms is the same step; a foot that stays down repeats, which
is no further step. A pedal may show itself to the system as three keyboards: keys tell no
device, so that makes no difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from packstation.station.wedge import Key

DEBOUNCE_NS: Final = 50_000_000


class Step(Struct, frozen=True):
    """What a pedal's key does: a command, and which pedal it was."""

    command: str
    device: str


class Pedals:
    """All pedals of a bench; ``keys`` by the name of the key."""

    def __init__(self, keys: Mapping[str, Step] | None = None) -> None:
        self._keys = dict(keys or {})
        self._last: dict[str, int] = {}

    def knows(self, key: Key) -> bool:
        """Whether a pedal sends this key, which then is nobody else's."""
        return bool(key.name) and key.name in self._keys

    def press(self, key: Key) -> Step | None:
        """The step, or None for a bounce, a repeat, or a key of no pedal."""
        step = self._keys.get(key.name) if key.name else None
        if step is None:
            return None
        last = self._last.get(key.name)
        self._last[key.name] = key.at_ns
        bounced = last is not None and key.at_ns - last < DEBOUNCE_NS
        return None if key.repeat or bounced else step
