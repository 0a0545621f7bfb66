"""The rules: which pack holds, another one tried beside it, and what stops most orders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from packstation.domain.customs.evaluate import due_for_review
from packstation.domain.customs.pack import Pack
from packstation.domain.errors import InputInvalid
from packstation.server.customs import checks, packs
from packstation.server.customs.cases import desk
from packstation.server.customs.preview import preview
from packstation.server.customs.showing import Place, file_of, form_of, here, read, show, told, word
from packstation.server.customs.signed import MOST
from packstation.server.customs.statistics import stoppers
from packstation.server.problems import Problem
from packstation.server.routing import Route

# Law older than this is to be looked at again.
REVIEW_DAYS: Final = 180


async def rules_page(request: Request, site: str = "", activated: str = "") -> Response:
    """Packs and figures."""
    place = await here(request, site)
    return await _shown(request, place, {"activated": activated[:20]})


async def _shown(
    request: Request, place: Place, more: Mapping[str, Any], status: int = 200
) -> Response:
    def look(connection: Connection) -> dict[str, Any]:
        at = desk(connection, place.code, place.server.clock.now())
        return {
            "pack": at.pack,
            "about": _about(at.pack, at.now.date()),
            "packs": packs.kept(connection, place.code),
            "activations": packs.activations(connection, place.code),
            "stoppers": stoppers(connection, place.code, at.now.date()),
            "titles": {rule.id: rule for rule in at.pack.rules},
        }

    context = await read(place, look)
    told_here = {"wrong": "", "invalid": "", "activated": "", **more}
    trusted = bool(packs.trusted(place.server))
    return show(
        request,
        place,
        "customs/rules.html",
        here="rules",
        status=status,
        trusted=trusted,
        **context,
        **told_here,
    )


def _about(pack: Pack, today: date) -> dict[str, int]:
    return {
        "days": (today - pack.reviewed_on).days,
        "rules": len(pack.rules),
        "unverified": sum(not rule.verified for rule in pack.rules),
        "old": len(due_for_review(pack.rules, today, REVIEW_DAYS)),
    }


async def upload(request: Request, site: str = "") -> Response:
    """Keep a signed pack, and show what it would do."""
    place = await here(request, site)
    try:
        _, content = await file_of(await form_of(request), "file", MOST)
        sha256 = await run_in_threadpool(
            packs.upload, place.server, place.caller, place.code, content
        )
    except InputInvalid as invalid:
        return await _shown(request, place, {"invalid": str(invalid.fields.get("value"))}, 422)
    except Problem as problem:
        return await _shown(request, place, {"wrong": told(problem)}, problem.status)
    query = urlencode({"site": place.code, "sha256": sha256})
    return RedirectResponse(f"/customs/rules/preview?{query}", 303)


async def preview_page(request: Request, sha256: str = "", site: str = "") -> Response:
    """What a pack would stop and free."""
    place = await here(request, site)
    return await _preview(request, place, sha256, "")


async def _preview(
    request: Request, place: Place, sha256: str, wrong: str, status: int = 200
) -> Response:
    try:
        found = await read(
            place, lambda connection: preview(place.server, connection, place.code, sha256)
        )
    except InputInvalid as invalid:
        return await _shown(request, place, {"invalid": str(invalid.fields.get("value"))}, 422)
    return show(
        request,
        place,
        "customs/preview.html",
        here="rules",
        status=status,
        preview=found,
        sha256=sha256,
        wrong=wrong,
    )


async def activate(request: Request, site: str = "") -> Response:
    """Let a pack hold."""
    place = await here(request, site)
    form = await form_of(request)
    sha256, why = word(form, "sha256", 64), word(form, "why")
    try:
        version = await run_in_threadpool(
            packs.activate, place.server, place.caller, place.code, sha256, why
        )
    except Problem as problem:
        return await _preview(request, place, sha256, told(problem), problem.status)
    checks.begin(place.server)
    query = urlencode({"site": place.code, "activated": version})
    return RedirectResponse(f"/customs/rules?{query}", 303)


ROUTES: Final = (
    Route("GET", "/customs/rules", rules_page),
    Route("POST", "/customs/rules", upload),
    Route("GET", "/customs/rules/preview", preview_page),
    Route("POST", "/customs/rules/activate", activate),
)
