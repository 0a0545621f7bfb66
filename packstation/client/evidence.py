"""Photos and films on their way to the server, piece by piece, while nobody packs.

One file at a time, the oldest first. The server says how much of it there is, so a cable that was
pulled costs a piece. One that the server will not have is tried again at the next start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from msgspec import Struct

from packstation.client.outgoing import Outgoing, Uploads
from packstation.client.syncer import Loop
from packstation.client.wire import Answer, Who, Wire
from packstation.domain.errors import ServerUnreachable

_LOG: Final = logging.getLogger(__name__)
PIECE: Final = 256 * 1024
MEDIA: Final = {".jpg": "image/jpeg", ".mp4": "video/mp4", ".json": "application/json"}
# Seconds: the bench is busy, nothing waits, the server is away or refuses.
BUSY_S, REST_S, AWAY_S, REFUSED_S = 1.0, 15.0, 30.0, 300.0
_UNWANTED: Final = frozenset({413, 415, 422})


class _Have(Struct, frozen=True):
    have: int = 0
    whole: bool = False


class EvidenceSender:
    """A thread of its own over a wire of its own, which it closes."""

    def __init__(self, wire: Wire, who: Callable[[], Who], uploads: Uploads) -> None:
        self._wire, self._who, self._uploads = wire, who, uploads
        self._unwanted: set[str] = set()
        self._loop = Loop("packstation-evidence", self.turn, lambda: None)

    def start(self) -> None:
        """Begin; it waits for an idle bench."""
        self._loop.start()

    def close(self) -> None:
        """Stop; a piece under way is cut off."""
        self._loop.stop()
        self._wire.abort()
        self._loop.join()
        self._wire.close()

    def turn(self) -> float:
        """Send a file, or as much of it as the bench is idle for; seconds until the next turn."""
        if not self._uploads.idle():
            return BUSY_S
        self._uploads.tidy()
        files = (one for one in self._uploads.waiting() if one.sha256 not in self._unwanted)
        file = next(files, None)
        if file is None:
            return REST_S
        try:
            return self._send(file)
        except ServerUnreachable:
            return AWAY_S

    def _send(self, file: Outgoing) -> float:
        answer = self._wire.send("GET", _target(file), self._who())
        with file.path.open("rb") as data:
            size = file.path.stat().st_size
            while answer.status == 200 and not (have := answer.read(_Have)).whole:
                if not self._uploads.idle():
                    return BUSY_S
                data.seek(have.have)
                answer = self._piece(file, have.have, size, data.read(PIECE))
        return self._done(file, answer)

    def _piece(self, file: Outgoing, at: int, size: int, content: bytes) -> Answer:
        query = urlencode({"at": at, "of": size, "days": file.days})
        media = MEDIA.get(file.path.suffix, "")
        return self._wire.put_piece(f"{_target(file)}?{query}", self._who(), content, media)

    def _done(self, file: Outgoing, answer: Answer) -> float:
        if answer.status == 200:
            self._uploads.sent(file.sha256)
            return 0.0
        _LOG.warning("evidence refused: %s %s", answer.status, answer.conflict().code)
        if answer.status in _UNWANTED:
            self._unwanted.add(file.sha256)
            return 0.0
        return REFUSED_S


def _target(file: Outgoing) -> str:
    return f"/v1/evidence/{file.sha256}"
