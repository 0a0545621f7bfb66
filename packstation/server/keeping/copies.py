"""Copying a database while it is written, and opening the copy to look at it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, func, select

from packstation.server.columns import METADATA
from packstation.server.keeping import postgres, sqlite
from packstation.server.keeping.files import synced
from packstation.server.keeping.stages import Keeper, Unkept

KEEPERS: Final[Mapping[str, Keeper]] = {
    "sqlite": Keeper(sqlite.SUFFIX, sqlite.copy, sqlite.opened, sqlite.staged),
    "postgresql": Keeper(postgres.SUFFIX, postgres.copy, postgres.opened, postgres.staged),
}


def suffix(engine: Engine) -> str:
    """How the name of a copy ends."""
    return KEEPERS[engine.dialect.name].suffix


def copy(engine: Engine, file: Path) -> dict[str, int]:
    """Copy all of the database into ``file``; how many rows each table had at that moment.

    Raises:
        Unkept: it cannot be read or written.
    """
    counts = KEEPERS[engine.dialect.name].copy(engine, file)
    try:
        synced(file)
    except OSError as exc:
        raise Unkept(f"{file}: {exc}") from exc
    return counts


def opened(engine: Engine, file: Path) -> AbstractContextManager[Connection]:
    """The copy as a database that is only read.

    Raises:
        Unkept: it is damaged, or none.
    """
    return KEEPERS[engine.dialect.name].opened(engine, file)


def counted(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        name: connection.scalar(select(func.count()).select_from(table)) or 0
        for name, table in sorted(METADATA.tables.items())
    }


def near(engine: Engine, folder: Path) -> bool:
    """Whether the copy lies on the disk that the database lies on."""
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database or database == ":memory:":
        return False
    return Path(database).stat().st_dev == folder.stat().st_dev
