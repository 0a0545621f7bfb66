"""Facts of a shift at a bench: begun and ended, with what was found then."""

from __future__ import annotations

from packstation.domain.packing.facts import Fact


class ShiftStarted(Fact, frozen=True, kw_only=True):
    """Somebody read the start page and began: orders late, tasks open, facts that wait."""

    badge: str
    late: int = 0
    tasks: int = 0
    unsent: int = 0
    labels_left: int | None = None


class ShiftEnded(Fact, frozen=True, kw_only=True):
    """Somebody read the end page and left: what stays; the note itself is never in a fact."""

    badge: str
    parked: int = 0
    printed: int = 0
    tasks: int = 0
    unsent: int = 0
    noted: bool = False
