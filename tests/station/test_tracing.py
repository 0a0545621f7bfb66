"""What the scale said while a parcel was packed stands in the order's history."""

from __future__ import annotations

from packstation.domain.packing.inputs import WeightRead
from packstation.domain.weights import ScaleState
from packstation.station.views import Screen
from tests.station.desk import MUG, SOCK, Bench, order, signed_in
from tests.station.test_item_guard import put


def traces(bench: Bench) -> list[dict[str, object]]:
    return [r.event.body for r in bench.store.records if r.event.kind == "WeightTraced"]


def closed(bench: Bench, number: int = 1) -> None:
    for _ in range(2):
        bench.out()
    label = bench.core.session.parcel.label
    assert label is not None
    assert bench.scan(label.waybill).screen is Screen.COMPLETED, number


def leased(*orders: str) -> Bench:
    bench = signed_in(*(order(one) for one in orders))
    bench.lease(100, 400)
    return bench


def test_each_parcel_keeps_the_changes_at_rest_and_the_history_shows_them() -> None:
    bench = leased("O-1", "O-2")
    put(bench, 10)
    bench.scan("O-1")
    put(bench, 0)
    bench.scan(MUG)
    bench.say(bench.reading(250, ScaleState.MOTION))
    put(bench, 300)
    bench.say(bench.reading(302))
    bench.scan(MUG, SOCK, "C3")
    put(bench, 780)
    closed(bench)
    (trace,) = traces(bench)
    points = trace["points"]
    assert isinstance(points, tuple)
    assert [grams for _, grams in points] == [0, 300, 780]
    assert points[0][0] == 0
    assert (trace["device"], str(trace["begun"])[-1]) == ("scale", "Z")
    record = next(r for r in bench.store.records if r.event.kind == "WeightTraced")
    assert (record.event.order, record.event.parcel) == ("O-1", bench.core.session.parcels[0].id)
    view = bench.command("history")
    assert view.page_rows is not None
    said = [row.words for row in view.page_rows.rows if row.words]
    words = next(one for one in said if one.key == "hist.WeightTraced")
    assert dict(words.args)["points"] == "0 → 300 → 780"
    bench.command("back")
    bench.scan("O-2", MUG, MUG, SOCK, "C3")
    put(bench, 0)
    put(bench, 781)
    closed(bench, 2)
    last = traces(bench)[-1]["points"]
    assert isinstance(last, tuple)
    assert [grams for _, grams in last] == [0, 781]


def test_a_scale_that_felt_nothing_traces_nothing() -> None:
    bench = leased("O-1")
    bench.scan("O-1", MUG, MUG, SOCK, "C3")
    put(bench, 0)
    bench.core.submit(WeightRead(grams=780, source="typed", by="SV-1"))
    bench.later.drain()
    closed(bench)
    assert "WeightTraced" not in bench.kinds()
