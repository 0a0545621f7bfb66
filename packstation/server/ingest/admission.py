"""What of a push is new, and whether it goes on from the past that we know. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from packstation.domain.events import GENESIS
from packstation.domain.psp import ClockAnswer, PushAnswer, Result
from packstation.server.ingest.envelopes import Entry, Pushed
from packstation.server.moments import moment
from packstation.server.problems import Problem

_NOISE: Final = timedelta(seconds=2)  # a clock this close is taken at its word
_MS: Final = timedelta(milliseconds=1)
_LONGEST: Final = timedelta(days=36_500)


class Mark(Struct, frozen=True, kw_only=True):
    """How far a stream is known."""

    hw: int = 0
    last_hash: str = GENESIS
    durable: int = 0
    closed: str | None = None
    new: bool = True


def admit(mark: Mark, push: Pushed, gen: int, hash_at: Callable[[int], str]) -> Sequence[Entry]:
    """The entries that are new.

    Args:
        mark: of the push's stream.
        push: what came.
        gen: of this database.
        hash_at: the hash of a known event by its seq; "" where none is known.

    Raises:
        Problem: 409 epoch_closed, gap, or fork: a past other than the one we know.
    """
    known = push.entries[: max(0, mark.hw + 1 - push.start)]
    other = _other_past(mark, known, hash_at)
    if mark.closed:
        # The bench goes on from here in a new epoch: what we hold of it must not come twice.
        at = other[0] if other else min(mark.hw, push.start - 1 + len(known)) + 1
        raise Problem(409, "epoch_closed", since=mark.closed, at=at)
    if push.start > mark.hw + 1:
        raise Problem(409, "gap", hw=mark.hw, gen=gen)
    if other:
        raise Problem(409, "fork", at=other[0], have_prev=other[1], hw=mark.hw)
    prev = mark.last_hash
    fresh = push.entries[len(known) :]
    for entry in fresh:
        # Without a canonical form there is no hash to compare with, on either side.
        if prev and entry.prev != prev:
            raise Problem(409, "fork", at=entry.seq, have_prev=prev, hw=mark.hw)
        prev = entry.hash
    return fresh


def _other_past(
    mark: Mark, known: Sequence[Entry], hash_at: Callable[[int], str]
) -> tuple[int, str] | None:
    """Where ``known`` first says something else than we hold: the seq, and our hash there.

    Of two chains that differ at their end everything differs from one place on: it is looked for
    by halves. The bench writes all from that place on anew.
    """

    def differs(entry: Entry) -> str:
        have = mark.last_hash if entry.seq == mark.hw else hash_at(entry.seq)
        return have if have and have != entry.hash else ""

    if not known or not differs(known[-1]):
        return None
    low, high = 0, len(known) - 1
    while low < high:
        middle = (low + high) // 2
        if differs(known[middle]):
            high = middle
        else:
            low = middle + 1
    return known[low].seq, differs(known[low])


def moved(mark: Mark, fresh: Sequence[Entry]) -> Mark:
    """The mark after these entries."""
    if not fresh:
        return mark
    return Mark(
        hw=fresh[-1].seq,
        last_hash=fresh[-1].hash,
        durable=mark.durable,
        closed=mark.closed,
        new=mark.new,
    )


def answered(mark: Mark, fresh: Sequence[Entry], gen: int, now: str) -> PushAnswer:
    """What the bench is told; ``mark`` as it is after the push."""
    return PushAnswer(
        gen=gen,
        hw=mark.hw,
        durable=mark.durable,
        clock=ClockAnswer(now=now),
        results=tuple(Result(seq=one.seq, code="quarantined") for one in fresh if one.problem),
    )


def skew_ms(sent_at: str, now: datetime) -> int:
    """What to add to the station's times; nothing when it cannot be told."""
    try:
        off = now - moment(sent_at)
    except (ValueError, OverflowError):
        return 0
    return int(off / _MS) if _NOISE < abs(off) < _LONGEST else 0
