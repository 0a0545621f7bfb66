"""One request to a carrier over HTTPS: bounded in time and bytes, never redirected, never retried.

What it came to is either an answer or "nobody knows": whether a request that was sent has done
its work, only the carrier can say, by key.
"""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from time import monotonic, time
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import msgspec
from msgspec import Struct

from packstation.carriers.adapters.reach import LOOPBACK, PUBLIC, Reach, transport
from packstation.domain.errors import LabelOutcomeUnknown

MOST_BYTES: Final = 16 * 1024 * 1024
TIMEOUT_S: Final = 20.0
# What a carrier may make us wait at once; whoever wants more is asked again later.
MOST_PAUSE_S: Final = 10.0
_PAUSE_S: Final = 1.0
# What is unpacked here and nowhere else, piece by piece: an answer of 50 kB may hold gigabytes.
_PACKED: Final = {"gzip": 31, "x-gzip": 31, "deflate": 15, "": 0, "identity": 0}
_EXACT: Final = msgspec.json.Decoder(float_hook=str)


class Sent(Struct, frozen=True, kw_only=True):
    """An answer: ``headers`` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - JSON
        """Its body as JSON; None where it is none. Numbers with a point come as text, exact."""
        try:
            return _EXACT.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    @property
    def ok(self) -> bool:
        """2xx."""
        return httpx.codes.is_success(self.status)

    @property
    def busy(self) -> bool:
        """It has not looked at the request: ask again later (RFC 6585, section 4)."""
        return self.status == httpx.codes.TOO_MANY_REQUESTS

    @property
    def unsure(self) -> bool:
        """Neither done nor refused: 5xx, redirections, 408 and 425."""
        early = {httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_EARLY}
        return not self.ok and (not 400 <= self.status < 500 or self.status in early)

    def pause_s(self) -> float:
        """What ``Retry-After`` asks for (seconds or a date), 0 to 10 s; 1 s where it is odd."""
        said = self.headers.get("retry-after", "").strip()
        if said.isascii() and said.isdigit():
            return min(float(said[:9]), MOST_PAUSE_S)
        try:
            seconds = parsedate_to_datetime(said).timestamp() - time()
        except (TypeError, ValueError):
            return _PAUSE_S
        return min(max(seconds, 0.0), MOST_PAUSE_S)


class Wire:
    """Connections to one carrier; of several threads. ``ca``: PEM file to trust besides."""

    def __init__(self, base_url: str, *, timeout_s: float = TIMEOUT_S, ca: str = "") -> None:
        context = ssl.create_default_context(cafile=ca or None)
        self.base_url = base_url.rstrip("/")
        self._timeout_s = timeout_s
        # Only a carrier whose own address is this machine's (a trial) is gone to there.
        near = PUBLIC.refuses(host := _host(base_url)) and not LOOPBACK.refuses(host)
        self._reach = LOOPBACK if near else PUBLIC
        self._client = httpx.Client(
            timeout=timeout_s,
            transport=transport(context, lambda: self._reach),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept-Encoding": "gzip"},
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def keep_to(self, reach: Reach) -> None:
        """Go no further than ``reach`` with new connections."""
        self._reach = reach

    def send(
        self,
        key: str,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        content: bytes = b"",
    ) -> Sent:
        """Send; ``target`` is a path of the carrier's or a whole URL.

        Raises:
            LabelOutcomeUnknown: no whole answer in time; ``cause`` in a word or two.
        """
        url = target if "://" in target else self.base_url + target
        end = monotonic() + self._timeout_s
        try:
            with self._client.stream(
                method, url, headers=dict(headers or {}), params=query or None, content=content
            ) as answer:
                body = self._body(key, answer, end)
        except httpx.TimeoutException as exc:
            raise LabelOutcomeUnknown(label_key=key, cause="timeout") from exc
        except httpx.ConnectError as exc:
            raise LabelOutcomeUnknown(label_key=key, cause=f"connect: {exc}") from exc
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError) as exc:
            raise LabelOutcomeUnknown(label_key=key, cause=f"{type(exc).__name__}: {exc}") from exc
        named = {name.lower(): value for name, value in answer.headers.items()}
        return Sent(status=answer.status_code, headers=named, body=body)

    def _body(self, key: str, answer: httpx.Response, end: float) -> bytes:
        """All of it, however slowly it drips, within the one time-out; of gzip what is in it."""
        parts: list[bytes] = []
        left = MOST_BYTES
        unpacked = _unpacker(key, answer.headers.get("content-encoding", ""))
        for raw in answer.iter_raw():
            # One byte more than is allowed: whether there is more, nobody has to know.
            part = unpacked(raw, left + 1)
            left -= len(part)
            parts.append(part)
            if left < 0:
                raise LabelOutcomeUnknown(label_key=key, cause=f"more than {MOST_BYTES} bytes")
            if monotonic() > end:
                raise LabelOutcomeUnknown(label_key=key, cause="timeout")
        return b"".join(parts)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # no URL at all: said at the first request
        return ""


def _unpacker(key: str, encoding: str) -> Callable[[bytes, int], bytes]:
    """How a body is unpacked, never by more bytes than are asked for.

    Raises:
        LabelOutcomeUnknown: packed in a way that was not asked for, or twice.
    """
    bits = _PACKED.get(encoding.strip().lower())
    if bits is None:
        cause = f"Content-Encoding: {encoding[:40]!r}; allowed: gzip"
        raise LabelOutcomeUnknown(label_key=key, cause=cause)
    if not bits:
        return lambda raw, _: raw
    unpacking = zlib.decompressobj(bits)

    def unpacked(raw: bytes, most: int) -> bytes:
        try:
            return unpacking.decompress(raw, most)
        except zlib.error as exc:
            raise LabelOutcomeUnknown(label_key=key, cause=f"{encoding}: {exc}") from exc

    return unpacked
