"""Services as rows: the chosen one first, then by cost, then what is not possible and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from packstation.domain.choice.choose import Aside, Choice, Note, Value, Weighed
from packstation.domain.fx import rounded
from packstation.domain.packing import State
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted, RefusedService
from packstation.station.core import Core
from packstation.station.service_choice import cut_off
from packstation.station.viewing.frame import name_language
from packstation.station.viewing.money import amount, money
from packstation.station.views import ServiceRow, Words
from packstation.station.words import Arg

# So many rows can be picked by a digit.
_KEYS = 4
# From this share of the price on what may go wrong is worth a word.
_RISKY = Fraction(1, 100)


def services(core: Core) -> tuple[ServiceRow, ...]:
    """Chosen first, then by expected cost, then what was set aside, then what no tariff takes."""
    choice = core.desk.choice
    if choice is None:
        return tuple(_refused(core, refusal) for refusal in core.desk.refusals)
    keys = _KEYS if core.session.state is State.RATING else 0
    rows = [
        _possible(core, choice, one, f"{at}" if at <= keys else "")
        for at, one in enumerate(choice.ranked, 1)
    ]
    rows.sort(key=lambda row: row.state != "chosen")
    aside = (_aside(core, one) for one in choice.aside)
    return (*rows, *aside, *(_refused(core, refusal) for refusal in core.desk.refusals))


def notes(core: Core) -> tuple[Words, ...]:
    """What a person should know of how services were compared: offline first."""
    choice = core.desk.choice
    if core.session.state is not State.RATING and core.session.parcel.service is None:
        return ()
    offline = (Words("choice.note.offline"),) if cut_off(core) else ()
    told = tuple(_words(core, note) for note in choice.notes) if choice else ()
    return (*offline, *told)


def _possible(core: Core, choice: Choice, one: Weighed, key: str) -> ServiceRow:
    quote, chosen = one.quote, core.session.parcel.service
    taken = chosen is not None and (chosen.carrier, chosen.service) == one.service
    why = tuple(_why(core, choice, one))
    foreign = quote.currency != one.price.currency
    return ServiceRow(
        carrier=quote.carrier,
        service=quote.service,
        name=service_name(core, quote.carrier, quote.service),
        channel=quote.channel,
        why=why[0] if why else None,
        days=_days(quote),
        price=amount(quote.amount, quote.currency),
        state="chosen" if taken else "possible",
        more=why[1:],
        arrives=_day(core, one.arrival.last) if one.arrival.last else "",
        key=key,
        home=money(one.price) if foreign else "",
    )


def _why(core: Core, choice: Choice, one: Weighed) -> Iterator[Words]:
    """Why it is the first or how much dearer it is; then what else there is to say of it."""
    first = choice.ranked[0]
    more = rounded(one.cost.total - first.cost.total, choice.home)
    if one is first and choice.why is not None:
        yield _words(core, choice.why)
    elif more.amount > 0:
        yield Words("choice.dearer", (("m", money(more)),))
    if edge := one.quote.edge:
        saves = amount(edge.saves, one.quote.currency)
        yield Words("rate.edge", (("g", edge.grams), ("m", saves)))
    if one.cost.insured:
        premium = rounded(one.cost.part("insurance"), choice.home)
        yield Words("choice.insured", (("m", money(premium)),))
    if one.late or one.missed:
        yield Words("choice.too_late")
    elif one.cost.risk > one.cost.part("price") * _RISKY:
        yield Words("choice.risk", (("m", money(rounded(one.cost.risk, choice.home))),))


def _aside(core: Core, one: Aside) -> ServiceRow:
    quote = one.quote
    return ServiceRow(
        carrier=quote.carrier,
        service=quote.service,
        name=service_name(core, quote.carrier, quote.service),
        channel=quote.channel,
        why=_words(core, one.note),
        days=_days(quote),
        price=amount(quote.amount, quote.currency),
        state="refused",
    )


def _refused(core: Core, refusal: RefusedService) -> ServiceRow:
    profile = core.profile(refusal.carrier, refusal.service)
    return ServiceRow(
        carrier=refusal.carrier,
        service=refusal.service,
        name=service_name(core, refusal.carrier, refusal.service),
        channel=profile.channel if profile else "postal",
        why=Words(f"rate.no.{refusal.reason}", (("detail", refusal.detail),)),
        days="",
        price="",
        state="refused",
    )


def _days(quote: Quoted) -> str:
    if not quote.max_days:
        return ""
    same = quote.min_days is None or quote.min_days == quote.max_days
    return f"{quote.max_days}" if same else f"{quote.min_days}–{quote.max_days}"


def _day(core: Core, day: date) -> str:
    """A day of this year as people write it."""
    chinese = name_language(core) == "zh"
    return f"{day.month}月{day.day}日" if chinese else day.strftime("%d.%m")


def _words(core: Core, note: Note) -> Words:
    """A note in words: amounts with their sign, days, rules and services as people call them."""
    return Words(note.key, tuple((name, _said(core, name, value)) for name, value in note.args))


def _said(core: Core, name: str, value: Value) -> Arg:
    if isinstance(value, Money):
        return money(value)
    if isinstance(value, date):
        return _day(core, value)
    if name == "rule":
        return core.desk.rule_names[str(value)].name(name_language(core))
    if name == "service":
        sold = next(one for one in core.services if one.service == value)
        return service_name(core, sold.carrier, sold.service)
    return value


def service_name(core: Core, carrier: str, service: str) -> str:
    """As the shop's row calls it in the person's language."""
    profile = core.profile(carrier, service)
    if profile is None:
        return f"{carrier} {service}"
    return profile.names.get(name_language(core)) or profile.names.get("en", service)
