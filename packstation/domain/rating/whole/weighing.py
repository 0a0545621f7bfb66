"""What is billed of a parcel, counted in a tariff's steps (or pieces).

A tariff with a step of 500 g bills 1, 2, 3 ... of them; one without a step bills hundred-
thousandths of a gram, and only actual weight can be told in these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil
from typing import Final

from packstation.domain.rating.billing import ROUND_TO
from packstation.domain.rating.whole.conditions import Condition, condition, fraction_of
from packstation.domain.rating.whole.facts import (
    CUBIC_MILLIMETRE,
    GRAM,
    LONGEST,
    MIDDLE,
    MILLIMETRE,
    SHORTEST,
    UNKNOWN,
    VOLUME,
    WEIGHT,
    measures_of,
)
from packstation.domain.shipments import Shipment
from packstation.domain.tariff_units import exact, length, mass
from packstation.domain.tariffs import Billable, Tariff

Values = Sequence[int]
# (values of the facts, bare postcode) -> steps or pieces.
Weigher = Callable[[Values, str], int]

_MM3: Final = Fraction(1, CUBIC_MILLIMETRE)
_NEVER: Final = (1, 0)


def step_of(tariff: Tariff) -> Fraction | None:
    """Grams of a step (1 where pieces are billed); None where no whole number can say them.

    Nor can it say sides that are raised to what is finer than is counted in.
    """
    if _least_side(tariff.billable).denominator != 1:
        return None
    if tariff.billable.unit is not None:
        return Fraction(1)
    finest = Fraction(1, GRAM)
    step = tariff.step
    if step is not None:
        return step
    least = exact(mass(tariff.billable, "min")) or Fraction(0)
    return finest if tariff.billable.mode == "actual" and not least % finest else None


def weigher(rule: Billable, step: Fraction, shipment: Shipment) -> Weigher:
    """How a parcel is billed, for shipments of one day, country and choice of options."""
    shape = _shaper(rule)
    if rule.unit is not None:
        return _pieces(rule.unit * CUBIC_MILLIMETRE, shape)
    least = ceil((exact(mass(rule, "min")) or 0) / step)
    by_weight = Fraction(1, GRAM) / step
    if rule.mode == "actual" or rule.grams_per_mm3 is None:
        return _actual(by_weight, least)
    by_volume = rule.grams_per_mm3 * _MM3 / step
    waive = Fraction(rule.waive_below_ratio or 0)
    waived = fraction_of(by_volume, waive * by_weight) if waive else _NEVER
    weigh = _by_mode(rule, by_weight, by_volume, shipment)
    actual = _actual(by_weight, least)

    def found(values: Values, postcode: str) -> int:
        if values[VOLUME] == UNKNOWN:
            return actual(values, postcode)
        values = shape(values)
        if values[VOLUME] * waived[0] < values[WEIGHT] * waived[1]:
            return actual(values, postcode)
        return max(weigh(values, postcode), least)

    return found


def _actual(by_weight: Fraction, least: int) -> Weigher:
    up, down = by_weight.numerator, by_weight.denominator
    return lambda values, _: max(-(-values[WEIGHT] * up // down), least)


def _by_mode(
    rule: Billable, by_weight: Fraction, by_volume: Fraction, shipment: Shipment
) -> Weigher:
    """Steps by one of the volumetric modes, for sides that are known and shaped."""
    common = by_weight.denominator * by_volume.denominator
    weight, volume = int(by_weight * common), int(by_volume * common)
    if rule.mode == "share":
        return _share(Fraction(rule.share or 0), weight, volume, common)

    def larger(values: Values, _: str) -> int:
        return -(-max(values[WEIGHT] * weight, values[VOLUME] * volume) // common)

    if rule.mode == "max":
        return larger
    if rule.mode == "volumetric":
        return lambda values, _: -(-values[VOLUME] * volume // common)
    when = condition(rule.when, shipment, rule.grams_per_mm3)
    if isinstance(when, Condition):
        return _if(when, larger, _actual(by_weight, 0))
    return larger if when else _actual(by_weight, 0)


def _if(when: Condition, larger: Weigher, actual: Weigher) -> Weigher:
    return lambda values, postcode: (
        larger(values, postcode) if when.holds(values, postcode) else actual(values, postcode)
    )


def _share(share: Fraction, weight: int, volume: int, common: int) -> Weigher:
    part, whole = share.numerator, share.denominator
    common *= whole

    def found(values: Values, _: str) -> int:
        actual = values[WEIGHT] * weight
        more = max(values[VOLUME] * volume - actual, 0)
        return -(-(actual * whole + more * part) // common)

    return found


def _pieces(unit: Fraction, shape: Callable[[Values], Values]) -> Weigher:
    up, down = unit.denominator, unit.numerator

    def found(values: Values, _: str) -> int:
        if values[VOLUME] == UNKNOWN:
            return 0
        return -(-shape(values)[VOLUME] * up // down)

    return found


def _least_side(rule: Billable) -> Fraction:
    """What sides are raised to, in thousandths of a millimetre."""
    return (exact(length(rule, "side_min")) or Fraction(0)) * MILLIMETRE


def _shaper(rule: Billable) -> Callable[[Values], Values]:
    """Sides raised and rounded."""
    raised = int(_least_side(rule))
    unit = int(ROUND_TO.get(rule.side_round, Fraction(0)) * MILLIMETRE)
    if not raised and not unit:
        return lambda values: values
    up = rule.side_round.startswith("up")

    def side(value: int) -> int:
        value = max(value, raised)
        if not unit:
            return value
        return -(-value // unit) * unit if up else (2 * value + unit) // (2 * unit) * unit

    return lambda values: measures_of(
        values[WEIGHT], side(values[LONGEST]), side(values[MIDDLE]), side(values[SHORTEST])
    )
