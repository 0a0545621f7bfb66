"""People over HTTP and on the page `/people`."""

from __future__ import annotations

from typing import Final

import msgspec
from fastapi import Request, Response
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from packstation.assets import resource
from packstation.documents.badge_cards import badge_cards
from packstation.documents.fonts import Fonts
from packstation.documents.label.pdf import write_pdf
from packstation.i18n import LANGUAGES, load
from packstation.server import staff, staff_list
from packstation.server.access import limited
from packstation.server.bodies import answer, gives, sends
from packstation.server.bodies import read as read_body
from packstation.server.customs.showing import Place, form_of, here, read, show, word, words_of
from packstation.server.problems import Problem
from packstation.server.roles import ROLES, may_give
from packstation.server.routing import Route

_MOST: Final = 64 * 1024
# Refusals that the page tells beside the form.
_TOLD: Final = frozenset({"own_badge", "unknown_person", "invalid"})


class Told(Struct, frozen=True, kw_only=True):
    """What came of a form: which words, about whom, and what is shown this once."""

    what: str
    name: str = ""
    issued: staff.Issued | None = None
    good: bool = False


# --- for programs ----------------------------------------------------------------------------


async def people(request: Request, site: str = "") -> Response:
    """Everybody of a site."""
    place = await here(request, site)
    return answer(await read(place, lambda one: staff.listed(place.server, one, place.code)))


async def add(request: Request, site: str = "") -> Response:
    """Let someone in; badge and PIN are told this once."""
    given = read_body(await limited(request, _MOST), staff.NewPerson)
    place = await here(request, site)
    made = await run_in_threadpool(staff.add, place.server, place.caller, place.code, given)
    return answer(made, 201)


async def _why(request: Request) -> str:
    body = await limited(request, _MOST)
    return read_body(body, staff.Why).reason if body.strip() else ""


async def revoke(request: Request, badge: str, site: str = "") -> Response:
    """A badge opens nothing any more."""
    why, place = await _why(request), await here(request, site)
    return answer(
        await run_in_threadpool(staff.revoke, place.server, place.caller, place.code, badge, why)
    )


async def give_pin(request: Request, badge: str, site: str = "") -> Response:
    """A temporary PIN, or a new one of their own."""
    body = await limited(request, _MOST)
    given = read_body(body, staff.Temporary) if body.strip() else staff.Temporary()
    place = await here(request, site)
    return answer(
        await run_in_threadpool(
            staff.give_pin, place.server, place.caller, place.code, badge, given
        )
    )


async def replace_badge(request: Request, badge: str, site: str = "") -> Response:
    """A new badge in place of a lost one, with a PIN for this shift."""
    why, place = await _why(request), await here(request, site)
    return answer(
        await run_in_threadpool(
            staff.replace_badge, place.server, place.caller, place.code, badge, why
        )
    )


async def sign_out(request: Request, badge: str, site: str = "") -> Response:
    """End somebody's visits of the web pages."""
    place = await here(request, site)
    return answer(
        await run_in_threadpool(staff.end_visits, place.server, place.caller, place.code, badge)
    )


async def card(request: Request, badge: str, site: str = "") -> Response:
    """The badge as a card to print (PDF), in the person's own language."""
    place = await here(request, site)
    person = await read(place, lambda one: staff.card_of(one, place.code, badge))

    def draw() -> bytes:
        words = load(person.language if person.language in LANGUAGES else "en")
        fonts = Fonts(resource("fonts"))
        return write_pdf(badge_cards((person,), words.say, fonts), fonts, title=badge)

    headers = {"Content-Disposition": 'inline; filename="badge.pdf"'}
    content = await run_in_threadpool(draw)
    return Response(content, media_type="application/pdf", headers=headers)


# --- the page --------------------------------------------------------------------------------


async def page(request: Request, site: str = "") -> Response:
    """Everybody, what may be done about each, a form for someone new."""
    return await _shown(request, await here(request, site))


async def _shown(
    request: Request, place: Place, status: int = 200, told: Told | None = None
) -> Response:
    found = await read(place, lambda one: staff.listed(place.server, one, place.code))
    shifts = await read(place, lambda one: staff_list.opened(one, place.code))
    roles = tuple(role for role in ROLES if may_give(place.caller.role, role))
    return show(
        request,
        place,
        "people.html",
        here="people",
        status=status,
        staff=found,
        shifts=shifts,
        names={one.badge: one.name for one in found.gone}
        | {one.badge: one.name for one in found.people},
        told=told,
        may=place.caller.visit is not None,
        roles=roles,
        tongues=LANGUAGES,
        own=place.caller.visit.badge if place.caller.visit else "",
        tongue=words_of(request, place).language,
    )


async def act(request: Request, site: str = "") -> Response:
    """What a button of the page asks for."""
    place = await here(request, site)
    form = await form_of(request)
    try:
        told = await run_in_threadpool(_done, place, form)
    except (Problem, msgspec.ValidationError) as exc:
        problem = exc if isinstance(exc, Problem) else Problem(422, "invalid", str(exc))
        if problem.code not in _TOLD:
            raise problem from exc
        return await _shown(request, place, problem.status, Told(what=problem.code))
    return await _shown(request, place, told=told)


def _done(place: Place, form: FormData) -> Told:
    server, caller, site = place.server, place.caller, place.code
    badge, why = word(form, "badge", 64), word(form, "reason", 300)
    match word(form, "act", 20):
        case "add":
            asked = {name: word(form, name, 200) for name in ("name", "role", "language")}
            given = msgspec.convert(asked, staff.NewPerson)
            made = staff.add(server, caller, site, given)
            return Told(what="added", name=made.name, issued=made, good=True)
        case "revoke":
            staff.revoke(server, caller, site, badge, why)
            return Told(what="revoked", name=badge, good=True)
        case "pin" | "own_pin" as which:
            hours = staff.HOURS if which == "pin" else 0
            made = staff.give_pin(server, caller, site, badge, staff.Temporary(hours=hours))
            return Told(what="pinned", name=made.name, issued=made, good=True)
        case "replace":
            made = staff.replace_badge(server, caller, site, badge, why)
            return Told(what="replaced", name=made.name, issued=made, good=True)
        case "end":
            staff.end_visits(server, caller, site, badge)
            return Told(what="ended", name=badge, good=True)
    raise Problem(422, "invalid", "act: allowed: add, revoke, pin, own_pin, replace, end")


ROUTES: Final = (
    Route("GET", "/v1/people", people, gives(staff.Staff)),
    Route("POST", "/v1/people", add, gives(staff.Issued, staff.NewPerson, 201)),
    Route("POST", "/v1/people/{badge}/revoke", revoke, gives(staff.Former, staff.Why)),
    Route("POST", "/v1/people/{badge}/pin", give_pin, gives(staff.Issued, staff.Temporary)),
    Route("POST", "/v1/people/{badge}/replace", replace_badge, gives(staff.Issued, staff.Why)),
    Route("POST", "/v1/people/{badge}/sign-out", sign_out, gives(staff.Ended)),
    Route("GET", "/v1/people/{badge}/card", card, sends("application/pdf")),
)
PAGES: Final = (
    Route("GET", "/people", page),
    Route("POST", "/people", act),
    Route("GET", "/people/{badge}/card", card),
)
