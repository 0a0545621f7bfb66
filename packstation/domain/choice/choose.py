"""The choice of a service: hard filters, the shop's rules, then the least expected cost.

Pure and the same for the same answers: no clock, no chance. Every service stands in the answer
once, ranked or aside with its reason, and the first has a line that says why it is the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from msgspec import Struct, field

from packstation.domain.choice import rules as r
from packstation.domain.choice.calendars import Arrival, Days
from packstation.domain.choice.cost import Cover, Expected, Outlook, Stakes, expected
from packstation.domain.choice.lanes import LaneBook
from packstation.domain.deadlines import late_cost
from packstation.domain.fx import Age, Converted, FxTable, NoRate, rounded
from packstation.domain.orders import Deadline, Order
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted

Value = str | int | Money | date
Service = tuple[str, str]

# What an order asks for by its own name is this option.
INSURANCE: Final = "insurance"


class Note(Struct, frozen=True):
    """Words for the packer: a key of the catalogue and its arguments, not translated yet."""

    key: str
    args: tuple[tuple[str, Value], ...] = ()


class Asked(Struct, frozen=True, kw_only=True):
    """One parcel and all that its services are judged by.

    ``home``: the currency to compare in, "" for that of the quotes; ``out``: services that
    cannot have a number now, with the reason; ``options``: all that is asked of the carrier;
    ``today`` and ``local`` (turns a moment into the site's time) are the site's.
    """

    order: Order
    goods: r.Goods
    quotes: Sequence[Quoted]
    rules: r.ChoiceRules
    held: Sequence[r.Rule]
    options: Sequence[str]
    home: str
    fx: FxTable
    lanes: LaneBook
    days: Days
    today: date
    local: Callable[[datetime], datetime]
    out: Mapping[Service, str] = field(default_factory=dict)


class Weighed(Struct, frozen=True, kw_only=True):
    """A service that is possible: ``price`` in the home currency, what it is expected to cost.

    ``late``: it arrives after the deadline at the latest day of its promise, ``missed``: it is
    collected after the hand-over was due; ``rates`` are ids of exchange rates, ``age`` theirs.
    """

    quote: Quoted
    price: Money
    cost: Expected
    arrival: Arrival
    late: bool = False
    missed: bool = False
    rates: tuple[str, ...] = ()
    age: Age = "fresh"

    @property
    def service(self) -> Service:
        """Carrier and service."""
        return self.quote.carrier, self.quote.service


class Aside(Struct, frozen=True):
    """A priced service that is not taken, and why."""

    quote: Quoted
    note: Note


class Choice(Struct, frozen=True, kw_only=True):
    """The answer: the best first; ``why`` it is, in one line; ``notes`` on how it was judged."""

    home: str
    ranked: tuple[Weighed, ...] = ()
    aside: tuple[Aside, ...] = ()
    why: Note | None = None
    notes: tuple[Note, ...] = ()

    @property
    def best(self) -> Weighed | None:
        """What the rule takes."""
        return self.ranked[0] if self.ranked else None

    def of(self, carrier: str, service: str) -> Weighed | None:
        """One of the ranked."""
        return next((one for one in self.ranked if one.service == (carrier, service)), None)


def comparing(fx: FxTable, today: date) -> r.Compare:
    """Compares amounts of any currencies by the rates at hand."""

    def compare(one: Money, other: Money) -> int | None:
        found = fx.convert(one, other.currency, today)
        if isinstance(found, NoRate):
            return None
        bound = Fraction(other.amount)
        return (found.exact > bound) - (found.exact < bound)

    return compare


def choose(asked: Asked, unjudged: Sequence[r.Rule] = ()) -> Choice:
    """Rank what is possible; ``unjudged`` are rules that nothing could be said of."""
    home = _home(asked)
    kept, aside = _filtered(asked)
    stakes, notes = _stakes(asked, home)
    weighed: list[Weighed] = []
    for quote in kept:
        found = asked.fx.convert(Money(quote.amount, quote.currency), home, asked.today)
        if isinstance(found, NoRate):
            aside.append(Aside(quote, _no_rate(found)))
        else:
            weighed.append(_weighed(asked, quote, found, stakes, home))
    weighed, late = _in_time(weighed, asked)
    ranked = tuple(sorted(weighed, key=_order))
    told = [*notes, *(Note("choice.note.rule", (("rule", rule.id),)) for rule in unjudged)]
    told += _told(ranked)
    return Choice(
        home=home,
        ranked=ranked,
        aside=(*aside, *late),
        why=_why(ranked, late, asked, home),
        notes=tuple(dict.fromkeys(told)),
    )


def _order(one: Weighed) -> tuple[Fraction, date, Fraction, Service]:
    """Least cost; of equal ones the faster, then the fewer exceptions, then the name."""
    return one.cost.total, one.arrival.last or date.max, one.cost.part("exception"), one.service


def _home(asked: Asked) -> str:
    """The shop's or site's currency; where all prices are in another one, theirs needs no rate."""
    home = asked.rules.currency or asked.home
    priced = {quote.currency for quote in asked.quotes}
    if len(priced) != 1 or home in priced:
        return home or min(priced, default="")
    only = min(priced)
    probe = asked.fx.convert(Money(Decimal(1), only), home, asked.today) if home else None
    return home if isinstance(probe, Converted) else only


# --- hard filters ---------------------------------------------------------------------------


def _filtered(asked: Asked) -> tuple[list[Quoted], list[Aside]]:
    """What is possible, and what is not: each with its first reason."""
    kept: list[Quoted] = []
    aside: list[Aside] = []
    named = _named(asked)
    for quote in asked.quotes:
        note = next(_reasons(asked, quote, named), None)
        if note is None:
            kept.append(quote)
        else:
            aside.append(Aside(quote, note))
    return kept, aside


def _named(asked: Asked) -> str:
    """The service that the order names, where there is a price for it."""
    wanted = asked.order.service or ""
    return wanted if any(quote.service == wanted for quote in asked.quotes) else ""


def _reasons(asked: Asked, quote: Quoted, named: str) -> Iterator[Note]:
    who = (quote.carrier, quote.service, quote.channel)
    if why := asked.out.get((quote.carrier, quote.service)):
        yield Note(f"rate.no.{why}", (("detail", ""),))
    if named and quote.service != named:
        yield Note("choice.no.named", (("service", named),))
    own = r.offered(asked.rules)
    for option in asked.options:
        if option in own and not r.has_option(asked.rules, option, *who):
            yield Note("choice.no.option", (("option", option),))
    for rule in asked.held:
        if rule.only and not r.any_fits(rule.only, *who):
            yield Note("choice.no.only", (("rule", rule.id),))
        if r.any_fits(rule.never, *who):
            yield Note("choice.no.never", (("rule", rule.id),))


def _no_rate(found: NoRate) -> Note:
    pair = (("from", found.base), ("to", found.quote))
    return (
        Note("choice.no.rate_old", (*pair, ("on", found.on)))
        if found.on
        else Note("choice.no.rate", pair)
    )


def _in_time(weighed: Sequence[Weighed], asked: Asked) -> tuple[list[Weighed], list[Aside]]:
    """What misses a deadline is not taken while something else keeps it."""
    kept = [one for one in weighed if not one.late and not one.missed]
    if not kept:
        return list(weighed), []
    out = [one for one in weighed if one.late or one.missed]
    return kept, [Aside(one.quote, _too_late(one, asked)) for one in out]


def _too_late(one: Weighed, asked: Asked) -> Note:
    due = _due(asked, "handover" if one.missed else "deliver")
    by = asked.local(due.at).date() if due else asked.today
    day = one.arrival.handover if one.missed else one.arrival.last or by
    return Note(
        "choice.no.handover" if one.missed else "choice.no.late", (("day", day), ("by", by))
    )


# --- what is at stake -----------------------------------------------------------------------


def _due(asked: Asked, kind: str) -> Deadline | None:
    due = [one for one in asked.order.deadlines if one.kind == kind]
    return min(due, key=lambda one: one.at, default=None)


def _stakes(asked: Asked, home: str) -> tuple[Stakes, list[Note]]:
    """Amounts in the home currency; one without a rate is left out, and that is said."""
    notes: list[Note] = []
    costs = asked.rules.costs
    deliver, handover = _due(asked, "deliver"), _due(asked, "handover")

    def exact(money: Money | None) -> Fraction:
        if money is None or not home:
            return Fraction(0)
        found = asked.fx.convert(money, home, asked.today)
        if isinstance(found, Converted):
            return max(found.exact, Fraction(0))
        notes.append(Note("choice.note.left_out", (("from", found.base), ("to", found.quote))))
        return Fraction(0)

    late = (late_cost(deliver) or costs.late) if deliver else None
    missed = (late_cost(handover) or costs.late) if handover else None
    stakes = Stakes(
        late=exact(late),
        handover=exact(missed),
        value=exact(asked.goods.value),
        reship=exact(costs.reship),
        exception=exact(costs.exception),
    )
    return stakes, notes


def _weighed(asked: Asked, quote: Quoted, found: Converted, stakes: Stakes, home: str) -> Weighed:
    days = (quote.min_days, quote.max_days)
    arrival = asked.days.arrival(quote.carrier, quote.service, days, quote.days_in)
    deliver, handover = _due(asked, "deliver"), _due(asked, "handover")
    late = bool(deliver and arrival.last and arrival.last > asked.local(deliver.at).date())
    missed = bool(handover and _misses(asked, arrival, handover))
    country = asked.order.ship_to.country
    grams = asked.goods.weight_g
    outlook = Outlook(
        late=late,
        missed=missed,
        covered=INSURANCE in asked.options,
        covers=tuple(_covers(asked, quote, stakes, home)),
        worth=_worth(asked, quote, home),
    )
    chances = asked.lanes.chances(quote.carrier, quote.service, country, grams)
    cost = expected(found.exact, chances, stakes, outlook)
    return Weighed(
        quote=quote,
        price=rounded(found.exact, home),
        cost=cost,
        arrival=arrival,
        late=late,
        missed=missed,
        rates=found.rates,
        age=found.age,
    )


def _misses(asked: Asked, arrival: Arrival, handover: Deadline) -> bool:
    """Whether it is collected after the day it was due; what is overdue already misses nothing."""
    due = asked.local(handover.at).date()
    return due >= asked.today and arrival.handover > due


def _covers(asked: Asked, quote: Quoted, stakes: Stakes, home: str) -> Iterator[Cover]:
    for row in asked.rules.insurance:
        if not r.any_fits(row.services, quote.carrier, quote.service, quote.channel):
            continue
        least = _amount(asked, row.least, home)
        most = _amount(asked, row.most, home)
        if (row.least and least is None) or (row.most and most is None):
            continue
        value = stakes.value if most is None else min(stakes.value, most)
        premium = max(value * Fraction(row.percent) / 100, least or Fraction(0))
        yield Cover(premium, most)


def _worth(asked: Asked, quote: Quoted, home: str) -> Fraction:
    """What rules that prefer a service take off; one without a rate counts nothing."""
    who = (quote.carrier, quote.service, quote.channel)
    found = (
        _amount(asked, rule.worth, home) for rule in asked.held if r.any_fits(rule.prefer, *who)
    )
    return sum((one for one in found if one is not None), Fraction(0))


def _amount(asked: Asked, money: Money | None, home: str) -> Fraction | None:
    found = asked.fx.convert(money, home, asked.today) if money is not None else None
    return found.exact if isinstance(found, Converted) else None


# --- said in one line -----------------------------------------------------------------------


def _told(ranked: Sequence[Weighed]) -> Iterator[Note]:
    """What a person should know of how the prices were compared."""
    if any(one.age == "amber" for one in ranked):
        yield Note("choice.note.amber")
    if any(not one.arrival.sure and one.arrival.last for one in ranked):
        yield Note("choice.note.calendar")
    if ranked and (ranked[0].late or ranked[0].missed):
        yield Note("choice.note.none_in_time")


def _why(ranked: Sequence[Weighed], late: Sequence[Aside], asked: Asked, home: str) -> Note | None:
    """Why the first is the first: the strongest reason alone."""
    if not ranked:
        return None
    best = ranked[0]
    if _named(asked):
        return Note("choice.why.named")
    if best.late or best.missed:
        return Note("choice.why.least_late")
    narrowed = next((rule for rule in asked.held if rule.only), None)
    if len(ranked) == 1:
        return (
            Note("choice.why.rule", (("rule", narrowed.id),))
            if narrowed
            else Note("choice.why.in_time" if late else "choice.why.only")
        )
    plain = min(ranked, key=lambda one: one.cost.part("price"))
    if best is plain or best.cost.part("price") == plain.cost.part("price"):
        cheaper = [one for one in late if _less(asked, one.quote, best, home)]
        return Note("choice.why.cheapest_in_time" if cheaper else "choice.why.cheapest")
    if best.cost.total - best.cost.part("prefer") > plain.cost.total - plain.cost.part("prefer"):
        return Note("choice.why.preferred", (("rule", _preferring(asked, best)),))
    more = rounded(best.cost.part("price") - plain.cost.part("price"), home)
    saved = rounded(plain.cost.total - best.cost.total + Fraction(more.amount), home)
    return Note("choice.why.risk", (("more", more), ("saved", saved)))


def _less(asked: Asked, quote: Quoted, best: Weighed, home: str) -> bool:
    exact = _amount(asked, Money(quote.amount, quote.currency), home)
    return exact is not None and exact < best.cost.part("price")


def _preferring(asked: Asked, best: Weighed) -> str:
    who = (best.quote.carrier, best.quote.service, best.quote.channel)
    return next(rule.id for rule in asked.held if r.any_fits(rule.prefer, *who))
