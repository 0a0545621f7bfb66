"""What benches tell each other of an order through the server: who has it, and what was done.

Two kinds of pulled rows, both by order. ``work`` is small and says whose it is; ``trail`` is
written when the work stops (parked, held, packed, cancelled) and has what another bench needs to
go on, and the order's history. Ids, quantities and codes only, as in the facts they come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from packstation.domain.packing import facts as f
from packstation.domain.packing.pass_facts import SessionTakenOver
from packstation.domain.packing.session import Session, State
from packstation.domain.packing.tote_facts import ToteArrived

WORK: Final = "work"
TRAIL: Final = "trail"
OPEN, PARKED, PACKED, CANCELLED = "open", "parked", "packed", "cancelled"
# After these somebody else may have to know.
MOVES: Final = (
    f.SessionOpened,
    SessionTakenOver,
    f.SessionParked,
    f.SessionResumed,
    f.SessionHeld,
    f.SessionCancelled,
    f.SessionCompleted,
    f.SessionReopened,
    ToteArrived,
)
# After these the order rests, and its trail is written.
STOPS: Final = (f.SessionParked, f.SessionHeld, f.SessionCancelled, f.SessionCompleted)
# After these its bench needs no claim on it any more.
ENDS: Final = (f.SessionParked, f.SessionCancelled, f.SessionCompleted)
# Kinds that a history shows; the longest history that is passed on.
TOLD: Final = frozenset(
    (
        "SessionOpened SessionTakenOver ToteArrived ItemVerified ItemRejected ItemRemoved "
        "ItemShorted ContentsVerified ParcelSplit CartonAssigned ParcelWeighed WeightDisputed "
        "ParcelReopened ParcelMeasured ServiceSelected LabelIssued LabelRefused LabelUnresolved "
        "LabelVoidRequested LabelVoided LabelVoidRefused PrintStarted DocumentPrinted PrintFailed "
        "PrintUncertain ReprintRequested LabelApplied LabelMismatched ParcelOpened "
        "SessionCompleted SessionParked SessionHeld SessionResumed OverrideGranted "
        "SessionCancelled SessionReopened InputRefused TaskRaised TaskClosed "
        "ParcelLoaded ParcelUnloaded ParcelTendered "
        "CartonMarked CartonStacked CartonUnstacked PalletClosed ConsignmentClosed "
        "PhotoTaken PhotoMissed VideoKept VideoMissed WeightTraced"
    ).split()
)
LONGEST: Final = 300


class Work(Struct, frozen=True, kw_only=True):
    """Whose an order is: ``state`` open, parked (at ``place``), packed or cancelled.

    ``station`` and ``bench`` (its name) have it in ``session``, which went on from session
    ``came_from`` of another bench; ``since`` is when it came to be so, RFC 3339. ``fence`` is
    that of the claim it is packed by (``domain.claims``), 0 for none.
    """

    order: str
    session: str
    state: str
    station: str = ""
    bench: str = ""
    place: str = ""
    since: str = ""
    came_from: str = ""
    totes: tuple[str, ...] = ()
    fence: int = 0


class Told(Struct, frozen=True, kw_only=True):
    """A fact of another bench, as far as a history shows it."""

    id: str
    kind: str
    at: str
    bench: str = ""
    actor: str = ""
    body: Mapping[str, Any] = {}


class Trail(Struct, frozen=True, kw_only=True):
    """What was done: ``kept`` the session as it was parked, None where it was not."""

    session: str
    kept: Session | None = None
    told: tuple[Told, ...] = ()


def phase(state: State) -> str:
    """A session's state as others need it; "" for none."""
    named = {State.PARKED: PARKED, State.COMPLETED: PACKED, State.CANCELLED: CANCELLED}
    return "" if state is State.IDLE else named.get(state, OPEN)


def succeeds(new: Work, old: Work) -> bool:
    """Whether ``new`` takes the place of what was known.

    The first bench keeps an order until it has cancelled it, or another one went on with its
    parked session; a packed order is packed whoever began it. A higher fence is a newer right.
    """
    if old.state == CANCELLED and new.session == old.session:
        # Taken away from it: only a parcel that exists all the same counts.
        return new.state in {PACKED, CANCELLED}
    alike = (new.state == PACKED) == (old.state == PACKED)
    if alike and new.fence and old.fence and new.fence != old.fence:
        return new.fence > old.fence
    same = new.session == old.session or new.station == old.station
    if same or old.state == CANCELLED:
        return True
    if new.state == PACKED and old.state != PACKED:
        return True
    return bool(new.came_from) and new.came_from == old.session and new.state != CANCELLED


def plain(body: Mapping[str, Any]) -> dict[str, Any]:
    """Of a fact's body what words quote: short plain values, and a price."""
    short = {key: one for key, one in body.items() if isinstance(one, str | int) and one != ""}
    return short | {key: body[key] for key in ("price",) if isinstance(body.get(key), Mapping)}
