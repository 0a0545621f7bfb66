"""Copies of an SQLite database: its backup API, one file that is whole by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

import pysqlite3
from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

from packstation.server.columns import METADATA
from packstation.server.keeping.files import synced
from packstation.server.keeping.stages import Stage, Unkept

SUFFIX: Final = ".sqlite3"


def copy(engine: Engine, file: Path) -> dict[str, int]:
    """Copy all of the database into ``file``; how many rows each table had at that moment.

    In one read transaction: writers go on meanwhile, the copy is of one moment.

    Raises:
        Unkept: it cannot be read or written.
    """
    pooled = engine.raw_connection()
    source: Any = pooled.driver_connection
    try:
        source.execute("BEGIN")
        counts = {
            name: int(source.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608
            for name in sorted(METADATA.tables)
        }
        with closing(pysqlite3.connect(str(file))) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # whole without a file beside it
    except pysqlite3.Error as exc:
        raise Unkept(f"{file}: {exc}") from exc
    finally:
        with suppress(pysqlite3.Error):
            source.execute("ROLLBACK")
        pooled.close()
    return counts


@contextmanager
def opened(_: Engine, file: Path) -> Iterator[Connection]:
    """The copy as a database that is only read.

    Raises:
        Unkept: it is damaged, or none.
    """

    def connect() -> Any:  # noqa: ANN401 - pysqlite3 has no types
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


@contextmanager
def staged(url: URL, file: Path) -> Iterator[Stage]:
    """The copy in a file beside the one that it is to replace.

    Raises:
        Unkept: a server has the database open, or the copy cannot be written.
    """
    database = Path(url.database or "")
    part = database.with_name(database.name + ".restoring")
    try:
        known = _alone(database)
        shutil.copyfile(file, part)
        _sound(part, file)
        yield Stage(url=url.set(database=str(part)), known=known, put=lambda: _put(part, database))
    except (OSError, pysqlite3.Error) as exc:
        raise Unkept(f"{database}: {exc}") from exc
    finally:
        part.unlink(missing_ok=True)


def _sound(part: Path, file: Path) -> None:
    with closing(pysqlite3.connect(str(part))) as raw:
        row = raw.execute("PRAGMA integrity_check").fetchone()
    if row != ("ok",):
        raise Unkept(f"{file}: {row[0]}")


def _alone(database: Path) -> int:
    """Nobody else has it open, and all of it is in its one file. Answers its generation."""
    if not database.exists():
        return 0
    with closing(pysqlite3.connect(str(database), isolation_level=None)) as raw:
        try:
            raw.execute("PRAGMA busy_timeout = 500")
            raw.execute("PRAGMA journal_mode = DELETE")  # refused while anybody else is there
            row = raw.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        except pysqlite3.OperationalError as exc:
            if "no such table" in str(exc):
                return 0
            words = "a server has it open: stop it first" if "locked" in str(exc) else str(exc)
            raise Unkept(f"{database}: {words}") from exc
        except pysqlite3.DatabaseError:
            return 0  # the damage that the copy is put back for
    return int(row[0]) if row else 0


def _free(wanted: str) -> Path:
    """A name of no file: two may be put aside within a second, and a rename asks nobody."""
    names = (Path(wanted if number == 1 else f"{wanted}_{number}") for number in count(1))
    return next(name for name in names if not name.exists())


def _put(part: Path, database: Path) -> str:
    """The copy takes the name; the one of before keeps another."""
    with closing(pysqlite3.connect(str(part))) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
    synced(part)
    aside = ""
    if database.exists():
        old = _free(f"{database}.before-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}")
        database.rename(old)
        aside = str(old)
    part.rename(database)
    synced(database)
    return aside
