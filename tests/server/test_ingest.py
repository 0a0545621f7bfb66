"""Ingest by itself: both ways of reading agree, the queue has ends, PostgreSQL's own way."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Sequence

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import select, text, update

from packstation.domain.packing import facts as f
from packstation.domain.psp import PushAnswer, SiteBody
from packstation.server.access import StationCaller
from packstation.server.enrolment import close_epoch, make_enrol_token
from packstation.server.ingest import combiner as queue
from packstation.server.ingest.combiner import Combiner
from packstation.server.ingest.envelopes import (
    Pushed,
    read_loose_push,
    read_plain_push,
    read_push,
)
from packstation.server.ingest.hot import HotWriter
from packstation.server.ingest.writing import Writer
from packstation.server.options import Options
from packstation.server.problems import Problem
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from packstation.server.tables import JOURNAL, QUARANTINE, SESSION, STATION
from tests.clusters import Copies
from tests.server.bench import Bench, Clock, packed
from tests.server.settling import put_aside, settled

CALLER = StationCaller(site="GZ-1", station="s-1", epoch="e-1", gen=1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(st.text(), deeper, max_size=3),
    max_leaves=8,
)
TEXT = st.text(max_size=5)
EVENT = st.fixed_dictionaries(
    {
        **dict.fromkeys(("id", "kind", "session", "actor", "at", "mono_ns", "prev"), TEXT),
        "v": st.integers(0, 9),
        "body": st.dictionaries(TEXT, JSON, max_size=3),
    },
    optional={"parcel": st.none() | TEXT, "order": TEXT, "fence": st.integers(), "more": JSON},
)


def body(events: Sequence[object], **more: object) -> bytes:
    head = {"from": 3, "sent_at": "", "mono_ns": "0", "head": 9, **more}
    return msgspec.json.encode({**head, "events": events})


@given(st.lists(EVENT, max_size=3))
def test_the_quick_way_reads_what_the_long_way_reads(events: list[dict[str, object]]) -> None:
    text = body(events)
    quick, long = read_plain_push(CALLER, text), read_loose_push(CALLER, text)
    assert quick is None or quick == long


def test_a_usual_push_is_read_quickly(bench: Bench) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    caller = replace(CALLER, station=bench.station, epoch=bench.epoch)
    read = read_plain_push(caller, msgspec.json.encode(bench.push_of()))
    assert read is not None
    assert [entry.hash for entry in read.entries] == bench.hashes


def test_what_is_nested_without_end_is_no_push(bench: Bench) -> None:
    deep = b'{"from":1,"sent_at":"","mono_ns":"","head":1,"events":[' + b"[" * 100_000
    assert bench.send("POST", "/v1/journal", deep).status_code == 422


# --- the queue -----------------------------------------------------------------------------


class Slow:
    """A writer that waits until it may."""

    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.batches: list[int] = []

    async def write(self, pushes: Sequence[Pushed]) -> list[PushAnswer]:
        self.batches.append(len(pushes))
        await self.may.wait()
        return [PushAnswer(gen=1, hw=0)] * len(pushes)


PUSH = Pushed(caller=CALLER, start=1, head=0, sent_at="", entries=(), body=b"")


def test_who_comes_meanwhile_shares_the_next_transaction() -> None:
    async def run() -> list[int]:
        slow = Slow()
        combiner = Combiner(slow.write)
        tasks = [asyncio.create_task(combiner.put(PUSH)) for _ in range(9)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        later = [asyncio.create_task(combiner.put(PUSH)) for _ in range(5)]
        await asyncio.sleep(0)
        slow.may.set()
        await asyncio.gather(*tasks, *later)
        return slow.batches

    assert asyncio.run(run()) == [9, 5]


def test_who_comes_as_a_transaction_ends_waits_for_nobody_else() -> None:
    """Its own push is what the next one is for: no other bench may ever come."""

    async def run() -> list[int]:
        slow = Slow()
        slow.may.set()
        combiner = Combiner(slow.write)
        for _ in range(3):
            await combiner.put(PUSH)
        return slow.batches

    assert asyncio.run(asyncio.wait_for(run(), 5)) == [1, 1, 1]


def test_a_bench_and_a_full_queue_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> list[Problem]:
        refused = []
        combiner = Combiner(Slow().write)

        def refusal(ask: Callable[[], None]) -> None:
            with pytest.raises(Problem) as caught:
                ask()
            refused.append(caught.value)

        for _ in range(queue.PER_STATION):
            combiner.enter("s-1")
        refusal(lambda: combiner.enter("s-1"))
        combiner.leave("s-1")
        combiner.enter("s-1")
        first = asyncio.create_task(combiner.put(PUSH))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        second = asyncio.create_task(combiner.put(PUSH))
        await asyncio.sleep(0)
        combiner.enter("s-2")
        monkeypatch.setattr(queue, "WAIT_S", -1.0)
        refusal(lambda: combiner.enter("s-3"))
        combiner.hold(queue.MOST_BYTES)
        refusal(lambda: combiner.hold(1))
        for task in (first, second):
            task.cancel()
        return refused

    refused = asyncio.run(run())
    assert [(one.status, one.code) for one in refused] == [
        (429, "too_many_pushes"),
        (503, "busy"),
        (503, "busy"),
    ]
    assert all(1 <= int(one.headers["Retry-After"]) <= 5 for one in refused)


def test_a_bench_that_another_process_revoked_is_refused_within_seconds(
    bench: Bench, running: Running
) -> None:
    assert bench.push().status_code == 200
    with running.server.store.write() as connection:
        connection.execute(update(STATION).values(revoked="2026-11-21T06:14:00.000Z"))
    until = time.monotonic() + 5
    while (answer := bench.push()).status_code == 200:
        assert time.monotonic() < until
    assert (answer.status_code, answer.json()["code"]) == (403, "revoked")


# --- PostgreSQL ----------------------------------------------------------------------------


@pytest.fixture
def postgres(copies: Copies, clock: Clock) -> Iterator[Running]:
    with copies.one() as url:
        server = serve("127.0.0.1", 0, url, Options(clock=clock))
        with server.server.store.write() as connection:
            site = SiteBody(code="GZ-1", zone="Asia/Shanghai", currency="CNY")
            put_site(server.server, connection, site)
        yield server
        server.stop()


@pytest.fixture
def client(postgres: Running) -> Iterator[httpx.Client]:
    hooks = settled(postgres)
    with httpx.Client(base_url=postgres.url, timeout=30, event_hooks=hooks) as client:
        yield client


@pytest.fixture
def there(postgres: Running, client: httpx.Client, clock: Clock) -> Bench:
    bench = Bench(client, clock)
    assert bench.enrol(make_enrol_token(postgres.server, "GZ-1")).status_code == 200
    return bench


def test_postgresql_keeps_each_fact_once_by_its_own_way(
    there: Bench, postgres: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "packstation.server.ingest.hot")
    there.note(*packed("A-1", "LP000000014CN"))
    there.note(f.ContentsVerified(), session="", order=None)
    there.note(f.ContentsVerified(), session="", order="")
    end = len(there.events)
    spans = [(1, 3), (4, 4), (4, 9), (2, 9), (8, end), (end + 1, end), (1, end)]
    for start, last in spans:
        answer = there.push(start, last)
        assert (answer.status_code, answer.json().get("hw")) == (200, max(last, start - 1))
    assert there.push(end + 5).json()["code"] == "gap"
    there.note(f.ContentsVerified(), session="a\x1fb", order="\x1e", actor="\x1f")
    assert there.push(end + 1).json()["hw"] == end + 1
    with postgres.server.store.read() as connection:
        rows = connection.execute(select(JOURNAL).order_by(JOURNAL.c.seq)).all()
        state = connection.scalar(select(SESSION.c.state).where(SESSION.c.session == "s-1"))
    assert [row.hash for row in rows] == there.hashes
    assert (rows[-1].session, rows[-1].order, rows[-1].claim) == ("a\x1fb", "\x1e", None)
    assert (rows[0].order, rows[-3].order, rows[-2].order) == ("A-1", None, "")
    assert state == "completed"
    assert [record.getMessage() for record in caplog.records] == ["a text that separates texts"]


def test_postgresql_refuses_other_pasts_and_closed_epochs(there: Bench, postgres: Running) -> None:
    there.note(*packed("A-1", "LP000000014CN"))
    there.push()
    twin = Bench(there.http, there.clock, there.station, there.epoch, key=there.key)
    twin.note(*packed("B-1", "LP000000028CN"))
    assert twin.push().json()["code"] == "fork"
    there.note(f.ContentsVerified())
    assert there.push(len(there.events)).status_code == 200
    close_epoch(postgres.server, "GZ-1", there.station, there.epoch)
    there.note(f.ContentsVerified())
    assert there.push(len(there.events)).json()["code"] == "epoch_closed"


def test_flushes_that_begin_side_by_side_share_their_connections(
    there: Bench, postgres: Running, client: httpx.Client
) -> None:
    twin = Bench(client, there.clock, "0190a0b0-0000-7000-8000-000000000002", "e-2")
    assert twin.enrol(make_enrol_token(postgres.server, "GZ-1"), "02").status_code == 200
    pushes = []
    for bench, number in ((there, "LP000000014CN"), (twin, "LP000000028CN")):
        bench.note(*packed(f"A-{bench.epoch}", number))
        body = msgspec.json.encode(bench.push_of(1, len(bench.events)))
        caller = StationCaller(site="GZ-1", station=bench.station, epoch=bench.epoch, gen=1)
        pushes.append(read_push(caller, body))

    async def both() -> list[Sequence[object]]:
        server = postgres.server
        long_way = Writer(server.store, server.clock)
        writer = HotWriter(
            server.store.engine.url,
            server.clock,
            lambda some: asyncio.to_thread(long_way.write, some),
        )
        outcomes = await asyncio.gather(*(writer.write([one]) for one in pushes))
        await writer.close()
        late = await writer.write([pushes[0]])  # the long way, by no new connection
        return [*outcomes, late]

    kept = asyncio.run(both())
    assert [type(outcome) for (outcome,) in kept] == [PushAnswer] * 3
    ours = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :name")
    with postgres.server.store.read() as connection:
        assert connection.scalar(ours, {"name": "packstation ingest"}) == 0


def test_what_postgresql_cannot_hold_stalls_nobody(there: Bench, postgres: Running) -> None:
    there.note(*packed("A\x00", "LP000000014CN")[:2], session="s-0", order=None)
    there.note(f.ContentsVerified(), session="zero\x00")
    there.note(*packed("A-1", "LP000000028CN"))
    answer = there.push()
    assert answer.json()["hw"] == len(there.events)
    assert [one["seq"] for one in answer.json()["results"]] == [3]
    assert 3 in put_aside(answer)
    assert set(put_aside(answer)) <= {1, 2, 3}
    with postgres.server.store.read() as connection:
        problems = set(connection.scalars(select(QUARANTINE.c.problem)))
        state = connection.scalar(select(SESSION.c.state).where(SESSION.c.session == "s-1"))
    assert "envelope: a text with the character zero" in problems
    assert state == "completed"
