"""The choice: filters, rules, expected cost, and the line that says why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.choice import rules as r
from packstation.domain.choice.calendars import WEEK, Calendar, Calendars, CutOff, Days
from packstation.domain.choice.choose import Asked, Choice, Note, choose, comparing
from packstation.domain.choice.lanes import LaneBook, LaneRow, Prior
from packstation.domain.fx import FxTable
from packstation.domain.orders import Address, Deadline, Order, OrderLine, Rate
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SHANGHAI = timezone(timedelta(hours=8))
NO_RISK = Prior(late=Decimal(0), lost=Decimal(0), exception=Decimal(0))
POST = Quoted("cp", "post", Decimal("78.24"), "CNY", 1104, 10, 15, 1, "postal")
LINE = Quoted("uni", "line", Decimal("82.50"), "CNY", 1104, 7, 12, 2, "dedicated_line")
AIR = Quoted("ex", "air", Decimal("158.10"), "CNY", 1104, 3, 5, 3, "express")
ALL = (POST, LINE, AIR)


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def due(kind: str, days: int, **costs: Any) -> Deadline:  # noqa: ANN401 - amounts
    return Deadline(
        kind=kind, at=datetime(2026, 11, 23, 10, tzinfo=UTC) + timedelta(days=days), **costs
    )


def order(**more: Any) -> Order:  # noqa: ANN401 - any field
    lines = (OrderLine(line=1, sku="S", quantity=1),)
    return Order(order_id="O", ship_to=Address(country="RU"), lines=lines, **more)


def asked(rules: r.ChoiceRules | None = None, **more: Any) -> Asked:  # noqa: ANN401 - any field
    rules = rules or r.ChoiceRules(prior=NO_RISK)
    calendars = more.pop("calendars", Calendars())
    known: dict[str, Any] = {
        "order": order(),
        "goods": r.Goods(1104, cny("300"), {}),
        "quotes": ALL,
        "rules": rules,
        "held": rules.rules,
        "options": (),
        "home": "CNY",
        "fx": FxTable(more.pop("rates", ())),
        "lanes": LaneBook(more.pop("lanes", ()), TODAY, rules.prior),
        "days": Days(calendars, more.pop("calendar", WEEK), NOON),
        "today": TODAY,
        "local": lambda moment: moment.astimezone(SHANGHAI),
    }
    return Asked(**(known | more))


def names(choice: Choice) -> list[str]:
    return [one.quote.service for one in choice.ranked]


def aside(choice: Choice) -> dict[str, str]:
    return {one.quote.service: one.note.key for one in choice.aside}


def why(choice: Choice) -> str:
    assert choice.why is not None
    return choice.why.key


def test_without_rules_and_risks_the_cheapest_is_the_best() -> None:
    choice = choose(asked())
    assert names(choice) == ["post", "line", "air"]
    assert (why(choice), choice.home, choice.notes) == ("choice.why.cheapest", "CNY", ())
    assert choice.best is not None
    assert (choice.best.price, choice.best.cost.total) == (cny("78.24"), Fraction("78.24"))
    assert choice.of("ex", "air") is choice.ranked[2]
    assert choice.of("ex", "sea") is None


def test_nothing_to_choose_from_is_no_choice() -> None:
    choice = choose(asked(quotes=(), home=""))
    assert (choice.best, choice.why, choice.home) == (None, None, "")


# --- deadlines -----------------------------------------------------------------------------


def test_what_arrives_after_the_deadline_is_set_aside_with_its_days() -> None:
    choice = choose(asked(order=order(deadlines=(due("deliver", 13),))))
    assert names(choice) == ["line", "air"]
    assert choice.aside[0].note == Note(
        "choice.no.late", (("day", date(2026, 12, 8)), ("by", date(2026, 12, 6)))
    )
    assert why(choice) == "choice.why.cheapest_in_time"
    only = choose(asked(order=order(deadlines=(due("deliver", 6),))))
    assert (names(only), why(only)) == (["air"], "choice.why.in_time")


def test_where_nothing_is_in_time_the_least_dear_lateness_is_taken_and_told() -> None:
    late = due("deliver", 2, cost_now=cny("0"), cost_next=cny("30"))
    choice = choose(asked(order=order(deadlines=(late,))))
    assert (names(choice)[0], why(choice)) == ("post", "choice.why.least_late")
    assert choice.notes == (Note("choice.note.none_in_time"),)
    assert choice.best is not None
    assert choice.best.cost.part("late") == 30


def test_the_deadline_is_a_day_at_the_site() -> None:
    """Late in the evening in Greenwich it is the next morning in Shanghai."""
    at = datetime(2026, 12, 7, 20, tzinfo=UTC)
    choice = choose(asked(order=order(deadlines=(Deadline(kind="deliver", at=at),))))
    assert names(choice)[0] == "post"


def test_a_missed_handover_is_set_aside_and_an_overdue_one_is_not() -> None:
    table = Calendars(cutoffs=(CutOff(carrier="cp", at="11:00"), CutOff(at="18:00")))
    choice = choose(asked(calendars=table, order=order(deadlines=(due("handover", 0),))))
    assert names(choice) == ["line", "air"]
    assert aside(choice) == {"post": "choice.no.handover"}
    overdue = choose(asked(calendars=table, order=order(deadlines=(due("handover", -1),))))
    assert names(overdue)[0] == "post"
    missed = due("handover", 0, cost_now=cny("-1.20"), cost_next=cny("6"))
    alone = choose(asked(quotes=(POST,), calendars=table, order=order(deadlines=(missed,))))
    assert alone.best is not None
    assert alone.best.cost.part("handover") == Fraction("7.2")


def test_days_that_no_tariff_names_are_never_late() -> None:
    open_end = replace(POST, min_days=None, max_days=None)
    choice = choose(asked(quotes=(open_end,), order=order(deadlines=(due("deliver", 1),))))
    assert (names(choice), why(choice)) == (["post"], "choice.why.only")


def test_beyond_its_last_day_a_calendar_is_not_sure_and_that_is_told() -> None:
    short = Calendar(id="CN", known_to=date(2026, 11, 30))
    business = replace(POST, days_in="business")
    assert choose(asked(calendar=short, quotes=(business,))).notes == (
        Note("choice.note.calendar"),
    )
    assert choose(asked(calendar=short, quotes=(POST,))).notes == ()


# --- rules ---------------------------------------------------------------------------------


def rules(*listed: r.Rule, **more: Any) -> r.ChoiceRules:  # noqa: ANN401 - any field
    known: dict[str, Any] = {"prior": NO_RISK, "rules": listed}
    return r.ChoiceRules(**(known | more))


def test_only_and_never_filter_and_say_whose_rule_it_is() -> None:
    choice = choose(
        asked(
            rules(
                r.Rule(id="dear", only=("class:express", "uni/*")),
                r.Rule(id="no", never=("uni/line",)),
            )
        )
    )
    assert (names(choice), why(choice)) == (["air"], "choice.why.rule")
    assert [(one.quote.service, one.note) for one in choice.aside] == [
        ("post", Note("choice.no.only", (("rule", "dear"),))),
        ("line", Note("choice.no.never", (("rule", "no"),))),
    ]


def test_a_preference_is_worth_an_amount_and_no_more() -> None:
    small = rules(r.Rule(id="p", prefer=("uni/line",), worth=cny("4")))
    large = rules(r.Rule(id="p", prefer=("uni/line",), worth=cny("5")))
    assert names(choose(asked(small)))[0] == "post"
    choice = choose(asked(large))
    assert choice.why == Note("choice.why.preferred", (("rule", "p"),))
    assert names(choice)[0] == "line"
    foreign = rules(r.Rule(id="p", prefer=("uni/line",), worth=Money(Decimal(900), "EUR")))
    assert names(choose(asked(foreign)))[0] == "post"


def test_a_rule_that_could_not_be_judged_is_told() -> None:
    rule = r.Rule(id="dear", never=("cp/*",))
    choice = choose(asked(), (rule,))
    assert choice.notes == (Note("choice.note.rule", (("rule", "dear"),)),)


def test_the_orders_own_service_is_the_only_one_where_it_has_a_price() -> None:
    named = choose(asked(order=order(service="line")))
    assert (names(named), why(named)) == (["line"], "choice.why.named")
    assert named.aside[0].note == Note("choice.no.named", (("service", "line"),))
    assert names(choose(asked(order=order(service="sea"))))[0] == "post"


def test_options_that_the_shop_speaks_of_filter() -> None:
    offers = (r.Offer(services=("uni/*",), options=("pickup_point",)),)
    choice = choose(asked(rules(offers=offers), options=("pickup_point", "signature")))
    assert names(choice) == ["line"]
    assert choice.aside[0].note == Note("choice.no.option", (("option", "pickup_point"),))


def test_what_cannot_have_a_number_now_is_set_aside() -> None:
    choice = choose(asked(out={("cp", "post"): "offline", ("uni", "line"): "numbers"}))
    assert names(choice) == ["air"]
    assert aside(choice) == {"post": "rate.no.offline", "line": "rate.no.numbers"}


# --- expected cost -------------------------------------------------------------------------


def lane(service: Quoted, sent: int, **bad: Any) -> LaneRow:  # noqa: ANN401 - a count
    return LaneRow(
        carrier=service.carrier, service=service.service, country="RU", on=TODAY, sent=sent, **bad
    )


def test_a_cheap_service_that_loses_parcels_is_dearer_in_the_end() -> None:
    choice = choose(asked(lanes=(lane(POST, 970, lost=97), lane(LINE, 970))))
    assert names(choice)[0] == "line"
    assert choice.why is not None
    assert choice.why.key == "choice.why.risk"
    assert dict(choice.why.args)["more"] == cny("4.26")
    saved = dict(choice.why.args)["saved"]
    assert isinstance(saved, Money)
    assert saved.amount > 4
    assert choice.ranked[-1].cost.risk > 0


def test_every_part_of_an_expected_cost_is_a_chance_times_what_it_costs() -> None:
    prior = Prior(late=Decimal("0.1"), lost=Decimal("0.01"), exception=Decimal("0.05"))
    costs = r.Costs(late=cny("20"), reship=cny("15"), exception=cny("8"))
    document = r.ChoiceRules(prior=prior, costs=costs)
    choice = choose(asked(document, quotes=(POST,), order=order(deadlines=(due("deliver", 30),))))
    assert choice.best is not None
    parts = {part.code: part.amount for part in choice.best.cost.parts}
    assert parts == {
        "price": Fraction("78.24"),
        "late": Fraction(2),
        "loss": Fraction("3.15"),
        "exception": Fraction("0.4"),
    }
    assert choice.best.cost.total == sum(parts.values())


def test_the_orders_own_charge_for_lateness_goes_before_the_shops() -> None:
    prior = Prior(late=Decimal("0.5"), lost=Decimal(0), exception=Decimal(0))
    document = r.ChoiceRules(prior=prior, costs=r.Costs(late=cny("20")))
    own = due("deliver", 30, cost_next=cny("6"))
    choice = choose(asked(document, quotes=(POST,), order=order(deadlines=(own,))))
    assert choice.best is not None
    assert choice.best.cost.part("late") == 3


@pytest.mark.parametrize(
    ("percent", "least", "most", "insured", "loss"),
    [
        ("0.5", None, None, True, "0"),
        ("2", None, None, False, "3"),
        ("0.5", "4", None, False, "3"),
        ("0.5", "2", "150", False, "3"),
        ("0.5", None, "150", True, "1.5"),
    ],
)
def test_insurance_is_taken_where_it_costs_less_than_the_loss(
    percent: str, least: str | None, most: str | None, *, insured: bool, loss: str
) -> None:
    prior = Prior(late=Decimal(0), lost=Decimal("0.01"), exception=Decimal(0))
    row = r.Insurer(
        services=("cp/*",),
        percent=Decimal(percent),
        least=cny(least) if least else None,
        most=cny(most) if most else None,
    )
    choice = choose(asked(r.ChoiceRules(prior=prior, insurance=(row,)), quotes=(POST, AIR)))
    best = choice.of("cp", "post")
    assert best is not None
    assert (best.cost.insured, best.cost.part("loss")) == (insured, Fraction(loss))
    other = choice.of("ex", "air")
    assert other is not None
    assert not other.cost.insured


def test_insurance_that_the_buyer_pays_for_covers_the_value() -> None:
    prior = Prior(late=Decimal(0), lost=Decimal("0.01"), exception=Decimal(0))
    row = r.Insurer(services=("cp/*",), percent=Decimal(0), least=Money(Decimal(1), "KZT"))
    document = r.ChoiceRules(prior=prior, insurance=(row,), costs=r.Costs(reship=cny("10")))
    choice = choose(asked(document, quotes=(POST,), options=("insurance",)))
    assert choice.best is not None
    assert (choice.best.cost.insured, choice.best.cost.part("loss")) == (False, Fraction("0.1"))
    plain = choose(asked(document, quotes=(POST,)))
    assert plain.best is not None
    assert not plain.best.cost.insured  # no rate says what the least premium is


# --- currencies ----------------------------------------------------------------------------

EURO = Rate(from_="EUR", to="CNY", rate=Decimal(8), on="2026-11-20", source="ECB")
PAKET = Quoted("dhl", "paket", Decimal("9.50"), "EUR", 1104, 5, 8, 1, "express")


def test_prices_are_compared_at_home_and_named_by_their_rate() -> None:
    choice = choose(asked(quotes=(POST, PAKET), rates=(EURO,)))
    assert names(choice) == ["paket", "post"]
    best = choice.ranked[0]
    assert (best.price, best.quote.amount, best.rates) == (
        cny("76.00"),
        Decimal("9.50"),
        ("EUR/CNY 2026-11-20 ECB",),
    )


def test_a_price_without_a_rate_is_refused_by_name() -> None:
    none = choose(asked(quotes=(POST, PAKET)))
    assert none.aside[0].note == Note("choice.no.rate", (("from", "EUR"), ("to", "CNY")))
    old = choose(asked(quotes=(POST, PAKET), rates=(replace(EURO, on="2026-10-01"),)))
    assert old.aside[0].note.key == "choice.no.rate_old"
    assert dict(old.aside[0].note.args)["on"] == date(2026, 10, 1)


def test_an_old_rate_is_used_and_told() -> None:
    choice = choose(asked(quotes=(POST, PAKET), rates=(replace(EURO, on="2026-11-16"),)))
    assert names(choice) == ["paket", "post"]
    assert choice.notes == (Note("choice.note.amber"),)


def test_prices_in_one_foreign_currency_need_no_rate_to_be_compared() -> None:
    other = replace(PAKET, service="small", amount=Decimal("8.00"))
    choice = choose(asked(quotes=(PAKET, other), rules=r.ChoiceRules(), held=()))
    assert (names(choice), choice.home) == (["small", "paket"], "EUR")
    known = choose(asked(quotes=(PAKET, other), rates=(EURO,)))
    assert known.home == "CNY"
    assert choice.notes == (Note("choice.note.left_out", (("from", "CNY"), ("to", "EUR"))),)
    shops = choose(asked(r.ChoiceRules(currency="EUR", prior=NO_RISK), rates=(EURO,)))
    assert shops.home == "EUR"


def test_comparing_amounts_needs_a_rate() -> None:
    compare = comparing(FxTable([EURO]), TODAY)
    assert compare(Money(Decimal(1), "EUR"), cny("8")) == 0
    assert compare(cny("8.01"), Money(Decimal(1), "EUR")) == 1
    assert compare(cny("8"), Money(Decimal(1), "USD")) is None


# --- whatever is asked ---------------------------------------------------------------------

QUOTES = st.lists(
    st.builds(
        lambda n, amount, days: Quoted(
            "c", f"s{n}", amount, "CNY", 1, days[0], sum(days), 1, "postal"
        ),
        st.integers(0, 30),
        st.decimals("0.01", "500", places=2),
        st.tuples(st.integers(0, 9), st.integers(0, 20)),
    ),
    max_size=12,
    unique_by=lambda one: one.service,
)


@given(QUOTES, st.integers(0, 30), st.randoms(use_true_random=False), st.integers(0, 200))
def test_every_service_is_answered_once_and_the_best_costs_least(
    quotes: list[Quoted],
    days: int,
    random: Random,
    lost: int,
) -> None:
    lanes = [
        LaneRow(carrier="c", service=one.service, on=TODAY, sent=200, lost=lost)
        for one in quotes[::2]
    ]
    document = r.ChoiceRules(
        insurance=(r.Insurer(services=("class:postal",), percent=Decimal(1)),),
        costs=r.Costs(late=cny("9"), reship=cny("5"), exception=cny("3")),
    )
    deadlines = (due("deliver", days),)

    def ask(some: list[Quoted]) -> Choice:
        return choose(asked(document, quotes=some, lanes=lanes, order=order(deadlines=deadlines)))

    choice = ask(quotes)
    answered = [*names(choice), *(one.quote.service for one in choice.aside)]
    assert sorted(answered) == sorted(one.service for one in quotes)
    totals = [one.cost.total for one in choice.ranked]
    assert totals == sorted(totals)
    assert bool(quotes) == bool(choice.ranked) == (choice.why is not None)
    for one in choice.ranked:
        assert one.cost.total == sum(part.amount for part in one.cost.parts)
        assert one.cost.total >= Fraction(one.quote.amount)
    shuffled = list(quotes)
    random.shuffle(shuffled)
    assert names(ask(shuffled)) == names(choice)
