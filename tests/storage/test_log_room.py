"""Room in the log: blocks and nothing else, whatever happens while they are written."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from packstation.domain.errors import StorageError
from packstation.storage.journal import verify_file
from packstation.storage.log_room import PAGES, make_room
from packstation.storage.store import Store
from tests.storage.conftest import opened
from tests.storage.samples import draft, packed, verified

ROOM = PAGES * 4096


def log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def tables(store: Store) -> set[str]:
    rows = store.database.raw.execute("SELECT name FROM sqlite_master").fetchall()
    return {row[0] for row in rows}


def test_commits_fill_the_room_and_the_file_is_no_longer(store: Store, path: Path) -> None:
    store.events.append(packed())
    known, size = tables(store), path.stat().st_size
    make_room(path)
    room = log_of(path).stat().st_size
    assert room >= ROOM
    for _ in range(40):
        store.events.append([draft(verified())])
    assert log_of(path).stat().st_size == room
    assert (tables(store), path.stat().st_size) == (known, size)
    assert verify_file(path) == 44


def test_room_that_is_there_is_left_alone(store: Store, path: Path) -> None:
    make_room(path)
    before = log_of(path).stat()
    make_room(path)
    assert log_of(path).stat().st_mtime_ns == before.st_mtime_ns


def test_facts_are_taken_while_room_is_made(store: Store, path: Path) -> None:
    making = threading.Thread(target=make_room, args=(path,))
    making.start()
    while making.is_alive():
        store.events.append([draft(verified())])
    making.join()
    store.events.append([draft(verified())])
    assert verify_file(path) == store.events.head().seq


def test_nothing_can_be_made_where_there_is_no_disk(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        make_room(tmp_path / "gone" / "station.sqlite3")


MAKE = """
import pathlib, sys
from packstation.storage import log_room
from tests.storage.conftest import opened
from tests.storage.samples import packed
log_room.PAGES = 40_000
path = pathlib.Path(sys.argv[1])
store = opened(path)
store.events.append(packed())
print(store.events.head().hash, flush=True)
log_room.make_room(path)
"""


@pytest.mark.kills
def test_a_kill_while_room_is_made_loses_no_confirmed_fact(path: Path) -> None:
    log, until = log_of(path), time.monotonic() + 30
    with subprocess.Popen(
        [sys.executable, "-c", MAKE, str(path)], stdout=subprocess.PIPE, text=True
    ) as making:
        assert making.stdout is not None
        digest = making.stdout.readline().strip()
        while log.stat().st_size < 1_000_000:
            assert time.monotonic() < until
        making.kill()
    assert 1_000_000 <= log.stat().st_size < 40_000 * 4096
    with opened(path) as store:
        assert (store.events.head().seq, store.events.head().hash) == (4, digest)
        assert "padding" not in tables(store)
        store.events.append([draft(verified())])
    assert verify_file(path) == 5
