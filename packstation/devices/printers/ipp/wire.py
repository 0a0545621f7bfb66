"""IPP over HTTP (RFC 8010 section 4): where a queue is, and one request to it.

A connection is made for each request and closed after it: a queue that restarts is found anew,
and how much of a request had left when something broke is known.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from packstation.devices.health import cause_of
from packstation.devices.printers.ipp.decoding import LIMIT, decode
from packstation.devices.printers.ipp.encoding import encode
from packstation.devices.printers.ipp.messages import Message
from packstation.devices.printers.spooling import QueueRefused, QueueUnreachable, Sent
from packstation.domain.errors import FrameMalformed, SettingsError

_PORT: Final = 631
_CHUNK: Final = 1 << 16
_SOCKETS: Final = ("/run/cups/cups.sock", "/var/run/cups/cups.sock")
_QUEUE: Final = re.compile(r"[^\s/#?\x00-\x1f\x7f]{1,127}")  # what lpadmin takes for a name
_SERVER: Final = re.compile(
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/\s\[\]]+)(?::(?P<port>\d{1,5}))?(?:/.*)?"
)
_REFUSALS: Final[Mapping[int, str]] = {
    401: "printer.queue_denied",
    403: "printer.queue_denied",
    404: "printer.queue_missing",
    426: "printer.queue_tls",
}
ALLOWED: Final = "cups:QUEUE or ipp[s]://host[:port]/path"


class Endpoint(Struct, frozen=True):
    """Where a queue listens: ``socket`` is a path where it is no network; ``uri`` names it.

    ``tls``: HTTPS (RFC 7472, the scheme ``ipps``), with a certificate that the system trusts.
    """

    host: str
    port: int
    path: str
    uri: str
    socket: str = ""
    tls: bool = False

    @property
    def local(self) -> bool:
        """Whether this machine's print service is meant."""
        return bool(self.socket) or self.host in {"localhost", "127.0.0.1", "::1"}


class WireTiming(Struct, frozen=True):
    """Seconds to connect, to wait for more of an answer, and until all of it is there."""

    connect_s: float = 2.0
    answer_s: float = 10.0
    whole_s: float = 30.0


def endpoint(address: str, environ: Mapping[str, str] = os.environ) -> Endpoint:
    """The place of ``cups:QUEUE`` or ``ipp[s]://host[:port]/path``; `SettingsError` otherwise."""
    if address.startswith("cups:"):
        queue = address.removeprefix("cups:")
        if _QUEUE.fullmatch(queue):
            return scheduler(f"/printers/{quote(queue)}", environ)
    elif address.startswith(("ipp://", "ipps://")) and (found := _ipp(address)):
        return found
    raise SettingsError(name="address", value=address, allowed=ALLOWED)


def scheduler(path: str, environ: Mapping[str, str] = os.environ) -> Endpoint:
    """The machine's CUPS: ``CUPS_SERVER`` (a path or host[:port]), its socket, or localhost."""
    named = environ.get("CUPS_SERVER", "")
    sockets = [named] if named else [one for one in _SOCKETS if Path(one).exists()]
    if sockets and sockets[0].startswith("/"):
        return Endpoint("localhost", _PORT, path, f"ipp://localhost{path}", sockets[0])
    found = _SERVER.fullmatch(named or "localhost")
    if found is None:
        raise SettingsError(name="CUPS_SERVER", value=named, allowed="host[:port] or a path")
    host, port = found["host"].strip("[]"), int(found["port"] or _PORT)
    return Endpoint(host, port, path, f"ipp://{found['host']}:{port}{path}")


def _ipp(address: str) -> Endpoint | None:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or _PORT
    except ValueError:
        return None
    bare = not (parts.query or parts.fragment or parts.username) and address.isprintable()
    if not host or not bare or " " in address:
        return None
    path = quote(unquote(parts.path or "/ipp/print"), safe="/")
    shown = f"[{host}]" if ":" in host else host
    uri = f"{parts.scheme}://{shown}:{port}{path}"
    return Endpoint(host, port, path, uri, tls=parts.scheme == "ipps")


class _SocketConnection(http.client.HTTPConnection):
    """HTTP over a socket in the file system, as CUPS has it."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def exchange(place: Endpoint, message: Message, timing: WireTiming) -> Message:
    """Send a request with its document and read the answer; see `spooling` for the errors."""
    connection = _connection(place, timing.connect_s)
    sending = _Sending(connection, place.path, encode(message))
    try:
        status, answer = sending.run(timing)
    except (OSError, http.client.HTTPException) as failure:
        raise QueueUnreachable(_cause(failure, place), str(failure), sending.sent) from failure
    finally:
        connection.close()
    if status != http.client.OK:
        raise QueueRefused(_REFUSALS.get(status, "printer.queue_error"), f"HTTP {status}")
    try:
        return decode(answer)
    except FrameMalformed as failure:
        raise QueueUnreachable("printer.queue_garbled", str(failure), sending.sent) from failure


def _connection(place: Endpoint, timeout: float) -> http.client.HTTPConnection:
    if place.socket:
        return _SocketConnection(place.socket, timeout)
    if place.tls:
        trust = ssl.create_default_context()
        return http.client.HTTPSConnection(place.host, place.port, timeout=timeout, context=trust)
    return http.client.HTTPConnection(place.host, place.port, timeout=timeout)


class _Sending:
    """One request under way, and how much of it has left."""

    def __init__(self, connection: http.client.HTTPConnection, path: str, body: bytes) -> None:
        self._connection = connection
        self._path = path
        self._body = body
        self.sent = Sent.NOTHING

    def run(self, timing: WireTiming) -> tuple[int, bytes]:
        connection = self._connection
        connection.connect()
        connection.sock.settimeout(timing.answer_s)
        connection.putrequest("POST", self._path)
        connection.putheader("Content-Type", "application/ipp")
        connection.putheader("Content-Length", str(len(self._body)))
        connection.endheaders()
        self.sent = Sent.PART
        for at in range(0, len(self._body), _CHUNK):
            connection.send(self._body[at : at + _CHUNK])
        self.sent = Sent.WHOLE
        with _at_most(connection.sock, timing.whole_s), connection.getresponse() as response:
            return response.status, response.read(LIMIT + 1)


@contextlib.contextmanager
def _at_most(line: socket.socket, seconds: float) -> Iterator[None]:
    """End the connection after so long: a byte now and then would keep us for ever."""
    late = threading.Event()

    def end() -> None:
        late.set()
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if late.is_set():
            raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))


def _cause(failure: Exception, place: Endpoint) -> str:
    """Why there is no answer: a print service that does not run, or the network's reasons."""
    if isinstance(failure, http.client.RemoteDisconnected):
        return "port.lost"
    if isinstance(failure, http.client.HTTPException):
        return "printer.queue_garbled"
    if isinstance(failure, ssl.SSLError):
        return "printer.queue_untrusted"
    cause = cause_of(failure, was_open=False)
    if place.local and cause in {"port.missing", "port.refused"}:
        return "printer.spooler_missing"
    return "printer.queue_denied" if cause == "port.denied" else cause
