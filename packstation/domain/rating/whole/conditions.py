"""Conditions as comparisons of whole numbers; what a day and a country settle is settled before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Final

from msgspec import Struct

from packstation.domain.rating.whole.facts import (
    CUBIC_MILLIMETRE,
    GIRTH,
    GRAM,
    LONGEST,
    MILLIMETRE,
    SUM3,
    UNKNOWN,
    VOLUME,
    WEIGHT,
)
from packstation.domain.rating.whole.limiting import Check
from packstation.domain.rating.zones import bare_postcode
from packstation.domain.shipments import Shipment
from packstation.domain.tariff_units import length, lengths, mass, volume
from packstation.domain.tariffs import When

# Beginnings of postcodes, by their length.
Prefixes = tuple[tuple[int, frozenset[str]], ...]

_GRAMS_PER_MM3: Final = Fraction(GRAM, CUBIC_MILLIMETRE)


class Condition(Struct, frozen=True):
    """What of a condition is open until a parcel and a postcode are known; all must hold.

    ``over`` are (place, bound) to be exceeded by measures that are known, ``some_over`` by one
    of them; ``ratio`` (p, q): volume x p > weight x q.
    """

    over: tuple[Check, ...] = ()
    some_over: tuple[Check, ...] = ()
    prefixes: Prefixes = ()
    ratio: tuple[int, int] | None = None
    any_of: tuple[Condition, ...] = ()
    none_of: tuple[Condition, ...] = ()

    def holds(self, values: Sequence[int], postcode: str) -> bool:
        """For the values of facts and a bare postcode."""
        for place, bound in self.over:
            if not bound < values[place] < UNKNOWN:
                return False
        if self.prefixes and not any(postcode[:n] in known for n, known in self.prefixes):
            return False
        return (
            (not self.some_over or any(b < values[at] < UNKNOWN for at, b in self.some_over))
            and (self.ratio is None or self._heavy(values, self.ratio))
            and (not self.any_of or any(one.holds(values, postcode) for one in self.any_of))
            and not any(one.holds(values, postcode) for one in self.none_of)
        )

    @staticmethod
    def _heavy(values: Sequence[int], ratio: tuple[int, int]) -> bool:
        return values[VOLUME] < UNKNOWN and values[VOLUME] * ratio[0] > values[WEIGHT] * ratio[1]


def condition(
    when: When, shipment: Shipment, grams_per_mm3: Fraction | None = None
) -> Condition | bool:
    """``when`` for shipments of one day, country and choice of options; a bool where settled.

    ``grams_per_mm3`` turns volume into volumetric weight where there is such a weight.
    """
    any_of = [condition(one, shipment, grams_per_mm3) for one in when.any_of]
    none_of = [condition(one, shipment, grams_per_mm3) for one in when.none_of]
    weighed = when.volumetric_gt_actual_ratio is None or grams_per_mm3 is not None
    if not (weighed and _settled(when, shipment)) or True in none_of:
        return False
    if any_of and not any(any_of):
        return False
    found = Condition(
        over=tuple(_over(when)),
        some_over=tuple(_some_over(when)),
        prefixes=prefixes(when.postcode_prefixes),
        ratio=_ratio(when, grams_per_mm3),
        any_of=() if True in any_of else _open(any_of),
        none_of=_open(none_of),
    )
    return True if found == Condition() else found


def _open(found: Iterable[Condition | bool]) -> tuple[Condition, ...]:
    return tuple(one for one in found if isinstance(one, Condition))


def _settled(when: When, shipment: Shipment) -> bool:
    return (
        (not when.countries or shipment.destination.country in when.countries)
        and set(when.options) <= set(shipment.options)
        and (when.date_from or date.min) <= shipment.date <= (when.date_to or date.max)
    )


def _over(when: When) -> Iterator[Check]:
    if (least := length(when, "any_side_ge")) is not None:
        yield LONGEST, ceil(least.exact * MILLIMETRE) - 1
    for place, found, scale in (
        (LONGEST, length(when, "longest_gt"), MILLIMETRE),
        (SUM3, length(when, "sum3_gt"), MILLIMETRE),
        (VOLUME, volume(when, "volume_gt"), CUBIC_MILLIMETRE),
        (GIRTH, length(when, "girth_gt"), MILLIMETRE),
        (WEIGHT, mass(when, "weight_gt"), GRAM),
    ):
        if found is not None:
            yield place, floor(found.exact * scale)


def _some_over(when: When) -> Iterator[Check]:
    for at, most in enumerate(lengths(when, "sides_gt")):
        yield LONGEST + at, floor(most.exact * MILLIMETRE)


def _ratio(when: When, grams_per_mm3: Fraction | None) -> tuple[int, int] | None:
    """Volumetric > r x actual as volume x p > weight x q."""
    if when.volumetric_gt_actual_ratio is None or grams_per_mm3 is None:
        return None
    return fraction_of(grams_per_mm3 * _GRAMS_PER_MM3, Fraction(when.volumetric_gt_actual_ratio))


def fraction_of(volume_weighs: Fraction, times: Fraction) -> tuple[int, int]:
    """(p, q) with volume x p : weight x q as volume x ``volume_weighs`` : weight x ``times``."""
    common = volume_weighs.denominator * times.denominator
    return int(volume_weighs * common), int(times * common)


def prefixes(given: Iterable[str]) -> Prefixes:
    """Bare beginnings of postcodes by their length."""
    by_length: dict[int, set[str]] = {}
    for one in given:
        bare = bare_postcode(one)
        by_length.setdefault(len(bare), set()).add(bare)
    return tuple((n, frozenset(known)) for n, known in sorted(by_length.items()))
