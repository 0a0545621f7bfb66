"""Two processes of the server on one PostgreSQL, and a database that goes away for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from packstation.domain.psp import SiteBody
from packstation.fleet.postgres import OwnCluster
from packstation.server.enrolment import make_enrol_token
from packstation.server.leading import LEAD
from packstation.server.options import Options
from packstation.server.rows import put_row
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from packstation.server.tables import JOURNAL
from tests.clusters import Copies
from tests.server.bench import Bench, Clock, packed
from tests.server.conftest import TOKEN

SITE = "GZ-1"


@pytest.fixture
def url(copies: Copies) -> Iterator[str]:
    with copies.one() as made:
        yield made


@contextmanager
def replica(url: str, folder: Path, clock: Clock) -> Iterator[Running]:
    """A server of its own on the database; all that they share is there and in the folder."""
    running = serve("127.0.0.1", 0, url, Options(first_token=TOKEN, clock=clock, files=str(folder)))
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def two(url: str, tmp_path: Path) -> Iterator[tuple[Running, Running]]:
    clock = Clock()
    with replica(url, tmp_path, clock) as one, replica(url, tmp_path, clock) as other:
        body = SiteBody(code=SITE, zone="Asia/Shanghai", currency="CNY", name="Guangzhou")
        with one.server.store.write() as connection:
            put_site(one.server, connection, body)
        yield one, other


def bench_of(running: Running, http: httpx.Client, name: str = "01") -> Bench:
    clock = running.server.clock
    assert isinstance(clock, Clock)
    bench = Bench(http, clock, station=f"0190a0b0-0000-7000-8000-0000000000{name}")
    assert bench.enrol(make_enrol_token(running.server, SITE), name).status_code == 200
    return bench


def until(true: Callable[[], Any], within: float = 20.0) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_a_bench_may_speak_to_either_from_one_request_to_the_next(
    two: tuple[Running, Running],
) -> None:
    one, other = two
    with httpx.Client(base_url=one.url) as here, httpx.Client(base_url=other.url) as there:
        bench = bench_of(one, here)
        for number in range(6):
            start = len(bench.events) + 1
            bench.note(*packed(f"A-{number}", f"LX{number:09}CN"), session=f"s-{number}")
            bench.http = there if number % 2 else here
            answer = bench.push(start)
            assert (answer.status_code, answer.json()["hw"]) == (200, len(bench.events))
        assert bench.push(1).json()["hw"] == len(bench.events)  # all of it again, to the other
    with other.server.store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(JOURNAL)) == len(bench.events)


def test_benches_push_through_both_at_once_and_no_change_is_skipped(
    two: tuple[Running, Running],
) -> None:
    one, other = two
    with ExitStack() as stack:
        https = [stack.enter_context(httpx.Client(base_url=each.url, timeout=60)) for each in two]
        benches = [bench_of(one, https[place % 2], f"1{place}") for place in range(4)]

        def work(bench: Bench, place: int) -> None:
            for number in range(5):
                name, start = f"{place}{number}", len(bench.events) + 1
                bench.note(*packed(f"B-{name}", f"LX{name:>09}CN"), session=f"s-{name}")
                assert bench.push(start).status_code == 200
                server = two[number % 2].server
                with server.store.write() as connection:
                    put_row(server, connection, SITE, "note", name, {"n": name})

        threads = [
            threading.Thread(target=work, args=(bench, place))
            for place, bench in enumerate(benches)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pushed = sum(len(bench.events) for bench in benches)
        seen = benches[0].get("/v1/changes?cursor=&limit=1000").json()["rows"]
        assert len([row for row in seen if row["t"] == "note"]) == 20
    with other.server.store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(JOURNAL)) == pushed


def test_a_change_made_through_one_is_heard_by_who_waits_at_the_other(
    two: tuple[Running, Running],
) -> None:
    one, other = two
    with httpx.Client(base_url=other.url, timeout=30) as http:
        bench = bench_of(one, http)
        cursor = bench.get("/v1/changes?cursor=").json()["cursor"]
        found: list[dict[str, Any]] = []
        asked = threading.Thread(
            target=lambda: found.append(bench.get(f"/v1/changes?cursor={cursor}&wait=20").json())
        )
        begun = time.monotonic()
        asked.start()
        with one.server.store.write() as connection:
            put_row(one.server, connection, SITE, "note", "n", {"words": "hello"})
        one.server.bell.ring()
        asked.join()
        assert [row["id"] for row in found[0]["rows"]] == ["n"]
        assert time.monotonic() - begun < 10


def test_one_leads_and_the_other_takes_over(url: str, tmp_path: Path) -> None:
    clock = Clock()
    with ExitStack() as stack:
        first = ExitStack()
        one = first.enter_context(replica(url, tmp_path, clock))
        other = stack.enter_context(replica(url, tmp_path, clock))
        assert (one.leads, other.leads) == (True, False)
        assert not other.server.desk.take(LEAD)
        first.close()
        assert until(lambda: other.leads)


def test_a_database_that_restarts_is_told_as_such_and_found_again(
    tmp_path: Path, cluster: OwnCluster
) -> None:
    """The cluster of all tests: no other test runs in this process meanwhile."""
    url = cluster.create_database("restarted")
    clock = Clock()
    with replica(url, tmp_path, clock) as running:
        with running.server.store.write() as connection:
            body = SiteBody(code=SITE, zone="Asia/Shanghai", currency="CNY", name="Guangzhou")
            put_site(running.server, connection, body)
        with httpx.Client(base_url=running.url, timeout=30) as http:
            bench = bench_of(running, http)
            bench.note(*packed("A-1", "LX000000001CN"))
            assert bench.push(1, 5).status_code == 200
            cluster.stop()
            try:
                away = bench.push(6)
                assert (away.status_code, away.json()["code"]) == (503, "storage")
                assert int(away.headers["retry-after"]) >= 1
                assert http.get("/readyz").status_code == 503
                assert http.get("/healthz").status_code == 200
                assert until(lambda: not running.leads)
            finally:
                cluster.start()
            assert until(lambda: bench.push(6).status_code == 200)
            assert http.get("/readyz").status_code == 200
            assert until(lambda: running.leads)  # it noticed that the lead was lost
        with running.server.store.read() as connection:
            count = connection.scalar(select(func.count()).select_from(JOURNAL))
        assert count == len(bench.events)
    cluster.drop_database("restarted")
