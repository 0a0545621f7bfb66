"""From billed grams to amounts: bands, price formulas, fees and rounding, all exact."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from math import ceil, floor
from typing import Final

from msgspec import Struct, field

from packstation.domain.quantities import minor_units
from packstation.domain.rating.measures import Measures, holds, written
from packstation.domain.shipments import Shipment
from packstation.domain.tariff_units import POUND, Measure, exact, mass
from packstation.domain.tariffs import (
    Band,
    Fee,
    Flat,
    Linear,
    PerUnit,
    Rounding,
    Step,
    Tariff,
)

_FREIGHT: Final = "freight"
# Lines that never end in decimals (a third of a franc) are shown to six places.
_SHOWN: Final = 6
# More than any product of the numbers that tariffs and shipments may hold.
_DIGITS: Final = 100


# A line of a bill for the eye: code, amount, note.
Told = tuple[str, Decimal, str]


class NoBand(LookupError):
    """No band of the zone covers the billed weight; says which weight."""


class Priced(Struct, frozen=True):
    """A parcel's freight: the bands it was priced by, what is billed, amount, explanation.

    ``billed`` are grams, or pieces where the tariff bills these.
    """

    bands: tuple[Band, ...]
    billed: Fraction
    amount: Fraction
    note: str


class Line(Struct):
    """A line of the bill: an amount for each parcel, or one for the shipment."""

    code: str
    per_parcel: list[Fraction]
    note: str
    shipment: Fraction = field(default_factory=Fraction)

    @property
    def total(self) -> Fraction:
        """What the line comes to."""
        return sum(self.per_parcel, self.shipment)


def freight(tariff: Tariff, zone: str, billed: Fraction) -> Priced:
    """Freight of one parcel by its billed grams or pieces.

    Raises:
        NoBand: no band of the zone, or no tier of its price, reaches that far.
    """
    measure = tariff.measure
    bands = _bands(tariff, zone, billed)
    band = bands[-1]
    billed = max(billed, band.least)
    if tariff.combine == "slab":
        return Priced((band,), billed, *band_price(band, billed, measure))
    amount, notes = Fraction(0), []
    for at, one in enumerate(bands):
        # The last band takes the rest, its own minimum included.
        end = billed if at == len(bands) - 1 else one.up_to or Fraction(0)
        part, note = band_price(one, end - one.over, measure)
        amount += part
        notes.append(note)
    return Priced(bands, billed, amount, "; ".join(notes))


def in_order(bands: Sequence[Band], zone: str) -> list[Band]:
    """The bands of a zone, the lower end first; of two that end together the lower beginning."""

    def ends(band: Band) -> tuple[bool, Fraction, Fraction]:
        end = band.up_to
        return end is None, end or Fraction(0), band.over

    return sorted((band for band in bands if band.zone == zone), key=ends)


def _bands(tariff: Tariff, zone: str, billed: Fraction) -> tuple[Band, ...]:
    """The band of a weight; with ``combine`` graduated all that lead up to it, without a gap."""
    shown = told(billed, tariff.measure)
    ours = in_order(tariff.bands, zone)
    for at, band in enumerate(ours):
        if band.over < billed and (band.up_to is None or billed <= band.up_to):
            if tariff.combine == "slab":
                return (band,)
            return _unbroken(ours[: at + 1], shown, tariff.measure)
    raise NoBand(f"no price for {shown} in zone {zone}")


def _unbroken(bands: Sequence[Band], shown: str, measure: Measure) -> tuple[Band, ...]:
    reached = Fraction(0)
    for band in bands:
        if band.over != reached:
            raise NoBand(f"no price for {shown}: nothing from {told(reached, measure)} on")
        reached = band.up_to or reached
    return tuple(bands)


def told(billed: Fraction, measure: Measure) -> str:
    """Billed grams or pieces for the eye, in the tariff's measure."""
    if measure == "g":
        return f"{written(billed)} g"
    return f"{written(billed / POUND)} lb" if measure == "lb" else f"{written(billed)} units"


def band_price(band: Band, billed: Fraction, measure: Measure = "g") -> tuple[Fraction, str]:
    """Amount and explanation of the billed grams or pieces by one band's formula.

    Raises:
        NoBand: the formula does not reach that far.
    """
    price = band.price
    if isinstance(price, Flat):
        return Fraction(price.amount), f"{price.amount}"
    if isinstance(price, PerUnit):
        return billed * Fraction(price.amount), f"{told(billed, measure)} x {price.amount}"
    if isinstance(price, Linear):
        return _linear(price, band, billed, measure)
    return _steps(price, billed, measure)


def each_gram(price: Linear) -> Fraction:
    """What a gram costs."""
    if price.per_g is not None:
        return Fraction(price.per_g)
    if price.per_lb is not None:
        return Fraction(price.per_lb) / POUND
    return Fraction(price.per_kg or 0) / 1000


def excess_from(price: Linear, band: Band) -> Fraction:
    """Above how many grams a price counts: from nothing on, unless it is of the excess."""
    if price.on == "billable":
        return Fraction(0)
    start = exact(mass(price, "over"))
    return band.over if start is None else start


def _linear(price: Linear, band: Band, grams: Fraction, measure: Measure) -> tuple[Fraction, str]:
    grams = max(grams - excess_from(price, band), Fraction(0))
    if price.per_g is not None:
        rate = f"{price.per_g}"
    else:
        rate = f"{price.per_kg}/kg" if price.per_lb is None else f"{price.per_lb}/lb"
    fixed = f"{price.fixed} + " if price.fixed else ""
    note = f"{fixed}{told(grams, measure)} x {rate}"
    return Fraction(price.fixed) + grams * each_gram(price), note


def _steps(price: Step, grams: Fraction, measure: Measure) -> tuple[Fraction, str]:
    amount, note = Fraction(price.first), f"{price.first}"
    reached = exact(mass(price, "first")) or Fraction(0)
    for tier in price.tiers:
        if grams <= reached:
            break
        most = exact(mass(tier, "up_to"))
        end = grams if most is None else min(grams, most)
        if end <= reached:
            continue
        count = ceil((end - reached) / (exact(mass(tier, "step")) or 1))
        amount += count * Fraction(tier.fee)
        note += f" + {count} x {tier.fee}"
        reached = end
    if grams > reached:
        raise NoBand(f"no price step for {told(grams, measure)}")
    return amount, note


# What a fee of each kind counts of a parcel: (grams or pieces in one, its name).
_COUNTED: Final = {
    "per_kg": (Fraction(1000), "kg"),
    "per_lb": (POUND, "lb"),
    "per_unit": (Fraction(1), "unit"),
}


def fee_line(
    fee: Fee,
    lines: Sequence[Line],
    parcels: Sequence[tuple[Measures, Fraction]],
    shipment: Shipment,
    whole: Fraction | None = None,
) -> Line | None:
    """The line of a fee, or None where its condition holds for no parcel.

    ``parcels`` are actual measures and what is billed; conditions look at the former. ``whole``
    is what is billed of a consignment that is billed once: a fee by the kilogram counts that.
    """
    hit = [holds(fee.when, found, shipment) for found, _ in parcels]
    if not any(hit):
        return None
    amount, nothing = Fraction(fee.amount), Fraction(0)
    line = Line(fee.code, [nothing] * len(hit), "")
    if fee.kind == "fixed":
        line.shipment, line.note = amount, f"{fee.amount} a shipment"
    elif fee.kind == "percent":
        based = [one for one in lines if one.code in fee.base]
        for at, counts in enumerate(hit):
            base = sum((one.per_parcel[at] for one in based), nothing)
            line.per_parcel[at] = base * amount / 100 if counts else nothing
        line.shipment = sum((one.shipment for one in based), nothing) * amount / 100
        line.note = f"{fee.amount} % of {', '.join(fee.base)}"
    elif whole is not None and fee.kind in _COUNTED:
        one, unit = _COUNTED[fee.kind]
        line.shipment = whole / one * amount
        line.note = f"{written(whole / one)} {unit} x {fee.amount}"
    else:
        each_of, unit = _COUNTED.get(fee.kind, (None, "parcel"))
        each = [Fraction(1) if each_of is None else billed / each_of for _, billed in parcels]
        counted = [unit if counts else nothing for unit, counts in zip(each, hit, strict=True)]
        line.per_parcel = [unit * amount for unit in counted]
        line.note = f"{written(sum(counted, nothing))} {unit} x {fee.amount}"
    _bound(line, fee)
    return line


def _bound(line: Line, fee: Fee) -> None:
    """Keep the fee within its ``min`` and ``max``."""
    total = line.total
    bounded = total if fee.min is None else max(total, Fraction(fee.min))
    bounded = bounded if fee.max is None else min(bounded, Fraction(fee.max))
    if bounded != total:
        line.shipment += bounded - total
        line.note += ", minimum" if bounded > total else ", maximum"


def rounded(value: Fraction, rule: Rounding) -> Fraction:
    """``value`` as a multiple of the rule's quantum; "up" and half up go away from zero."""
    quantum = Fraction(rule.quantum)
    units, sign = abs(value) / quantum, -1 if value < 0 else 1
    if rule.mode == "up":
        return sign * ceil(units) * quantum
    if rule.mode == "half_up":
        return sign * floor(units + Fraction(1, 2)) * quantum
    return sign * round(units) * quantum


def bill(lines: Sequence[Line], rule: Rounding, currency: str) -> tuple[Decimal, tuple[Told, ...]]:
    """The total and its lines (code, amount, note); they add up, by a rounding line if need be.

    A discount takes a price down to nothing and no further.
    """
    amounts = [rounded(one.total, rule) if rule.per == "line" else one.total for one in lines]
    total = sum(amounts, Fraction(0))
    total = rounded(total, rule) if rule.per == "total" else total
    note = f"{rule.mode} to {rule.quantum}" if total >= 0 else "not below 0"
    total = max(total, Fraction(0))
    with localcontext(prec=_DIGITS):
        each = [shown(amount, currency) for amount in amounts]
        answer = shown(total, currency)
        rows = [(one.code, amount, one.note) for one, amount in zip(lines, each, strict=True)]
        rest = answer - sum(each, Decimal(0))
    if rest:
        rows.append(("rounding", rest, note))
    return answer, tuple(rows)


def shown(value: Fraction, currency: str) -> Decimal:
    """A decimal with at least the currency's digits, exact up to six places."""
    with localcontext(prec=_DIGITS):
        quotient = Decimal(value.numerator) / Decimal(value.denominator)
        places = max(minor_units(currency), -int(quotient.normalize().as_tuple().exponent))
        quantum = Decimal(1).scaleb(-min(places, _SHOWN))
        return quotient.quantize(quantum, rounding=ROUND_HALF_UP)
