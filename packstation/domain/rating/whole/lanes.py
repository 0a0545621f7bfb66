"""What a day, a country, the goods and the options settle for every service: a lane."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from math import gcd
from typing import Final, NamedTuple, TypeVar, cast

from msgspec import Struct, field

from packstation.domain.rating.measures import Refusal
from packstation.domain.rating.plan import Plan, ZonePrices
from packstation.domain.rating.quotes import (
    by_sides,
    first_of,
    not_valid,
    unmeasured_refusals,
    version_on,
)
from packstation.domain.rating.whole.conditions import Condition, condition
from packstation.domain.rating.whole.facts import Facts
from packstation.domain.rating.whole.limiting import Check, Limited
from packstation.domain.rating.whole.weighing import Weigher, weigher
from packstation.domain.rating.whole.zoning import Zoner, zoner
from packstation.domain.shipments import Shipment
from packstation.domain.tariffs import Tariff, ValueGate

Ratio = tuple[int, int]


class Gate(Struct, frozen=True):
    """Bounds of the declared value as fractions (numerator, denominator)."""

    currency: str
    least: Ratio | None
    most: Ratio | None

    def refuses(self, amount: Ratio | None) -> bool:
        """Whether an amount of its currency does not pass; one that is not known does not."""
        if amount is None:
            return True
        (up, down), least, most = amount, self.least, self.most
        return (least is not None and up * least[1] < least[0] * down) or (
            most is not None and up * most[1] > most[0] * down
        )


class Fits(Struct, frozen=True):
    """Limits of a parcel; ``sides``: its sides must be known; ``odd``: there are alternatives."""

    limits: Limited
    sides: bool
    checks: tuple[Check, ...]
    odd: bool

    def refusals(self, facts: Facts) -> Iterator[Refusal]:
        """Why it is."""
        yield from self.limits.broken(facts)
        if self.sides and not facts.known:
            yield "size", "sides are not known"


def beyond(all_fits: Iterable[Fits], facts: Facts) -> list[bool]:
    """Which limits a parcel is beyond."""
    if not facts.known:
        return [any(True for _ in fits.refusals(facts)) for fits in all_fits]
    values, found = facts.values, []
    for fits in all_fits:
        for place, most in fits.checks:
            if values[place] > most:
                found.append(True)
                break
        else:
            found.append(fits.odd and any(True for _ in fits.refusals(facts)))
    return found


# What a quote shows of a service: carrier, service, currency, least and most days, class, version,
# a quantum (None: it depends on the amount, or pounds or pieces are billed), grams of a step as
# numerator and denominator, the plan.
Shown = tuple[str, str, str, int | None, int | None, str, str, Decimal | None, int, int, Plan]

NOTHING: Final = cast("Shown", ())


class Entry(Struct):
    """A service on a lane.

    ``tariff`` None: none is valid, as ``gone`` says. ``plan`` None: only the law can price it.
    ``blocked``: why it takes nothing of these goods, though an earlier reason may apply. ``order``
    ranks services of one price. Of ``rule``, ``fits`` and ``gate`` the places in the lane (a gate
    of -1: none); ``fees`` are (bit, place of the condition) of fees that may be due and ``due``
    the bits of those that are.
    """

    carrier: str
    service: str
    order: int = 0
    gone: Refusal = ("", "")
    tariff: Tariff | None = None
    plan: Plan | None = None
    blocked: Refusal | None = None
    zoner: Zoner | None = None
    zone: str | None = None
    fits: int = 0
    rule: int = 0
    fees: tuple[tuple[int, int], ...] = ()
    due: int = 0
    gate: int = -1

    def zone_of(self, postcode: str) -> str | None:
        """The zone of a bare postcode."""
        return self.zone if self.zoner is None else self.zoner.zone(postcode)

    def prices(self, postcode: str) -> ZonePrices | None:
        """The prices for a bare postcode; None where something else comes first."""
        if self.plan is None or self.blocked is not None:
            return None
        zone = self.zone_of(postcode)
        return None if zone is None else self.plan.prices(zone)


class Hot(NamedTuple):
    """What the loop over all services needs of an entry.

    ``prices`` None: the entry is asked. ``scale`` times quanta compares prices.
    """

    entry: Entry
    shown: Shown
    prices: ZonePrices | None
    fits: int
    rule: int
    fees: tuple[tuple[int, int], ...]
    due: int
    gate: int
    order: int
    scale: int


class Lane(Struct):
    """Services by carrier and name, and what is worked out once for several of them.

    A price's key is (price << shift) + the service's order.
    """

    hot: list[Hot] = field(default_factory=list)
    weighers: list[Weigher] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    fits: list[Fits] = field(default_factory=list)
    one_currency: bool = True
    shift: int = 0


# The versions of each service, with their plans.
Versions = Mapping[tuple[str, str], Sequence[tuple[Tariff, Plan | None]]]
_T = TypeVar("_T")


class Builder(Struct):
    """Makes a lane; equal rules, conditions and gates of several tariffs stand in it once.

    ``shipment`` stands for all that use the lane; ``roll`` says whether they are rolls.
    """

    shipment: Shipment
    roll: bool
    lane: Lane = field(default_factory=Lane)
    places: dict[Hashable, int] = field(default_factory=dict)

    def built(self, versions: Versions) -> Lane:
        """The lane of all services."""
        lane, day, entries = self.lane, self.shipment.date, []
        for (carrier, service), known in sorted(versions.items()):
            tariff = version_on(day, (one for one, _ in known))
            if tariff is None:
                gone = not_valid(day, [one for one, _ in known])
                entries.append(Entry(carrier, service, gone=gone))
            else:
                plan = next(plan for one, plan in known if one is tariff)
                entries.append(self._entry(tariff, plan))
        for order, entry in enumerate(sorted(entries, key=_on_a_par)):
            entry.order = order
        lane.one_currency = len({one.tariff.currency for one in entries if one.tariff}) <= 1
        lane.shift = len(entries).bit_length()
        coarse = _coarse(entries) if lane.one_currency else 1
        lane.hot = [_hot(entry, lane.shift, coarse) for entry in entries]
        return lane

    def _entry(self, tariff: Tariff, plan: Plan | None) -> Entry:
        entry = Entry(tariff.carrier, tariff.service, tariff=tariff, plan=plan)
        if plan is None:
            return entry
        entry.blocked = (
            first_of(found) if (found := list(unmeasured_refusals(tariff, self.shipment))) else None
        )
        found_zone = zoner(tariff, self.shipment.destination.country)
        if isinstance(found_zone, Zoner):
            entry.zoner = found_zone
        else:
            entry.zone = found_zone
        limits = plan.rolls if self.roll else plan.boxes
        fits = Fits(limits, by_sides(tariff), limits.checks, bool(limits.any_of))
        entry.fits = self._place(fits, self.lane.fits, partial(_same, fits))
        entry.rule = self._place(
            (tariff.billable, plan.step),
            self.lane.weighers,
            lambda: weigher(tariff.billable, plan.step, self.shipment),
        )
        self._fees(entry, tariff)
        entry.gate = self._gate(tariff.gates.declared_value)
        return entry

    def _fees(self, entry: Entry, tariff: Tariff) -> None:
        maybe = []
        for at, fee in enumerate(tariff.fees):
            when = condition(fee.when, self.shipment)
            if isinstance(when, Condition):
                maybe.append(
                    (1 << at, self._place(when, self.lane.conditions, partial(_same, when)))
                )
            elif when:
                entry.due |= 1 << at
        entry.fees = tuple(maybe)

    def _gate(self, gate: ValueGate | None) -> int:
        if gate is None or (gate.min is None and gate.max is None):
            return -1
        least, most = (
            None if bound is None else bound.as_integer_ratio() for bound in (gate.min, gate.max)
        )
        made = Gate(gate.currency, least, most)
        return self._place(made, self.lane.gates, partial(_same, made))

    def _place(self, key: Hashable, rows: list[_T], make: Callable[[], _T]) -> int:
        at = self.places.get(key)
        if at is None:
            at = self.places[key] = len(rows)
            rows.append(make())
        return at


def _same(one: _T) -> _T:
    return one


def _on_a_par(entry: Entry) -> tuple[float, str, str]:
    """What ranks services of one price."""
    days = entry.tariff.promise.max_days if entry.tariff else None
    return float("inf") if days is None else days, entry.carrier, entry.service


def _shown(plan: Plan) -> Shown:
    tariff, promise = plan.tariff, plan.tariff.promise
    return (
        tariff.carrier,
        tariff.service,
        tariff.currency,
        promise.min_days,
        promise.max_days,
        tariff.channel,
        tariff.version,
        plan.cent if plan.measure == "g" else None,
        *plan.step.as_integer_ratio(),
        plan,
    )


def _coarse(entries: Iterable[Entry]) -> int:
    """Millionths of which every price is a multiple, so that keys are small and sort fast."""
    return gcd(*(1 if one.plan is None else one.plan.micros for one in entries if one.tariff)) or 1


def _hot(entry: Entry, shift: int, coarse: int) -> Hot:
    plan = entry.plan
    return Hot(
        entry,
        NOTHING if plan is None else _shown(plan),
        entry.prices("") if entry.zoner is None else None,
        entry.fits,
        entry.rule,
        entry.fees,
        entry.due,
        entry.gate,
        entry.order,
        0 if plan is None else plan.micros // coarse << shift,
    )
