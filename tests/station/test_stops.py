"""Stops that must not be missed: restarts, parked orders, other totes, a bench without a person."""

from __future__ import annotations

import pytest

from packstation.domain.errors import StorageError
from packstation.domain.orders import Address
from packstation.domain.packing import State
from packstation.domain.packing import facts as f
from packstation.domain.packing import inputs as i
from packstation.station import ports as p
from packstation.station.views import Screen
from tests.station.desk import (
    CARTONS,
    MUG,
    Bench,
    order,
    product,
    signed_in,
    to_confirming,
    to_weighing,
)
from tests.station.test_reports import row

MOVED = order(ship_to=Address(name="И. Иванов", lines=("ул. 2",), city="Omsk", country="RU"))


def restarted(bench: Bench) -> Bench:
    again = Bench(bench.store, cache=bench.cache).start()
    again.scan("%PB:PK-1")
    return again


def parked() -> Bench:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.command("park")
    bench.scan("SHELF-4")
    assert bench.core.session.state is State.PARKED
    return bench


# --- crash windows -------------------------------------------------------------------------


def test_a_stop_that_was_learned_and_not_recorded_stops_after_the_restart() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.cache.add(p.OrderRow(order(status="cancelled"), 2))
    again = restarted(bench)
    assert (again.core.session.state, again.core.session.hold_reason) == (State.HELD, "cancelled")


def test_no_key_calls_a_supervisor_where_no_badge_releases() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    view = bench.say(row(order(status="cancelled"), 2))
    assert view.alert is not None
    assert [one.command for one in view.alert.answers] == ["help"]


def test_a_row_that_waited_for_its_facts_is_looked_at_when_it_comes_in() -> None:
    bench = parked()
    bench.say(row(order(), 2, hold="customs"))
    bench.scan("O-1")
    assert bench.core.session.state is State.SCANNING
    bench.say(p.CursorMoved(bench.store.head().seq, 1))
    assert bench.core.session.hold_reason == "server"


def test_an_older_row_of_the_cache_says_nothing() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.say(row(order(), 2, hold="customs"), row(order(), 3))
    bench.cache.add(p.OrderRow(order(), 2, hold="customs"))
    bench.say(p.CursorMoved(1, 1))
    assert bench.core.session.state is State.SCANNING


def test_a_second_session_that_was_left_open_goes_on() -> None:
    bench = signed_in(order("O-1"), order("O-2"))
    bench.scan("O-1", MUG)
    first = bench.core.session_id
    bench.core.session = type(bench.core.session)()
    bench.scan("O-2", MUG)
    again = restarted(bench)
    assert again.core.session.order_id == "O-2"
    again.command("park")
    again.scan("SHELF-4", "O-1")
    assert (again.core.session_id, again.core.session.lines[0].done) == (first, 1)


# --- parked --------------------------------------------------------------------------------


def test_a_parked_order_that_changed_meanwhile_stops_at_once() -> None:
    bench = parked()
    bench.cache.add(p.OrderRow(MOVED, 2))
    view = bench.scan("O-1")
    assert view.alert is not None
    assert view.alert.headline.key == "stop.change"


def test_a_parked_hold_is_held_again() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.command("hold")
    bench.say(p.TextEntered("hold", "damaged"))
    bench.command("park")
    bench.scan("SHELF-4", "O-1")
    assert (bench.core.session.state, bench.core.session.hold_note) == (State.HELD, "damaged")


def test_an_item_opens_no_order_whose_goods_lie_elsewhere() -> None:
    bench = parked()
    view = bench.scan(MUG)
    assert view.alert is not None
    assert view.alert.headline.key == "no.item.no_order"
    assert bench.core.session.state is State.PARKED


@pytest.mark.parametrize("text", ["buyer@example.org", "Ivan Petrov", "x" * 40])
def test_what_is_no_place_stays_out_of_the_journal(text: str) -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.command("park")
    assert bench.scan(text).alert is not None
    assert bench.core.session.state is State.SCANNING
    assert all(text not in str(record.event.body) for record in bench.store.records)


# --- put back and cancelled ----------------------------------------------------------------


def test_the_next_orders_tote_does_not_put_this_one_back() -> None:
    bench = signed_in(order("O-1"), order("O-2"))
    bench.scan("O-1", MUG)
    bench.say(row(order(status="cancelled"), 2))
    bench.scan("T-O-2")
    assert bench.core.session.state is State.HELD
    assert bench.scan("T-O-1").screen is Screen.QUEUE


def test_an_order_with_a_labelled_parcel_is_not_begun_anew() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.command("next-parcel")
    bench.scan("C3")
    bench.say(p.ChoiceMade(index=0))
    bench.weigh(400)
    bench.out()
    bench.out()
    bench.scan("LP000000005CN")
    assert bench.core.session.state is State.SCANNING
    bench.command("cancel")
    view = bench.say(p.AnswerGiven(yes=True))
    assert view.alert is not None
    assert view.alert.headline.key == "no.cancel.labelled"
    bench.say(row(order(status="cancelled"), 2))
    bench.scan("T-O-1")
    bench.cache.add(p.OrderRow(order(), 3))
    view = bench.scan("O-1")
    assert view.alert is not None
    assert view.alert.headline.key == "no.order.packed"


def test_a_repeated_stop_is_no_news() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.say(row(order(), 2, hold="customs"))
    view = bench.say(row(order(), 3, hold="customs"))
    assert view.alert is not None
    assert view.alert.headline.key == "stop.hold"
    assert bench.kinds().count("SessionHeld") == 1


# --- nobody there --------------------------------------------------------------------------


def test_no_weight_is_taken_while_nobody_is_there() -> None:
    bench = signed_in()
    to_weighing(bench)
    bench.desk.locked = True
    bench.weigh(780)
    assert bench.core.session.state is State.WEIGHING
    bench.scan("%PB:PK-1")
    assert bench.say(bench.reading(780)).screen is Screen.PRINTING


def test_who_was_taken_off_the_list_is_signed_out() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.say(p.RowsPulled((p.Row("user", "PK-2", 2, "del", {}),), "c1", 1))
    assert bench.desk.person is not None
    view = bench.say(p.RowsPulled((p.Row("user", "PK-1", 2, "del", {}),), "c2", 1))
    assert view.screen is Screen.SIGN_IN
    last = next(r.event for r in reversed(bench.store.records) if r.event.kind != "PapersChecked")
    assert (last.kind, last.body["cause"]) == ("PersonSignedOut", "revoked")
    bench.say(p.RowsPulled((p.Row("user", "SV-1", 2, "del", {}),), "c3", 1))
    assert bench.desk.person is None


# --- another order -------------------------------------------------------------------------


def test_what_was_asked_for_one_order_is_forgotten_with_the_next() -> None:
    bench = signed_in(order("O-1"), order("O-2"))
    to_confirming(bench)
    bench.command("cancel", "service")
    bench.desk.quantity = 3
    bench.scan("LP000000005CN", "O-2", MUG)
    assert bench.core.session.lines[0].done == 1
    assert (bench.desk.entry, bench.desk.listing) == (None, "")


def test_a_quantity_counts_for_the_item_that_opens_an_order() -> None:
    bench = signed_in()
    bench.say(p.CommandGiven("quantity", "2"))
    bench.scan(MUG)
    assert bench.core.session.lines[0].done == 2


def test_new_rows_of_the_catalogue_are_shown() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    renamed = product("MUG-GRN", MUG, 300, names={"en": "Renamed"})
    bench.cache.add(renamed, *CARTONS)
    bench.say(p.RowsPulled((p.Row("sku", "OTHER", 2, "del", {}),), "c1", 1))
    assert bench.view.lines[0].product.name == "Renamed"


def test_a_stop_is_not_lost_when_the_disk_is_full() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.store.broken = True
    with pytest.raises(StorageError):
        bench.core.record(f.PersonSignedIn(badge="x"))
    bench.cache.add(p.OrderRow(order(status="cancelled"), 2))
    bench.say(row(order(status="cancelled"), 2))
    bench.store.broken = False
    bench.say(p.CursorMoved(1, 1))
    assert bench.core.session.hold_reason == "cancelled"


@pytest.mark.parametrize(
    ("reason", "ways"), [("no_service", ["open", "supervisor"]), ("person", ["supervisor"])]
)
def test_only_ways_out_that_are_open_are_offered(reason: str, ways: list[str]) -> None:
    bench = signed_in()
    to_weighing(bench)
    bench.core.submit(i.HoldRaised(reason=reason))
    view = bench.say(p.Ticked())
    assert view.alert is not None
    assert [command.command for command in view.alert.answers] == ways
    bench.command("open")
    assert (bench.core.session.state is State.SCANNING) is ("open" in ways)


def test_the_date_is_known_without_the_database() -> None:
    bench = signed_in()
    site = {"code": "GZ-1", "zone": "Asia/Shanghai"}
    bench.say(p.RowsPulled((p.Row("site", "GZ-1", 1, "put", site),), "c1", 1))
    bench.clock.advance(9 * 3600)
    bench.cache.site = None  # type: ignore[method-assign,assignment]
    assert bench.core.today() == "2026-11-22"


def test_an_answer_is_somebody_at_the_bench() -> None:
    bench = signed_in()
    bench.clock.advance(200)
    bench.say(p.AnswerGiven(yes=True))
    bench.clock.advance(200)
    assert not bench.say(p.Ticked()).locked
