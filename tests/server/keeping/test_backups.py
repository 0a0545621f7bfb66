"""Copies that count only when they were opened and verified; putting one back."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from packstation.server.keeping import backups, copies, days, retention
from packstation.server.keeping.files import synced
from packstation.server.keeping.restoring import restore
from packstation.server.keeping.stages import Unkept
from packstation.server.keeping.tables import BACKUP
from packstation.server.options import Options
from packstation.server.run import Running, serve
from packstation.server.tables import STREAM
from tests.cli.terminal import packstation
from tests.server.bench import Bench, Clock, packed
from tests.server.conftest import NewBench
from tests.server.settling import settled


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
    assert (taken.problem, taken.events) == ("", 13)
    assert taken.near == running.server.store.engine.url.drivername.startswith("sqlite")
    one.note(*packed("A-2", "WB-2"), session="s-2", order="A-2")
    two.note(*packed("B-1", "WB-3"), session="s-3", order="B-1")
    assert one.push(14).json()["durable"] == 13
    assert two.push().json()["durable"] == 0
    assert durable(running) == {one.station: 13, two.station: 0}
    manifest = json.loads(Path(taken.file + ".json").read_bytes())
    assert manifest["sha256"] == backups.sha256(Path(taken.file))
    assert manifest["rows"]["journal"] == 13
    assert manifest["heads"][0]["hash"] == one.hashes[12]
    secret = Path(manifest["vault_key"]).read_text().strip() if manifest["vault_key"] else "no key"
    assert secret not in Path(taken.file + ".json").read_text()


def test_a_copy_with_a_broken_chain_is_kept_and_told_and_nothing_of_it_is_durable(
    running: Running, new_bench: NewBench, tmp_path: Path
) -> None:
    one, two = new_bench("01"), new_bench("02")
    for bench in (one, two):
        bench.note(*packed("A-1", "WB-1"))
        assert bench.push().status_code == 200
    with running.server.store.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE journal SET actor = 'x' WHERE seq = 3 AND station = '{two.station}'"  # noqa: S608
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
    assert taken.removed == (
        f"packstation-2026-11-23T061400Z{copies.suffix(running.server.store.engine)}",
    )


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


def file_of(database: str) -> Path:
    """Where it lies (`kinds.ONE` has the tests that do something to it)."""
    return Path(database.removeprefix("sqlite:///"))


def test_a_database_that_a_server_has_open_is_not_replaced(
    running: Running, copy: Path, tmp_path: Path, bench: Bench, database: str
) -> None:
    bench.note(*packed("A-2", "WB-2"), session="s-2", order="A-2")
    assert bench.push(14).status_code == 200
    with pytest.raises(Unkept, match="stop it first"):
        restore(copy, database)
    assert bench.push(14).status_code == 200
    assert not list(tmp_path.glob("*.restoring"))
    del running


@pytest.mark.parametrize("at", [20, 5000, -100])
def test_a_damaged_copy_is_refused(
    running: Running, copy: Path, bench: Bench, database: str, at: int
) -> None:
    raw = bytearray(copy.read_bytes())
    raw[at] ^= 4
    copy.write_bytes(raw)
    with pytest.raises(Unkept, match="sha256"):
        restore(copy, database)
    assert bench.push(14).status_code == 200
    backups.manifest_of(copy).unlink()
    running.stop()
    if at == 20 and database.startswith("sqlite:"):
        with pytest.raises(Unkept):
            restore(copy, database)


def test_a_copy_of_another_kind_of_database_is_refused(database: str, tmp_path: Path) -> None:
    other = tmp_path / "copy.zip"
    other.write_bytes(b"PK")
    with pytest.raises(Unkept, match="another kind"):
        restore(other, database)
    with pytest.raises(Unkept, match="is kept"):
        restore(other, "sqlite://")


def test_no_generation_comes_twice(running: Running, copy: Path, database: str) -> None:
    """The same copy put back again: benches must notice."""
    running.stop()
    asides = set()
    for gen in (2, 3, 4):
        done = restore(copy, database)
        assert (done.gen, done.events, done.findings) == (gen, 13, ())
        asides.add(done.aside)
    assert len(asides) == 3
    assert all("before" in aside for aside in asides)


def test_no_generation_comes_twice_where_the_file_is_lost(
    running: Running, copy: Path, tmp_path: Path, database: str
) -> None:
    running.stop()
    assert restore(copy, database).gen == 2
    file_of(database).unlink()
    done = restore(copy, database)
    assert (done.gen, done.aside) == (3, "")
    assert restore(copy, f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}").gen == 4


def test_a_database_that_is_garbage_is_put_aside(
    running: Running, copy: Path, database: str
) -> None:
    running.stop()
    file = file_of(database)
    file.write_bytes(b"not a database at all" * 300)
    done = restore(copy, database)
    assert Path(done.aside).read_bytes().startswith(b"not a database")
    with sqlite3.connect(file) as raw:
        assert raw.execute("SELECT count(*) FROM journal").fetchone() == (13,)


def test_a_server_of_before_goes_on_with_the_copy(
    running: Running, copy: Path, bench: Bench, database: str, clock: Clock
) -> None:
    bench.note(*packed("A-2", "WB-2"), session="s-2", order="A-2")
    assert bench.push(14).status_code == 200
    running.stop()
    restore(copy, database)
    again = serve("127.0.0.1", running.port, database, Options(clock=clock))
    bench.http = httpx.Client(base_url=again.url, event_hooks=settled(again), timeout=30)
    try:
        refused = bench.push(27)
        assert (refused.json()["code"], refused.json()["hw"]) == ("gap", 13)
        answer = bench.push(14).json()
        assert (answer["gen"], answer["hw"]) == (2, 26)
        with again.server.store.read() as connection:
            assert days.verify(connection).findings == ()
    finally:
        bench.http.close()
        again.stop()


def test_by_command(running: Running, bench: Bench, database: str, tmp_path: Path) -> None:
    bench.note(*packed("A-1", "WB-1"))
    assert bench.push().status_code == 200
    at = ("--database", database)
    taken = packstation("server", "backup", tmp_path / "b", *at, "--json")
    assert taken.status == 0
    file = taken.document["file"]
    assert Path(file).parent == tmp_path / "b"
    if database.startswith("sqlite:"):
        beside = packstation("server", "backup", *at)
        assert "another one" in beside.out
        assert str(tmp_path / "backups") in beside.out
    else:
        assert packstation("server", "backup", *at).status == 2
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


def test_a_file_that_the_disk_does_not_take_is_no_copy() -> None:
    with pytest.raises(OSError, match="Invalid argument"):
        synced(Path("/proc/self/comm"))
