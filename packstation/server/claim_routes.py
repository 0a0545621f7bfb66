"""Claims over HTTP: what benches ask for, and the order that a person takes away from one."""

from __future__ import annotations

from typing import Final

from fastapi import Request, Response
from msgspec import Struct
from starlette.concurrency import run_in_threadpool

from packstation.domain import psp
from packstation.server import claims
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
        return TakenAway(order=order, bench=claims.take_away(server, place, order, caller.name))

    return answer(await run_in_threadpool(run))


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
OFFICE: Final = (Route("POST", "/v1/orders/{order}/take-away", take_away, gives(TakenAway)),)
