"""Letterheads on the web: what is in use, a form to edit one, its picture before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request, Response
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse

from packstation.domain.templates import KINDS, MOST_BYTES, PLACES, Fault, Template
from packstation.server.customs import template_forms as forms
from packstation.server.customs import template_uploads as uploads
from packstation.server.customs import templates
from packstation.server.customs.showing import (
    Place,
    file_of,
    form_of,
    here,
    read,
    show,
    word,
)
from packstation.server.customs.template_files import SHOWN, SHOWN_IN
from packstation.server.customs.templates import Kept, Refused
from packstation.server.problems import Problem
from packstation.server.routing import Route

_NEW: Final = Template(id="new")
# What is told in words on the page itself.
TOLD: Final = frozenset({"changed", "reason", "too_many", "not_used", "too_large"})


class Edited(Struct, frozen=True, kw_only=True):
    """What the form shows: words and kinds as kept or typed, faults by their inputs."""

    inputs: Mapping[str, str]
    kinds: tuple[str, ...]
    beside: Mapping[str, list[Fault]] = {}
    why: str = ""
    wrong: str = ""
    sent: bool = False


class Told(Struct, frozen=True, kw_only=True):
    """What a page says of what was done, or why it was not: a key of the words."""

    done: str = ""
    wrong: str = ""
    rivals: tuple[str, ...] = ()


class Asked(Struct, frozen=True, kw_only=True):
    """Which version is shown, and which picture of it."""

    id: str = ""
    version: int = 0
    kind: str = "invoice"
    language: str = "en"


def told(problem: Problem) -> str:
    """The key of what a page says of a refusal.

    Raises:
        Problem: it is none that a page tells.
    """
    if problem.code not in TOLD:
        raise problem
    return f"customs.templates.wrong.{problem.code}"


# --- the list --------------------------------------------------------------------------------


async def list_page(request: Request, site: str = "", kept: int = -1, same: int = 0) -> Response:
    """All templates of the site."""
    place = await here(request, site)
    return await _list(request, place, {"kept": kept, "same": same})


async def _list(
    request: Request, place: Place, more: Mapping[str, Any], status: int = 200
) -> Response:
    found = await read(place, lambda connection: templates.newest(connection, place.code))
    told_here = {"kept": -1, "same": 0, "wrong": "", "faults": (), "why": "", **more}
    return show(
        request,
        place,
        "customs/templates.html",
        here="templates",
        status=status,
        found=found,
        **told_here,
    )


async def upload(request: Request, site: str = "") -> Response:
    """Keep all templates of a file as new versions; none of them is in use yet."""
    place = await here(request, site)
    form = await form_of(request)
    why = word(form, "why")
    try:
        _, content = await file_of(form, "file", uploads.MOST)
        done = await run_in_threadpool(
            uploads.take, place.server, place.caller, place.code, content, why
        )
    except Refused as refused:
        return await _list(request, place, {"faults": refused.faults, "why": why}, 422)
    except Problem as problem:
        return await _list(request, place, {"wrong": told(problem), "why": why}, problem.status)
    query = {"site": place.code, "kept": len(done.kept), "same": len(done.same)}
    return RedirectResponse(f"/customs/templates?{urlencode(query)}", 303)


# --- one template ----------------------------------------------------------------------------


async def edit_page(
    request: Request,
    id: str = "",  # noqa: A002 - as it stands in the address
    version: int = 0,
    site: str = "",
    kind: str = "invoice",
    language: str = "en",
    done: str = "",
) -> Response:
    """A version in the form, its picture, its history; without an id an empty form."""
    place = await here(request, site)
    asked = Asked(
        id=id,
        version=version,
        kind=kind if kind in SHOWN else "invoice",
        language=language if language in SHOWN_IN else "en",
    )
    known = done if done in {"kept", "same", "used", "withdrawn"} else ""
    return await _page(request, place, asked, Told(done=known))


async def _page(
    request: Request,
    place: Place,
    asked: Asked,
    said: Told,
    edited: Edited | None = None,
    status: int = 200,
) -> Response:
    context = await read(place, lambda connection: _found(connection, place.code, asked))
    kept: Kept | None = context["kept"]
    template = kept.template if kept else _NEW
    inputs = forms.shown(template) if kept else forms.shown(template) | {"id": ""}
    edited = edited or Edited(inputs=inputs, kinds=template.kinds)
    return show(
        request,
        place,
        "customs/template.html",
        here="templates",
        status=status,
        asked=asked,
        said=said,
        edited=edited,
        places=PLACES,
        text_languages=forms.languages(edited.inputs),
        kinds=KINDS,
        shown=SHOWN,
        shown_in=SHOWN_IN,
        **context,
    )


def _found(connection: Connection, site: str, asked: Asked) -> dict[str, Any]:
    if not asked.id:
        return {"kept": None, "versions": (), "steps": (), "rev": 0}
    versions = templates.versions(connection, site, asked.id)
    return {
        "kept": templates.version_of(connection, site, asked.id, asked.version),
        "versions": versions,
        "steps": templates.steps(connection, site, asked.id),
        "rev": versions[0].template.version,
    }


async def save(request: Request, site: str = "") -> Response:
    """Keep what was sent as the next version."""
    place = await here(request, site)
    form = await form_of(request)
    sent, why = await _sent(form), word(form, "why")
    asked = Asked(id=word(form, "origin", 64), version=_number(form, "base"))
    known = _number(form, "rev") if asked.id else 0

    def before(connection: Connection) -> Template | None:
        if not asked.id:
            return None
        return templates.version_of(connection, place.code, asked.id, asked.version).template

    base = await read(place, before)
    if base:
        sent = replace(sent, words={**sent.words, "id": base.id})
    template, wrong = forms.read(sent, base)
    inputs = forms.shown(_NEW) | {"id": ""} | dict(sent.words)
    edited = Edited(inputs=inputs, kinds=tuple(sent.kinds), why=why, sent=True)
    if template is None:
        edited = replace(edited, beside=forms.beside(wrong, None))
        return await _page(request, place, asked, Told(), edited, 422)
    server, caller, made = place.server, place.caller, template
    try:
        version, new = await run_in_threadpool(
            lambda: templates.keep(server, caller, place.code, made, why, before=known)
        )
    except Refused as refused:
        edited = replace(edited, beside=forms.beside(refused.faults, template))
        return await _page(request, place, asked, Told(), edited, 422)
    except Problem as problem:
        edited = replace(edited, wrong=told(problem))
        return await _page(request, place, asked, Told(), edited, problem.status)
    query = {"id": template.id, "version": version, "done": "kept" if new else "same"}
    return RedirectResponse(f"/customs/template?{urlencode({'site': place.code, **query})}", 303)


def _number(form: Mapping[str, Any], name: str) -> int:
    """A whole number of a form; one that nothing has where it is none."""
    text = word(form, name, 9)
    return int(text) if text.isascii() and text.isdecimal() else 999_999_999


async def _sent(form: FormData) -> forms.Sent:
    words: dict[str, str] = {}
    pictures: dict[str, bytes] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            pictures[name] = await value.read(MOST_BYTES + 1)
        elif name in forms.FIELDS or name.startswith("text."):
            words[name] = value[: forms.MOST_TYPED]
    await form.close()
    kinds = tuple(str(kind) for kind in form.getlist("kinds"))
    dropped = frozenset(role for role in forms.ROLES if form.get(f"drop.{role}"))
    return forms.Sent(words, kinds, pictures, dropped)


async def use(request: Request, site: str = "") -> Response:
    """Draw papers with a version from now on."""
    return await _do(request, site, "used")


async def withdraw(request: Request, site: str = "") -> Response:
    """Draw no more papers with a version."""
    return await _do(request, site, "withdrawn")


async def _do(request: Request, site: str, what: str) -> Response:
    place = await here(request, site)
    form = await form_of(request)
    asked = Asked(id=word(form, "id", 64), version=_number(form, "version"))
    act = templates.activate if what == "used" else templates.withdraw
    why, server, caller = word(form, "why"), place.server, place.caller
    try:
        await run_in_threadpool(act, server, caller, place.code, asked.id, asked.version, why)
    except Refused as refused:
        rivals = tuple(fault.value for fault in refused.faults)
        return await _page(request, place, asked, Told(rivals=rivals), status=409)
    except Problem as problem:
        said = Told(wrong=told(problem))
        return await _page(request, place, asked, said, status=problem.status)
    query = {"site": place.code, "id": asked.id, "version": asked.version, "done": what}
    return RedirectResponse(f"/customs/template?{urlencode(query)}", 303)


ROUTES: Final = (
    Route("GET", "/customs/templates", list_page),
    Route("POST", "/customs/templates", upload),
    Route("GET", "/customs/template", edit_page),
    Route("POST", "/customs/template", save),
    Route("POST", "/customs/template/use", use),
    Route("POST", "/customs/template/withdraw", withdraw),
)
