"""Ingest: exactly once, in order, one past per epoch, and no event that stalls a queue."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import Table, func, select

from packstation.domain import psp
from packstation.domain.events import Event, encode
from packstation.domain.packing import facts as f
from packstation.domain.packing import fold
from packstation.server.enrolment import close_epoch, revoke
from packstation.server.folds import fold_of, kept
from packstation.server.run import Running
from packstation.server.tables import JOURNAL, QUARANTINE, SESSION, STREAM, TALLY
from tests.server.bench import Bench, Clock, packed
from tests.server.conftest import NewBench
from tests.server.settling import put_aside


def rows(running: Running, table: Table = JOURNAL) -> list[Any]:
    with running.server.store.read() as connection:
        return list(connection.execute(select(table)).all())


def test_a_push_is_kept_as_it_was_written(bench: Bench, running: Running) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    answer = bench.push()
    assert answer.status_code == 200
    told = msgspec.json.decode(answer.content, type=psp.PushAnswer)
    assert (told.hw, told.durable, told.gen, told.results) == (len(bench.events), 0, 1, ())
    stored = rows(running)
    assert [row.seq for row in stored] == list(range(1, len(bench.events) + 1))
    assert [row.kind for row in stored][:2] == ["SessionOpened", "ItemVerified"]
    assert [row.hash for row in stored] == bench.hashes
    assert msgspec.json.decode(stored[1].body)["sku"] == "TS"
    assert {row.site for row in stored} == {"GZ-1"}


def test_the_same_push_again_changes_nothing(bench: Bench, running: Running) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    first, again = bench.push(), bench.push()
    assert again.json()["hw"] == first.json()["hw"]
    assert len(rows(running)) == len(bench.events)


def test_an_overlapping_push_adds_only_what_is_new(bench: Bench, running: Running) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    bench.push(1, 5)
    assert bench.push(3, 9).json()["hw"] == 9
    assert len(rows(running)) == 9


def test_a_gap_is_answered_with_what_the_server_has(bench: Bench) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    bench.push(1, 3)
    answer = bench.push(6, 8)
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["hw"]) == ("gap", 3)


def test_a_heartbeat_tells_an_idle_bench_that_the_server_lost_its_facts(bench: Bench) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    answer = bench.post("/v1/journal", replace(bench.push_of(), from_=14, events=()))
    assert (answer.status_code, answer.json()["code"], answer.json()["hw"]) == (409, "gap", 0)


def test_a_heartbeat_without_events_is_answered(bench: Bench) -> None:
    assert bench.push().json()["hw"] == 0


def test_another_past_under_the_same_epoch_is_a_fork(
    bench: Bench, running: Running, clock: Clock
) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    bench.push()
    twin = Bench(bench.http, clock, bench.station, bench.epoch, key=bench.key)
    twin.note(*packed("B-2", "LP000000028CN"))
    both = zip(bench.hashes, twin.hashes, strict=True)
    first = next(seq for seq, (ours, theirs) in enumerate(both, 1) if ours != theirs)
    for _ in range(2):
        answer = twin.push()
        assert (answer.status_code, answer.json()["code"]) == (409, "fork")
        assert (answer.json()["at"], answer.json()["have_prev"]) == (first, bench.hashes[first - 1])
    assert len(rows(running)) == len(bench.events)
    assert rows(running, STREAM)[0].forked
    assert [row.problem for row in rows(running, QUARANTINE)] == ["fork"]


def test_a_continuation_of_another_past_is_a_fork(bench: Bench) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    bench.push(1, 4)
    fifth = replace(bench.push_of(5, 5).events[0], prev="f" * 64)
    answer = bench.post("/v1/journal", replace(bench.push_of(5, 5), events=(fifth,)))
    assert (answer.json()["code"], answer.json()["at"]) == ("fork", 5)
    assert answer.json()["have_prev"] == bench.hashes[3]


def test_a_closed_epoch_takes_nothing_more(bench: Bench, running: Running, site: str) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    bench.push()
    close_epoch(running.server, site, bench.station, bench.epoch)
    assert bench.push().json()["code"] == "epoch_closed"
    bench.epoch = "another-epoch"
    bench.events.clear()
    bench.hashes.clear()
    bench.note(*packed("A-2", "LP000000028CN"))
    assert bench.push().json()["hw"] == len(bench.events)


def poison(body: object = None, **changes: object) -> dict[str, Any]:
    event = Event(
        id="e",
        kind="ItemVerified",
        v=1,
        session="s-1",
        actor="b-1",
        at="2026-11-21T06:00:00Z",
        mono_ns="1",
        prev="",
        body={},
    )
    shape: dict[str, Any] = msgspec.to_builtins(event)
    return {**shape, "body": {"line": 1, "sku": "TS"} if body is None else body, **changes}


@pytest.mark.parametrize(
    "shape",
    [
        poison({"line": "one"}),
        poison(kind="ItemVerified", v=0),
        poison(at=17),
        poison(fence="x"),
        poison({"line": 1, "sku": "TS", "units": 2**60}),
    ],
    ids=["body", "version", "envelope", "fence", "no canonical form"],
)
def test_an_event_that_nobody_understands_does_not_stall_the_queue(
    bench: Bench, running: Running, shape: dict[str, Any]
) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    head = bench.push_of()
    events = [msgspec.to_builtins(event) for event in head.events]
    bad = {**shape, "prev": bench.hashes[-1]}
    push = {**msgspec.to_builtins(head), "events": [*events, bad]}
    answer = bench.post("/v1/journal", push)
    assert answer.status_code == 200, answer.text
    assert answer.json()["hw"] == len(events) + 1
    kept_raw = rows(running, QUARANTINE)[0]
    # What is an event by its envelope is kept first; whether its body is a fact shows afterwards.
    seen = [{"seq": len(events) + 1, "code": "quarantined"}]
    assert answer.json()["results"] == (seen if kept_raw.problem.startswith("envelope") else [])
    assert msgspec.json.decode(kept_raw.raw)["id"] == "e"
    after = {**poison(), "prev": kept_raw.hash}
    more = {**msgspec.to_builtins(bench.push_of(14)), "from": len(events) + 2, "events": [after]}
    assert bench.post("/v1/journal", more).json()["hw"] == len(events) + 2


def test_facts_that_fold_to_nothing_sensible_are_set_aside(bench: Bench, running: Running) -> None:
    bench.note(f.LabelIssued(key="p/1", waybill="LP000000014CN"), f.LabelApplied(waybill="x"))
    answer = bench.push()
    assert answer.json()["hw"] == 2
    assert len(rows(running)) == 2
    assert [row.seq for row in rows(running, QUARANTINE)] == [1, 2]
    assert {row.problem for row in rows(running, QUARANTINE)} == {"fold: IndexError"}
    bench.note(*packed("A-1", "LP000000014CN"), session="s-2")
    bench.push(3)
    with running.server.store.read() as connection:
        for session in ("s-1", "s-2"):
            assert kept(connection, "GZ-1", session) == fold_of(connection, "GZ-1", session)


def test_a_newer_stations_unknown_facts_are_kept_raw(bench: Bench, running: Running) -> None:
    unknown = msgspec.convert(poison({"depth": 3}, kind="SealApplied", v=4), Event)
    bench.raw(unknown)
    assert put_aside(bench.push()) == []
    assert (rows(running)[0].kind, rows(running)[0].body) == ("SealApplied", '{"depth":3}')


def test_members_of_a_newer_envelope_are_kept_and_hashed(bench: Bench, running: Running) -> None:
    shape = {**poison(), "prev": "0" * 64, "trace": "00-abc"}
    push = {**msgspec.to_builtins(bench.push_of()), "events": [shape]}
    assert bench.post("/v1/journal", push).json()["hw"] == 1
    assert rows(running)[0].extra == '{"trace":"00-abc"}'


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("zstd", zstandard.ZstdCompressor().compress), ("identity", bytes)],
)
def test_compressed_pushes_are_read(
    bench: Bench, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    body = pack(msgspec.json.encode(bench.push_of()))
    answer = bench.send("POST", "/v1/journal", body, headers={"Content-Encoding": encoding})
    assert answer.json()["hw"] == len(bench.events)


@pytest.mark.parametrize(
    ("body", "encoding", "status", "code"),
    [
        (gzip.compress(b" " * (psp.MAX_PUSH_BYTES + 1), mtime=0), "gzip", 413, "too_large"),
        (zstandard.compress(b" " * (psp.MAX_PUSH_BYTES + 1)), "zstd", 413, "too_large"),
        (b"x" * (psp.MAX_PUSH_BYTES + 1), "", 413, "too_large"),
        (b"x" * (16 * 1024 * 1024 + 1), "", 413, "too_large"),
        (gzip.compress(b"{}" * 900, mtime=0)[:-9], "gzip", 422, "torn_body"),
        (b"no gzip", "gzip", 422, "torn_body"),
        (b"no zstd", "zstd", 422, "torn_body"),
        (b"{}", "br", 415, "encoding"),
        (b"{}", "", 422, "invalid"),
        (b"no json", "", 422, "invalid"),
        (b"\xff\xfe", "", 422, "invalid"),
    ],
)
def test_bodies_that_are_no_push_are_refused(
    bench: Bench, body: bytes, encoding: str, status: int, code: str
) -> None:
    headers = {"Content-Encoding": encoding} if encoding else {}
    answer = bench.send("POST", "/v1/journal", body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_too_many_events_are_refused_so_that_the_bench_halves(bench: Bench) -> None:
    bench.note(f.ContentsVerified())
    event = bench.events[0]
    push = {
        **msgspec.to_builtins(bench.push_of()),
        "events": [msgspec.to_builtins(event)] * (psp.MAX_BATCH + 1),
    }
    answer = bench.post("/v1/journal", push)
    assert (answer.status_code, answer.json()["limit"]) == (413, psp.MAX_BATCH)


def test_a_schema_that_is_no_longer_read_is_told_the_least_one(bench: Bench) -> None:
    answer = bench.post("/v1/journal", replace(bench.push_of(), schema=0))
    assert (answer.status_code, answer.json()["min_schema"]) == (426, 1)


def test_only_the_pinned_key_may_push(bench: Bench, running: Running, site: str) -> None:
    bench.note(f.ContentsVerified())
    body = msgspec.json.encode(bench.push_of())
    other = Bench(bench.http, bench.clock, bench.station, bench.epoch)
    assert other.send("POST", "/v1/journal", body).json()["code"] == "bad_signature"
    stranger = Bench(bench.http, bench.clock, "stranger", bench.epoch)
    assert stranger.send("POST", "/v1/journal", body).json()["code"] == "unknown_station"
    unsigned = bench.http.post("/v1/journal", content=body)
    assert (unsigned.status_code, unsigned.json()["code"]) == (401, "unknown_station")
    headers = {"PS-Station": bench.station}
    assert bench.http.post("/v1/journal", headers=headers).json()["code"] == "unsigned"
    revoke(running.server, site, bench.station)
    assert (bench.push().status_code, bench.push().json()["code"]) == (403, "revoked")
    assert rows(running) == []


def test_a_signature_covers_method_path_query_body_and_stamp(bench: Bench, clock: Clock) -> None:
    stamp = psp.Stamp(station=bench.station, epoch=bench.epoch, gen=1, date=clock.now().isoformat())
    base = psp.signing_base("GET", "/v1/changes?limit=1", b"", stamp)
    marks = psp.stamp_headers(stamp, bench.key.sign(base))
    get = bench.http.get
    assert get("/v1/changes?limit=1", headers=marks).status_code == 200
    assert get("/v1/changes?limit=2", headers=marks).status_code == 401
    assert get("/v1/changes?limit=1", headers={**marks, "PS-Epoch": "e"}).status_code == 401
    assert get("/v1/changes?limit=1", headers={**marks, "PS-Gen": "2"}).status_code == 401
    assert get("/v1/changes?limit=1", headers={**marks, "PS-Sig": "!"}).status_code == 401


def test_an_old_request_cannot_be_sent_again_except_the_journal_which_is_harmless(
    bench: Bench, clock: Clock
) -> None:
    old = {"date": (clock.now()).isoformat()}
    clock.forward(seconds=psp.CLOCK_WINDOW_S + 1)
    assert bench.get("/v1/changes", stamp=old).json()["code"] == "clock"
    assert bench.get("/v1/changes", stamp={"date": "yesterday"}).json()["code"] == "clock"
    assert bench.push(stamp=old).status_code == 200


def test_the_kept_session_equals_the_fold_of_its_facts(bench: Bench, running: Running) -> None:
    facts = packed("A-1", "LP000000014CN")
    for place, fact in enumerate(facts):
        bench.note(fact)
        if place % 3 == 0:
            bench.push(max(1, place))
    bench.push()
    with running.server.store.read() as connection:
        assert kept(connection, "GZ-1", "s-1") == fold(facts) == fold_of(connection, "GZ-1", "s-1")
        assert kept(connection, "GZ-1", "s-9") is None
    row = rows(running, SESSION)[0]
    assert (row.state, row.units, row.waybills) == ("completed", 2, '["LP000000014CN"]')


FACTS = [fact for n in range(4) for fact in packed(f"A-{n}", f"LP00000001{n}CN")]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_mix_of_lost_repeated_and_reordered_pushes_ends_with_each_fact_once(
    new_bench: NewBench, running: Running, bench: Bench, data: st.DataObject
) -> None:
    """The bench keeps the protocol (rewind on a gap); the network does what it likes."""
    bench.epoch = f"epoch-{running.server.ids.new()}"
    bench.events.clear()
    bench.hashes.clear()
    for n in range(4):
        session = f"{bench.epoch}-{n}"
        bench.note(*packed(f"A-{n}", f"LP00000001{n}CN"), session=session)
    spans = st.tuples(st.integers(1, len(FACTS)), st.integers(1, 20))
    for start, length in data.draw(st.lists(spans, max_size=12)):
        answer = bench.push(start, start + length - 1)
        assert answer.status_code in {200, 409}
        assert answer.status_code == 200 or answer.json()["code"] == "gap"
    sent = bench.push().json()["hw"]
    assert sent == len(bench.events)
    with running.server.store.read() as connection:
        mine = JOURNAL.c.epoch == bench.epoch
        assert connection.scalar(select(func.count()).where(mine)) == len(bench.events)
        hashes = connection.scalars(select(JOURNAL.c.hash).where(mine).order_by(JOURNAL.c.seq))
        assert list(hashes) == bench.hashes
        for n in range(4):
            facts = packed(f"A-{n}", f"LP00000001{n}CN")
            assert kept(connection, "GZ-1", f"{bench.epoch}-{n}") == fold(facts)


def test_times_of_a_bench_with_a_wrong_clock_are_put_right(
    bench: Bench, running: Running, clock: Clock
) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    wrong = replace(bench.push_of(), sent_at=clock.now().isoformat())
    clock.forward(hours=2)
    bench.post("/v1/journal", wrong, stamp={"date": clock.now().isoformat()})
    assert rows(running, SESSION)[0].completed == "2026-11-21T08:14:00.000Z"
    assert rows(running, STREAM)[0].skew_ms == 7_200_000
    unclear = replace(bench.push_of(), sent_at="noon")
    assert bench.post("/v1/journal", unclear).status_code == 200


def test_a_fact_without_a_readable_time_counts_in_no_hour(bench: Bench, running: Running) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    for place, event in enumerate(list(bench.events)):
        bench.events[place] = replace(event, at="lunch")
    odd = Bench(bench.http, bench.clock, bench.station, "odd-epoch", key=bench.key)
    for event in bench.events:
        odd.raw(event)
    assert put_aside(odd.push()) == []
    assert rows(running, TALLY) == []
    assert rows(running, SESSION)[0].completed == "lunch"
    assert running.app.state.pictures.of(running.server, "GZ-1").benches[0].mode == "idle"


def test_encoded_facts_are_what_the_bench_of_these_tests_writes() -> None:
    assert encode(f.SessionCompleted())[0] == "SessionCompleted"
