"""What room a carton gives: of a box one, of a bag or a tube one for each way to fill it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from msgspec import Struct

from packstation.domain.cartons.goods import Sides
from packstation.domain.cartons.pieces import Piece
from packstation.domain.parcels import Carton


class Room(Struct, frozen=True):
    """A cuboid to fill, and where its corner lies in the carton."""

    sides: Sides
    corner: Sides = (0, 0, 0)


def rooms(carton: Carton, pieces: Sequence[Piece]) -> list[Room]:
    """The rooms to try, in this order; the goods fit where they fit into one of them.

    A bag lies flat, ``inner_mm`` long and wide, and may be as thick as its third side: goods
    ``h`` high take ``h`` of its length and of its width (half round each edge, and the flap). A
    tube is as long as its first side and as wide as its second: goods fill a cuboid whose corners
    touch its wall. Both need only be tried for sums of sides: nothing in between is of use.
    """
    length, width, height = carton.inner_mm
    if carton.kind == "bag":
        thick = _sums(pieces, min(height, length - 1, width - 1))
        return [Room((length - h, width - h, h)) for h in thick]
    if carton.kind == "tube":
        return _round(length, min(width, height), pieces)
    return [Room(carton.inner_mm)]


def _round(length: int, width: int, pieces: Sequence[Piece]) -> list[Room]:
    """Cuboids whose corners touch the wall of a tube; a roll by itself may fill it."""
    found = []
    item = pieces[0].item
    thick = min(pieces[0].turns[0])
    if len(pieces) == 1 and item.shape == "roll" and thick < max(pieces[0].turns[0]):
        gap = (width - thick) // 2
        found += [Room((length, thick, thick), (0, gap, gap))] * (gap >= 0)
    for high in _sums(pieces, width - 1):
        # What cannot lie in the middle to the millimetre counts as one higher.
        even = high + (width - high) % 2
        wide = math.isqrt(width * width - even * even)
        wide -= (width - wide) % 2
        if wide > 0:
            corner = (0, (width - wide) // 2, (width - high + 1) // 2)
            found.append(Room((length, wide, high), corner))
    return found


def _sums(pieces: Iterable[Piece], most: int) -> list[int]:
    """All that sides of some of ``pieces`` add up to, at most ``most``, from the least on."""
    reached, mask = 1, (2 << max(0, most)) - 1
    for piece in pieces:
        now = reached
        for side in {side for turn in piece.turns for side in turn}:
            now |= reached << side
        reached = now & mask
    return [at for at in range(1, most + 1) if reached >> at & 1]
