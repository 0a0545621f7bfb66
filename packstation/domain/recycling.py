"""How much of what parcels were packed with is recycled: a pure function over facts."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from packstation.domain.packing.facts import Fact
from packstation.domain.packing.material_facts import SuppliesUsed


class RecycledShare(Struct, frozen=True, kw_only=True):
    """Pieces of packing material in ``parcels`` parcels; ``percent`` None where none is known."""

    parcels: int = 0
    pieces: int = 0
    recycled: int = 0
    by_kind: dict[str, tuple[int, int]] = {}

    @property
    def percent(self) -> int | None:
        """Recycled pieces of all, rounded half up."""
        return (200 * self.recycled + self.pieces) // (2 * self.pieces) if self.pieces else None


def recycled_share(facts: Iterable[Fact]) -> RecycledShare:
    """Of all ``facts``, oldest first: the last `SuppliesUsed` of a parcel counts.

    ``by_kind`` maps a material's kind to (pieces, recycled ones).
    """
    last = {fact.parcel: fact for fact in facts if isinstance(fact, SuppliesUsed)}
    kinds: dict[str, tuple[int, int]] = {}
    for fact in last.values():
        for one in fact.supplies:
            pieces, recycled = kinds.get(one.kind, (0, 0))
            kinds[one.kind] = pieces + one.pieces, recycled + one.pieces * one.recycled
    return RecycledShare(
        parcels=len(last),
        pieces=sum(pieces for pieces, _ in kinds.values()),
        recycled=sum(recycled for _, recycled in kinds.values()),
        by_kind=dict(sorted(kinds.items())),
    )
