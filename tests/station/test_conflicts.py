"""Parcels of this bench that the server stops: another bench's stands, or the order changed."""

from __future__ import annotations

import msgspec
import pytest

from packstation.domain import conflicts as d
from packstation.domain.handover.parcels import Due
from packstation.station import ports as p
from packstation.station.views import Words
from tests.station.desk import Bench, order, signed_in, to_confirming
from tests.station.dock import at_dock, no, row
from tests.station.test_modes import one, page, waybill


def packed() -> tuple[Bench, str, str]:
    """A bench that packed O-1, its session and its number."""
    bench = signed_in(order(), one("O-2"))
    to_confirming(bench)
    number = waybill(bench)
    bench.scan(number)
    return bench, bench.store.last_session("O-1") or "", number


def told(bench: Bench, session: str, kind: str, station: str = "B-01") -> None:
    body = d.Conflict(session=session, kind=kind, order="O-1", station=station, stands="03")
    image = msgspec.to_builtins(body)
    bench.say(p.RowsPulled((p.Row(d.ROW, session, 1, "put", image),), "c", 1))


def tasks(bench: Bench) -> list[tuple[str, str]]:
    return [(task.kind, task.cause) for task in bench.core.desk.flow.tasks.values()]


def test_a_parcel_that_another_bench_packed_too_is_pulled_and_put_back() -> None:
    bench, session, number = packed()
    told(bench, session, d.DUPLICATE)
    told(bench, session, d.DUPLICATE)
    assert tasks(bench) == [("pull_parcel", "duplicate")]
    bench.command("queue", "tasks")
    assert [line.note for line in page(bench).rows] == [Words("task.cause.duplicate")]
    bench.scan(number)
    assert tasks(bench) == [("unpack", "duplicate")]
    bench.scan("T-88", "SHELF-12")
    assert tasks(bench) == []


def test_a_label_of_what_the_order_was_is_covered_by_a_new_one() -> None:
    bench, session, number = packed()
    told(bench, session, d.RELABEL)
    assert tasks(bench) == [("relabel", "changed")]
    bench.command("queue", "tasks")
    bench.scan(number)
    assert tasks(bench) == []


@pytest.mark.parametrize(("session", "station"), [("", "B-03"), ("s-unknown", "B-01")])
def test_parcels_of_other_benches_and_strange_rows_are_nobody_s_task_here(
    session: str, station: str
) -> None:
    bench, own, _ = packed()
    told(bench, session or own, d.DUPLICATE, station)
    told(bench, own, d.CANCELLED)  # of that the order's own row tells
    assert tasks(bench) == []


@pytest.mark.parametrize("why", ["duplicate", "relabel"])
def test_it_goes_on_no_list_of_a_hand_over(why: str) -> None:
    bench = at_dock(row("RX1", stop=why))
    bench.scan("RX1")
    assert no(bench) == why


def test_one_s_own_parcel_is_stopped_as_well() -> None:
    bench, _, number = packed()
    due = Due(waybill=number, order_id="O-1", stop="duplicate")
    image = msgspec.to_builtins(due)
    bench.say(p.RowsPulled((p.Row("parcel", number, 1, "put", image),), "c", 1))
    bench.command("handover")
    bench.scan(number)
    assert no(bench) == "duplicate"
