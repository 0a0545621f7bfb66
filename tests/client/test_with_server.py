"""The bench's client and the real server: joining, exactly once through chaos, catching up."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import select

from packstation.client.enrol import enrol
from packstation.client.enrolment import ca_of, enrolment_of
from packstation.client.keys import key_of
from packstation.client.labels import ServerLabels
from packstation.client.puller import Puller
from packstation.client.pusher import Pusher
from packstation.client.syncer import Loop, Syncer
from packstation.client.wire import Access, Who, Wire, open_http
from packstation.domain.errors import LabelRefused, NotAuthorised, ServerUnreachable, StorageError
from packstation.domain.psp import OrderBody, SiteBody
from packstation.server.enrolment import make_enrol_token, revoke
from packstation.server.options import Options
from packstation.server.pools import PoolRange, add_range
from packstation.server.rows import put_row
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from packstation.server.tables import JOURNAL
from packstation.station.ports import (
    CursorMoved,
    Happening,
    NumbersLeased,
    RowsPulled,
    SyncChanged,
)
from packstation.storage.database import Database
from packstation.storage.journal import SqliteJournalReader
from packstation.storage.store import Store
from tests.chaosproxy import ChaosProxy
from tests.client.conftest import Desk
from tests.client.scripted import Reply, Script
from tests.fake_storage import FakeClock, FakeIds
from tests.storage.samples import draft, order, packed, verified

STATION, SITE = "B-01", "GZ-1"


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def mono_ns(self) -> int:
        return time.monotonic_ns()


def started(tmp_path: Path, port: int = 0) -> Running:
    made = serve("127.0.0.1", port, f"sqlite:///{tmp_path / 'server.sqlite3'}", Options())
    with made.server.store.write() as connection:
        put_site(made.server, connection, SiteBody(code=SITE, zone="Asia/Shanghai"))
    return made


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    made = started(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def joined(running: Running, tmp_path: Path, clock: FakeClock) -> Running:
    token = make_enrol_token(running.server, SITE)
    enrol(Access(running.url), token, STATION, "Bench 1", tmp_path, clock=clock)
    return running


def held(running: Running) -> list[tuple[int, str, str]]:
    """What the server's journal has: seq, id, hash of the record before."""
    columns = (JOURNAL.c.seq, JOURNAL.c.id, JOURNAL.c.prev)
    with running.server.store.read() as connection:
        rows = connection.execute(select(*columns).order_by(JOURNAL.c.epoch, JOURNAL.c.seq))
        return [(row.seq, row.id, row.prev) for row in rows]


def test_a_bench_joins_with_a_token_once(
    running: Running, tmp_path: Path, clock: FakeClock
) -> None:
    token, access = make_enrol_token(running.server, SITE), Access(running.url)
    assert enrolment_of(tmp_path) is None
    joined = enrol(access, f" {token}\n", STATION, "Bench 1", tmp_path, clock=clock)
    assert (joined.site, joined.station_id, joined.server_url) == (SITE, STATION, running.url)
    assert enrolment_of(tmp_path) == joined
    assert token not in "".join(
        path.read_text("latin-1") for path in tmp_path.iterdir() if path.suffix == ".json"
    )
    with pytest.raises(NotAuthorised) as caught:
        enrol(access, token, STATION, "Bench 1", tmp_path, clock=clock)
    assert caught.value.fields["code"] == "enrol_token"


def test_a_server_that_is_away_cannot_be_joined(tmp_path: Path, clock: FakeClock) -> None:
    with pytest.raises(ServerUnreachable):
        enrol(Access("http://127.0.0.1:1"), "t", STATION, "Bench 1", tmp_path, clock=clock)
    assert enrolment_of(tmp_path) is None


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply({"code": "storage"}, 503), ServerUnreachable),
        (Reply(b"<html>"), ServerUnreachable),
        (Reply({"site": "GZ-1", "ca": "not ascii: \u4e2d"}), StorageError),
    ],
)
def test_a_join_that_fails_leaves_no_enrolment(
    script: Script, tmp_path: Path, clock: FakeClock, reply: Reply, error: type[Exception]
) -> None:
    script.on("/v1/enrol", reply)
    with pytest.raises(error):
        enrol(Access(script.url), "t", STATION, "Bench 1", tmp_path, clock=clock)
    assert enrolment_of(tmp_path) is None


def test_the_servers_own_ca_is_kept_and_a_setting_beats_it(
    script: Script, tmp_path: Path, clock: FakeClock
) -> None:
    script.on("/v1/enrol", Reply({"site": "GZ-1", "gen": 2, "ca": "-----BEGIN"}))
    joined = enrol(Access(script.url), "t", STATION, "Bench 1", tmp_path, clock=clock)
    assert joined.gen == 2
    assert ca_of(tmp_path) == str(tmp_path / "server-ca.pem")
    assert ca_of(tmp_path / "none") == ""


def test_a_damaged_enrolment_is_named(tmp_path: Path) -> None:
    (tmp_path / "enrolment.json").write_text("{")
    with pytest.raises(StorageError):
        enrolment_of(tmp_path)


FAULTS = ("pass", "refuse", "lose", "half", "twice", "late", "slice")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_fact_arrives_exactly_once_through_chaos(
    joined: Running, store: Store, desk: Desk, clock: FakeClock, seed: int
) -> None:
    chance = random.Random(seed)
    weights = (3, 1, 2, 1, 2, 1, 1)
    choose: Callable[[], str] = lambda: chance.choices(FAULTS, weights)[0]  # noqa: E731
    folder = store.database.path.parent
    with ChaosProxy(("127.0.0.1", joined.port), choose, latency_s=0.005) as proxy:
        wire = Wire(open_http(Access(proxy.url)), key_of(folder), clock)
        reader = SqliteJournalReader(store.database.path)
        pusher = Pusher(
            wire, reader, desk.post, clock=clock, ids=FakeIds("req"), chance=chance.random
        )
        for step in range(250):
            if step < 200:
                store.events.append([draft(verified())] * chance.randrange(0, 4))
            clock.advance(pusher.turn())
            desk.settle()
            if step >= 200 and store.events.acknowledged() == store.events.head().seq:
                break
        wire.close()
        reader.close()
        faults = set(proxy.done)
    head = store.events.head()
    mine = store.events.session_events("s-1")
    assert store.events.acknowledged() == head.seq > 100
    assert held(joined) == [(seq, e.id, e.prev) for seq, e in enumerate(mine, start=1)]
    assert faults == set(FAULTS)


def test_a_server_restored_from_an_old_copy_is_healed(
    joined: Running, store: Store, desk: Desk, clock: FakeClock, tmp_path: Path
) -> None:
    """What benches keep, a server cannot lose for good (reference/sync.md, server restore)."""

    def turns(count: int) -> None:
        for _ in range(count):
            clock.advance(pusher.turn())
            desk.settle()

    wire = Wire(open_http(Access(joined.url)), key_of(tmp_path), clock)
    reader = SqliteJournalReader(store.database.path)
    pusher = Pusher(wire, reader, desk.post, clock=clock, ids=FakeIds("req"), chance=lambda: 0.5)
    store.events.append(packed())
    turns(4)
    database = tmp_path / "server.sqlite3"
    copy = Database(database, read_only=True)
    copy.raw.execute("VACUUM INTO ?", (str(tmp_path / "backup"),))
    copy.close()
    store.events.append(packed("s-2", "O-2"))
    turns(4)
    assert store.events.acknowledged() == 8
    joined.stop()
    for name in ("server.sqlite3-wal", "server.sqlite3-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "backup").replace(database)

    restored = started(tmp_path, joined.port)
    assert len(held(restored)) == 4
    turns(12)
    assert [seq for seq, _, _ in held(restored)] == list(range(1, 9))
    assert store.events.acknowledged() == 8
    assert 4 in [one.seq for one in desk.heard if isinstance(one, CursorMoved)]
    wire.close()
    reader.close()
    restored.stop()


def test_a_silent_network_is_given_up_in_time(
    joined: Running, store: Store, desk: Desk, clock: FakeClock
) -> None:
    store.events.append(packed())
    plan = iter(["pass", "swallow"])
    folder = store.database.path.parent
    with ChaosProxy(("127.0.0.1", joined.port), lambda: next(plan, "pass")) as proxy:
        wire = Wire(open_http(Access(proxy.url)), key_of(folder), clock, total_s=0.3)
        reader = SqliteJournalReader(store.database.path)
        pusher = Pusher(
            wire, reader, desk.post, clock=clock, ids=FakeIds("req"), chance=lambda: 0.5
        )
        for _ in range(8):
            clock.advance(pusher.turn())
        wire.close()
        reader.close()
    assert len(held(joined)) == 4
    assert desk.told.online


def test_pulled_orders_land_in_the_cache(
    joined: Running, store: Store, desk: Desk, clock: FakeClock
) -> None:
    server = joined.server
    with server.store.write() as connection:
        for number in range(1, 51):
            body = OrderBody(order=order(number))
            put_row(server, connection, SITE, "order", f"O-{number}", body)
    wire = Wire(open_http(Access(joined.url)), key_of(store.database.path.parent), clock)
    wire.hello()
    reader = SqliteJournalReader(store.database.path)

    def rest(seconds: float) -> None:
        clock.advance(seconds)
        desk.settle()

    puller = Puller(
        wire,
        reader,
        desk.post,
        lambda: Who(STATION, "e", 1),
        clock=clock,
        chance=lambda: 0.5,
        pause=rest,
    )
    assert puller.turn(wait_s=0) == 0.0
    wire.close()
    reader.close()
    assert len(store.orders.queue("B-01", limit=100)) == 50
    assert store.orders.site()["zone"] == "Asia/Shanghai"
    assert store.orders.cursor() != ""


def test_a_label_of_an_unknown_carrier_is_refused_by_the_server(
    joined: Running, store: Store, clock: FakeClock
) -> None:
    folder = store.database.path.parent
    labels = ServerLabels(
        Wire(open_http(Access(joined.url)), key_of(folder), clock), Who(STATION, "e")
    )
    request = {"parcel": "p-1", "carrier": "nobody", "service": "x", "rev": 1}
    with pytest.raises(LabelRefused, match="unknown_carrier"):
        labels.issue("p-1/1", request)
    assert labels.find("p-1/1") is None
    labels.close()


# --- the whole syncer, on its threads ---------------------------------------------------------


@dataclass
class Line:
    """A running syncer and what it posted."""

    syncer: Syncer
    heard: queue.Queue[Happening]
    store: Store

    def until(self, right: Callable[[Happening], bool]) -> Happening:
        """The first happening that is right; moves the cursor on the way."""
        while True:
            happening = self.heard.get(timeout=20)
            if isinstance(happening, CursorMoved):
                self.store.events.acknowledge(happening.seq)
            elif isinstance(happening, RowsPulled):
                self.store.orders.apply(happening.rows, happening.cursor)
            if right(happening):
                return happening

    def until_sent(self) -> None:
        head = self.store.events.head().seq
        self.until(lambda one: isinstance(one, CursorMoved) and one.seq == head)


@pytest.fixture
def line(joined: Running, store: Store) -> Iterator[Line]:
    folder, clock = store.database.path.parent, RealClock()
    heard: queue.Queue[Happening] = queue.Queue()
    key = key_of(folder)
    syncer = Syncer(
        (
            Wire(open_http(Access(joined.url)), key, clock),
            Wire(open_http(Access(joined.url)), key, clock),
        ),
        SqliteJournalReader(store.database.path),
        heard.put,
        clock=clock,
        ids=FakeIds("req"),
        chance=lambda: 0.01,
        acknowledged=store.events.acknowledged(),
    )
    syncer.start()
    yield Line(syncer, heard, store)
    syncer.close()


def test_a_bench_sends_pulls_leases_and_stops_at_once(line: Line, joined: Running) -> None:
    server = joined.server
    with server.store.write() as connection:
        given = PoolRange(
            carrier="chinapost", service="e-packet", prefix="LP", country="CN", first=1, last=999
        )
        add_range(connection, SITE, given)
    line.until(lambda one: isinstance(one, SyncChanged) and one.online)
    line.store.events.append(packed())
    line.syncer.wake(urgent=True)
    line.until_sent()
    assert len(held(joined)) == 4

    line.syncer.want_numbers("chinapost", "e-packet", 20)
    leased = line.until(lambda one: isinstance(one, NumbersLeased))
    assert isinstance(leased, NumbersLeased)
    assert (leased.prefix, leased.first, leased.last) == ("LP", 1, 20)

    line.syncer.report({"step": "scanning", "person": "b-1"})
    with server.store.write() as connection:
        put_row(server, connection, SITE, "order", "O-9", OrderBody(order=order(9)))
    server.bell.ring()
    pulled = line.until(
        lambda one: isinstance(one, RowsPulled) and any(row.id == "O-9" for row in one.rows)
    )
    assert isinstance(pulled, RowsPulled)
    assert msgspec.convert(dict(pulled.rows[-1].body), OrderBody).order == order(9)

    began = time.monotonic()
    line.syncer.close()
    assert time.monotonic() - began < 2
    names = {thread.name for thread in threading.enumerate()}
    assert not names & {"packstation-send", "packstation-pull"}


def test_an_idle_bench_sees_within_seconds_that_its_server_is_gone(
    line: Line, joined: Running
) -> None:
    line.until(lambda one: isinstance(one, SyncChanged) and one.online)
    line.store.events.append(packed())
    line.syncer.wake(urgent=True)
    line.until_sent()
    began = time.monotonic()
    joined.stop()
    line.until(lambda one: isinstance(one, SyncChanged) and not one.online)
    assert time.monotonic() - began < 10  # a heartbeat alone would come after 15 to 30


def test_a_server_that_was_away_gets_everything_once(
    line: Line, joined: Running, tmp_path: Path
) -> None:
    line.until(lambda one: isinstance(one, SyncChanged) and one.online)
    line.store.events.append(packed())
    line.syncer.wake(urgent=True)
    line.until_sent()
    joined.stop()

    line.store.events.append(packed("s-2", "O-2"))
    line.syncer.wake(urgent=True)
    gone = SyncChanged(online=False, waiting=4, hw=4, cause="sync.unreachable")
    line.until(lambda one: isinstance(one, SyncChanged) and replace(one, epoch="") == gone)
    line.store.events.append(packed("s-3", "O-3"))

    back = started(tmp_path, joined.port)
    line.until_sent()
    assert [seq for seq, _, _ in held(back)] == list(range(1, 13))
    revoke(back.server, SITE, STATION)
    line.store.events.append([draft(verified())])
    line.syncer.wake(urgent=True)
    line.until(lambda one: isinstance(one, SyncChanged) and one.cause == "sync.revoked")
    line.syncer.close()
    back.stop()


def test_a_turn_that_fails_by_surprise_is_taken_again(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    turns, ended = threading.Event(), threading.Event()

    def turn() -> float:
        turns.set()
        raise ValueError("surprise")

    loop = Loop("packstation-test", turn, ended.set)
    loop.start()
    assert turns.wait(5)
    turns.clear()
    loop.ring()
    assert turns.wait(5)
    loop.stop()
    loop.join()
    assert ended.is_set()
    assert "turn failed" in caplog.text
