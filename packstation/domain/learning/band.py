"""What a parcel should weigh, how far a good one may be off, and what that proves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from packstation.domain.learning.limit import USUAL, Limit
from packstation.domain.learning.units import Part

# A scale is off by about this share of its digit beside the rounding itself.
SCALE_SHARE: Final = 0.4
# A catalogue's errors have longer tails than a normal distribution: before its second parcel a
# kind is judged by so much more.
NEW: Final = 2
NEW_FACTOR: Final = 2.0
# A missing item is seen when it is overlooked less often than once in twenty.
SEEN_SD: Final = 1.645


class Band(Struct, frozen=True, kw_only=True):
    """Expected gross weight in whole grams and how far a good parcel may be off.

    ``sd_mg`` is one standard deviation, ``limit_milli`` how many thousandths of it the
    tolerance is; ``parcels``: what the least known thing in it was learned from.
    """

    expected_g: int
    tolerance_g: int
    sd_mg: int
    limit_milli: int
    parcels: int
    digit_mg: int


class Power(Struct, frozen=True, kw_only=True):
    """Whether this scale would see the lightest thing missing; ``lightest_g`` that weighs."""

    sees: bool
    lightest: str
    lightest_g: int


def scale_variance(digit_g: float) -> float:
    """Of a scale with this last digit: rounding and its own noise."""
    return digit_g**2 / 12 + (digit_g * SCALE_SHARE) ** 2


def noise(parts: Sequence[Part], digit_g: float) -> float:
    """What differs from parcel to parcel, in square grams: units, filling, scale."""
    return sum(part.count * part.unit.spread for part in parts) + scale_variance(digit_g)


def variance(parts: Sequence[Part], digit_g: float) -> float:
    """Of the difference between a good parcel's weight and what is expected of it."""
    unsure = sum(part.count**2 * part.unit.variance for part in parts)
    return unsure + noise(parts, digit_g)


def mean(parts: Sequence[Part]) -> float:
    """Expected grams."""
    return sum(part.count * part.unit.mean_g for part in parts)


def expected(parts: Sequence[Part], digit_g: float, limit: Limit = USUAL) -> Band | None:
    """The band; None where a unit's weight is not known, or nothing in it was learned yet."""
    goods = [part.unit for part in parts if not part.unit.is_carton]
    unknown = any(unit.source == "unknown" for unit in goods)
    if not goods or unknown or not any(part.unit.rests for part in parts):
        return None
    new = any(unit.parcels < NEW and unit.source != "measured" for unit in goods)
    z_milli = round(limit.z_milli * NEW_FACTOR) if new else limit.z_milli
    sd = math.sqrt(variance(parts, digit_g))
    return Band(
        expected_g=math.floor(mean(parts) + 0.5),
        tolerance_g=math.ceil(sd * z_milli / 1000),
        sd_mg=round(sd * 1000),
        limit_milli=z_milli,
        parcels=min(unit.parcels for unit in goods),
        digit_mg=round(digit_g * 1000),
    )


def gain(parts: Sequence[Part], digit_g: float, sign: int = 1) -> tuple[int, int]:
    """What a box gains (``sign`` -1: loses) by these units, and how far that may be off.

    Two weighings, before and after: the scale errs twice.
    """
    sd = math.sqrt(variance(parts, digit_g) + scale_variance(digit_g))
    return sign * math.floor(mean(parts) + 0.5), math.ceil(sd * USUAL.z)


def power(parts: Sequence[Part], band: Band) -> Power:
    """Whether the lightest unit's absence would be outside the band nineteen times in twenty."""
    goods = [part.unit for part in parts if not part.unit.is_carton]
    lightest = min(goods, key=lambda unit: unit.mean_ug)
    needed = band.tolerance_g + SEEN_SD * band.sd_mg / 1000
    return Power(sees=lightest.mean_g >= needed, lightest=lightest.key, lightest_g=lightest.grams)
