"""Goods as the searches see them: pieces with ways to lie, and what may lie over what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from packstation.domain.cartons.goods import CartonItem, Sides

# More units than this are not placed one by one; an order of that size is packed by hand.
MOST_UNITS: Final = 200


class Piece(Struct, frozen=True):
    """One unit with its padding: the ways it may lie (x, y, z); equal ones share a ``kind``."""

    item: CartonItem
    turns: tuple[Sides, ...]
    kind: int

    @property
    def volume(self) -> int:
        """With padding."""
        length, width, height = self.turns[0]
        return length * width * height


# For each piece its low corner and its size as it lies, padding included; in the pieces' order.
Spot = tuple[Sides, Sides]
Packing = tuple[Spot, ...]
# bears[lower kind][upper kind]: whether the one may lie over the other.
Bears = tuple[tuple[bool, ...], ...]


def pieces_of(items: Iterable[CartonItem]) -> tuple[Piece, ...]:
    """Every unit by itself, large before small; the order of ``items`` does not matter."""
    kinds: dict[tuple[object, ...], int] = {}
    pieces = []
    for item in sorted(items, key=_rank):
        turns = _turns(item)
        traits = (turns, item.no_stack, item.fragile, item.weight_g)
        kind = kinds.setdefault(traits, len(kinds))
        pieces += [Piece(item, turns, kind)] * item.quantity
    return tuple(pieces)


def _rank(item: CartonItem) -> tuple[object, ...]:
    sides = _padded(item)
    volume = sides[0] * sides[1] * sides[2]
    flags = (item.keep_upright, item.no_stack, item.fragile)
    return -volume, -max(sides), sides, flags, item.weight_g, item.sku


def _padded(item: CartonItem) -> Sides:
    length, width, height = (side + 2 * item.padding(side) for side in item.sides_mm)
    return length, width, height


def _turns(item: CartonItem) -> tuple[Sides, ...]:
    """Two ways to lie where the height stays up, else six; fewer where sides are equal."""
    a, b, c = _padded(item)
    turned = set() if item.keep_upright else {(a, c, b), (c, a, b), (b, c, a), (c, b, a)}
    return tuple(sorted({(a, b, c), (b, a, c)} | turned))


def bears(pieces: Sequence[Piece]) -> Bears:
    """What may lie over what, by kind."""
    of_kind = {piece.kind: piece.item for piece in pieces}
    kinds = [of_kind.get(kind) for kind in range(max(of_kind, default=-1) + 1)]
    return tuple(tuple(_may_bear(low, up) for up in kinds) for low in kinds)


def _may_bear(lower: CartonItem | None, upper: CartonItem | None) -> bool:
    """Whether ``upper`` may lie over ``lower``; a weight that is not known may be any."""
    if lower is None or upper is None or lower.no_stack:
        return False
    return not lower.fragile or (upper.fragile and 0 < upper.weight_g <= lower.weight_g)
