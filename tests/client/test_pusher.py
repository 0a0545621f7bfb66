"""Sending the journal, against a server that answers by script."""

from __future__ import annotations

import base64
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from packstation.client.keys import key_of
from packstation.client.pusher import Pusher
from packstation.domain.psp import Push, Stamp, signing_base
from packstation.station.ports import CursorMoved, NumbersLeased, SyncChanged
from packstation.storage.store import Store
from tests.client.conftest import Desk
from tests.client.scripted import Asked, Reply, Script
from tests.fake_storage import FakeClock
from tests.storage.samples import draft, packed, verified

JOURNAL = "/v1/journal"


def ack(hw: int, gen: int = 1) -> Reply:
    return Reply({"gen": gen, "hw": hw, "durable": 0, "clock": {"now": "2026-11-21T08:00:00Z"}})


def refusal(status: int, code: str = "", **members: object) -> Reply:
    return Reply({"code": code, "status": status, **members}, status)


def pushed(asked: Asked) -> Push:
    return msgspec.convert(asked.body, Push)


def run(pusher: Pusher, clock: FakeClock, seconds: float = 0.0) -> None:
    """Take turns until nothing is due for more than ``seconds``."""
    while (pause := pusher.turn()) <= seconds:
        clock.advance(pause)


def test_the_journal_goes_out_in_order_and_signed(
    pusher: Pusher, script: Script, store: Store, desk: Desk, tmp_path: Path, clock: FakeClock
) -> None:
    store.events.append(packed())
    script.on(JOURNAL, ack(4))
    run(pusher, clock)
    (asked,) = script.of(JOURNAL)
    push = pushed(asked)
    assert (push.from_, push.head, [event.kind for event in push.events]) == (
        1,
        4,
        ["SessionOpened", "ItemVerified", "LabelIssued", "SessionCompleted"],
    )
    stamp = Stamp(
        station=asked.headers["ps-station"],
        epoch=asked.headers["ps-epoch"],
        gen=int(asked.headers["ps-gen"]),
        date=asked.headers["ps-date"],
    )
    assert (stamp.station, stamp.epoch) == ("B-01", store.events.head().epoch)
    public = base64.b64decode(key_of(tmp_path).public)
    base = signing_base(asked.method, asked.target, asked.content, stamp)
    signature = base64.b64decode(asked.headers["ps-sig"])
    Ed25519PublicKey.from_public_bytes(public).verify(signature, base)
    assert asked.headers["content-encoding"] == "gzip"
    assert desk.of(CursorMoved) == [CursorMoved(seq=4, generation=1)]
    assert (desk.told.online, desk.told.waiting, desk.told.hw) == (True, 0, 4)


def test_scans_wait_for_company_and_labels_do_not(
    pusher: Pusher, script: Script, store: Store, clock: FakeClock
) -> None:
    script.on(JOURNAL, ack(0), ack(1), ack(5))
    run(pusher, clock)
    store.events.append([draft(verified())])
    assert 1.9 < pusher.turn() <= 2.0
    assert len(script.of(JOURNAL)) == 1
    clock.advance(2.1)
    run(pusher, clock)
    assert len(script.of(JOURNAL)) == 2
    store.events.append(packed())
    run(pusher, clock)
    assert [pushed(asked).from_ for asked in script.of(JOURNAL)] == [1, 1, 2]


def test_an_urgent_wake_sends_at_once(
    pusher: Pusher, script: Script, store: Store, clock: FakeClock
) -> None:
    script.on(JOURNAL, ack(0), ack(1))
    run(pusher, clock)
    pusher.urge()
    store.events.append([draft(verified())])
    run(pusher, clock)
    assert len(script.of(JOURNAL)) == 2


def test_an_idle_bench_sends_heartbeats(pusher: Pusher, script: Script, clock: FakeClock) -> None:
    script.on(JOURNAL, ack(0))
    run(pusher, clock)
    assert 20 < pusher.turn() < 23
    clock.advance(23)
    run(pusher, clock)
    assert [pushed(asked).events for asked in script.of(JOURNAL)] == [(), ()]


def test_a_bench_in_doubt_asks_at_once_and_goes_offline_in_seconds(
    pusher: Pusher, script: Script, desk: Desk, clock: FakeClock
) -> None:
    script.on(JOURNAL, ack(0))
    run(pusher, clock)
    pusher.doubt()
    run(pusher, clock)
    assert len(script.of(JOURNAL)) == 2
    script.on(JOURNAL, Reply(status=0))
    began = clock.mono_ns()
    pusher.doubt()
    while desk.told.online:
        clock.advance(pusher.turn())
    assert clock.mono_ns() - began < 5e9


def test_a_backlog_goes_out_in_growing_batches(
    pusher: Pusher, script: Script, store: Store, clock: FakeClock
) -> None:
    store.events.append([draft(verified())] * 700)
    script.on(JOURNAL, *(ack(hw) for hw in (50, 150, 350, 700)))
    run(pusher, clock)
    assert [len(pushed(asked).events) for asked in script.of(JOURNAL)] == [50, 100, 200, 350]
    assert [pushed(asked).from_ for asked in script.of(JOURNAL)] == [1, 51, 151, 351]


def test_a_gap_rewinds_and_sends_again(
    pusher: Pusher, script: Script, store: Store, desk: Desk, clock: FakeClock
) -> None:
    store.events.append(packed())
    script.on(JOURNAL, ack(4), refusal(409, "gap", hw=1, gen=2), ack(5, gen=2))
    run(pusher, clock)
    desk.settle()
    store.events.append(packed("s-2", "O-2")[:1])
    pusher.urge()
    run(pusher, clock)
    desk.settle()
    assert [pushed(asked).from_ for asked in script.of(JOURNAL)] == [1, 5, 2]
    assert script.of(JOURNAL)[-1].headers["ps-gen"] == "2"
    assert [move.seq for move in desk.of(CursorMoved) if isinstance(move, CursorMoved)] == [4, 1, 5]
    assert store.events.acknowledged() == 5


def test_a_restored_server_that_answers_with_less_gets_it_again(
    pusher: Pusher, script: Script, store: Store, desk: Desk, clock: FakeClock
) -> None:
    store.events.append(packed())
    script.on(JOURNAL, ack(4), ack(2, gen=2), ack(4, gen=2))
    run(pusher, clock)
    clock.advance(30)
    run(pusher, clock)
    desk.settle()
    assert [pushed(asked).from_ for asked in script.of(JOURNAL)] == [1, 5, 3]
    assert store.events.acknowledged() == 4


def test_a_gap_that_leads_nowhere_is_a_failure(
    pusher: Pusher, script: Script, store: Store, clock: FakeClock
) -> None:
    store.events.append(packed())
    script.on(JOURNAL, refusal(409, "gap", hw=7), ack(4))
    run(pusher, clock)
    assert len(script.of(JOURNAL)) == 1
    clock.advance(1)
    run(pusher, clock)
    assert len(script.of(JOURNAL)) == 2


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (refusal(409, "fork", at=3, have_prev="00"), ("sync.fork", 3)),
        (refusal(409, "epoch_closed"), ("sync.epoch_closed", 1)),
        (ack(9), ("sync.lost", 5)),
    ],
)
def test_another_past_stops_the_journal_until_a_new_epoch(
    pusher: Pusher,
    script: Script,
    store: Store,
    desk: Desk,
    clock: FakeClock,
    reply: Reply,
    told: tuple[str, int],
) -> None:
    store.events.append(packed())
    script.on(JOURNAL, reply, ack(4))
    run(pusher, clock, 1.0)
    assert (desk.told.online, desk.told.cause, desk.told.at) == (False, *told)
    clock.advance(100)
    pusher.turn()
    assert len(script.of(JOURNAL)) == 1

    head = store.events.begin_epoch(1)
    clock.advance(100)
    run(pusher, clock)
    last = script.of(JOURNAL)[-1]
    assert last.headers["ps-epoch"] == head.epoch
    assert pushed(last).from_ == 1
    assert (desk.told.online, desk.told.cause, desk.told.hw) == (True, "", 4)


def test_a_batch_that_is_too_large_is_halved(
    pusher: Pusher, script: Script, store: Store, clock: FakeClock
) -> None:
    store.events.append([draft(verified())] * 96)
    script.on(JOURNAL, refusal(413), refusal(413), ack(12), ack(36), ack(84), ack(96))
    run(pusher, clock)
    assert [len(pushed(asked).events) for asked in script.of(JOURNAL)] == [50, 25, 12, 24, 48, 12]


def test_a_single_fact_that_is_refused_is_tried_again_slowly(
    pusher: Pusher, script: Script, store: Store, desk: Desk, clock: FakeClock
) -> None:
    store.events.append([draft(verified())])
    script.on(JOURNAL, refusal(422, "invalid"))
    run(pusher, clock)
    assert len(script.of(JOURNAL)) == 1
    assert desk.told.cause == "sync.refused"
    assert desk.told.waiting == 1


def test_a_quarantined_fact_never_blocks_the_queue(
    pusher: Pusher, script: Script, store: Store, desk: Desk, clock: FakeClock
) -> None:
    store.events.append(packed())
    answer = Reply({"gen": 1, "hw": 4, "results": [{"seq": 2, "code": "quarantined"}]})
    script.on(JOURNAL, refusal(422, "invalid", hw=2, seq=2), answer)
    run(pusher, clock)
    assert [pushed(asked).from_ for asked in script.of(JOURNAL)] == [1, 3]
    assert desk.told.waiting == 0


@pytest.mark.parametrize(
    ("status", "cause"),
    [(401, "sync.unauthorised"), (403, "sync.revoked"), (426, "sync.version")],
)
def test_what_a_person_must_cure_is_named_and_probed(
    pusher: Pusher, script: Script, desk: Desk, clock: FakeClock, status: int, cause: str
) -> None:
    script.on(JOURNAL, refusal(status, "x"), ack(0))
    run(pusher, clock)
    assert (desk.told.online, desk.told.cause) == (False, cause)
    assert 5 <= pusher.turn() <= 15
    clock.advance(15)
    run(pusher, clock)
    assert (desk.told.online, desk.told.cause) == (True, "")
    assert len(script.of("/v1/hello")) == 2


def test_a_busy_server_is_obeyed(
    pusher: Pusher, script: Script, store: Store, desk: Desk, clock: FakeClock
) -> None:
    busy = refusal(503)
    busy.headers = {"Retry-After": "7"}
    script.on(JOURNAL, ack(0), busy, ack(4))
    run(pusher, clock)
    store.events.append(packed())
    run(pusher, clock)
    assert 6.5 < pusher.turn() <= 7
    assert desk.told.online
    clock.advance(7)
    run(pusher, clock)
    assert (len(script.of(JOURNAL)), desk.told.waiting) == (3, 0)


def test_an_outage_is_told_once_and_probed_by_hello(
    pusher: Pusher, script: Script, store: Store, desk: Desk, clock: FakeClock
) -> None:
    script.on(JOURNAL, ack(0))
    run(pusher, clock)
    script.on(JOURNAL, Reply(status=500))
    store.events.append(packed())
    run(pusher, clock, 3.0)
    assert (desk.told.online, desk.told.cause, desk.told.waiting) == (
        False,
        "sync.unreachable",
        4,
    )
    tries = len(script.of(JOURNAL))
    script.on("/v1/hello", Reply(status=502))
    clock.advance(60)
    run(pusher, clock, 3.0)
    assert len(script.of(JOURNAL)) == tries
    store.events.append(packed("s-2", "O-2"))
    pusher.turn()
    assert desk.told.waiting == 8


def test_a_connection_cut_before_the_answer_counts_nothing_twice(
    pusher: Pusher, script: Script, store: Store, desk: Desk, clock: FakeClock
) -> None:
    store.events.append(packed())
    script.on(JOURNAL, Reply(status=0), ack(4))
    run(pusher, clock, 1.0)
    first, second = script.of(JOURNAL)
    assert pushed(first).from_ == pushed(second).from_ == 1
    assert [move.seq for move in desk.of(CursorMoved) if isinstance(move, CursorMoved)] == [4]


def test_an_answer_of_another_protocol_is_no_answer(
    pusher: Pusher, script: Script, desk: Desk, clock: FakeClock
) -> None:
    script.on(JOURNAL, Reply(b"<html>hotel wireless, please sign in</html>"), ack(0))
    run(pusher, clock)
    assert len(script.of(JOURNAL)) == 1
    clock.advance(1)
    run(pusher, clock)
    assert desk.told.online


def test_numbers_are_leased_once_by_one_request_id(
    pusher: Pusher, script: Script, desk: Desk, clock: FakeClock
) -> None:
    script.on(JOURNAL, ack(0))
    lease = {"lease": "L1", "prefix": "LP", "country": "CN", "first": 1, "last": 50}
    script.on("/v1/pools/lease", Reply(status=0), Reply(lease))
    for _ in range(3):
        pusher.errands.want("chinapost", "e-packet", 50)
    run(pusher, clock, 1.0)
    asked = script.of("/v1/pools/lease")
    assert [one.body["req_id"] for one in asked] == ["req-000001", "req-000001"]
    assert asked[0].body["n"] == 50
    assert desk.of(NumbersLeased) == [
        NumbersLeased("L1", "chinapost", "e-packet", "LP", "CN", 1, 50)
    ]
    pusher.errands.want("chinapost", "e-packet", 50, "L1")
    assert pusher.turn() > 1.5


def leases_of(desk: Desk) -> list[str]:
    return [one.lease for one in desk.of(NumbersLeased) if isinstance(one, NumbersLeased)]


def test_what_was_leased_and_not_counted_yet_is_not_leased_again(
    pusher: Pusher, script: Script, desk: Desk, clock: FakeClock
) -> None:
    script.on(JOURNAL, ack(0))
    leases = [
        {"lease": name, "prefix": "LP", "country": "CN", "first": first, "last": first + 49}
        for name, first in (("L1", 1), ("L2", 51))
    ]
    script.on("/v1/pools/lease", *map(Reply, leases))
    pusher.errands.want("chinapost", "e-packet", 50)
    run(pusher, clock, 1.0)
    for _ in range(3):  # the station is busy: the answer still waits in its queue
        pusher.errands.want("chinapost", "e-packet", 50)
        clock.advance(60)
        run(pusher, clock)
    assert leases_of(desk) == ["L1"]
    pusher.errands.want("chinapost", "e-packet", 50, "L1")
    run(pusher, clock, 1.0)
    assert leases_of(desk) == ["L1", "L2"]


def test_an_empty_pool_is_asked_again_after_a_minute(
    pusher: Pusher, script: Script, desk: Desk, clock: FakeClock
) -> None:
    script.on(JOURNAL, ack(0))
    script.on("/v1/pools/lease", refusal(409, "pool_empty"))
    pusher.errands.want("chinapost", "e-packet", 50)
    run(pusher, clock)
    pusher.errands.want("chinapost", "e-packet", 50)
    run(pusher, clock, 3.0)
    assert len(script.of("/v1/pools/lease")) == 1
    assert desk.told.online


def test_a_revoked_bench_keeps_its_wish_for_numbers(
    pusher: Pusher, script: Script, desk: Desk, clock: FakeClock
) -> None:
    script.on(JOURNAL, ack(0))
    script.on("/v1/pools/lease", refusal(403, "revoked"))
    pusher.errands.want("chinapost", "e-packet", 50)
    run(pusher, clock)
    assert desk.told.cause == "sync.revoked"
    clock.advance(20)
    run(pusher, clock)
    assert len(script.of("/v1/pools/lease")) == 2


def test_only_the_newest_status_is_told_and_again_after_an_outage(
    pusher: Pusher, script: Script, clock: FakeClock
) -> None:
    script.on(JOURNAL, ack(0))
    script.on("/v1/status", Reply(b"", 204))
    pusher.errands.report({"step": "scanning"})
    pusher.errands.report({"step": "weighing"})
    run(pusher, clock)
    assert [asked.body for asked in script.of("/v1/status")] == [{"step": "weighing"}]
    pusher.errands.report({"step": "rating"})
    assert 0.9 < pusher.turn() <= 1.0
    clock.advance(1)
    run(pusher, clock)
    script.on(JOURNAL, refusal(403), ack(0))
    clock.advance(30)
    run(pusher, clock, 20.0)
    assert [asked.body for asked in script.of("/v1/status")[1:]] == [{"step": "rating"}] * 2


def test_a_server_without_status_is_left_in_peace(
    pusher: Pusher, script: Script, desk: Desk, clock: FakeClock
) -> None:
    script.on(JOURNAL, ack(0))
    pusher.errands.report({"step": "scanning"})
    run(pusher, clock)
    assert len(script.of("/v1/status")) == 1
    assert desk.told.online


def test_a_server_that_says_hello_and_takes_nothing_is_not_online(
    pusher: Pusher, script: Script, desk: Desk, clock: FakeClock
) -> None:
    script.on(JOURNAL, Reply(status=500))
    for _ in range(20):
        clock.advance(pusher.turn())
    said = [one for one in desk.heard if isinstance(one, SyncChanged)]
    assert {one.online for one in said} == {False}
    assert len(said) == 1
    assert len(script.of("/v1/hello")) > 3


def test_numbers_are_leased_while_the_journal_is_forked(
    pusher: Pusher, script: Script, store: Store, desk: Desk, clock: FakeClock
) -> None:
    store.events.append(packed())
    script.on(JOURNAL, refusal(409, "fork", at=2))
    lease = {"lease": "L1", "prefix": "LP", "country": "CN", "first": 1, "last": 50}
    script.on("/v1/pools/lease", Reply(lease))
    run(pusher, clock, 1.0)
    pusher.errands.want("chinapost", "e-packet", 50)
    run(pusher, clock, 1.0)
    assert len(desk.of(NumbersLeased)) == 1
    assert len(script.of(JOURNAL)) == 1
