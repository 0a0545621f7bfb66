"""Weight and sides of a parcel against limits and conditions; comparisons are exact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from packstation.domain.rating.zones import bare_postcode
from packstation.domain.shipments import Shipment, ShipmentParcel
from packstation.domain.tariff_units import Bound, length, lengths, mass, volume
from packstation.domain.tariffs import Limits, Roll, When

# A refusal before it has a carrier: (reason of FORMATS.md, detail).
Refusal = tuple[str, str]
# Name of a measure, the measure in grams, mm or mm3, what it may be at least and at most.
Check = tuple[str, Fraction, Bound | None, Bound | None]


class Beyond(Struct, frozen=True):
    """A measure beyond a bound: ``name`` "" is the weight; ``bound`` None: it is not known.

    ``value`` and ``bound`` are in ``unit``, the one that the bound was written in.
    """

    name: str
    value: Fraction = Fraction(0)
    bound: Fraction | Decimal | int | None = None
    unit: str = "mm"
    over: bool = True

    @property
    def reason(self) -> str:
        """Of FORMATS.md."""
        return "size" if self.name else "weight"

    @property
    def detail(self) -> str:
        """In English."""
        if self.bound is None:
            return f"{self.name} are not known"
        way = "over" if self.over else "under"
        text = f"{self.name} {written(self.value)} {self.unit} is {way} {self.bound} {self.unit}"
        return text.lstrip()


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
    return ((one.reason, one.detail) for one in beyond(limits, parcel))


def beyond(limits: Limits, parcel: ShipmentParcel) -> Iterator[Beyond]:
    """Measures of ``parcel`` beyond ``limits``; of ``any_of`` one alternative is enough."""
    found = measured(parcel)
    yield from _weight_beyond(limits, found.weight)
    if parcel.shape == "roll" and limits.roll is not None:
        yield from _roll_beyond(limits.roll, parcel)
    else:
        yield from _size_beyond(limits, found)
    alternatives = [list(beyond(one, parcel)) for one in limits.any_of]
    if alternatives and all(alternatives):
        yield alternatives[0][0]


def _checked(checks: Iterable[Check]) -> Iterator[Beyond]:
    for name, value, least, most in checks:
        if least is not None and value < least.exact:
            yield Beyond(name, least.shown(value), least.number, least.unit, over=False)
        if most is not None and value > most.exact:
            yield Beyond(name, most.shown(value), most.number, most.unit)


def _weight_beyond(limits: Limits, weight: Fraction) -> Iterator[Beyond]:
    yield from _checked([("", weight, None, mass(limits, "weight_max"))])
    yield from _checked([("", weight, mass(limits, "weight_min"), None)])


def _roll_beyond(roll: Roll, parcel: ShipmentParcel) -> Iterator[Beyond]:
    if parcel.length_mm is None or parcel.width_mm is None:
        yield Beyond("length and diameter")
        return
    long = Fraction(parcel.length_mm)
    total = long + 2 * Fraction(parcel.width_mm)
    least, most = length(roll, "length_min"), length(roll, "length_max")
    yield from _checked([("length", long, least, most)])
    least, most = length(roll, "length_plus_2d_min"), length(roll, "length_plus_2d_max")
    yield from _checked([("length + 2 diameters", total, least, most)])


def _size_beyond(limits: Limits, found: Measures) -> Iterator[Beyond]:
    if found.sides is None or found.volume is None or found.girth is None:
        if limits_size(limits):
            yield Beyond("sides")
        return
    longest, middle, shortest = found.sides
    volume_max = volume(limits, "volume_max")
    yield from _checked(
        (
            ("longest side", longest, None, length(limits, "longest_max")),
            ("sum of sides", longest + middle + shortest, None, length(limits, "sum3_max")),
            ("girth", found.girth, None, length(limits, "girth_max")),
            ("two longest sides", longest + middle, None, length(limits, "two_largest_sum_max")),
            ("volume", found.volume, None, volume_max),
        )
    )
    for at, (side, most) in enumerate(
        zip(found.sides, lengths(limits, "sides_max"), strict=False), 1
    ):
        yield from _checked([(f"side {at}", side, None, most)])
    for at, (side, least) in enumerate(
        zip(found.sides, lengths(limits, "sides_min"), strict=False), 1
    ):
        yield from _checked([(f"side {at}", side, least, None)])


def limits_size(limits: Limits) -> bool:
    """Whether sides matter to ``limits`` (its roll and its alternatives apart)."""
    stems = ("longest_max", "sum3_max", "girth_max", "two_largest_sum_max")
    single = (*(length(limits, stem) for stem in stems), volume(limits, "volume_max"))
    listed = (*lengths(limits, "sides_max"), *lengths(limits, "sides_min"))
    return bool(listed) or any(one is not None for one in single)


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
    if (least := length(when, "any_side_ge")) is not None:
        yield sides is not None and sides[0] >= least.exact
    if (most := length(when, "longest_gt")) is not None:
        yield sides is not None and sides[0] > most.exact
    if listed := lengths(when, "sides_gt"):
        yield any(side > most.exact for side, most in zip(sides or (), listed, strict=False))
    if (most := length(when, "sum3_gt")) is not None:
        yield sides is not None and sum(sides) > most.exact
    if (most := volume(when, "volume_gt")) is not None:
        yield found.volume is not None and found.volume > most.exact
    if (most := length(when, "girth_gt")) is not None:
        yield found.girth is not None and found.girth > most.exact


def _other_keys(when: When, found: Measures, shipment: Shipment) -> Iterator[bool]:
    to = shipment.destination
    if when.volumetric_gt_actual_ratio is not None:
        ratio = Fraction(when.volumetric_gt_actual_ratio)
        yield found.volumetric is not None and found.volumetric > ratio * found.weight
    if (most := mass(when, "weight_gt")) is not None:
        yield found.weight > most.exact
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
