"""The worker's only way out: https to the carrier's own hosts, checked, timed and counted.

karrio opens addresses through one function of its helpers. It passes no timeout, follows
redirects with the account's token in the headers, and (where a tracing package is installed)
sends a request a second time when the first one failed; ``Outgoing.open`` takes its place and
does none of that. Standard library only: this runs in the worker.
"""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
import urllib.request
import urllib.response
from collections.abc import Callable, Mapping
from http.client import HTTPMessage
from typing import IO, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

MAX_BYTES: Final = 32 * 1024 * 1024  # of one answer; labels have some 100 kB
# Requests that change nothing at the carrier: keys to ask with. All others of a purchase may buy.
_PRELIMINARY: Final = ("/oauth", "/token", "/payment-authorization")
_NOBODY_THERE: Final = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

# Statuses of a request that got no answer: it may have arrived, or there was nobody to take it.
NO_ANSWER: Final = 0
NO_CONNECTION: Final = -1

Call = dict[str, Any]  # method, host, path, status
Gate = Callable[[Call], bool]


class NotSent(OSError):
    """A request that was not let out; nothing left this machine."""


class Outgoing:
    """Opens addresses for one order of the parent at a time (``begin``).

    ``calls`` are the requests of the order that were let out, in their order.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._lock = threading.Lock()
        self._hosts: tuple[str, ...] = ()
        self._detours: Mapping[str, str] = {}
        self._gate: Gate | None = None
        self._until = 0.0
        # One that asks for certificates by itself, whatever the process's default has become.
        context = ssl.create_default_context()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context), _StayHere()
        )

    def begin(
        self,
        hosts: tuple[str, ...],
        *,
        deadline_s: float,
        gate: Gate | None = None,
        detours: Mapping[str, str] | None = None,
    ) -> None:
        """A new order: ``hosts`` may be spoken to until ``deadline_s`` from now.

        ``gate`` is asked before each request that may buy; its no keeps the request here.
        ``detours`` (host to address) lead to servers on this machine, for trials and tests.
        """
        self.calls = []
        self._hosts, self._detours, self._gate = hosts, detours or {}, gate
        self._until = time.monotonic() + deadline_s

    def open(self, request: urllib.request.Request, timeout: float | None = None) -> Any:  # noqa: ANN401 - urllib's own answer
        """The whole answer, as urllib gives it.

        Raises:
            NotSent: the address is none of the carrier's, or the gate said no.
            TimeoutError: the order's time is over.
            OSError: no answer, or one that is too long; ``HTTPError`` an answer of 300 and more.
        """
        parts = urlsplit(request.full_url)
        self._led(request)
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the order's time is over")
        call: Call = {
            "method": request.get_method(),
            "host": parts.netloc,
            "path": parts.path,
            "status": NO_ANSWER,
        }
        self._pass(call)
        with self._lock:
            self.calls.append(call)
        try:
            with self._opener.open(request, timeout=min(timeout or left, left)) as answer:
                call["status"] = answer.status
                return _whole(answer, answer.headers, answer.url, answer.status)
        except URLError as exc:
            if not isinstance(exc, HTTPError):
                # Nobody listens, nobody knows the name, or it is not who it says: nothing was sent.
                if isinstance(exc.reason, _NOBODY_THERE):
                    call["status"] = NO_CONNECTION
                raise
            call["status"] = exc.code
            raise HTTPError(
                exc.url, exc.code, exc.msg, exc.headers, io.BytesIO(exc.read(MAX_BYTES))
            ) from exc

    def _led(self, request: urllib.request.Request) -> None:
        """Lead a request to its detour; refuse what is none of the carrier's addresses."""
        parts = urlsplit(request.full_url)
        host = (parts.hostname or "").lower()
        if host not in self._hosts:
            raise NotSent(f"not an address of this carrier: {parts.scheme}://{host}")
        detour = self._detours.get(host)
        if detour is None:
            if parts.scheme != "https":
                raise NotSent(f"not encrypted: {host}")
            return
        if urlsplit(detour).hostname not in _LOOPBACK:
            raise NotSent(f"a detour leaves this machine: {detour}")
        query = f"?{parts.query}" if parts.query else ""
        request.full_url = f"{detour}{parts.path}{query}"

    def _pass(self, call: Call) -> None:
        if self._gate is None or any(part in call["path"] for part in _PRELIMINARY):
            return
        with self._lock:
            if not self._gate(call):
                raise NotSent("the server did not let it out")


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other: nobody is followed with our keys."""

    def redirect_request(
        self,
        req: urllib.request.Request,  # noqa: ARG002
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: HTTPMessage,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> None:
        return None


def _whole(answer: IO[bytes], headers: HTTPMessage, url: str, status: int) -> Any:  # noqa: ANN401 - as above
    content = answer.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise URLError("an answer of more than 32 MB")
    return urllib.response.addinfourl(io.BytesIO(content), headers, url, status)
