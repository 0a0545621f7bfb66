"""The day's copy by itself: made, verified, aged, told; one process of several."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from packstation.server.core import Server
from packstation.server.keeping import backups, daily, days
from packstation.server.options import Options
from packstation.server.run import Running, serve
from packstation.server.store import Store, open_engine
from tests.server.bench import Bench, Clock, packed


def until(right: Callable[[], object], seconds: float = 20) -> None:
    end, pause = time.monotonic() + seconds, threading.Event()
    while not right():
        assert time.monotonic() < end
        pause.wait(0.02)


def age_of(http: httpx.Client) -> float | None:
    lines = http.get("/metrics").text.splitlines()
    found = [line for line in lines if line.startswith("ps_backup_age_seconds ")]
    return float(found[0].split()[1]) if found else None


def needs_of(running: Running) -> list[tuple[str, str]]:
    now = running.server.clock.now()
    with running.server.store.read() as connection:
        return [(need.kind, need.level) for need in daily.needs(connection, now)]


def test_a_server_that_is_started_makes_a_copy_and_signs_the_day(
    database: str, tmp_path: Path, clock: Clock
) -> None:
    running = serve("127.0.0.1", 0, database, Options(clock=clock, files=str(tmp_path), backups=""))
    try:
        until(lambda: list((tmp_path / "backups").glob("*.json")))
        with httpx.Client(base_url=running.url) as http:
            until(lambda: age_of(http) == 0)
            clock.forward(hours=3)
            assert age_of(http) == 3 * 3600
        with running.server.store.read() as connection:
            assert days.last_day(connection).startswith("2026-11-21")
        (manifest,) = [json.loads(p.read_bytes()) for p in (tmp_path / "backups").glob("*.json")]
        assert manifest["vault_key"] == str(tmp_path / "vault.key")
        assert (tmp_path / "vault.key").read_text().strip() not in json.dumps(manifest)
    finally:
        running.stop()


def test_a_copy_a_day_by_one_process_of_two(
    running: Running, bench: Bench, database: str, tmp_path: Path, clock: Clock
) -> None:
    bench.note(*packed("A-1", "WB-1"))
    assert bench.push().status_code == 200
    other = Server(Store(open_engine(database)), clock=clock)
    folder = tmp_path / "copies"
    assert daily.work(running.server, folder) is not None
    assert daily.work(other, folder) is None
    clock.forward(hours=23)
    assert daily.work(running.server, folder) is None
    clock.forward(hours=2)
    assert daily.work(other, folder) is not None
    assert daily.work(running.server, folder) is None
    other.store.close()
    with running.server.store.read() as connection:
        assert days.verify(connection).days == 2


def test_a_copy_that_fails_is_tried_again_in_an_hour_and_the_floor_is_told(
    running: Running,
    site: str,
    api: httpx.Client,
    tmp_path: Path,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = tmp_path / "copies"
    folder.write_text("a file is in the way")
    assert needs_of(running) == []
    with caplog.at_level(logging.ERROR):
        daily.begin(running.server, None)
        assert daily.begin(running.server, folder) is not None
        until(lambda: "no copy of the database: " in caplog.text)
    assert daily.work(running.server, folder) is None
    clock.forward(hours=37)
    assert needs_of(running) == [("backup", "warn")]
    assert "No verified copy" in api.get(f"/floor?site={site}").text
    clock.forward(hours=50)
    assert needs_of(running) == [("backup", "stop")]
    folder.unlink()
    assert daily.work(running.server, folder) is not None
    assert needs_of(running) == []
    with running.server.store.read() as connection:
        assert daily.age(connection, clock.now()) == timedelta(0)


def test_what_a_killed_server_left_half_made_goes(running: Running, tmp_path: Path) -> None:
    old = tmp_path / "copies" / "packstation-2026-11-20T000000Z.sqlite3.part"
    old.parent.mkdir()
    old.write_bytes(b"half")
    os.utime(old, (0, 0))
    backups.take(running.server, old.parent)
    assert not old.exists()


def test_none_makes_none(running: Running) -> None:
    assert daily.folder_of(running.server, "none") is None
    assert age_is_none(running)


def age_is_none(running: Running) -> bool:
    with running.server.store.read() as connection:
        return daily.age(connection, running.server.clock.now()) is None
