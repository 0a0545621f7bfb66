"""What can go wrong on a line and in a device; every fault is a switch, chance is seeded."""

from __future__ import annotations

import random
import threading
from typing import Final

from msgspec import Struct

LINE_FAULTS: Final = ("unplug", "split", "merge", "garble", "drop", "delay")
# A USB transfer comes whole or not at all: nothing splits, merges or flips in it.
HID_SCALE_FAULTS: Final = ("unplug", "delay", "unstable", "stale")
HID_SCANNER_FAULTS: Final = ("unplug", "delay", "lose", "stripped")
FAULTS: Final = {
    "scanner": LINE_FAULTS,
    "replay": LINE_FAULTS,
    "scale": (*LINE_FAULTS, "unstable", "stale"),
    "dimensioner": (*LINE_FAULTS, "stale", "not_zeroed", "under", "over", "imprecise"),
    "camera": ("unplug", "frozen", "dark", "blur", "slow"),
    "label": (
        *LINE_FAULTS,
        "paper_out",
        "head_open",
        "half_label",
        "pause",
        "silent",
        "ribbon_out",
        "overheat",
        "cutter",
        "stalled",
        "label_waiting",
    ),
    "badge": LINE_FAULTS,
    "light": ("unplug", "stuck"),
}


class FaultTiming(Struct, frozen=True):
    """Seconds: between split pieces, how long a merged frame waits for the next, a delay."""

    split_s: float = 0.02
    merge_s: float = 0.08
    delay_s: float = 0.3


class FaultSet:
    """The switches of one device; thread-safe."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self._known = known
        self._on: set[str] = set()
        self._guard = threading.Lock()

    def set(self, fault: str, *, on: bool) -> None:
        """Switch one; `ValueError` for one that this device cannot have."""
        if fault not in self._known:
            raise ValueError(f"no fault {fault}: {', '.join(self._known)}")
        with self._guard:
            if on:
                self._on.add(fault)
            else:
                self._on.discard(fault)

    def has(self, fault: str) -> bool:
        """Whether it is on."""
        with self._guard:
            return fault in self._on

    def all(self) -> frozenset[str]:
        """All that are on."""
        with self._guard:
            return frozenset(self._on)


class Mangler:
    """Turns whole frames into timed chunks as a bad line delivers them."""

    def __init__(
        self, faults: FaultSet, chance: random.Random, timing: FaultTiming | None = None
    ) -> None:
        self._faults = faults
        self._chance = chance
        self._timing = timing or FaultTiming()

    def chunks(self, frame: bytes) -> list[tuple[float, bytes]]:
        """(pause before it, bytes) for one frame; merging is the sender's (`Merger`)."""
        if self._faults.has("garble"):
            frame = self._garble(frame)
        if self._faults.has("drop"):
            frame = self._drop(frame)
        first = self._timing.delay_s if self._faults.has("delay") else 0.0
        if not self._faults.has("split"):
            return [(first, frame)]
        pieces = self._split(frame)
        return [
            (first if number == 0 else self._timing.split_s, piece)
            for number, piece in enumerate(pieces)
        ]

    def _garble(self, frame: bytes) -> bytes:
        at = self._chance.randrange(len(frame))
        other = frame[at] ^ (1 << self._chance.randrange(8))
        return frame[:at] + bytes((other,)) + frame[at + 1 :]

    def _drop(self, frame: bytes) -> bytes:
        at = self._chance.randrange(len(frame))
        return frame[:at] + frame[at + 1 :]

    def _split(self, frame: bytes) -> list[bytes]:
        pieces = []
        while frame:
            size = self._chance.randint(1, max(1, min(4, len(frame))))
            pieces.append(frame[:size])
            frame = frame[size:]
        return pieces
