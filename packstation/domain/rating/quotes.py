"""Prices and refusals of one shipment by many tariffs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any, Final

from msgspec.structs import replace

from packstation.domain.orders import Rate
from packstation.domain.rating.billing import billed, together
from packstation.domain.rating.measures import Refusal, limit_refusals, measured, options_of
from packstation.domain.rating.prices import Line, NoBand, Priced, Told, bill, fee_line, freight
from packstation.domain.rating.zones import zone_of
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.shipments import Place, Shipment
from packstation.domain.tariff_units import POUND
from packstation.domain.tariffs import Promise, Tariff

REASONS: Final = ("date zone option weight size value battery goods need band promise").split()
_FRIDAY: Final = 4
_LB_PLACES: Final = 6

Rates = Mapping[tuple[str, str], Decimal]


def quote(
    shipment: Shipment, tariffs: Iterable[Tariff], rates: Iterable[Rate] = ()
) -> tuple[tuple[Quoted, ...], tuple[RefusedService, ...]]:
    """Quotes by rank, and refusals: each service once, in one of the two.

    Of several tariffs of a service the latest valid on the shipment's date counts. ``rates``
    stand behind those of the shipment.
    """
    table = {(rate.from_, rate.to): rate.rate for rate in (*rates, *shipment.rates)}
    services: dict[tuple[str, str], list[Tariff]] = {}
    for tariff in tariffs:
        services.setdefault((tariff.carrier, tariff.service), []).append(tariff)
    quotes: list[Quoted] = []
    refusals: list[RefusedService] = []
    for (carrier, service), versions in sorted(services.items()):
        valid = version_on(shipment.date, versions)
        if valid is None:
            answer: Quoted | Refusal = not_valid(shipment.date, versions)
        else:
            answer = answer_of(valid, shipment, table)
        if isinstance(answer, Quoted):
            quotes.append(answer)
        else:
            refusals.append(RefusedService(carrier, service, *answer))
    return _ranked(quotes, table), tuple(refusals)


def version_on(day: date, versions: Iterable[Tariff]) -> Tariff | None:
    """Of a service's tariffs the latest that is valid on ``day``."""
    valid = [tariff for tariff in versions if tariff.valid_on(day)]
    return max(valid, key=lambda one: (one.valid_from, one.version), default=None)


def not_valid(day: date, versions: Iterable[Tariff]) -> Refusal:
    """None of a service's tariffs is valid on ``day``."""
    known = ", ".join(sorted(f"{one.valid_from}..{one.valid_to or ''}" for one in versions))
    return "date", f"{day} is not in {known}"


def answer_of(tariff: Tariff, shipment: Shipment, rates: Rates) -> Quoted | Refusal:
    """What one tariff says: a quote without a rank, or the first reason of `REASONS`."""
    zone = zone_of(tariff, shipment.destination)
    found = list(_refusals(tariff, shipment, rates))
    priced: list[Priced] = []
    if zone is None:
        found.append(not_served(shipment.destination))
    else:
        try:
            priced = _freights(tariff, zone, shipment)
        except NoBand as exc:
            found.append(("band", str(exc)))
        found += _band_refusals(priced, shipment)
    if found:
        return first_of(found)
    return _quoted(tariff, shipment, priced)


def first_of(found: Iterable[Refusal]) -> Refusal:
    """The refusal whose reason comes first."""
    return min(found, key=lambda refusal: REASONS.index(refusal[0]))


def not_served(place: Place) -> Refusal:
    """No zone has the place."""
    return "zone", f"{place.country} {place.postcode}".strip() + " is not served"


def _freights(tariff: Tariff, zone: str, shipment: Shipment) -> list[Priced]:
    """One a parcel, or one of the whole consignment."""
    found = [measured(parcel) for parcel in shipment.parcels]
    if as_whole(tariff):
        return [freight(tariff, zone, together(tariff, found, shipment))]
    return [freight(tariff, zone, billed(tariff, one, shipment)) for one in found]


def as_whole(tariff: Tariff) -> bool:
    """Whether a consignment is billed once, and not parcel by parcel."""
    return tariff.billable.per == "consignment"


def _band_refusals(priced: Sequence[Priced], shipment: Shipment) -> Iterator[Refusal]:
    each = list(priced) * len(shipment.parcels) if len(priced) == 1 else priced
    for one, parcel in zip(each, shipment.parcels, strict=False):
        for band in one.bands:
            yield from limit_refusals(band.limits, parcel)


def _refusals(tariff: Tariff, shipment: Shipment, rates: Rates) -> Iterator[Refusal]:
    """Every reason that needs no zone, in no order."""
    for parcel in shipment.parcels:
        yield from limit_refusals(tariff.limits, parcel)
        if by_sides(tariff) and parcel.sides is None:
            yield "size", "sides are not known"
    yield from value_refusals(tariff, shipment, rates)
    yield from unmeasured_refusals(tariff, shipment)


def unmeasured_refusals(tariff: Tariff, shipment: Shipment) -> Iterator[Refusal]:
    """What neither weight, sides, postcode nor value have to do with, in no order."""
    offered = options_of([*(fee.when for fee in tariff.fees), tariff.billable.when])
    for option in shipment.options:
        if option not in offered:
            yield "option", f"{option} is not offered"
    gates, goods = tariff.gates, shipment.goods
    if gates.battery is not None and goods.battery not in gates.battery:
        yield "battery", f"{goods.battery} is not among {', '.join(gates.battery) or 'none'}"
    for kind in goods.classes:
        if kind in gates.refused_classes:
            yield "goods", f"{kind} is refused"
    for contact in gates.needs:
        if contact not in shipment.contacts:
            yield "need", f"{contact} is missing"
    yield from _promise_refusals(tariff.promise, shipment)


def by_sides(tariff: Tariff) -> bool:
    """Whether what is billed comes from the sides too."""
    return tariff.billable.mode != "actual" or tariff.billable.unit is not None


def value_refusals(tariff: Tariff, shipment: Shipment, rates: Rates) -> Iterator[Refusal]:
    """Why the declared value is not carried."""
    gate, value = tariff.gates.declared_value, shipment.declared_value
    if gate is None or (gate.min is None and gate.max is None):
        return
    if value is None:
        yield "value", "the declared value is not known"
        return
    amount = converted(value.amount, value.currency, gate.currency, rates)
    if amount is None:
        yield "value", f"no rate from {value.currency} to {gate.currency}"
        return
    if gate.min is not None and amount < gate.min:
        yield "value", f"{value.amount} {value.currency} is under {gate.min} {gate.currency}"
    if gate.max is not None and amount > gate.max:
        yield "value", f"{value.amount} {value.currency} is over {gate.max} {gate.currency}"


def converted(amount: Decimal, currency: str, wanted: str, rates: Rates) -> Fraction | None:
    """An amount in another currency, by the rate or its inverse; None without either."""
    if currency == wanted:
        return Fraction(amount)
    straight, back = rates.get((currency, wanted)), rates.get((wanted, currency))
    if straight:
        return Fraction(amount) * Fraction(straight)
    return Fraction(amount) / Fraction(back) if back else None


def _promise_refusals(promise: Promise, shipment: Shipment) -> Iterator[Refusal]:
    if shipment.promise_days is None or promise.max_days is None:
        return
    days = promise.max_days
    if promise.unit == "business":
        days = (_after_business_days(shipment.date, days) - shipment.date).days
    if days > shipment.promise_days:
        yield "promise", f"up to {days} days, {shipment.promise_days} are promised"


def _after_business_days(start: date, days: int) -> date:
    """The day that many Mondays to Fridays later; holidays are not known here."""
    weeks, rest = divmod(days, 5)
    day = start + timedelta(weeks=weeks)
    while rest:
        day += timedelta(days=1)
        rest -= day.weekday() <= _FRIDAY
    return day


def _quoted(tariff: Tariff, shipment: Shipment, priced: Sequence[Priced]) -> Quoted:
    amount, rows = _bill(tariff, shipment, priced)
    total = sum((one.billed for one in priced), Fraction(0))
    weight = sum((Fraction(parcel.weight_g) for parcel in shipment.parcels), Fraction(0))
    measure = tariff.measure
    return Quoted(
        carrier=tariff.carrier,
        service=tariff.service,
        amount=amount,
        currency=tariff.currency,
        billable_g=ceil(weight if measure == "unit" else total),
        min_days=tariff.promise.min_days,
        max_days=tariff.promise.max_days,
        rank=0,
        channel=tariff.channel,
        tariff=tariff.version,
        lines=rows,
        billable_lb=pounds(total) if measure == "lb" else None,
        billable_units=int(total) if measure == "unit" else None,
    )


def pounds(grams: Fraction) -> Decimal:
    """Pounds to six places, without noughts at the end."""
    millionths = round(grams / POUND * 10**_LB_PLACES)
    return Decimal(millionths).scaleb(-_LB_PLACES).normalize() + 0


def _bill(
    tariff: Tariff, shipment: Shipment, priced: Sequence[Priced]
) -> tuple[Decimal, tuple[Told, ...]]:
    notes = "; ".join(one.note for one in priced)
    actual = [measured(parcel) for parcel in shipment.parcels]
    whole = priced[0].billed if as_whole(tariff) else None
    if whole is None:
        lines = [Line("freight", [one.amount for one in priced], notes)]
    else:
        lines = [Line("freight", [Fraction(0)] * len(actual), notes, priced[0].amount)]
    billed = [one.billed for one in priced] if whole is None else [Fraction(0)] * len(actual)
    for fee in tariff.fees:
        line = fee_line(fee, lines, list(zip(actual, billed, strict=True)), shipment, whole)
        if line is not None:
            lines.append(line)
    return bill(lines, tariff.rounding, tariff.currency)


def explain(tariff: Tariff, shipment: Shipment) -> tuple[Told, ...]:
    """The lines of a price that ``tariff`` has for ``shipment``: (code, amount, note).

    Raises:
        NoBand: it has none.
    """
    zone = zone_of(tariff, shipment.destination)
    if zone is None:
        raise NoBand("the place is not served")
    return _bill(tariff, shipment, _freights(tariff, zone, shipment))[1]


def _ranked(quotes: Sequence[Quoted], rates: Rates) -> tuple[Quoted, ...]:
    """By price, then fewer days, carrier, service; a price without a rate stands behind."""
    home = min((one.currency for one in quotes), default="")

    def key(one: Quoted) -> tuple[bool, Fraction, float, str, str]:
        amount = converted(one.amount, one.currency, home, rates)
        days = float("inf") if one.max_days is None else one.max_days
        price = Fraction(one.amount) if amount is None else amount
        return amount is None, price, days, one.carrier, one.service

    ordered = enumerate(sorted(quotes, key=key), 1)
    return tuple(replace(one, rank=rank) for rank, one in ordered)


def to_json(quotes: Sequence[Quoted], refusals: Sequence[RefusedService]) -> dict[str, Any]:
    """The answer of FORMATS.md "packstation.shipment/1"."""
    return {
        "quotes": [
            {
                "carrier": one.carrier,
                "service": one.service,
                "total": {"amount": f"{one.amount:f}", "currency": one.currency},
                **_billable(one),
                "lines": [
                    {"code": code, "amount": f"{amount:f}", "note": note}
                    for code, amount, note in one.lines
                ],
                "promise": {"min_days": one.min_days, "max_days": one.max_days},
                "rank": one.rank,
            }
            for one in quotes
        ],
        "refusals": [
            {
                "carrier": one.carrier,
                "service": one.service,
                "reason": one.reason,
                "detail": one.detail,
            }
            for one in refusals
        ],
    }


def _billable(one: Quoted) -> dict[str, float]:
    """Whole numbers as such; a pound's parts as they are."""
    if one.billable_units is not None:
        return {"billable_units": one.billable_units}
    if one.billable_lb is None:
        return {"billable_g": one.billable_g}
    whole = one.billable_lb == int(one.billable_lb)
    return {"billable_lb": int(one.billable_lb) if whole else float(one.billable_lb)}
