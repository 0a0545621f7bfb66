"""What lies on a simulated scale, and how it would be shown."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from msgspec import Struct

from packstation.domain.quantities import GRAMS_PER_UNIT

_ZERO_RANGE: Final = 0.02  # of the capacity


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


class Shown(Struct, frozen=True):
    """A moment of the display: ``beyond`` "+" or "-" out of range; ``zero`` nothing on it."""

    value: Decimal
    moving: bool
    beyond: str
    net: bool
    zero: bool


class Pan:
    """Load, zero and tare in grams; whoever uses it holds the device's lock."""

    def __init__(
        self, facts: ScaleFacts, chance: random.Random, unstable: Callable[[], bool]
    ) -> None:
        """``unstable`` tells whether it never rests (a fault)."""
        self.facts = facts
        self._chance = chance
        self._unstable = unstable
        self.load_g = 0
        self._zero_g = 0
        self.tare_g = 0
        self._moving_until = 0.0

    def place(self, grams: int) -> None:
        """Put this much on the empty pan."""
        self.load_g = grams
        self._moving_until = time.monotonic() + self.facts.settle_s

    @property
    def moving(self) -> bool:
        """Whether the display swings."""
        return self._unstable() or time.monotonic() < self._moving_until

    @property
    def beyond(self) -> str:
        """Out of range: "+" for too much, "-" for too little, "" for neither."""
        gross = self.load_g - self._zero_g
        if gross > self.facts.capacity_g:
            return "+"
        return "-" if gross < -20 * self.facts.division_g else ""

    def shown(self) -> Shown:
        """The display now."""
        net, moving = self.load_g - self._zero_g - self.tare_g, self.moving
        swing = self._chance.randint(-self.facts.swing_g, self.facts.swing_g) if moving else 0
        return Shown(
            value=self.sent(net + swing),
            moving=moving,
            beyond=self.beyond,
            net=bool(self.tare_g),
            zero=not net and not moving,
        )

    def sent(self, grams: int) -> Decimal:
        """Grams, rounded to the division, in the unit and places that are sent."""
        division = self.facts.division_g
        rounded = Decimal(round(grams / division) * division)
        places = Decimal(1).scaleb(-self.facts.decimals)
        return (rounded / GRAMS_PER_UNIT[self.facts.unit]).quantize(places)

    def can_zero(self) -> bool:
        """Whether what lies there is near enough to nothing."""
        return abs(self.load_g) <= self.facts.capacity_g * _ZERO_RANGE

    def zero(self) -> None:
        """What lies there is nothing from now on."""
        self._zero_g, self.tare_g = self.load_g, 0

    def tare(self) -> None:
        """What lies there is packaging from now on."""
        self.tare_g = self.load_g - self._zero_g
