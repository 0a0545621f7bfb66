"""The weight, or the pieces, that are billed, in the order of FORMATS.md "billable"."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Final

from msgspec.structs import replace

from packstation.domain.rating.measures import Measures, holds
from packstation.domain.shipments import Shipment
from packstation.domain.tariff_units import INCH, exact, length, mass
from packstation.domain.tariffs import Billable, Tariff

_CM: Final = Fraction(10)
ROUND_TO: Final = {"up_cm": _CM, "nearest_cm": _CM, "up_in": INCH, "nearest_in": INCH}


def up_to_step(value: Fraction, step: Fraction | None) -> Fraction:
    """``value`` raised to the next multiple of ``step``; an exact multiple stays."""
    return value if step is None else ceil(value / step) * step


def billed(tariff: Tariff, found: Measures, shipment: Shipment) -> Fraction:
    """Grams (or pieces) to bill for one parcel, before a band's own minimum.

    A tariff by volume finds nothing to bill in a parcel whose sides are not known: its actual
    weight, or no piece.
    """
    rule = tariff.billable
    shaped = _shaped(rule, found)
    if rule.unit is not None:
        return Fraction(ceil((shaped.volume or 0) / rule.unit))
    weight = max(_by_mode(rule, shaped, shipment), exact(mass(rule, "min")) or Fraction(0))
    return up_to_step(weight, tariff.step)


def together(tariff: Tariff, found: Sequence[Measures], shipment: Shipment) -> Fraction:
    """Grams (or pieces) to bill for all parcels of a consignment, as `billed` does for one.

    Sides are raised and rounded parcel by parcel; minimum, step and the started piece count once.
    """
    rule = tariff.billable
    shaped = [_shaped(rule, one) for one in found]
    if rule.unit is not None:
        volume = sum((one.volume or Fraction(0) for one in shaped), Fraction(0))
        return Fraction(ceil(volume / rule.unit))
    weights = sum((one.weight for one in shaped), Fraction(0))
    known = [one.volumetric for one in shaped if one.volumetric is not None]
    volumetric = sum(known, Fraction(0)) if len(known) == len(shaped) else None
    weight = _by_mode(rule, Measures(weights, None, volumetric), shipment)
    return up_to_step(max(weight, exact(mass(rule, "min")) or Fraction(0)), tariff.step)


def _shaped(rule: Billable, found: Measures) -> Measures:
    """Sides raised and rounded, with the volumetric weight they make."""
    each = rule.grams_per_mm3
    if found.sides is None or (each is None and rule.unit is None):
        return found
    longest, middle, shortest = (_side(rule, side) for side in found.sides)
    volumetric = None if each is None else longest * middle * shortest * each
    return replace(found, sides=(longest, middle, shortest), volumetric=volumetric)


def _side(rule: Billable, side: Fraction) -> Fraction:
    side = max(side, exact(length(rule, "side_min")) or Fraction(0))
    unit = ROUND_TO.get(rule.side_round)
    if unit is None:
        return side
    if rule.side_round.startswith("up"):
        return ceil(side / unit) * unit
    return floor(side / unit + Fraction(1, 2)) * unit


def _by_mode(rule: Billable, found: Measures, shipment: Shipment) -> Fraction:
    actual, volumetric = found.weight, found.volumetric
    if rule.mode == "actual" or volumetric is None:
        return actual
    if rule.waive_below_ratio is not None and volumetric < actual * Fraction(
        rule.waive_below_ratio
    ):
        return actual
    if rule.mode == "volumetric":
        return volumetric
    if rule.mode == "share":
        share = Fraction(rule.share or 0)
        return actual + max(volumetric - actual, Fraction(0)) * share
    if rule.mode == "volumetric_if" and not holds(rule.when, found, shipment):
        return actual
    return max(actual, volumetric)
