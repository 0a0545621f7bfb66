"""Totes of several orders, orders of several totes, batches, tasks, shifts, history."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from packstation.domain.orders import Order, Rate
from packstation.domain.packing import State
from packstation.domain.printers import print_table
from packstation.domain.psp import OrderBody
from packstation.station import ports as p
from packstation.station.views import ListView, Screen, Words
from tests.station.desk import LABELS, MUG, PRINTERS, SOCK, Bench, order, signed_in, to_confirming


def page(bench: Bench) -> ListView:
    assert bench.view.screen is Screen.ROWS, bench.view.screen
    assert bench.view.page_rows is not None
    return bench.view.page_rows


def keys(bench: Bench) -> list[str]:
    return [hint.key for hint in bench.view.hints]


def finish(bench: Bench) -> None:
    """The one mug of the open order goes out of the door."""
    bench.command("accept") if bench.view.screen is Screen.CARTONING else None
    bench.weigh(bench.view.weigh.expected_g if bench.view.weigh else 340)  # type: ignore[arg-type]
    bench.out()
    bench.out()
    assert bench.view.label is not None
    bench.scan(bench.view.label.waybill)


def waybill(bench: Bench) -> str:
    label = bench.core.session.parcel.label
    assert label is not None
    return label.waybill


def one(order_id: str, **more: object) -> Order:
    return order(order_id, "MUG-GRN*1", **more)


# --- one code, several orders --------------------------------------------------------------


def test_a_tote_of_several_orders_asks_which_and_says_what_cannot_be() -> None:
    bench = signed_in(one("O-1", totes=("T-9",)), one("O-2", totes=("T-9",)))
    bench.cache.add(p.OrderRow(one("O-3", totes=("T-9",)), 1, hold="customs"))
    bench.scan("T-9")
    shown = page(bench)
    assert dict(shown.title.args) == {"code": "T-9", "n": 3}
    assert [(row.id, row.text) for row in shown.rows] == [
        ("O-1", "O-1"),
        ("O-2", "O-2"),
        ("", "O-3"),
    ]
    assert shown.rows[2].note is not None
    assert shown.rows[2].note.key == "no.order.on_hold"
    bench.say(p.ChoiceMade(1, "O-2"))
    assert bench.core.session.order_id == "O-2"
    assert bench.view.screen is Screen.SCANNING


def test_all_orders_of_a_tote_in_turn_by_enter() -> None:
    bench = signed_in(*(one(f"O-{n}", totes=("T-9",)) for n in (1, 2, 3)))
    bench.scan("T-9")
    bench.command("accept")
    assert bench.core.session.order_id == "O-1"
    assert bench.view.hints == (Words("hint.turn", (("order", "O-2"), ("n", 2)), 2),)
    bench.scan(MUG)
    finish(bench)
    assert keys(bench) == ["hint.turn.now"]
    bench.cache.add(p.OrderRow(one("O-2", totes=("T-9",), status="cancelled"), 2))
    bench.command("accept")
    assert bench.core.session.order_id == "O-3"
    bench.scan(MUG)
    finish(bench)
    assert keys(bench) == []


def test_a_closed_parcel_names_the_order_that_enter_opens() -> None:
    bench = signed_in(one("O-1"), one("O-2"))
    bench.scan("O-1", MUG)
    finish(bench)
    assert bench.view.screen is Screen.COMPLETED
    named = bench.view
    assert named.note == Words("hint.next", (("order", "O-2"), ("t", "T-O-2")))
    assert named.commands[0].command == "accept"
    bench.command("accept")
    assert bench.core.session.order_id == "O-2"
    bench.scan(MUG)
    finish(bench)
    assert bench.view.note is None
    assert [one.command for one in bench.view.commands] == ["reopen", "help"]


def test_an_item_takes_the_next_order_of_the_tote_before_a_more_urgent_one() -> None:
    bench = signed_in(one("O-1"), one("O-2", totes=("T-9",)), one("O-3", totes=("T-9",)))
    bench.scan("T-9")
    bench.command("accept")
    bench.scan(MUG)
    finish(bench)
    bench.scan(MUG)
    assert bench.core.session.order_id == "O-3"
    assert bench.core.desk.flow.turn == ()


def test_an_item_says_that_its_order_is_the_most_urgent_of_several() -> None:
    bench = signed_in(one("O-1"), one("O-2"))
    bench.scan(MUG)
    assert keys(bench) == ["hint.urgent"]


def test_a_page_of_choices_is_left_by_esc_and_by_any_scan() -> None:
    bench = signed_in(*(one(f"O-{n}", totes=("T-9",)) for n in (1, 2)), one("O-4"))
    bench.scan("T-9")
    assert bench.command("back").screen is Screen.QUEUE
    bench.scan("T-9", "O-4")
    assert bench.core.session.order_id == "O-4"


def test_an_order_over_several_totes_ticks_those_that_are_here() -> None:
    bench = signed_in(order(totes=("T-1", "T-2", "T-3")), one("O-2", totes=("T-7",)))
    bench.scan("T-2")
    assert bench.view.hints[0] == Words("hint.totes", (("here", "T-2"), ("due", "T-1, T-3")))
    bench.scan(MUG, "T-1", "T-1", "T-3")
    assert bench.view.alert is None
    assert bench.view.hints[0].key == "hint.totes.all"
    assert bench.kinds().count("ToteArrived") == 3
    assert bench.core.session.totes == ("T-2", "T-1", "T-3")
    assert bench.scan("T-7").alert is not None


def test_another_order_of_the_buyer_is_shown_without_naming_him() -> None:
    buyer = {"id": "B-77"}
    far = order("O-3", buyer=buyer, incoterm="DDP")
    bench = signed_in(order(buyer=buyer), order("O-2", buyer=buyer), far, order("O-4"))
    bench.scan("O-1")
    assert [(hint.key, hint.n) for hint in bench.view.hints] == [("hint.buyer.together", 2)]
    bench.command("cancel")
    bench.say(p.TextEntered("cancel", "cancel"))
    bench.scan("O-3")
    assert keys(bench) == ["hint.buyer"]
    assert "B-77" not in str(bench.view)
    assert "B-77" not in str(bench.store.records)


# --- batches -------------------------------------------------------------------------------


def test_identical_orders_open_one_after_the_other_each_of_them_verified() -> None:
    bench = signed_in(*(one(f"O-{n}") for n in (1, 2, 3)), order("O-9"))
    bench.command("batch")
    assert bench.core.session.order_id == "O-1"
    assert bench.view.hints[0] == Words("hint.batch", (("d", 1), ("n", 3)))
    bench.scan(MUG)
    finish(bench)
    assert (bench.core.session.order_id, bench.view.screen) == ("O-2", Screen.SCANNING)
    assert bench.view.earcon == "parcel_complete"
    assert bench.view.hints[0] == Words("hint.batch", (("d", 2), ("n", 3)))
    assert bench.scan(SOCK).alert is not None
    bench.command("accept")
    bench.scan(MUG)
    finish(bench)
    bench.scan(MUG)
    finish(bench)
    assert bench.view.screen is Screen.COMPLETED
    assert bench.core.desk.flow.batch is None
    assert [k for k in bench.kinds() if k == "ItemVerified"] == ["ItemVerified"] * 3


def test_a_batch_goes_on_by_an_item_after_one_was_parked_and_ends_by_home() -> None:
    bench = signed_in(order("O-9"), *(one(f"O-{n}") for n in (1, 2)))
    bench.command("filter")
    bench.command("batch")
    bench.command("park")
    bench.scan("SHELF-1")
    bench.scan(MUG)
    assert bench.core.session.order_id == "O-2"
    bench.command("queue")
    assert bench.core.desk.flow.batch is None


def test_an_order_like_no_other_is_no_batch_nor_is_an_open_one() -> None:
    bench = signed_in(order("O-9"), one("O-1"))
    assert bench.command("batch").alert is not None
    bench.command("accept")
    bench.scan("O-1")
    assert bench.command("batch").alert is not None


def cancel(bench: Bench, order_id: str = "O-1") -> None:
    """The office cancels it."""
    document = order(order_id, status="cancelled")
    body = OrderBody(order=document)
    bench.say(
        p.RowsPulled((p.Row("order", order_id, 2, "put", msgspec.to_builtins(body)),), "c", 1)
    )


# --- shift ---------------------------------------------------------------------------------


def test_a_shift_begins_with_what_is_to_be_known() -> None:
    bench = signed_in(order(), one("O-2"))
    bench.cache.leave_note("label roll is low")
    bench.command("shift-start")
    shown = page(bench)
    words = {row.words.key: row for row in shown.rows if row.words}
    assert words["shift.note"].text == "label roll is low"
    assert {"shift.scale.none", "shift.numbers", "shift.late.none", "shift.rates.none"} <= set(
        words
    )
    assert bench.command("accept").screen is Screen.QUEUE
    body = bench.store.bench_events(["ShiftStarted"])[0].body
    assert (body["badge"], body["late"], body["labels_left"]) == ("PK-1", 0, 100)


def test_a_start_page_marks_what_is_late_with_its_money() -> None:
    bench = signed_in(order(), one("O-2"))
    bench.clock.time += timedelta(hours=4)
    bench.command("shift-start")
    late = next(row for row in page(bench).rows if row.words and row.words.key == "shift.late")
    assert late.tone == "stop"
    assert late.detail is not None
    assert "¥7.20" in str(late.detail.args)
    assert page(bench).todo == Words("shift.begin.look")


def test_a_shift_says_which_ages_are_not_told_and_those_that_are() -> None:
    bench = signed_in(one("O-1"))
    bench.command("shift-start")
    said = {row.words.key for row in page(bench).rows if row.words}
    assert {"shift.tariff.none", "shift.rule.none"} <= said
    for day in ("2026-09-15", "2026-11-01", "2099-01-01"):
        bench.say(p.RowsPulled((p.Row("tariff", day, 1, "put", {"day": day}),), "c", 1))
    for version in ("2026-11-01", "2026-11-22"):
        body = {"version": version}
        bench.say(p.RowsPulled((p.Row("rule", version, 1, "put", body),), f"c-{version}", 1))
    bench.later.drain()
    told = [row.words for row in page(bench).rows]
    assert Words("shift.tariff", (("on", "2026-11-01"),)) in told
    assert Words("shift.rule", (("on", "2026-11-22"),)) in told


def due_row(bench: Bench) -> tuple[str, str, str]:
    """What the start of a shift says of the next hand-over."""
    bench.command("queue", "shift-start")
    found = [row for row in page(bench).rows if row.words and row.words.key == "shift.due"]
    row = found[0]
    assert row.words is not None
    return str(dict(row.words.args)["n"]), row.detail.key if row.detail else "", row.tone


def test_a_shift_begins_with_what_is_due_beside_the_bench_s_own_pace() -> None:
    bench = signed_in(*(one(f"O-{n}") for n in range(1, 10)))
    assert due_row(bench) == ("9", "shift.due.no_pace", "")
    for number in range(1, 8):
        bench.scan(f"O-{number}", MUG)
        finish(bench)
        # Once a pause that is no packing.
        bench.clock.advance(3600 if number == 1 else 120)
    assert due_row(bench) == ("2", "shift.due.fine", "ok")
    bench.clock.time += timedelta(seconds=3 * 3600 - 3600 - 6 * 120 - 200)
    count, words, tone = due_row(bench)
    assert (count, words, tone) == ("2", "shift.due.risk", "stop")


def test_training_waits_for_an_open_order_and_for_a_room() -> None:
    bench = signed_in(one("O-1"))
    bench.scan("O-1")
    assert bench.command("training").alert is not None
    assert bench.view.alert is not None
    assert bench.view.alert.headline.key == "no.training.busy"
    bench.command("accept", "park")
    bench.scan("SHELF-1")
    assert bench.command("training").alert is not None
    assert bench.view.alert is not None
    assert bench.view.alert.headline.key == "no.command.not_here"
    entered: list[bool] = []
    bench.core.train = lambda: entered.append(True)
    bench.command("accept", "training")
    assert entered == [True]


def test_a_shift_ends_with_what_stays_and_a_note_that_no_fact_holds() -> None:
    bench = signed_in(order(), one("O-2"))
    bench.command("shift-start", "accept")
    to_confirming(bench)
    bench.scan(waybill(bench))
    bench.scan("O-2")
    bench.command("park")
    bench.scan("SHELF-1")
    bench.command("shift-end")
    words = {row.words.key: row for row in page(bench).rows if row.words}
    assert words["shift.printed"].words == Words("shift.printed", (("n", 1),), 1)
    assert words["shift.parked"].detail is not None
    assert bench.command("note").entry is not None
    bench.say(p.TextEntered("note", "  Ivan's box\nis open "))
    assert bench.cache.note() == "Ivan's box is open"
    assert "shift.note" in {row.words.key for row in page(bench).rows if row.words}
    bench.command("accept")
    body = bench.store.bench_events(["ShiftEnded"])[0].body
    assert body == {
        "badge": "PK-1",
        "parked": 1,
        "printed": 1,
        "tasks": 0,
        "unsent": 0,
        "noted": True,
    }
    assert "Ivan" not in str(bench.store.records)


# --- history -------------------------------------------------------------------------------


def test_the_history_of_an_order_tells_who_did_what_when_and_on_which_device() -> None:
    bench = signed_in()
    bench.scan("O-1", "4006381333948")
    bench.command("accept")
    bench.say(p.CodeScanned(MUG, source="scanner"))
    bench.scan(MUG, SOCK, "C3")
    bench.weigh(780)
    bench.out()
    bench.out()
    number = waybill(bench)
    bench.scan(number)
    bench.command("history")
    shown = page(bench)
    assert dict(shown.title.args) == {"order": "O-1"}
    said = [row.words.key for row in shown.rows if row.words]
    assert said[:3] == ["hist.SessionOpened", "hist.ItemRejected", "hist.ItemVerified"]
    assert said[-1] == "hist.SessionCompleted"
    assert {"hist.ParcelWeighed", "hist.LabelIssued", "hist.LabelApplied"} <= set(said)
    scanned = next(row for row in shown.rows if row.words and row.words.key == "hist.ItemVerified")
    assert scanned.note == Words("hist.by_on", (("who", "Lin Yue"), ("dev", "scanner")))
    assert scanned.at
    assert "Иванов" not in str(shown)


def test_a_history_is_found_by_scan_and_by_typing_and_filtered() -> None:
    bench = signed_in(order(), one("O-2"))
    to_confirming(bench)
    number = waybill(bench)
    bench.scan(number)
    bench.command("queue")
    assert bench.command("history").entry is not None
    bench.scan(number)
    assert page(bench).name == "history"
    all_rows = page(bench).total
    bench.command("filter")
    assert page(bench).total < all_rows
    assert [chip.name for chip in page(bench).filters if chip.chosen] == ["items"]
    bench.command("filter", "filter", "filter", "filter")
    bench.command("next-row")
    assert (page(bench).first, page(bench).total) == (4, all_rows)
    bench.command("previous-row", "previous-row")
    assert page(bench).first == 0
    bench.scan("O-2")
    assert page(bench).rows == ()
    bench.command("back", "history")
    bench.say(p.TextEntered("history", "nobody"))
    assert bench.view.alert is not None
    bench.command("accept")
    bench.command("history")
    bench.say(p.TextEntered("history", "O-1"))
    assert page(bench).total == all_rows


def test_a_history_has_its_overrides_and_tasks() -> None:
    bench = signed_in()
    to_confirming(bench)
    number = waybill(bench)
    bench.scan(number)
    cancel(bench)
    bench.scan(number)
    bench.say(p.CommandGiven("history", "O-1"))
    said = [row.words.key for row in page(bench).rows if row.words]
    assert said[-3:] == ["hist.TaskRaised", "hist.TaskClosed", "hist.TaskRaised"] or (
        "hist.TaskClosed" in said
    )


def test_more_leads_everywhere_and_closes_with_the_same_key() -> None:
    bench = signed_in()
    bench.command("more")
    own = {"tasks", "history", "batch", "returned", "shift-start", "shift-end"}
    assert own <= {row.id for row in page(bench).rows}
    assert bench.command("more").screen is Screen.QUEUE
    bench.command("more")
    bench.say(p.ChoiceMade(0, "tasks"))
    assert page(bench).name == "tasks"
    assert bench.command("queue").screen is Screen.QUEUE


def test_a_choice_whose_orders_went_meanwhile_opens_nothing() -> None:
    bench = signed_in(one("O-1", totes=("T-9",)), one("O-2", totes=("T-9",)))
    bench.scan("T-9")
    bench.cache.orders.clear()
    assert bench.say(p.ChoiceMade(0, "O-1")).screen is Screen.QUEUE
    bench.cache.add(p.OrderRow(one("O-1", totes=("T-9",)), 1))
    bench.cache.add(p.OrderRow(one("O-2", totes=("T-9",)), 1))
    bench.scan("T-9")
    bench.cache.orders.clear()
    assert bench.command("accept").screen is Screen.QUEUE
    assert bench.core.session.state is State.IDLE


def test_an_order_of_the_turn_that_is_stopped_is_passed_over() -> None:
    bench = signed_in(*(one(f"O-{n}", totes=("T-9",)) for n in (1, 2)))
    bench.scan("T-9")
    bench.command("accept")
    bench.scan(MUG)
    finish(bench)
    bench.cache.add(p.OrderRow(one("O-2", totes=("T-9",)), 2, hold="customs"))
    assert bench.command("accept").screen is not Screen.SCANNING
    assert bench.core.desk.flow.turn == ()


def test_a_row_that_is_not_there_is_not_picked() -> None:
    bench = signed_in()
    bench.command("tasks")
    assert bench.say(p.ChoiceMade(3, "none")).screen is Screen.ROWS


def test_a_start_page_tells_roll_rates_and_a_line_that_is_down() -> None:
    stock = replace(LABELS, labels_per_roll=20)
    rows = (replace(PRINTERS[0], stock=stock), PRINTERS[1])
    bench = Bench(rows=rows)
    bench.start()
    bench.scan("%PB:PK-1", "%PS:roll:label")
    bench.cache.rate_rows.append(Rate(from_="EUR", to="CNY", rate=Decimal(8), on="2026-11-20"))
    bench.say(p.SyncChanged(online=True, waiting=0), p.SyncChanged(online=False, waiting=3))
    bench.command("shift-start")
    words = {row.words.key: row for row in page(bench).rows if row.words}
    assert words["shift.roll"].words == Words("shift.roll", (("n", 20),), 20)
    assert words["shift.rates"].tone == "warn"
    assert words["shift.unsent"].detail is not None
    bench.core.desk.devices.pop("scale")
    bench.core.desk.printing.table = print_table((), (), ("label",))
    bench.core.services = ()
    bench.say(p.Ticked())
    left = {row.words.key for row in page(bench).rows if row.words}
    assert "shift.numbers.none" in left
    assert not {"shift.roll", "shift.scale.none"} & left
