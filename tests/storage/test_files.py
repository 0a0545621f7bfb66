"""The file: one writer, pragmas, schemas, damage, disks that are full."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import msgspec
import pysqlite3
import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, create_engine, inspect

from packstation.domain.errors import StorageError
from packstation.domain.learning import unit_prior
from packstation.domain.learning.folding import LIMIT
from packstation.domain.learning.limit import Limit
from packstation.storage.database import Database, connect, require_sqlite
from packstation.storage.journal import SqliteJournalReader, verify_file
from packstation.storage.lock import is_written
from packstation.storage.migrations import MIGRATIONS, Migration, migrate
from packstation.storage.schema import METADATA
from packstation.storage.store import FILE, Store
from tests.storage.conftest import opened
from tests.storage.samples import draft, opened_fact, packed, verified


def pragma(store: Store, name: str) -> object:
    row = store.database.raw.execute(f"PRAGMA {name}").fetchone()
    return row[0] if row else None


def test_every_commit_is_synced(store: Store) -> None:
    assert pragma(store, "journal_mode") == "wal"
    assert pragma(store, "synchronous") == 2
    assert pragma(store, "foreign_keys") == 1
    assert pragma(store, "busy_timeout") == 5000


def test_an_sqlite_that_can_corrupt_a_wal_is_refused() -> None:
    with pytest.raises(StorageError) as caught:
        require_sqlite((3, 40, 1))
    assert caught.value.key == "error.storage.sqlite"
    assert caught.value.fields == {"have": "3.40.1", "least": "3.51.3"}


def test_a_folder_with_odd_characters(tmp_path: Path) -> None:
    path = tmp_path / "50% off? #1 Лунёв" / "s.sqlite3"
    with opened(path) as store:
        store.events.append([draft(verified())])
    assert path.is_file()
    assert verify_file(path) == 1


def test_what_was_written_is_there_after_reopening(path: Path) -> None:
    with opened(path) as store:
        store.events.append(packed())
        store.events.acknowledge(2)
        head, events = store.events.head(), store.events.session_events("s-1")
    with opened(path) as again:
        assert again.events.head() == head
        assert again.events.session_events("s-1") == events
        assert again.events.acknowledged() == 2


def test_a_second_process_is_refused(store: Store, path: Path) -> None:
    code = (
        "from tests.storage.conftest import opened\n"
        "from packstation.domain.errors import StorageError\n"
        "import sys, pathlib\n"
        "try:\n    opened(pathlib.Path(sys.argv[1]))\n"
        "except StorageError as exc:\n    sys.exit(exc.key)\n"
    )
    run = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, check=False)
    assert run.returncode == 1
    assert b"error.storage.locked" in run.stderr
    assert is_written(path)


def test_the_same_process_is_refused_too_until_it_closes(path: Path) -> None:
    first = opened(path)
    with pytest.raises(StorageError, match=r"error\.storage\.locked"):
        opened(path)
    first.close()
    assert not is_written(path)
    opened(path).close()


def test_nobody_writes_a_file_that_is_not_there(path: Path) -> None:
    assert not is_written(path)


def test_another_stations_file_is_refused(path: Path) -> None:
    opened(path).close()
    with pytest.raises(StorageError) as caught:
        opened(path, "B-02")
    assert caught.value.key == "error.storage.station"
    assert not is_written(path)


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"not a database at all, but long enough to look like one" * 40)
    with pytest.raises(StorageError, match=r"error\.storage\.io"):
        opened(path)


def shape(engine: Engine) -> dict[str, object]:
    found = inspect(engine)
    return {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)],
            found.get_pk_constraint(table)["constrained_columns"],
            sorted(
                (str(i["name"]), tuple(i["column_names"]), i["unique"])
                for i in found.get_indexes(table)
            ),
        )
        for table in found.get_table_names()
    }


def test_migrations_lead_to_the_schema_of_the_code(store: Store, tmp_path: Path) -> None:
    del store
    engines = [
        create_engine("sqlite://", module=pysqlite3, creator=partial(connect, tmp_path / name))
        for name in (FILE, "code.sqlite3")
    ]
    try:
        by_migrations, by_code = engines
        METADATA.create_all(by_code)
        assert shape(by_migrations) == shape(by_code)
    finally:
        for engine in engines:
            engine.dispose()


def test_numbers_of_migrations_rise_by_one() -> None:
    assert [step.version for step in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


NOTED = MIGRATIONS[-1].version + 1
NEXT = Migration(
    NOTED,
    "notes",
    ("CREATE TABLE note (n INTEGER)", "INSERT INTO note VALUES (7)"),
)
TORN = Migration(NOTED, "torn", ("CREATE TABLE note (n INTEGER)",) * 2)


def test_a_migration_keeps_a_copy_of_the_file(path: Path) -> None:
    with opened(path) as store:
        store.events.append(packed())
        copy = migrate(store.database, (*MIGRATIONS, NEXT))
        assert copy is not None
        assert pragma(store, "table_info(note)") is not None
        assert migrate(store.database, (*MIGRATIONS, NEXT)) is None
    assert verify_file(copy) == 4


def test_a_migration_that_fails_leaves_no_trace(path: Path) -> None:
    with opened(path) as store:
        with pytest.raises(StorageError):
            migrate(store.database, (*MIGRATIONS, TORN))
        assert pragma(store, "table_info(note)") is None
        store.events.append([draft(verified())])
    opened(path).close()


def test_a_file_of_a_newer_program_is_refused_by_name(path: Path) -> None:
    with opened(path) as store:
        migrate(store.database, (*MIGRATIONS, NEXT))
    before = path.read_bytes()
    for attempt in (lambda: opened(path), lambda: verify_file(path)):
        with pytest.raises(StorageError) as caught:
            attempt()
        assert caught.value.key == "error.storage.newer"
        assert caught.value.fields == {"have": NOTED, "known": NOTED - 1, "path": str(path)}
    assert path.read_bytes() == before


def change(path: Path, sql: str) -> None:
    raw = pysqlite3.connect(str(path))
    raw.execute(sql)
    raw.commit()
    raw.close()


@pytest.mark.parametrize(
    ("sql", "at"),
    [
        ("UPDATE event SET body = json_set(body, '$.units', 9) WHERE seq = 2", 3),
        ("DELETE FROM event WHERE seq = 2", 3),
        ("UPDATE event SET actor = 'P-9' WHERE seq = 1", 2),
        ("UPDATE event SET prev = upper(prev) WHERE seq = 3", 3),
    ],
)
def test_an_edited_record_is_found(path: Path, sql: str, at: int) -> None:
    with opened(path) as store:
        store.events.append(packed())
    change(path, sql)
    for attempt in (lambda: opened(path), lambda: verify_file(path)):
        with pytest.raises(StorageError) as caught:
            attempt()
        assert caught.value.key == "error.storage.chain"
        assert caught.value.fields["at"] == at


def test_opening_checks_the_tail_and_the_audit_everything(path: Path) -> None:
    with opened(path) as store:
        for _ in range(12):
            store.events.append([draft(verified())] * 100)
    change(path, "UPDATE event SET body = '{}' WHERE seq = 5")
    with opened(path) as store:
        assert store.events.head().seq == 1200
    with pytest.raises(StorageError) as caught:
        verify_file(path)
    assert caught.value.fields["at"] == 6


def test_a_body_that_is_no_json_is_damage(path: Path) -> None:
    with opened(path) as store:
        store.events.append(packed())
    change(path, "UPDATE event SET body = '{' WHERE seq = 2")
    with pytest.raises(StorageError, match=r"error\.storage\.chain"):
        verify_file(path)


def test_an_audit_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"error\.storage\.missing"):
        verify_file(tmp_path / "none.sqlite3")


def test_the_reader_sees_what_is_committed(store: Store, path: Path) -> None:
    reader = SqliteJournalReader(path)
    store.events.append(packed())
    place = reader.place()
    assert (place.station, place.epoch) == ("B-01", store.events.head().epoch)
    assert place.head == 4
    assert reader.events(place, 1, 2) == store.events.session_events("s-1")[1:3]
    store.events.append([draft(verified())])
    assert reader.place().head == 5
    assert reader.events(place, 5, 10) == ()
    reader.close()
    reader.close()


def test_bodies_are_readable_by_any_tool(store: Store, path: Path) -> None:
    store.events.append([draft(opened_fact())])
    raw = pysqlite3.connect(f"file:{path}?mode=ro", uri=True)
    row = raw.execute(
        "SELECT kind, json_extract(body, '$.lines[0].sku') FROM event WHERE seq = 1"
    ).fetchone()
    raw.close()
    assert row == ("SessionOpened", "SKU-A")


def test_weights_that_a_program_of_before_kept_aside_are_known_at_once(path: Path) -> None:
    unit = msgspec.json.encode(replace(unit_prior("TS-1", 230), seen=7)).decode()
    limit = msgspec.json.encode(Limit(parcels=40)).decode()
    before = Database(path)
    migrate(before, MIGRATIONS[:2])
    with before.transaction() as raw:
        for key, doc in (("TS-1", unit), (LIMIT, limit), ("odd", "{}")):
            raw.execute("INSERT INTO row_image VALUES ('weight', ?, 1, ?)", (key, doc))
        raw.execute("INSERT INTO row_image VALUES ('rate', 'USD', 1, '{}')")
    before.close()
    with opened(path) as store:
        found = store.database.raw.execute("SELECT key, seen, doc FROM weight ORDER BY key")
        assert found.fetchall() == [(LIMIT, 40, limit), ("TS-1", 7, unit)]
