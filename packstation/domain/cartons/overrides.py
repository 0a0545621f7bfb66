"""Which proposed cartons are not taken, and why: what the list of cartons should learn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from packstation.domain.packing.facts import CartonAssigned, Fact


class Overridden(Struct, frozen=True, kw_only=True):
    """A carton that was ``offered`` and not taken ``times``; ``reasons`` and what was ``taken``."""

    offered: str
    times: int
    reasons: Mapping[str, int]
    taken: Mapping[str, int]


class BoxChoices(Struct, frozen=True, kw_only=True):
    """``assigned`` cartons in all, and the ones overridden, most often first."""

    assigned: int
    overridden: tuple[Overridden, ...]


def overrides(facts: Iterable[Fact]) -> BoxChoices:
    """Of all ``facts`` those that put a parcel into a carton; every choice counts."""
    chosen = [fact for fact in facts if isinstance(fact, CartonAssigned)]
    other = [fact for fact in chosen if fact.offered]
    times = Counter(fact.offered for fact in other)
    rows = tuple(
        Overridden(
            offered=code,
            times=count,
            reasons=_counted(fact.reason or "none" for fact in other if fact.offered == code),
            taken=_counted(fact.carton for fact in other if fact.offered == code),
        )
        for code, count in sorted(times.items(), key=lambda row: (-row[1], row[0]))
    )
    return BoxChoices(assigned=len(chosen), overridden=rows)


def _counted(names: Iterable[str]) -> dict[str, int]:
    """Most often first."""
    return dict(sorted(Counter(names).items(), key=lambda row: (-row[1], row[0])))
