"""The journal of PostgreSQL lies by months: each a table that is made ahead, and can be put away.

A month that is put away is no longer read by the server, but is still there as a table of its
own (``journal_2024_01``), for a dump or a cheaper disk: facts are never deleted by the program.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, text

from packstation.domain.errors import InputInvalid
from packstation.server.core import Server
from packstation.server.keeping import chains
from packstation.server.moments import stamp

AHEAD: Final = 3  # months that are there before anything is received in them, this one too
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_PARTS: Final = text(
    "SELECT part.relname AS name, pg_total_relation_size(part.oid) AS bytes"
    " FROM pg_inherits JOIN pg_class part ON part.oid = inhrelid"
    " WHERE inhparent = 'journal'::regclass ORDER BY part.relname"
)


class Month(Struct, frozen=True, kw_only=True):
    """``month`` as "2026-11", "" for what belongs to no month that was made; with its indexes."""

    month: str
    events: int
    bytes: int


def by_months(server: Server) -> bool:
    """Whether the journal lies by months at all."""
    return server.store.engine.dialect.name == "postgresql"


def ahead(server: Server) -> tuple[str, ...]:
    """Make the months to come, this one too; those that were not there yet."""
    if not by_months(server):
        return ()
    wanted = _from(server.clock.now())
    with server.store.read() as connection:
        known = _names(connection)
    made = tuple(month for month in wanted if _table(month) not in known)
    if made:
        with server.store.write() as connection:
            for month in made:
                _make(connection, month)
    return made


def listed(server: Server) -> tuple[Month, ...]:
    """All months that the server reads, oldest first."""
    if not by_months(server):
        return ()
    with server.store.read() as connection:
        return tuple(
            Month(
                month=_month(row.name),
                events=int(connection.scalar(text(f'SELECT count(*) FROM "{row.name}"')) or 0),  # noqa: S608
                bytes=row.bytes,
            )
            for row in connection.execute(_PARTS).all()
        )


def put_away(server: Server, before: str) -> tuple[str, ...]:
    """Take the months before a month ("2026-01") out of the journal; those that were.

    Raises:
        InputInvalid: it is no month, or one of the last twelve.
    """
    latest = _shifted(server.clock.now(), -12)
    if not _MONTH.fullmatch(before) or before > latest:
        raise InputInvalid(path="before", value=before[:60], allowed=f"a month up to {latest}")
    if not by_months(server):
        return ()
    with server.store.write() as connection:
        gone = [name for name in _names(connection) if "" < _month(name) < before]
        for name in gone:
            connection.exec_driver_sql(f'ALTER TABLE journal DETACH PARTITION "{name}"')
        if gone:
            chains.note_beginnings(server, connection, [_month(name) for name in gone])
    return tuple(map(_month, gone))


def _make(connection: Connection, month: str) -> None:
    """One month; what was received in it before it was there moves into it.

    It is filled first and attached then: attaching locks the journal for no one who writes to
    another month.
    """
    name, end = _table(month), _after(month)
    there = connection.scalar(text("SELECT to_regclass(:name)"), {"name": name})
    if there is None:
        connection.exec_driver_sql(
            f"CREATE TABLE {name} (LIKE journal INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
        )
        connection.exec_driver_sql(
            f"CREATE UNIQUE INDEX {name}_place ON {name} (site, station, epoch, seq)"
        )
        connection.exec_driver_sql(
            "WITH moved AS (DELETE FROM journal_rest"  # noqa: S608 - our own names
            f" WHERE received >= '{month}' AND received < '{end}' RETURNING *)"
            f" INSERT INTO {name} SELECT * FROM moved"
        )
        connection.exec_driver_sql(
            f"ALTER TABLE journal ATTACH PARTITION {name} FOR VALUES FROM ('{month}') TO ('{end}')"
        )


def _names(connection: Connection) -> Sequence[str]:
    return connection.scalars(_PARTS).all()


def _table(month: str) -> str:
    return f"journal_{month.replace('-', '_')}"


def _month(table: str) -> str:
    found = table.removeprefix("journal_").replace("_", "-")
    return found if _MONTH.fullmatch(found) else ""


def _from(now: datetime) -> list[str]:
    return [_shifted(now, months) for months in range(AHEAD)]


def _after(month: str) -> str:
    return _shifted(datetime.fromisoformat(f"{month}-01T00:00:00+00:00"), 1)


def _shifted(at: datetime, months: int) -> str:
    """The month so many months later, of UTC as ``received`` is."""
    year, month, _ = stamp(at).split("-", 2)
    count = int(year) * 12 + int(month) - 1 + months
    return f"{count // 12:04}-{count % 12 + 1:02}"
