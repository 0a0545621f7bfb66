"""The restore, drilled: two real benches heal a server that was put back to an older copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select

from packstation.client.enrol import enrol
from packstation.client.keys import key_of
from packstation.client.pusher import Pusher
from packstation.client.wire import Access, Wire, open_http
from packstation.domain.psp import SiteBody
from packstation.server.enrolment import make_enrol_token
from packstation.server.options import Options
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from packstation.server.tables import JOURNAL, SESSION, STREAM
from packstation.station.ports import CursorMoved, JournalSecured
from packstation.storage.journal import SqliteJournalReader
from packstation.storage.store import FILE, Store, open_store
from tests.cli.terminal import packstation
from tests.client.conftest import Desk
from tests.fake_storage import FakeClock, FakeIds
from tests.storage.samples import packed

SITE = "GZ-1"


class RealBench:
    """The bench's own store, key, wire and pusher."""

    def __init__(self, running: Running, folder: Path, name: str, stack: ExitStack) -> None:
        self.clock, self.name = FakeClock(), name
        folder.mkdir()
        token = make_enrol_token(running.server, SITE)
        enrol(Access(running.url), token, name, name, folder, clock=self.clock)
        ids = FakeIds(name)
        self.store: Store = stack.enter_context(
            open_store(folder / FILE, station=name, clock=self.clock, ids=ids)
        )
        self.desk = Desk(self.store)
        wire = Wire(open_http(Access(running.url)), key_of(folder), self.clock)
        reader = SqliteJournalReader(folder / FILE)
        stack.callback(wire.close)
        stack.callback(reader.close)
        self.pusher = Pusher(
            wire, reader, self.desk.post, clock=self.clock, ids=ids, chance=lambda: 0.5
        )

    def pack(self, order: str) -> None:
        self.store.events.append(packed(f"s-{order}", order))

    def turns(self, count: int = 6) -> None:
        for _ in range(count):
            self.clock.advance(self.pusher.turn())
            self.desk.settle()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


def _serve(folder: Path, port: int, stack: ExitStack) -> Running:
    made = serve("127.0.0.1", port, f"sqlite:///{folder / 'server.sqlite3'}", Options())
    stack.callback(made.stop)
    return made


def _held(running: Running) -> dict[str, list[tuple[int, str]]]:
    with running.server.store.read() as connection:
        rows = connection.execute(
            select(JOURNAL.c.station, JOURNAL.c.seq, JOURNAL.c.id).order_by(JOURNAL.c.seq)
        )
        held: dict[str, list[tuple[int, str]]] = {}
        for row in rows:
            held.setdefault(row.station, []).append((row.seq, row.id))
        return held


def test_yesterdays_copy_is_healed_by_the_benches_unattended(
    tmp_path: Path, stack: ExitStack
) -> None:
    running = _serve(tmp_path, 0, stack)
    with running.server.store.write() as connection:
        put_site(running.server, connection, SiteBody(code=SITE, zone="Asia/Shanghai"))
    benches = [RealBench(running, tmp_path / name, name, stack) for name in ("B-01", "B-02")]
    at = ("--database", f"sqlite:///{tmp_path / 'server.sqlite3'}")
    for bench in benches:
        bench.pack(f"{bench.name}-1")
        bench.turns()
    copy = packstation("server", "backup", tmp_path / "copies", *at, "--json").document
    for bench in benches:
        bench.pack(f"{bench.name}-2")  # acknowledged, and in no copy
        bench.turns()
        assert bench.store.events.acknowledged() == 8
    for bench in benches:
        bench.turns()
        safe = [one.seq for one in bench.desk.heard if isinstance(one, JournalSecured)]
        assert set(safe) == {4}, "what the copy holds, by heartbeat"
    told = _held(running)
    assert {name: len(rows) for name, rows in told.items()} == {"B-01": 8, "B-02": 8}
    running.stop()
    (tmp_path / "server.sqlite3").write_bytes(b"\0" * 9000)  # the disk has eaten it

    assert packstation("server", "restore", copy["file"], *at).status == 0
    again = _serve(tmp_path, running.port, stack)
    assert {name: len(rows) for name, rows in _held(again).items()} == {"B-01": 4, "B-02": 4}
    for bench in benches:
        bench.turns(14)

    assert _held(again) == told
    for bench in benches:
        moved = [one for one in bench.desk.heard if isinstance(one, CursorMoved)]
        assert 4 in [one.seq for one in moved], "it went back to what the copy has"
        assert moved[-1].generation == 2
        assert bench.store.events.acknowledged() == 8
    with again.server.store.read() as connection:
        done = connection.execute(select(SESSION.c.order, SESSION.c.state)).all()
        assert sorted(row.order for row in done if row.state == "completed") == [
            "B-01-1",
            "B-01-2",
            "B-02-1",
            "B-02-2",
        ]
        assert set(connection.scalars(select(STREAM.c.durable))) <= {0, 4}
    assert packstation("server", "audit", "verify", *at).status == 0
