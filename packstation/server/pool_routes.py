"""How the numbers of each service stand: a page for whoever buys more, and the same as JSON."""

from __future__ import annotations

from typing import Final

from fastapi import Request, Response
from msgspec import Struct

from packstation.server import ledger
from packstation.server.bodies import answer, gives
from packstation.server.customs.showing import here, read, show
from packstation.server.routing import Route


class Pools(Struct, frozen=True, kw_only=True):
    """All services of a site."""

    site: str
    pools: tuple[ledger.Standing, ...]


async def pools_page(request: Request, site: str = "") -> Response:
    """The page."""
    place = await here(request, site)
    now = place.server.clock.now()
    found = await read(place, lambda connection: ledger.standings(connection, place.code, now))
    return show(request, place, "pools.html", here="pools", pools=found)


async def pools_state(request: Request, site: str = "") -> Response:
    """Free, leased, used, voided and lapsed numbers of each service."""
    place = await here(request, site)
    now = place.server.clock.now()
    found = await read(place, lambda connection: ledger.standings(connection, place.code, now))
    return answer(Pools(site=place.code, pools=found))


PAGES: Final = (Route("GET", "/pools", pools_page),)
ROUTES: Final = (Route("GET", "/v1/pools", pools_state, gives(Pools)),)
