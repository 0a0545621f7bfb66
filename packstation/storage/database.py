"""Opening SQLite: version, pragmas, transactions, and what happens after an I/O error.

WAL with ``synchronous=FULL`` syncs the log at every commit (reference/sync.md section 1,
row SQLite). Versions before 3.51.3 can corrupt a WAL that several connections use.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol, cast

import pysqlite3
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.expression import Executable

from packstation.domain.errors import StorageError

LEAST_SQLITE: Final = (3, 51, 3)
_PRAGMAS: Final = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -16384",
    # Reading a page of a large file costs no system call then: a lookup among a million
    # orders stays within 1.3 times one among a thousand.
    "PRAGMA mmap_size = 1073741824",
    "PRAGMA temp_store = MEMORY",
)
# Only a writer may set these; a reader finds the journal mode in the file.
_WRITER_PRAGMAS: Final = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL")
_DIALECT: Final = SQLiteDialect_pysqlite(paramstyle="qmark")

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


class Statement:
    """A Core statement compiled once; arguments by name, run on the driver's connection."""

    def __init__(self, statement: Executable) -> None:
        """Compile ``statement`` for SQLite."""
        compiled = cast("Any", statement).compile(dialect=_DIALECT)
        self.sql = str(compiled)
        self._defaults: dict[str, object] = dict(compiled.params)
        self._names: tuple[str, ...] = tuple(compiled.positiontup or ())

    def args(self, values: dict[str, Any]) -> list[object]:
        """Arguments in the statement's order."""
        merged = self._defaults | values
        return [merged[name] for name in self._names]


def require_sqlite(version: tuple[int, ...]) -> None:
    """Refuse an SQLite that can corrupt a WAL.

    Raises:
        StorageError: fields ``have``, ``least``.
    """
    if version < LEAST_SQLITE:
        have, least = (".".join(map(str, v)) for v in (version, LEAST_SQLITE))
        raise StorageError("error.storage.sqlite", have=have, least=least)


def open_engine(path: Path, *, read_only: bool = False) -> Engine:
    """An engine over ``path`` whose transactions are begun and ended by hand."""
    require_sqlite(pysqlite3.sqlite_version_info)
    query = {"mode": "ro" if read_only else "rwc", "uri": "true"}
    # as_uri() quotes what a file: address may not hold, a question mark for one.
    url = URL.create("sqlite", database=path.absolute().as_uri(), query=query)
    engine = create_engine(
        url,
        module=pysqlite3,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"check_same_thread": False},
    )
    pragmas = _PRAGMAS if read_only else _PRAGMAS + _WRITER_PRAGMAS

    def prepare(raw: Raw, _record: object) -> None:
        for pragma in pragmas:
            raw.execute(pragma)

    event.listen(engine, "connect", prepare)
    return engine


class Database:
    """One connection over one file."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open ``path``, making it when it may be written.

        Raises:
            StorageError: it cannot be opened, or is no database.
        """
        self.path = path
        self.engine = open_engine(path, read_only=read_only)
        self._spoiled = False
        self.generation = 0
        self.raw = self._connect()

    def rows_changed(self) -> None:
        """Orders, goods, people or the site may be others now: what was kept of them is old."""
        self.generation += 1

    def _connect(self) -> Raw:
        with storage_errors(self.path):
            self._connection = self.engine.connect()
            return cast("Raw", self._connection.connection.driver_connection)

    def one(self, statement: Statement, **values: object) -> Row | None:
        """The first row.

        Raises:
            StorageError: the file cannot be read.
        """
        try:
            return self.raw.execute(statement.sql, statement.args(values)).fetchone()
        except pysqlite3.Error as exc:
            raise _storage_error(self.path, exc) from exc

    def all(self, statement: Statement, **values: object) -> list[Row]:
        """All rows.

        Raises:
            StorageError: the file cannot be read.
        """
        try:
            return self.raw.execute(statement.sql, statement.args(values)).fetchall()
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
        self._connection.close()
        self.engine.dispose()


@contextmanager
def storage_errors(path: Path) -> Generator[None]:
    """Turn the driver's errors into ``StorageError`` with the file and the cause."""
    try:
        yield
    except DBAPIError as exc:
        raise _storage_error(path, exc.orig or exc) from exc
    except pysqlite3.Error as exc:
        raise _storage_error(path, exc) from exc


def _storage_error(path: Path, exc: BaseException) -> StorageError:
    full = "is full" in str(exc)
    key = "error.storage.full" if full else "error.storage.io"
    return StorageError(key, path=str(path), cause=str(exc))
