"""The web pages: sign-in, the live floor, and what a lead may do from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import quote

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, RedirectResponse, StreamingResponse

from packstation.domain.training import LESSONS
from packstation.i18n import LANGUAGES
from packstation.server import evidence, shelves, visits
from packstation.server.access import PersonCaller, same_origin
from packstation.server.core import Server
from packstation.server.floor import Picture
from packstation.server.floor_view import Floor
from packstation.server.lessons import Learner, learners
from packstation.server.pages import LANGUAGE, THEME, THEMES, Look, look_of, page, render
from packstation.server.problems import Problem
from packstation.server.roles import MASTERS
from packstation.server.routing import Route, person_of, server_of
from packstation.server.sites import codes
from packstation.server.words import Words

SECTIONS: Final = ("figures", "cutoffs", "benches", "needs", "hours", "people")
BEAT_S: Final = 1.0
# Where somebody's work is, if it is not the floor.
LANDING: Final = {"customs_clerk": "/customs", "broker": "/customs/consignments"}
YEAR_S: Final = 31_536_000


async def home() -> Response:
    """The only page there is to be on."""
    return RedirectResponse("/floor", 303)


async def sign_in_page(request: Request) -> Response:
    """The form."""
    look = look_of(request)
    words = Words(look.language)
    return page(request, "sign_in.html", look, words, name="", wrong="", visit=None)


async def sign_in(request: Request) -> Response:
    """Check name and secret; a wrong pair says no more than that."""
    same_origin(request)
    server, look = server_of(request), look_of(request)
    form = await request.form()
    name, secret = str(form.get("name", ""))[:100], str(form.get("secret", ""))[:200]
    address = request.client.host if request.client else ""
    try:
        value = await run_in_threadpool(visits.sign_in, server, name, secret, address)
    except Problem as problem:
        words = Words(look.language)
        wait = problem.members.get("wait")
        wrong = (
            words.say("web.sign_in.wait", n=wait)
            if isinstance(wait, int)
            else words.say("web.sign_in.wrong")
        )
        answer = page(
            request,
            "sign_in.html",
            look,
            words,
            problem.status,
            name=name,
            wrong=wrong,
            visit=None,
        )
        answer.headers.update(problem.headers)
        return answer
    visit = await run_in_threadpool(visits.visit_of, server, value)
    answer = RedirectResponse(LANDING.get(visit.role if visit else "", "/floor"), 303)
    answer.set_cookie(
        visits.COOKIE[server.secure],
        value,
        httponly=True,
        samesite="strict",
        secure=server.secure,
        path="/",
    )
    return answer


async def sign_out(request: Request) -> Response:
    """End the visit."""
    server, visit = server_of(request), person_of(request).visit
    if visit is not None:
        await run_in_threadpool(visits.sign_out, server, visit)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(visits.COOKIE[server.secure], path="/")
    return answer


async def choose_look(request: Request) -> Response:
    """Keep the reader's language and theme in cookies of their own."""
    same_origin(request)
    form = await request.form()
    back = str(form.get("back", "/floor"))
    answer = RedirectResponse(back if _is_path(back) else "/floor", 303)
    for cookie, value, allowed in (
        (LANGUAGE, str(form.get("language", "")), LANGUAGES),
        (THEME, str(form.get("theme", "")), THEMES),
    ):
        if value in allowed:
            answer.set_cookie(
                cookie,
                value,
                max_age=YEAR_S,
                httponly=True,
                samesite="strict",
                secure=server_of(request).secure,
            )
    return answer


def _is_path(text: str) -> bool:
    """Whether a redirect to it stays on this server."""
    return text.startswith("/") and not text.startswith(("//", "/\\")) and "\n" not in text


# --- the floor -----------------------------------------------------------------------------


async def floor_page(request: Request, site: str = "") -> Response:
    """The page, complete as of now; without a script it is still right."""
    caller = person_of(request)
    taken = await run_in_threadpool(_picture, request, caller, site)
    look = look_of(request, caller.visit)
    words = Words(look.language, taken.zone, taken.now)
    return page(
        request,
        "floor.html",
        look,
        words,
        floor=taken,
        visit=caller.visit,
        may=_may(caller, look),
        feed=_feed(request),
    )


def _feed(request: Request) -> str:
    query = request.url.query
    return f"/floor/events?{query}" if query else "/floor/events"


async def floor_events(request: Request, site: str = "") -> Response:
    """The page's sections as they change, at most once a second, and a beat in between."""
    caller = person_of(request)
    await run_in_threadpool(_picture, request, caller, site)
    return StreamingResponse(_stream(request, caller, site), media_type="text/event-stream")


async def _stream(request: Request, caller: PersonCaller, site: str) -> AsyncIterator[str]:
    server, look = server_of(request), look_of(request, caller.visit)
    shown: dict[str, str] = {}
    while not server.bell.closed:
        taken = await run_in_threadpool(_picture, request, caller, site)
        words = Words(look.language, taken.zone, taken.now)
        for name in SECTIONS:
            html = _section(name, words, taken, look, caller)
            # Ages grow by themselves on the page: they are no change.
            if (still := _without_ages(html)) != shown.get(name):
                shown[name] = still
                yield _event(name, html)
        yield _event("beat", words.clock(taken.now))
        await server.bell.pause(BEAT_S)


def _section(name: str, words: Words, taken: Floor, look: Look, caller: PersonCaller) -> str:
    may = _may(caller, look)
    return render(f"floor/{name}.html", words, floor=taken, look=look, visit=caller.visit, may=may)


def _without_ages(html: str) -> str:
    parts = html.split("data-ago>")
    return parts[0] + "".join(part.partition("<")[2] for part in parts[1:])


def _event(name: str, text: str) -> str:
    """One server-sent event (HTML standard, section 9.2)."""
    lines = "".join(f"data: {line}\n" for line in text.splitlines())
    return f"event: {name}\n{lines}\n"


def _picture(request: Request, caller: PersonCaller, site: str) -> Floor:
    pictures: Picture = request.app.state.pictures
    server = server_of(request)
    return pictures.of(server, _site(server, caller, site))


def _site(server: Server, caller: PersonCaller, asked: str) -> str:
    if caller.site != "*":
        if asked not in {"", caller.site}:
            raise Problem(403, "other_site", site=asked)
        return caller.site
    with server.store.read() as connection:
        known = codes(connection)
    if asked in known or len(known) == 1:
        return asked or known[0]
    raise Problem(404, "unknown_site", "say ?site=", known=known)


def _may(caller: PersonCaller, look: Look) -> bool:
    """Whether buttons are drawn: for those who may press them, and never on a wall screen."""
    return caller.visit is not None and caller.role in MASTERS and not look.tv


async def release(request: Request, order: str) -> Response:
    """Let a held order go on."""
    await run_in_threadpool(shelves.release, server_of(request), person_of(request), order)
    return RedirectResponse(f"/floor#{quote(order)}", 303)


async def lessons(request: Request, site: str = "") -> Response:
    """Who has passed which lesson."""
    server, caller = server_of(request), person_of(request)
    own = await run_in_threadpool(_site, server, caller, site)
    look = look_of(request, caller.visit)
    words = Words(look.language)

    def read() -> tuple[Learner, ...]:
        with server.store.read() as connection:
            return learners(connection, own)

    found = await run_in_threadpool(read)
    shown = {"learners": found, "lessons": LESSONS}
    return page(request, "lessons.html", look, words, site=own, visit=caller.visit, shown=shown)


async def evidence_file(request: Request, sha256: str, site: str = "") -> Response:
    """A photo or film, for people who may look at disputes."""
    server, caller = server_of(request), person_of(request)
    own = await run_in_threadpool(_site, server, caller, site)
    path = await run_in_threadpool(evidence.file_of, server, own, sha256)
    return FileResponse(path, headers={"Content-Disposition": f'inline; filename="{path.name}"'})


ROUTES: Final = (
    Route("GET", "/", home),
    Route("GET", "/sign-in", sign_in_page),
    Route("POST", "/sign-in", sign_in),
    Route("POST", "/sign-out", sign_out),
    Route("POST", "/look", choose_look),
    Route("GET", "/floor", floor_page),
    Route("GET", "/floor/events", floor_events),
    Route("POST", "/floor/orders/{order}/release", release),
    Route("GET", "/evidence/{sha256}", evidence_file),
    Route("GET", "/lessons", lessons),
)
