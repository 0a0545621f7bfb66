"""The hand-over at the bench: scanned to a list, bagged, weighed, counted, signed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from packstation.bootstrap.help_files import HelpFiles
from packstation.domain.choice.calendars import Calendar, Calendars
from packstation.domain.handover import parcels as hp
from packstation.domain.handover import signature as sig
from packstation.domain.orders import Address
from packstation.domain.packing.facts import LabelVoided
from packstation.domain.psp import OrderBody
from packstation.domain.quantities import Money
from packstation.station import ports as p
from packstation.station.gear import Gear
from packstation.station.handover_hand import SignatureDrawn
from packstation.station.views import Screen
from tests.station.desk import Bench, order, signed_in, to_confirming
from tests.station.dock import LINE, asked, at_dock, no_after, pulled, row, shown, signed, typed
from tests.station.test_modes import finish, one, page, waybill


def test_a_parcel_packed_here_is_scanned_listed_signed_for_and_never_opened_again() -> None:
    bench = signed_in()
    to_confirming(bench)
    number = waybill(bench)
    bench.scan(number)
    bench.command("queue", "handover")
    assert [line.detail.args for line in page(bench).rows[:1] if line.detail] == [(("n", 1),)]
    bench.scan(number)
    view = shown(bench)
    assert (view.step, view.count, view.due, view.service) == ("load", 1, 1, "e-Packet")
    assert view.main.key == "handover.do.all_in"
    assert bench.view.earcon == "line_complete"
    signed(bench)
    assert shown(bench).step == "done"
    kinds = bench.kinds()
    assert kinds[-2:] == ["ManifestSigned", "ParcelTendered"]
    last = bench.store.records[-1].event
    assert (last.order, last.body["waybill"]) == ("O-1", number)
    assert len(bench.documents.lists) == 1
    assert [one.waybill for one in bench.documents.lists[0].parcels] == [number]
    # Its history tells it, and nobody opens it any more.
    bench.command("back", "back", "back")
    bench.command("queue")
    bench.scan("T-O-1")
    told = {event.kind for event in bench.store.order_events("O-1")}
    assert {"ParcelLoaded", "ParcelTendered"} <= told


def test_a_tendered_parcel_is_not_opened_again_by_a_supervisor() -> None:
    bench = signed_in()
    to_confirming(bench)
    number = waybill(bench)
    bench.scan(number)
    bench.command("handover")
    bench.scan(number)
    signed(bench)
    bench.command("handover", "reopen")
    typed(bench, "supervisor", "SV-1")
    bench.command("back")
    bench.scan("%PB:SV-1")
    bench.command("reopen")
    bench.say(p.TextEntered("pin", "9999"), p.ChoiceMade(1))
    assert "SessionReopened" not in bench.kinds()
    assert bench.view.alert is not None
    assert bench.view.alert.headline.key == "no.reopen.tendered"


def test_the_first_scan_opens_the_list_and_missing_parcels_are_named() -> None:
    bench = at_dock(row("RX1"), row("RX2"), row("RX3", service="express", carrier="sandbox"))
    bench.scan("RX1")
    view = shown(bench)
    assert (view.count, view.due) == (1, 2)
    assert [line.code for line in view.rows] == ["RX2"]
    assert dict(view.rows[0].note.args)["b"] == "Bench 03"
    assert no_after(bench, "RX3") == "service"
    bench.command("accept")
    view = shown(bench)
    assert (view.step, view.main.key) == ("check", "handover.do.missing")
    bench.command("accept")
    closed = bench.store.records[-1].event
    assert (closed.kind, closed.body["missing"]) == ("ManifestClosed", ("RX2",))
    assert bench.view.entry is not None
    assert bench.view.entry.kind == "driver"
    assert [line.code for line in shown(bench).rows] == ["RX2"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"mode": "9710"}, "mode"),
        ({"state": "voided"}, "voided"),
        ({"state": "tendered"}, "tendered"),
        ({"manifest": "MF-OTHER"}, "elsewhere"),
        ({"service": "other"}, "service"),
    ],
)
def test_what_does_not_belong_is_refused_by_name_and_recorded(
    more: dict[str, object], why: str
) -> None:
    bench = at_dock(row("RX1"), row("RX2", **more))
    bench.scan("RX1")
    assert no_after(bench, "RX2") == why
    refused = bench.store.bench_events(["LoadRefused"])[-1].body
    assert (refused["reason"], refused["code"]) == (why, "RX2")
    assert shown(bench).count == 1


def test_other_codes_are_refused_and_a_parcel_counts_once() -> None:
    bench = at_dock(row("RX1"))
    assert no_after(bench, "4006381333931") == "what"
    assert no_after(bench, "LP000000005CN") == "unknown"
    bench.scan("RX1")
    assert no_after(bench, "RX1") == "twice"
    assert no_after(bench, "BG-261120-AAAAA") == "unit"
    bench.say(p.SyncChanged(online=True, waiting=0))
    assert no_after(bench, "LP000000005CN") == "unknown"


def test_a_parcel_on_another_open_list_says_which() -> None:
    bench = at_dock(row("RX1"), row("EX1", carrier="sandbox", service="express"))
    bench.scan("RX1")
    code = shown(bench).code
    bench.command("back")
    bench.scan("EX1")
    bench.scan("RX1")
    assert bench.view.alert is not None
    assert dict(bench.view.alert.headline.args)["on"] == code


def test_away_from_the_server_unknown_parcels_go_on_and_are_judged_when_rows_come() -> None:
    bench = at_dock(row("RX1"))
    bench.say(p.SyncChanged(online=False, waiting=3))
    bench.scan("RX1", "LP000000005CN")
    assert shown(bench).count == 2
    assert bench.store.records[-1].event.body["checked"] is False
    pulled(bench, row("LP000000005CN", service="other"))
    view = shown(bench)
    assert [(line.code, line.note.key) for line in view.rows] == [
        ("LP000000005CN", "handover.extra.service")
    ]
    bench.command("accept", "accept")
    assert shown(bench).problem is not None
    bench.scan("LP000000005CN")
    assert shown(bench).step == "load"
    assert shown(bench).count == 1
    assert bench.store.records[-1].event.body["reason"] == "extra"


def test_an_order_cancelled_or_held_takes_its_parcel_off_the_list() -> None:
    bench = at_dock(row("RX1", order_id="O-9"), row("RX2", order_id="O-8"))
    cancelled = OrderBody(order=order("O-9", status="cancelled"))
    pulled(bench, p.Row("order", "O-9", 2, "put", msgspec.to_builtins(cancelled)))
    assert no_after(bench, "RX1") == "cancelled"
    bench.scan("RX2")
    held = OrderBody(order=order("O-8"), hold="customs")
    pulled(bench, p.Row("order", "O-8", 2, "put", msgspec.to_builtins(held)))
    # Its row waits until the server has what this bench said of the order.
    assert shown(bench).rows == ()
    bench.store.acknowledge(bench.store.head().seq)
    bench.say(p.CursorMoved(bench.store.head().seq, 1))
    assert [line.note.key for line in shown(bench).rows] == ["handover.extra.held"]
    bench.say(p.SyncChanged(online=True, waiting=4), p.CursorMoved(1, 1))
    assert len(shown(bench).rows) == 1


def test_the_export_mode_is_the_orders_else_the_sites() -> None:
    bench = signed_in(one("O-1"), one("O-2", cn_export_mode="9710"))
    site = {"code": "GZ-1", "zone": "Asia/Shanghai", "cn_export_mode": "9610"}
    pulled(bench, p.Row("site", "GZ-1", 1, "put", site))
    numbers: list[str] = []
    for name in ("O-1", "O-2"):
        bench.scan(f"T-{name}", "4006381333931")
        finish_and_keep(bench, numbers)
    bench.command("handover")
    bench.scan(numbers[0])
    assert shown(bench).mode == "9610"
    assert no_after(bench, numbers[1]) == "mode"


def finish_and_keep(bench: Bench, numbers: list[str]) -> None:
    """The parcel goes out of the door, its number is remembered."""
    finish(bench)
    label = bench.core.session.parcels[0].label
    assert label is not None
    numbers.append(label.waybill)


def test_the_signature_is_a_file_and_the_fact_has_its_hash_alone() -> None:
    kept: list[tuple[bytes, int]] = []
    bench = at_dock(row("RX1"), gear=Gear(keep=lambda data, days: kept.append((data, days))))
    bench.scan("RX1")
    bench.command("accept", "accept")
    bench.say(SignatureDrawn(LINE))
    problem = shown(bench).problem
    assert problem is not None
    assert problem.key == "handover.sign.name"
    typed(bench, "driver", " Wang Wei ")
    assert shown(bench).driver == "Wang Wei"
    bench.say(SignatureDrawn((((1, 1),),)))
    problem = shown(bench).problem
    assert problem is not None
    assert problem.key == "handover.sign.blank"
    bench.say(SignatureDrawn(LINE))
    (data, days) = kept[0]
    found = sig.decode(data)
    assert found is not None
    assert (found.driver, found.count, found.strokes) == ("Wang Wei", 1, LINE)
    assert days > 3600
    fact = bench.store.bench_events(["ManifestSigned"])[-1].body
    assert fact["signature"] == sig.digest(data)
    assert "Wang" not in str(bench.store.records)
    paper = bench.documents.lists[-1]
    assert paper.signature == found
    assert paper.signed_at
    # A second signature of a list that is gone says nothing.
    bench.say(SignatureDrawn(LINE))
    assert len(kept) == 1


def test_a_driver_may_sign_on_paper_and_the_list_prints_again() -> None:
    bench = at_dock(row("RX1"))
    bench.scan("RX1")
    bench.command("accept", "accept", "back")
    assert asked(bench) == ""
    bench.command("back")
    bench.scan(bench.store.bench_events(["ManifestOpened"])[-1].body["code"])
    assert asked(bench) == "driver"
    bench.command("accept", "back", "reprint", "on-paper", "reprint")
    assert shown(bench).step == "done"
    assert [one.signature for one in bench.documents.lists] == [None, None, None]
    bench.command("accept")
    assert bench.view.screen is Screen.ROWS


def test_a_counted_list_takes_more_and_a_list_without_parcels_is_given_up() -> None:
    bench = at_dock(row("RX1"), row("RX2"))
    bench.scan("RX1")
    bench.command("accept", "accept")
    typed(bench, "driver", "Wang")
    assert no_after(bench, "RX2") == "counted"
    bench.command("undo")
    bench.scan("RX2")
    assert shown(bench).count == 2
    bench.command("undo", "undo")
    bench.command("undo")
    problem = shown(bench).problem
    assert problem is not None
    assert problem.key == "handover.empty"
    bench.command("accept")
    assert shown(bench).problem is not None
    bench.command("back")
    assert bench.kinds()[-1] == "ManifestDropped"


def test_lists_survive_a_restart() -> None:
    bench = at_dock(row("RX1"), row("RX2"))
    bench.scan("RX1")
    code = shown(bench).code
    again = Bench(bench.store)
    again.cache = bench.cache
    again.start()
    again.scan("%PB:PK-1")
    again.command("handover")
    assert [line.id[:5] for line in page(again).rows if line.id][:1] == ["list:"]
    again.say(p.ChoiceMade(0, next(line.id for line in page(again).rows if line.id)))
    assert (shown(again).code, shown(again).count) == (code, 1)
    again.command("back")
    again.say(p.CommandGiven("handover", code))
    assert shown(again).count == 1


def test_another_benchs_list_is_refused_and_its_parcels_named() -> None:
    bench = at_dock(row("RX1"), row("RX2", manifest="MF-261120-7KQ2V"))
    bench.scan("RX1")
    assert no_after(bench, "MF-261120-7KQ2V") == "list"
    assert no_after(bench, "RX2") == "elsewhere"
    assert shown(bench).count == 1
    # RX1 was loaded there first, while this bench was cut off: it must come off here.
    pulled(bench, row("RX1", manifest="MF-261120-7KQ2V"))
    bench.command("accept", "accept")
    problem = shown(bench).problem
    assert problem is not None
    assert problem.key == "handover.extras"
    bench.scan("RX1")
    assert shown(bench).count == 0


def test_help_of_the_hand_over_opens_and_leads_back_to_the_list() -> None:
    bench = at_dock(row("RX1"), gear=Gear(books=HelpFiles().book))
    bench.scan("RX1")
    bench.command("help")
    assert bench.view.help is not None
    assert bench.view.help.id == "handover"
    bench.command("help")
    assert shown(bench).count == 1


def test_a_list_is_begun_by_a_key_and_its_cut_off_is_the_sites() -> None:
    rules: dict[str, object] = {"cutoffs": {"chinapost": ["17:30"]}}
    bench = at_dock(row("RX1"), rules=rules)
    ids = [line.id for line in page(bench).rows]
    assert "new:chinapost/e-packet" in ids
    bench.say(p.ChoiceMade(0, "nothing"))
    bench.say(p.ChoiceMade(0, "new:chinapost/e-packet"))
    assert shown(bench).cutoff
    assert shown(bench).count == 0
    bench.scan("RX1")
    bench.command("back")
    assert page(bench).rows[0].note is not None
    # The list of that service goes on, no second one is opened.
    bench.say(p.ChoiceMade(0, "new:chinapost/e-packet"))
    assert len(bench.store.bench_events(["ManifestOpened"])) == 1


def test_the_cut_off_of_a_friday_evening_is_the_next_workday_of_the_shop_s_calendar() -> None:
    rules: dict[str, object] = {"cutoffs": {"chinapost": ["00:30"]}}
    bench = signed_in()
    # The desk's Friday is the 20th; the shop works on that Sunday.
    known = Calendars(calendars=(Calendar(id="CN", workdays=(date(2026, 11, 22),)),))
    site = {"code": "GZ-1", "zone": "Asia/Shanghai", "rules": rules, "sender": {"country": "CN"}}
    told = p.Row("choice", "calendars", 1, "put", msgspec.to_builtins(known))
    bench.cache.images[told.t, told.id] = told.body
    pulled(bench, p.Row("site", "GZ-1", 1, "put", site), told, row("RX1"))
    bench.command("handover")
    bench.say(p.ChoiceMade(0, "new:chinapost/e-packet"))
    (opened,) = bench.store.bench_events(["ManifestOpened"])
    assert opened.body["cutoff"] == "2026-11-21T16:30:00Z"  # 00:30 of the 22nd in Shanghai


def test_packed_yesterday_and_never_handed_over_stands_on_top() -> None:
    old = [row(f"RX{n}", closed="2026-11-18T07:00:00Z") for n in range(6)]
    bench = at_dock(*old)
    first = page(bench).rows[0]
    assert first.words is not None
    assert first.words.key == "handover.forgotten"
    assert first.tone == "stop"
    bench.scan(*(one.id for one in old))
    bench.command("back")
    assert all(line.tone != "stop" for line in page(bench).rows)


def test_rows_that_go_or_are_misshapen_change_nothing_else() -> None:
    bench = at_dock(row("RX1"), row("RX2"))
    pulled(bench, p.Row(hp.ROW, "RX2", 2, "del", {}))
    pulled(bench, p.Row(hp.ROW, "RX3", 1, "put", {"waybill": 7}), p.Row("rate", "R", 1, "put", {}))
    bench.scan("RX1")
    assert shown(bench).due == 1


def test_a_list_that_cannot_be_drawn_says_so_and_nothing_is_lost() -> None:
    bench = at_dock(row("RX1"))
    bench.documents.broken = "manifest"
    bench.scan("RX1")
    signed(bench)
    assert bench.view.alert is not None
    assert bench.view.alert.headline.key == "no.labels.failed"
    assert "ParcelTendered" in bench.kinds()


def test_without_any_printer_the_parcels_go_all_the_same() -> None:
    bench = at_dock(row("RX1"))
    bench.printers.clear()
    bench.scan("RX1")
    signed(bench)
    assert bench.view.alert is not None
    assert bench.view.alert.headline.key == "no.print.no_printer"
    assert "ManifestSigned" in bench.kinds()


# --- this bench's own parcels ------------------------------------------------------------------


def void(bench: Bench, number: str) -> None:
    """The label of a parcel is taken back after it left the bench."""
    bench.core.attach("S", "P", "O-1", LabelVoided(key="P/1", waybill=number))


def test_what_the_journal_says_of_own_parcels_holds_after_a_restart() -> None:
    bench = signed_in(one("O-1"), one("O-2"), one("O-3"))
    numbers: list[str] = []
    for name in ("O-1", "O-2", "O-3"):
        bench.scan(f"T-{name}", "4006381333931")
        finish_and_keep(bench, numbers)
    void(bench, numbers[0])
    void(bench, "nobody's")
    bench.command("handover")
    bench.scan(numbers[1])
    signed(bench)
    again = Bench(bench.store)
    again.cache = bench.cache
    again.start()
    again.scan("%PB:PK-1")
    again.command("handover")
    again.scan(numbers[2])
    assert (shown(again).count, shown(again).due) == (1, 1)
    assert no_after(again, numbers[0]) == "voided"
    assert no_after(again, numbers[1]) == "tendered"


def test_parcels_that_are_closed_or_voided_while_the_page_is_known_are_followed() -> None:
    bench = signed_in(one("O-1", ship_from=Address(country="DE")))
    bench.command("handover", "handover")
    bench.scan("T-O-1", "4006381333931")
    numbers: list[str] = []
    finish_and_keep(bench, numbers)
    bench.command("handover")
    bench.scan(numbers[0])
    assert (shown(bench).count, shown(bench).mode) == (1, "")
    # The server has heard that another bench's list has it.
    pulled(bench, row(numbers[0], order_id="O-1", manifest="MF-OTHER"))
    assert [line.note.key for line in shown(bench).rows] == ["handover.extra.elsewhere"]
    void(bench, numbers[0])
    bench.say(p.Ticked())
    assert [line.note.key for line in shown(bench).rows] == ["handover.extra.voided"]


def test_the_list_names_sender_countries_and_what_the_carrier_has_to_do() -> None:
    asked = one("O-1", options=("signature", "sli"), cod=Money(Decimal(120), "CNY"))
    bench = signed_in(asked)
    sender = {
        "company": "Demo Trading",
        "lines": ["Baiyun 8"],
        "postcode": "510000",
        "city": "Guangzhou",
        "country": "CN",
    }
    site = {"code": "GZ-1", "zone": "Asia/Shanghai", "sender": sender}
    pulled(bench, p.Row("site", "GZ-1", 1, "put", site), row("RX1", order_id="O-1"))
    bench.command("handover")
    bench.scan("RX1")
    signed(bench)
    paper = bench.documents.lists[-1]
    assert paper.sender == ("Demo Trading", "Baiyun 8", "510000 Guangzhou CN")
    (listed,) = paper.parcels
    assert (listed.country, listed.options) == ("RU", ("signature", "cod 120 CNY"))


def test_keys_of_no_step_and_fields_of_others_go_by() -> None:
    bench = at_dock(row("RX1"))
    bench.command("close-bag")
    assert bench.view.alert is not None
    bench.command("accept")
    bench.scan("RX1")
    typed(bench, "load-unit", "crate")
    typed(bench, "driver", "  ")
    assert shown(bench).units == ()
    bench.say(p.ChoiceMade(0, "list:none"))
    assert shown(bench).count == 1
    assert bench.say(bench.reading(500)).screen is Screen.HANDOVER
    bench.command("help")
    assert bench.view.screen is Screen.HELP
