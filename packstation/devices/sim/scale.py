"""A simulated bench scale that speaks MT-SICS (reference/devices.md section 1.1)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from packstation.devices.framing import EndFramer
from packstation.devices.sim.device import SimDevice
from packstation.devices.sim.faces import Face
from packstation.devices.sim.faults import FAULTS, FaultTiming

_GRAMS: Final = {"g": 1, "kg": 1000}


class ScaleFacts(Struct, frozen=True):
    """The scale itself: capacity, division and swing in grams; ``decimals`` of the unit sent.

    A load counts as moving for ``settle_s`` after it was placed and swings by ``swing_g``.
    """

    capacity_g: int = 30_000
    division_g: int = 1
    unit: str = "kg"
    decimals: int = 3
    settle_s: float = 0.15
    swing_g: int = 12
    serial: str = "SIM0001"


class MtSicsScaleSim(SimDevice):
    """Answers S, SI, Z, ZI, T, TI, TA, TAC, @ and I1 to I4; anything else is ``ES``."""

    def __init__(
        self,
        face: Face,
        chance: random.Random,
        facts: ScaleFacts | None = None,
        timing: FaultTiming | None = None,
    ) -> None:
        self._facts = facts or ScaleFacts()
        self._chance = chance
        self._framer = EndFramer(b"\n", limit=64)
        self._load_g = 0
        self._zero_g = 0
        self._tare_g = 0
        self._moving_until = 0.0
        self._answers: dict[str, Callable[[], str]] = {
            "S": self._stable,
            "SI": self._weigh,
            "Z": lambda: self._zero("Z A", "Z I"),
            "ZI": lambda: self._zero("ZI S", "ZI D", at_once=True),
            "T": lambda: self._tare("T S", "T I"),
            "TI": lambda: self._tare("TI S", "TI D", at_once=True),
            "TA": lambda: f"TA A {self._weight(self._tare_g)}",
            "TAC": self._clear_tare,
            "@": lambda: f'I4 A "{self._facts.serial}"',
            "I1": lambda: 'I1 A "0123" "2.30" "2.22" "2.33" "2.20"',
            "I2": lambda: 'I2 A "Simulated bench scale 30 kg"',
            "I3": lambda: 'I3 A "1.00"',
            "I4": lambda: f'I4 A "{self._facts.serial}"',
        }
        super().__init__(face, FAULTS["scale"], chance, timing)

    @property
    def load_g(self) -> int:
        """Grams on the pan."""
        with self._guard:
            return self._load_g

    def place(self, grams: int) -> None:
        """Put this much on the empty pan; 0 takes everything off."""
        with self._guard:
            self._load_g = grams
            self._moving_until = time.monotonic() + self._facts.settle_s

    def hear(self, data: bytes) -> None:
        with self._guard:
            for frame in self._framer.feed(data):
                if not self.faults.has("stale"):
                    self.say(self._answer(frame.data) + b"\r\n")

    def _answer(self, command: bytes) -> bytes:
        answer = self._answers.get(command.decode("latin-1").strip("\r"))
        return (answer() if answer else "ES").encode()

    def _moving(self) -> bool:
        return self.faults.has("unstable") or time.monotonic() < self._moving_until

    def _beyond(self) -> str:
        gross = self._load_g - self._zero_g
        if gross > self._facts.capacity_g:
            return "+"
        return "-" if gross < -20 * self._facts.division_g else ""

    def _stable(self) -> str:
        return "S I" if self._moving() else self._weigh()

    def _weigh(self) -> str:
        if beyond := self._beyond():
            return f"S {beyond}"
        net = self._load_g - self._zero_g - self._tare_g
        if not self._moving():
            return f"S S {self._weight(net)}"
        swing = self._chance.randint(-self._facts.swing_g, self._facts.swing_g)
        return f"S D {self._weight(net + swing)}"

    def _weight(self, grams: int) -> str:
        division = self._facts.division_g
        shown = round(grams / division) * division / _GRAMS[self._facts.unit]
        return f"{shown:10.{self._facts.decimals}f} {self._facts.unit}"

    def _zero(self, done: str, moving: str, *, at_once: bool = False) -> str:
        if abs(self._load_g) > self._facts.capacity_g * 0.02:
            return f"{done.split(maxsplit=1)[0]} +"
        if self._moving() and not at_once:
            return moving
        self._zero_g, self._tare_g = self._load_g, 0
        return moving if self._moving() else done

    def _tare(self, done: str, moving: str, *, at_once: bool = False) -> str:
        if self._moving() and not at_once:
            return moving
        self._tare_g = self._load_g - self._zero_g
        return f"{moving if self._moving() else done} {self._weight(self._tare_g)}"

    def _clear_tare(self) -> str:
        self._tare_g = 0
        return "TAC A"
