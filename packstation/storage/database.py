"""Opening SQLite: version, pragmas, transactions, and what happens after an I/O error.

Statements come as texts that were made ahead (``texts``), so nothing is compiled here.
WAL with ``synchronous=FULL`` syncs the log at every commit (reference/sync.md section 1,
row SQLite). Versions before 3.51.3 can corrupt a WAL that several connections use.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol, cast

import pysqlite3

from packstation.domain.errors import StorageError

LEAST_SQLITE: Final = (3, 51, 3)
PRAGMAS: Final = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -16384",
    # Reading a page of a large file costs no system call then: a lookup among a million
    # orders stays within 1.3 times one among a thousand.
    "PRAGMA mmap_size = 1073741824",
    "PRAGMA temp_store = MEMORY",
)
# Only a writer may set these; a reader finds the journal mode in the file.
WRITER_PRAGMAS: Final = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL")

Row = tuple[Any, ...]


class Cursor(Protocol):
    """The part of a DB-API cursor that is used here."""

    def fetchone(self) -> Row | None: ...
    def fetchall(self) -> list[Row]: ...


class Raw(Protocol):
    """The driver's own connection: a statement costs microseconds, not tenths of milliseconds."""

    @property
    def total_changes(self) -> int: ...
    def execute(self, sql: str, args: Sequence[object] = ..., /) -> Cursor: ...
    def executemany(self, sql: str, args: Sequence[Sequence[object]], /) -> Cursor: ...
    def close(self) -> None: ...


class Statement:
    """A statement's text and the names of its parameters, in the text's order."""

    __slots__ = ("names", "sql")

    def __init__(self, sql: str, names: tuple[str, ...] = ()) -> None:
        """See ``statements`` for where both come from."""
        self.sql = sql
        self.names = names

    def run(self, raw: Raw, **values: object) -> Cursor:
        """Execute it; a name that is missing or none of its own is a mistake of the caller."""
        return raw.execute(self.sql, [values[name] for name in self.names])


def require_sqlite(version: tuple[int, ...]) -> None:
    """Refuse an SQLite that can corrupt a WAL.

    Raises:
        StorageError: fields ``have``, ``least``.
    """
    if version < LEAST_SQLITE:
        have, least = (".".join(map(str, v)) for v in (version, LEAST_SQLITE))
        raise StorageError("error.storage.sqlite", have=have, least=least)


def connect(path: Path, *, read_only: bool = False) -> Raw:
    """A connection to ``path`` whose transactions are begun and ended by hand.

    Raises:
        StorageError: this SQLite is too old.
        pysqlite3.Error: it cannot be opened, or is no database.
    """
    require_sqlite(pysqlite3.sqlite_version_info)
    # as_uri() quotes what a file: address may not hold, a question mark for one.
    address = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    raw = cast(
        "Raw",
        pysqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False),
    )
    try:
        for pragma in PRAGMAS if read_only else PRAGMAS + WRITER_PRAGMAS:
            raw.execute(pragma)
    except pysqlite3.Error:
        raw.close()
        raise
    return raw


class Database:
    """One connection over one file."""

    def __init__(
        self, path: Path, *, read_only: bool = False, by: Callable[..., Raw] = connect
    ) -> None:
        """Open ``path``, making it when it may be written; ``by``: what makes the connection.

        Raises:
            StorageError: it cannot be opened, or is no database.
        """
        self.path = path
        self._read_only = read_only
        self._by = by
        self._spoiled = False
        self.generation = 0
        self.raw = self._connect()

    def rows_changed(self) -> None:
        """Orders, goods, people or the site may be others now: what was kept of them is old."""
        self.generation += 1

    def _connect(self) -> Raw:
        with storage_errors(self.path):
            return self._by(self.path, read_only=self._read_only)

    def one(self, statement: Statement, **values: object) -> Row | None:
        """The first row.

        Raises:
            StorageError: the file cannot be read.
        """
        try:
            return statement.run(self.raw, **values).fetchone()
        except pysqlite3.Error as exc:
            raise _storage_error(self.path, exc) from exc

    def all(self, statement: Statement, **values: object) -> list[Row]:
        """All rows.

        Raises:
            StorageError: the file cannot be read.
        """
        try:
            return statement.run(self.raw, **values).fetchall()
        except pysqlite3.Error as exc:
            raise _storage_error(self.path, exc) from exc

    @contextmanager
    def transaction(self) -> Generator[Raw]:
        """All or nothing, durable when it ends.

        Raises:
            StorageError: nothing was written, or nobody knows: ``reopen`` and look. The next
                transaction does so by itself: a handle whose sync failed is never used again.
        """
        if self._spoiled:
            self.reopen()
        with storage_errors(self.path):
            try:
                self.raw.execute("BEGIN IMMEDIATE")
                yield self.raw
                self.raw.execute("COMMIT")
            except BaseException as exc:  # whatever it was, nothing stays half written
                self._spoiled = isinstance(exc, pysqlite3.Error)
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        try:
            self.raw.execute("ROLLBACK")
        except pysqlite3.Error:
            # SQLite has rolled back by itself (disk full), or the handle is beyond use.
            return

    def reopen(self) -> None:
        """A fresh handle; after an error of the disk the old one is never used again.

        The checkpoint writes and syncs again whatever the log holds, so that what is read
        afterwards is on the disk.
        """
        self.close()
        self.rows_changed()
        self.raw = self._connect()
        with storage_errors(self.path):
            self.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._spoiled = False

    def close(self) -> None:
        """Close the file."""
        self.raw.close()


@contextmanager
def storage_errors(path: Path) -> Generator[None]:
    """Turn the driver's errors into ``StorageError`` with the file and the cause."""
    try:
        yield
    except pysqlite3.Error as exc:
        raise _storage_error(path, exc) from exc


def _storage_error(path: Path, exc: BaseException) -> StorageError:
    full = "is full" in str(exc)
    key = "error.storage.full" if full else "error.storage.io"
    return StorageError(key, path=str(path), cause=str(exc))
