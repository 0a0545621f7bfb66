"""The customs office for programs."""

from __future__ import annotations

from typing import Final

from fastapi import Request, Response

from packstation.server.bodies import answer, gives
from packstation.server.customs.queue import ORDERS_BY, Queue, queue
from packstation.server.customs.showing import here, read
from packstation.server.routing import Route


async def waiting(request: Request, site: str = "", by: str = "money") -> Response:
    """What stops parcels, by field of the catalogue; no buyer is named."""
    place = await here(request, site)
    by = by if by in ORDERS_BY else ORDERS_BY[0]
    home = place.site.currency
    return answer(await read(place, lambda connection: queue(connection, place.code, home, by)))


ROUTES: Final = (Route("GET", "/v1/customs/queue", waiting, gives(Queue)),)
