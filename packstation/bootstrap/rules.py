"""The customs rules of a bench: the program's own, or newer ones that the server has signed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from packstation.customs.packs import pack_of, publishers, read_folder
from packstation.customs.party_store import index_of, kept_lists
from packstation.customs.signing import verify
from packstation.customs.tables import Tables
from packstation.domain.customs.pack import Pack
from packstation.domain.customs.parties import PartyIndex
from packstation.domain.errors import PackstationError

log = logging.getLogger(__name__)

# The pack in a row's body; None where it is none, or its signature is not good.
OpenPack = Callable[[Mapping[str, object]], Pack | None]


def signed_by(trusted: Sequence[str]) -> OpenPack:
    """Takes packs of these publishers (keys in base64): ``{"pack", "signature", "key"}``."""

    def opened(body: Mapping[str, object]) -> Pack | None:
        document = body.get("pack")
        signature, key = (str(body.get(name) or "") for name in ("signature", "key"))
        try:
            if isinstance(document, Mapping):
                verify(document, signature, trusted, key=key)
                return pack_of(document)
        except PackstationError as exc:
            log.warning("customs pack: %s", exc)
        return None

    return opened


def trusted(more: Sequence[str]) -> tuple[str, ...]:
    """Keys of whoever made the program, and ``more`` of the setting CUSTOMS_KEYS."""
    return (*publishers(), *more)


Aged = Callable[[Pack], Pack]
"""The pack with the day from which its age counts (rule R47)."""


def as_reviewed(pack: Pack) -> Pack:
    """Its own day, as it was signed."""
    return pack


def unaged(pack: Pack) -> Pack:
    """As if it had been reviewed today: for goods that go nowhere (`Setup.unaged`)."""
    return replace(pack, reviewed_on=datetime.now(UTC).date())


class LateRules:
    """``Rulebook``: read after the first paint, by whoever asks first."""

    def __init__(
        self,
        folder: Path,
        opened: OpenPack | None = None,
        data: Path | None = None,
        aged: Aged = as_reviewed,
    ) -> None:
        """``opened`` checks the signature of what a server sends; ``data`` has the party lists.

        By default those are trusted whom the program itself was made by.
        """
        self._data, self._aged = data, aged
        self._folder = folder
        self._opened = opened or signed_by(publishers())
        self._lock = threading.Lock()
        self._own: Pack | None = None
        self._pulled: Pack | None = None
        self._loaded = self._ready = False
        self.reference = Tables()

    @property
    def ready(self) -> bool:
        """See ``Rulebook.ready``."""
        return self._ready

    def pack(self) -> Pack | None:
        """The newest of both; of one version the server's."""
        own, pulled = self._own, self._pulled
        if own is None or pulled is None:
            return pulled or own
        return pulled if pulled.version >= own.version else own

    def load(self) -> None:
        """The program's own and tables, whose libraries are slow to import; once.

        They hold only when it is known what a server sent: see `take`.
        """
        with self._lock:
            if self._loaded:
                return
            try:
                self._own = self._aged(read_folder(self._folder))
            except PackstationError:
                log.exception("customs rules")
            self.reference = Tables(self._parties())
            try:
                self.reference.warm()
            except (OSError, ImportError):
                # Rules that need them stop the parcel and say so; asking again changes nothing.
                log.exception("tables of addresses, telephones and the HS")
            self._loaded = True

    def _parties(self) -> PartyIndex | None:
        """Imported lists of restricted parties; a list that cannot be read is told in the log."""
        try:
            return index_of(kept_lists(self._data)) if self._data else None
        except PackstationError:
            log.exception("lists of restricted parties: recipients are not compared")
            return None

    def take(self, bodies: Sequence[Mapping[str, object]]) -> None:
        """See ``Rulebook.take``; one that cannot be used changes nothing."""
        self.load()
        try:
            self._take(bodies)
        finally:
            self._ready = True

    def _take(self, bodies: Sequence[Mapping[str, object]]) -> None:
        packs = [self._aged(one) for one in map(self._opened, bodies) if one is not None]
        if len(packs) < len(bodies):
            log.warning("%d customs packs were not taken", len(bodies) - len(packs))
        if packs or not bodies:
            self._pulled = max(packs, key=lambda pack: pack.version, default=None)
