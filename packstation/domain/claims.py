"""Who may pack an order: claims with fences, pure (reference/sync.md section 1.1).

A claim is a right that the server gives to one bench before it packs; ``domain.passing``
says what benches did. The ``fence`` of an order rises with every claim on it and stands in the
facts, so that of two that packed it while they were cut off the server knows who had the right.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from packstation.domain import passing

# What a claim lasts at a bench that the server hears of, and does not renew it.
TTL: Final = timedelta(minutes=15)
# What it lasts at a bench that is away.
HORIZON: Final = timedelta(hours=8)
# A bench that was heard of so lately is there: of what it claimed ahead it hears at once that
# another one has the goods in hand.
THERE: Final = timedelta(seconds=60)
# Fences of one generation of the server: a restored server, which has forgotten the newest ones,
# gives higher ones all the same.
FENCES: Final = 1_000_000

ROW: Final = "claim"
HELD, TAKEN, FREE = "held", "taken", "free"
# Orders in these states are nobody's to pack.
_CLOSED: Final = {"cancelled": "cancelled", "shipped": "shipped"}
_WAITING: Final = frozenset({"on_hold", "unpaid"})


class Claim(Struct, frozen=True, kw_only=True):
    """Row ``claim`` by order: ``station``, called ``bench``, has it by ``fence``.

    ``state`` "taken": a person (``by``) took it away from that bench.
    """

    order: str
    claim: str
    fence: int
    station: str = ""
    bench: str = ""
    state: str = HELD
    by: str = ""


class Held(Struct, frozen=True, kw_only=True):
    """A claim as the server knows it; ``heard`` is when its bench last said anything.

    ``ahead``: of the queue, for the time without a server; nobody has begun it.
    """

    station: str
    bench: str
    until: datetime
    heard: datetime | None = None
    revoked: bool = False
    ahead: bool = False

    def spare(self, now: datetime) -> bool:
        """Whether it gives way to a bench where the order's goods are."""
        return self.ahead and self.heard is not None and now - self.heard <= THERE

    def lapsed(self, now: datetime) -> bool:
        """Whether another may have it: its time is over, and its bench was there and let it end.

        A bench that is away keeps its claims until the horizon.
        """
        if self.revoked:
            return True
        if now < self.until:
            return False
        if self.heard is None or self.heard >= self.until:
            return True
        return now >= self.heard + HORIZON


class Known(Struct, frozen=True, kw_only=True):
    """What the server knows of an order that a bench wants; ``status`` "" for of none."""

    status: str = ""
    hold: str = ""
    assigned: str = ""
    held: Held | None = None
    work: passing.Work | None = None
    # The bench that has the work is revoked: it comes back to nothing.
    gone: bool = False


class Refusal(Struct, frozen=True, kw_only=True):
    """Why a claim is not given, and the bench that has the order."""

    why: str
    by: str = ""


def refusal(
    known: Known, station: str, bench: str, now: datetime, *, ahead: bool = False
) -> Refusal | None:
    """Why ``station``, called ``bench``, does not get the order; None where it does.

    ``ahead``: it asks for the next of the queue.
    """
    if why := _closed(known, bench):
        return Refusal(why=why)
    held, work = known.held, known.work
    gives_way = held is None or held.lapsed(now) or (held.spare(now) and not ahead)
    if held is not None and held.station != station and not gives_way:
        return Refusal(why="claimed", by=held.bench)
    if work is None or work.station == station:
        return None
    if work.state == passing.PACKED:
        return Refusal(why="packed", by=work.bench)
    if work.state == passing.OPEN and not _left(known, now):
        return Refusal(why="at_bench", by=work.bench)
    return None


def _closed(known: Known, bench: str) -> str:
    if not known.status:
        return "unknown"
    if known.status in _CLOSED:
        return _CLOSED[known.status]
    if known.hold or known.status in _WAITING:
        return "on_hold"
    return "other_bench" if known.assigned not in {"", bench} else ""


def _left(known: Known, now: datetime) -> bool:
    """Whether the bench that began it has lost its right: revoked, or its claim is over."""
    held, work = known.held, known.work
    if known.gone:
        return True
    began_there = held is not None and work is not None and held.station == work.station
    return began_there and held is not None and held.lapsed(now)


def next_fence(highest: int, generation: int) -> int:
    """The fence of the next claim on an order whose highest was ``highest``."""
    return max(highest, (generation - 1) * FENCES) + 1


class Pack(Struct, frozen=True, kw_only=True):
    """One of several sessions that packed the same order, in facts of the server.

    ``labelled`` is when the server heard that its first label was on, "" for never.
    """

    session: str
    station: str
    fence: int
    labelled: str = ""


def standing(packs: Iterable[Pack]) -> Pack:
    """The one that stands: the highest fence; of equal ones the first label that was heard of."""
    return min(packs, key=lambda one: (-one.fence, one.labelled or "~", one.session))


class Right(Struct, frozen=True):
    """What a bench packs an order by; "" and 0 where it had no word of the server."""

    claim: str = ""
    fence: int = 0


NO_RIGHT: Final = Right()
