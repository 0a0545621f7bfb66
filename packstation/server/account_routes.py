"""Accounts at carriers over HTTP: who runs the server puts them in; nobody reads a credential."""

from __future__ import annotations

from typing import Final

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from packstation.server import accounts
from packstation.server.access import limited
from packstation.server.bodies import NOTHING, answer, gives, read, takes
from packstation.server.routing import Route, person_of, server_of
from packstation.server.sites import site_for

MOST: Final = 512 * 1024


async def carriers(request: Request, site: str = "") -> Response:
    """The accounts of a site, with the names of their credentials."""
    server, caller = server_of(request), person_of(request)

    def look() -> accounts.Accounts:
        with server.store.read() as connection:
            return accounts.listed(connection, site_for(connection, caller, site))

    return answer(await run_in_threadpool(look))


async def put_carrier(request: Request, carrier: str, site: str = "") -> Response:
    """Keep an account; a credential that is not given stays what it was."""
    given = read(await limited(request, MOST), accounts.AccountGiven)
    server, caller = server_of(request), person_of(request)

    def put() -> accounts.Account:
        with server.store.read() as connection:
            place = site_for(connection, caller, site)
        return accounts.put(server, caller, place, carrier, given)

    return answer(await run_in_threadpool(put))


async def drop_carrier(request: Request, carrier: str, site: str = "") -> Response:
    """Forget an account and its credentials."""
    server, caller = server_of(request), person_of(request)

    def drop() -> None:
        with server.store.read() as connection:
            place = site_for(connection, caller, site)
        accounts.drop(server, caller, place, carrier)

    await run_in_threadpool(drop)
    return Response(status_code=204)


async def unknown_keys(request: Request, carrier: str, site: str = "") -> Response:
    """Purchases that left for a carrier which cannot be asked, and got no answer."""
    server, caller = server_of(request), person_of(request)

    def look() -> accounts.Unknown:
        with server.store.read() as connection:
            place = site_for(connection, caller, site)
        return accounts.unknown(server, place, carrier)

    return answer(await run_in_threadpool(look))


async def settle_key(request: Request, carrier: str, site: str = "") -> Response:
    """Say what a person found on the carrier's own pages."""
    given = read(await limited(request, MOST), accounts.Settled)
    server, caller = server_of(request), person_of(request)

    def settle() -> None:
        with server.store.read() as connection:
            place = site_for(connection, caller, site)
        accounts.settle(server, caller, place, carrier, given)

    await run_in_threadpool(settle)
    return Response(status_code=204)


ROUTES: Final = (
    Route("GET", "/v1/carriers/{carrier}/unknown", unknown_keys, gives(accounts.Unknown)),
    Route("POST", "/v1/carriers/{carrier}/settle", settle_key, takes(accounts.Settled)),
    Route("GET", "/v1/carriers", carriers, gives(accounts.Accounts)),
    Route(
        "PUT",
        "/v1/carriers/{carrier}",
        put_carrier,
        gives(accounts.Account, accounts.AccountGiven),
    ),
    Route("DELETE", "/v1/carriers/{carrier}", drop_carrier, NOTHING),
)
