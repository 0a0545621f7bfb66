"""The scripted carrier: a real HTTP/1.1 server on the loopback, in threads of this process."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from packstation.carriers.sandbox.books import MAX_G, Books, Sale
from packstation.carriers.sandbox.dialect import Answer, Asked, Call, Dialect, Told
from packstation.carriers.sandbox.files import pdf
from packstation.carriers.sandbox.script import Fault, Plan, Script

SECRET: Final = "sandbox-secret"  # noqa: S105 - opens nothing but this
HTML: Final = b"<!DOCTYPE html><html><title>Maintenance</title><p>Back soon.</p></html>"
NONSENSE: Final = b'{"data":7,"number":{"a":1},"id":null,"shipments":"none","label":[1],"code":[]}'
LABEL_MM: Final = (100.0, 150.0)
_RST: Final = struct.pack("ii", 1, 0)
MOST_BODY: Final = 4 * 1024 * 1024


class Clerk:
    """Does what is asked, by the books and by the carrier's own rules."""

    def __init__(self, books: Books, secret: str) -> None:
        self.books = books
        self.secret = secret

    def do(self, asked: Asked, fault: Fault | None) -> Told:
        """The work, and what it came to."""
        if asked.op != "token" and asked.secret != self.secret:
            return Told(outcome="refused", reason="denied")
        match asked.op:
            case "buy":
                return self._sell(asked, fault)
            case "find":
                return self._sale(asked.key, "found", fault)
            case "label":
                return self._sale(asked.key, "file", fault)
            case "void":
                reason = self.books.void(asked.key)
                return Told(outcome="refused" if reason else "voided", reason=reason)
            case "track":
                found = (self.books.of_waybill(one) for one in asked.waybills)
                return Told(outcome="events", sales=tuple(one for one in found if one))
            case "manifest":
                return Told(outcome="handed", missing=self.books.hand(asked.waybills))
            case _:
                return Told(outcome="priced")

    def _sell(self, asked: Asked, fault: Fault | None) -> Told:
        reason = _against(asked)
        if reason:
            return Told(outcome="refused", reason=reason)
        sale, new = self.books.sell(asked.key, asked.service, 2 if fault == "not_ready" else 0)
        if not new:
            return Told(outcome="duplicate", sale=sale, reason="duplicate")
        return Told(outcome="sold", sale=sale, label=_label(sale, fault))

    def _sale(self, key: str, outcome: Any, fault: Fault | None) -> Told:  # noqa: ANN401 - a Literal
        sale = self.books.find(key)
        if sale is None:
            return Told(outcome="none" if outcome == "found" else "refused", reason="never_bought")
        if fault == "not_ready":
            sale.waits = 2
        return Told(outcome=outcome, sale=sale, label=_label(sale, fault))


def _against(asked: Asked) -> str:
    """Why it is not sold: a carrier's few plain rules."""
    rules = (
        ("service", asked.service not in {"plain", "fast"}),
        ("weight", not 0 < asked.gross_g <= MAX_G),
        ("address", not asked.name.strip() or asked.country in {"", "XX"}),
        ("address", any(ord(char) < ord(" ") for char in asked.name + asked.postcode)),
    )
    return next((reason for reason, broken in rules if broken), "")


def _label(sale: Sale, fault: Fault | None) -> bytes | None:
    if sale.waits:
        return None
    if fault == "no_label":
        return HTML
    if fault == "wrong_size":
        return pdf(sale.waybill, 210, 297)
    whole = pdf(sale.waybill, *LABEL_MM)
    return whole[: len(whole) // 2] if fault == "truncated" else whole


class FaultServer:
    """Serves a dialect until it is closed; ``books`` say what was really sold.

    ``late_s``: when the work of a ``late`` request is done; ``slow_s`` what a ``slow`` one takes.
    """

    def __init__(
        self,
        dialect: Dialect,
        script: Script | None = None,
        books: Books | None = None,
        *,
        secret: str = SECRET,
        late_s: float = 1.2,
        slow_s: float = 0.05,
    ) -> None:
        self.dialect = dialect
        self.script = script or Plan()
        self.books = books or Books()
        self.clerk = Clerk(self.books, secret)
        self.late_s, self.slow_s = late_s, slow_s
        self.closing = threading.Event()
        self.calls: list[Call] = []
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._late: list[threading.Timer] = []
        self._http = _Http(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> FaultServer:  # noqa: PYI034 - typing.Self would not say more
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every connection; late work is done first."""
        self.settle()
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        with self._lock:
            for one in self._sockets:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def settle(self) -> None:
        """Wait until all late work is done."""
        while True:
            with self._lock:
                waiting = self._late.pop() if self._late else None
            if waiting is None:
                return
            waiting.join()

    def later(self, work: Callable[[], object]) -> None:
        """Do it in ``late_s``."""
        timer = threading.Timer(self.late_s, work)
        timer.daemon = True
        with self._lock:
            self._late.append(timer)
        timer.start()

    def keep(self, one: socket.socket, *, there: bool) -> None:
        """A connection began, or ended."""
        with self._lock:
            (self._sockets.add if there else self._sockets.discard)(one)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def _handler(server: FaultServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        owner = server

    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    owner: FaultServer

    def setup(self) -> None:
        super().setup()
        self.owner.keep(self.connection, there=True)

    def finish(self) -> None:
        self.owner.keep(self.connection, there=False)
        with suppress(OSError):
            super().finish()

    def handle(self) -> None:
        with suppress(OSError, ValueError):  # whoever asked has gone, or was reset
            super().handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - names of the base

    def _serve(self) -> None:
        length = min(int(self.headers.get("content-length") or 0), MOST_BODY)
        url = urlsplit(self.path)
        call = Call(
            method=self.command,
            path=url.path,
            query=dict(parse_qsl(url.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        self.owner.calls.append(call)
        asked = self.owner.dialect.read(call)
        if asked is None:
            self._send(Answer(status=404, body=b"{}"))
            return
        self._by(asked, self.owner.script.next(asked.op))

    def _by(self, asked: Asked, fault: Fault | None) -> None:
        owner = self.owner
        match fault:
            case "late":
                owner.later(lambda: owner.clerk.do(asked, None))
                self._hold()
                return
            case "early":
                self._reset()
                return
            case "limit":
                told = Told(outcome="refused", reason="limit")
                answer = owner.dialect.write(asked, told)
                self._send(_with(answer, status=429, headers=(("Retry-After", "0"),)))
                return
            case "down":
                self._send(Answer(status=503, body=HTML, media="text/html"))
                return
            case "denied":
                told = Told(outcome="refused", reason="denied")
                self._send(owner.dialect.write(asked, told))
                return
        told = owner.clerk.do(asked, fault)
        if fault == "twice":
            told = owner.clerk.do(asked, None)
        self._out(owner.dialect.write(asked, told), fault)

    def _out(self, answer: Answer, fault: Fault | None) -> None:
        match fault:
            case "lost":
                self._hold()
            case "reset":
                self._reset()
            case "cut":
                self._send(answer, half=True)
            case "broken":
                self._send(Answer(status=500, body=b'{"error":"internal"}'))
            case "html":
                self._send(Answer(body=HTML, media="text/html"))
            case "empty":
                self._send(Answer())
            case "nonsense":
                self._send(Answer(body=NONSENSE))
            case "slow":
                self.owner.closing.wait(self.owner.slow_s)
                self._send(answer)
            case _:
                self._send(answer)

    def _send(self, answer: Answer, *, half: bool = False) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        if half:
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.close_connection = True
            return
        self.wfile.write(answer.body)

    def _hold(self) -> None:
        """No answer until whoever asked has gone."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.recv(1)

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
        # The file objects hold the socket open: it is reset once they are closed with it.
        self.rfile.close()
        self.wfile.close()
        self.connection.close()


def _with(answer: Answer, **changes: Any) -> Answer:  # noqa: ANN401 - fields of an answer
    from msgspec.structs import replace

    return replace(answer, **changes)
