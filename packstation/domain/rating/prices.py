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
from packstation.domain.tariffs import Band, Fee, Flat, Linear, Rounding, Step, Tariff

_FREIGHT: Final = "freight"
# Lines that never end in decimals (a third of a franc) are shown to six places.
_SHOWN: Final = 6
# More than any product of the numbers that tariffs and shipments may hold.
_DIGITS: Final = 100


class NoBand(LookupError):
    """No band of the zone covers the billed weight; says which weight."""


class Priced(Struct, frozen=True):
    """A parcel's freight: the bands it was priced by, billed grams, amount, explanation."""

    bands: tuple[Band, ...]
    grams: Fraction
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


def freight(tariff: Tariff, zone: str, grams: Fraction) -> Priced:
    """Freight of one parcel.

    Raises:
        NoBand: no band of the zone, or no tier of its price, reaches that far.
    """
    bands = _bands(tariff, zone, grams)
    band = bands[-1]
    grams = max(grams, Fraction(band.min_billable_g or 0))
    if tariff.combine == "slab":
        return Priced((band,), grams, *band_price(band, grams))
    amount, notes = Fraction(0), []
    for at, one in enumerate(bands):
        # The last band takes the rest, its own minimum included.
        end = grams if at == len(bands) - 1 else Fraction(one.up_to_g or 0)
        part, note = band_price(one, end - Fraction(one.over_g))
        amount += part
        notes.append(note)
    return Priced(bands, grams, amount, "; ".join(notes))


def _bands(tariff: Tariff, zone: str, grams: Fraction) -> tuple[Band, ...]:
    """The band of a weight; with ``combine`` graduated all that lead up to it, without a gap."""
    ours = sorted(
        (band for band in tariff.bands if band.zone == zone),
        key=lambda band: (band.up_to_g is None, band.up_to_g or 0, band.over_g),
    )
    for at, band in enumerate(ours):
        if band.over_g < grams and (band.up_to_g is None or grams <= band.up_to_g):
            if tariff.combine == "slab":
                return (band,)
            return _unbroken(ours[: at + 1], grams)
    raise NoBand(f"no price for {written(grams)} g in zone {zone}")


def _unbroken(bands: Sequence[Band], grams: Fraction) -> tuple[Band, ...]:
    reached = Decimal(0)
    for band in bands:
        if band.over_g != reached:
            raise NoBand(f"no price for {written(grams)} g: nothing from {reached} g on")
        reached = band.up_to_g or reached
    return tuple(bands)


def band_price(band: Band, grams: Fraction) -> tuple[Fraction, str]:
    """Amount and explanation of `grams` by one band's formula.

    Raises:
        NoBand: the formula does not reach that far.
    """
    price = band.price
    if isinstance(price, Flat):
        return Fraction(price.amount), f"{price.amount}"
    if isinstance(price, Linear):
        return _linear(price, band, grams)
    return _steps(price, grams)


def _linear(price: Linear, band: Band, grams: Fraction) -> tuple[Fraction, str]:
    if price.on == "excess":
        start = band.over_g if price.over_g is None else price.over_g
        grams = max(grams - Fraction(start), Fraction(0))
    if price.per_g is not None:
        each, rate = Fraction(price.per_g), f"{price.per_g}"
    else:
        each, rate = Fraction(price.per_kg or 0) / 1000, f"{price.per_kg}/kg"
    fixed = f"{price.fixed} + " if price.fixed else ""
    return Fraction(price.fixed) + grams * each, f"{fixed}{written(grams)} g x {rate}"


def _steps(price: Step, grams: Fraction) -> tuple[Fraction, str]:
    amount, note = Fraction(price.first), f"{price.first}"
    reached = Fraction(price.first_g)
    for tier in price.tiers:
        if grams <= reached:
            break
        end = grams if tier.up_to_g is None else min(grams, Fraction(tier.up_to_g))
        if end <= reached:
            continue
        count = ceil((end - reached) / Fraction(tier.step_g))
        amount += count * Fraction(tier.fee)
        note += f" + {count} x {tier.fee}"
        reached = end
    if grams > reached:
        raise NoBand(f"no price step for {written(grams)} g")
    return amount, note


def fee_line(
    fee: Fee,
    lines: Sequence[Line],
    parcels: Sequence[tuple[Measures, Fraction]],
    shipment: Shipment,
) -> Line | None:
    """The line of a fee, or None where its condition holds for no parcel.

    ``parcels`` are actual measures and billed grams; conditions look at the former.
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
    else:
        each = [grams / 1000 if fee.kind == "per_kg" else Fraction(1) for _, grams in parcels]
        counted = [unit if counts else nothing for unit, counts in zip(each, hit, strict=True)]
        line.per_parcel = [unit * amount for unit in counted]
        unit = "kg" if fee.kind == "per_kg" else "parcel"
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


def bill(
    lines: Sequence[Line], rule: Rounding, currency: str
) -> tuple[Decimal, tuple[tuple[str, Decimal, str], ...]]:
    """The total and its lines (code, amount, note); they add up, by a rounding line if need be."""
    exact = [rounded(one.total, rule) if rule.per == "line" else one.total for one in lines]
    total = sum(exact, Fraction(0))
    total = rounded(total, rule) if rule.per == "total" else total
    with localcontext(prec=_DIGITS):
        shown = [_decimal(amount, currency) for amount in exact]
        answer = _decimal(total, currency)
        rows = [(one.code, amount, one.note) for one, amount in zip(lines, shown, strict=True)]
        rest = answer - sum(shown, Decimal(0))
    if rest:
        rows.append(("rounding", rest, f"{rule.mode} to {rule.quantum}"))
    return answer, tuple(rows)


def _decimal(value: Fraction, currency: str) -> Decimal:
    """A decimal with at least the currency's digits, exact up to six places."""
    numerator, denominator = Decimal(value.numerator), Decimal(value.denominator)
    quotient = numerator / denominator
    places = max(minor_units(currency), -int(quotient.normalize().as_tuple().exponent))
    quantum = Decimal(1).scaleb(-min(places, _SHOWN))
    return quotient.quantize(quantum, rounding=ROUND_HALF_UP)
