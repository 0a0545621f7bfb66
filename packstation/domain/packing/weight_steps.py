"""How facts of weights and of the guard change the session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from packstation.domain.packing import weight_facts as w
from packstation.domain.packing.facts import Fact
from packstation.domain.packing.session import Session


def _judged(s: Session, fact: w.WeightJudged) -> Session:
    return s.with_parcel(judged=fact)


def _taught(s: Session, _: w.ParcelLearned) -> Session:
    return s.with_parcel(taught=True)


def _guarded(s: Session, _: w.GuardBegun) -> Session:
    """What lies in the box already is taken as felt."""
    return replace(s.with_parcel(gained=len(s.parcel.contents)), guard=True)


def _left(s: Session, _: w.GuardLeft) -> Session:
    return replace(s, guard=False)


def _gained(s: Session, _: w.ItemGained) -> Session:
    return s.with_parcel(gained=len(s.parcel.contents))


WEIGHT_STEPS: Final[Mapping[type[Fact], Callable[[Session, Any], Session]]] = {
    w.WeightJudged: _judged,
    w.ParcelLearned: _taught,
    w.GuardBegun: _guarded,
    w.GuardLeft: _left,
    w.ItemGained: _gained,
}
