"""Tasks that nobody must forget at the bench: raised by facts, closed by scans."""

from __future__ import annotations

import msgspec

from packstation.domain.packing import State
from packstation.domain.psp import OrderBody
from packstation.station import ports as p
from packstation.station.views import Words
from tests.station.desk import MUG, SOCK, Bench, order, signed_in, to_confirming
from tests.station.test_modes import cancel, finish, one, page, waybill


def test_a_parcel_of_a_cancelled_order_is_pulled_unpacked_and_put_back_by_scans() -> None:
    bench = signed_in()
    to_confirming(bench)
    number = waybill(bench)
    bench.scan(number)
    cancel(bench)
    cancel(bench)
    bench.command("queue")
    assert bench.kinds().count("TaskRaised") == 1
    tasks_key = next(one for one in bench.view.commands if one.command == "tasks")
    assert tasks_key.words == Words("cmd.tasks", (("n", 1),), 1)
    bench.command("tasks")
    assert page(bench).todo is not None
    assert page(bench).todo.key == "task.scan.pull_parcel"  # type: ignore[union-attr]
    assert bench.scan("T-1").alert is not None
    bench.scan(number)
    assert bench.view.earcon == "line_complete"
    assert page(bench).todo.key == "task.scan.unpack"  # type: ignore[union-attr]
    bench.scan("T-88")
    assert page(bench).todo.key == "task.scan.restock"  # type: ignore[union-attr]
    assert bench.scan("T-88").alert is not None
    bench.scan("SHELF-12")
    assert page(bench).rows == ()
    assert page(bench).empty is not None
    kinds = [e.body["kind"] for e in bench.store.bench_events(["TaskRaised"])]
    assert kinds == ["pull_parcel", "unpack", "restock"]
    cancel(bench)
    assert bench.kinds().count("TaskRaised") == 3


def test_tasks_survive_a_restart_and_are_closed_from_the_queue_by_their_label() -> None:
    bench = signed_in()
    to_confirming(bench)
    number = waybill(bench)
    bench.scan(number)
    cancel(bench)
    again = Bench(bench.store)
    again.cache.orders = bench.cache.orders
    again.start()
    again.scan("%PB:PK-1")
    assert len(again.core.desk.flow.tasks) == 1
    again.scan(number)
    assert again.view.alert is None
    assert [task.kind for task in again.core.desk.flow.tasks.values()] == ["unpack"]


def test_a_label_that_was_voided_after_print_is_taken_off_or_covered_by_a_new_one() -> None:
    bench = signed_in(order(), one("O-2"))
    to_confirming(bench)
    old = waybill(bench)
    bench.command("void")
    assert [task.code for task in bench.core.desk.flow.tasks.values()] == [old]
    bench.command("accept")
    bench.out()
    bench.out()
    bench.scan(waybill(bench))
    assert bench.core.desk.flow.tasks == {}
    closed = bench.store.bench_events(["TaskClosed"])
    assert [event.body["by"] for event in closed] == ["label"]


def test_goods_of_a_cancelled_order_go_back_from_their_tote() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.say(p.RowsPulled((), "c", 1))
    cancel(bench)
    assert bench.core.session.state is State.HELD
    bench.scan("T-O-1")
    raised = list(bench.core.desk.flow.tasks.values())
    assert [(task.kind, task.code, task.units) for task in raised] == [("restock", "T-O-1", 1)]


def test_goods_of_an_order_that_is_cancelled_while_parked_go_back_once() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.command("park")
    bench.scan("SHELF-4")
    cancel(bench)
    cancel(bench)
    raised = list(bench.core.desk.flow.tasks.values())
    assert [(one.kind, one.code, one.units, one.cause) for one in raised] == [
        ("restock", "SHELF-4", 1, "parked")
    ]
    again = Bench(bench.store)
    again.cache = bench.cache
    again.start()
    again.scan("%PB:PK-1")
    cancel(again)
    assert again.kinds().count("TaskRaised") == 1
    again.command("queue", "tasks")
    again.scan("A-01-2")
    assert again.core.desk.flow.tasks == {}
    cancel(again)
    assert again.kinds().count("TaskRaised") == 1


def test_a_parked_box_with_nothing_in_it_is_no_task() -> None:
    bench = signed_in()
    bench.scan("O-1")
    bench.command("park")
    bench.scan("SHELF-4")
    cancel(bench)
    assert bench.core.desk.flow.tasks == {}


def test_what_comes_back_is_unpacked() -> None:
    bench = signed_in()
    to_confirming(bench)
    number = waybill(bench)
    bench.scan(number)
    bench.command("more")
    assert bench.say(p.ChoiceMade(3, "returned")).entry is not None
    bench.say(p.TextEntered("returned", number))
    raised = list(bench.core.desk.flow.tasks.values())
    assert [(task.kind, task.cause, task.units) for task in raised] == [("unpack", "returned", 3)]
    bench.say(p.CommandGiven("returned"), p.TextEntered("returned", "NOWHERE"))
    assert bench.view.alert is not None


def test_several_tasks_are_picked_from_the_page() -> None:
    bench = signed_in(order(), one("O-2"))
    bench.scan("O-1", MUG)
    bench.command("cancel")
    bench.say(p.TextEntered("cancel", "cancel"))
    bench.scan("O-2", MUG)
    bench.command("cancel")
    bench.say(p.TextEntered("cancel", "cancel"))
    bench.command("tasks")
    assert page(bench).todo == Words("task.pick")
    assert bench.scan("T-5").alert is not None
    bench.command("accept")
    second = page(bench).rows[1].id
    bench.say(p.ChoiceMade(1, second))
    bench.scan("T-5")
    left = list(bench.core.desk.flow.tasks.values())
    assert [(task.kind, task.order_id) for task in left] == [("unpack", "O-1"), ("restock", "O-2")]


def test_only_a_label_of_the_same_order_ends_its_relabelling() -> None:
    bench = signed_in(order(), one("O-2"))
    to_confirming(bench)
    bench.command("void")
    bench.command("cancel")
    bench.say(p.TextEntered("cancel", "cancel"))
    bench.scan("O-2", MUG)
    finish(bench)
    kinds = [task.kind for task in bench.core.desk.flow.tasks.values()]
    assert kinds == ["relabel", "unpack"]


def test_a_label_that_never_went_to_a_printer_is_nobodys_task() -> None:
    bench = signed_in()
    bench.documents.broken = "label"
    bench.scan("O-1", MUG, MUG, SOCK, "C3")
    bench.weigh(780)
    bench.command("void")
    assert "LabelVoided" in bench.kinds()
    assert bench.core.desk.flow.tasks == {}


def test_a_row_of_an_order_that_goes_on_is_no_task() -> None:
    bench = signed_in()
    body = msgspec.to_builtins(OrderBody(order=order("O-1")))
    rows = (p.Row("order", "O-1", 2, "put", body), p.Row("order", "O-9", 2, "del", {}))
    bench.say(p.RowsPulled(rows, "c", 1))
    assert bench.core.desk.flow.tasks == {}
