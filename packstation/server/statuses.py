"""What each bench says of itself just now: replaceable, never a fact."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import and_, insert, update

from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.tables import STATUS

Short = Annotated[str, Meta(max_length=200)]


class DeviceStatus(Struct, frozen=True, kw_only=True):
    """``kind``: scanner, scale, label, papers, ...; ``state``: ok, asleep, fault, off."""

    kind: Short
    state: Short = "ok"
    cause: Short = ""


class Status(Struct, frozen=True, kw_only=True):
    """``step`` is the session's state; ``person`` the opaque badge id; ``labels_left`` or None."""

    person: Short = ""
    order: Short = ""
    step: Short = ""
    devices: Annotated[tuple[DeviceStatus, ...], Meta(max_length=32)] = ()
    app: Short = ""
    waiting: int = 0
    labels_left: int | None = None


def put(server: Server, caller: StationCaller, told: Status) -> None:
    """Replace what the bench said before."""
    where = and_(STATUS.c.site == caller.site, STATUS.c.station == caller.station)
    columns = {
        "at": stamp(server.clock.now()),
        "body": msgspec.json.encode(told).decode(),
    }
    with server.store.write() as connection:
        if connection.execute(update(STATUS).where(where).values(**columns)).rowcount == 0:
            row = {"site": caller.site, "station": caller.station, **columns}
            connection.execute(insert(STATUS).values(**row))
    server.bell.ring()
