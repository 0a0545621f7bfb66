"""A stop that is asked for: what was acknowledged is kept, nobody waits for long."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
from sqlalchemy import func, select

from packstation.domain.psp import SiteBody
from packstation.server.enrolment import make_enrol_token
from packstation.server.run import serve
from packstation.server.sites import put_site
from packstation.server.store import Store, open_engine
from packstation.server.tables import JOURNAL
from tests.server.bench import Bench, Clock, packed
from tests.walls.sources import ROOT

BENCHES = 4


class Pushing(threading.Thread):
    """A bench that packs and sends until the server is gone; keeps what was acknowledged."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.bench, self.acknowledged, self.odd = bench, 0, ""

    def run(self) -> None:
        for number in range(100_000):
            start = len(self.bench.events) + 1
            self.bench.note(*packed(f"A-{number}", f"W{number}", parcel=f"p-{id(self)}-{number}"))
            try:
                answer = self.bench.push(start)
            except httpx.HTTPError:
                return  # no answer, no promise
            if answer.status_code == 503:
                return
            if answer.status_code != 200:
                self.odd = answer.text
                return
            self.acknowledged = answer.json()["hw"]


def test_what_was_acknowledged_before_a_stop_is_there_after_it(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'server.sqlite3'}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    threads = _enrolled(database, port)
    command = [sys.executable, "-m", "packstation", "server", "--database", database]
    process = subprocess.Popen(
        [*command, "--listen", f"127.0.0.1:{port}"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_ready(url)
        poll = threading.Thread(target=_polls, args=(threads[0].bench,))
        for thread in threads:
            thread.start()
        poll.start()
        while min(thread.acknowledged for thread in threads) < 60:
            time.sleep(0.02)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert time.monotonic() - begun < 8
    finally:
        process.kill()
        process.wait(10)
    poll.join(10)
    for thread in threads:
        thread.join(10)
    assert [thread.odd for thread in threads] == [""] * BENCHES
    store = Store(open_engine(database))
    with store.read() as connection:
        rows = connection.execute(
            select(JOURNAL.c.station, func.count().label("n"), func.max(JOURNAL.c.seq).label("hw"))
            .group_by(JOURNAL.c.station)
            .order_by(JOURNAL.c.station)
        ).all()
    store.close()
    for row, thread in zip(rows, threads, strict=True):
        assert row.n == row.hw >= thread.acknowledged >= 60
        thread.bench.http.close()


def _enrolled(database: str, port: int) -> list[Pushing]:
    """Benches that may push, by a server on the port that is stopped again."""
    threads = []
    running = serve("127.0.0.1", port, database)
    with running.server.store.write() as connection:
        put_site(running.server, connection, SiteBody(code="GZ-1", zone="Asia/Shanghai"))
    for number in range(BENCHES):
        http = httpx.Client(base_url=running.url, timeout=30)
        bench = Bench(http, Clock(running.server.clock.now()), station=f"s-{number}")
        token = make_enrol_token(running.server, "GZ-1")
        assert bench.enrol(token, f"{number}").status_code == 200
        threads.append(Pushing(bench))
    running.stop()
    return threads


def _polls(bench: Bench) -> None:
    """A long poll that a stop must not wait for."""
    try:
        with httpx.Client(base_url=bench.http.base_url, timeout=30) as http:
            Bench(http, bench.clock, bench.station, key=bench.key).get(
                "/v1/changes?cursor=&wait=25"
            )
    except httpx.HTTPError:
        return


def _until_ready(url: str) -> None:
    for _ in range(200):
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.ConnectError:
            time.sleep(0.1)
    raise AssertionError("it does not start")
