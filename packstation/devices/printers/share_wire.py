"""The wire between two benches that share a printer: lines of JSON, each with its proof.

The owner greets with a nonce, the other bench answers with its name, a nonce of its own and a
proof that it holds the key; the owner proves the same. From then on each line carries the
HMAC-SHA256 of its direction, its number and its text under a key of this connection, so that
nothing is forged, replayed or left out. It hides nothing: labels travel as on port 9100.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import hmac
import json
import os
import queue
import socket
import threading
from collections.abc import Iterable
from typing import Any, Final

from packstation.devices.leaving import joined

PROTOCOL: Final = "packstation.print/1"
# A label of a few hundred kilobytes in base64 is long already.
LONGEST: Final = 16_000_000
GREETING_S: Final = 5.0
# Somebody who says nothing for so long is gone; both sides say something every `BEAT_S`.
SILENCE_S: Final = 6.0
BEAT_S: Final = 1.5
OWNER, GUEST = b"owner", b"guest"

Message = dict[str, Any]


class NotTrusted(OSError):
    """The other side does not hold the key, is not expected, or a line is not its own."""


def proof(key: bytes, *parts: bytes) -> str:
    """Hex HMAC over parts that cannot run into each other."""
    joined = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.new(key, joined, hashlib.sha256).hexdigest()


class Wire:
    """An authenticated connection; one thread receives, any may send and never waits for it."""

    def __init__(self, plug: socket.socket, key: bytes, own: bytes, other: bytes) -> None:
        self._plug = plug
        self._key, self._own, self._other = key, own, other
        self._heard = bytearray()
        self._sent = self._received = 0
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        plug.settimeout(SILENCE_S)
        self._thread = threading.Thread(target=self._deliver, name="share-out", daemon=True)
        self._thread.start()

    def send(self, **message: object) -> None:
        """One message, after those before it; where it does not go out the connection ends."""
        self._outbox.put(json.dumps(message, separators=(",", ":")).encode("ascii"))

    def _deliver(self) -> None:
        while (text := self._outbox.get()) is not None:
            number = str(self._sent).encode()
            self._sent += 1
            mac = proof(self._key, self._own, number, text).encode()
            try:
                self._plug.sendall(mac + b" " + text + b"\n")
            except OSError:
                self.close()
                return

    def receive(self) -> Message:
        """The next message; OSError where there is none any more."""
        mac, _, text = _line(self._plug, self._heard).partition(b" ")
        number = str(self._received).encode()
        self._received += 1
        wanted = proof(self._key, self._other, number, text)
        if not hmac.compare_digest(wanted.encode(), mac):
            raise NotTrusted("a line that is not the other side's")
        return _message(text)

    def finish(self) -> None:
        """Nothing is sent after what waits; returns at once."""
        self._outbox.put(None)

    def join(self, timeout: float) -> bool:
        """Wait, seconds, until nothing is sent any more; after `finish` or `close`."""
        return joined(self._thread, timeout)

    def close(self) -> None:
        """End it for both directions; whoever waits in ``receive`` is woken."""
        self._outbox.put(None)
        with contextlib.suppress(OSError):  # it has ended already
            self._plug.shutdown(socket.SHUT_RDWR)
        self._plug.close()


def welcome(plug: socket.socket, key: bytes, benches: Iterable[str], lies: str) -> tuple[Wire, str]:
    """The owner's side of the greeting: the wire and the bench at its other end.

    ``lies`` tells what the printer speaks and what lies in it.
    """
    plug.settimeout(GREETING_S)
    own = os.urandom(16).hex()
    _say(plug, hello=PROTOCOL, nonce=own)
    heard = bytearray()
    answer = _message(_line(plug, heard, longest=1000))
    bench, theirs = str(answer.get("bench", "")), str(answer.get("nonce", ""))
    parts = (own.encode(), theirs.encode(), bench.encode())
    mine = proof(key, GUEST, *parts)
    if bench not in set(benches) or not hmac.compare_digest(mine, str(answer.get("mac", ""))):
        raise NotTrusted(f"bench {bench[:40]!r}")
    _say(plug, mac=proof(key, OWNER, *parts, lies.encode()), lies=lies)
    session = bytes.fromhex(proof(key, b"session", *parts))
    return Wire(plug, session, OWNER, GUEST), bench


def greet(plug: socket.socket, key: bytes, bench: str) -> tuple[Wire, str]:
    """The guest's side of the greeting: the wire, and what lies in the printer."""
    plug.settimeout(GREETING_S)
    heard = bytearray()
    hello = _message(_line(plug, heard, longest=1000))
    own = os.urandom(16).hex()
    parts = (str(hello.get("nonce", "")).encode(), own.encode(), bench.encode())
    _say(plug, bench=bench, nonce=own, mac=proof(key, GUEST, *parts))
    answer = _message(_line(plug, heard, longest=1000))
    lies = str(answer.get("lies", ""))
    mine = proof(key, OWNER, *parts, lies.encode())
    if not hmac.compare_digest(mine, str(answer.get("mac", ""))):
        raise NotTrusted("the owner's key is another")
    return Wire(plug, bytes.fromhex(proof(key, b"session", *parts)), GUEST, OWNER), lies


def _say(plug: socket.socket, **message: object) -> None:
    plug.sendall(json.dumps(message).encode("ascii") + b"\n")


def _line(plug: socket.socket, heard: bytearray, longest: int = LONGEST) -> bytes:
    while (end := heard.find(b"\n")) < 0:
        if len(heard) > longest:
            raise NotTrusted("a line without an end")
        chunk = plug.recv(65536)
        if not chunk:
            raise ConnectionResetError(errno.ECONNRESET, "the other bench hung up")
        heard += chunk
    line = bytes(heard[:end])
    del heard[: end + 1]
    return line


def _message(text: bytes) -> Message:
    try:
        found = json.loads(text)
    except ValueError as exc:
        raise NotTrusted("no message") from exc
    if not isinstance(found, dict):
        raise NotTrusted("no message")
    return found
