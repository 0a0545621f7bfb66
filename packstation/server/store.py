"""The server's database: one writer at a time, any number of readers.

Writers wait for each other at a lock in this process, and between processes as `databases`
says of each kind.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
import pysqlite3
from sqlalchemy import Connection, Engine, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from packstation.domain.errors import SettingsError, StorageError
from packstation.server import claim_tables as _claims  # noqa: F401 - made with all others
from packstation.server import databases
from packstation.server.costs import tables as _costs  # noqa: F401 - made with all others
from packstation.server.customs import tables as _customs  # noqa: F401 - made with all others
from packstation.server.keeping import tables as _keeping  # noqa: F401 - made with all others
from packstation.server.migrations import chain
from packstation.server.privacy import sealing
from packstation.server.purchases import tables as _purchases  # noqa: F401 - made with all others
from packstation.server.tables import META

# What releases before Alembic looked at: it stays, so that they work on beside this one.
SCHEMA: Final = 1


class Store:
    """Short transactions on one engine."""

    def __init__(self, engine: Engine, keys: sealing.OrderKeys | None = None) -> None:
        """Take the engine; ``prepare`` must have been called on it once.

        ``keys``: those by which orders are sealed and opened; without any they lie plain.
        """
        self.engine = engine = engine.execution_options(**{sealing.OPTION: keys})
        self._writing = threading.Lock()
        self._writer = engine.execution_options(**{databases.WRITES: True})
        self._reader = engine.execution_options(**databases.kind_of(engine).reads)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot."""
        with self._reader.connect() as connection:
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
    """An engine on ``url`` with its tables ready.

    ``sqlite:///file``, ``sqlite://`` or ``postgresql://user:password@host/name``.

    Raises:
        SettingsError: ``url`` is no URL, or its database does not open.
        StorageError: SQLite or PostgreSQL is too old, another database is asked for, or it was
            written by a newer program.
    """
    found = databases.parsed(url)
    engine = databases.KINDS[found.get_backend_name()].engine(found)
    try:
        prepare(engine)
    except (DBAPIError, pysqlite3.Error, psycopg.Error) as exc:
        engine.dispose()
        raise SettingsError(
            "error.server.database.open",
            name="database",
            value=databases.shown(found),
            allowed=databases.said(exc),
        ) from exc
    except StorageError:
        engine.dispose()
        raise
    return engine


def prepare(engine: Engine) -> None:
    """Bring the database to this program's schema; refuse one of a newer program."""
    with engine.execution_options(**{databases.WRITES: True}).begin() as connection:
        databases.kind_of(engine).check(connection)
        chain.migrate(connection)
        chain.complete(connection)
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
