"""Claims over HTTP: what benches ask for, and the order that a person takes away from one."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

import msgspec
from fastapi import Request, Response
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from packstation.domain import psp
from packstation.server import claims, conflicts
from packstation.server.bodies import answer, gives, plain, read
from packstation.server.routing import Route, person_of, server_of, station_of
from packstation.server.sites import site_for


class TakenAway(Struct, frozen=True, kw_only=True):
    """The order, and the bench that had it."""

    order: str
    bench: str


async def _content(request: Request) -> bytes:
    encoding = request.headers.get("content-encoding", "")
    return plain(await request.body(), encoding, psp.MAX_PUSH_BYTES)


async def claim(request: Request) -> Response:
    """Claim orders by name, or the next of the queue; what is not given says why."""
    asked = read(await _content(request), psp.ClaimRequest)
    return answer(
        await run_in_threadpool(claims.claim, server_of(request), station_of(request), asked)
    )


async def renew(request: Request) -> Response:
    """Keep claims alive."""
    told = read(await _content(request), psp.ClaimsHeld)
    return answer(
        await run_in_threadpool(claims.renew, server_of(request), station_of(request), told)
    )


async def release(request: Request) -> Response:
    """Let claims go that are not needed."""
    told = read(await _content(request), psp.ClaimsHeld)
    return answer(
        await run_in_threadpool(claims.release, server_of(request), station_of(request), told)
    )


async def checkpoint(request: Request, order: str) -> Response:
    """Before a label: whether the order is as the bench knows it, and still the bench's."""
    asked = read(await _content(request), psp.Checkpoint)
    server, caller = server_of(request), station_of(request)
    return answer(await run_in_threadpool(claims.checkpoint, server, caller, order, asked))


async def take_away(request: Request, order: str, site: str = "") -> Response:
    """Take an order away from the bench that has it; it stops there at the next scan."""
    server, caller = server_of(request), person_of(request)

    def run() -> TakenAway:
        with server.store.read() as connection:
            place = site_for(connection, caller, site)
        return TakenAway(order=order, bench=claims.take_away(server, place, order, caller))

    return answer(await run_in_threadpool(run))


class ConflictRow(Struct, frozen=True, kw_only=True):
    """A parcel that must not leave as it is: duplicate_pack, packed_after_cancel, relabel_required.

    ``stands``: the bench whose parcel of the order is the right one. ``voided``: what became of
    the label: asked, yes, no, or "" where a bench has to void it.
    """

    session: str
    order: str
    kind: str
    bench: str
    waybills: tuple[str, ...]
    since: str
    stands: str = ""
    voided: str = ""


class Conflicts(Struct, frozen=True, kw_only=True):
    """All of a site, the oldest first."""

    site: str
    conflicts: tuple[ConflictRow, ...]


async def open_conflicts(request: Request, site: str = "") -> Response:
    """Parcels that must not leave as they are."""
    server, caller = server_of(request), person_of(request)

    def run() -> Conflicts:
        with server.store.read() as connection:
            place = site_for(connection, caller, site)
            names = conflicts.bench_names(connection, place)
            found = tuple(
                ConflictRow(
                    session=row.session,
                    order=row.order,
                    kind=row.kind,
                    bench=names.get(row.station, ""),
                    waybills=tuple(msgspec.json.decode(row.waybills)),
                    since=row.since,
                    stands=names.get(row.stands, ""),
                    voided=row.voided,
                )
                for row in conflicts.shown(connection, place)
            )
        return Conflicts(site=place, conflicts=found)

    return answer(await run_in_threadpool(run))


async def parcel_done(request: Request, session: str) -> Response:
    """A supervisor says at the floor page that it is done."""
    server, caller = server_of(request), person_of(request)
    order = await run_in_threadpool(conflicts.say_done, server, caller, session)
    return RedirectResponse(f"/floor#{quote(order)}", 303)


ROUTES: Final = (
    Route("POST", "/v1/claims", claim, gives(psp.ClaimAnswer, psp.ClaimRequest)),
    Route("POST", "/v1/claims/renew", renew, gives(psp.ClaimAnswer, psp.ClaimsHeld)),
    Route("POST", "/v1/claims/release", release, gives(psp.ClaimAnswer, psp.ClaimsHeld)),
    Route(
        "POST",
        "/v1/orders/{order}/checkpoint",
        checkpoint,
        gives(psp.CheckpointAnswer, psp.Checkpoint),
    ),
)
OFFICE: Final = (
    Route("POST", "/v1/orders/{order}/take-away", take_away, gives(TakenAway)),
    Route("GET", "/v1/conflicts", open_conflicts, gives(Conflicts)),
)
PAGES: Final = (Route("POST", "/floor/parcels/{session}/done", parcel_done),)
