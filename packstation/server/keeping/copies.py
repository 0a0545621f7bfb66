"""Copying a database while it is written, and opening the copy to look at it.

SQLite: its backup API, one file that is whole by itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

import pysqlite3
from sqlalchemy import Connection, Engine, create_engine, func, select
from sqlalchemy.pool import NullPool

from packstation.server.columns import METADATA

SUFFIX: Final[Mapping[str, str]] = {"sqlite": ".sqlite3", "postgresql": ".dump"}


class Unkept(Exception):
    """A copy that cannot be made, read or put back; the words say why."""


def suffix(engine: Engine) -> str:
    """How the name of a copy ends."""
    return SUFFIX[engine.dialect.name]


def copy(engine: Engine, file: Path) -> dict[str, int]:
    """Copy all of the database into ``file``; how many rows each table had at that moment.

    Raises:
        Unkept: it cannot be read or written.
    """
    try:
        counts = _copy_sqlite(engine, file)
        synced(file)
    except (OSError, pysqlite3.Error) as exc:
        raise Unkept(f"{file}: {exc}") from exc
    return counts


def _copy_sqlite(engine: Engine, file: Path) -> dict[str, int]:
    """In one read transaction: writers go on meanwhile, the copy is of one moment."""
    pooled = engine.raw_connection()
    source = pooled.driver_connection
    assert source is not None  # noqa: S101 - the pool has just opened it
    try:
        source.execute("BEGIN")
        counts = {
            name: int(source.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608
            for name in sorted(METADATA.tables)
        }
        with closing(pysqlite3.connect(str(file))) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # whole without a file beside it
    finally:
        with suppress(pysqlite3.Error):
            source.execute("ROLLBACK")
        pooled.close()
    return counts


@contextmanager
def opened(file: Path) -> Iterator[Connection]:
    """The copy as a database that is only read.

    Raises:
        Unkept: it is damaged, or none.
    """

    def connect() -> object:
        return pysqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)

    engine = create_engine("sqlite://", module=pysqlite3, creator=connect, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            if sound != "ok":
                raise Unkept(f"{file}: {sound}")
            yield connection
    except pysqlite3.Error as exc:
        raise Unkept(f"{file}: {exc}") from exc
    finally:
        engine.dispose()


def counted(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        name: connection.scalar(select(func.count()).select_from(table)) or 0
        for name, table in sorted(METADATA.tables.items())
    }


def synced(file: Path) -> None:
    """The file and its name are on the disk."""
    for path in (file, file.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError:
            if path is file:  # a folder that cannot be synced (some network disks) is no fault
                raise
        finally:
            os.close(handle)


def near(engine: Engine, folder: Path) -> bool:
    """Whether the copy lies on the disk that the database lies on."""
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database or database == ":memory:":
        return False
    return Path(database).stat().st_dev == folder.stat().st_dev
