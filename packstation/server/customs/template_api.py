"""Letterheads for programs."""

from __future__ import annotations

from typing import Final

from fastapi import Request, Response
from msgspec import Struct
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from packstation.domain.templates import Fault, Template, Templates
from packstation.i18n import load
from packstation.server.access import limited
from packstation.server.bodies import answer, gives
from packstation.server.bodies import read as body_of
from packstation.server.customs import template_uploads as uploads
from packstation.server.customs import templates
from packstation.server.customs.showing import here, read
from packstation.server.customs.templates import Kept, Refused
from packstation.server.office_routes import Reason
from packstation.server.problems import Problem
from packstation.server.routing import Route


class Listed(Struct, frozen=True, kw_only=True):
    """A template: its newest ``version``, and those that papers are drawn with."""

    id: str
    version: int
    used: tuple[int, ...]
    at: str
    who: str
    why: str


class Library(Struct, frozen=True, kw_only=True):
    """All of a site."""

    templates: tuple[Listed, ...]


class Wrong(Struct, frozen=True, kw_only=True):
    """What is to be mended; ``record`` counts from 0."""

    record: int
    path: str
    kind: str
    value: str
    message: str


class Imported(Struct, frozen=True, kw_only=True):
    """How many became a first version, a further one, or were there; ``kept`` names them."""

    accepted: int = 0
    changed: int = 0
    unchanged: int = 0
    used: int = 0
    kept: tuple[tuple[str, int], ...] = ()
    rejected: tuple[Wrong, ...] = ()


class Used(Struct, frozen=True, kw_only=True):
    """A version, and whether papers are drawn with it now."""

    id: str
    version: int
    used: bool


async def library(request: Request, site: str = "") -> Response:
    """Which templates there are, and which are in use."""
    place = await here(request, site)

    def look(connection: Connection) -> Library:
        return Library(
            templates=tuple(
                Listed(
                    id=one.template.id,
                    version=one.template.version,
                    used=used,
                    at=one.at,
                    who=one.who,
                    why=one.why,
                )
                for one, used in templates.newest(connection, place.code)
            )
        )

    return answer(await read(place, look))


async def version(request: Request, id: str, version: int, site: str = "") -> Response:  # noqa: A002
    """A version as a document of templates/1."""
    place = await here(request, site)

    def look(connection: Connection) -> Template:
        kept: Kept = templates.version_of(connection, place.code, id, version)
        return kept.template

    return answer(Templates(templates=(await read(place, look),)))


async def take(request: Request, site: str = "", why: str = "", use: int = 0) -> Response:
    """Keep all templates of a document as new versions; with ``use=1`` draw papers with them."""
    place = await here(request, site)
    content = await limited(request, uploads.MOST)

    def run() -> Imported:
        server, caller = place.server, place.caller
        try:
            done = uploads.take(server, caller, place.code, content, why)
            for name, number in (*done.kept, *done.same) if use else ():
                templates.activate(server, caller, place.code, name, number, why)
        except Refused as refused:
            return Imported(rejected=tuple(map(_wrong, refused.faults)))
        first = sum(number == 1 for _, number in done.kept)
        return Imported(
            accepted=first,
            changed=len(done.kept) - first,
            unchanged=len(done.same),
            used=len(done.kept) + len(done.same) if use else 0,
            kept=done.kept,
        )

    return answer(await run_in_threadpool(run))


def _wrong(fault: Fault) -> Wrong:
    at = fault.path.removeprefix("templates[").partition("]")[0]
    said = load("en").say(f"templates.{fault.kind}", path=fault.path, value=fault.value)
    return Wrong(
        record=int(at) if at.isdecimal() else 0,
        path=fault.path,
        kind=fault.kind,
        value=fault.value,
        message=said,
    )


async def activate(request: Request, id: str, version: int, site: str = "") -> Response:  # noqa: A002
    """Draw papers with a version from now on."""
    return await _do(request, (id, version), site, use=True)


async def withdraw(request: Request, id: str, version: int, site: str = "") -> Response:  # noqa: A002
    """Draw no more papers with a version."""
    return await _do(request, (id, version), site, use=False)


async def _do(request: Request, which: tuple[str, int], site: str, *, use: bool) -> Response:
    place = await here(request, site)
    why = body_of(await limited(request, 64 * 1024), Reason).reason
    act = templates.activate if use else templates.withdraw
    server, caller, (name, version) = place.server, place.caller, which
    try:
        await run_in_threadpool(act, server, caller, place.code, name, version, why)
    except Refused as refused:
        rivals = [fault.value for fault in refused.faults]
        raise Problem(409, "ambiguous", ", ".join(rivals), templates=rivals) from refused
    return answer(Used(id=name, version=version, used=use))


ROUTES: Final = (
    Route("GET", "/v1/customs/templates", library, gives(Library)),
    Route("POST", "/v1/customs/templates", take, gives(Imported, Templates)),
    Route("GET", "/v1/customs/templates/{id}/{version}", version, gives(Templates)),
    Route("POST", "/v1/customs/templates/{id}/{version}/activate", activate, gives(Used, Reason)),
    Route("POST", "/v1/customs/templates/{id}/{version}/withdraw", withdraw, gives(Used, Reason)),
)
