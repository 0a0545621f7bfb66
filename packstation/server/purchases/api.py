"""Accounts as they stand, and purchases in trouble, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from packstation.server.access import PersonCaller, limited
from packstation.server.bodies import answer, gives, read
from packstation.server.core import Server
from packstation.server.problems import Problem
from packstation.server.purchases import settling, standing, trouble
from packstation.server.routing import Route, person_of, server_of
from packstation.server.sites import site_for

MOST: Final = 64 * 1024
T = TypeVar("T")
Act = Callable[[Server, PersonCaller, str], T]


async def _at(request: Request, site: str, act: Act[T]) -> T:
    """What ``act`` answers at the caller's site."""
    server, caller = server_of(request), person_of(request)

    def run() -> T:
        with server.store.read() as connection:
            place = site_for(connection, caller, site)
        return act(server, caller, place)

    return await run_in_threadpool(run)


async def standings(request: Request, site: str = "") -> Response:
    """Accounts with what their carriers said last."""

    def look(server: Server, _: PersonCaller, place: str) -> standing.Standings:
        with server.store.read() as connection:
            return standing.listed(connection, place)

    return answer(await _at(request, site, look))


async def attempt(request: Request, carrier: str, site: str = "") -> Response:
    """Ask the carrier something that costs nothing."""
    return answer(
        await _at(request, site, lambda *at: standing.attempt(at[0], at[1], at[2], carrier))
    )


async def shut(request: Request, carrier: str, site: str = "") -> Response:
    """Buy nothing new by an account, or buy again."""
    given = read(await limited(request, MOST), standing.Shutting)
    return answer(
        await _at(request, site, lambda *at: standing.shut(at[0], at[1], at[2], carrier, given))
    )


async def in_trouble(
    request: Request, site: str = "", carrier: str = "", kind: str = ""
) -> Response:
    """Purchases that are no label: unknown, being taken back, without file or number, refused."""
    if kind not in {"", *trouble.KINDS}:
        raise Problem(422, "invalid", f"kind: {kind[:40]}; allowed: {', '.join(trouble.KINDS)}")

    def look(server: Server, _: PersonCaller, place: str) -> trouble.Purchases:
        with server.store.read() as connection:
            return trouble.listed(connection, place, server.clock.now(), carrier, kind)

    return answer(await _at(request, site, look))


async def ask(request: Request, site: str = "") -> Response:
    """Ask the carrier now what a key bought."""
    given = read(await limited(request, MOST), settling.Asked)
    return answer(
        await _at(request, site, lambda *at: settling.ask(at[0], at[1], at[2], given.key))
    )


async def settle(request: Request, site: str = "") -> Response:
    """Say what a person found on the carrier's own pages, and why it is so."""
    given = read(await limited(request, MOST), settling.Settled)
    return answer(await _at(request, site, lambda *at: settling.settle(at[0], at[1], at[2], given)))


ROUTES: Final = (
    Route("GET", "/v1/carriers/standing", standings, gives(standing.Standings)),
    Route("POST", "/v1/carriers/{carrier}/attempt", attempt, gives(standing.Tried)),
    Route(
        "POST",
        "/v1/carriers/{carrier}/shut",
        shut,
        gives(standing.Standing, standing.Shutting),
    ),
    Route("GET", "/v1/purchases", in_trouble, gives(trouble.Purchases)),
    Route("POST", "/v1/purchases/ask", ask, gives(settling.Came, settling.Asked)),
    Route("POST", "/v1/purchases/settle", settle, gives(settling.Came, settling.Settled)),
)
