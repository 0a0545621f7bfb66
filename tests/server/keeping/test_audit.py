"""The chains: any edit, loss or reorder of facts, acts and signed days is found."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import msgspec
import pytest

from packstation.domain.events import Event
from packstation.server import audit
from packstation.server.access import PersonCaller
from packstation.server.keeping import chains, days
from packstation.server.run import Running
from tests.cli.terminal import packstation
from tests.server.bench import Bench, packed
from tests.server.conftest import NewBench

LEAD = PersonCaller(site="GZ-1", name="Li Na", role="lead", address="192.0.2.7")


def _report(running: Running, known: days.Exported | None = None) -> days.Report:
    with running.server.store.read() as connection:
        return days.verify(connection, known)


def _act(running: Running, act: str = "hold", thing: str = "A-1", **more: object) -> int:
    with running.server.store.write() as connection:
        return audit.note(running.server, connection, LEAD, act, thing, **more)  # type: ignore[arg-type]


@pytest.fixture
def busy(running: Running, new_bench: NewBench) -> tuple[Bench, Bench]:
    """Two benches with facts, one of them not to be understood; acts; a signed day and more."""
    first, second = new_bench("01"), new_bench("02")
    first.note(*packed("A-1", "WB-1"))
    second.note(*packed("B-1", "WB-2"), session="s-2", order="B-1")
    bad = Event(
        id="e-x",
        kind="SessionHeld",
        v=1,
        session="s-9",
        actor="b-1",
        at="2026-11-21T06:14:00Z",
        mono_ns="1",
        prev="",
        body={"reason": 7},
    )
    second.raw(bad)
    for bench in (first, second):
        assert bench.push().status_code == 200
    _act(running, change=({"hold": ""}, {"hold": "address"}), reason="address")
    days.sign_day(running.server)
    first.note(*packed("A-2", "WB-3"), session="s-3", order="A-2")
    assert first.push(start=14).status_code == 200
    _act(running, "release")
    days.sign_day(running.server)
    return first, second


def test_what_nobody_touched_holds(running: Running, busy: tuple[Bench, Bench]) -> None:
    report = _report(running)
    assert report.findings == ()
    assert (report.streams, report.events, report.acts, report.days) == (2, 40, 6, 2)
    assert {head.hash for head in report.heads if head.station} == {b.hashes[-1] for b in busy}


def test_an_act_says_who_when_where_what(running: Running, site: str) -> None:
    assert _act(running, change=({"hold": ""}, {"hold": "x"}), reason="x") == 1
    with running.server.store.read() as connection:
        (act,) = audit.latest(connection, site)
    assert (act.who, act.role, act.address) == ("Li Na", "lead", "192.0.2.7")
    assert (act.act, act.thing, act.more) == ("hold", "A-1", '{"reason":"x"}')
    assert act.before != act.after
    assert act.at.startswith("2026-11-21T06:14")


def _file(running: Running) -> str:
    """Where somebody changes bits behind the server (`kinds.ONE`)."""
    return running.server.store.engine.url.database or ""


def _rows(database: sqlite3.Connection, table: str) -> list[sqlite3.Row]:
    return database.execute(f"SELECT rowid AS place, * FROM {table}").fetchall()  # noqa: S608


def _flipped(value: str | int, chance: random.Random) -> str | int:
    """One bit of it is another."""
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(8))
    raw = bytearray(value.encode())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(7)
    return raw.decode()


@pytest.mark.parametrize(
    ("table", "spared"),
    [
        ("journal", set()),
        ("audit", set()),
        ("audit_day", set()),
        ("audit_head", set()),
        # The server's own words on a fact that it could not read, not the bench's.
        ("quarantine", {"problem", "settled", "received"}),
    ],
)
def test_any_flipped_bit_is_found(
    running: Running, busy: tuple[Bench, Bench], table: str, spared: set[str]
) -> None:
    del busy
    chance = random.Random(7)
    database = sqlite3.connect(_file(running))
    database.row_factory = sqlite3.Row
    rows = _rows(database, table)
    missed = []
    for row in chance.sample(rows, min(2, len(rows))):
        for name in row.keys():  # noqa: SIM118 - a row is no mapping
            if name in spared or name == "place" or row[name] in {None, ""}:
                continue
            there = f'UPDATE OR IGNORE {table} SET "{name}" = ? WHERE rowid = ?'  # noqa: S608
            new = _flipped(row[name], chance)
            if database.execute(there, (new, row["place"])).rowcount == 0:
                continue  # another row is there
            database.commit()
            if not _report(running).findings:
                missed.append((name, row[name], new))
            database.execute(there, (row[name], row["place"]))
            database.commit()
    database.close()
    assert missed == []
    assert _report(running).findings == ()


@pytest.mark.parametrize("table", ["journal", "audit", "audit_day", "audit_head", "quarantine"])
@pytest.mark.parametrize("last", [False, True])
def test_a_lost_row_is_found(
    running: Running, busy: tuple[Bench, Bench], table: str, last: bool
) -> None:
    del busy
    with running.server.store.write() as connection:
        end = "max" if last else "min"
        connection.exec_driver_sql(
            f"DELETE FROM {table} WHERE rowid = (SELECT {end}(rowid) FROM {table})"  # noqa: S608
        )
    # The journal has the fact of the quarantine too; it was only put aside.
    assert bool(_report(running).findings) == (table != "quarantine")


def test_two_facts_that_changed_places_are_found(
    running: Running, busy: tuple[Bench, Bench]
) -> None:
    station = busy[0].station
    with running.server.store.write() as connection:
        for old, new in ((3, -1), (4, 3), (-1, 4)):
            connection.exec_driver_sql(
                f"UPDATE journal SET seq = {new} WHERE seq = {old} AND station = '{station}'"  # noqa: S608
            )
    assert {one.code for one in _report(running).findings} >= {"edited", "forked"}


def test_a_chain_made_anew_to_its_end_is_found_by_the_exported_head(
    running: Running, busy: tuple[Bench, Bench]
) -> None:
    """Who has the database and the server's key can make all anew; not what lies elsewhere."""
    known = days.export(running.server)
    bench = busy[1]
    assert _report(running, known).findings == ()
    with running.server.store.write() as connection:
        connection.exec_driver_sql("DELETE FROM audit_day")
        connection.exec_driver_sql("DELETE FROM audit_head")
        connection.exec_driver_sql(
            f"DELETE FROM journal WHERE station = '{bench.station}' AND seq > 11"  # noqa: S608
        )
        connection.exec_driver_sql("DELETE FROM quarantine")
        connection.exec_driver_sql(
            f"UPDATE stream SET hw = 11, last_hash = '{bench.hashes[10]}'"  # noqa: S608
            f" WHERE station = '{bench.station}'"
        )
    assert _report(running).findings == ()
    (finding,) = _report(running, known).findings
    assert finding.code == "lost"
    assert bench.station in finding.place


def test_a_head_that_another_server_signed_is_none(
    running: Running, busy: tuple[Bench, Bench]
) -> None:
    del busy
    known = days.export(running.server)
    other = msgspec.structs.replace(known, body=known.body.replace('"day":2', '"day":3'))
    assert [one.code for one in _report(running, other).findings] == ["unsigned"]


def test_by_command(
    running: Running, busy: tuple[Bench, Bench], database: str, tmp_path: Path
) -> None:
    head = tmp_path / "head.json"
    at = ["--database", database]
    assert packstation("server", "audit", "export", "--out", head, *at).status == 0
    whole = packstation("server", "audit", "verify", "--head", head, *at)
    assert whole.status == 0
    assert "40 facts of 2 streams, 6 acts of the office, 2 signed days: nothing" in whole.out
    shown = packstation("server", "audit", "list", "--site", "GZ-1", *at)
    assert "Li Na (lead, 192.0.2.7)  release  A-1" in shown.out
    with running.server.store.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE journal SET actor = 'b-2' WHERE seq = 5 AND station = '{busy[0].station}'"  # noqa: S608
        )
    changed = packstation("server", "audit", "verify", *at)
    assert changed.status == 1
    assert f"edited: GZ-1/{busy[0].station}/{busy[0].epoch} at 5" in changed.out
    head.write_text("{}")
    assert packstation("server", "audit", "verify", "--head", head, *at).status == 2


@pytest.mark.parametrize("upto", [5, 13, 20, 26])
def test_months_that_were_put_away_are_no_loss(
    running: Running, busy: tuple[Bench, Bench], upto: int
) -> None:
    """What is put away is written down in the trail; the rest of the chain is still checked."""
    station = busy[0].station
    with running.server.store.write() as connection:
        connection.exec_driver_sql(
            f"DELETE FROM journal WHERE station = '{station}' AND seq <= {upto}"  # noqa: S608
        )
    assert {one.code for one in _report(running).findings} >= {"lost"}
    with running.server.store.write() as connection:
        chains.note_beginnings(running.server, connection, ["2026-11"])
    assert _report(running).findings == ()
    busy[0].note(*packed("A-3", "WB-4"), session="s-4", order="A-3")
    assert busy[0].push(start=27).status_code == 200
    days.sign_day(running.server)
    assert _report(running).findings == ()
    with running.server.store.write() as connection:
        connection.exec_driver_sql(
            f"DELETE FROM journal WHERE station = '{station}' AND seq = {upto + 1}"  # noqa: S608
        )
    assert _report(running).findings != ()
