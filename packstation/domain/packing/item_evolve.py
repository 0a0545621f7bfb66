"""Fold facts of single units and lines (see `packstation.domain.packing.evolve`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from packstation.domain.packing import item_facts as f
from packstation.domain.packing.facts import Fact
from packstation.domain.packing.plan import Given
from packstation.domain.packing.session import Packed, Parcel, Session, State


def _substitute(s: Session, fact: f.SubstituteAllowed) -> Session:
    lines = tuple(
        replace(line, plan=replace(line.plan, others=(*line.plan.others, fact.plan)))
        if line.plan.line == fact.line
        else line
        for line in s.lines
    )
    return replace(s, lines=lines)


def _by_hand(s: Session, fact: f.ByHandAllowed) -> Session:
    return replace(s, by_hand=s.by_hand + fact.units)


def _change_taken(s: Session, fact: f.OrderChangeTaken) -> Session:
    """Another address or service is priced anew, wherever the parcel stood after its weighing.

    What a supervisor released was of the order as it was: another recipient is asked about again.
    """
    late = s.resume in {State.RATING, State.LABELLING, State.PRINTING, State.CONFIRMING}
    s = replace(s, rev=fact.rev, digest=fact.digest, prints=fact.prints, released=())
    return replace(s.with_parcel(service=None), resume=State.RATING) if late else s


def _given(s: Session, fact: f.RequirementGiven) -> Session:
    if not s.parcel.contents:
        return s
    *before, last = s.parcel.contents
    given = Given(kind=fact.kind, value=fact.value, source=fact.source)
    last = replace(last, given=(*last.given, given))
    return s.with_parcel(contents=(*before, last))


def _answered(s: Session, fact: f.RequirementAccepted | f.RequirementRefused) -> Session:
    refused = isinstance(fact, f.RequirementRefused)
    answer = Given(
        kind=fact.kind,
        value=fact.value,
        status="refused" if refused else "accepted",
        reason=fact.reason if isinstance(fact, f.RequirementRefused) else "",
    )
    parcels = tuple(_with_answer(parcel, fact.sku, answer) for parcel in s.parcels)
    return replace(s, parcels=parcels)


def _with_answer(parcel: Parcel, sku: str, answer: Given) -> Parcel:
    return replace(parcel, contents=tuple(_told(item, sku, answer) for item in parcel.contents))


def _told(item: Packed, sku: str, answer: Given) -> Packed:
    if item.sku != sku or not item.given:
        return item
    about = (answer.kind, answer.value)
    given = tuple(
        replace(answer, source=one.source) if (one.kind, one.value) == about else one
        for one in item.given
    )
    return replace(item, given=given)


ITEM_STEPS: Final[Mapping[type[Fact], Callable[[Session, Any], Session]]] = {
    f.SubstituteAllowed: _substitute,
    f.ByHandAllowed: _by_hand,
    f.OrderChangeTaken: _change_taken,
    f.RequirementGiven: _given,
    f.RequirementAccepted: _answered,
    f.RequirementRefused: _answered,
}
