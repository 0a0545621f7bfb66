"""The rating screen: what is offered, why, what is greyed and why, and another choice."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from packstation.domain.choice.calendars import Calendar, Calendars
from packstation.domain.orders import Deadline, Order, OrderLine, Payment
from packstation.domain.packing import State
from packstation.domain.packing.choice_facts import ServiceWeighed
from packstation.domain.packing.facts import ServiceSelected
from packstation.domain.quantities import Money
from packstation.domain.services import Edge, Quoted, RefusedService
from packstation.station import ports as p
from packstation.station.service_choice import REASONS, ServiceChoice
from packstation.station.site_choice import SiteChoice
from packstation.station.views import ServiceRow, StationView, Words
from tests.fake_storage import START
from tests.station.desk import EPACKET, ONLINE, Bench, FakeRater, order, to_weighing

POSTAL = Quoted("chinapost", "e-packet", Decimal("78.24"), "CNY", 780, 10, 15, 1, "postal")
AIR = Quoted("sandbox", "express", Decimal("158.10"), "CNY", 780, 3, 5, 2, "express")
LINE = Quoted("uni", "line", Decimal("82.50"), "CNY", 780, 7, 12, 3, "dedicated_line")
UNI = replace(EPACKET, carrier="uni", service="line", names={"en": "UNI line"}, numbers="online")
EURO = Money(Decimal(1), "EUR")
HEAVY = RefusedService("chinapost", "pickup", "weight", "780 g is over 500 g")


def bench_with(
    *quotes: Quoted,
    documents: tuple[dict[str, Any], ...] = (),
    rows: tuple[p.Row, ...] = (),
    rater: FakeRater | None = None,
    **more: Any,  # noqa: ANN401 - fields of the order
) -> Bench:
    """A bench that has weighed a parcel with the list of services open."""
    known = quotes or (POSTAL, AIR, LINE)
    bench = Bench(rater=rater or FakeRater(known, (HEAVY,)), services=(EPACKET, ONLINE, UNI))
    bench.cache.add(p.OrderRow(order(**more), 1))
    for at, body in enumerate(documents):
        bench.cache.images["choice", f"{at}"] = body
    for row in rows:
        bench.cache.images[row.t, row.id] = row.body
    bench.start()
    bench.lease()
    bench.scan("%PB:PK-1")
    return bench


def rating(bench: Bench) -> StationView:
    to_weighing(bench)
    bench.command("service")
    bench.weigh(780)
    return bench.view


def said(row: ServiceRow) -> list[str]:
    return [words.key for words in (row.why, *row.more) if words is not None]


def row(view: StationView, service: str) -> ServiceRow:
    return next(one for one in view.services if one.service == service)


def fact(bench: Bench, kind: type[Any]) -> Any:  # noqa: ANN401 - of that kind
    (found,) = bench.core.facts_of([kind.__name__])
    return found


RULES: dict[str, Any] = {
    "schema": "packstation.choice/1",
    "rules": [{"id": "fast", "names": {"en": "Dear goods by air"}, "only": ["class:express"]}],
}


def test_services_stand_by_cost_with_reasons_and_the_digits_that_pick_them() -> None:
    view = rating(bench_with())
    told = [(one.service, one.state, one.key, one.price) for one in view.services]
    assert told == [
        ("e-packet", "possible", "1", "¥78.24"),
        ("line", "possible", "2", "¥82.50"),
        ("express", "possible", "3", "¥158.10"),
        ("pickup", "refused", "", ""),
    ]
    assert said(row(view, "e-packet"))[0] == "choice.why.cheapest"
    assert row(view, "line").why == Words("choice.dearer", (("m", "¥4.26"),))
    assert (row(view, "express").days, row(view, "express").arrives) == ("3–5", "26.11")
    assert view.service_notes == ()


def test_the_rules_choice_is_taken_by_itself_and_its_reckoning_recorded() -> None:
    bench = bench_with()
    to_weighing(bench)
    bench.weigh(780)
    selected, weighed = fact(bench, ServiceSelected), fact(bench, ServiceWeighed)
    assert (selected.service, selected.by, selected.reason) == ("e-packet", "rule", "")
    assert (weighed.home, weighed.best, weighed.ranked) == (Money(Decimal("78.24"), "CNY"), "", 3)
    assert weighed.parts[0] == "price 78.24"
    assert (weighed.why, weighed.arrives) == ("choice.why.cheapest", "2026-12-06")
    assert weighed.expected.amount >= weighed.home.amount
    assert bench.view.services[0].state == "chosen"
    assert bench.view.services[0].key == ""


def test_another_service_needs_a_reason_and_both_are_recorded() -> None:
    bench = bench_with()
    rating(bench)
    view = bench.say(p.ChoiceMade(1))
    assert view.entry is not None
    assert [name for name, _ in view.entry.choices] == list(REASONS)
    assert bench.core.session.state is State.RATING
    bench.say(p.ChoiceMade(2))
    selected, weighed = fact(bench, ServiceSelected), fact(bench, ServiceWeighed)
    assert (selected.service, selected.by, selected.reason) == ("line", "person", "not_collected")
    assert (weighed.best, weighed.why) == ("chinapost/e-packet", "")


def test_the_rules_own_choice_needs_no_reason_from_a_person() -> None:
    bench = bench_with()
    rating(bench)
    bench.say(p.ChoiceMade(0, value="chinapost/e-packet"))
    assert fact(bench, ServiceSelected).by == "person"


@pytest.mark.parametrize("value", ["because", ""])
def test_a_reason_that_is_none_takes_nothing(value: str) -> None:
    bench = bench_with()
    rating(bench)
    bench.say(p.ChoiceMade(1))
    bench.say(p.TextEntered("service", value))
    assert bench.core.session.parcel.service is None
    bench.say(p.TextEntered("service", "faster"))  # of a service that nobody wants any more
    assert bench.core.session.parcel.service is None


def test_a_rule_greys_with_its_name_in_the_packers_language_and_the_price_stands() -> None:
    view = rating(bench_with(documents=(RULES,)))
    assert said(row(view, "express"))[0] == "choice.why.rule"
    greyed = row(view, "e-packet")
    assert (greyed.state, greyed.price) == ("refused", "¥78.24")
    assert greyed.why == Words("choice.no.only", (("rule", "Dear goods by air"),))


def test_the_service_that_the_order_names_is_told_as_people_call_it() -> None:
    view = rating(bench_with(service="line"))
    assert said(row(view, "line"))[0] == "choice.why.named"
    assert row(view, "express").why == Words("choice.no.named", (("service", "UNI line"),))


def test_deadlines_set_aside_by_the_day_of_arrival() -> None:
    at = START + timedelta(days=6)
    due = Deadline(kind="deliver", at=at, cost_next=Money(Decimal(30), "CNY"))
    view = rating(bench_with(deadlines=(due,)))
    assert said(row(view, "express"))[0] == "choice.why.in_time"
    late = row(view, "line")
    assert late.why is not None
    assert (late.why.key, dict(late.why.args)["day"]) == ("choice.no.late", "03.12")
    none = rating(bench_with(deadlines=(replace(due, at=START + timedelta(days=1)),)))
    assert [words.key for words in none.service_notes] == ["choice.note.none_in_time"]
    assert "choice.too_late" in said(none.services[0])


def test_offline_only_what_has_numbers_here_is_possible_and_the_screen_says_so() -> None:
    bench = bench_with()
    bench.say(p.SyncChanged(online=True, waiting=0))
    bench.say(p.SyncChanged(online=False, waiting=0))
    view = rating(bench)
    assert [one.service for one in view.services if one.state == "possible"] == ["e-packet"]
    greyed = row(view, "express")
    assert greyed.why is not None
    assert greyed.why.key == "rate.no.offline"
    assert view.service_notes[0] == Words("choice.note.offline")
    bench.say(p.ChoiceMade(0))
    assert fact(bench, ServiceWeighed).offline


def test_less_weight_that_would_be_cheaper_is_told() -> None:
    near = replace(LINE, edge=Edge(104, Decimal("15.00")))
    view = rating(bench_with(POSTAL, near))
    assert Words("rate.edge", (("g", 104), ("m", "¥15.00"))) in row(view, "line").more


def test_a_foreign_price_stands_as_it_is_booked_and_as_it_was_compared() -> None:
    paket = replace(AIR, amount=Decimal("9.50"), currency="EUR", min_days=None, max_days=8)
    euro = {"from": "EUR", "to": "CNY", "rate": "8", "on": "2026-11-16", "source": "ECB"}
    agreed = {**euro, "rate": "8.1", "on": "2026-11-01", "kind": "contract", "until": "2026-12-31"}
    bodies: tuple[dict[str, Any], ...] = (agreed, {"from": 7})
    rows = tuple(p.Row("contract-rate", f"{at}", 1, "put", body) for at, body in enumerate(bodies))
    bench = bench_with(POSTAL, paket, rows=rows)
    view = rating(bench)
    dear = row(view, "express")
    assert (dear.price, dear.home, dear.days) == ("€9.50", "¥76.95", "8")
    bench.say(p.ChoiceMade(0))
    assert fact(bench, ServiceWeighed).rates == ("EUR/CNY 2026-11-01 ECB contract to 2026-12-31",)
    assert fact(bench, ServiceSelected).price == Money(Decimal("9.50"), "EUR")


def test_without_a_rate_a_foreign_price_is_greyed_by_name() -> None:
    view = rating(bench_with(POSTAL, replace(AIR, currency="EUR")))
    pair = (("from", "EUR"), ("to", "CNY"))
    assert row(view, "express").why == Words("choice.no.rate", pair)


def test_an_equal_price_is_no_dearer() -> None:
    view = rating(bench_with(POSTAL, replace(LINE, amount=POSTAL.amount)))
    assert said(row(view, "e-packet"))[:1] != ["choice.dearer"]
    assert "choice.dearer" not in said(row(view, "line"))


def test_insurance_that_pays_is_bought_and_told() -> None:
    insured = {
        "schema": "packstation.choice/1",
        "prior": {"lost": "0.02"},
        "insurance": [{"services": ["chinapost/*"], "percent": "0.5"}],
    }
    paid = Payment(total=Money(Decimal(400), "CNY"))
    bench = bench_with(documents=(insured,), payment=paid)
    view = rating(bench)
    assert Words("choice.insured", (("m", "¥2.00"),)) in row(view, "e-packet").more
    bench.say(p.ChoiceMade(0))
    assert fact(bench, ServiceSelected).options == ("insurance",)
    assert fact(bench, ServiceWeighed).insured


def test_a_rule_that_a_missing_rate_left_unjudged_is_named() -> None:
    dear = {
        "schema": "packstation.choice/1",
        "rules": [
            {
                "id": "dear",
                "when": {"value_over": {"amount": "10", "currency": "KZT"}},
                "never": ["chinapost/*"],
            }
        ],
    }
    view = rating(bench_with(documents=(dear,)))
    assert view.services[0].service == "e-packet"
    assert view.service_notes == (Words("choice.note.rule", (("rule", "dear"),)),)


def test_what_may_go_wrong_is_told_where_it_is_worth_a_word() -> None:
    bad = {
        "carrier": "chinapost",
        "service": "e-packet",
        "country": "RU",
        "on": "2026-11-20",
        "sent": 500,
        "lost": 100,
    }
    good = {**bad, "carrier": "uni", "service": "line", "sent": 5000, "lost": 0}
    lanes = {"schema": "packstation.lanes/1", "lanes": [bad, good]}
    paid = Payment(total=Money(Decimal(300), "CNY"))
    view = rating(bench_with(documents=(lanes,), payment=paid))
    assert view.services[0].service == "line"
    assert said(view.services[0])[0] == "choice.why.risk"
    assert "choice.risk" in said(row(view, "e-packet"))


def test_options_that_rules_ask_for_reach_the_tariffs_and_the_label() -> None:
    signed = {
        "schema": "packstation.choice/1",
        "rules": [
            {
                "id": "dear",
                "when": {"value_over": {"amount": "10", "currency": "CNY"}},
                "options": ["signature"],
            }
        ],
        "offers": [{"services": ["chinapost/*"], "options": ["pickup_point"]}],
    }
    seen: list[tuple[str, ...]] = []

    class Asking(FakeRater):
        def quote(self, asked: Order, *rest: Any) -> Any:  # noqa: ANN401 - as the rater's
            seen.append(asked.options)
            return super().quote(asked, *rest)

    bench = bench_with(
        documents=(signed,),
        rater=Asking((POSTAL, AIR)),
        delivery={"kind": "pickup_point"},
        options=("invoice",),
    )
    view = rating(bench)
    assert seen == [("signature",)]
    assert row(view, "express").why == Words("choice.no.option", (("option", "pickup_point"),))
    bench.say(p.ChoiceMade(0))
    assert fact(bench, ServiceSelected).options == ("pickup_point", "signature")


@pytest.mark.parametrize(
    ("more", "lost"),
    [
        ({"payment": Payment(total=Money(Decimal(70), "CNY"))}, True),
        ({"declared_total": Money(Decimal(70), "CNY")}, True),
        ({}, True),
        (
            {
                "lines": (
                    OrderLine(
                        line=1, sku="MUG-GRN", quantity=2, unit_price=Money(Decimal(1), "EUR")
                    ),
                    OrderLine(line=2, sku="SOCK-RED", quantity=1),
                )
            },
            False,
        ),
    ],
)
def test_the_value_at_stake_is_what_was_paid_else_declared_else_the_goods(
    more: dict[str, Any], *, lost: bool
) -> None:
    plain = more.pop("lines", None)
    bench = bench_with(**more)
    if plain is not None:
        bench.cache.add(p.OrderRow(replace(order(), lines=plain), 1))
    rating(bench)
    bench.say(p.ChoiceMade(0))
    assert any(part.startswith("loss") for part in fact(bench, ServiceWeighed).parts) is lost


def test_documents_that_come_later_hold_from_then_on(caplog: pytest.LogCaptureFixture) -> None:
    bench = bench_with()
    assert rating(bench).services[0].service == "e-packet"
    wrong: dict[str, Any] = {"schema": "packstation.choice/1", "rules": [{"id": "x"}]}
    bodies: dict[str, dict[str, Any]] = {
        "rules": RULES,
        "old": {"schema": "choice/0"},
        "bad": wrong,
    }
    rows = tuple(p.Row("choice", name, 1, "put", body) for name, body in bodies.items())
    bench.cache.images.update({(one.t, one.id): one.body for one in rows})
    bench.say(p.RowsPulled((p.Row("sku", "X", 1, "del", {}),), "c8", 1))
    assert bench.view.services[0].service == "e-packet"
    bench.say(p.RowsPulled(rows, "c9", 1))
    assert "no document of ours" in caplog.text
    assert "not taken" in caplog.text
    assert bench.core.session.state is State.RATING
    view = bench.view
    assert [one.service for one in view.services if one.state == "possible"] == ["express"]


def test_the_programs_calendars_count_and_the_shops_go_before_them() -> None:
    ours = Calendars(calendars=(Calendar(id="CN", source="ours"),))
    shipped = Calendars(calendars=(Calendar(id="CN", source="shipped"), Calendar(id="RU")))
    bench = bench_with(documents=(msgspec.to_builtins(ours),))
    site = SiteChoice(bench.core)
    site.shipped = lambda: shipped
    site.ready()
    bench.later.drain()
    assert site.known.calendars.of("CN").source == "ours"
    assert site.known.calendars.of("RU").id == "RU"


def test_a_rate_that_comes_while_nothing_is_open_changes_nothing() -> None:
    bench = bench_with()
    judge = ServiceChoice(bench.core, SiteChoice(bench.core))
    judge.judge((POSTAL,), ())
    assert bench.core.desk.choice is None
    assert judge.fact(POSTAL) is None
    assert judge.options(POSTAL) == ()
    assert not judge.ask_why(POSTAL)


def test_days_are_written_as_the_packer_writes_them() -> None:
    bench = bench_with(replace(POSTAL, min_days=None, max_days=None), LINE)
    chinese = replace(bench.cache.persons["PK-1"], language="zh_Hans")
    bench.cache.persons["PK-1"] = chinese
    bench.core.desk.person = chinese
    view = rating(bench)
    assert row(view, "line").arrives == "12月3日"
    assert (row(view, "e-packet").days, row(view, "e-packet").arrives) == ("", "")
