"""The benches' pinned keys, at hand: read again every two seconds (decision 053).

A bench that is revoked in this process is refused at once, by another process two seconds later.
"""

from __future__ import annotations

import base64
import binascii
import time
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct
from sqlalchemy import select

from packstation.server.store import Store
from packstation.server.tables import STATION

FRESH_S: Final = 2.0


class Pinned(Struct, frozen=True):
    """A bench and its key; ``revoked`` says since when it is refused."""

    site: str
    station: str
    pubkey: str
    revoked: str | None
    key: Ed25519PublicKey | None

    def signed(self, base: bytes, signature: str) -> bool:
        """Whether it signed ``base``; ``signature`` in base64."""
        try:
            if self.key is None:
                return False
            self.key.verify(base64.b64decode(signature, validate=True), base)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


class KeyRing:
    """All benches' keys of this moment, or of two seconds ago."""

    def __init__(self) -> None:
        """Nothing read yet."""
        self._known: dict[str, Pinned] = {}
        self._until = 0.0
        self._turn = 0

    def forget(self) -> None:
        """Something about benches changed: look again before the next one is let in."""
        self._turn += 1
        self._until = 0.0

    def at_hand(self, station: str) -> Pinned | None:
        """A bench as read just now; None: it is to be looked up."""
        return self._known.get(station) if time.monotonic() < self._until else None

    def look_up(self, store: Store, station: str) -> Pinned | None:
        """Read what is stale; None where no such bench ever joined."""
        turn, now = self._turn, time.monotonic()
        columns = [STATION.c[name] for name in ("site", "station", "pubkey", "revoked")]
        everyone = now >= self._until
        asked = select(*columns)
        if not everyone:
            asked = asked.where(STATION.c.station == station)
        with store.read() as connection:
            rows = connection.execute(asked).all()
        found = {row.station: self._pinned(*row) for row in rows}
        if turn == self._turn:
            if everyone:
                self._known, self._until = found, now + FRESH_S
            else:
                self._known |= found
        return found.get(station)

    def _pinned(self, site: str, station: str, pubkey: str, revoked: str | None) -> Pinned:
        before = self._known.get(station)
        if before is not None and before.pubkey == pubkey:
            return Pinned(site, station, pubkey, revoked, before.key)
        return Pinned(site, station, pubkey, revoked, _key(pubkey))


def _key(pubkey: str) -> Ed25519PublicKey | None:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(pubkey, validate=True))
    except (binascii.Error, ValueError):
        return None
