"""Tariffs over HTTP: publish, list the versions, read one as it was signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, TypeVar

from fastapi import Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from packstation.domain.tariffs import Tariff
from packstation.server import tariffs
from packstation.server.access import limited
from packstation.server.bodies import answer, gives, plain
from packstation.server.problems import Problem
from packstation.server.routing import Route, person_of, server_of
from packstation.server.sites import site_for

T = TypeVar("T")
MOST: Final = 4 * 1024 * 1024


async def publish(request: Request, site: str = "", accept: str = "") -> Response:
    """Publish a version; ``accept`` names findings that are meant, with commas between them."""
    sent = await limited(request, MOST)
    content = plain(sent, request.headers.get("content-encoding", ""), MOST)
    server, caller = server_of(request), person_of(request)
    waived = frozenset(word.strip() for word in accept.split(",") if word.strip())
    if waived - tariffs.WAIVABLE:
        allowed = ", ".join(sorted(tariffs.WAIVABLE))
        raise Problem(422, "invalid", f"accept: {', '.join(sorted(waived))}; allowed: {allowed}")
    place = await _read(request, lambda connection: site_for(connection, caller, site))
    done = await run_in_threadpool(tariffs.publish, server, caller, place, content, waived)
    return answer(done)


async def versions(request: Request, site: str = "", on: str = "") -> Response:
    """Every version that was published, or those that hold on a day."""
    caller = person_of(request)
    if on:
        try:
            date.fromisoformat(on)
        except ValueError as exc:
            raise Problem(422, "invalid", f"on: {on[:40]}; allowed: a day (2026-12-01)") from exc
    return answer(
        await _read(
            request,
            lambda connection: tariffs.versions(connection, site_for(connection, caller, site), on),
        )
    )


async def version(
    request: Request, carrier: str, service: str, version: str, site: str = ""
) -> Response:
    """A version as it was signed."""
    caller = person_of(request)

    def look(connection: Connection) -> tariffs.Signed:
        place = site_for(connection, caller, site)
        return tariffs.version_of(connection, place, carrier, service, version)

    return answer(await _read(request, look))


async def _read(request: Request, look: Callable[[Connection], T]) -> T:
    server = server_of(request)

    def run() -> T:
        with server.store.read() as connection:
            return look(connection)

    return await run_in_threadpool(run)


ROUTES: Final = (
    Route("GET", "/v1/tariffs", versions, gives(tariffs.Listed)),
    Route("POST", "/v1/tariffs", publish, gives(tariffs.Answer, Tariff)),
    Route("GET", "/v1/tariffs/{carrier}/{service}/{version}", version, gives(tariffs.Signed)),
)
