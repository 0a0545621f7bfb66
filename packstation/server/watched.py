"""Every request gets an id, a line in the log and a place in the figures.

The line has the route's name and never its values, no query and no body: what a buyer or a packer
is called stands in none of them. The id comes back as ``X-Request-ID``; a caller's ``traceparent``
(W3C Trace Context) gives the trace, so that a parcel's requests can be found by it.
"""

from __future__ import annotations

import logging
import re
import secrets
from time import perf_counter
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from packstation.server.meters import Meters
from packstation.server.problems import Problem

LOG: Final = logging.getLogger(__name__)
SLOW_S: Final = 1.0
# They wait on purpose, or never end: a long answer of theirs says nothing.
WAITING: Final = frozenset({"/v1/changes", "/floor/events"})
# Asked for every few seconds by machines.
QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
# Answered before any routing (``ingest.door``).
BARE: Final = frozenset({"/v1/journal"})
_TRACE: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_OWN: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
NOWHERE: Final = "none"


class Watched:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        """Wrap ``app``."""
        self._app, self._meters = app, meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request = asked if _OWN.fullmatch(asked := headers.get("x-request-id", "")) else ""
        seen = _Seen(scope, send, request or secrets.token_hex(8), trace_of(headers))
        begun = perf_counter()
        with self._meters.under_way():
            try:
                await self._app(scope, receive, seen.send)
            except Exception:  # whatever it is, it is told and answered
                LOG.exception("a bug", extra=seen.extra)
                if seen.status:
                    raise  # half an answer: the connection has to end
                await Problem(500, "bug", f"request {seen.request}").response()(
                    scope, receive, seen.send
                )
        seconds = (seen.began or perf_counter()) - begun
        self._meters.answered(seen.route, _method(scope), seen.status, seconds)
        self._tell(seen, seconds)

    def _tell(self, seen: _Seen, seconds: float) -> None:
        slow = seconds > SLOW_S and seen.route not in WAITING
        level = logging.WARNING if slow or seen.status >= 500 else logging.INFO
        if level == logging.INFO and seen.route in QUIET:
            return
        if not LOG.isEnabledFor(level):
            return
        extra = {**seen.extra, "status": seen.status, "ms": round(seconds * 1000, 1)}
        LOG.log(level, "answered", extra=extra)


class _Seen:
    """One request as it is watched."""

    def __init__(self, scope: Scope, send: Send, request: str, trace: str) -> None:
        self._scope, self._send = scope, send
        self.request, self.trace = request, trace
        self.status, self.began = 0, 0.0

    @property
    def route(self) -> str:
        """The route's own path; of what no route takes, nothing is told."""
        path = str(self._scope["path"])
        found = getattr(self._scope.get("route"), "path", "")
        return str(found) or (path if path in BARE else NOWHERE)

    @property
    def extra(self) -> dict[str, object]:
        """What a line of the log carries."""
        caller = self._scope.get("state", {}).get("caller")
        station = getattr(caller, "station", "")
        return {
            "route": self.route,
            "method": _method(self._scope),
            "request": self.request,
            **({"trace": self.trace} if self.trace else {}),
            **({"station": station} if station else {}),
        }

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.began = message["status"], perf_counter()
            MutableHeaders(scope=message)["x-request-id"] = self.request
        await self._send(message)


def trace_of(headers: Headers) -> str:
    """The trace that a caller's ``traceparent`` names, else ""."""
    found = _TRACE.fullmatch(headers.get("traceparent", ""))
    return "" if found is None or set(found[1]) == {"0"} else found[1]


def _method(scope: Scope) -> str:
    known = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}
    return scope["method"] if scope["method"] in known else "other"
