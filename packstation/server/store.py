"""The server's database: SQLite through pysqlite3, WAL, every commit on disk.

One writer at a time (a lock in this process, ``BEGIN IMMEDIATE`` between processes),
any number of readers.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pysqlite3
from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import StaticPool

from packstation.domain.errors import SettingsError, StorageError
from packstation.server import claim_tables as _claims  # noqa: F401 - made with all others
from packstation.server.columns import METADATA
from packstation.server.costs import tables as _costs  # noqa: F401 - made with all others
from packstation.server.customs import tables as _customs  # noqa: F401 - made with all others
from packstation.server.keeping import tables as _keeping  # noqa: F401 - made with all others
from packstation.server.purchases import tables as _purchases  # noqa: F401 - made with all others
from packstation.server.tables import META

SCHEMA: Final = 1
OLDEST_SQLITE: Final = (3, 51, 3)  # the WAL-reset fix (reference/sync.md section 1)


class Store:
    """Short transactions on one engine."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine; ``prepare`` must have been called on it once."""
        self.engine = engine
        self._writing = threading.Lock()
        self._writer = engine.execution_options(packstation_write=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back on any exception."""
        with self._writing, self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    """An engine on ``url`` (``sqlite:///file`` or ``sqlite://``), journal mode and tables ready.

    Raises:
        SettingsError: ``url`` is no URL, or its file does not open.
        StorageError: SQLite is too old, another database is asked for, or the file was
            written by a newer program.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite":
        raise StorageError("error.server.database", url=parsed.render_as_string())
    if pysqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StorageError("error.server.sqlite", version=pysqlite3.sqlite_version)
    pool: dict[str, Any] = (
        {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
        if parsed.database in {None, "", ":memory:"}
        else {"pool_size": 8, "max_overflow": 32}
    )
    engine = create_engine(parsed, module=pysqlite3, **pool)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    try:
        prepare(engine)
    except (DBAPIError, pysqlite3.Error) as exc:
        engine.dispose()
        why = str(exc.orig if isinstance(exc, DBAPIError) else exc)
        raise SettingsError(
            "error.server.database.open", name="database", value=parsed.database, allowed=why
        ) from exc
    return engine


def _parsed(url: str) -> URL:
    """The parts of the URL; SQLite's file stands after three slashes, never as a host."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as exc:
        raise _no_url(url) from exc
    if parsed.get_backend_name() == "sqlite" and parsed.host:
        raise _no_url(url)
    return parsed


def _no_url(url: str) -> SettingsError:
    shown = url.rpartition("@")[2]  # before it stands a password
    return SettingsError(
        "error.server.database.url", name="database", value=shown, allowed="sqlite:///FILE"
    )


def _configure(raw: Any, _record: object) -> None:  # noqa: ANN401 - pysqlite3 has no types
    raw.isolation_level = None  # transactions are begun by _begin, not by the driver
    cursor = raw.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("packstation_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def prepare(engine: Engine) -> None:
    """Make the tables of a new database; refuse one of a newer program."""
    with engine.execution_options(packstation_write=True).begin() as connection:
        METADATA.create_all(connection)
        found = meta(connection, "schema")
        if found and int(found) > SCHEMA:
            raise StorageError("error.server.newer", schema=int(found), known=SCHEMA)
        put_meta(connection, "schema", str(SCHEMA))
        if not meta(connection, "generation"):
            put_meta(connection, "generation", "1")


def meta(connection: Connection, key: str) -> str:
    """What the server noted under ``key``; "" when nothing."""
    return connection.scalar(select(META.c.value).where(META.c.key == key)) or ""


def put_meta(connection: Connection, key: str, value: str) -> None:
    """Note ``value`` under ``key``."""
    changed = connection.execute(update(META).where(META.c.key == key).values(value=value))
    if changed.rowcount == 0:
        connection.execute(insert(META).values(key=key, value=value))


def counted(connection: Connection, key: str) -> int:
    """The next whole number of the counter ``key``: 1, 2, 3, ..."""
    value = int(meta(connection, key) or "0") + 1
    put_meta(connection, key, str(value))
    return value


def generation(connection: Connection) -> int:
    """How often this database was restored, from 1; stations see it in every answer."""
    return int(meta(connection, "generation"))


def alive(store: Store) -> bool:
    """Whether the database answers."""
    with store.read() as connection:
        return bool(connection.scalar(text("SELECT 1")))
