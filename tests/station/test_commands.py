"""Commands, keys, choices, parking: what each means where."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from packstation.domain.catalog import Customs, ProductCode
from packstation.domain.orders import Address, Deadline
from packstation.domain.packing import State
from packstation.domain.quantities import Money
from packstation.station import ports as p
from packstation.station.viewing import idle
from packstation.station.views import Screen, StationView
from tests.fake_storage import START
from tests.station.desk import (
    MUG,
    SOCK,
    Bench,
    order,
    product,
    signed_in,
    to_confirming,
    to_weighing,
)


def refused(view: StationView) -> str:
    """The key of the refusal on the stage."""
    assert view.alert is not None
    return view.alert.headline.key


def test_accept_opens_the_first_of_the_queue() -> None:
    bench = signed_in()
    assert bench.command("accept").screen is Screen.SCANNING
    empty = Bench()
    empty.start()
    empty.scan("%PB:PK-1")
    view = empty.command("accept")
    assert view.queue is not None
    assert (view.screen, view.queue.empty is not None) == (Screen.QUEUE, True)


def test_a_row_of_the_queue_is_chosen_by_its_number() -> None:
    bench = signed_in(order(), order("O-2", "SOCK-RED*1"))
    bench.say(p.ChoiceMade(9))
    view = bench.say(p.ChoiceMade(1))
    assert view.order is not None
    assert view.order.order_id == "O-2"


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("park", "no.park.nothing"),
        ("hold", "no.hold.nothing"),
        ("cancel", "no.cancel.nothing"),
        ("manual", "no.manual.not_here"),
        ("grade-a", "no.command.not_here"),
        ("undo", "no.not_now.idle"),
    ],
)
def test_commands_without_an_order_are_refused_by_name(command: str, key: str) -> None:
    assert refused(signed_in().command(command)) == key


def test_pages_open_and_close() -> None:
    bench = signed_in()
    assert bench.command("help").screen is Screen.HELP
    assert bench.command("help").screen is Screen.QUEUE
    assert bench.command("devices").screen is Screen.DEVICES
    assert bench.command("back").screen is Screen.QUEUE
    bench.command("help")
    assert bench.command("queue").screen is Screen.QUEUE
    assert bench.command("mute").person.muted
    assert not bench.command("mute").person.muted


def test_a_test_label_is_printed_and_nothing_of_it_is_recorded() -> None:
    bench = signed_in()
    assert "test-label" in [c.command for c in bench.command("devices").commands]
    count = len(bench.store.records)
    bench.command("test-label")
    job = bench.tray.jobs[-1]
    assert job.payload.startswith(b"test 07 en %PS:tested:label:")
    assert job.job.startswith("test/label/")
    bench.out()
    assert len(bench.store.records) == count
    bench.printers.clear()
    bench.command("test-label")
    assert len(bench.tray.jobs) == 1


def test_a_hold_of_the_packer_asks_why_and_a_supervisor_ends_it() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    view = bench.command("hold")
    assert view.entry is not None
    assert len(view.entry.choices) == 6
    bench.say(p.ChoiceMade(9))
    view = bench.say(p.ChoiceMade(0))
    assert refused(view) == "hold.person"
    assert bench.core.session.hold_note == "damaged"


def test_cancel_asks_first() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.command("cancel")
    assert bench.command("no").screen is Screen.SCANNING
    bench.command("cancel")
    assert bench.command("yes").screen is Screen.QUEUE
    assert bench.kinds()[-2:] == ["SessionCancelled", "TaskRaised"]


def test_parking_takes_any_place_and_a_scan_goes_on() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    view = bench.command("park")
    assert (view.screen, view.park_place) == (Screen.PARKED, "")
    view = bench.scan("RACK-7")
    assert (view.screen, view.park_place) == (Screen.PARKED, "RACK-7")
    view = bench.scan("O-1")
    assert (view.screen, view.lines[0].done) == (Screen.SCANNING, 1)
    bench.command("park")
    assert bench.scan("T-O-1").screen is Screen.PARKED
    bench.command("park")
    bench.scan("O-1")
    bench.command("park")
    assert bench.command("back").screen is Screen.SCANNING


def test_later_among_the_reasons_of_a_hold_parks() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    view = bench.command("hold")
    assert view.entry is not None
    later = [name for name, _ in view.entry.choices].index("later")
    assert later < 4, "a key from 1 to 4 picks it"
    view = bench.say(p.ChoiceMade(later))
    assert (view.screen, view.entry) == (Screen.PARKED, None)
    assert "SessionParked" not in bench.kinds()
    assert bench.scan("RACK-7").park_place == "RACK-7"
    assert bench.kinds()[-1] == "SessionParked"


def test_a_parked_order_is_found_again_after_a_restart() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.command("park")
    bench.scan("RACK-7")
    again = Bench(bench.store, cache=bench.cache).start()
    view = again.scan("%PB:PK-1")
    assert view.screen is Screen.QUEUE
    assert again.scan("O-1").lines[0].done == 1


def test_a_scan_in_the_middle_of_another_order_changes_nothing() -> None:
    bench = signed_in(order(), order("O-2", "SOCK-RED*1"))
    bench.scan("O-1", MUG)
    assert refused(bench.scan("O-2")) == "no.not_now.scanning"
    assert refused(bench.scan("LP000000014CN")) == "no.not_now.scanning"


def test_a_box_without_an_order_is_refused() -> None:
    assert refused(signed_in().scan("C3")) == "no.carton.no_order"


def test_a_waybill_that_nobody_knows_is_no_order() -> None:
    assert refused(signed_in().scan("LP000000014CN")) == "no.not_now.idle"


def test_a_gs1_code_carries_count_lot_and_expiry() -> None:
    bench = signed_in(order(lines="VIT-60*2"))
    bench.scan("O-1")
    code = "0104006381333955" + "17271231" + "10LOT7\x1d" + "372"
    bench.say(p.CodeScanned(code, "]C1"))
    verified = next(r.event.body for r in bench.store.records if r.event.kind == "ItemVerified")
    assert (verified["units"], verified["lot"], verified["expiry"]) == (2, "LOT7", "2027-12-31")
    stranger = "010400638133390017271231"
    assert bench.say(p.CodeScanned(stranger, "]C1")).alert is not None


def test_a_thing_too_old_shows_both_dates() -> None:
    bench = signed_in(order(lines="VIT-60*2"))
    bench.scan("O-1")
    view = bench.say(p.CodeScanned("01040063813339551725112010LOT7", "]C1"))
    assert view.alert is not None
    assert [text for _, text in view.alert.facts] == ["2025-11-20", "2026-11-21"]
    assert view.alert.needed is not None
    assert view.alert.needed.sku == "VIT-60"


def test_an_sscc_is_no_item() -> None:
    bench = signed_in()
    assert refused(bench.say(p.CodeScanned("00095212340000000013", "]C1"))) == "no.code.other_kind"


def test_a_torn_scan_is_refused_whatever_it_looks_like() -> None:
    bench = signed_in()
    assert refused(bench.say(p.CodeScanned("%PB:SV-1", error="torn"))) == "no.code.unreadable"
    assert bench.view.person.name == "Lin Yue"


def test_the_shops_own_codes_are_items_too() -> None:
    bench = signed_in()
    own = product("MUG-GRN", MUG, 300, codes=(ProductCode(text="SHELF-12"),))
    bench.cache.add(own)
    bench.scan("O-1")
    assert bench.scan("SHELF-12").lines[0].done == 1


def test_typing_an_unknown_code_is_refused() -> None:
    bench = signed_in()
    bench.scan("O-1")
    bench.command("manual")
    assert refused(bench.say(p.TextEntered("manual", "5901234123457"))) == "no.code.unknown"
    bench.say(p.TextEntered("nothing", "x"), p.TextEntered("quantity", "2"))
    assert bench.scan(MUG).lines[0].done == 2


def test_an_item_for_two_benches_is_opened_where_it_may_be() -> None:
    bench = Bench()
    bench.cache.add(p.OrderRow(order("O-9"), 1, bench="03"))
    bench.start()
    bench.scan("%PB:PK-1")
    assert refused(bench.scan("O-9")) == "no.order.other_bench"
    assert refused(bench.scan(MUG)) == "no.item.no_order"


def test_a_choice_means_nothing_where_nothing_is_listed() -> None:
    bench = signed_in()
    to_confirming(bench)
    assert bench.say(p.ChoiceMade(0)).screen is Screen.CONFIRMING
    bench = signed_in()
    bench.scan("O-1", MUG, MUG, SOCK)
    assert bench.say(p.ChoiceMade(7)).screen is Screen.CARTONING


def test_another_box_is_chosen_from_a_list_while_weighing() -> None:
    bench = signed_in(order(lines="MUG-GRN*1"))
    view = bench.scan("O-1", MUG)
    assert view.carton is not None
    assert (view.carton.code, [c.code for c in view.other_cartons]) == ("C1", ["C3"])
    assert bench.command("accept").screen is Screen.WEIGHING
    view = bench.command("carton")
    assert (view.screen, [c.code for c in view.other_cartons]) == (Screen.CARTONING, ["C3"])
    assert bench.command("back").screen is Screen.WEIGHING
    bench.command("carton")
    view = bench.say(p.ChoiceMade(0, "C3"))
    assert view.carton is not None
    assert (view.screen, view.carton.code) == (Screen.WEIGHING, "C3")


def test_a_touched_row_of_the_queue_opens_that_order() -> None:
    bench = signed_in(order(), order("O-2", "SOCK-RED*1"))
    view = bench.say(p.ChoiceMade(0, "O-2"))
    assert view.order is not None
    assert view.order.order_id == "O-2"
    gone = signed_in()
    assert gone.say(p.ChoiceMade(0, "O-9")).screen is Screen.QUEUE


def test_no_box_fits_says_so() -> None:
    bench = signed_in()
    bench.cache.boxes.clear()
    bench.scan("O-1", MUG, MUG, SOCK)
    assert bench.view.carton is None
    assert refused(bench.command("accept")) == "no.carton.unknown"


def test_a_box_says_when_it_is_too_weak() -> None:
    bench = signed_in()
    weak = replace_carton(bench, max_g=300)
    bench.scan("O-1", MUG, MUG, SOCK)
    assert refused(bench.scan(weak)) == "no.carton.too_heavy"


def replace_carton(bench: Bench, **changes: int) -> str:
    from msgspec.structs import replace as changed

    box = changed(bench.cache.boxes["C3"], **changes)
    bench.cache.add(box)
    return box.code


def test_a_product_nobody_knows_is_packed_by_its_sku() -> None:
    bench = signed_in(order(lines="GHOST*1 MUG-GRN*1"))
    view = bench.scan("O-1")
    assert view.lines[0].product.name == "GHOST"
    assert bench.view.queue is None
    bench.scan(MUG)
    assert bench.command("short").alert is not None


def test_the_queue_tells_when_what_and_why() -> None:
    early = order("O-2", "MUG-GRN*1", deadlines=())
    cheap = Deadline(kind="handover", at=START + timedelta(minutes=20))
    bench = signed_in(order(), early, order("O-3", "GHOST*1", deadlines=(cheap,)))
    bench.command("queue")
    view = bench.view
    assert view.queue is not None
    by_id = {row.order_id: row for row in view.queue.rows}
    assert (by_id["O-1"].late_cost, by_id["O-1"].weight_g) == ("¥7.20", 680)
    assert by_id["O-1"].late_why is not None
    assert (by_id["O-2"].hand_over, by_id["O-2"].time_left) == ("", None)
    assert by_id["O-3"].weight_g is None
    assert by_id["O-3"].urgent
    assert view.queue.rows[0].state == "next"


@pytest.mark.parametrize(
    ("hours", "cost_now", "level"),
    [
        (0.2, None, "stop"),
        (3, None, "warn"),
        (6, None, "warn"),
        (30, None, "calm"),
        (60, "-1", "saves"),
    ],
)
def test_a_deadline_is_as_loud_as_it_is_near(
    hours: float, cost_now: str | None, level: str
) -> None:
    from decimal import Decimal

    due = Deadline(
        kind="handover",
        at=START + timedelta(hours=hours),
        cost_now=Money(Decimal(cost_now), "CNY") if cost_now else None,  # never converted
        cost_next=Money(Decimal(1200), "SEK"),
    )
    bench = signed_in(order(deadlines=(due,)))
    view = bench.scan("O-1")
    assert view.deadline is not None
    assert (view.deadline.level, view.deadline.cost) == (level, "SEK\u20091\u2009200.00")
    bench.command("queue")
    assert bench.core.session.state is State.SCANNING


def test_an_order_without_a_deadline_has_no_chip() -> None:
    assert signed_in(order(deadlines=())).scan("O-1").deadline is None


def test_a_scale_that_was_never_there_and_one_that_failed() -> None:
    bench = signed_in()
    del bench.core.desk.devices["scale"]
    assert bench.say(p.Ticked()).scale.state == "NO_SCALE"


def test_a_bench_without_pooled_services_counts_no_labels() -> None:
    bench = Bench(services=())
    bench.start()
    assert bench.view.sync.labels_left is None


def test_an_unknown_error_in_the_background_is_said() -> None:
    view = signed_in().say(p.WorkFailed("ZeroDivisionError"))
    assert refused(view) == "hold.trouble"


def test_single_names_and_prefs_make_a_person() -> None:
    bench = Bench()
    bench.cache.add(replace(p.PersonRow("PK-9", "林悦", "packer"), prefs={"left_handed": True}))
    bench.start()
    view = bench.scan("%PB:PK-9")
    assert (view.person.initials, view.person.left_handed) == ("林", True)


def test_a_print_under_way_that_the_printer_knows_is_settled_at_once() -> None:
    for known, status in ((True, "printed"), (False, "failed")):
        bench = signed_in()
        to_weighing(bench)
        bench.weigh(780)
        again = Bench(bench.store, cache=bench.cache)
        again.tray.known = known
        again.start()
        assert again.core.session.parcel.papers[0].status == status


def test_a_service_is_listed_by_key_and_accept_takes_the_best() -> None:
    bench = signed_in()
    to_weighing(bench)
    bench.command("service")
    assert bench.weigh(780).screen is Screen.RATING
    assert bench.command("accept").screen is Screen.PRINTING


def test_a_domestic_parcel_needs_no_customs_data() -> None:
    inland = order(ship_to=Address(name="Li", lines=("1 Road",), city="Wuhan", country="CN"))
    bench = signed_in(inland)
    bench.cache.add(product("SOCK-RED", SOCK, 80, customs=Customs()))
    to_weighing(bench)
    assert bench.weigh(780).screen is Screen.PRINTING


def test_a_thing_longer_than_the_box_does_not_go_in() -> None:
    bench = signed_in(order(lines="MUG-GRN*1"))
    bench.cache.add(product("MUG-GRN", MUG, 300, length_mm=310, width_mm=10, height_mm=10))
    bench.scan("O-1", MUG)
    assert refused(bench.scan("C3")) == "no.carton.too_small"


def test_goods_without_known_sides_or_weight_are_taken_as_they_are() -> None:
    bench = signed_in(order(lines="MUG-GRN*1"))
    bench.cache.add(product("MUG-GRN", MUG, 300, length_mm=None, weight_g=None))
    view = bench.scan("O-1", MUG, "C3")
    assert view.weigh is not None
    assert view.weigh.expected_g is None
    assert bench.weigh(999).screen is Screen.PRINTING


def test_what_waits_far_ahead_is_told_in_days() -> None:
    due = Deadline(kind="handover", at=START + timedelta(days=3, hours=1))
    past = Deadline(kind="handover", at=START - timedelta(hours=1))
    bench = signed_in(order(deadlines=(due,)), order("O-2", deadlines=(past,)))
    bench.command("queue")
    assert bench.view.queue is not None
    rows = {row.order_id: row.time_left for row in bench.view.queue.rows}
    assert rows["O-1"] is not None
    assert (rows["O-1"].key, rows["O-1"].n) == ("left.days", 3)
    assert rows["O-2"] is not None
    assert rows["O-2"].key == "queue.late.ago.h_min"


def test_a_held_or_foreign_order_stands_in_the_queue_as_such() -> None:
    bench = signed_in()
    rows = (p.OrderRow(order("O-5"), 1, bench="03"), p.OrderRow(order("O-6"), 1, hold="customs"))
    states = [idle.row_state(bench.core, row, first=False)[0] for row in rows]
    assert states == ["other_bench", "held"]


def test_the_sites_sender_stands_on_the_label_where_the_order_names_none() -> None:
    bench = signed_in()
    bench.cache.apply(
        [p.Row("site", "GZ-1", 1, "put", {"code": "GZ-1", "sender": {"name": "Lantern"}})], "c"
    )
    to_weighing(bench)
    bench.weigh(780)
    assert bench.documents.seen[0].order.ship_from.name == "Lantern"
    assert bench.documents.seen[0].mark == "07"


def test_an_order_that_vanished_while_it_is_printed_is_said() -> None:
    bench = signed_in()
    to_weighing(bench)
    del bench.cache.orders["O-1"]
    bench.weigh(780)
    assert (bench.core.session.hold_reason, bench.core.session.hold_note) == (
        "missing_data",
        "order",
    )
    again = signed_in()
    to_weighing(again)
    again.weigh(780)
    del again.cache.orders["O-1"]
    assert refused(again.out()) == "print.failed"
    assert again.core.session.parcel.papers[1].status == "failed"


def test_a_document_that_cannot_be_drawn_names_its_field() -> None:
    bench = signed_in()
    bench.documents.broken = "label"
    to_weighing(bench)
    view = bench.weigh(780)
    assert refused(view) == "print.failed"
    assert view.alert is not None
    assert view.alert.todo is not None
    assert dict(view.alert.todo.args)["field"] == "ship_to.name"
