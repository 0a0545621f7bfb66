"""Buyers' data over HTTP and on the page `/privacy`: found, taken out, forgotten."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from packstation.server.access import limited
from packstation.server.bodies import answer, gives
from packstation.server.bodies import read as read_body
from packstation.server.customs.showing import Place, form_of, here, read, show, word
from packstation.server.privacy import forgetting
from packstation.server.privacy.forgetting import Matches, Rule, Wanted
from packstation.server.problems import Problem
from packstation.server.roles import ADMINS
from packstation.server.routing import Route

_MOST: Final = 64 * 1024
_TOLD: Final = frozenset({"unknown_order", "order_open", "invalid"})
_JSON: Final = {"Content-Disposition": 'attachment; filename="buyer.json"'}


async def _wanted(request: Request) -> Wanted:
    return read_body(await limited(request, _MOST), Wanted)


async def rule(request: Request, site: str = "") -> Response:
    """How long a site keeps buyers' data."""
    place = await here(request, site)
    return answer(await read(place, lambda one: forgetting.rule_of(one, place.code)))


async def put_rule(request: Request, site: str = "") -> Response:
    """Keep buyers' data longer or shorter."""
    given, place = read_body(await limited(request, _MOST), Rule), await here(request, site)
    return answer(
        await run_in_threadpool(forgetting.put_rule, place.server, place.caller, place.code, given)
    )


async def find(request: Request, site: str = "") -> Response:
    """Orders of a buyer; asked in the body, so that no log of addresses names anybody."""
    wanted, place = await _wanted(request), await here(request, site)
    found = await read(place, lambda one: forgetting.find(one, place.code, wanted))
    return answer(Matches(orders=found))


async def export(request: Request, site: str = "") -> Response:
    """All that is known of a buyer or of one order."""
    wanted, place = await _wanted(request), await here(request, site)
    return answer(
        await run_in_threadpool(forgetting.export, place.server, place.caller, place.code, wanted)
    )


async def erase(request: Request, site: str = "") -> Response:
    """Forget the buyer; the journal stays as it was."""
    wanted, place = await _wanted(request), await here(request, site)
    return answer(
        await run_in_threadpool(forgetting.erase, place.server, place.caller, place.code, wanted)
    )


# --- the page --------------------------------------------------------------------------------


async def page(request: Request, site: str = "") -> Response:
    """A form that finds somebody's orders, and the rule."""
    return await _shown(request, await here(request, site))


async def _shown(
    request: Request,
    place: Place,
    status: int = 200,
    told: str = "",
    wanted: Wanted | None = None,
    found: tuple[forgetting.Match, ...] = (),
) -> Response:
    kept = await read(place, lambda one: forgetting.rule_of(one, place.code))
    return show(
        request,
        place,
        "privacy.html",
        here="privacy",
        status=status,
        rule=kept,
        told=told,
        wanted=wanted,
        found=found,
        may=place.caller.visit is not None,
        admin=place.caller.visit is not None and place.caller.role in ADMINS,
    )


async def act(request: Request, site: str = "") -> Response:
    """Find, take out, forget, or keep another rule."""
    place = await here(request, site)
    form = await form_of(request)
    doing = word(form, "act", 20)
    wanted = Wanted(
        order=word(form, "order", 64),
        buyer=word(form, "buyer", 200),
        reason=word(form, "reason", 300),
    )
    server, caller, code = place.server, place.caller, place.code
    try:
        if doing == "find":
            found = await read(place, lambda one: forgetting.find(one, code, wanted))
            told = "" if found else "unknown_order"
            return await _shown(request, place, told=told, wanted=wanted, found=found)
        if doing == "export":
            document = await run_in_threadpool(forgetting.export, server, caller, code, wanted)
            text = msgspec.json.format(msgspec.json.encode(document))
            return Response(text, media_type="application/json", headers=_JSON)
        if doing == "erase":
            done = await run_in_threadpool(forgetting.erase, server, caller, code, wanted)
            return await _shown(request, place, told="erased", found=done.orders)
        if doing == "rule" and caller.role in ADMINS:
            given = msgspec.convert(_numbers(form), Rule)
            await run_in_threadpool(forgetting.put_rule, server, caller, code, given)
            return await _shown(request, place, told="kept")
    except (Problem, msgspec.ValidationError) as exc:
        problem = exc if isinstance(exc, Problem) else Problem(422, "invalid", str(exc))
        if problem.code not in _TOLD:
            raise problem from exc
        return await _shown(request, place, problem.status, problem.code, wanted)
    raise Problem(422, "invalid", "act: allowed: find, export, erase, rule")


def _numbers(form: Any) -> dict[str, int]:  # noqa: ANN401 - fields of a form
    texts = {name: word(form, name, 5) for name in Rule.__struct_fields__}
    return {name: int(text) if text.isdecimal() else 0 for name, text in texts.items()}


ROUTES: Final = (
    Route("GET", "/v1/privacy/rule", rule, gives(Rule)),
    Route("PUT", "/v1/privacy/rule", put_rule, gives(Rule, Rule)),
    Route("POST", "/v1/privacy/find", find, gives(Matches, Wanted)),
    Route("POST", "/v1/privacy/export", export, gives(forgetting.Exported, Wanted)),
    Route("POST", "/v1/privacy/erase", erase, gives(Matches, Wanted)),
)
PAGES: Final = (Route("GET", "/privacy", page), Route("POST", "/privacy", act))
