"""A packing made fit to be built by hand: nothing floats, and one order of packing works."""

from __future__ import annotations

from collections.abc import Sequence

from packstation.domain.cartons.fill import SUPPORT_PERCENT
from packstation.domain.cartons.pieces import Packing, Spot


def settled(packing: Packing) -> Packing:
    """Every piece lowered onto what lies under it; nothing moves sideways or past another."""
    found = list(packing)
    done: list[int] = []
    for at in sorted(range(len(found)), key=lambda at: found[at][0][2]):
        (x, y, _), size = found[at]
        floor = max((_top(found[low]) for low in done if _shared(found[low], found[at])), default=0)
        found[at] = ((x, y, floor), size)
        done.append(at)
    return tuple(found)


def building_order(packing: Packing) -> list[int]:
    """Numbers of pieces, floor by floor: then nothing goes in under what is in already."""
    return sorted(range(len(packing)), key=lambda at: packing[at][0][::-1])


def loose(packing: Sequence[Spot]) -> tuple[int, ...]:
    """Places (from 0) of what rests on less than ``SUPPORT_PERCENT`` of its base."""
    return tuple(at for at, spot in enumerate(packing) if not _rests(spot, packing))


def _rests(spot: Spot, packing: Sequence[Spot]) -> bool:
    (_, _, z), (length, width, _) = spot
    area = sum(_shared(low, spot) for low in packing if _top(low) == z)
    return z == 0 or area * 100 >= SUPPORT_PERCENT * length * width


def _top(spot: Spot) -> int:
    return spot[0][2] + spot[1][2]


def _shared(one: Spot, other: Spot) -> int:
    """The area that two have in common seen from above."""
    sides = [
        min(one[0][axis] + one[1][axis], other[0][axis] + other[1][axis])
        - max(one[0][axis], other[0][axis])
        for axis in (0, 1)
    ]
    return max(0, sides[0]) * max(0, sides[1])
