"""The device profile of each bench, as it last said: a new PC takes it over by the name."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec
from fastapi import Request, Response
from sqlalchemy import and_, insert, select, update
from starlette.concurrency import run_in_threadpool

from packstation.domain.bench_profile import Profile
from packstation.server.access import StationCaller, limited
from packstation.server.bodies import answer, gives, plain, read, takes
from packstation.server.core import Server
from packstation.server.keeping.tables import PROFILE
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.routing import Route, server_of, station_of
from packstation.server.tables import STATION

MOST: Final = 256 * 1024


def put(server: Server, caller: StationCaller, profile: Profile) -> None:
    """Keep what a bench says of its devices; the same again changes nothing."""
    body = msgspec.json.encode(profile).decode()
    sha256 = hashlib.sha256(body.encode()).hexdigest()
    where = and_(PROFILE.c.site == caller.site, PROFILE.c.station == caller.station)
    columns = {"at": stamp(server.clock.now()), "sha256": sha256, "body": body}
    with server.store.write() as connection:
        known = connection.scalar(select(PROFILE.c.sha256).where(where))
        if known is None:
            key = {"site": caller.site, "station": caller.station}
            connection.execute(insert(PROFILE).values(**key, **columns))
        elif known != sha256:
            connection.execute(update(PROFILE).where(where).values(**columns))


def of_bench(server: Server, site: str, bench: str) -> Profile:
    """The newest profile of a bench by its name, whichever PC told it.

    Raises:
        Problem: 404, no bench of that name has told one.
    """
    same = and_(STATION.c.site == PROFILE.c.site, STATION.c.station == PROFILE.c.station)
    where = and_(PROFILE.c.site == site, STATION.c.name == bench)
    newest = select(PROFILE.c.body).join(STATION, same).where(where)
    with server.store.read() as connection:
        body = connection.scalar(newest.order_by(PROFILE.c.at.desc()).limit(1))
    if body is None:
        raise Problem(404, "unknown_bench", bench[:60])
    return msgspec.json.decode(body, type=Profile)


async def put_profile(request: Request) -> Response:
    """What this bench's devices are; replaces what it said before."""
    sent = await limited(request, MOST)
    told = read(plain(sent, request.headers.get("content-encoding", ""), MOST), Profile)
    await run_in_threadpool(put, server_of(request), station_of(request), told)
    return Response(status_code=204)


async def get_profile(request: Request, bench: str) -> Response:
    """The devices of the bench of this name, for a PC that takes over."""
    if not bench.isprintable():
        raise Problem(404, "unknown_bench")
    server, site = server_of(request), station_of(request).site
    return answer(await run_in_threadpool(of_bench, server, site, bench))


ROUTES: Final = (
    Route("PUT", "/v1/profile", put_profile, takes(Profile)),
    Route("GET", "/v1/profile", get_profile, gives(Profile)),
)
