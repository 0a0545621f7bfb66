"""A shipment priced by all tariffs at once, from their plans.

What a day, a country, the goods and the options settle is looked at once and kept as a lane; a
parcel then costs a few comparisons and one formula a service. Refusals are told as ``quotes``
tells them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil, lcm
from typing import Final

from msgspec.structs import replace

from packstation.domain.orders import Rate
from packstation.domain.quantities import Money
from packstation.domain.rating.measures import Refusal
from packstation.domain.rating.plan import LARGE, LATER, MICRO, Plan, compile_tariff
from packstation.domain.rating.prices import NoBand, freight
from packstation.domain.rating.quotes import (
    Rates,
    answer_of,
    converted,
    first_of,
    not_served,
    pounds,
    quote,
    value_refusals,
)
from packstation.domain.rating.whole.facts import Facts, facts_of
from packstation.domain.rating.whole.lanes import (
    NOTHING,
    Builder,
    Entry,
    Fits,
    Gate,
    Lane,
    Shown,
    beyond,
)
from packstation.domain.rating.whole.pricing import More
from packstation.domain.rating.zones import bare_postcode
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.shipments import Shipment
from packstation.domain.tariffs import Tariff

Answer = tuple[tuple[Quoted, ...], tuple[RefusedService, ...]]
# A price found: whose, how many quanta, how many steps, what more there is to it; a quote where
# the law was asked.
Priced = tuple[Shown, int, int, More | Quoted | None]

_NOBODY: Final[Priced] = (NOTHING, 0, 0, None)

_KEPT_LANES: Final = 256


class Plans:
    """Tariffs, compiled; ``rates`` stand behind those of a shipment, as in `quotes.quote`."""

    def __init__(self, tariffs: Iterable[Tariff], rates: Iterable[Rate] = ()) -> None:
        self._tariffs = tuple(tariffs)
        self._own = tuple(rates)
        self._rates = {(rate.from_, rate.to): rate.rate for rate in self._own}
        self._versions: dict[tuple[str, str], list[tuple[Tariff, Plan | None]]] = {}
        for tariff in self._tariffs:
            known = self._versions.setdefault((tariff.carrier, tariff.service), [])
            known.append((tariff, compile_tariff(tariff)))
        self._lanes: dict[Hashable, Lane] = {}

    def quote(self, shipment: Shipment) -> Answer:
        """As `quotes.quote`: quotes by rank, and refusals."""
        facts = facts_of(shipment.parcels[0]) if len(shipment.parcels) == 1 else None
        if facts is None:
            return quote(shipment, self._tariffs, self._own)
        rates: Rates = self._rates
        if shipment.rates:
            rates = {**rates, **{(rate.from_, rate.to): rate.rate for rate in shipment.rates}}
        return _Look(shipment, facts, self._lane(shipment), rates).answer()

    def _lane(self, shipment: Shipment) -> Lane:
        key = (
            shipment.date,
            shipment.destination.country,
            shipment.goods,
            shipment.contacts,
            shipment.options,
            shipment.promise_days,
            shipment.parcels[0].shape,
        )
        found = self._lanes.get(key)
        if found is None:
            if len(self._lanes) >= _KEPT_LANES:
                self._lanes.clear()
            roll = shipment.parcels[0].shape == "roll"
            found = self._lanes[key] = Builder(shipment, roll).built(self._versions)
        return found


class _Look:
    """One parcel on its lane."""

    def __init__(self, shipment: Shipment, facts: Facts, lane: Lane, rates: Rates) -> None:
        self._shipment, self._facts, self._lane, self._rates = shipment, facts, lane, rates
        self._roll = shipment.parcels[0].shape == "roll"
        values, self._postcode = facts.values, bare_postcode(shipment.destination.postcode)
        self._steps = [weigh(values, self._postcode) for weigh in lane.weighers]
        self._holding = [one.holds(values, self._postcode) for one in lane.conditions]
        self._beyond = beyond(lane.fits, facts)
        self._why: dict[int, tuple[Refusal, ...]] = {}
        self._dear = [*_dear(lane.gates, shipment.declared_value, rates), False]
        # By the order of the services.
        self._found: list[Priced] = [_NOBODY] * len(lane.hot)
        # Price and order: in their order the cheapest first, then by order.
        self._keys: list[int] = []
        self._refused: list[RefusedService] = []

    def answer(self) -> Answer:
        """Quotes by rank, and refusals."""
        self._price()
        keys = self._keys if self._lane.one_currency else self._compared()
        keys.sort()
        found, shipment = self._found, self._shipment
        places = (1 << self._lane.shift) - 1
        quotes = []
        for rank, key in enumerate(keys, 1):
            shown, units, count, more = found[key & places]
            if more is not None and isinstance(more, Quoted):
                quotes.append(replace(more, rank=rank))
                continue
            carrier, service, currency, least, most, channel, version, cent, up, down, plan = shown
            if cent is None or more is not None or units > LARGE:
                quotes.append(_quoted(plan, units, _billed(plan, count, more), shipment, rank))
                continue
            grams = count * up if down == 1 else -(-count * up // down)
            amount, lines = units * cent, LATER(plan.tariff, shipment)
            quotes.append(
                Quoted(
                    carrier,
                    service,
                    amount,
                    currency,
                    grams,
                    least,
                    most,
                    rank,
                    channel,
                    version,
                    lines,
                )
            )
        return tuple(quotes), tuple(self._refused)

    def _price(self) -> None:
        """Find the price of every service, or why it has none."""
        steps, holding, refused = self._steps, self._holding, self._beyond
        held = True in holding
        found, keys, postcode, dear = self._found, self._keys, self._postcode, self._dear
        for entry, shown, prices, fits, rule, fees, due, gate, order, scale in self._lane.hot:
            here = prices or entry.prices(postcode)
            if here is None or refused[fits] or dear[gate]:
                self._otherwise(entry)
                continue
            now_due = due
            if held:
                for bit, when in fees:
                    if holding[when]:
                        now_due |= bit
            table = here.known.get(now_due) or here.due(now_due)
            count = steps[rule]
            at = bisect_left(table.ends, count)
            row = table.rows[at] or table.made(at)
            if row is None:
                self._otherwise(entry)
                continue
            a, b, d, more = row
            if more is None:
                units = (a + b * count) // d
            else:
                if more.limits and any(True for _ in self._band_refusals(more)):
                    self._otherwise(entry)
                    continue
                price = more.price
                units = (a + b * count) // d if price is None else price(count)
                more = more if more.billed else None
            if units < 0:  # noqa: PLR1730 - max() takes four times as long
                units = 0
            found[order] = (shown, units, count, more)
            keys.append(units * scale + order)

    def _band_refusals(self, more: More | None) -> Iterator[Refusal]:
        """Limits of a band that a parcel is beyond."""
        for boxes, rolls in more.limits if more else ():
            yield from (rolls if self._roll else boxes).broken(self._facts)

    def _otherwise(self, entry: Entry) -> None:
        """A service without a price in whole numbers: refused, or asked of the law."""
        answer: Quoted | Refusal = entry.gone
        if entry.plan is not None:
            answer = self._refusal(entry, entry.plan)
        elif entry.tariff is not None:
            answer = answer_of(entry.tariff, self._shipment, self._rates)
        if isinstance(answer, Quoted):
            up, down = answer.amount.as_integer_ratio()
            self._found[entry.order] = (NOTHING, 0, 0, answer)
            self._keys.append((up * MICRO // down << self._lane.shift) + entry.order)
        else:
            self._refused.append(RefusedService(entry.carrier, entry.service, *answer))

    def _refusal(self, entry: Entry, plan: Plan) -> Refusal:
        """The reason that comes first."""
        zone = entry.zone_of(self._postcode)
        if zone is None:
            return not_served(self._shipment.destination)
        limits = self._why.get(entry.fits)
        if limits is None:
            limits = self._why[entry.fits] = _first(self._lane.fits[entry.fits], self._facts)
        option = entry.blocked is not None and entry.blocked[0] == "option"
        if limits and not option and (limits[0][0] == "weight" or not plan.bands_limit):
            return limits[0]
        found = [*limits]
        count = self._steps[entry.rule]
        # Which fees are due makes no difference to whether there is a price.
        row = plan.prices(zone).due(entry.due).row(count)
        found += self._band_refusals(row[3] if row else None)
        if self._dear[entry.gate]:
            found += value_refusals(plan.tariff, self._shipment, self._rates)
        found += [] if entry.blocked is None else [entry.blocked]
        found += [("band", "")] if row is None else []
        first = first_of(found)
        return first if first[1] else ("band", _no_band(plan.tariff, zone, count * plan.step))

    def _compared(self) -> list[int]:
        """The keys of amounts of several currencies, in the first of them.

        One without a rate stands behind all others, as `quotes.quote` has it.
        """
        shift, places = self._lane.shift, (1 << self._lane.shift) - 1
        priced = [(key >> shift, key & places) for key in self._keys]
        currencies = [_currency(self._found[order]) for _, order in priced]
        home = min(currencies, default="")
        rates = {one: converted(Decimal(1), one, home, self._rates) for one in set(currencies)}
        common = lcm(*(rate.denominator for rate in rates.values() if rate is not None))
        worth = []
        for (micros, order), currency in zip(priced, currencies, strict=True):
            rate = rates[currency]
            worth.append(
                (rate is None, int(micros * common * (1 if rate is None else rate)), order)
            )
        most = max((price for _, price, _ in worth), default=0) + 1
        return [(missing * most + price << shift) + order for missing, price, order in worth]


def _currency(found: Priced) -> str:
    shown, _, _, more = found
    return more.currency if isinstance(more, Quoted) else shown[2]


def _first(fits: Fits, facts: Facts) -> tuple[Refusal, ...]:
    """The first reason why a parcel is beyond limits, if it is."""
    found = list(fits.refusals(facts))
    return (first_of(found),) if found else ()


def _no_band(tariff: Tariff, zone: str, billed: Fraction) -> str:
    """What the law says of a weight without a price."""
    try:
        freight(tariff, zone, billed)
    except NoBand as exc:
        return str(exc)
    raise AssertionError(f"{tariff.service}: {billed} has a price in zone {zone}")


def _quoted(plan: Plan, units: int, billed: Fraction, shipment: Shipment, rank: int) -> Quoted:
    """A quote in pounds or pieces, of a band's minimum, or of an odd quantum."""
    tariff, promise = plan.tariff, plan.tariff.promise
    weight = Fraction(shipment.parcels[0].weight_g) if plan.measure == "unit" else billed
    return Quoted(
        tariff.carrier,
        tariff.service,
        plan.amount(units),
        tariff.currency,
        ceil(weight),
        promise.min_days,
        promise.max_days,
        rank,
        tariff.channel,
        tariff.version,
        LATER(tariff, shipment),
        billable_lb=pounds(billed) if plan.measure == "lb" else None,
        billable_units=int(billed) if plan.measure == "unit" else None,
    )


def _billed(plan: Plan, count: int, more: More | None) -> Fraction:
    """Grams or pieces."""
    least = None if more is None else more.billed
    return count * plan.step if least is None else least


def _dear(gates: Iterable[Gate], value: Money | None, rates: Rates) -> list[bool]:
    """Which gates the declared value does not pass."""
    amounts: dict[str, tuple[int, int] | None] = {}
    found = []
    for gate in gates:
        if gate.currency not in amounts:
            amount: Decimal | Fraction | None = None
            if value is not None:
                amount = value.amount
                if value.currency != gate.currency:
                    amount = converted(value.amount, value.currency, gate.currency, rates)
            amounts[gate.currency] = None if amount is None else amount.as_integer_ratio()
        found.append(gate.refuses(amounts[gate.currency]))
    return found
