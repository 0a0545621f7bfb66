"""Weight and sides of a parcel against limits and conditions; comparisons are exact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from msgspec import Struct

from packstation.domain.rating.zones import bare_postcode
from packstation.domain.shipments import Shipment, ShipmentParcel
from packstation.domain.tariffs import Limits, Roll, When

# A refusal before it has a carrier: (reason of FORMATS.md, detail).
Refusal = tuple[str, str]

MM3_PER_CM3 = 1000


class Measures(Struct, frozen=True):
    """Actual weight in grams, and sides in millimetres as given (longest first) or None.

    ``volumetric`` are grams, once a tariff's divisor has made them.
    """

    weight: Fraction
    sides: tuple[Fraction, Fraction, Fraction] | None
    volumetric: Fraction | None = None

    @property
    def volume(self) -> Fraction | None:
        """Cubic millimetres."""
        return self.sides[0] * self.sides[1] * self.sides[2] if self.sides else None

    @property
    def girth(self) -> Fraction | None:
        """L + 2(W + H), L the longest."""
        return self.sides[0] + 2 * (self.sides[1] + self.sides[2]) if self.sides else None


def measured(parcel: ShipmentParcel) -> Measures:
    """The measures of a parcel as given; a roll as the box around it."""
    sides = parcel.sides
    if sides is None:
        return Measures(Fraction(parcel.weight_g), None)
    longest, middle, shortest = sorted((Fraction(side) for side in sides), reverse=True)
    return Measures(Fraction(parcel.weight_g), (longest, middle, shortest))


def written(number: Fraction) -> str:
    """A number for the eye: whole, or with at most three digits after the point."""
    return f"{float(round(number, 3)):.3f}".rstrip("0").rstrip(".")


def limit_refusals(limits: Limits, parcel: ShipmentParcel) -> Iterator[Refusal]:
    """Why ``parcel`` is beyond ``limits``; of ``any_of`` one alternative is enough."""
    found = measured(parcel)
    yield from _weight_refusals(limits, found.weight)
    if parcel.shape == "roll" and limits.roll is not None:
        yield from _roll_refusals(limits.roll, parcel)
    else:
        yield from _size_refusals(limits, found)
    alternatives = [list(limit_refusals(one, parcel)) for one in limits.any_of]
    if alternatives and all(alternatives):
        yield alternatives[0][0]


def _weight_refusals(limits: Limits, weight: Fraction) -> Iterator[Refusal]:
    if limits.weight_max_g is not None and weight > limits.weight_max_g:
        yield "weight", f"{written(weight)} g is over {limits.weight_max_g} g"
    if limits.weight_min_g is not None and weight < limits.weight_min_g:
        yield "weight", f"{written(weight)} g is under {limits.weight_min_g} g"


def _roll_refusals(roll: Roll, parcel: ShipmentParcel) -> Iterator[Refusal]:
    if parcel.length_mm is None or parcel.width_mm is None:
        yield "size", "length and diameter are not known"
        return
    length = Fraction(parcel.length_mm)
    total = length + 2 * Fraction(parcel.width_mm)
    checks = (
        ("length", length, roll.length_min_mm, roll.length_max_mm),
        ("length + 2 diameters", total, roll.length_plus_2d_min_mm, roll.length_plus_2d_max_mm),
    )
    for name, value, least, most in checks:
        if least is not None and value < least:
            yield "size", f"{name} {written(value)} mm is under {least} mm"
        if most is not None and value > most:
            yield "size", f"{name} {written(value)} mm is over {most} mm"


def _size_refusals(limits: Limits, found: Measures) -> Iterator[Refusal]:
    if found.sides is None or found.volume is None:
        if _limits_size(limits):
            yield "size", "sides are not known"
        return
    longest, middle, shortest = found.sides
    checks = (
        ("longest side", longest, limits.longest_max_mm, "mm"),
        ("sum of sides", longest + middle + shortest, limits.sum3_max_mm, "mm"),
        ("girth", found.girth, limits.girth_max_mm, "mm"),
        ("two longest sides", longest + middle, limits.two_largest_sum_max_mm, "mm"),
        ("volume", found.volume / MM3_PER_CM3, limits.volume_max_cm3, "cm3"),
    )
    for name, value, most, unit in checks:
        if most is not None and value is not None and value > most:
            yield "size", f"{name} {written(value)} {unit} is over {most} {unit}"
    for at, (side, most) in enumerate(zip(found.sides, limits.sides_max_mm, strict=False), 1):
        if side > most:
            yield "size", f"side {at} {written(side)} mm is over {most} mm"
    for at, (side, least) in enumerate(zip(found.sides, limits.sides_min_mm, strict=False), 1):
        if side < least:
            yield "size", f"side {at} {written(side)} mm is under {least} mm"


def _limits_size(limits: Limits) -> bool:
    single = (
        limits.longest_max_mm,
        limits.sum3_max_mm,
        limits.girth_max_mm,
        limits.two_largest_sum_max_mm,
        limits.volume_max_cm3,
    )
    return bool(limits.sides_max_mm or limits.sides_min_mm) or any(x is not None for x in single)


def holds(when: When, found: Measures, shipment: Shipment) -> bool:
    """Whether every key of ``when`` holds for a parcel; unknown sides meet no size key."""
    return (
        all(_size_keys(when, found))
        and all(_other_keys(when, found, shipment))
        and (not when.any_of or any(holds(one, found, shipment) for one in when.any_of))
        and not any(holds(one, found, shipment) for one in when.none_of)
    )


def _size_keys(when: When, found: Measures) -> Iterator[bool]:
    sides = found.sides
    if when.any_side_ge_mm is not None:
        yield sides is not None and sides[0] >= when.any_side_ge_mm
    if when.longest_gt_mm is not None:
        yield sides is not None and sides[0] > when.longest_gt_mm
    if when.sides_gt_mm:
        pairs = zip(sides or (), when.sides_gt_mm, strict=False)
        yield any(side > most for side, most in pairs)
    if when.sum3_gt_mm is not None:
        yield sides is not None and sum(sides) > when.sum3_gt_mm
    if when.volume_gt_cm3 is not None:
        yield found.volume is not None and found.volume / MM3_PER_CM3 > when.volume_gt_cm3
    if when.girth_gt_mm is not None:
        yield found.girth is not None and found.girth > when.girth_gt_mm


def _other_keys(when: When, found: Measures, shipment: Shipment) -> Iterator[bool]:
    to = shipment.destination
    if when.volumetric_gt_actual_ratio is not None:
        ratio = Fraction(when.volumetric_gt_actual_ratio)
        yield found.volumetric is not None and found.volumetric > ratio * found.weight
    if when.weight_gt_g is not None:
        yield found.weight > when.weight_gt_g
    if when.countries:
        yield to.country in when.countries
    if when.postcode_prefixes:
        prefixes = tuple(bare_postcode(prefix) for prefix in when.postcode_prefixes)
        yield bare_postcode(to.postcode).startswith(prefixes)
    if when.options:
        yield set(when.options) <= set(shipment.options)
    yield (when.date_from or date.min) <= shipment.date <= (when.date_to or date.max)


def options_of(whens: Iterable[When]) -> set[str]:
    """Every option that a condition speaks of."""
    found: set[str] = set()
    for when in whens:
        found |= {*when.options, *options_of(when.any_of), *options_of(when.none_of)}
    return found
