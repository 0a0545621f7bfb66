"""The server, as seen from this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Final

from packstation.doctor.findings import Finding, State
from packstation.domain.errors import SettingsError

# Signed requests are refused beyond five minutes; half a minute is worth a word.
SKEW_S: Final = 30
_WAIT_S: Final = 5.0


def server(url: str, ca_file: str, now: datetime) -> Iterator[Finding]:
    """Whether it answers, is ready, and has our time; "" = this bench has no server."""
    if not url:
        yield Finding("server", State.OK, "server.none")
        return
    import httpx

    from packstation.client.wire import Access, open_http

    begun = time.perf_counter()
    try:
        with open_http(Access(url, ca_file=ca_file)) as http:
            answer = http.get("/readyz", timeout=_WAIT_S)
    except (httpx.HTTPError, SettingsError) as exc:
        why = str(exc) or type(exc).__name__
        yield Finding("server", State.FAIL, "server.silent", {"url": url, "why": why})
        return
    took = Decimal(round((time.perf_counter() - begun) * 1000))
    if answer.status_code != httpx.codes.OK:
        status = str(answer.status_code)
        yield Finding("server", State.FAIL, "server.unready", {"url": url, "status": status})
        return
    yield Finding("server", State.OK, "server.ok", {"url": url, "ms": took})
    yield from _skew(answer.headers.get("date", ""), now)


def _skew(date: str, now: datetime) -> Iterator[Finding]:
    try:
        theirs = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return
    seconds = round(abs((now - theirs).total_seconds()))
    off = seconds > SKEW_S
    key = "clock.off" if off else "clock.same"
    yield Finding("clock", State.FAIL if off else State.OK, key, {"seconds": seconds})
