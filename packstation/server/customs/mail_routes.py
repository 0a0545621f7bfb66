"""Asking for a consignment's package by e-mail, on a page and for programs."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Request, Response
from msgspec import Meta, Struct
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from packstation.server.access import limited
from packstation.server.bodies import answer, gives
from packstation.server.bodies import read as body_of
from packstation.server.customs import consignments, mails, postman
from packstation.server.customs.broker_pages import acted
from packstation.server.customs.mails import Mail
from packstation.server.customs.showing import Place, form_of, here, read, word
from packstation.server.problems import Problem
from packstation.server.routing import Route

SMALL: Final = 64 * 1024


class Mails(Struct, frozen=True, kw_only=True):
    """E-mails of a consignment, the first first."""

    mails: tuple[Mail, ...] = ()


class NewMail(Struct, frozen=True, kw_only=True):
    """``seen``: how many e-mails the caller knows of; a repeated request is refused."""

    seen: Annotated[int, Meta(ge=0)]


async def list_mails(request: Request, consignment: str, site: str = "") -> Response:
    """What was sent, when, to whom."""
    place = await here(request, site)

    def look(connection: Connection) -> tuple[Mail, ...]:
        found = consignments.need(connection, place.code, place.caller, consignment)
        return mails.shown(connection, place.code, place.caller, found)

    return answer(Mails(mails=await read(place, look)))


async def ask(request: Request, consignment: str, site: str = "") -> Response:
    """Send the package to the broker's own address."""
    place = await here(request, site)
    seen = body_of(await limited(request, SMALL), NewMail).seen
    await run_in_threadpool(_ask, place, consignment, seen)
    return await list_mails(request, consignment, site)


async def ask_page(request: Request, site: str = "") -> Response:
    """Send it; a form that is sent twice asks once."""
    place = await here(request, site)
    form = await form_of(request)
    key, seen = word(form, "id", 64), word(form, "seen", 6)

    def act() -> None:
        try:
            _ask(place, key, int(seen) if seen.isdecimal() else -1)
        except Problem as problem:
            if problem.code != "mail_known":
                raise

    return await acted(request, place, key, act)


def _ask(place: Place, key: str, seen: int) -> None:
    mails.ask(place.server, place.caller, place.code, key, seen)
    postman.begin(place.server)


ONE: Final = "/v1/customs/consignments/{consignment}/mails"
ROUTES: Final = (
    Route("GET", ONE, list_mails, gives(Mails)),
    Route("POST", ONE, ask, gives(Mails, NewMail)),
)
PAGES: Final = (Route("POST", "/customs/consignment/mail", ask_page),)
