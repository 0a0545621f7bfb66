"""An old disk's facts: shown, told by the bench's own key, or by who runs the server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pysqlite3
import pytest
from sqlalchemy import select

from packstation.client.enrol import enrol
from packstation.client.salvage import tell
from packstation.client.wire import Access, Answer
from packstation.domain.errors import NotAuthorised, ServerUnreachable, StorageError
from packstation.domain.psp import Push, SiteBody
from packstation.server import audit
from packstation.server.enrolment import make_enrol_token, revoke
from packstation.server.options import Options
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from packstation.server.tables import JOURNAL
from packstation.station.sync import JournalPlace
from packstation.storage.journal import SqliteJournalReader
from packstation.storage.store import FILE, Store, open_store
from tests.cli.terminal import packstation
from tests.fake_storage import FakeClock, FakeIds
from tests.storage.samples import packed

TOKEN = "who-runs-the-server"
SITE, STATION = "GZ-1", "B-07"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    database = f"sqlite:///{tmp_path / 'server.sqlite3'}"
    made = serve("127.0.0.1", 0, database, Options(first_token=TOKEN))
    with made.server.store.write() as connection:
        put_site(made.server, connection, SiteBody(code=SITE, zone="Asia/Shanghai"))
    yield made
    made.stop()


@pytest.fixture
def disk(running: Running, tmp_path: Path) -> Path:
    """The folder of a bench that died with five hundred facts unsent."""
    folder, clock = tmp_path / "old", FakeClock()
    folder.mkdir()
    token = make_enrol_token(running.server, SITE)
    enrol(Access(running.url), token, STATION, "07", folder, clock=clock)
    store: Store
    with open_store(folder / FILE, station=STATION, clock=clock, ids=FakeIds()) as store:
        for number in range(125):
            store.events.append(packed(f"s-{number}", f"O-{number}"))
    return folder


def held(running: Running) -> list[int]:
    running.settle()
    with running.server.store.read() as connection:
        found = connection.scalars(select(JOURNAL.c.seq).order_by(JOURNAL.c.seq))
        return list(found)


def test_a_look_tells_nobody(running: Running, disk: Path) -> None:
    looked = packstation("station", "salvage", disk / FILE)
    assert looked.status == 0
    assert f"500 facts of station {STATION}, 500 of them unsent" in looked.out
    assert held(running) == []
    assert packstation("station", "salvage", disk / "none").status != 0


def test_by_the_benchs_own_key(running: Running, disk: Path) -> None:
    done = packstation("station", "salvage", disk / FILE, "--send")
    assert (done.status, "told: 500 facts" in done.out) == (0, True), done.err
    assert held(running) == list(range(1, 501))
    again = packstation("station", "salvage", disk / FILE, "--send")
    assert "told: 0 facts" in again.out
    assert held(running) == list(range(1, 501))


def test_a_revoked_bench_without_its_key_is_told_of_by_who_runs_the_server(
    running: Running, disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revoke(running.server, SITE, STATION)
    assert packstation("station", "salvage", disk / FILE, "--send").status != 0
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copyfile(disk / FILE, alone / FILE)
    assert packstation("station", "salvage", alone / FILE, "--send").status == 2
    monkeypatch.setenv("PACKSTATION_TOKEN", TOKEN)
    at = ("--send", "--server", running.url, "--site", SITE)
    done = packstation("station", "salvage", alone / FILE, *at)
    assert (done.status, "told: 500 facts" in done.out) == (0, True), done.err
    assert held(running) == list(range(1, 501))
    with running.server.store.read() as connection:
        told = [one for one in audit.latest(connection, SITE) if one.act == "station.salvage"]
    assert {one.who for one in told} == {"integration"}
    assert {one.thing for one in told} == {STATION}


def test_what_lies_behind_a_break_is_left(running: Running, disk: Path) -> None:
    raw = pysqlite3.connect(str(disk / FILE))
    raw.execute("UPDATE event SET actor = 'somebody' WHERE seq = 301")
    raw.commit()
    raw.close()
    done = packstation("station", "salvage", disk / FILE, "--send")
    assert done.status == 1
    assert "the chain breaks after 300" in done.out
    assert held(running) == list(range(1, 301))


def test_a_station_that_nobody_knows_is_refused(
    running: Running, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = pysqlite3.connect(str(disk / FILE))
    raw.execute("UPDATE event SET station = 'B-99'")
    raw.execute("UPDATE meta SET value = 'B-99' WHERE name = 'station'")
    raw.commit()
    raw.close()
    monkeypatch.setenv("PACKSTATION_TOKEN", TOKEN)
    at = ("--send", "--by-token", "--site", SITE)
    assert packstation("station", "salvage", disk / FILE, *at).status != 0
    assert held(running) == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(409, b'{"code":"fork","at":3}'), StorageError),
        (Answer(403, b'{"code":"revoked"}'), NotAuthorised),
        (Answer(503, b"<html>"), ServerUnreachable),
        (Answer(200, b'{"gen":1,"hw":0,"durable":0,"clock":{"now":"x"}}'), ServerUnreachable),
        (Answer(200, b'{"gen":1,"hw":600,"durable":0,"clock":{"now":"x"}}'), None),
    ],
)
def test_what_a_server_may_say(disk: Path, answer: Answer, error: type[Exception] | None) -> None:
    reader = SqliteJournalReader(disk / FILE)
    place: JournalPlace = reader.place()
    sent: list[Push] = []

    def send(push: Push) -> Answer:
        sent.append(push)
        return answer

    if error is None:
        assert tell(send, reader, place, FakeClock()).after == 600
        assert len(sent) == 1
    else:
        with pytest.raises(error):
            tell(send, reader, place, FakeClock())
    reader.close()
