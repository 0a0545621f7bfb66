"""What every endpoint works with: the store, the clock, ids, the bell, the carriers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import uuid_utils

from packstation.carriers.adapters.reach import LOOPBACK, Reach
from packstation.domain.carriers import CarrierGateway
from packstation.server.gates import RequirementGate
from packstation.server.keyring import KeyRing
from packstation.server.live import Live
from packstation.server.meters import Meters
from packstation.server.rates import Rates
from packstation.server.smtp import Smtp
from packstation.server.store import Store
from packstation.server.vault import Vault, vault_of


class Clock(Protocol):
    """Time, injected."""

    def now(self) -> datetime:
        """UTC."""


class Ids(Protocol):
    """Fresh identifiers, injected."""

    def new(self) -> str:
        """A UUIDv7 as text."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class RandomIds:
    """UUIDv7 of this moment."""

    def new(self) -> str:
        return str(uuid_utils.uuid7())


class Bell:
    """Rung from any thread when something of a site changed; heard by long polls and live pages.

    A wait also ends after ``patience`` seconds, because another process may have written.
    """

    def __init__(self, patience: float = 2.0) -> None:
        """Nobody waits yet."""
        self.closed = False
        self.rings = 0
        self._patience = patience
        self._lock = threading.Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def ring(self) -> None:
        """Wake all who wait."""
        with self._lock:
            self.rings += 1
            waiting = tuple(self._waiting)
        for loop, woken in waiting:
            with suppress(RuntimeError):  # that loop has ended
                loop.call_soon_threadsafe(woken.set)

    def close(self) -> None:
        """No one waits from now on: the server is going down."""
        self.closed = True
        self.ring()

    async def wait(self, seconds: float, heard: int) -> float:
        """Return when it rings, after ``seconds``, or when the patience is over.

        ``heard``: the ``rings`` before the caller looked; one since then counts at once.
        Answers how many seconds it was.
        """
        loop = asyncio.get_running_loop()
        start = loop.time()
        place = (loop, asyncio.Event())
        with self._lock:
            self._waiting.add(place)
        try:
            if not self.closed and self.rings == heard:
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(seconds, self._patience)):
                        await place[1].wait()
        finally:
            with self._lock:
                self._waiting.discard(place)
        return loop.time() - start

    async def pause(self, seconds: float) -> None:
        """Return after ``seconds``, sooner only when the server goes down."""
        left = seconds
        while left > 0 and not self.closed:
            left -= await self.wait(left, self.rings)


class Desk:
    """Keys that are being asked for right now, in this process: nobody asks twice at once."""

    def __init__(self) -> None:
        """None yet."""
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._last: dict[str, datetime] = {}

    def take(self, key: str) -> bool:
        """Whether the key was free and is now ours."""
        with self._lock:
            free = key not in self._busy
            self._busy.add(key)
            return free

    def give_back(self, key: str) -> None:
        """Whoever took it is done."""
        with self._lock:
            self._busy.discard(key)

    def holds(self, key: str) -> bool:
        """Whether somebody here has taken the key and has it still."""
        with self._lock:
            return key in self._busy

    def close(self) -> None:
        """Nobody asks any more."""

    def due(self, key: str, now: datetime, every: timedelta) -> bool:
        """Whether it was not due for so long; then it is done now."""
        with self._lock:
            last = self._last.get(key)
            if last is not None and now - last < every:
                return False
            self._last[key] = now
            return True


class Gateways:
    """Adapters that were made of accounts: one for each, made anew when its account changes."""

    def __init__(self) -> None:
        """None yet."""
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str], tuple[str, CarrierGateway]] = {}
        self._old: list[CarrierGateway] = []

    def get(
        self, of: tuple[str, str], version: str, make: Callable[[], CarrierGateway]
    ) -> CarrierGateway:
        """The adapter of an account's version."""
        with self._lock:
            held = self._made.get(of)
            if held is not None and held[0] == version:
                return held[1]
            if held is not None:
                self._old.append(held[1])  # somebody may still be asking by it
            made = make()
            self._made[of] = version, made
            return made

    def close(self) -> None:
        """Let go of their connections."""
        with self._lock:
            for one in (*self._old, *(made for _, made in self._made.values())):
                getattr(one, "close", lambda: None)()
            self._made.clear()
            self._old.clear()


@dataclass(frozen=True)
class Server:
    """One running server."""

    store: Store
    clock: Clock = field(default_factory=SystemClock)
    ids: Ids = field(default_factory=RandomIds)
    bell: Bell = field(default_factory=Bell)
    desk: Desk = field(default_factory=Desk)
    carriers: Mapping[str, CarrierGateway] = field(default_factory=dict)
    gate: RequirementGate | None = None
    evidence: Path | None = None  # where photos and films of the benches lie
    customs_keys: tuple[str, ...] = ()  # who may sign rule packs: base64 of raw Ed25519 keys
    smtp: Smtp | None = None  # where mail to brokers goes out
    vault: Vault = field(default_factory=lambda: vault_of(None))  # credentials at rest
    gateways: Gateways = field(default_factory=Gateways)
    live: Live = field(default_factory=Live)
    keys: KeyRing = field(default_factory=KeyRing)  # of benches, for the journal
    meters: Meters = field(default_factory=Meters)
    reach: Reach = LOOPBACK  # how far requests to carriers may go
    rates: Rates = field(default_factory=Rates)  # how much each caller may ask
    secure: bool = False  # served over TLS: cookies are bound to the host
