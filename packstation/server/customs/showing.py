"""What every page of the customs office starts with: the site, the reader, their rights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from fastapi import Request, Response
from msgspec import Struct
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from packstation.domain.psp import SiteBody
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.pages import look_of, page, render
from packstation.server.problems import Problem
from packstation.server.roles import CLERKS
from packstation.server.routing import person_of, server_of
from packstation.server.sites import need_site, site_for, zone
from packstation.server.words import Words

T = TypeVar("T")
# What is told in words on the page itself, and the page is shown again.
TOLD: Final = frozenset(
    {
        "changed",
        "reason",
        "finished",
        "invalid",
        "refused",
        "signature",
        "too_large",
        "no_orders",
        "unknown_orders",
    }
)


class Place(Struct, frozen=True):
    """Who looks at which site."""

    server: Server
    caller: PersonCaller
    site: SiteBody

    @property
    def code(self) -> str:
        """The site's code."""
        return self.site.code

    @property
    def may(self) -> bool:
        """Whether forms are drawn: for those who may send them."""
        return self.caller.visit is not None and self.caller.role in CLERKS


async def here(request: Request, site: str) -> Place:
    """Where the caller is.

    Raises:
        Problem: 403 another site, 404, 422 which of several?
    """
    server, caller = server_of(request), person_of(request)

    def find() -> Place:
        with server.store.read() as connection:
            code = site_for(connection, caller, site)
            return Place(server, caller, need_site(connection, code))

    return await run_in_threadpool(find)


async def read(place: Place, act: Callable[[Connection], T]) -> T:
    """What ``act`` reads."""

    def run() -> T:
        with place.server.store.read() as connection:
            return act(connection)

    return await run_in_threadpool(run)


def words_of(request: Request, place: Place) -> Words:
    """The reader's words at the site."""
    look = look_of(request, place.caller.visit)
    return Words(look.language, zone(place.site), place.server.clock.now())


def show(
    request: Request,
    place: Place,
    template: str,
    *,
    here: str,
    status: int = 200,
    **context: object,
) -> Response:
    """A whole page; ``here``: which entry of the navigation it is."""
    look = look_of(request, place.caller.visit)
    words = words_of(request, place)
    more = {"place": place, "visit": place.caller.visit, "here": here, **context}
    return page(request, template, look, words, status, **more)


def part(request: Request, place: Place, template: str, **context: object) -> Response:
    """A part of a page."""
    words = words_of(request, place)
    html = render(template, words, place=place, visit=place.caller.visit, **context)
    return Response(html, media_type="text/html")


async def form_of(request: Request) -> FormData:
    """The fields of a form as sent."""
    return await request.form()


async def file_of(form: FormData, name: str, most: int) -> tuple[str, bytes]:
    """Name and content of a file that came with a form; both empty where none did.

    Raises:
        Problem: 413.
    """
    sent = form.get(name)
    content = await sent.read(most + 1) if isinstance(sent, UploadFile) else b""
    called = (sent.filename or "") if isinstance(sent, UploadFile) else ""
    await form.close()
    if len(content) > most:
        raise Problem(413, "too_large", limit=most)
    return called, content


def word(form: Mapping[str, Any], name: str, most: int = 500) -> str:
    """A text of a form, without blanks around it."""
    value = form.get(name, "")
    return value.strip()[:most] if isinstance(value, str) else ""


def told(problem: Problem) -> str:
    """The key of what a page says of a refusal.

    Raises:
        Problem: it is none that a page tells.
    """
    if problem.code not in TOLD:
        raise problem
    return f"customs.wrong.{problem.code}"
