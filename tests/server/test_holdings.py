"""A restored server learns from the benches which numbers are gone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol

import httpx
import pysqlite3
import pytest
from sqlalchemy import select

from packstation.domain.packing import facts as f
from packstation.domain.psp import LeaseAnswer, LeaseRequest, SiteBody
from packstation.domain.s10 import number
from packstation.server.enrolment import revoke
from packstation.server.options import Options
from packstation.server.pools import PoolRange, add_range, left
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from packstation.server.tables import LEASE, QUARANTINE
from tests.server.bench import Bench, Clock
from tests.server.conftest import TOKEN, NewBench
from tests.server.settling import put_aside, settled
from tests.server.test_pools import RANGE, ask

SERVICE = {"carrier": "chinapost", "service": "e-packet", "prefix": "LP", "country": "CN"}


def take(running: Running, site: str, given: PoolRange = RANGE) -> None:
    with running.server.store.write() as connection:
        assert add_range(connection, site, given) == "accepted"


def told(bench: Bench, lease: LeaseAnswer, used: int = 0) -> set[int]:
    """The bench writes down what it got and burns some of it; answers the serials."""
    span = {"first": lease.first, "last": lease.last}
    bench.note(f.PoolLeased(lease=lease.lease, **SERVICE, **span), session="", order=None)  # type: ignore[arg-type]
    for serial in range(lease.first, lease.first + used):
        burn(bench, lease.lease, serial)
    return set(range(lease.first, lease.last + 1))


def burn(bench: Bench, lease: str, serial: int) -> None:
    used = f.NumberUsed(lease=lease, number=number("LP", serial, "CN"), key=f"p-{serial}/1")
    bench.note(used, session="", order=None)


def sent(bench: Bench, start: int = 1) -> list[int]:
    """Push; answers the facts that were put aside."""
    answer = bench.push(start)
    assert answer.status_code == 200, answer.text
    return [seq for seq in put_aside(answer) if seq >= start]


def resent(bench: Bench) -> None:
    """As the pusher does: told of a gap, it goes back to what the server has."""
    refused = bench.push(len(bench.events) + 1)
    assert refused.json()["code"] == "gap"
    assert sent(bench, refused.json()["hw"] + 1) == []


def odd(running: Running) -> list[str]:
    with running.server.store.read() as connection:
        return list(connection.scalars(select(QUARANTINE.c.problem)))


class Restore(Protocol):
    def __call__(self, *, restored: bool = False) -> Running: ...


@pytest.fixture
def older_copy(
    running: Running, http: httpx.Client, clock: Clock, tmp_path: Path
) -> Iterator[Callable[[], Restore]]:
    """Called, it copies the database; what it answers puts that copy back, at the same address."""
    database, copy = tmp_path / "server.sqlite3", tmp_path / "copy.sqlite3"
    again: list[Running] = []

    def restore(*, restored: bool = False) -> Running:
        running.stop()
        for end in ("-wal", "-shm"):
            database.with_name(database.name + end).unlink(missing_ok=True)
        shutil.copyfile(copy, database)
        options = Options(first_token=TOKEN, clock=clock, restored=restored)
        again.append(serve("127.0.0.1", running.port, f"sqlite:///{database}", options))
        http.event_hooks = settled(again[-1])
        clock.forward(seconds=1)
        return again[-1]

    def make() -> Restore:
        with closing(pysqlite3.connect(str(database))) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
        return restore

    yield make
    for server in again:
        server.stop()


def test_a_restored_server_leases_no_number_twice(
    new_bench: NewBench, running: Running, site: str, older_copy: Callable[[], Restore]
) -> None:
    take(running, site)
    one, two = new_bench("01"), new_bench("02")
    gone = told(one, ask(one, "r-1", 10), used=3)
    assert sent(one) == []
    restore = older_copy()
    gone |= told(two, ask(two, "r-2", 20), used=20) | told(one, ask(one, "r-3", 10), used=2)
    assert sent(one, 5) == sent(two) == []
    server = restore()
    resent(one)
    assert sent(two) == []
    fresh = [ask(one, "r-4", 30), ask(two, "r-5", 30)]
    numbers = [serial for lease in fresh for serial in range(lease.first, lease.last + 1)]
    assert len(numbers) == len(set(numbers)) == 60
    assert not gone & set(numbers)
    assert odd(server) == []


def test_a_server_told_of_its_restore_leases_nothing_before_all_benches_were_heard(
    new_bench: NewBench, running: Running, site: str, older_copy: Callable[[], Restore]
) -> None:
    take(running, site)
    one, two, three = (new_bench(name) for name in ("01", "02", "03"))
    gone = told(one, ask(one, "r-1", 10)) | told(two, ask(two, "r-2", 10), used=4)
    assert sent(one) == []
    restore = older_copy()
    assert sent(two) == []
    revoke(running.server, site, three.station)
    server = restore(restored=True)
    assert one.get("/v1/hello").json()["gen"] == 2
    assert refused(one, "r-3") == ["01", "02", "03"]
    assert ask(one, "r-1", 10).first == 100
    revoke(server.server, site, three.station)
    assert sent(one, 2) == sent(two, 1) == []
    assert two.push(3).json()["gen"] == 2
    assert ask(one, "r-3", 10).first not in gone


def refused(bench: Bench, req_id: str) -> list[str]:
    asked = LeaseRequest(req_id=req_id, carrier="chinapost", service="e-packet", n=1)
    answer = bench.post("/v1/pools/lease", asked)
    assert (answer.status_code, answer.json()["code"]) == (409, "restored")
    names: list[str] = answer.json()["waiting_for"]
    return names


def test_a_bench_is_heard_when_its_journal_is_whole(
    new_bench: NewBench, running: Running, site: str, older_copy: Callable[[], Restore]
) -> None:
    take(running, site)
    bench = new_bench("01")
    restore = older_copy()
    told(bench, ask(bench, "r-1", 10), used=4)
    restore(restored=True)
    assert bench.push(1, 2).json()["hw"] == 2
    assert refused(bench, "r-2") == ["01"]
    assert sent(bench, 3) == []
    assert ask(bench, "r-2", 1).first == 110


def test_numbers_imported_after_the_copy_are_remembered_too(
    new_bench: NewBench, running: Running, site: str, older_copy: Callable[[], Restore]
) -> None:
    bench = new_bench("01")
    restore = older_copy()
    take(running, site)
    told(bench, ask(bench, "r-1", 10), used=1)
    server = restore()
    assert sent(bench) == []
    take(server, site)
    assert ask(bench, "r-2", 5).first == 110
    with server.server.store.read() as connection:
        assert left(connection, site) == [("chinapost", "e-packet", 85)]


def test_a_range_that_is_all_gone_stays_empty(bench: Bench, running: Running, site: str) -> None:
    told(bench, LeaseAnswer(lease="L", prefix="LP", country="CN", first=90, last=250))
    assert sent(bench) == []
    take(running, site)
    with running.server.store.read() as connection:
        assert left(connection, site) == [("chinapost", "e-packet", 0)]
    asked = LeaseRequest(req_id="r-1", carrier="chinapost", service="e-packet", n=1)
    assert bench.post("/v1/pools/lease", asked).json()["code"] == "pool_empty"


def test_a_used_number_counts_where_its_lease_is_lost(
    bench: Bench, running: Running, site: str
) -> None:
    take(running, site)
    for serial in (104, 105, 104, 102):
        burn(bench, "lost", serial)
    assert sent(bench) == []
    assert ask(bench, "r-1", 1).first == 106
    with running.server.store.read() as connection:
        rows = connection.execute(select(LEASE).order_by(LEASE.c.first)).all()
    assert [(row.first, row.last) for row in rows] == [
        (serial, serial) for serial in (102, 104, 105, 106)
    ]
    assert {row.station for row in rows} == {bench.station}


def test_numbers_that_two_benches_hold_are_named_and_stop_nobody(
    new_bench: NewBench, running: Running, site: str
) -> None:
    take(running, site)
    one, two = new_bench("01"), new_bench("02")
    told(one, ask(one, "r-1", 10))
    told(two, LeaseAnswer(lease="L", prefix="LP", country="CN", first=105, last=114), used=1)
    assert sent(one) == []
    assert sent(two) == [1, 2]
    assert odd(running) == [
        f"numbers: LP00000105-00000114CN also at {one.station}",
        f"numbers: LP00000105-00000105CN also at {one.station}",
    ]
    burn(two, "L", 111)
    assert sent(two, 3) == []
    assert ask(one, "r-2", 1).first == 115


def test_a_bench_has_no_say_in_the_numbers_of_another_site(
    new_bench: NewBench, running: Running, site: str
) -> None:
    with running.server.store.write() as connection:
        put_site(running.server, connection, SiteBody(code="BJ-2"))
    take(running, "BJ-2")
    here = new_bench("01")
    told(here, LeaseAnswer(lease="L", prefix="LP", country="CN", first=100, last=199))
    assert sent(here) == [1]
    assert odd(running) == ["numbers: LP00000100-00000199CN of another site"]
    there = new_bench("02", at="BJ-2")
    assert ask(there, "r-1", 1).first == 100


@pytest.mark.parametrize(
    "fact",
    [
        f.PoolLeased(lease="L", first=9, last=1, **SERVICE),
        f.PoolLeased(lease="L", first=1, last=10**12, **SERVICE),
        f.PoolLeased(lease="L", first=-1, last=1, **SERVICE),
        f.NumberUsed(lease="L", number="LP000000001CN", key="k/1"),
    ],
)
def test_what_no_numbers_are_is_put_aside(
    bench: Bench, running: Running, site: str, fact: f.Fact
) -> None:
    take(running, site)
    bench.note(fact, session="", order=None)
    assert sent(bench) == [1]
    assert odd(running) == ["numbers: no range of S10 serials"]
    assert ask(bench, "r-1", 1).first == 100
