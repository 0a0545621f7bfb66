"""Full disks, failing disks, kills and forks: no acknowledged fact is lost, none half-written."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pysqlite3
import pytest

from packstation.domain.errors import StorageError
from packstation.domain.events import GENESIS
from packstation.storage.database import Cursor, Database, Raw
from packstation.storage.journal import verify_file
from packstation.storage.store import Store
from tests.storage.conftest import opened
from tests.storage.samples import draft, opened_fact, order, order_row, packed, verified


def fill_up(store: Store) -> None:
    """Let the disk be full from here on, as SQLite sees it."""
    pages = store.database.raw.execute("PRAGMA page_count").fetchone()
    assert pages is not None
    store.database.raw.execute(f"PRAGMA max_page_count = {pages[0]}")


def test_a_full_disk_is_named_and_nothing_is_half_written(store: Store, path: Path) -> None:
    written = len(store.events.append(packed()))
    fill_up(store)
    caught = None
    while caught is None:
        try:
            written += len(store.events.append([draft(verified())] * 10))
        except StorageError as exc:
            caught = exc
    assert caught.key == "error.storage.full"
    assert store.events.head().seq == written
    assert verify_file(path) == written
    # The handle was replaced, and with it the limit: there is room again.
    store.events.append([draft(verified())])
    assert store.events.head().seq == written + 1


class FailingRaw:
    """The driver's connection, whose COMMIT fails before or after it took."""

    def __init__(self, raw: Raw, *, after: bool) -> None:
        self.raw, self.after = raw, after

    @property
    def total_changes(self) -> int:
        return self.raw.total_changes

    def execute(self, sql: str, args: Sequence[object] = (), /) -> Cursor:
        if sql == "COMMIT":
            if self.after:
                self.raw.execute(sql)
            raise pysqlite3.OperationalError("disk I/O error")
        return self.raw.execute(sql, args)

    def executemany(self, sql: str, rows: Sequence[Sequence[object]], /) -> Cursor:
        return self.raw.executemany(sql, rows)

    def close(self) -> None:
        self.raw.close()


def fail_commits(store: Store, *, after: bool) -> None:
    store.database.raw = FailingRaw(store.database.raw, after=after)


def test_a_sync_that_fails_before_the_commit_took(store: Store, path: Path) -> None:
    store.events.append(packed())
    fail_commits(store, after=False)
    with pytest.raises(StorageError, match=r"error\.storage\.io"):
        store.events.append([draft(verified())])
    assert not isinstance(store.database.raw, FailingRaw)
    assert (store.events.head().seq, verify_file(path)) == (4, 4)
    assert store.events.append([draft(verified())])[0].seq == 5


def test_a_sync_that_fails_after_the_commit_took(store: Store, path: Path) -> None:
    """What is in the file and can be synced again was written: saying no would be a lie."""
    fail_commits(store, after=True)
    made = store.events.append(packed())
    assert store.events.head().seq == len(made) == verify_file(path)
    assert store.events.append([draft(verified())])[0].seq == 5


def test_while_the_disk_is_gone_nothing_is_taken(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: Database) -> None:
        raise StorageError("error.storage.io", cause="unable to open")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "reopen", gone)
        fail_commits(store, after=True)
        for _ in range(2):
            with pytest.raises(StorageError, match="unable to open"):
                store.events.append([draft(verified())])
    # It is back, and holds a record that was never confirmed: only a restart may go on.
    for _ in range(2):
        with pytest.raises(StorageError, match=r"error\.storage\.moved"):
            store.events.append([draft(verified())])
    store.close()
    with opened(path) as again:
        assert again.events.head().seq == 1


def test_a_disk_that_was_gone_and_lost_nothing_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: Database) -> None:
        raise StorageError("error.storage.io", cause="unable to open")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "reopen", gone)
        fail_commits(store, after=False)
        with pytest.raises(StorageError):
            store.events.append([draft(verified())])
    assert store.events.append([draft(verified())])[0].seq == 1


def test_an_unreadable_file_is_a_storage_error(store: Store) -> None:
    store.database.raw.execute("DROP TABLE session")
    with pytest.raises(StorageError):
        store.events.open_sessions()
    with pytest.raises(StorageError):
        store.events.last_session("O-1")


WRITE = """
import pathlib, sys
from tests.storage.conftest import opened
from tests.storage.samples import draft, packed, verified
store = opened(pathlib.Path(sys.argv[1]))
while True:
    for batch in ([draft(verified())], packed(), [draft(verified())] * 3):
        store.events.append(batch)
        print(store.events.head().seq, store.events.head().hash, flush=True)
"""


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def test_a_disk_that_refuses_a_write_keeps_what_was_confirmed(path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", WRITE, str(path)],
        capture_output=True,
        check=False,
        preexec_fn=limited,
        timeout=60,
    )
    assert b"StorageError" in run.stderr
    seq, digest = run.stdout.split()[-2:]
    with opened(path) as store:
        assert store.events.head().seq >= int(seq)
        records = store.database.raw.execute(
            "SELECT prev FROM event WHERE seq = ?", (int(seq) + 1,)
        ).fetchall()
        assert records == [] or records == [(digest.decode(),)]
    verify_file(path)


@pytest.mark.kills
def test_a_kill_at_any_moment_loses_no_confirmed_fact(path: Path) -> None:
    chance, confirmed = random.Random(7), (0, GENESIS)
    for _ in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", WRITE, str(path)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(chance.randrange(1, 60)):
                writer.stdout.readline()
            writer.kill()
            lines = writer.stdout.read().splitlines()
        whole = [line for line in lines if len(line.split()) == 2 and len(line.split()[1]) == 64]
        if whole:
            seq, digest = whole[-1].split()
            confirmed = (int(seq), digest)
        assert verify_file(path) >= confirmed[0]
        with opened(path) as store:
            head = store.events.head()
            assert head.seq >= confirmed[0]
            if head.seq == confirmed[0]:
                assert head.hash == confirmed[1]
            sessions = len(store.events.open_sessions())
            assert sessions <= 1


def test_after_a_fork_the_facts_go_on_in_a_new_epoch(store: Store, path: Path) -> None:
    store.events.append(packed())
    store.events.append([draft(opened_fact("O-2"), "s-2", "O-2"), draft(verified(), "s-2", "O-2")])
    store.events.acknowledge(3)
    before = store.events.head()
    sessions = {name: store.events.session_events(name) for name in ("s-1", "s-2")}

    head = store.events.begin_epoch(4)

    assert head.epoch != before.epoch
    assert (head.seq, store.events.acknowledged()) == (3, 0)
    for name, events in sessions.items():
        found = store.events.session_events(name)
        assert [(e.id, e.body) for e in found] == [(e.id, e.body) for e in events]
    assert store.events.open_sessions() == ("s-2",)
    assert verify_file(path) == 6
    kept = store.database.raw.execute("SELECT epoch, seq FROM quarantine ORDER BY seq").fetchall()
    assert kept == [(before.epoch, seq) for seq in (4, 5, 6)]
    store.events.append([draft(verified(), "s-2", "O-2")])
    store.close()
    with opened(path) as again:
        assert again.events.head().seq == 4
        assert again.events.head().epoch == head.epoch


def test_a_server_that_knows_more_than_the_journal_gets_a_new_epoch(store: Store) -> None:
    store.events.append(packed())
    head = store.events.begin_epoch(5)
    assert (head.seq, head.hash) == (0, GENESIS)
    assert store.events.append([draft(verified())])[0].seq == 1


def test_a_cursor_that_cannot_be_written_stays(store: Store) -> None:
    store.events.append(packed())
    store.orders.apply([order_row(order(1))], "c-1")
    fail_commits(store, after=False)
    with pytest.raises(StorageError):
        store.events.acknowledge(2)
    assert store.events.acknowledged() == 0
    store.events.acknowledge(2)
    assert store.events.acknowledged() == 2
    assert not isinstance(store.database.raw, FailingRaw)
