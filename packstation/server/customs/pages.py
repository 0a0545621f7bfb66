"""The review queue and what is mended from it: one SKU, one order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request, Response
from msgspec import Struct
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from packstation.domain.errors import InputInvalid
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.customs import checks, due, editing, fixes, forms
from packstation.server.customs.cases import desk
from packstation.server.customs.editing import Judged, Saved
from packstation.server.customs.queue import ORDERS_BY, Queue, queue
from packstation.server.customs.showing import (
    Place,
    form_of,
    here,
    part,
    read,
    show,
    told,
    word,
)
from packstation.server.problems import Problem
from packstation.server.routing import Route

EVERY: Final = timedelta(minutes=30)


class Thing(Struct, frozen=True):
    """What is mended: how it is read, judged and saved."""

    t: str
    groups: tuple[forms.Group, ...]
    find: Callable[[Connection, str, str], tuple[dict[str, Any], int]]
    judge: Callable[[Server, Connection, str, str, Mapping[str, Any]], Judged]
    save: Callable[..., Saved]


SKU: Final = Thing("sku", forms.SKU, editing.product_of, editing.judge_sku, editing.save_sku)
ORDER: Final = Thing(
    "order", forms.ORDER, editing.order_of, editing.judge_order, editing.save_order
)


# --- the queue -------------------------------------------------------------------------------


async def queue_page(request: Request, site: str = "", by: str = "money") -> Response:
    """Everything that stops parcels."""
    place = await here(request, site)
    await run_in_threadpool(_daily, place)
    by = by if by in ORDERS_BY else ORDERS_BY[0]
    found = await read(
        place, lambda connection: queue(connection, place.code, place.site.currency, by)
    )
    return show(request, place, "customs/queue.html", here="queue", **_queue(found, by))


async def queue_rows(
    request: Request, site: str = "", by: str = "money", have: str = ""
) -> Response:
    """The rows anew, where they are others than the page has."""
    place = await here(request, site)
    by = by if by in ORDERS_BY else ORDERS_BY[0]
    found = await read(
        place, lambda connection: queue(connection, place.code, place.site.currency, by)
    )
    context = _queue(found, by)
    if context["have"] == have:
        return Response(status_code=204)
    return part(request, place, "customs/rows.html", **context)


def _queue(found: Queue, by: str) -> dict[str, Any]:
    have = hashlib.sha256(repr(found).encode()).hexdigest()[:16]
    return {"queue": found, "by": by, "have": have}


def _daily(place: Place) -> None:
    """Rules begin and end on days: orders of yesterday are checked again."""
    server = place.server
    now = server.clock.now()
    if server.desk.due(f"customs.day/{place.code}", now, EVERY):
        with server.store.write() as connection:
            due.older(connection, place.code, desk(connection, place.code, now).day)
            fixes.forget(connection, place.code, now)
        checks.begin(server)


# --- one thing to mend -----------------------------------------------------------------------


async def sku_page(
    request: Request,
    id: str,  # noqa: A002 - as it stands in the address
    site: str = "",
    released: int = -1,
    parcels: int = 0,
    waiting: int = 0,
    later: int = 0,
) -> Response:
    """A SKU with its findings and history."""
    told = Saved(released=released, parcels=parcels, waiting=waiting, later=later)
    saved = told if released >= 0 else None
    return await _page(request, SKU, id, site, saved)


async def order_page(
    request: Request,
    id: str,  # noqa: A002 - as it stands in the address
    site: str = "",
    released: int = -1,
    parcels: int = 0,
    waiting: int = 0,
    later: int = 0,
) -> Response:
    """An order with its findings; for those who may change it."""
    told = Saved(released=released, parcels=parcels, waiting=waiting, later=later)
    saved = told if released >= 0 else None
    return await _page(request, ORDER, id, site, saved)


async def _page(
    request: Request, thing: Thing, key: str, site: str, saved: Saved | None
) -> Response:
    place = await here(request, site)
    return await _shown(request, place, thing, key, {"saved": saved})


async def _shown(
    request: Request,
    place: Place,
    thing: Thing,
    key: str,
    told_here: Mapping[str, Any],
    sent: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    def look(connection: Connection) -> dict[str, Any]:
        raw, rev = thing.find(connection, place.code, key)
        judged = thing.judge(place.server, connection, place.code, key, sent or {})
        kept = forms.put(raw, forms.changed(raw, sent or {}))
        return {
            "inputs": {f.path: forms.shown(kept, f) for f in forms.fields_of(thing.groups)},
            "rev": rev,
            "judged": judged,
            "history": editing.history(connection, place.code, thing.t, key),
        }

    context = await read(place, look)
    more = {"saved": None, "wrong": "", "why": "", **told_here}
    return show(
        request,
        place,
        "customs/mend.html",
        here="queue",
        status=status,
        t=thing.t,
        key=key,
        groups=thing.groups,
        sent=forms.SENT,
        **context,
        **more,
    )


async def lint_sku(request: Request, site: str = "") -> Response:
    """The findings of what is typed so far."""
    return await _lint(request, SKU, site)


async def lint_order(request: Request, site: str = "") -> Response:
    """The findings of what is typed so far."""
    return await _lint(request, ORDER, site)


async def _lint(request: Request, thing: Thing, site: str) -> Response:
    place = await here(request, site)
    form = await form_of(request)
    values, key = forms.given(form, thing.groups), word(form, "id")
    judged = await read(
        place, lambda connection: thing.judge(place.server, connection, place.code, key, values)
    )
    found = {"judged": judged, "t": thing.t, "sent": forms.SENT}
    return part(request, place, "customs/findings.html", **found)


async def save_sku(request: Request, site: str = "") -> Response:
    """Write a SKU."""
    return await _save(request, SKU, site)


async def save_order(request: Request, site: str = "") -> Response:
    """Write an order."""
    return await _save(request, ORDER, site)


async def _save(request: Request, thing: Thing, site: str) -> Response:
    place = await here(request, site)
    form = await form_of(request)
    values, key, why = forms.given(form, thing.groups), word(form, "id"), word(form, "why")
    rev = int(word(form, "rev", 12)) if word(form, "rev", 12).isdecimal() else -1

    def save() -> Saved:
        caller: PersonCaller = place.caller
        return thing.save(place.server, caller, place.code, key, values, rev=rev, why=why)

    try:
        done = await run_in_threadpool(save)
    except InputInvalid:
        return await _shown(request, place, thing, key, {"why": why}, values, 422)
    except Problem as problem:
        again = {"wrong": told(problem), "why": why}
        kept = values if problem.code == "reason" else None
        return await _shown(request, place, thing, key, again, kept, problem.status)
    query = {
        "id": key,
        "site": place.code,
        "released": done.released,
        "parcels": done.parcels,
        "waiting": done.waiting,
        "later": done.later,
    }
    return RedirectResponse(f"/customs/{thing.t}?{urlencode(query)}", 303)


ROUTES: Final = (
    Route("GET", "/customs", queue_page),
    Route("GET", "/customs/rows", queue_rows),
    Route("GET", "/customs/sku", sku_page),
    Route("POST", "/customs/sku", save_sku),
    Route("POST", "/customs/sku/lint", lint_sku),
    Route("GET", "/customs/order", order_page),
    Route("POST", "/customs/order", save_order),
    Route("POST", "/customs/order/lint", lint_order),
)
