"""Where pieces go in one room: a quick heuristic.

The empty room is kept as the list of maximal empty cuboids (Lai and Chan, "Developing a
simulated annealing algorithm for the cutting stock problem", 1997). Pieces go in one after
another, large before small, each to the lowest, then backmost, then leftmost corner that
carries it. A piece that finds no place goes to the head of the queue and the room is begun
again, a few times for each way to choose how a piece lies.

An answer is a packing, but None is no proof that there is none: see `exact`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from msgspec import Struct

from packstation.domain.cartons.goods import Sides
from packstation.domain.cartons.pieces import MOST_UNITS, Bears, Packing, Piece, Spot

# An empty cuboid, or a placed one: z, y, x of its low corner, then of its high corner. In this
# order tuples sort the way that places are preferred.
_Room = tuple[int, int, int, int, int, int]

SUPPORT_PERCENT: Final = 60
# Pieces set down for one way of choosing before it is given up: few pieces get many attempts.
_EFFORT: Final = 80

_Choice = Callable[[_Room, _Room], tuple[int, ...]]


class _Unit(Struct, frozen=True):
    """One piece, by its number, with the ways it may lie in this room as (z, y, x)."""

    at: int
    kind: int
    turns: tuple[Sides, ...]
    thinnest: int


class _Box(Struct, frozen=True):
    """A piece that is in."""

    at: int
    kind: int
    room: _Room


def place(pieces: Sequence[Piece], bears: Bears, room: Sides) -> Packing | None:
    """Pack all ``pieces`` into ``room`` (length, width, height), or None.

    Each rests on the floor or on pieces that carry at least ``SUPPORT_PERCENT`` of its base. More
    than ``MOST_UNITS`` are not tried.
    """
    if len(pieces) > MOST_UNITS:
        return None
    units = [_unit(at, piece, room) for at, piece in enumerate(pieces)]
    for choice in (_snug, _flat, _tall):
        boxes = _attempts(list(units), bears, room, choice)
        if boxes is not None:
            return tuple(_spot(box) for box in sorted(boxes, key=lambda box: box.at))
    return None


def most(
    pieces: Sequence[Piece], bears: Bears, room: Sides, grams: int | None
) -> list[tuple[int, Spot]]:
    """As much volume of ``pieces`` as a quick look gets into ``room``, at most ``grams``.

    Answers numbers of pieces and where they lie.
    """
    units = [_unit(at, piece, room) for at, piece in enumerate(pieces)]
    found: list[_Box] = []
    best = -1
    for choice in (_snug, _flat, _tall):
        boxes = _fill(
            [unit for unit in units if unit.turns], bears, room, choice, _Allowed(pieces, grams)
        )
        volume = sum(pieces[box.at].volume for box in boxes)
        if volume > best:
            found, best = boxes, volume
    return [(box.at, _spot(box)) for box in found]


class _Allowed:
    """What may still be put in: without it the first piece that finds no place ends the filling."""

    def __init__(self, pieces: Sequence[Piece], grams: int | None) -> None:
        self._pieces, self._left = pieces, grams

    def take(self, at: int) -> bool:
        """Whether the weight allows it; then it counts."""
        if self._left is None:
            return True
        grams = self._pieces[at].item.weight_g
        if grams > self._left:
            return False
        self._left -= grams
        return True

    def give(self, at: int) -> None:
        """It found no place."""
        if self._left is not None:
            self._left += self._pieces[at].item.weight_g


def _spot(box: _Box) -> Spot:
    z, y, x, top, front, right = box.room
    return (x, y, z), (right - x, front - y, top - z)


def _unit(at: int, piece: Piece, room: Sides) -> _Unit:
    """One piece with the ways to lie that fit."""
    turns = sorted(
        (z, y, x) for x, y, z in piece.turns if x <= room[0] and y <= room[1] and z <= room[2]
    )
    return _Unit(at, piece.kind, tuple(turns), min(piece.turns[0]))


def _snug(room: _Room, box: _Room) -> tuple[int, ...]:
    """Lies with the narrowest gaps to the far sides of its room."""
    return tuple(sorted((room[3] - box[3], room[4] - box[4], room[5] - box[5])))


def _flat(_: _Room, box: _Room) -> tuple[int, ...]:
    """Lies as low as it can, its longer side to the front."""
    return box[3], -box[4], -box[5]


def _tall(_: _Room, box: _Room) -> tuple[int, ...]:
    """Stands as high as it can, its longer side to the front."""
    return -box[3], -box[4], -box[5]


def _attempts(units: list[_Unit], bears: Bears, room: Sides, choice: _Choice) -> list[_Box] | None:
    """Fill the room until all is in; what found no place comes first the next time."""
    for _ in range(0, _EFFORT, max(1, len(units))):
        boxes = _fill(units, bears, room, choice, None)
        if len(boxes) == len(units):
            return boxes
        units.insert(0, units.pop(len(boxes)))
    return None


def _fill(
    units: Sequence[_Unit], bears: Bears, inner: Sides, choice: _Choice, allowed: _Allowed | None
) -> list[_Box]:
    """The boxes of ``units`` that found a place in this order; with ``allowed`` none ends it."""
    rooms: list[_Room] = [(0, 0, 0, inner[2], inner[1], inner[0])]
    boxes: list[_Box] = []
    for unit, thin in zip(units, _thinnest_after(units), strict=True):
        if allowed is not None and not allowed.take(unit.at):
            continue
        box = _lowest(unit, rooms, boxes, bears, choice)
        if box is not None:
            boxes.append(_Box(unit.at, unit.kind, box))
            rooms = _carve(rooms, box, thin)
        elif allowed is None:
            break
        else:
            allowed.give(unit.at)
    return boxes


def _thinnest_after(units: Sequence[_Unit]) -> list[int]:
    """For each unit the shortest side of those after it: narrower room is of no use."""
    sides = [unit.thinnest for unit in units]
    return [min(sides[at:], default=1) for at in range(1, len(sides) + 1)]


def _lowest(
    unit: _Unit, rooms: Iterable[_Room], boxes: Sequence[_Box], bears: Bears, choice: _Choice
) -> _Room | None:
    """Where ``unit`` goes: the first corner that takes it, turned after ``choice``."""
    for room in _corners(rooms, boxes):
        z, y, x, top, front, right = room
        found = [
            (choice(room, box), box)
            for dz, dy, dx in unit.turns
            if z + dz <= top and y + dy <= front and x + dx <= right
            if _carried(box := (z, y, x, z + dz, y + dy, x + dx), unit.kind, boxes, bears)
        ]
        if found:
            return min(found)[1]
    return None


def _corners(rooms: Iterable[_Room], boxes: Sequence[_Box]) -> list[_Room]:
    """Rooms by their low corner; above the floor also from where a box below them begins."""
    found = set(rooms)
    for z, y, x, top, front, right in rooms:
        if z:
            for box in boxes:
                _, back, left, level, _, _ = box.room
                if level == z and back < front and left < right:
                    found.add((z, max(y, back), max(x, left), top, front, right))
    return sorted(found)


def _carried(box: _Room, kind: int, boxes: Iterable[_Box], bears: Bears) -> bool:
    """Whether the floor or ``boxes`` carry enough of the base, and all in its column allow it."""
    z, y, x, _, front, right = box
    area = 0
    for other in boxes:
        low, back, left, level, fore, far = other.room
        if back < front and y < fore and left < right and x < far:
            if not (bears[other.kind][kind] if low < z else bears[kind][other.kind]):
                return False
            if level == z:
                area += (min(front, fore) - max(y, back)) * (min(right, far) - max(x, left))
    return not z or area * 100 >= SUPPORT_PERCENT * (front - y) * (right - x)


def _carve(rooms: Iterable[_Room], box: _Room, thin: int) -> list[_Room]:
    """The maximal empty rooms once ``box`` is in, but for those with a side below ``thin``."""
    low, back, left, high, fore, far = box
    kept, cut = [], []
    for room in rooms:
        z, y, x, top, front, right = room
        apart = z >= high or low >= top or y >= fore or back >= front or x >= far or left >= right
        if apart:
            kept.append(room)
        else:
            cut += [piece for gap, piece in _pieces(room, box) if gap >= thin]
    # Only a piece can lie inside another room: what was kept was maximal before.
    for piece in sorted(cut, key=_volume, reverse=True):
        if not _within(piece, kept):
            kept.append(piece)
    return kept


def _pieces(room: _Room, box: _Room) -> tuple[tuple[int, _Room], ...]:
    """What ``box`` leaves of ``room`` on its six sides, each with how much it leaves there."""
    z, y, x, top, front, right = room
    low, back, left, high, fore, far = box
    return (
        (top - high, (high, y, x, top, front, right)),
        (front - fore, (z, fore, x, top, front, right)),
        (right - far, (z, y, far, top, front, right)),
        (low - z, (z, y, x, low, front, right)),
        (back - y, (z, y, x, top, back, right)),
        (left - x, (z, y, x, top, front, left)),
    )


def _volume(room: _Room) -> int:
    z, y, x, top, front, right = room
    return (top - z) * (front - y) * (right - x)


def _within(piece: _Room, rooms: Iterable[_Room]) -> bool:
    low, back, left, high, fore, far = piece
    for z, y, x, top, front, right in rooms:
        if z <= low and y <= back and x <= left and high <= top and fore <= front and far <= right:
            return True
    return False
