"""Room in the write-ahead log before the first scans need it.

A commit that overwrites blocks of a file is synced sooner than one that makes the file longer.
SQLite deletes the log at the last close, so each start begins with a short one, which grows
until its first checkpoint. A transaction that is larger than the page cache writes its pages
into the log before it ends; rolled back, it leaves the blocks and nothing else: frames without
a commit count for nobody, whoever is killed at whatever moment (sqlite.org/fileformat2.html,
section 4.1 to 4.4).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from packstation.storage.database import connect, storage_errors

PAGES: Final = 1100  # SQLite starts the log anew after 1,000, and a transaction may overshoot
_PAGE: Final = 4096  # bytes, SQLite's own choice for a new file
_FEW: Final = 16  # pages kept in memory while writing


def make_room(database: Path) -> None:
    """Lengthen the log of an open ``database`` and sync it; for a thread that has the time.

    A commit that comes in between waits for the writing, about 10 ms, but not for the sync.

    Raises:
        StorageError: the disk is full or broken.
    """
    log = database.with_name(f"{database.name}-wal")
    if log.exists() and log.stat().st_size >= PAGES * _PAGE:
        return
    with storage_errors(database):
        raw = connect(database)
        try:
            raw.execute(f"PRAGMA cache_size = {_FEW}")
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("CREATE TABLE padding (body BLOB)")
            raw.execute("INSERT INTO padding VALUES (zeroblob(?))", (PAGES * _PAGE,))
            raw.execute("ROLLBACK")
        finally:
            raw.close()
    # SQLite's locks are on the other two files, so this handle takes none of them away.
    with log.open("rb+") as written:
        os.fsync(written.fileno())
