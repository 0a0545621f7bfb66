"""Copies that count only when they were opened and verified; putting one back."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from packstation.server.keeping import backups, retention
from packstation.server.keeping.copies import Unkept
from packstation.server.keeping.restoring import restore
from packstation.server.keeping.tables import BACKUP
from packstation.server.run import Running
from packstation.server.tables import STREAM
from tests.cli.terminal import packstation
from tests.server.bench import Bench, Clock, packed
from tests.server.conftest import NewBench


def durable(running: Running) -> dict[str, int]:
    with running.server.store.read() as connection:
        rows = connection.execute(select(STREAM.c.station, STREAM.c.durable))
        return {row.station: row.durable for row in rows}


def test_what_a_verified_copy_holds_is_durable(
    running: Running, new_bench: NewBench, tmp_path: Path
) -> None:
    one, two = new_bench("01"), new_bench("02")
    one.note(*packed("A-1", "WB-1"))
    assert one.push().json()["durable"] == 0
    taken = backups.take(running.server, tmp_path / "copies")
    assert (taken.problem, taken.events, taken.near) == ("", 13, True)
    one.note(*packed("A-2", "WB-2"), session="s-2", order="A-2")
    two.note(*packed("B-1", "WB-3"), session="s-3", order="B-1")
    assert one.push(14).json()["durable"] == 13
    assert two.push().json()["durable"] == 0
    assert durable(running) == {one.station: 13, two.station: 0}
    manifest = json.loads(Path(taken.file + ".json").read_bytes())
    assert manifest["sha256"] == backups.sha256(Path(taken.file))
    assert manifest["rows"]["journal"] == 13
    assert manifest["heads"][0]["hash"] == one.hashes[12]
    assert "key" not in Path(taken.file + ".json").read_text().replace("vault_key", "")


def test_a_copy_with_a_broken_chain_is_kept_and_told_and_nothing_of_it_is_durable(
    running: Running, new_bench: NewBench, tmp_path: Path
) -> None:
    one, two = new_bench("01"), new_bench("02")
    for bench in (one, two):
        bench.note(*packed("A-1", "WB-1"))
        assert bench.push().status_code == 200
    with running.server.store.write() as connection:
        connection.exec_driver_sql(
            "UPDATE journal SET actor = 'x' WHERE seq = 3 AND station = ?", (two.station,)
        )
    taken = backups.take(running.server, tmp_path / "copies")
    assert taken.problem.startswith(f"edited: GZ-1/{two.station}")
    assert Path(taken.file).is_file()
    assert durable(running) == {one.station: 13, two.station: 0}
    with running.server.store.read() as connection:
        assert backups.latest(connection) is None
        assert backups.latest(connection, good=False) is not None


def test_a_folder_that_cannot_be_written_is_noted(running: Running, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unkept, match="file"):
        backups.take(running.server, tmp_path / "file")
    with running.server.store.read() as connection:
        assert connection.scalar(select(BACKUP.c.problem)) != ""


def test_old_copies_go_by_the_rule(
    running: Running, site: str, tmp_path: Path, clock: Clock
) -> None:
    del site
    for _ in range(10):
        taken = backups.take(running.server, tmp_path)
        clock.forward(days=1)
    left = [manifest.made[:10] for _, manifest in backups.manifests(tmp_path)]
    # 21 to 30 November 2026: seven days, and the Sunday (22nd) of the first week.
    assert left == ["2026-11-22", *(f"2026-11-{day}" for day in range(24, 31))]
    assert taken.removed == ("packstation-2026-11-23T061400Z.sqlite3",)


def test_a_year_of_days_leaves_seven_days_five_weeks_twelve_months() -> None:
    start = datetime(2025, 1, 1, 2, tzinfo=UTC)
    days = [start + timedelta(days=day) for day in range(700)]
    held = retention.kept(days)
    assert len(held) <= 7 + 5 + 12
    assert set(days[-7:]) <= held
    assert len({(at.year, at.month) for at in held}) == 12
    assert len({at.isocalendar()[:2] for at in held}) >= 5
    # Day by day the same: what a rule lets go it never wants again.
    there: set[datetime] = set()
    for day in days:
        there = retention.kept(there | {day})
    assert len({(at.year, at.month) for at in there}) == 12


@pytest.fixture
def copy(running: Running, bench: Bench, tmp_path: Path) -> Path:
    bench.note(*packed("A-1", "WB-1"))
    assert bench.push().status_code == 200
    return Path(backups.take(running.server, tmp_path / "copies").file)


def test_a_database_that_a_server_has_open_is_not_replaced(
    running: Running, copy: Path, tmp_path: Path, bench: Bench
) -> None:
    with pytest.raises(Unkept, match="stop it first"):
        restore(copy, tmp_path / "server.sqlite3")
    bench.note(*packed("A-2", "WB-2"), session="s-2", order="A-2")
    assert bench.push(14).status_code == 200
    assert not list(tmp_path.glob("*.restoring"))
    del running


@pytest.mark.parametrize("at", [20, 5000, -100])
def test_a_damaged_copy_is_refused(running: Running, copy: Path, tmp_path: Path, at: int) -> None:
    running.stop()
    raw = bytearray(copy.read_bytes())
    raw[at] ^= 4
    copy.write_bytes(raw)
    before = (tmp_path / "server.sqlite3").read_bytes()
    with pytest.raises(Unkept, match="sha256"):
        restore(copy, tmp_path / "server.sqlite3")
    assert (tmp_path / "server.sqlite3").read_bytes() == before


def test_no_generation_comes_twice(running: Running, copy: Path, tmp_path: Path) -> None:
    """The same copy put back again, the database of before lost: benches must notice."""
    running.stop()
    database = tmp_path / "server.sqlite3"
    assert restore(copy, database).gen == 2
    assert restore(copy, database).gen == 3
    database.unlink()
    done = restore(copy, database)
    assert (done.gen, done.aside, done.events, done.findings) == (4, "", 13, ())
    assert restore(copy, tmp_path / "elsewhere.sqlite3").gen == 5


def test_a_database_that_is_garbage_is_put_aside(
    running: Running, copy: Path, tmp_path: Path
) -> None:
    running.stop()
    database = tmp_path / "server.sqlite3"
    database.write_bytes(b"not a database at all" * 300)
    done = restore(copy, database)
    assert Path(done.aside).read_bytes().startswith(b"not a database")
    with sqlite3.connect(database) as raw:
        assert raw.execute("SELECT count(*) FROM journal").fetchone() == (13,)


def test_by_command(running: Running, bench: Bench, database: str, tmp_path: Path) -> None:
    bench.note(*packed("A-1", "WB-1"))
    assert bench.push().status_code == 200
    at = ("--database", database)
    taken = packstation("server", "backup", *at, "--json")
    assert taken.status == 0
    file = taken.document["file"]
    assert Path(file).parent == tmp_path / "backups"
    assert "another one" in packstation("server", "backup", tmp_path / "b", *at).out
    busy = packstation("server", "restore", file, *at)
    assert busy.status == 2
    assert "stop it first" in busy.err
    running.stop()
    done = packstation("server", "restore", file, *at)
    assert done.status == 0
    assert "13 facts of 1 streams, generation 2" in done.out
    assert packstation("server", "audit", "verify", *at).status == 0
    listed = packstation("server", "audit", "list", *at)
    assert "server.restored" in listed.out
    assert packstation("server", "restore", tmp_path / "none", *at).status == 2
