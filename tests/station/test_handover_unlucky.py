"""A hand-over that goes wrong on the way: news before the signature, two bags at once."""

from __future__ import annotations

import msgspec

from packstation.domain.psp import OrderBody
from packstation.station import ports as p
from packstation.station.handover_hand import SignatureDrawn
from tests.station.desk import Bench, order
from tests.station.dock import LINE, at_dock, pulled, row, shown, typed


def problem(bench: Bench) -> str:
    """What the page says is wrong."""
    found = shown(bench).problem
    return found.key if found else ""


def counted(bench: Bench) -> None:
    """The list is closed and the driver has said who it is."""
    bench.command("accept", "accept")
    typed(bench, "driver", "Wang Wei")
    assert shown(bench).step == "sign"


def test_a_parcel_that_is_stopped_after_the_count_is_not_signed_for() -> None:
    bench = at_dock(row("RX1", order_id="O-9"), row("RX2"))
    bench.scan("RX1", "RX2")
    counted(bench)
    stopped = OrderBody(order=order("O-9", status="cancelled"))
    pulled(bench, p.Row("order", "O-9", 2, "put", msgspec.to_builtins(stopped)))
    bench.store.acknowledge(bench.store.head().seq)
    bench.say(p.CursorMoved(bench.store.head().seq, 1))
    bench.say(SignatureDrawn(LINE))
    assert problem(bench) == "handover.extras"
    bench.command("on-paper")
    assert problem(bench) == "handover.extras"
    assert "ManifestSigned" not in bench.kinds()
    assert [(line.code, line.note.key) for line in shown(bench).rows] == [
        ("RX1", "handover.extra.cancelled")
    ]
    bench.command("undo")
    bench.scan("RX1")
    assert shown(bench).count == 1
    counted(bench)
    bench.say(SignatureDrawn(LINE))
    tendered = bench.store.bench_events(["ParcelTendered"])
    assert [event.body["waybill"] for event in tendered] == ["RX2"]


def test_a_parcel_that_another_bench_tendered_is_not_signed_for_again() -> None:
    bench = at_dock(row("RX1"), row("RX2"))
    bench.scan("RX1", "RX2")
    counted(bench)
    pulled(bench, row("RX1", state="tendered"))
    bench.say(SignatureDrawn(LINE))
    assert problem(bench) == "handover.extras"
    assert "ManifestSigned" not in bench.kinds()


def bags(bench: Bench, *names: str) -> list[str]:
    """Begin a bag for each parcel, without tying the one before; their codes."""
    bench.scan(names[0])
    bench.command("undo")
    for name in names:
        bench.command("bag")
        typed(bench, "load-unit", "bag")
        bench.scan(name)
    return [unit.code for unit in shown(bench).units]


def in_hand(bench: Bench) -> str:
    """The code of the bag that is open."""
    unit = shown(bench).unit
    return unit.code if unit else ""


def test_every_bag_is_tied_before_the_list_is_counted() -> None:
    bench = at_dock(row("RX1"), row("RX2"))
    first, second = bags(bench, "RX1", "RX2")
    bench.command("accept")
    assert (shown(bench).step, in_hand(bench)) == ("weigh", second)
    bench.weigh(500)
    assert (shown(bench).step, in_hand(bench)) == ("weigh", first)
    bench.weigh(510)
    assert shown(bench).step == "check"
    assert [unit.state for unit in shown(bench).units] == ["closed", "closed"]


def test_the_code_of_a_bag_that_is_open_goes_on_with_that_bag_and_ties_no_other() -> None:
    bench = at_dock(row("RX1"), row("RX2"), row("RX3"))
    first, _ = bags(bench, "RX1", "RX2")
    bench.scan(first)
    assert "UnitClosed" not in bench.kinds()
    bench.scan("RX3")
    assert [unit.count for unit in shown(bench).units] == [2, 1]
    bench.scan(first)
    assert shown(bench).step == "weigh"


def test_a_bag_that_is_opened_while_another_is_weighed_or_counted_takes_parcels_first() -> None:
    bench = at_dock(row("RX1"), row("RX2"))
    first, _ = bags(bench, "RX1", "RX2")
    bench.command("close-bag")
    bench.weigh(500)
    bench.scan(first)
    bench.command("close-bag")
    assert shown(bench).step == "weigh"
    bench.weigh(500)
    bench.command("accept")
    assert shown(bench).step == "check"
    bench.scan(first)
    assert shown(bench).step == "load"
    bench.command("close-bag")
    second = shown(bench).units[1].code
    bench.scan(second)
    assert shown(bench).step == "load"
    bench.weigh(500)
    assert bench.kinds()[-1] == "UnitOpenedAgain"
