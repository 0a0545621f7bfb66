"""The word that benches trust their list of people by, and shifts that went on without it.

A row of the site says until when the list holds (``domain.staffing``). It is renewed when a
bench asks for changes and the last one is an hour old, so that it costs a write an hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, exists, select

from packstation.domain.packing.staff_facts import OfflineShiftOpened
from packstation.domain.staffing import HOLDS, LIST, ROW, StaffList
from packstation.server import audit
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.folds import Step
from packstation.server.keeping.tables import AUDIT
from packstation.server.moments import moment, stamp
from packstation.server.rows import put_row, row_body
from packstation.server.tables import PERSON, STATION

RENEWED: Final = timedelta(hours=1)
_ACT: Final = "shift.offline"
_SHOWN: Final = 20


class OpenedShift(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """A shift that a supervisor opened at a bench whose list was too old."""

    at: str
    bench: str
    by: str
    until: str = ""
    listed: str = ""


def renew(server: Server, site: str) -> None:
    """Say that the list of people holds from now on, where that was last said an hour ago."""
    now = server.clock.now()
    with server.store.read() as connection:
        if not _due(connection, site, now - RENEWED):
            return
    with server.store.write() as connection:
        if _due(connection, site, now - RENEWED):
            body = StaffList(at=stamp(now), until=stamp(now + HOLDS))
            put_row(server, connection, site, ROW, LIST, body)


def _due(connection: Connection, site: str, since: object) -> bool:
    """Whether it was not said since; a site without people has no list."""
    body = row_body(connection, site, ROW, LIST)
    if body is not None:
        return moment(msgspec.json.decode(body, type=StaffList).at) < since  # type: ignore[operator]
    return bool(connection.scalar(select(exists().where(PERSON.c.site == site))))


def note(
    server: Server, connection: Connection, caller: StationCaller, steps: Iterable[Step]
) -> None:
    """Shifts that benches opened by themselves stand in the trail of acts too."""
    for step in steps:
        fact = step.fact
        if isinstance(fact, OfflineShiftOpened):
            said = {"by": fact.by, "until": fact.until, "listed": fact.listed}
            audit.note(
                server, connection, caller, _ACT, caller.station, change=(None, said), **said
            )


def opened(connection: Connection, site: str) -> tuple[OpenedShift, ...]:
    """The last of them, the newest first."""
    names = {
        row.station: row.name
        for row in connection.execute(
            select(STATION.c.station, STATION.c.name).where(STATION.c.site == site)
        )
    }
    where = and_(AUDIT.c.site == site, AUDIT.c.act == _ACT)
    rows = connection.execute(select(AUDIT).where(where).order_by(AUDIT.c.n.desc()).limit(_SHOWN))
    return tuple(_shown(row.at, names.get(row.thing, row.thing), row.more) for row in rows)


def _shown(at: str, bench: str, more: str) -> OpenedShift:
    said = msgspec.json.decode(more, type=dict[str, str]) if more else {}
    listed, until = (_time(said.get(name, "")) for name in ("listed", "until"))
    return OpenedShift(at=at, bench=bench, by=said.get("by", ""), until=until, listed=listed)


def _time(text: str) -> str:
    """A time that a bench wrote; "" where it is none."""
    try:
        moment(text)
    except ValueError:
        return ""
    return text
