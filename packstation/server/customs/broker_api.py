"""Consignments for programs: the office's and a broker's own."""

from __future__ import annotations

import base64
from typing import Annotated, Final

from fastapi import Request, Response
from msgspec import Meta, Struct
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from packstation.domain.customs.clearance import Record, State
from packstation.domain.customs.clearance import Step as Said
from packstation.server import blobs
from packstation.server.access import limited
from packstation.server.bodies import answer, gives, sends
from packstation.server.bodies import read as body_of
from packstation.server.customs import brokers, consignments, saying
from packstation.server.customs.broker_pages import MOST_FILE, download
from packstation.server.customs.brokers import Broker
from packstation.server.customs.consignments import Consignment, side_of
from packstation.server.customs.saying import At, Kind, Paper
from packstation.server.customs.showing import here, read
from packstation.server.customs.taking import taken
from packstation.server.problems import Problem
from packstation.server.routing import Route

SMALL: Final = 1024 * 1024


class Brokers(Struct, frozen=True, kw_only=True):
    """All of a site."""

    brokers: tuple[Broker, ...] = ()


class Consignments(Struct, frozen=True, kw_only=True):
    """Those that the caller may see, the newest first."""

    consignments: tuple[Consignment, ...] = ()


class NewConsignment(Struct, frozen=True, kw_only=True):
    """Orders to be put together; ``key``: a UUID of one's own, so that asking twice makes one."""

    orders: Annotated[tuple[str, ...], Meta(min_length=1, max_length=consignments.MOST_ORDERS)]
    name: str = ""
    key: str = ""


class HandOver(Struct, frozen=True, kw_only=True):
    """The broker that gets it; "" takes it back."""

    broker: str


class NewNote(Struct, frozen=True, kw_only=True):
    """A question, an answer or a note."""

    kind: Kind
    words: Annotated[str, Meta(min_length=1, max_length=saying.LONGEST)]


class NewStep(Struct, frozen=True, kw_only=True):
    """A step of a declaration; ``content`` is a file in base64."""

    to: State
    channel: str = ""
    reference: Annotated[str, Meta(max_length=64)] = ""
    words: Annotated[str, Meta(max_length=saying.LONGEST)] = ""
    file_name: str = ""
    content: str = ""


async def list_brokers(request: Request, site: str = "") -> Response:
    """Brokers and who speaks for them."""
    place = await here(request, site)
    found = await read(place, lambda connection: brokers.brokers(connection, place.code))
    return answer(Brokers(brokers=found))


async def put_broker(request: Request, site: str = "") -> Response:
    """Store a broker with all who speak for it."""
    place = await here(request, site)
    given = body_of(await limited(request, SMALL), Broker)
    await run_in_threadpool(brokers.put, place.server, place.code, given)
    return answer(given)


async def list_all(request: Request, site: str = "") -> Response:
    """Consignments; a broker's are those handed over to them."""
    place = await here(request, site)
    found = await read(
        place, lambda connection: consignments.all_of(connection, place.code, place.caller)
    )
    return answer(Consignments(consignments=found))


async def one(request: Request, consignment: str, site: str = "") -> Response:
    """One consignment with its words and declarations."""
    place = await here(request, site)
    return answer(
        await read(
            place,
            lambda connection: consignments.need(connection, place.code, place.caller, consignment),
        )
    )


async def make(request: Request, site: str = "") -> Response:
    """Put orders together."""
    place = await here(request, site)
    given = body_of(await limited(request, SMALL), NewConsignment)
    key = await run_in_threadpool(
        consignments.make,
        place.server,
        place.caller,
        place.code,
        given.name,
        given.orders,
        given.key,
    )
    return await one(request, key, site)


async def hand(request: Request, consignment: str, site: str = "") -> Response:
    """Hand a checked consignment over, or take it back."""
    place = await here(request, site)
    broker = body_of(await limited(request, SMALL), HandOver).broker
    await run_in_threadpool(
        consignments.hand_over, place.server, place.caller, place.code, consignment, broker
    )
    return await one(request, consignment, site)


async def note(request: Request, consignment: str, site: str = "") -> Response:
    """Say something of a consignment."""
    place = await here(request, site)
    given = body_of(await limited(request, SMALL), NewNote)
    await run_in_threadpool(
        saying.say,
        place.server,
        place.caller,
        place.code,
        consignment,
        given.kind,
        given.words,
    )
    return await one(request, consignment, site)


async def step(request: Request, consignment: str, leg: str, site: str = "") -> Response:
    """Say what came of a declaration; a step that does not follow is 409 with what would."""
    place = await here(request, site)
    given = body_of(await limited(request, 2 * MOST_FILE), NewStep)
    said = Said(
        to=given.to,
        side=side_of(place.caller),
        channel=given.channel,
        reference=given.reference,
        words=given.words,
    )
    paper = Paper(given.file_name, _content(given.content))
    record = await run_in_threadpool(
        saying.declare,
        place.server,
        place.caller,
        place.code,
        consignment,
        At(leg),
        said,
        paper,
    )
    return answer(record)


def _content(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError as exc:  # binascii.Error, or a letter beyond ASCII
        raise Problem(422, "invalid", "content: base64 is allowed") from exc
    if len(content) > MOST_FILE:
        raise Problem(413, "too_large", limit=MOST_FILE)
    return content


async def take(request: Request, consignment: str, site: str = "") -> Response:
    """Data and papers as ZIP, with a manifest of their hashes."""
    place = await here(request, site)
    _, content = await taken(request, place, consignment)
    return download(content, f"{consignment}.zip", "application/zip")


async def paper(request: Request, consignment: str, sha256: str, site: str = "") -> Response:
    """A file that came with a step."""
    place = await here(request, site)

    def find(connection: Connection) -> str:
        found = consignments.need(connection, place.code, place.caller, consignment)
        return consignments.file_of(found, sha256)

    name = await read(place, find)
    blob = await run_in_threadpool(blobs.get, place.server, place.code, sha256)
    return download(blob.content, name, blob.media)


ONE: Final = "/v1/customs/consignments/{consignment}"
ROUTES: Final = (
    Route("GET", "/v1/customs/brokers", list_brokers, gives(Brokers)),
    Route("POST", "/v1/customs/brokers", put_broker, gives(Broker, Broker)),
    Route("GET", "/v1/customs/consignments", list_all, gives(Consignments)),
    Route("POST", "/v1/customs/consignments", make, gives(Consignment, NewConsignment)),
    Route("GET", ONE, one, gives(Consignment)),
    Route("POST", f"{ONE}/hand", hand, gives(Consignment, HandOver)),
    Route("POST", f"{ONE}/notes", note, gives(Consignment, NewNote)),
    Route("POST", f"{ONE}/legs/{{leg}}", step, gives(Record, NewStep)),
    Route("GET", f"{ONE}/package", take, sends("application/zip")),
    Route("GET", f"{ONE}/files/{{sha256}}", paper, sends()),
)
