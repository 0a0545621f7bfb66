"""API tokens over HTTP and on the page `/tokens`: who runs the server makes and revokes them."""

from __future__ import annotations

from typing import Final

import msgspec
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from packstation.server import tokens
from packstation.server.access import limited
from packstation.server.bodies import answer, gives
from packstation.server.bodies import read as read_body
from packstation.server.customs.showing import Place, form_of, here, read, show, word
from packstation.server.problems import Problem
from packstation.server.roles import ROLES
from packstation.server.routing import Route

_MOST: Final = 64 * 1024
_TOLD: Final = frozenset({"unknown_token", "invalid"})
_DAYS: Final = (30, 90, 365, 0)


async def held(request: Request, site: str = "") -> Response:
    """Tokens of a site, without what opens by them."""
    place = await here(request, site)
    return answer(await read(place, lambda one: tokens.listed(one, place.caller, place.code)))


async def make(request: Request, site: str = "") -> Response:
    """A token of this site, told this once."""
    given = read_body(await limited(request, _MOST), tokens.NewToken)
    place = await here(request, site)
    made = await run_in_threadpool(tokens.make, place.server, place.caller, place.code, given)
    return answer(made, 201)


async def revoke(request: Request, key: str, site: str = "") -> Response:
    """A token opens nothing any more."""
    place = await here(request, site)
    return answer(
        await run_in_threadpool(tokens.revoke, place.server, place.caller, place.code, key)
    )


async def page(request: Request, site: str = "") -> Response:
    """All tokens, a form for a new one."""
    return await _shown(request, await here(request, site))


async def _shown(
    request: Request,
    place: Place,
    status: int = 200,
    told: str = "",
    made: tokens.Made | None = None,
) -> Response:
    found = await read(place, lambda one: tokens.listed(one, place.caller, place.code))
    return show(
        request,
        place,
        "tokens.html",
        here="tokens",
        status=status,
        tokens=found.tokens,
        told=told,
        made=made,
        may=place.caller.visit is not None,
        roles=ROLES,
        days=_DAYS,
    )


async def act(request: Request, site: str = "") -> Response:
    """Make or revoke by the page."""
    place = await here(request, site)
    form = await form_of(request)
    doing, days = word(form, "act", 20), word(form, "days", 4)
    try:
        if doing == "make":
            asked = {"name": word(form, "name", 200), "role": word(form, "role", 20)}
            number = int(days) if days.isascii() and days.isdigit() else 0
            given = msgspec.convert({**asked, "days": number}, tokens.NewToken)
            made = await run_in_threadpool(
                tokens.make, place.server, place.caller, place.code, given
            )
            return await _shown(request, place, told="made", made=made)
        if doing == "revoke":
            key = word(form, "key", 64)
            await run_in_threadpool(tokens.revoke, place.server, place.caller, place.code, key)
            return await _shown(request, place, told="revoked")
    except (Problem, msgspec.ValidationError) as exc:
        problem = exc if isinstance(exc, Problem) else Problem(422, "invalid", str(exc))
        if problem.code not in _TOLD:
            raise problem from exc
        return await _shown(request, place, problem.status, problem.code)
    raise Problem(422, "invalid", "act: allowed: make, revoke")


ROUTES: Final = (
    Route("GET", "/v1/tokens", held, gives(tokens.Tokens)),
    Route("POST", "/v1/tokens", make, gives(tokens.Made, tokens.NewToken, 201)),
    Route("POST", "/v1/tokens/{key}/revoke", revoke, gives(tokens.Held)),
)
PAGES: Final = (Route("GET", "/tokens", page), Route("POST", "/tokens", act))
