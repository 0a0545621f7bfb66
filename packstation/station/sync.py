"""When to send what: the syncer's rules, pure (reference/sync.md section 1.1).

The thread that speaks to the server is ``client.syncer``; here is what it decides by.
Times are seconds of a monotonic clock, handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.events import Event

COALESCE_S: Final = 2.0
COALESCE_EVENTS: Final = 200
COALESCE_BYTES: Final = 256 * 1024
FIRST_BATCH: Final = 50
LARGEST_BATCH: Final = 1000
BACKOFF_BASE_S: Final = 0.5
BACKOFF_CAP_S: Final = 60.0
OFFLINE_FAILURES: Final = 3
OFFLINE_AFTER_S: Final = 5.0
PROBE_S: Final = (5.0, 15.0)
HEARTBEAT_S: Final = (15.0, 30.0)

_URGENT: Final = ("Label", "Requirement")
_URGENT_KINDS: Final = frozenset({"SessionCompleted", "SessionHeld"})


class JournalPlace(Struct, frozen=True):
    """Whose journal it is, its epoch, and the seq of its newest record."""

    station: str
    epoch: str
    head: int


class JournalReader(Protocol):
    """The journal as the syncer reads it, through a connection of its own."""

    def place(self) -> JournalPlace:
        """Where the journal is now."""

    def earlier(self, place: JournalPlace) -> tuple[JournalPlace, ...]:
        """The same station's epochs before that of ``place``, each to its last record."""

    def events(self, place: JournalPlace, after: int, count: int) -> tuple[Event, ...]:
        """At most ``count`` events after seq ``after``, in order."""

    def cursor(self) -> str:
        """The change cursor up to which pulled rows are in the cache."""

    def beside(self) -> JournalReader:
        """Another reader of the same database, for another thread."""

    def close(self) -> None:
        """Close the connection."""


def is_urgent(kinds: Iterable[str]) -> bool:
    """Whether one of these kinds is sent at once."""
    return any(kind in _URGENT_KINDS or kind.startswith(_URGENT) for kind in kinds)


class Waiting(Struct, frozen=True):
    """What waits to be sent; ``since`` when the first of it was seen."""

    events: int = 0
    size: int = 0
    since: float = 0.0
    urgent: bool = False


def flush_at(waiting: Waiting) -> float | None:
    """When to send: None for nothing to send, ``since`` or earlier for now."""
    if not waiting.events:
        return None
    full = waiting.events >= COALESCE_EVENTS or waiting.size >= COALESCE_BYTES
    return waiting.since if waiting.urgent or full else waiting.since + COALESCE_S


def backoff_s(failures: int, chance: float, retry_after_s: float | None = None) -> float:
    """How long to wait after ``failures`` in a row: full jitter; ``chance`` in [0, 1).

    A server that says how long is believed, up to an hour.
    """
    if retry_after_s is not None:
        return min(max(retry_after_s, 0.0), 3600.0)
    # Above 2**7 the cap rules anyway; a weekend's exponent would not fit a float.
    return chance * min(BACKOFF_CAP_S, BACKOFF_BASE_S * 2.0 ** min(failures, 8))


def between(bounds: tuple[float, float], chance: float) -> float:
    """A moment between two bounds; ``chance`` in [0, 1)."""
    low, high = bounds
    return low + (high - low) * chance


class Line(Struct, frozen=True):
    """The connection: failures in a row, since when, and how large the next batch may be."""

    online: bool = False
    failures: int = 0
    failing_since: float = 0.0
    batch: int = FIRST_BATCH

    def succeeded(self) -> Line:
        """It took a batch: online, and the next batch may be twice as large."""
        return Line(online=True, batch=min(self.batch * 2, LARGEST_BATCH))

    def failed(self, now: float) -> Line:
        """No answer: offline after three failures or five seconds; the ramp begins anew."""
        since = self.failing_since if self.failures else now
        failures = self.failures + 1
        gone = failures >= OFFLINE_FAILURES or now - since >= OFFLINE_AFTER_S
        return Line(
            online=self.online and not gone,
            failures=failures,
            failing_since=since,
            batch=FIRST_BATCH,
        )

    def held_up(self) -> Line:
        """It answered that it has too much to do: still online, the ramp begins anew."""
        return replace(self, failures=self.failures + 1, batch=FIRST_BATCH)

    def halved(self, count: int) -> Line:
        """The server found a batch of ``count`` too large."""
        return replace(self, batch=max(1, count // 2))


class Cursor(Struct, frozen=True):
    """How far the server is: everything up to ``sent``, in its generation."""

    sent: int = 0
    generation: int = 0

    def rewound(self, hw: int | None) -> Cursor:
        """After 409 gap: on from what the server holds (its start, if it does not say)."""
        return replace(self, sent=min(self.sent, max(hw or 0, 0)))


def is_lost(hw: int, head: int) -> bool:
    """Whether the server knows records of this epoch that the journal no longer has."""
    return hw > head


def cut(events: Sequence[Event], sizes: Sequence[int], limit: int) -> Sequence[Event]:
    """The first events that together stay within ``limit`` bytes; never fewer than one."""
    total = 0
    for index, size in enumerate(sizes):
        total += size
        if total > limit and index:
            return events[:index]
    return events
