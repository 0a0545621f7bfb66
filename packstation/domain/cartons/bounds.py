"""What can be said about pieces in a room before any of them is placed.

Sides grow where nothing could use the room beside them: where the sides of other pieces add up to
no more than ``r`` in the length that a piece leaves, it may as well be so long that only ``r`` is
left (Boschetti and Mingozzi, "The two-dimensional finite bin packing problem", 2003). Every chain
of pieces that fitted still fits. Volumes are compared after that, and after sides of more than
half of the room, or small against it, are counted for more or less than they are (dual feasible
functions: Fekete and Schepers, "A general framework for bounds for higher-dimensional orthogonal
packing problems", 2004).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final

from packstation.domain.cartons.goods import Sides

Turns = tuple[Sides, ...]
AXES: Final = (0, 1, 2)


def grown(kinds: Sequence[int], turns: Mapping[int, Turns], room: Sides) -> dict[int, Turns]:
    """The ways to lie of each kind with grown sides, in the same order.

    ``kinds`` are those of the pieces; no way to lie may be larger than the room.
    """
    count = Counter(kinds)
    ways = dict(turns)
    for axis in AXES:
        for kind in sorted(count):
            for side in sorted({turn[axis] for turn in ways[kind]}, reverse=True):
                longer = _longer(ways, count, (kind, axis, side), room[axis])
                ways[kind] = tuple(
                    _with(turn, axis, longer) if turn[axis] == side else turn for turn in ways[kind]
                )
    return ways


def _with(turn: Sides, axis: int, length: int) -> Sides:
    x, y, z = turn
    return ((length, y, z), (x, length, z), (x, y, length))[axis]


def _longer(
    ways: Mapping[int, Turns], count: Mapping[int, int], which: tuple[int, int, int], room: int
) -> int:
    """How long a side of a kind may be without breaking a chain, whatever lies beside it."""
    kind, axis, side = which
    reached = 1
    for other in ways:
        if other != kind:
            reached = _sums(reached, {t[axis] for t in ways[other]}, count[other], room)
    rest = {turn[axis] for turn in ways[kind]} - {side}
    longest = room
    for same in range(1, min(count[kind], room // side) + 1):
        sums = _sums(reached, rest, count[kind] - same, room)
        used = (sums & ((2 << (room - same * side)) - 1)).bit_length() - 1
        longest = min(longest, (room - used) // same)
    return longest


def _sums(reached: int, sides: set[int], times: int, most: int) -> int:
    """Lengths that up to ``times`` of ``sides`` add to those ``reached``: bits up to ``most``."""
    mask = (2 << most) - 1
    for _ in range(times):
        now = reached
        for side in sides:
            now |= reached << side
        if now & mask == reached:
            break
        reached = now & mask
    return reached


def too_much(kinds: Sequence[int], turns: Mapping[int, Turns], room: Sides) -> bool:
    """Whether some way to count volumes shows that the pieces cannot all be in."""
    count = Counter(kinds)
    sides = [{turn[axis] for ways in turns.values() for turn in ways} for axis in AXES]
    plain = [_scale(sides[axis], room[axis], 0) for axis in AXES]
    half = [_scale(sides[axis], room[axis], room[axis] // 2) for axis in AXES]
    whole = room[0] * room[1] * room[2]
    return any(
        sum(min(x[a] * y[b] * z[c] for a, b, c in turns[kind]) * n for kind, n in count.items())
        > whole
        for x, y, z in product(*zip(plain, half, strict=True))
    )


def _scale(sides: set[int], room: int, least: int) -> dict[int, int]:
    """Sides counted so that no row that fits counts more than the room.

    What is less than ``least`` counts nothing, what leaves less than that counts all of it.
    """
    return {s: room if s > room - least else s * (s >= least) for s in sides}
