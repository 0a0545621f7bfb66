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
from packstation.domain.rating.billing import billed_grams
from packstation.domain.rating.measures import Refusal, limit_refusals, measured, options_of
from packstation.domain.rating.prices import Line, NoBand, Priced, bill, fee_line, freight
from packstation.domain.rating.zones import zone_of
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.shipments import Shipment
from packstation.domain.tariffs import Promise, Tariff

REASONS: Final = ("date zone option weight size value battery goods need band promise").split()
_FRIDAY: Final = 4


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
        answer = _service(shipment, versions, table)
        if isinstance(answer, Quoted):
            quotes.append(answer)
        else:
            refusals.append(RefusedService(carrier, service, *answer))
    return _ranked(quotes, table), tuple(refusals)


def _service(
    shipment: Shipment, versions: Sequence[Tariff], rates: Mapping[tuple[str, str], Decimal]
) -> Quoted | Refusal:
    valid = [tariff for tariff in versions if tariff.valid_on(shipment.date)]
    if not valid:
        known = ", ".join(sorted(f"{one.valid_from}..{one.valid_to or ''}" for one in versions))
        return "date", f"{shipment.date} is not in {known}"
    tariff = max(valid, key=lambda one: (one.valid_from, one.version))
    zone = zone_of(tariff, shipment.destination)
    found = list(_refusals(tariff, shipment, rates))
    priced: list[Priced] = []
    if zone is None:
        place = shipment.destination
        found.append(("zone", f"{place.country} {place.postcode}".strip() + " is not served"))
    else:
        try:
            priced = _freights(tariff, zone, shipment)
        except NoBand as exc:
            found.append(("band", str(exc)))
        found += _band_refusals(priced, shipment)
    if found:
        return min(found, key=lambda refusal: REASONS.index(refusal[0]))
    return _quoted(tariff, shipment, priced)


def _freights(tariff: Tariff, zone: str, shipment: Shipment) -> list[Priced]:
    rule = tariff.billable
    weights = [billed_grams(rule, measured(parcel), shipment)[0] for parcel in shipment.parcels]
    return [freight(tariff, zone, grams) for grams in weights]


def _band_refusals(priced: Sequence[Priced], shipment: Shipment) -> Iterator[Refusal]:
    for one, parcel in zip(priced, shipment.parcels, strict=False):
        for band in one.bands:
            yield from limit_refusals(band.limits, parcel)


def _refusals(
    tariff: Tariff, shipment: Shipment, rates: Mapping[tuple[str, str], Decimal]
) -> Iterator[Refusal]:
    """Every reason that needs no zone, in no order."""
    for parcel in shipment.parcels:
        yield from limit_refusals(tariff.limits, parcel)
        if tariff.billable.mode != "actual" and parcel.sides is None:
            yield "size", "sides are not known"
    offered = options_of([*(fee.when for fee in tariff.fees), tariff.billable.when])
    for option in shipment.options:
        if option not in offered:
            yield "option", f"{option} is not offered"
    yield from _value_refusals(tariff, shipment, rates)
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


def _value_refusals(
    tariff: Tariff, shipment: Shipment, rates: Mapping[tuple[str, str], Decimal]
) -> Iterator[Refusal]:
    gate, value = tariff.gates.declared_value, shipment.declared_value
    if gate is None or (gate.min is None and gate.max is None):
        return
    if value is None:
        yield "value", "the declared value is not known"
        return
    amount = _converted(value.amount, value.currency, gate.currency, rates)
    if amount is None:
        yield "value", f"no rate from {value.currency} to {gate.currency}"
        return
    if gate.min is not None and amount < gate.min:
        yield "value", f"{value.amount} {value.currency} is under {gate.min} {gate.currency}"
    if gate.max is not None and amount > gate.max:
        yield "value", f"{value.amount} {value.currency} is over {gate.max} {gate.currency}"


def _converted(
    amount: Decimal, currency: str, wanted: str, rates: Mapping[tuple[str, str], Decimal]
) -> Fraction | None:
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
    notes = "; ".join(one.note for one in priced)
    lines = [Line("freight", [one.amount for one in priced], notes)]
    actual = [measured(parcel) for parcel in shipment.parcels]
    billed = [one.grams for one in priced]
    for fee in tariff.fees:
        line = fee_line(fee, lines, list(zip(actual, billed, strict=True)), shipment)
        if line is not None:
            lines.append(line)
    amount, rows = bill(lines, tariff.rounding, tariff.currency)
    return Quoted(
        carrier=tariff.carrier,
        service=tariff.service,
        amount=amount,
        currency=tariff.currency,
        billable_g=ceil(sum(billed, Fraction(0))),
        min_days=tariff.promise.min_days,
        max_days=tariff.promise.max_days,
        rank=0,
        channel=tariff.channel,
        tariff=tariff.version,
        lines=rows,
    )


def _ranked(
    quotes: Sequence[Quoted], rates: Mapping[tuple[str, str], Decimal]
) -> tuple[Quoted, ...]:
    """By price, then fewer days, carrier, service; a price without a rate stands behind."""
    home = min((one.currency for one in quotes), default="")

    def key(one: Quoted) -> tuple[bool, Fraction, float, str, str]:
        amount = _converted(one.amount, one.currency, home, rates)
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
                "billable_g": one.billable_g,
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
