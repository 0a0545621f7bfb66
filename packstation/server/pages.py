"""Rendering the web pages: Jinja templates, the look that a reader chose, safe headers."""

from __future__ import annotations

from functools import cache
from typing import Final

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from packstation.assets import resource
from packstation.i18n import LANGUAGES
from packstation.server.problems import Problem
from packstation.server.visits import Visit
from packstation.server.words import NAMES, Words, language_of

LANGUAGE: Final = "ps_language"
THEME: Final = "ps_theme"
THEMES: Final = ("auto", "light", "dark")
HEADERS: Final = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=()",
}
STATIC: Final = "/static/"


class SafeHeaders:
    """Puts the security headers on every answer; answers with people's data are not cached."""

    def __init__(self, app: ASGIApp, *, secure: bool = False) -> None:
        """Wrap ``app``; ``secure`` adds Strict-Transport-Security."""
        self._app = app
        self._more = {"strict-transport-security": "max-age=31536000"} if secure else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        kept = "public, max-age=3600" if scope["path"].startswith(STATIC) else "no-store"

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**HEADERS, **self._more}.items():
                    headers[name] = value
                headers.setdefault("cache-control", kept)
            await send(message)

        await self._app(scope, receive, send_safely)


class Look(Struct, frozen=True):
    """What a reader chose: ``theme`` of ``THEMES``; ``tv``: a wall screen, larger and still."""

    language: str
    theme: str = "auto"
    tv: bool = False


def look_of(request: Request, visit: Visit | None = None) -> Look:
    """The reader's language and theme: cookie, else their own row, else the browser."""
    kept = request.cookies.get(LANGUAGE, "") or (visit.language if visit else "")
    theme = request.cookies.get(THEME, "auto")
    return Look(
        language=language_of(Headers(scope=request.scope).get("accept-language", ""), kept),
        theme=theme if theme in THEMES else "auto",
        tv=request.query_params.get("tv", "") == "1",
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(resource("web", "templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, words: Words, **context: object) -> str:
    """The HTML of a template; ``w`` is its words."""
    return _environment().get_template(template).render(w=words, **context)


def page(
    request: Request, template: str, look: Look, words: Words, status: int = 200, **context: object
) -> Response:
    """A whole page."""
    html = render(
        template,
        words,
        look=look,
        themes=THEMES,
        languages={code: NAMES[code] for code in LANGUAGES},
        path=request.url.path,
        **context,
    )
    return Response(html, status, media_type="text/html")


def problem_page(request: Request, problem: Problem) -> Response:
    """A refusal as a person reads it: one line of what is so, one way on."""
    look = look_of(request)
    words = Words(look.language)
    role = str(problem.members.get("role", ""))
    kind = _kind(request, problem, role)
    return page(
        request,
        "problem.html",
        look,
        words,
        problem.status,
        kind=kind,
        role=words.say(f"role.{role}") if role else "",
        visit=None,
    )


def _kind(request: Request, problem: Problem, role: str) -> str:
    """Which words: nothing could have been changed by looking, and not everybody packs."""
    if problem.status == 403 and role:
        return "no" if role == "packer" else "closed"
    if problem.code == "no_broker":
        return "unbound"
    if problem.status == 404:
        return "lost"
    return "unread" if request.method in {"GET", "HEAD"} else "other"
