from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pysqlite3
import pytest

from packstation.assets import resource
from packstation.doctor import Finding, State, examine, machine, remote, report
from packstation.i18n import LANGUAGES, load, parse_po
from packstation.storage import database as storage_database
from packstation.storage.database import Database
from packstation.storage.migrations import migrate

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def keys(findings: Iterator[Finding]) -> list[tuple[str, str]]:
    return [(one.key, one.state) for one in findings]


def test_a_disk_is_timed_and_left_as_it_was(tmp_path: Path) -> None:
    findings = list(machine.disk(tmp_path / "new"))
    assert [one.check for one in findings] == ["disk", "space"]
    assert list((tmp_path / "new").iterdir()) == []


def test_a_slow_or_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "SLOW_MS", -1)
    monkeypatch.setattr(machine, "SPACE_MB", 10**12)
    assert keys(machine.disk(tmp_path)) == [("disk.slow", "warn"), ("space.low", "warn")]
    monkeypatch.setattr(machine, "SLOW_MS", 10**9)
    monkeypatch.setattr(machine, "SPACE_MB", 0)
    assert keys(machine.disk(tmp_path)) == [("disk.ok", "ok"), ("space.ok", "ok")]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "ascii")
    assert keys(machine.disk(tmp_path / "file")) == [("disk.refused", "fail")]


def made(path: Path) -> Path:
    database = Database(path)
    migrate(database)
    database.close()
    return path


def test_a_journal_that_is_whole_or_not_there(tmp_path: Path) -> None:
    assert keys(machine.database(tmp_path / "none.sqlite3")) == [("database.none", "ok")]
    path = made(tmp_path / "station.sqlite3")
    assert keys(machine.database(path)) == [("database.ok", "ok")]


def test_a_journal_of_a_newer_program(tmp_path: Path) -> None:
    path = made(tmp_path / "station.sqlite3")
    raw = pysqlite3.connect(str(path))
    raw.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
    raw.commit()
    raw.close()
    assert keys(machine.database(path)) == [("database.newer", "fail")]


def test_a_journal_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "station.sqlite3"
    path.write_bytes(b"not a database" * 400)
    assert keys(machine.database(path)) == [("database.refused", "fail")]


def test_a_journal_with_torn_pages(tmp_path: Path) -> None:
    path = made(tmp_path / "station.sqlite3")
    data = bytearray(path.read_bytes())
    page = 4096
    for at in range(2 * page, len(data), page):
        data[at : at + 64] = b"\x00" * 64
    path.write_bytes(bytes(data))
    ((key, state),) = keys(machine.database(path))
    assert key in {"database.damaged", "database.refused"}
    assert state == State.FAIL


def test_an_old_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_database, "LEAST_SQLITE", (99, 0, 0))
    assert keys(machine.database(tmp_path / "x")) == [("database.sqlite", "fail")]


@pytest.mark.parametrize(
    ("now", "key"),
    [
        (NOW, "clock.ok"),
        (datetime(1970, 1, 1, tzinfo=UTC), "clock.wrong"),
        (datetime(2099, 1, 1, tzinfo=UTC), "clock.wrong"),
    ],
)
def test_the_clock(now: datetime, key: str) -> None:
    assert [one.key for one in machine.clock(now)] == [key]


def test_ports_and_printers(tmp_path: Path) -> None:
    assert keys(machine.ports([])) == [("ports.none", "warn")]
    rows: list[dict[str, object]] = [{"port": "/dev/a"}, {"port": "/dev/b"}]
    found = keys(machine.ports(rows, lambda port: port == "/dev/a"))
    assert found == [("ports.ok", "ok"), ("ports.denied", "fail")]
    assert keys(machine.ports([{"port": "COM3"}])) == [("ports.ok", "ok")]
    assert keys(machine.printers(tmp_path)) == [("printers.none", "ok")]
    (tmp_path / "lp0").write_bytes(b"")
    assert keys(machine.printers(tmp_path)) == [("printers.ok", "ok")]
    assert keys(machine.printers(tmp_path, lambda _: False)) == [("printers.denied", "fail")]


def test_fonts(tmp_path: Path) -> None:
    assert keys(machine.fonts(resource("fonts"))) == [("fonts.ok", "ok")]
    assert keys(machine.fonts(tmp_path)) == [("fonts.missing", "fail")]


class Answers(BaseHTTPRequestHandler):
    """A server that is ready or not; its date is what the test says."""

    status = 200
    date: str | None = None

    def do_GET(self) -> None:
        self.send_response_only(self.status)
        if self.date is not None:
            self.send_header("Date", self.date)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(Answers, "status", 200)
    monkeypatch.setattr(Answers, "date", "Sat, 21 Nov 2026 08:00:00 GMT")
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_server_with_our_time(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert keys(remote.server(url, "", NOW)) == [("server.ok", "ok"), ("clock.same", "ok")]
    late = NOW + timedelta(seconds=31)
    assert keys(remote.server(url, "", late))[1] == ("clock.off", "fail")
    for date in (None, "yesterday"):
        monkeypatch.setattr(Answers, "date", date)
        assert keys(remote.server(url, "", NOW)) == [("server.ok", "ok")]
    monkeypatch.setattr(Answers, "status", 503)
    assert keys(remote.server(url, "", NOW)) == [("server.unready", "fail")]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://packs.example", "nonsense"])
def test_no_server_there(url: str) -> None:
    assert keys(remote.server(url, "", NOW)) == [("server.silent", "fail")]


def test_a_bench_by_itself() -> None:
    assert keys(remote.server("", "", NOW)) == [("server.none", "ok")]


def test_the_whole_round(tmp_path: Path) -> None:
    findings = list(examine(tmp_path))
    answer = report(findings, load("en"))
    assert [one["check"] for one in answer["checks"]][:2] == ["disk", "space"]
    assert answer["ok"] is not any(one.state is State.FAIL for one in findings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_has_words_and_a_cure(language: str) -> None:
    texts = parse_po(resource("translations", language, "doctor.po").read_text("utf-8")).texts
    english = parse_po(resource("translations", "en", "doctor.po").read_text("utf-8")).texts
    assert texts.keys() == english.keys()
    words = load(language)
    for key in texts:
        if not key.endswith(".cure"):
            bad = Finding("x", State.FAIL, key.removeprefix("doctor."))
            assert bad.message(words) != key
            if f"{key}.cure" in texts:
                assert bad.cure(words)
