"""Signed requests: one HTTP client, one key, bounded in time and size.

Connecting may take 3 s and a whole exchange 15 s (reference/sync.md section 1.1); a long
poll as much more as it asked to wait. Nothing is retried here.
"""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec
from msgspec import Struct, field

from packstation.client.keys import StationKey
from packstation.domain.errors import ServerUnreachable, SettingsError
from packstation.domain.psp import Conflict, Hello, Stamp, signing_base, stamp_headers
from packstation.first_use import met
from packstation.station.ports import Clock

CONNECT_S: Final = 3.0
TOTAL_S: Final = 15.0
MAX_ANSWER: Final = 32 * 1024 * 1024
_JSON: Final = "application/json"
_COMPRESS_FROM: Final = 1400  # bytes; less fits one packet anyway

S = TypeVar("S")


class Who(Struct, frozen=True):
    """The station that signs: its id, journal's epoch and the server's last generation."""

    station: str
    epoch: str = ""
    gen: int = 0


class Answer(Struct, frozen=True):
    """Status, headers and content of an answer."""

    status: int
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def read(self, shape: type[S]) -> S:
        """The content as ``shape``.

        Raises:
            ServerUnreachable: it is none: a proxy's page, or a server of another protocol.
        """
        try:
            return msgspec.json.decode(self.content, type=met(shape))
        except msgspec.DecodeError as exc:
            raise ServerUnreachable(cause=f"{self.status}: {exc}") from exc

    def conflict(self) -> Conflict:
        """The refusal; one without a readable body has only its status."""
        try:
            found = msgspec.json.decode(self.content, type=met(Conflict))
        except msgspec.DecodeError:
            found = Conflict()
        return msgspec.structs.replace(found, status=self.status)

    def retry_after_s(self, now: datetime) -> float | None:
        """Seconds that the server asks to wait, if it does (RFC 9110 section 10.2.3)."""
        asked = self.headers.get("retry-after", "")
        if asked.isascii() and asked.isdigit():
            return float(asked)
        try:
            return max(0.0, (parsedate_to_datetime(asked) - now).total_seconds())
        except (ValueError, TypeError):
            return None


class Access(Struct, frozen=True):
    """How the server is reached; ``ca_file`` (PEM) is trusted beside the machine's own."""

    url: str
    ca_file: str = ""
    proxy: str = ""


def open_http(access: Access) -> httpx.Client:
    """A client of one server.

    Proxies of the environment count, except for a server on this machine; there is no
    switch that turns the check of certificates off.

    Raises:
        SettingsError: no such address, or plain HTTP to another machine; no such file.
    """
    url = access.url.rstrip("/")
    if urlsplit(url).scheme != "https" and not is_local(url):
        # reference/server.md section 4: plain HTTP never leaves the machine.
        raise SettingsError(name="server.url", value=url, allowed="https://...")
    try:
        return httpx.Client(
            base_url=url,
            verify=_trust(access.ca_file),
            proxy=access.proxy or None,
            trust_env=not access.proxy and not is_local(url),
            follow_redirects=False,
            headers={"Accept": "application/json", "User-Agent": "packstation"},
        )
    except (httpx.InvalidURL, ValueError) as exc:
        raise SettingsError(name="server.url", value=url, allowed=str(exc)) from exc


def _trust(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError as exc:
            raise SettingsError(name="server.ca_file", value=ca_file, allowed=str(exc)) from exc
    return context


def is_local(url: str) -> bool:
    """Whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Wire:
    """Signed exchanges with one server; one at a time, ended early by ``abort``."""

    def __init__(
        self, http: httpx.Client, key: StationKey, clock: Clock, total_s: float = TOTAL_S
    ) -> None:
        """Send through ``http``, which ``close`` closes; an exchange takes ``total_s`` at most."""
        self._total_s = total_s
        self._http = http
        self._key = key
        self._clock = clock
        self._ahead = timedelta()
        self._encodings: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._aborted = False

    def hello(self) -> Hello:
        """Ask what the server is; unsigned. Its clock dates our signatures from now on.

        Raises:
            ServerUnreachable: no answer, or none of this protocol.
        """
        answer = self._exchange(self._http.build_request("GET", "/v1/hello"), self._total_s)
        if answer.status != 200:
            raise ServerUnreachable(cause=str(answer.status))
        found = answer.read(Hello)
        self._encodings = found.encodings
        try:
            self._ahead = datetime.fromisoformat(found.now) - self._clock.now()
        except (ValueError, TypeError) as exc:
            raise ServerUnreachable(cause=f"clock: {found.now}") from exc
        return found

    def send(
        self, method: str, target: str, who: Who, body: object = None, *, wait_s: float = 0
    ) -> Answer:
        """One signed exchange; ``target`` is path and query, ``body`` a message or None.

        Raises:
            ServerUnreachable: no answer in time, or ``abort`` was called.
        """
        content = b"" if body is None else msgspec.json.encode(body)
        answer = self._send(method, target, who, content, self._total_s + wait_s)
        if answer.status == 401 and answer.conflict().code == "clock":
            self.hello()  # tells how far our clock is off
            answer = self._send(method, target, who, content, self._total_s + wait_s)
        return answer

    def put_piece(self, target: str, who: Who, content: bytes, media: str) -> Answer:
        """One signed PUT of a piece of a file as it is.

        Raises:
            ServerUnreachable: no answer in time, or ``abort`` was called.
        """
        return self._send("PUT", target, who, content, self._total_s, media)

    def _send(
        self,
        method: str,
        target: str,
        who: Who,
        content: bytes,
        total_s: float,
        media: str = _JSON,
    ) -> Answer:
        headers = {"Content-Type": media} if content else {}
        large = media == _JSON and len(content) >= _COMPRESS_FROM
        if large and "gzip" in self._encodings:
            content = gzip.compress(content, compresslevel=1)
            headers["Content-Encoding"] = "gzip"
        request = self._http.build_request(method, target, content=content, headers=headers)
        request.headers.update(self._signed(method, _target(request, self._http), content, who))
        return self._exchange(request, total_s)

    def _signed(self, method: str, target: str, content: bytes, who: Who) -> dict[str, str]:
        date = (self._clock.now() + self._ahead).astimezone(UTC).isoformat()
        stamp = Stamp(
            station=who.station, epoch=who.epoch, gen=who.gen, date=date.replace("+00:00", "Z")
        )
        return stamp_headers(stamp, self._key.sign(signing_base(method, target, content, stamp)))

    def _exchange(self, request: httpx.Request, total_s: float) -> Answer:
        deadline = self._clock.mono_ns() + int(total_s * 1e9)
        request.extensions |= {
            "timeout": {"connect": CONNECT_S, "read": total_s, "write": total_s, "pool": CONNECT_S},
            "trace": self._traced,
        }
        try:
            response = self._http.send(request, stream=True)
            try:
                return Answer(
                    response.status_code, self._read(response, deadline), response.headers
                )
            finally:
                response.close()
        except (httpx.HTTPError, httpx.StreamError, OSError) as exc:
            raise ServerUnreachable(cause=f"{type(exc).__name__}: {exc}".strip(": ")) from exc

    def _read(self, response: httpx.Response, deadline: int) -> bytes:
        content = bytearray()
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > MAX_ANSWER or self._clock.mono_ns() > deadline:
                raise ServerUnreachable(cause="the answer is too long or too slow")
        return bytes(content)

    def _traced(self, name: str, info: Mapping[str, Any]) -> None:
        """Keep the newest connection's socket, so that ``abort`` can end a blocked read."""
        if name.endswith(("connect_tcp.complete", "start_tls.complete")):
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                if self._aborted:
                    self._cut()

    def abort(self) -> None:
        """End the exchange under way, from any thread; later ones end at once."""
        with self._lock:
            self._aborted = True
            self._cut()

    def _cut(self) -> None:
        if self._socket is not None:
            try:
                # The plain method: an SSLSocket's own would drop state that the reader uses.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                return  # it is closed already

    def close(self) -> None:
        """Close the connections; not while an exchange is under way."""
        self._http.close()


def _target(request: httpx.Request, http: httpx.Client) -> str:
    """Path and query as the server sees them, below the base URL's own path."""
    prefix = http.base_url.raw_path.rstrip(b"/")
    return request.url.raw_path[len(prefix) :].decode("ascii")
