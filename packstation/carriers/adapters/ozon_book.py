"""What was asked of Ozon by which key: its interface takes no keys, so we remember.

Written down before a posting is shipped; what the answer said, when it comes. A server keeps this
in its database (``server/ozon_accounts.py``).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Literal, Protocol

from msgspec import Struct


class Entry(Struct, frozen=True, kw_only=True):
    """A parcel of posting ``posting``.

    ``goods`` are units by Ozon's product number, ``skus`` by our own. ``whole``: it is all that was
    left of the posting. ``before`` are postings that were split off it already; ``failed``: an
    earlier shipping of it came to nothing. ``number`` is the parcel's own posting, "" until an
    answer names it.
    """

    key: str
    posting: str
    goods: Mapping[str, int]
    whole: bool
    skus: Mapping[str, int] = {}
    before: tuple[str, ...] = ()
    failed: bool = False
    state: Literal["asked", "sold", "refused"] = "asked"
    number: str = ""
    waybill: str = ""


class Carriage(Struct, frozen=True, kw_only=True):
    """A manifest's carriage at Ozon, and waybills that it did not take."""

    id: str
    missing: tuple[str, ...] = ()


class Book(Protocol):
    """Entries by key; of several threads."""

    def of(self, key: str) -> Entry | None:
        """The entry of a key."""

    def of_posting(self, posting: str) -> tuple[Entry, ...]:
        """All parcels of a posting."""

    def of_waybill(self, waybill: str) -> Entry | None:
        """The parcel with this waybill."""

    def keep(self, entry: Entry) -> None:
        """Write an entry, over what its key had."""

    def carriage(self, key: str) -> Carriage | None:
        """The carriage of a manifest."""

    def keep_carriage(self, key: str, carriage: Carriage) -> None:
        """Write it, over what the manifest had."""

    def has_carriage(self, id: str) -> bool:  # noqa: A002 - theirs
        """Whether a manifest has this carriage."""


class MemoryBook:
    """For trials: forgets with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}
        self._carriages: dict[str, Carriage] = {}

    def of(self, key: str) -> Entry | None:
        return self._entries.get(key)

    def of_posting(self, posting: str) -> tuple[Entry, ...]:
        with self._lock:
            return tuple(one for one in self._entries.values() if one.posting == posting)

    def of_waybill(self, waybill: str) -> Entry | None:
        with self._lock:
            found = (one for one in self._entries.values() if one.waybill == waybill)
            return next(found, None)

    def keep(self, entry: Entry) -> None:
        with self._lock:
            self._entries[entry.key] = entry

    def carriage(self, key: str) -> Carriage | None:
        return self._carriages.get(key)

    def keep_carriage(self, key: str, carriage: Carriage) -> None:
        with self._lock:
            self._carriages[key] = carriage

    def has_carriage(self, id: str) -> bool:  # noqa: A002 - theirs
        with self._lock:
            return any(one.id == id for one in self._carriages.values())
