"""The customs office for programs."""

from __future__ import annotations

from typing import Final

from fastapi import Request, Response
from msgspec import Struct
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from packstation.server.access import limited
from packstation.server.bodies import answer, gives, uploads
from packstation.server.bodies import read as body_of
from packstation.server.customs import checks, packs
from packstation.server.customs.cases import desk
from packstation.server.customs.packs import Activation, Kept
from packstation.server.customs.preview import Preview, preview
from packstation.server.customs.queue import ORDERS_BY, Queue, queue
from packstation.server.customs.showing import here, read
from packstation.server.customs.signed import MOST
from packstation.server.customs.statistics import Stopper, stoppers
from packstation.server.office_routes import Reason
from packstation.server.routing import Route


class Rules(Struct, frozen=True, kw_only=True):
    """``version`` holds; ``packs`` are kept; ``stoppers`` by what benches said."""

    version: str
    packs: tuple[Kept, ...]
    activations: tuple[Activation, ...]
    stoppers: tuple[Stopper, ...]


class Uploaded(Struct, frozen=True, kw_only=True):
    """Where the kept pack is found."""

    sha256: str


class Activated(Struct, frozen=True, kw_only=True):
    """The version that holds now."""

    version: str


async def waiting(request: Request, site: str = "", by: str = "money") -> Response:
    """What stops parcels, by field of the catalogue; no buyer is named."""
    place = await here(request, site)
    by = by if by in ORDERS_BY else ORDERS_BY[0]
    home = place.site.currency
    return answer(await read(place, lambda connection: queue(connection, place.code, home, by)))


async def rules(request: Request, site: str = "") -> Response:
    """Rule packs, and which rule stops most orders."""
    place = await here(request, site)

    def look(connection: Connection) -> Rules:
        at = desk(connection, place.code, place.server.clock.now())
        return Rules(
            version=at.pack.version,
            packs=packs.kept(connection, place.code),
            activations=packs.activations(connection, place.code),
            stoppers=stoppers(connection, place.code, at.now.date()),
        )

    return answer(await read(place, look))


async def upload(request: Request, site: str = "") -> Response:
    """Keep a signed rule pack; it does not hold yet."""
    place = await here(request, site)
    content = await limited(request, MOST)
    sha256 = await run_in_threadpool(packs.upload, place.server, place.caller, place.code, content)
    return answer(Uploaded(sha256=sha256), 201)


async def tried(request: Request, sha256: str, site: str = "") -> Response:
    """What a kept pack would stop and free."""
    place = await here(request, site)
    return answer(
        await read(place, lambda connection: preview(place.server, connection, place.code, sha256))
    )


async def activate(request: Request, sha256: str, site: str = "") -> Response:
    """Let a kept pack hold; ``built-in`` is the program's own."""
    place = await here(request, site)
    why = body_of(await limited(request, 64 * 1024), Reason).reason
    chosen = packs.BUILT_IN if sha256 == "built-in" else sha256
    version = await run_in_threadpool(
        packs.activate, place.server, place.caller, place.code, chosen, why
    )
    checks.begin(place.server)
    return answer(Activated(version=version))


ROUTES: Final = (
    Route("GET", "/v1/customs/queue", waiting, gives(Queue)),
    Route("GET", "/v1/customs/rules", rules, gives(Rules)),
    Route("POST", "/v1/customs/packs", upload, uploads(Uploaded, "application/json", status=201)),
    Route("GET", "/v1/customs/packs/{sha256}/preview", tried, gives(Preview)),
    Route("POST", "/v1/customs/packs/{sha256}/activate", activate, gives(Activated, Reason)),
)
