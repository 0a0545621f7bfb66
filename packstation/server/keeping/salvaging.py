"""Facts of a bench that is no more, read from its old disk and given in by who runs the server.

The chain is checked as in any push, a bench that was revoked counts too, and the trail says who
gave them in.
"""

from __future__ import annotations

import re
from typing import Final

from fastapi import Request, Response
from sqlalchemy import and_, insert, select
from starlette.concurrency import run_in_threadpool

from packstation.domain.psp import MAX_PUSH_BYTES, Push, PushAnswer
from packstation.server import audit, journal
from packstation.server.access import PersonCaller, StationCaller, limited
from packstation.server.bodies import answer, gives, plain
from packstation.server.core import Server
from packstation.server.keeping.tables import SALVAGE
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.routing import Route, person_of, server_of
from packstation.server.sites import site_for
from packstation.server.tables import STATION, STREAM

_NAME: Final = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,200}")


def take(
    server: Server, caller: PersonCaller, place: tuple[str, str, str], body: bytes, file: str = ""
) -> PushAnswer:
    """Take facts of the journal ``place`` (site, station, epoch); ``file``: what they lay in.

    Raises:
        Problem: 404 no such bench at this site; all that a push may be answered.
    """
    site, station, epoch = place
    with server.store.read() as connection:
        where = and_(STATION.c.site == site, STATION.c.station == station)
        if connection.scalar(select(STATION.c.station).where(where)) is None:
            raise Problem(404, "unknown_station", station)
    before = _hw(server, place)
    given = journal.push(
        server, StationCaller(site=site, station=station, epoch=epoch, gen=0), body
    )
    if given.hw > before:
        with server.store.write() as connection:
            span = {"first": before + 1, "last": given.hw}
            who = {"at": stamp(server.clock.now()), "who": caller.name, "file": file[:200]}
            key = {"site": site, "station": station, "epoch": epoch}
            connection.execute(insert(SALVAGE).values(**key, **span, **who))
            act = "station.salvage"
            audit.note(server, connection, caller, act, station, site=site, facts=span, file=file)
    return given


def _hw(server: Server, place: tuple[str, str, str]) -> int:
    site, station, epoch = place
    where = and_(STREAM.c.site == site, STREAM.c.station == station, STREAM.c.epoch == epoch)
    with server.store.read() as connection:
        return connection.scalar(select(STREAM.c.hw).where(where)) or 0


async def salvage(
    request: Request, station: str, epoch: str, site: str = "", file: str = ""
) -> Response:
    """Facts of a lost bench's disk: a push under its journal, by who runs the server."""
    for name, value in (("station", station), ("epoch", epoch), ("file", file or "-")):
        if not _NAME.fullmatch(value):
            raise Problem(422, "invalid", f"{name}: {value[:60]!r}; allowed: a name, up to 200")
    sent = await limited(request, MAX_PUSH_BYTES)
    body = plain(sent, request.headers.get("content-encoding", ""), MAX_PUSH_BYTES)
    server, caller = server_of(request), person_of(request)

    def run() -> PushAnswer:
        with server.store.read() as connection:
            where = site_for(connection, caller, site)
        return take(server, caller, (where, station, epoch), body, file)

    return answer(await run_in_threadpool(run))


ROUTES: Final = (Route("POST", "/v1/salvage/{station}/{epoch}", salvage, gives(PushAnswer, Push)),)
