"""Consignments: the office puts them together and hands them over, a broker answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from msgspec import Struct
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse

from packstation.domain.customs.clearance import CHANNELS, STATES, Record, Transition, following
from packstation.domain.customs.clearance import Step as Said
from packstation.server import blobs
from packstation.server.customs import brokers, consignments, mails, saying
from packstation.server.customs.brokers import Broker
from packstation.server.customs.consignments import side_of
from packstation.server.customs.saying import KINDS, At, Paper
from packstation.server.customs.showing import (
    Place,
    file_of,
    form_of,
    here,
    read,
    show,
    told,
    word,
)
from packstation.server.customs.taking import taken
from packstation.server.problems import Problem
from packstation.server.routing import Route

MOST_FILE: Final = 10 * 1024 * 1024
_ZIP: Final = "application/zip"


class Leg(Struct, frozen=True):
    """What may be said next of a leg's declaration."""

    leg: str
    next: tuple[Transition, ...]


async def list_page(request: Request, site: str = "") -> Response:
    """All that the reader may see."""
    place = await here(request, site)
    return await _list(request, place, {})


async def _list(
    request: Request, place: Place, more: Mapping[str, Any], status: int = 200
) -> Response:
    office = side_of(place.caller) == "office"

    def look(connection: Connection) -> dict[str, Any]:
        return {
            "found": consignments.all_of(connection, place.code, place.caller),
            "brokers": brokers.brokers(connection, place.code) if office else (),
        }

    context = await read(place, look)
    told_here = {
        "wrong": "",
        "orders": "",
        "name": "",
        "asked": None,
        "about": "",
        "key": place.server.ids.new(),
        **more,
    }
    return show(
        request,
        place,
        "customs/consignments.html",
        here="consignments",
        status=status,
        office=office,
        **context,
        **told_here,
    )


async def make(request: Request, site: str = "") -> Response:
    """Put orders together."""
    place = await here(request, site)
    form = await form_of(request)
    text, name = word(form, "orders", 40_000), word(form, "name", 100)
    try:
        key = await run_in_threadpool(
            consignments.make,
            place.server,
            place.caller,
            place.code,
            name,
            re.split(r"[\n,;]+", text),
            word(form, "key", 36),
        )
    except Problem as problem:
        about = "" if problem.code == "no_orders" else problem.detail  # its words have it already
        again = {"wrong": told(problem), "about": about, "orders": text, "name": name}
        return await _list(request, place, again, problem.status)
    return _to(place, key)


async def put_broker(request: Request, site: str = "") -> Response:
    """Store a broker and who speaks for it."""
    place = await here(request, site)
    form = await form_of(request)
    members = tuple(one.strip() for one in word(form, "members", 4000).splitlines() if one.strip())
    given = Broker(
        id=word(form, "broker", 64),
        name=word(form, "name", 100),
        email=word(form, "email", 320),
        members=members,
    )
    try:
        await run_in_threadpool(brokers.put, place.server, place.code, given)
    except Problem as problem:
        again = {"wrong": "customs.wrong.broker", "about": problem.detail, "asked": given}
        return await _list(request, place, again, problem.status)
    return RedirectResponse(f"/customs/consignments?{urlencode({'site': place.code})}", 303)


def _to(place: Place, key: str) -> Response:
    query = urlencode({"site": place.code, "id": key})
    return RedirectResponse(f"/customs/consignment?{query}", 303)


async def one_page(request: Request, id: str, site: str = "") -> Response:  # noqa: A002 - as in the address
    """A consignment."""
    place = await here(request, site)
    return await _one(request, place, id, {})


async def _one(
    request: Request, place: Place, key: str, more: Mapping[str, Any], status: int = 200
) -> Response:
    side = side_of(place.caller)

    def look(connection: Connection) -> dict[str, Any]:
        found = consignments.need(connection, place.code, place.caller, key)
        return {
            "one": found,
            "next": {leg.leg: following(Record(leg.state), side) for leg in found.legs},  # type: ignore[arg-type]
            "brokers": brokers.brokers(connection, place.code) if side == "office" else (),
            "mails": mails.shown(connection, place.code, place.caller, found),
            "address": brokers.address_of(connection, place.code, found.broker),
        }

    context = await read(place, look)
    sends = place.server.smtp is not None
    told_here = {"wrong": "", "about": "", "sends": sends, **more}
    told_here["typed"] = {**_UNTYPED, **more.get("typed", {})}
    return show(
        request,
        place,
        "customs/consignment.html",
        here="consignments",
        status=status,
        office=side == "office",
        may=place.caller.visit is not None,
        states=STATES,
        channels=CHANNELS,
        kinds=KINDS,
        **context,
        **told_here,
    )


async def acted(
    request: Request,
    place: Place,
    key: str,
    act: Callable[[], object],
    typed: Mapping[str, str] = {},
) -> Response:
    """Do something to a consignment, and show it again; where refused with what was ``typed``."""
    try:
        await run_in_threadpool(act)
    except Problem as problem:
        if problem.code not in WRONG:
            raise
        again = {"wrong": _wrong(problem), "about": _about(problem), "typed": typed}
        return await _one(request, place, key, again, problem.status)
    return _to(place, key)


# The inputs of a step and of a note, where nobody typed anything.
_UNTYPED: Final = dict.fromkeys(("leg", "to", "channel", "reference", "kind", "words"), "")
# Refusals that are told on the page of the consignment.
WRONG: Final = frozenset(
    {
        "blocked",
        "unknown_broker",
        "no_words",
        "step",
        "stepped",
        "moved",
        "too_large",
        "not_handed",
        "no_mail",
        "no_address",
    }
)


def _wrong(problem: Problem) -> str:
    why = str(problem.members.get("why", "state"))
    known = problem.code == "step" and why != "state"
    return f"customs.wrong.step.{why}" if known else f"customs.wrong.{problem.code}"


def _about(problem: Problem) -> str:
    return "" if problem.code == "step" else problem.detail


async def hand(request: Request, site: str = "") -> Response:
    """Hand over to a broker, or take back."""
    place = await here(request, site)
    form = await form_of(request)
    key, broker = word(form, "id", 64), word(form, "broker", 64)
    seen = word(form, "handed", 30) if "handed" in form else None
    return await acted(
        request,
        place,
        key,
        lambda: consignments.hand_over(place.server, place.caller, place.code, key, broker, seen),
    )


async def note(request: Request, site: str = "") -> Response:
    """A question, an answer or a note."""
    place = await here(request, site)
    form = await form_of(request)
    key, kind, words = word(form, "id", 64), word(form, "kind", 20), word(form, "words", 2000)
    return await acted(
        request,
        place,
        key,
        lambda: saying.say(place.server, place.caller, place.code, key, kind, words, _count(form)),
        {"kind": kind, "words": words},
    )


async def step(request: Request, site: str = "") -> Response:
    """A step of a declaration, with a file where there is one."""
    place = await here(request, site)
    form = await form_of(request)
    name, content = await file_of(form, "file", MOST_FILE)
    key, leg = word(form, "id", 64), word(form, "leg", 20)
    said = Said(
        to=word(form, "to", 20),  # type: ignore[arg-type]  # judged by the table of transitions
        side=side_of(place.caller),
        channel=word(form, "channel", 20),
        reference=word(form, "reference", 64),
        words=word(form, "words", 2000),
    )
    paper = Paper(name, content)
    return await acted(
        request,
        place,
        key,
        lambda: saying.declare(
            place.server, place.caller, place.code, key, At(leg, _count(form)), said, paper
        ),
        {
            "leg": leg,
            "to": said.to,
            "channel": said.channel,
            "reference": said.reference,
            "words": said.words,
        },
    )


def _count(form: FormData) -> int | None:
    """How many things of a kind the page had that a form was sent from."""
    text = word(form, "seen", 6)
    return int(text) if text.isascii() and text.isdigit() else None


async def take(request: Request, id: str, site: str = "") -> Response:  # noqa: A002 - as in the address
    """The package of data and papers."""
    place = await here(request, site)
    try:
        found, content = await taken(request, place, id)
    except Problem as problem:
        if problem.code not in {"not_handed", "data_changed"}:
            raise
        again = {"wrong": f"customs.wrong.{problem.code}", "about": problem.detail}
        return await _one(request, place, id, again, problem.status)
    return download(content, f"{found.name}.zip", _ZIP)


async def paper(request: Request, id: str, sha256: str, site: str = "") -> Response:  # noqa: A002 - as in the address
    """A file that came with a step."""
    place = await here(request, site)

    def find(connection: Connection) -> str:
        found = consignments.need(connection, place.code, place.caller, id)
        return consignments.file_of(found, sha256)

    name = await read(place, find)
    blob = await run_in_threadpool(blobs.get, place.server, place.code, sha256)
    return download(blob.content, name, blob.media)


def download(content: bytes, name: str, media: str) -> Response:
    """A file to be kept, never to be shown: what is in it comes from elsewhere."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)[:80].lstrip(".") or "file"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name[:80], safe='')}"
    return Response(content, media_type=media, headers={"Content-Disposition": disposition})


ROUTES: Final = (
    Route("GET", "/customs/consignments", list_page),
    Route("POST", "/customs/consignments", make),
    Route("POST", "/customs/brokers", put_broker),
    Route("GET", "/customs/consignment", one_page),
    Route("POST", "/customs/consignment/hand", hand),
    Route("POST", "/customs/consignment/note", note),
    Route("POST", "/customs/consignment/step", step),
    Route("GET", "/customs/consignment/package", take),
    Route("GET", "/customs/consignment/file", paper),
)
