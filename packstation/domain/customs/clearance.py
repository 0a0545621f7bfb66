"""A declaration of one leg (export or import) on its way through customs: what may follow what.

The transitions are rows. A step that no row allows is refused with the reason, never bent.
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from packstation.domain.errors import PackstationError

Leg = Literal["export", "import"]
LEGS: Final[tuple[Leg, ...]] = ("export", "import")
Side = Literal["office", "broker"]
State = Literal["", "prepared", "submitted", "queried", "accepted", "released", "rejected"]
STATES: Final[tuple[State, ...]] = (
    "prepared",
    "submitted",
    "queried",
    "accepted",
    "released",
    "rejected",
)
# Who hands it in.
CHANNELS: Final = ("broker", "carrier", "own")
Need = Literal["channel", "reference", "words"]
_BOTH: Final[tuple[Side, ...]] = ("office", "broker")
_OFFICE: Final[tuple[Side, ...]] = ("office",)


class StepRefused(PackstationError):
    """No such step from here; fields ``why`` (state, side, channel, or the need), ``allowed``."""

    key = "error.clearance"


class Transition(Struct, frozen=True):
    """``to`` may follow ``was`` when one of ``sides`` says so and tells what it ``needs``."""

    was: State
    to: State
    sides: tuple[Side, ...] = _BOTH
    needs: tuple[Need, ...] = ()


TRANSITIONS: Final = (
    Transition("", "prepared", _OFFICE),
    Transition("prepared", "submitted", needs=("channel",)),
    Transition("submitted", "queried", needs=("words",)),
    Transition("submitted", "accepted", needs=("reference",)),
    Transition("submitted", "rejected", needs=("words",)),
    Transition("queried", "submitted", needs=("words",)),  # the answer to customs' question
    Transition("queried", "accepted", needs=("reference",)),
    Transition("queried", "rejected", needs=("words",)),
    Transition("accepted", "queried", needs=("words",)),
    Transition("accepted", "released"),
    Transition("accepted", "rejected", needs=("words",)),
    Transition("rejected", "prepared", _OFFICE, needs=("words",)),  # made anew
)


class Record(Struct, frozen=True):
    """Where a declaration stands; ``reference`` is customs' own number (an MRN)."""

    state: State = ""
    channel: str = ""
    reference: str = ""


class Step(Struct, frozen=True, kw_only=True):
    """What somebody of ``side`` says came of it."""

    to: State
    side: Side
    channel: str = ""
    reference: str = ""
    words: str = ""


def after(record: Record, step: Step) -> Record:
    """The record after a step.

    Raises:
        StepRefused: nothing follows so, it is another side's, or something is not told.
    """
    row = _row(record, step)
    channel = step.channel or record.channel
    reference = step.reference or record.reference
    told = {"channel": channel, "reference": reference, "words": step.words.strip()}
    missing = next((need for need in row.needs if not told[need]), "")
    if missing:
        raise StepRefused(why=missing, allowed="")
    if channel and channel not in CHANNELS:
        raise StepRefused(why="channel", allowed=" ".join(CHANNELS))
    if step.to == "prepared":
        return Record("prepared")
    return Record(step.to, channel, reference)


def _row(record: Record, step: Step) -> Transition:
    rows = [row for row in TRANSITIONS if row.was == record.state]
    found = next((row for row in rows if row.to == step.to), None)
    if found is None:
        raise StepRefused(why="state", allowed=" ".join(row.to for row in rows))
    if step.side not in found.sides:
        raise StepRefused(why="side", allowed=" ".join(found.sides))
    return found


def following(record: Record, side: Side) -> tuple[Transition, ...]:
    """What a side may say next."""
    return tuple(row for row in TRANSITIONS if row.was == record.state and side in row.sides)
