"""Copies of a PostgreSQL database: ``pg_dump -Fc`` of one snapshot, read again in a scratch one.

The scratch database lies on the same server, has the name of the database with ``_copy_`` and
chance behind it, and goes when the copy was looked at; the role needs ``CREATEDB`` for it.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from packstation.server import databases
from packstation.server.columns import METADATA
from packstation.server.keeping.stages import Stage, Unkept

SUFFIX: Final = ".dump"
_DEBIAN: Final = Path("/usr/lib/postgresql")
_LONGEST_NAME: Final = 63
_TOOL_S: Final = 6 * 3600
LEAVES_S: Final = 2.0


def copy(engine: Engine, file: Path) -> dict[str, int]:
    """Dump the database into ``file``; how many rows each table had at that moment.

    Raises:
        Unkept: no pg_dump, or it says no.
    """
    reading = engine.execution_options(isolation_level="REPEATABLE READ")
    try:
        with reading.connect() as connection:
            snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
            counts = {
                name: int(connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one())  # noqa: S608
                for name in sorted(METADATA.tables)
            }
            told = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
            _run("pg_dump", engine.url, *told, f"--file={file}")
    except SQLAlchemyError as exc:
        raise Unkept(databases.said(exc)) from exc
    return counts


@contextmanager
def opened(engine: Engine, file: Path) -> Iterator[Connection]:
    """The copy, restored into a scratch database that goes afterwards.

    Raises:
        Unkept: it cannot be restored.
    """
    with _scratch(engine.url, "copy") as url:
        _fill(url, file)
        scratch = create_engine(url, poolclass=NullPool)
        try:
            with scratch.connect() as connection:
                yield connection
        except SQLAlchemyError as exc:
            raise Unkept(databases.said(exc)) from exc
        finally:
            scratch.dispose()


@contextmanager
def staged(url: URL, file: Path) -> Iterator[Stage]:
    """The copy in a database beside the one that it is to replace.

    Raises:
        Unkept: somebody is in the database that is to be replaced, or it cannot be restored.
    """
    known = _alone(url)
    with _scratch(url, "restoring") as scratch:
        _fill(scratch, file)
        yield Stage(url=scratch, known=known, put=lambda: _put(scratch, url))


def _alone(url: URL) -> int:
    """Nobody else is in the database. Answers its generation; 0 where there is none."""
    with _office(url) as office:
        there = "SELECT count(*) FROM pg_database WHERE datname = %s"
        if not _one(office, there, url.database):
            return 0
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
        # Who has just gone is still there for a moment.
        until = time.monotonic() + LEAVES_S
        while _one(office, others, url.database, office.info.backend_pid):
            if time.monotonic() > until:
                raise Unkept(f"{databases.shown(url)}: a server has it open: stop it first")
            time.sleep(0.05)
    with _connected(url) as own, suppress(psycopg.errors.UndefinedTable):
        return int(_one(own, "SELECT value FROM meta WHERE key = %s", "generation") or 0)
    return 0


def _put(scratch: URL, url: URL) -> str:
    """The scratch database takes the name; the one of before keeps another."""
    aside = ""
    with _office(url) as office:
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        if _one(office, "SELECT count(*) FROM pg_database WHERE datname = %s", url.database):
            aside = _free_name(office, f"{_short(url)}_before_{datetime.now(UTC):%Y%m%d%H%M%S}")
            names = (sql.Identifier(url.database or ""), sql.Identifier(aside))
            office.execute(rename.format(*names))
        names = (sql.Identifier(scratch.database or ""), sql.Identifier(url.database or ""))
        office.execute(rename.format(*names))
    return aside


def _free_name(office: psycopg.Connection[tuple[Any, ...]], wanted: str) -> str:
    """A name of no database: two may be put aside within a second."""
    taken = "SELECT count(*) FROM pg_database WHERE datname = %s"
    names = (wanted if number == 1 else f"{wanted}_{number}" for number in count(1))
    return next(name for name in names if not _one(office, taken, name))


def _short(url: URL) -> str:
    return (url.database or "")[: _LONGEST_NAME - 30]


@contextmanager
def _scratch(url: URL, word: str) -> Iterator[URL]:
    name = f"{_short(url)}_{word}_{secrets.token_hex(4)}"
    make = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        with _office(url) as office:
            office.execute(make.format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as exc:
        raise Unkept(f"{exc.diag.message_primary}: ALTER ROLE {url.username} CREATEDB") from exc
    try:
        yield url.set(database=name)
    except psycopg.Error as exc:
        raise Unkept(databases.said(exc)) from exc
    finally:
        with suppress(psycopg.Error), _office(url) as office:
            office.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _fill(url: URL, file: Path) -> None:
    told = ("--exit-on-error", "--no-owner", "--no-privileges")
    _run("pg_restore", url, *told, after=(str(file),))


@contextmanager
def _office(url: URL) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection to the server itself, where databases are made and named."""
    with _connected(url.set(database="postgres")) as made:
        yield made


@contextmanager
def _connected(url: URL) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    try:
        made = psycopg.connect(_told(url), autocommit=True)
    except psycopg.Error as exc:
        raise Unkept(databases.said(exc)) from exc
    with made:
        yield made


def _one(connection: psycopg.Connection[tuple[Any, ...]], query: str, *values: object) -> Any:  # noqa: ANN401
    row = connection.execute(query.encode(), values).fetchone()
    return row[0] if row else None


def _told(url: URL, *, secret: bool = True) -> str:
    """The connection as libpq takes it."""
    _, parts = create_engine(url).dialect.create_connect_args(url)
    hidden = {"context"} if secret else {"context", "password"}  # context is the driver's own
    return make_conninfo(**{name: value for name, value in parts.items() if name not in hidden})


def _run(tool: str, url: URL, *arguments: str, after: tuple[str, ...] = ()) -> None:
    """Run one of PostgreSQL's own programs; the password goes in the environment."""
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    command = (_found(tool), *arguments, f"--dbname={_told(url, secret=False)}", *after)
    try:
        subprocess.run(  # noqa: S603 - a program of the machine, arguments of our own
            command,
            env={**os.environ, "LC_ALL": "C", **secret},
            check=True,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=_TOOL_S,
        )
    except subprocess.CalledProcessError as exc:
        raise Unkept(f"{tool}: {' '.join(exc.stderr.split())[-400:]}") from exc
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise Unkept(f"{tool}: {exc}") from exc


def _found(tool: str) -> str:
    """On PATH, else the newest of Debian's."""

    def version(path: Path) -> tuple[int, ...]:
        return tuple(int(part) for part in re.findall(r"\d+", path.parts[-3]))

    debian = sorted(_DEBIAN.glob(f"*/bin/{tool}"), key=version)
    found = str(debian[-1]) if debian else shutil.which(tool)
    if not found:
        raise Unkept(f"{tool} is not installed (package postgresql-client)")
    return found
