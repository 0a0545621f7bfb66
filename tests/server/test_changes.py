"""What benches pull: every change of their site, once, in order, and soon."""

from __future__ import annotations

import threading
import time

import msgspec
import pytest

from packstation.domain.psp import ChangesAnswer, SiteBody
from packstation.server.rows import delete_row, put_row, row_body, touch_row
from packstation.server.run import Running
from packstation.server.sites import put_site
from packstation.server.store import put_meta
from tests.server.bench import Bench
from tests.server.conftest import NewBench


def put(running: Running, t: str, key: str, body: object, site: str = "GZ-1") -> None:
    with running.server.store.write() as connection:
        put_row(running.server, connection, site, t, key, body)
    running.server.bell.ring()


def pull(bench: Bench, cursor: str = "", **query: float) -> ChangesAnswer:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    answer = bench.get(f"/v1/changes?cursor={cursor}{more}")
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=ChangesAnswer)


def test_the_first_pull_brings_everything_of_the_site(bench: Bench, running: Running) -> None:
    put(running, "sku", "TS", {"sku": "TS"})
    got = pull(bench)
    assert [(row.t, row.id, row.rev, row.op) for row in got.rows] == [
        ("site", "GZ-1", 1, "put"),
        ("sku", "TS", 1, "put"),
    ]
    assert got.rows[0].body["zone"] == "Asia/Shanghai"
    assert not got.more
    assert pull(bench, got.cursor).rows == ()


def test_pages_follow_each_other_without_a_hole(bench: Bench, running: Running) -> None:
    for n in range(7):
        put(running, "sku", f"S{n}", {"sku": f"S{n}"})
    seen, cursor, more = [], "", True
    while more:
        got = pull(bench, cursor, limit=3)
        seen += [row.id for row in got.rows]
        cursor, more = got.cursor, got.more
    assert seen == ["GZ-1", *(f"S{n}" for n in range(7))]


def test_a_thing_that_changes_again_comes_again_at_its_newest(
    bench: Bench, running: Running
) -> None:
    put(running, "sku", "A", {"n": 1})
    put(running, "sku", "B", {"n": 1})
    cursor = pull(bench).cursor
    put(running, "sku", "A", {"n": 2})
    put(running, "sku", "A", {"n": 3})
    put(running, "sku", "B", {"n": 1})
    rows = pull(bench, cursor).rows
    assert [(row.id, row.rev, row.body) for row in rows] == [("A", 3, {"n": 3})]
    with running.server.store.write() as connection:
        touch_row(running.server, connection, "GZ-1", "sku", "B", {"n": 9})
        delete_row(running.server, connection, "GZ-1", "sku", "A")
    rows = pull(bench, cursor).rows
    assert [(row.id, row.rev, row.op) for row in rows] == [("B", 1, "put"), ("A", 4, "del")]
    with running.server.store.read() as connection:
        assert row_body(connection, "GZ-1", "sku", "A") is None
    put(running, "sku", "A", {"n": 5})
    assert pull(bench, cursor).rows[-1].op == "put"


def test_a_long_poll_hears_a_change_at_once(bench: Bench, running: Running) -> None:
    cursor = pull(bench).cursor
    timer = threading.Timer(0.3, put, (running, "sku", "TS", {"sku": "TS"}))
    timer.start()
    start = time.monotonic()
    got = pull(bench, cursor, wait=20)
    assert [row.id for row in got.rows] == ["TS"]
    assert time.monotonic() - start < 1.5
    timer.join()


def test_a_long_poll_ends_empty_when_nothing_happens(bench: Bench) -> None:
    cursor = pull(bench).cursor
    assert pull(bench, cursor, wait=0.2).cursor == cursor


def test_a_stop_ends_long_polls(bench: Bench, running: Running) -> None:
    cursor = pull(bench).cursor
    got: list[ChangesAnswer] = []
    waiting = threading.Thread(target=lambda: got.append(pull(bench, cursor, wait=20)))
    waiting.start()
    while not running.server.bell._waiting:
        time.sleep(0.01)
    running.server.bell.close()
    waiting.join(5)
    assert [answer.rows for answer in got] == [()]


@pytest.mark.parametrize("cursor", ["2.1", "1.x", "nonsense", "1.-3"])
def test_a_cursor_that_means_nothing_here_asks_for_a_fresh_start(bench: Bench, cursor: str) -> None:
    answer = bench.get(f"/v1/changes?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (410, "resync")


def test_a_limit_that_is_no_number_is_named(bench: Bench) -> None:
    answer = bench.get("/v1/changes?limit=many")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "query.limit" in answer.json()["detail"]


def test_a_restored_server_asks_for_a_fresh_start(bench: Bench, running: Running) -> None:
    cursor = pull(bench).cursor
    with running.server.store.write() as connection:
        put_meta(connection, "generation", "2")
    assert bench.get(f"/v1/changes?cursor={cursor}").json() == {
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "detail": "",
        "code": "resync",
        "gen": 2,
    }


def test_another_sites_rows_are_not_seen(new_bench: NewBench, running: Running) -> None:
    with running.server.store.write() as connection:
        put_site(running.server, connection, SiteBody(code="BJ-2"))
    put(running, "sku", "SECRET", {"sku": "SECRET"}, site="BJ-2")
    assert [row.id for row in pull(new_bench("01")).rows] == ["GZ-1"]
    assert [row.id for row in pull(new_bench("02", "BJ-2")).rows] == ["BJ-2", "SECRET"]
