"""Limits as comparisons of whole numbers.

A measure is whole, so that "over 10.5" and "over 10" are the same: every bound becomes whole too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil, floor
from typing import Final

from msgspec import Struct

from packstation.domain.rating.measures import Refusal, limits_size
from packstation.domain.rating.whole.facts import (
    CUBIC_MILLIMETRE,
    GIRTH,
    GRAM,
    LONGEST,
    MILLIMETRE,
    MINUS,
    ROLL,
    ROLL_2D,
    SUM3,
    TWO,
    UNKNOWN,
    VOLUME,
    WEIGHT,
    Facts,
)
from packstation.domain.tariff_units import Bound, length, lengths, mass, volume
from packstation.domain.tariffs import Limits, Roll

# A place in the facts' values, and what may not be exceeded there.
Check = tuple[int, int]
# (name of the measure, place, bound, whether the bound is the most)
_Rule = tuple[str, int, Bound | None, bool]
_SCALE: Final = {WEIGHT: GRAM, VOLUME: CUBIC_MILLIMETRE}
_NOT_KNOWN: Final = {ROLL: "length and diameter", ROLL_2D: "length and diameter"}


class Say(Struct, frozen=True):
    """How a broken check is told."""

    name: str
    place: int
    unit: str
    bound: str

    def refusal(self, facts: Facts) -> Refusal:
        """Reason and detail, as ``measures.Beyond`` has them."""
        place = self.place % MINUS
        if facts.values[place] == UNKNOWN:
            return "size", f"{_NOT_KNOWN.get(place, 'sides')} are not known"
        way = "over" if self.place < MINUS else "under"
        text = f"{self.name} {facts.text(place, self.unit)} {self.unit} is {way} {self.bound}"
        return "size" if self.name else "weight", text.lstrip()


class Limited(Struct, frozen=True):
    """Limits for one shape of parcel; ``checks`` and ``says`` in the order of their reasons."""

    checks: tuple[Check, ...]
    says: tuple[Say, ...]
    any_of: tuple[Limited, ...] = ()

    def broken(self, facts: Facts) -> Iterator[Refusal]:
        """What is beyond, as ``measures.limit_refusals``."""
        for (place, most), say in zip(self.checks, self.says, strict=True):
            if facts.values[place] > most:
                yield say.refusal(facts)
        firsts = [next(one.broken(facts), None) for one in self.any_of]
        if firsts and firsts[0] is not None and None not in firsts:
            yield firsts[0]


def limited(limits: Limits, *, roll: bool) -> Limited:
    """``limits`` for boxes, or for rolls."""
    weight = mass(limits, "weight_max"), mass(limits, "weight_min")
    rules: list[_Rule] = [("", WEIGHT, weight[0], True), ("", WEIGHT, weight[1], False)]
    checks, says = [], []
    if roll and limits.roll is not None:
        # A roll that is not measured is refused by whatever limits rolls.
        rules += _roll(limits.roll)
        unmeasured: list[tuple[Check, Say]] = [((ROLL, UNKNOWN - 1), Say("length", ROLL, "mm", ""))]
    else:
        rules += _box(limits) if limits_size(limits) else ()
        unmeasured = []
    for check, say in [*_compiled(rules[:2]), *unmeasured, *_compiled(rules[2:])]:
        checks.append(check)
        says.append(say)
    others = tuple(limited(one, roll=roll) for one in limits.any_of)
    return Limited(tuple(checks), tuple(says), others)


def _box(limits: Limits) -> Iterator[_Rule]:
    yield "longest side", LONGEST, length(limits, "longest_max"), True
    yield "sum of sides", SUM3, length(limits, "sum3_max"), True
    yield "girth", GIRTH, length(limits, "girth_max"), True
    yield "two longest sides", TWO, length(limits, "two_largest_sum_max"), True
    yield "volume", VOLUME, volume(limits, "volume_max"), True
    for at, most in enumerate(lengths(limits, "sides_max")):
        yield f"side {at + 1}", LONGEST + at, most, True
    for at, least in enumerate(lengths(limits, "sides_min")):
        yield f"side {at + 1}", LONGEST + at, least, False


def _roll(roll: Roll) -> Iterator[_Rule]:
    yield "length", ROLL, length(roll, "length_min"), False
    yield "length", ROLL, length(roll, "length_max"), True
    name = "length + 2 diameters"
    yield name, ROLL_2D, length(roll, "length_plus_2d_min"), False
    yield name, ROLL_2D, length(roll, "length_plus_2d_max"), True


def _compiled(rules: Iterable[_Rule]) -> Iterator[tuple[Check, Say]]:
    for name, place, found, at_most in rules:
        if found is None:
            continue
        edge = found.exact * _SCALE.get(place, MILLIMETRE)
        shown = f"{found.number} {found.unit}"
        if at_most:
            yield (place, floor(edge)), Say(name, place, found.unit, shown)
        else:
            yield (place + MINUS, -ceil(edge)), Say(name, place + MINUS, found.unit, shown)
