"""The floor's picture: what it says of a site, and why, when it can say nothing."""

from __future__ import annotations

from datetime import timedelta

import httpx
import msgspec
import pytest

from packstation.domain.packing import facts as f
from packstation.domain.psp import SiteBody
from packstation.server.floor_view import Floor, Need
from packstation.server.run import Running
from packstation.server.sites import put_site
from packstation.server.statuses import DeviceStatus, Status
from tests.server import scene
from tests.server.bench import Bench, Clock, packed
from tests.server.conftest import NewBench


def picture(running: Running) -> Floor:
    taken: Floor = running.app.state.pictures.of(running.server, "GZ-1")
    return taken


def need(running: Running, kind: str) -> Need:
    return next(found for found in picture(running).needs if found.kind == kind)


def tell(bench: Bench, status: Status) -> None:
    answer = bench.send("PUT", "/v1/status", msgspec.json.encode(status))
    assert answer.status_code == 204


def order(order_id: str, at: str, cost: str = "", **changes: object) -> dict[str, object]:
    late = {"amount": cost, "currency": "CNY"} if cost else None
    return {
        "order_id": order_id,
        "channel": "ozon",
        "deadlines": [{"kind": "handover", "at": at, "cost_next": late}],
        "ship_to": {"country": "DE"},
        "lines": [{"line": 1, "sku": "TS", "quantity": 1}],
        **changes,
    }


def test_a_new_site_shows_that_nothing_has_begun(running: Running, site: str) -> None:
    floor = picture(running)
    assert (floor.benches, floor.cutoffs, floor.needs, floor.people) == ((), (), (), ())
    figures = floor.figures
    assert (figures.pace, figures.expected, figures.done.accuracy) == (None, None, None)
    assert not floor.ever_imported
    assert floor.hours[-1].running


def test_a_day_of_work_is_counted(
    running: Running, api: httpx.Client, new_bench: NewBench, clock: Clock
) -> None:
    scene.play(running, api, new_bench, clock)
    floor = picture(running)
    assert floor.figures.done.orders == 412
    assert [hour.orders for hour in floor.hours] == [*scene.HOURS, 14]
    assert [round(hour.expected or 0) for hour in floor.hours] == [*scene.USUAL[:7], 14]
    assert {card.name: card.mode for card in floor.benches} == {
        "01": "working",
        "02": "fault",
        "03": "working",
        "04": "working",
        "05": "idle",
        "06": "held",
        "07": "working",
        "08": "offline",
    }
    assert [card.rung for card in floor.benches] == [3, 4, 1, 2, 0, 4, 5, 1]
    assert [found.kind for found in floor.needs] == [
        "order_held",
        "bench_holds",
        "device",
        "may_miss",
        "offline",
    ]
    assert [row.name for row in floor.people] == sorted(name for _, name, _ in scene.PEOPLE[:-1])
    assert [cutoff.level for cutoff in floor.cutoffs] == ["ok", "warn", "ok"]
    assert floor.figures.risk == {"CNY": 6 * floor.figures.may_miss}


def test_a_picture_is_taken_once_a_second(running: Running, site: str, clock: Clock) -> None:
    first = picture(running)
    assert picture(running) is first
    clock.forward(seconds=1)
    second = picture(running)
    assert second is not first
    running.server.bell.ring()
    assert picture(running) is not second


def test_the_pace_is_of_the_last_hour_or_since_the_start(
    bench: Bench, running: Running, clock: Clock
) -> None:
    for n in range(10):
        bench.note(*packed(f"A-{n}", f"LP0000001{n}4CN"), session=f"s-{n}", order=f"A-{n}")
    bench.push()
    assert picture(running).figures.pace == pytest.approx(60)
    clock.forward(minutes=30)
    assert picture(running).figures.pace == pytest.approx(10 / (34 / 60))
    clock.forward(minutes=90)
    assert picture(running).figures.pace == 0


def test_lateness_is_priced_by_the_cheapest_orders(
    running: Running, api: httpx.Client, bench: Bench, clock: Clock
) -> None:
    soon = (clock.now() + timedelta(hours=1)).isoformat()
    api.post("/v1/import/orders", json=[order(f"o-{n}", soon, f"{n}.50") for n in range(1, 61)])
    untold = picture(running).cutoffs[0]
    assert (untold.level, untold.chance, untold.may_miss) == ("calm", None, 0)
    for n in range(5):
        bench.note(*packed(f"A-{n}", f"LP0000001{n}4CN"), session=f"s-{n}", order=f"A-{n}")
    bench.push()
    told = picture(running).cutoffs[0]
    assert told.level == "stop"
    late = told.may_miss
    assert 0 < late < 60
    assert told.risk["CNY"] == sum(range(1, late + 1)) + late * msgspec.convert(
        "0.50", type(told.risk["CNY"])
    )
    clock.forward(hours=2)
    past = picture(running)
    assert (past.cutoffs[0].level, past.cutoffs[0].past) == ("stop", True)
    assert need(running, "late").count == 60


def test_what_is_packed_shipped_or_cancelled_is_not_due(
    running: Running, api: httpx.Client, bench: Bench, clock: Clock
) -> None:
    soon = (clock.now() + timedelta(hours=1)).isoformat()
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    api.post(
        "/v1/import/orders",
        json=[
            order("packed", soon),
            order("open", soon),
            order("tomorrow", tomorrow),
            order("gone", soon, status="shipped"),
            order("no", soon, status="cancelled"),
        ],
    )
    bench.note(*packed("packed", "LP000000014CN"), order="packed")
    bench.push()
    assert picture(running).figures.due == 1


def test_a_held_parcel_waits_with_its_reason(
    running: Running, api: httpx.Client, bench: Bench
) -> None:
    api.post("/v1/import/orders", json=order("A-1", "2026-11-21T10:00:00Z"))
    bench.note(*packed("A-1", "LP000000014CN")[:4], f.SessionHeld(reason="weight"))
    bench.push()
    held = need(running, "bench_holds")
    assert (held.bench, held.order, held.reason, held.release) == ("01", "A-1", "weight", False)
    api.post("/v1/orders/A-1/hold", json={"reason": "wait"})
    both = [found for found in picture(running).needs if found.order == "A-1"]
    assert [(found.kind, found.release, found.by) for found in both] == [
        ("bench_holds", True, "wait")
    ]


def test_devices_speak_through_facts_where_no_status_came(
    running: Running, bench: Bench, clock: Clock
) -> None:
    bench.note(f.DeviceChanged(device="scale", state="ok"), session="")
    bench.note(f.DeviceChanged(device="scale", state="fault", cause="device.unplugged"), session="")
    bench.push()
    card = picture(running).benches[0]
    lamp = next(device for device in card.devices if device.kind == "scale")
    assert (card.mode, card.reason, lamp.state) == ("fault", "device.unplugged", "fault")
    assert card.since == clock.now()
    tell(bench, Status(devices=(DeviceStatus(kind="scale"),)))
    assert picture(running).benches[0].mode == "idle"
    scale, label = DeviceStatus(kind="scale"), DeviceStatus(kind="label", state="off")
    tell(bench, Status(devices=(scale, label)))
    assert need(running, "device").reason == "label.off"


def test_a_silent_bench_is_offline_after_a_minute(
    running: Running, bench: Bench, clock: Clock
) -> None:
    assert picture(running).benches[0].mode == "new"
    bench.push()
    clock.forward(seconds=2)
    assert picture(running).benches[0].mode == "idle"
    clock.forward(seconds=59)
    assert picture(running).benches[0].mode == "offline"
    assert need(running, "offline").bench == "01"


@pytest.mark.parametrize(("left", "level"), [(19, "warn"), (4, "stop")])
def test_few_labels_left_are_told(running: Running, bench: Bench, left: int, level: str) -> None:
    tell(bench, Status(labels_left=left))
    assert (need(running, "few_labels").level, need(running, "few_labels").labels_left) == (
        level,
        left,
    )


def test_forks_and_strange_facts_need_someone(running: Running, bench: Bench, clock: Clock) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    bench.push()
    twin = Bench(bench.http, clock, bench.station, bench.epoch, key=bench.key)
    twin.note(*packed("B-1", "LP000000014CN"))
    twin.push()
    bench.raw(msgspec.structs.replace(bench.events[1], body={"line": "x"}))
    bench.push(len(bench.events))
    assert need(running, "fork").level == "stop"
    assert need(running, "odd_facts").count == 1


def test_a_parcel_packed_against_a_cancellation_and_one_packed_twice(
    running: Running, api: httpx.Client, new_bench: NewBench
) -> None:
    api.post("/v1/import/orders", json=order("A-1", "2026-11-21T10:00:00Z"))
    for name in ("01", "02"):
        bench = new_bench(name)
        bench.note(*packed("A-1", f"LP0000000{name}CN"), session=f"s-{name}")
        bench.push()
    api.post("/v1/orders/A-1/cancel")
    cancelled, twice = need(running, "packed_after_cancel"), need(running, "duplicate_pack")
    assert (cancelled.order, cancelled.bench, cancelled.reason) == ("A-1", "01", "LP000000001CN")
    assert (twice.order, twice.bench, twice.by) == ("A-1", "02", "01")


def test_a_zone_that_nobody_knows_is_utc(running: Running, site: str) -> None:
    with running.server.store.write() as connection:
        put_site(running.server, connection, SiteBody(code="GZ-1", zone="Mars/Olympus"))
    assert picture(running).zone.key == "UTC"
