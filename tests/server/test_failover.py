"""The primary dies under load, its standby is promoted: no acknowledged fact is lost."""

from __future__ import annotations

import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, text

from packstation.domain.psp import SiteBody
from packstation.fleet.postgres import USER, OwnCluster
from packstation.server.enrolment import make_enrol_token
from packstation.server.options import Options
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from packstation.server.store import Store, open_engine
from packstation.server.tables import JOURNAL
from tests.server.bench import Bench, Clock, packed
from tests.server.conftest import TOKEN

SITE = "GZ-1"
BENCHES = 3


@pytest.fixture
def clusters() -> Iterator[tuple[OwnCluster, OwnCluster]]:
    folder = Path(tempfile.mkdtemp(prefix="packstation-postgres-"))
    folder.chmod(0o711)
    with ExitStack() as stack:
        # A killed process loses nothing that it gave to the system: no need to wait for a disk.
        primary = OwnCluster(folder / "one", durable=True, options={"fsync": "off"})
        stack.callback(folder.rmdir)
        stack.callback(primary.remove)
        primary.create().start()
        primary.create_database("packs")
        standby = primary.standby(folder / "two")
        stack.callback(standby.remove)
        yield primary, standby


class Load:
    """Benches that push without pause, and again what was not acknowledged."""

    def __init__(self, running: Running, stop: threading.Event) -> None:
        self.running = running
        self.stop = stop
        self.acknowledged: dict[str, int] = {}
        self.refused: Counter[int] = Counter()
        self.threads: list[threading.Thread] = []

    def begin(self, bench: Bench, place: int) -> None:
        thread = threading.Thread(target=self._work, args=(bench, place))
        self.threads.append(thread)
        thread.start()

    def _work(self, bench: Bench, place: int) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            name = f"{place}{number}"
            start = len(bench.events) + 1
            bench.note(*packed(f"A-{name}", f"LX{name:>09}CN"), session=f"s-{name}")
            while not self._pushed(bench, start):
                if self.stop.wait(0.1):
                    return

    def _pushed(self, bench: Bench, start: int) -> bool:
        answer = bench.push(start)
        if answer.status_code != 200:
            self.refused[answer.status_code] += 1
            return False
        self.acknowledged[bench.station] = answer.json()["hw"]
        return True

    def total(self) -> int:
        return sum(self.acknowledged.values())


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_no_acknowledged_fact_is_lost_when_the_primary_dies_under_load(
    clusters: tuple[OwnCluster, OwnCluster], tmp_path: Path
) -> None:
    primary, standby = clusters
    hosts = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
    url = f"postgresql://{USER}:{primary.password}@{hosts}/packs?target_session_attrs=read-write"
    clock = Clock()
    running = serve(
        "127.0.0.1", 0, url, Options(first_token=TOKEN, clock=clock, files=str(tmp_path))
    )
    stop = threading.Event()
    load = Load(running, stop)
    with ExitStack() as stack:
        stack.callback(running.stop)
        with running.server.store.write() as connection:
            body = SiteBody(code=SITE, zone="Asia/Shanghai", currency="CNY", name="Guangzhou")
            put_site(running.server, connection, body)
        benches = []
        for place in range(BENCHES):
            http = stack.enter_context(httpx.Client(base_url=running.url, timeout=60))
            bench = Bench(http, clock, station=f"0190a0b0-0000-7000-8000-00000000001{place}")
            assert bench.enrol(make_enrol_token(running.server, SITE), f"{place}").is_success
            benches.append(bench)
        for place, bench in enumerate(benches):
            load.begin(bench, place)
        try:
            assert reached(load, 200)
            primary.kill()
            before = dict(load.acknowledged)
            standby.promote()
            assert reached(load, load.total() + 200), load.refused
        finally:
            stop.set()
            for thread in load.threads:
                thread.join()
        for place, bench in enumerate(benches):  # what is left, and all of it once more
            assert bench.push(1).json()["hw"] == len(bench.events), place
        assert set(load.refused) <= {503}
    store = Store(open_engine(standby.url("packs")))
    with store.read() as connection:
        rows = connection.execute(select(JOURNAL.c.station, JOURNAL.c.seq, JOURNAL.c.hash)).all()
        assert connection.scalar(text("SELECT pg_is_in_recovery()")) is False
    store.close()
    kept = {(row.station, row.seq): row.hash for row in rows}
    assert len(kept) == len(rows), "no fact is there twice"
    for bench in benches:
        assert before[bench.station] <= len(bench.events)
        for seq, digest in enumerate(bench.hashes, 1):
            assert kept[bench.station, seq] == digest


def reached(load: Load, total: int, within: float = 60.0) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if load.total() >= total and len(load.acknowledged) == BENCHES:
            return True
        time.sleep(0.02)
    return False
