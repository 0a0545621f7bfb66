"""A floor in the middle of its day: eight benches, a morning's work, what the pictures show."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import msgspec
from sqlalchemy import insert

from packstation.domain.packing import facts as f
from packstation.server.moments import stamp
from packstation.server.run import Running
from packstation.server.statuses import DeviceStatus, Status
from packstation.server.tables import TALLY
from tests.server.bench import Bench, Clock, packed, plan
from tests.server.conftest import NewBench

PEOPLE = (
    ("b-1", "Sofia Marin", "packer"),
    ("b-2", "Pavel Orlov", "packer"),
    ("b-3", "Айгуль Сафина", "packer"),
    ("b-4", "Zhao Min", "packer"),
    ("b-5", "李雪", "packer"),
    ("b-6", "Diego Rocha", "packer"),
    ("b-7", "Lin Yue", "packer"),
    ("b-8", "He Qing", "packer"),
    ("b-99", "Mei Tan", "supervisor"),
)
PIN = "4711"
HOURS = (48, 61, 66, 59, 38, 64, 62)  # packed from 7 to 13 o'clock
USUAL = (52, 60, 63, 58, 40, 61, 62, 58)


def people(api: httpx.Client) -> None:
    staff = [{"badge": b, "name": n, "role": r, "pin": PIN} for b, n, r in PEOPLE[-1:]]
    staff += [{"badge": b, "name": n, "role": r} for b, n, r in PEOPLE[:-1]]
    told = api.post("/v1/import/people", json={"people": staff}).json()
    assert told["accepted"] + told["unchanged"] == len(PEOPLE)


def orders(api: httpx.Client) -> None:
    """Three cut-offs: 15:00, 18:00 with money, 19:30."""
    rows = []
    cutoffs = (("chinapost", 7, 31, None), ("ozon", 10, 203, "6.00"), ("express", 11.5, 12, None))
    for channel, hour, count, cost in cutoffs:
        at = datetime.fromisoformat("2026-11-21T00:00:00+00:00") + timedelta(hours=hour)
        late = {"amount": cost, "currency": "CNY"} if cost else None
        rows += [
            {
                "schema": "packstation.order/1",
                "order_id": f"{channel}-{n}",
                "channel": channel,
                "deadlines": [{"kind": "handover", "at": at.isoformat(), "cost_next": late}],
                "ship_to": {"name": "Secret Name", "city": "Curitiba", "country": "BR"},
                "lines": [{"line": 1, "sku": "TS", "quantity": 1}],
            }
            for n in range(count)
        ]
    answer = api.post("/v1/import/orders", content=msgspec.json.encode(rows))
    assert answer.json()["accepted"] == len(rows), answer.text


def morning(bench: Bench, number: int, clock: Clock) -> None:
    """A bench's share of the hours until now."""
    noon = clock.now()
    start = noon.replace(hour=23, minute=0, second=0) - timedelta(days=1)
    for hour, count in enumerate(HOURS):
        for n in range(count):
            if n % 8 != number % 8:
                continue
            at = start + timedelta(hours=hour, minutes=57 * n / count)
            session = f"s-{number}-{hour}-{n}"
            done = packed(f"{session}-o", f"LP{number}{hour}{n:05d}CN", units=2 + n % 2)
            if (n + hour) % 15 == number:
                done.insert(1, f.ItemRejected(reason="not_in_order", sku="MUG"))
            bench.note(*done, session=session, order=f"{session}-o", actor=f"b-{number}", at=at)
    for n in range(2 if number != 5 else 0):
        session = f"s-{number}-now-{n}"
        at = noon - timedelta(minutes=12 - 5 * n)
        done = packed(f"{session}-o", f"LP{number}9{n:05d}CN")
        bench.note(*done, session=session, order=f"{session}-o", actor=f"b-{number}", at=at)


def begun(order: str, units: int, done: int) -> list[f.Fact]:
    opened = f.SessionOpened(
        order_id=order, rev=1, lines=(plan(1, "TS", units),), parcel_id=f"p-{order}"
    )
    return [opened, *(f.ItemVerified(line=1, sku="TS") for _ in range(done))]


BOX = f.CartonAssigned(carton="C3", tare_g=95, outer_mm=(306, 206, 126))
WEIGHED = f.ParcelWeighed(gross_g=455, expected_g=455)


def now_at(number: int) -> tuple[list[f.Fact], str, float, tuple[tuple[str, str, str], ...]]:
    """What bench ``number`` is at: facts, order, minutes ago, devices in trouble."""
    full: list[f.Fact] = [f.ContentsVerified(), BOX, WEIGHED]
    scenes: dict[int, tuple[list[f.Fact], str, float, tuple[tuple[str, str, str], ...]]] = {
        1: ([*begun("S-10512", 2, 2), f.ContentsVerified(), BOX], "S-10512", 0.8, ()),
        2: (
            [*begun("0033-2", 2, 2), *full],
            "0033-2",
            4,
            (("label", "fault", "printer.paper_out"),),
        ),
        3: (begun("0024-2", 4, 3), "0024-2", 1.2, ()),
        4: ([*begun("S-10498", 1, 1), f.ContentsVerified()], "S-10498", 0.4, ()),
        5: ([], "", 22, ()),
        6: (
            [*begun("S-10467", 3, 3), *full, f.SessionHeld(reason="customs", by="rule")],
            "S-10467",
            2,
            (),
        ),
        7: ([*packed("0007-1", "LP000000014CN", units=7)[:-2]], "0007-1", 3.7, ()),
        8: (begun("0029-1", 6, 1), "0029-1", 31, ()),
    }
    return scenes[number]


def bench_now(bench: Bench, number: int, clock: Clock) -> None:
    facts, order, minutes, trouble = now_at(number)
    at = clock.now() - timedelta(minutes=minutes)
    if facts:
        bench.note(*facts, session=f"s-{number}-open", order=order, actor=f"b-{number}", at=at)
    lamps = {kind: DeviceStatus(kind=kind) for kind in ("scanner", "scale", "label", "papers")}
    for kind, state, cause in trouble:
        lamps[kind] = DeviceStatus(kind=kind, state=state, cause=cause)
    told = Status(
        person=f"b-{number}" if facts else "",
        order=order,
        devices=tuple(lamps.values()),
        waiting=42 if number == 8 else 0,
        labels_left=112,
    )
    for start in range(1, len(bench.events) + 1, 500):
        assert bench.push(start, start + 499).status_code == 200
    assert bench.send("PUT", "/v1/status", msgspec.json.encode(told)).status_code == 204


def yesterday(running: Running, clock: Clock) -> None:
    start = clock.now().replace(hour=23, minute=0) - timedelta(days=2)
    rows = [
        {
            "site": "GZ-1",
            "bucket": stamp(start + timedelta(hours=hour)),
            "station": "s",
            "actor": "b-1",
            "orders": count,
        }
        for hour, count in enumerate(USUAL)
    ]
    with running.server.store.write() as connection:
        connection.execute(insert(TALLY), rows)


def play(running: Running, api: httpx.Client, new_bench: NewBench, clock: Clock) -> None:
    """Everything."""
    people(api)
    orders(api)
    yesterday(running, clock)
    noon = clock.now()
    for number in (8, 1, 2, 3, 4, 5, 6, 7):
        bench = new_bench(f"0{number}")
        morning(bench, number, clock)
        clock.time = noon - timedelta(minutes=31) if number == 8 else noon
        bench_now(bench, number, clock)
        clock.time = noon
    held = {"reason": "Buyer asks for another address"}
    assert api.post("/v1/orders/ozon-7/hold", json=held).json()["hold"]
