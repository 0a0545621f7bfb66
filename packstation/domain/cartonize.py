"""What goes where in one carton: a quick heuristic, and a check that knows nothing of it.

Axes start in the back left corner of the carton's floor: x runs right along its length,
y to the front along its width, z up. All sides and positions are whole millimetres, and units
lie parallel to the walls.

The empty room is kept as the list of maximal empty cuboids (Lai and Chan, "Developing a
simulated annealing algorithm for the cutting stock problem", 1997). Units go in one after
another, large before small, each to the lowest, then backmost, then leftmost corner that
carries it. A unit that finds no place goes to the head of the queue and the carton is begun
again, a few times for each way to choose how a unit lies.

This is a heuristic: an answer is a packing, but None is no proof that there is none. An
exact search is not part of this module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Final

from msgspec import Struct

from packstation.domain.errors import InputInvalid

Sides = tuple[int, int, int]
# An empty cuboid, or a placed one: z, y, x of its low corner, then of its high corner. In this
# order tuples sort the way that places are preferred.
_Room = tuple[int, int, int, int, int, int]

MOST_UNITS: Final = 200
SUPPORT_PERCENT: Final = 60
# Units set down for one way of choosing before it is given up: few units get many attempts.
_EFFORT: Final = 80

_Choice = Callable[[_Room, _Room], tuple[int, ...]]


class Item(Struct, frozen=True):
    """``units`` pieces of one SKU: length, width, height in mm; height stays up if told so."""

    sku: str
    sides_mm: Sides
    units: int
    keep_upright: bool = False

    def __post_init__(self) -> None:
        """Refuse sides below one millimetre and counts below zero (``InputInvalid``)."""
        if min(self.sides_mm) < 1:
            raise InputInvalid(path="sides_mm", value=self.sides_mm, allowed=">= 1")
        if self.units < 0:
            raise InputInvalid(path="units", value=self.units, allowed=">= 0")

    @property
    def volume_mm3(self) -> int:
        """Volume of one unit."""
        length, width, height = self.sides_mm
        return length * width * height


class Placement(Struct, frozen=True):
    """One unit in the carton: its back left lower corner, and its size as it lies (x, y, z)."""

    sku: str
    position_mm: Sides
    size_mm: Sides


class _Unit(Struct, frozen=True):
    """One piece to be placed, with the ways it may lie in this carton as (z, y, x)."""

    item: Item
    turns: tuple[Sides, ...]
    thinnest: int


def place(items: Iterable[Item], inner_mm: Sides) -> tuple[Placement, ...] | None:
    """Pack all units into a carton of ``inner_mm`` (length, width, height), or None.

    Placements come bottom first: in this order each unit is lowered from above onto the floor
    or onto units already in, which carry at least ``SUPPORT_PERCENT`` of its base. The answer
    depends on the items, not on their order. More than ``MOST_UNITS`` units are not tried.
    """
    wanted = sorted((item for item in items if item.units), key=_size_order)
    if not _worth_trying(wanted, inner_mm):
        return None
    units = [unit for item in wanted for unit in [_unit(item, inner_mm)] * item.units]
    if not all(unit.turns for unit in units):
        return None
    for choice in (_snug, _flat, _tall):
        placements = _attempts(list(units), inner_mm, choice)
        if placements is not None:
            return placements
    return None


def valid(placements: Sequence[Placement], items: Iterable[Item], inner_mm: Sides) -> bool:
    """Whether ``placements`` hold each unit once, as it may lie, inside, none in another."""
    return (
        all(_inside(one, inner_mm) for one in placements)
        and not any(_overlap(one, other) for one, other in combinations(placements, 2))
        and _complete(placements, items)
    )


def _size_order(item: Item) -> tuple[int, int, Sides, bool, str]:
    return -item.volume_mm3, -max(item.sides_mm), item.sides_mm, item.keep_upright, item.sku


def _worth_trying(items: Sequence[Item], inner_mm: Sides) -> bool:
    """Whether count, volume and the sides in order of length leave hope."""
    room = sorted(inner_mm)
    length, width, height = inner_mm
    return (
        room[0] > 0
        and sum(item.units for item in items) <= MOST_UNITS
        and sum(item.units * item.volume_mm3 for item in items) <= length * width * height
        and all(
            side <= most
            for item in items
            for side, most in zip(sorted(item.sides_mm), room, strict=True)
        )
    )


def _unit(item: Item, inner_mm: Sides) -> _Unit:
    """One piece of ``item`` with its two (upright) or six ways to lie, as far as they fit."""
    a, b, c = item.sides_mm
    turned = set() if item.keep_upright else {(a, c, b), (c, a, b), (b, c, a), (c, b, a)}
    turns = sorted(
        (z, y, x)
        for x, y, z in {(a, b, c), (b, a, c)} | turned
        if x <= inner_mm[0] and y <= inner_mm[1] and z <= inner_mm[2]
    )
    return _Unit(item, tuple(turns), min(item.sides_mm))


def _snug(room: _Room, box: _Room) -> tuple[int, ...]:
    """Lies with the narrowest gaps to the far sides of its room."""
    return tuple(sorted((room[3] - box[3], room[4] - box[4], room[5] - box[5])))


def _flat(_: _Room, box: _Room) -> tuple[int, ...]:
    """Lies as low as it can, its longer side to the front."""
    return box[3], -box[4], -box[5]


def _tall(_: _Room, box: _Room) -> tuple[int, ...]:
    """Stands as high as it can, its longer side to the front."""
    return -box[3], -box[4], -box[5]


def _attempts(units: list[_Unit], inner_mm: Sides, choice: _Choice) -> tuple[Placement, ...] | None:
    """Fill the carton until all is in; what found no place comes first the next time."""
    for _ in range(0, _EFFORT, max(1, len(units))):
        boxes = _fill(units, inner_mm, choice)
        if len(boxes) == len(units):
            return _placements(units, boxes)
        units.insert(0, units.pop(len(boxes)))
    return None


def _fill(units: Sequence[_Unit], inner_mm: Sides, choice: _Choice) -> list[_Room]:
    """The boxes of the leading ``units``, as many as found a place in this order."""
    rooms: list[_Room] = [(0, 0, 0, inner_mm[2], inner_mm[1], inner_mm[0])]
    boxes: list[_Room] = []
    thinnest = _thinnest_after(units)
    for unit, thin in zip(units, thinnest, strict=True):
        box = _lowest(unit, rooms, boxes, choice)
        if box is None:
            break
        boxes.append(box)
        rooms = _carve(rooms, box, thin)
    return boxes


def _thinnest_after(units: Sequence[_Unit]) -> list[int]:
    """For each unit the shortest side of those after it: narrower room is of no use."""
    sides = [unit.thinnest for unit in units]
    return [min(sides[at:], default=1) for at in range(1, len(sides) + 1)]


def _lowest(
    unit: _Unit, rooms: Iterable[_Room], boxes: Sequence[_Room], choice: _Choice
) -> _Room | None:
    """Where ``unit`` goes: the first corner that takes it, turned after ``choice``."""
    for room in _corners(rooms, boxes):
        z, y, x, top, front, right = room
        found = [
            (choice(room, box), box)
            for dz, dy, dx in unit.turns
            if z + dz <= top and y + dy <= front and x + dx <= right
            if _carried(box := (z, y, x, z + dz, y + dy, x + dx), boxes)
        ]
        if found:
            return min(found)[1]
    return None


def _corners(rooms: Iterable[_Room], boxes: Sequence[_Room]) -> list[_Room]:
    """Rooms by their low corner; above the floor also from where a box below them begins."""
    found = set(rooms)
    for z, y, x, top, front, right in rooms:
        if z:
            for _, back, left, level, _, _ in boxes:
                if level == z and back < front and left < right:
                    found.add((z, max(y, back), max(x, left), top, front, right))
    return sorted(found)


def _carried(box: _Room, boxes: Iterable[_Room]) -> bool:
    """Whether the floor or the tops of ``boxes`` carry enough of the base of ``box``."""
    z, y, x, _, front, right = box
    if not z:
        return True
    area = 0
    for _, back, left, level, fore, far in boxes:
        if level == z and back < front and y < fore and left < right and x < far:
            area += (min(front, fore) - max(y, back)) * (min(right, far) - max(x, left))
    return area * 100 >= SUPPORT_PERCENT * (front - y) * (right - x)


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


def _placements(units: Sequence[_Unit], boxes: Sequence[_Room]) -> tuple[Placement, ...]:
    """Boxes by their floor: then nothing goes in under what is in already."""
    return tuple(
        Placement(unit.item.sku, (x, y, z), (right - x, front - y, top - z))
        for (z, y, x, top, front, right), unit in sorted(
            zip(boxes, units, strict=True), key=lambda pair: pair[0]
        )
    )


def _inside(one: Placement, inner_mm: Sides) -> bool:
    return all(
        at >= 0 and side > 0 and at + side <= most
        for at, side, most in zip(one.position_mm, one.size_mm, inner_mm, strict=True)
    )


def _overlap(one: Placement, other: Placement) -> bool:
    return all(
        at < other_at + other_side and other_at < at + side
        for at, side, other_at, other_side in zip(
            one.position_mm, one.size_mm, other.position_mm, other.size_mm, strict=True
        )
    )


def _complete(placements: Iterable[Placement], items: Iterable[Item]) -> bool:
    """Whether each unit is there once and none besides, lying as it may.

    Upright rows choose first: what they may take, a free row of the same sides may take too.
    """
    left = Counter((one.sku, one.size_mm) for one in placements)
    for item in sorted(items, key=lambda item: not item.keep_upright):
        need = item.units
        for sku, size in left:
            if sku == item.sku and _may_lie(item, size):
                taken = min(need, left[sku, size])
                left[sku, size] -= taken
                need -= taken
        if need:
            return False
    return not left.total()


def _may_lie(item: Item, size: Sides) -> bool:
    turned = sorted(size) == sorted(item.sides_mm)
    return turned and (not item.keep_upright or size[2] == item.sides_mm[2])
