"""One parcel's weight teaches all that was in it.

A Kalman filter over the parcel's own few unknowns: gross = carton + sum of units + scale error.
The gain is that of the joint filter; of the new covariance only the diagonal is kept (thousands
of SKUs have millions of pairs). The marginals of one update are exact; what is lost is that two
things always sold together are only known as a sum (docs/weights.md says what that costs).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.learning.band import mean, noise, variance
from packstation.domain.learning.units import FILLING_SD_G, UG, Part, UnitWeight, ug

# Farther off than this nothing is learned from a parcel, unless a supervisor looked inside.
GATE_SD: Final = 4.5
# A kind learned from fewer parcels than this believes the first parcel that was released.
YOUNG: Final = 3
# So many released parcels in a row with the same sign are a step: a new batch, a new packing.
STEPS: Final = 2
# Inside the band: sums of standard deviations that notice a step (CUSUM, allowance and limit).
ALLOWANCE_MILLI: Final = 500
NOTICED_MILLI: Final = 6000
# A carton is in every parcel of its kind: its sum must be surer, and later than that of a leaning
# scale (`drift`), which lifts all cartons alike.
CARTON_NOTICED_MILLI: Final = 12_000
# A noticed step is at most about this large, as a share of the weight.
STEP_SHARE: Final = 0.05
# A kind's weight wanders by this share from one parcel to the next.
WANDERS: Final = 0.0006
_SPREADS: Final = (0.002, 0.06)
_FILLINGS_G: Final = (1.0, 40.0)
# A kind's first parcels may have been mispacked, and of an unknown thing nobody would have seen it:
# what they moved its weight by stays in doubt by this share until more parcels say so too.
UNCONFIRMED: Final = 2
DOUBTED_SHARE: Final = 0.5
# The spread is learned as slowly as an average over so many parcels, at first and at last.
_FIRST, _LAST = 12, 60


class Learned(Struct, frozen=True):
    """The parts after a parcel; ``off_g`` and ``sd_g`` how far it was from what was expected.

    ``taken`` is False where nothing was learned: it did not fit.
    """

    units: tuple[UnitWeight, ...]
    off_g: float
    sd_g: float
    taken: bool

    @property
    def z(self) -> float:
        """How far off in standard deviations."""
        return self.off_g / self.sd_g


def settled(parts: Sequence[Part]) -> bool:
    """Whether everything in a parcel is past its first parcels: then an alarm is the limit's."""
    return all(part.unit.parcels >= YOUNG for part in parts)


def update(
    parts: Sequence[Part], gross_g: int, digit_g: float, at: str, *, released: bool = False
) -> Learned:
    """What a closed parcel of ``gross_g`` teaches.

    ``released``: it was outside its band, and a supervisor looked inside and let it go.
    """
    off = gross_g - mean(parts)
    sd = math.sqrt(variance(parts, digit_g))
    odd = released or abs(off) > GATE_SD * sd
    if not odd:
        return Learned(_taught(_calm(parts), off, digit_g, at), off, sd, taken=True)
    doubted = [_doubted(part, off, released=released) for part in parts]
    if not all(_believes(part.unit) for part in doubted):
        return Learned(tuple(part.unit for part in doubted), off, sd, taken=False)
    opened = _opened(doubted, off, sd, at)
    return Learned(_taught(opened, off, digit_g, at), off, sd, taken=True)


def _calm(parts: Sequence[Part]) -> list[Part]:
    return [Part(replace(part.unit, doubt=0), part.count) for part in parts]


def _doubted(part: Part, off: float, *, released: bool) -> Part:
    """Only what a person has looked at counts as a witness."""
    unit, sign = part.unit, 1 if off > 0 else -1
    if unit.is_carton or not released:
        return part
    return Part(replace(unit, doubt=max(0, unit.doubt * sign) * sign + sign), part.count)


def _believes(unit: UnitWeight) -> bool:
    """Whether it lets an odd parcel teach it: cartons do, young kinds do, others the second."""
    return unit.is_carton or (
        unit.doubt != 0 and (unit.parcels < YOUNG or abs(unit.doubt) >= STEPS)
    )


def _opened(parts: Sequence[Part], off: float, sd: float, at: str) -> list[Part]:
    """The goods become as unsure as the difference is large: then they learn anew."""
    factor = max(1.0, abs(off) / sd)
    return [
        part
        if part.unit.is_carton
        else Part(_anew(part.unit, part.unit.sd_ug * factor, at), part.count)
        for part in parts
    ]


def _anew(unit: UnitWeight, sd_ug: float, at: str) -> UnitWeight:
    return replace(
        unit,
        sd_ug=round(sd_ug),
        parcels=0,
        since=at,
        relearned=unit.relearned + (unit.parcels > 0),
        doubt=0,
        up_milli=0,
        down_milli=0,
    )


def _taught(parts: Sequence[Part], off: float, digit_g: float, at: str) -> tuple[UnitWeight, ...]:
    total, floor = variance(parts, digit_g), noise(parts, digit_g)
    goods = sum(_mass(part) for part in parts if not part.unit.is_carton) or 1.0
    return tuple(_one(part, off, (total, floor), _mass(part) / goods, at) for part in parts)


def _mass(part: Part) -> float:
    return part.count * part.unit.mean_g


def _one(part: Part, off: float, sums: tuple[float, float], share: float, at: str) -> UnitWeight:
    unit, (total, floor) = part.unit, sums
    gain = unit.variance * part.count / total
    grams = max(0.1, unit.mean_g + gain * off)
    left = unit.variance * (1 - gain * part.count) + (WANDERS * grams) ** 2
    if unit.parcels < UNCONFIRMED and not unit.is_carton:
        left = max(left, (DOUBTED_SHARE * (grams - unit.mean_g)) ** 2)
    changed = replace(
        unit,
        mean_ug=ug(grams),
        sd_ug=ug(math.sqrt(left)),
        spread_ug=_spread(part, off, total, floor),
        source="learned",
        parcels=unit.parcels + 1,
        seen=unit.seen + 1,
        since=unit.since if unit.source == "learned" else at,
    )
    weight = 1.0 if unit.is_carton else share**0.5
    return _watched(changed, off / math.sqrt(total) * weight, at)


def _spread(part: Part, off: float, total: float, floor: float) -> int:
    """A surprise is the noise's only as far as noise and not ignorance was expected."""
    unit = part.unit
    pace = 1 / min(_FIRST + unit.parcels, _LAST)
    surprise = min(off * off / total, 9.0) - 1
    share = part.count * unit.spread / floor
    spread = unit.spread * (1 + pace * surprise * share * floor / total)
    low, high = (x if unit.is_carton else x * unit.mean_g for x in _bounds(unit))
    return ug(min(max(math.sqrt(spread), low), high))


def _bounds(unit: UnitWeight) -> tuple[float, float]:
    return _FILLINGS_G if unit.is_carton else _SPREADS


def _watched(unit: UnitWeight, z: float, at: str) -> UnitWeight:
    """Small differences that add up are a step too."""
    up = max(0, unit.up_milli + round(z * 1000) - ALLOWANCE_MILLI)
    down = max(0, unit.down_milli - round(z * 1000) - ALLOWANCE_MILLI)
    if max(up, down) < (CARTON_NOTICED_MILLI if unit.is_carton else NOTICED_MILLI):
        return replace(unit, up_milli=up, down_milli=down)
    if unit.is_carton:
        return _anew(unit, max(unit.sd_ug, ug(FILLING_SD_G)), at)
    wide = max(unit.sd_ug, unit.mean_ug * STEP_SHARE)
    return _anew(unit, min(wide, UG * 1000 * 10), at)
