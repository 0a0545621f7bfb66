"""Accounts whose labels karrio buys: its Python, a worker for each, and one book of purchases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from packstation.carriers.live.books import Books
from packstation.carriers.live.gateway import DEADLINE_S, Account, Karrio
from packstation.carriers.live.karrio_words import CONNECTORS, Connector
from packstation.carriers.live.processes import Process
from packstation.domain.errors import InputInvalid

BOOKS: Final = "karrio.sqlite3"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class KarrioDescribed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account's description: ``settings`` as karrio calls them, without the secrets.

    ``detours`` (host of the carrier to an address of this machine) are for trials.
    """

    carrier: str
    settings: dict[str, str | bool] = {}
    detours: dict[str, str] = {}
    deadline_s: float = DEADLINE_S

    @property
    def connector(self) -> Connector:
        """What is known of its carrier."""
        return CONNECTORS[self.carrier]


def described(raw: Mapping[str, Any]) -> KarrioDescribed:
    """A description, judged.

    Raises:
        InputInvalid: what is wrong, by field.
    """
    try:
        found = msgspec.convert(dict(raw), KarrioDescribed)
    except msgspec.ValidationError as exc:
        raise InputInvalid(
            path="description", value=str(exc), allowed="carrier, settings, detours, deadline_s"
        ) from exc
    if found.carrier not in CONNECTORS:
        raise InputInvalid(
            path="description.carrier", value=found.carrier[:40], allowed=", ".join(CONNECTORS)
        )
    for name in found.settings:
        if name not in found.connector.settings:
            allowed = ", ".join(found.connector.settings)
            raise InputInvalid(path="description.settings", value=name[:40], allowed=allowed)
    for host, url in found.detours.items():
        if urlsplit(url).hostname not in _LOOPBACK:
            path = f"description.detours.{host[:40]}"
            raise InputInvalid(path=path, value=url[:60], allowed="addresses of this machine")
    if not 1 <= found.deadline_s <= 120:
        path = "description.deadline_s"
        raise InputInvalid(path=path, value=found.deadline_s, allowed="1 to 120")
    return found


def judge_url(path: str, url: str) -> None:
    """Refuse an address that is neither "" nor encrypted nor of this machine.

    Raises:
        InputInvalid: as said.
    """
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if url and not local and not (parts.scheme == "https" and parts.hostname):
        raise InputInvalid(path=path, value=url[:60], allowed="https")


class Live:
    """``python`` has karrio ("": this one's, where it is installed); ``file`` keeps the book."""

    def __init__(self, python: str = "", file: Path | None = None) -> None:
        self._python, self._file = python, file
        self._lock = threading.Lock()
        self._books: Books | None = None

    def gateway(
        self,
        name: str,
        about: KarrioDescribed,
        secrets: Mapping[str, str],
        now: Callable[[], datetime],
    ) -> Karrio:
        """An account with a worker of its own, which starts with the first order."""
        settings = {**about.settings, **secrets}
        account = Account(
            name=name, carrier=about.carrier, settings=settings, deadline_s=about.deadline_s
        )
        process = Process(self._python)
        return Karrio(account, process, self.books, now, detours=about.detours)

    @property
    def books(self) -> Books:
        """Made when they are first needed."""
        with self._lock:
            if self._books is None:
                self._books = Books(self._file)
            return self._books

    def close(self) -> None:
        """Close the book."""
        with self._lock:
            if self._books is not None:
                self._books.close()
                self._books = None
