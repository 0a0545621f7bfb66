"""Carriers' invoices over HTTP: take one in, ask for charges, keep a carrier's map."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, TypeVar

from fastapi import Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from packstation.domain.costs.explaining import KINDS
from packstation.domain.costs.maps import InvoiceMap
from packstation.server.access import limited
from packstation.server.bodies import answer, gives, plain, uploads
from packstation.server.core import Server
from packstation.server.costs import listing, maps, taking
from packstation.server.costs.judging import settle
from packstation.server.problems import Problem
from packstation.server.routing import Route, person_of, server_of
from packstation.server.sites import site_for

T = TypeVar("T")
MOST: Final = 16 * 1024 * 1024
MOST_MAP: Final = 256 * 1024


async def take(
    request: Request,
    carrier: str = "",
    invoice: str = "",
    currency: str = "",
    name: str = "",
    site: str = "",
    replace: str = "",
) -> Response:
    """Take an invoice in; ``replace=1``: its figures take the place of known ones."""
    sent = await limited(request, MOST)
    content = plain(sent, request.headers.get("content-encoding", ""), MOST)
    server, caller = server_of(request), person_of(request)
    given = taking.Given(
        carrier=carrier,
        content=content,
        name=name,
        invoice=invoice,
        currency=currency,
        again=replace == "1",
    )
    place = await _site(request, site)
    return answer(await run_in_threadpool(taking.take, server, caller, place, given))


async def charges(request: Request, site: str = "", page: int = 1) -> Response:
    """Charges with their verdicts, the largest difference first."""
    place, server = await _site(request, site), server_of(request)
    wanted = asked(request)
    await run_in_threadpool(settle, server, place)
    found = await read(server, lambda one: listing.listed(one, place, wanted, page))
    return answer(found)


async def known_maps(request: Request, site: str = "") -> Response:
    """Carriers whose invoices can be read."""
    place, server = await _site(request, site), server_of(request)
    found = await read(server, lambda one: maps.known(one, place))
    return answer(maps.Maps(maps=found))


async def keep_map(request: Request, site: str = "") -> Response:
    """Keep a carrier's map."""
    sent = await limited(request, MOST_MAP)
    content = plain(sent, request.headers.get("content-encoding", ""), MOST_MAP)
    server, caller = server_of(request), person_of(request)
    place = await _site(request, site)
    return answer(await run_in_threadpool(maps.keep, server, caller, place, content))


def asked(request: Request) -> listing.Filter:
    """The filter of an address.

    Raises:
        Problem: 422, no kind or no day.
    """
    said = {
        name: request.query_params.get(name, "").strip()[:200]
        for name in listing.Filter.__struct_fields__
    }
    if said["kind"] not in {"", listing.OFF, *KINDS}:
        allowed = ", ".join((listing.OFF, *KINDS))
        raise Problem(422, "invalid", f"kind: {said['kind'][:40]}; allowed: {allowed}")
    for name in ("since", "until"):
        try:
            _ = said[name] and date.fromisoformat(said[name])
        except ValueError as exc:
            words = f"{name}: {said[name][:40]}; allowed: a day (2026-11-30)"
            raise Problem(422, "invalid", words) from exc
    return listing.Filter(**said)


async def _site(request: Request, site: str) -> str:
    caller = person_of(request)
    return await read(server_of(request), lambda one: site_for(one, caller, site))


async def read(server: Server, look: Callable[[Connection], T]) -> T:
    """What ``look`` reads."""

    def run() -> T:
        with server.store.read() as connection:
            return look(connection)

    return await run_in_threadpool(run)


ROUTES: Final = (
    Route(
        "POST",
        "/v1/costs/invoices",
        take,
        uploads(taking.Taken, "text/csv", "application/octet-stream"),
    ),
    Route("GET", "/v1/costs", charges, gives(listing.Listed)),
    Route("GET", "/v1/costs/maps", known_maps, gives(maps.Maps)),
    Route("POST", "/v1/costs/maps", keep_map, gives(maps.Kept, InvoiceMap)),
)
