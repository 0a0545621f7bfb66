"""The weight that is billed, in the order of FORMATS.md "billable"."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final

from msgspec.structs import replace

from packstation.domain.rating.measures import Measures, holds
from packstation.domain.shipments import Shipment
from packstation.domain.tariffs import Billable

_CM: Final = Fraction(10)
_INCH: Final = Fraction("25.4")
_ROUND_TO: Final = {"up_cm": _CM, "nearest_cm": _CM, "up_in": _INCH, "nearest_in": _INCH}


def up_to_step(value: Fraction, step: Decimal | None) -> Fraction:
    """``value`` raised to the next multiple of ``step``; an exact multiple stays."""
    return value if step is None else ceil(value / Fraction(step)) * Fraction(step)


def billed_grams(rule: Billable, found: Measures, shipment: Shipment) -> tuple[Fraction, str]:
    """Grams to bill for one parcel, before a band's own minimum, and why they are not actual."""
    shaped = _shaped(rule, found)
    weight = _by_mode(rule, shaped, shipment)
    why = "volumetric" if weight > found.weight else ""
    if rule.min_g is not None and weight < rule.min_g:
        weight, why = Fraction(rule.min_g), "minimum"
    return up_to_step(weight, rule.step_g), why


def _shaped(rule: Billable, found: Measures) -> Measures:
    """Sides raised and rounded, with the volumetric weight they make."""
    if found.sides is None or rule.divisor_cm3_per_kg is None:
        return found
    longest, middle, shortest = (_side(rule, side) for side in found.sides)
    shaped = replace(found, sides=(longest, middle, shortest))
    # mm3 / 1000 = cm3; / divisor = kg; x 1000 = g.
    volumetric = longest * middle * shortest / Fraction(rule.divisor_cm3_per_kg)
    return replace(shaped, volumetric=volumetric)


def _side(rule: Billable, side: Fraction) -> Fraction:
    side = max(side, Fraction(rule.side_min_mm or 0))
    unit = _ROUND_TO.get(rule.side_round)
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
