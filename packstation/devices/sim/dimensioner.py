"""A simulated Cubiscan (reference/devices.md section 4.1)."""

from __future__ import annotations

import random
from typing import Final

from packstation.devices.framing import StartFramer
from packstation.devices.sim.device import SimDevice
from packstation.devices.sim.faces import Face
from packstation.devices.sim.faults import FAULTS, FaultTiming

_MARKS: Final = {"under": "_", "over": "~", "imprecise": "-"}


class CubiscanSim(SimDevice):
    """Answers M and U; anything else is unknown. Its own button measures too."""

    def __init__(
        self, face: Face, chance: random.Random, timing: FaultTiming | None = None
    ) -> None:
        self._heard = StartFramer(0x02, lambda held: held[-1] == 0x03, limit=16)
        self._sides_mm = (0, 0, 0)
        self._grams = 0
        super().__init__(face, FAULTS["dimensioner"], chance, timing)

    def place(self, sides_mm: tuple[int, int, int], grams: int = 0) -> None:
        """Lay a box on the plate."""
        with self._guard:
            self._sides_mm, self._grams = sides_mm, grams

    def press(self) -> None:
        """Press its button."""
        with self._guard:
            self.say(self._measured())

    def hear(self, data: bytes) -> None:
        with self._guard:
            for frame in self._heard.feed(data):
                if not self.faults.has("stale"):
                    self.say(self._answer(frame.data[1:-1]))

    def _answer(self, command: bytes) -> bytes:
        if command == b"M":
            return self._measured()
        if command == b"U":
            return b"\x02UAMMI5000000000\x03\r\n"
        return b"\x02?N\x03\r\n"

    def _measured(self) -> bytes:
        if self.faults.has("not_zeroed"):
            return b"\x02MNHZ\x03\r\n"
        mark = next((_MARKS[name] for name in _MARKS if self.faults.has(name)), "")
        length, width, height = (self._side(side, mark) for side in self._sides_mm)
        sides = self._sides_mm[0] * self._sides_mm[1] * self._sides_mm[2]
        weight, volume = self._grams / 1000, sides / 5_000_000
        text = f"MAH000000,L{length},W{width},H{height},M,K{weight:06.2f},D{volume:06.2f},M,F5000,I"
        return f"\x02{text}\x03\r\n".encode()

    @staticmethod
    def _side(side_mm: int, mark: str) -> str:
        text = f"{side_mm / 10:05.1f}"
        return mark + text[1:] if mark else text
