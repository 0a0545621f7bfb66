"""Whether a few pieces fit into a room, decided for certain: a packing, or a proof of none.

After Fekete and Schepers, "A combinatorial characterization of higher-dimensional orthogonal
packing" (2004): along each axis two pieces either lie apart or meet (their shadows overlap). What
counts is only which pairs do what, not who comes first, so that one look stands for many packings:

- a pair that meets along two axes lies apart along the third;
- pieces that all lie apart along an axis stand in a row: together they are no longer than the room;
- pieces that all meet along an axis share a plane: together they cover no more than its area;
- four pieces that meet in a ring along an axis have a pair across that meets too.

The search decides pair by pair, the largest first: what keeps goods out is mostly a few large ones.
Once every pair of the largest pieces lies apart along some axis, `chains` finds an order for these
or shows that there is none, before the small ones are looked at. Where the first half of a choice
came to nothing, the other half holds for all pieces that nothing tells from the chosen ones.

The search ends after so many choices without an answer: then nothing is proven.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import combinations
from typing import Final

from msgspec import Struct

from packstation.domain.cartons.bounds import AXES, grown, too_much
from packstation.domain.cartons.chains import Allowance, Chains, OutOfNodes, Row, Turn
from packstation.domain.cartons.goods import Sides
from packstation.domain.cartons.pieces import Bears, Packing, Piece

_CROSS: Final = ((1, 2), (0, 2), (0, 1))
# So few pieces that lie apart, in rows short enough, nearly always have an order.
_NO_CHECK: Final = 3


class Proof(Enum):
    """An answer without a packing."""

    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


class _Node(Struct):
    """The ways left to lie, and along each axis as bits who lies apart from whom, who meets.

    The first ``ordered`` pieces are known to have an order.
    """

    turns: list[tuple[Turn, ...]]
    apart: list[list[int]]
    meet: list[list[int]]
    ordered: int = _NO_CHECK

    def copy(self) -> _Node:
        """One to be changed."""
        apart, meet = [row[:] for row in self.apart], [row[:] for row in self.meet]
        return _Node(self.turns[:], apart, meet, self.ordered)


def fitting(pieces: Sequence[Piece], room: Sides) -> bool:
    """Whether each of ``pieces`` fits into ``room`` by itself, and their volumes together."""
    whole = room[0] * room[1] * room[2]
    return all(_fitting(pieces, room).values()) and sum(p.volume for p in pieces) <= whole


def _fitting(pieces: Sequence[Piece], room: Sides) -> dict[int, tuple[Sides, ...]]:
    return {
        piece.kind: tuple(
            t for t in piece.turns if t[0] <= room[0] and t[1] <= room[1] and t[2] <= room[2]
        )
        for piece in pieces
    }


def pack(pieces: Sequence[Piece], bears: Bears, room: Sides, nodes: int) -> Packing | Proof:
    """A packing of ``pieces``, large ones first, or that there is none, or that nobody knows."""
    turns = _fitting(pieces, room)
    if not all(turns.values()):
        return Proof.IMPOSSIBLE
    kinds = [piece.kind for piece in pieces]
    longer = grown(kinds, turns, room)
    if too_much(kinds, longer, room):
        return Proof.IMPOSSIBLE
    search = _Search(pieces, bears, room, Allowance(nodes))
    try:
        found = search.find([_numbered(longer[kind]) for kind in kinds])
    except OutOfNodes:
        return Proof.UNKNOWN
    if found is None:
        return Proof.IMPOSSIBLE
    return tuple((at, turns[kind][turn]) for kind, (at, turn) in zip(kinds, found, strict=True))


def _numbered(turns: Sequence[Sides]) -> tuple[Turn, ...]:
    return tuple((*turn, at) for at, turn in enumerate(turns))


class _Search:
    def __init__(
        self, pieces: Sequence[Piece], bears: Bears, room: Sides, allowance: Allowance
    ) -> None:
        self._room, self._allowance = room, allowance
        self._count = len(pieces)
        self._pairs = list(combinations(range(self._count), 2))
        self._twins = [(a, b) for a, b in self._pairs if pieces[a].kind == pieces[b].kind]
        self._volume = [piece.volume for piece in pieces]
        self._over = [[bears[low.kind][up.kind] for up in pieces] for low in pieces]
        self._plane = [room[b] * room[c] for b, c in _CROSS]
        self._known: dict[tuple[Turn, ...], tuple[tuple[int, int], ...]] = {}

    def find(self, turns: Sequence[tuple[Turn, ...]]) -> list[tuple[Sides, int]] | None:
        """For each piece its corner and the number of its way to lie.

        Raises:
            OutOfNodes: nobody knows.
        """
        nobody = [[0] * self._count for _ in AXES]
        node = _Node(list(turns), nobody, [row[:] for row in nobody])
        for low, up in self._pairs:
            if not (self._over[low][up] or self._over[up][low]):
                _link(node.meet[2], low, up)
        return self._search(node)

    def _search(self, node: _Node) -> list[tuple[Sides, int]] | None:
        self._allowance.spend()
        while self._settle(node):
            choice = self._choice(node)
            if choice is None:
                return self._leaf(node)
            if not self._orderly(node):
                return None
            child = node.copy()
            self._say(node, child, choice)
            found = self._search(child)
            if found is not None:
                return found
            self._allowance.spend()
        return None

    def _leaf(self, node: _Node) -> list[tuple[Sides, int]] | None:
        """Every pair lies apart somewhere: find out who comes first."""
        row = self._order(node, self._count)
        if row is None:
            return None
        return [
            ((row.head[0][at], row.head[1][at], row.head[2][at]), row.turns[at][0][3])
            for at in range(self._count)
        ]

    def _orderly(self, node: _Node) -> bool:
        """Whether the largest pieces, as far as all pairs of them lie apart, have an order."""
        settled = self._settled(node)
        if settled <= node.ordered:
            return True
        node.ordered = settled
        return self._order(node, settled) is not None

    def _settled(self, node: _Node) -> int:
        """How many of the largest pieces lie apart from one another; not all of them."""
        x, y, z = node.apart
        return next(at for at in range(self._count) if ((1 << at) - 1) & ~(x[at] | y[at] | z[at]))

    def _order(self, node: _Node, count: int) -> Row | None:
        """Who comes first among the ``count`` largest pieces."""
        apart = {
            (a, b): [axis for axis in AXES if node.apart[axis][a] >> b & 1]
            for a, b in combinations(range(count), 2)
        }
        return Chains(self._room, apart, self._over, self._allowance).find(node.turns[:count])

    # --- choosing -----------------------------------------------------------------------

    def _choice(self, node: _Node) -> tuple[int, int, int] | None:
        """The largest pair that may yet meet everywhere, and an axis; None when there is none."""
        undone = [
            (-self._volume[a] - self._volume[b], len(free), a, b, free)
            for a, b in self._pairs
            if not any(node.apart[axis][a] >> b & 1 for axis in AXES)
            for free in [[axis for axis in AXES if not node.meet[axis][a] >> b & 1]]
        ]
        if not undone:
            return None
        _, _, a, b, free = min(undone)
        return a, b, min(free, key=lambda axis: self._share(node, axis, a, b))

    def _share(self, node: _Node, axis: int, one: int, other: int) -> float:
        """How much of the room's length two take that stand in a row."""
        least = self._least(node.turns[one])[axis][0] + self._least(node.turns[other])[axis][0]
        return least / self._room[axis]

    def _say(self, node: _Node, child: _Node, choice: tuple[int, int, int]) -> None:
        """The choice holds in ``child``; in ``node`` its contrary, for all that look the same."""
        alike = self._alike(node)
        a, b, axis = choice
        _link(child.apart[axis], a, b)
        for one in alike[a]:
            for other in alike[b]:
                if one != other:
                    _link(node.meet[axis], one, other)

    def _alike(self, node: _Node) -> list[list[int]]:
        """For each piece those that nothing known tells from it, itself among them."""
        found = [[at] for at in range(self._count)]
        rows = [*node.apart, *node.meet]
        for a, b in self._twins:
            rest = ~(1 << a | 1 << b)
            if node.turns[a] == node.turns[b] and not any((r[a] ^ r[b]) & rest for r in rows):
                found[a].append(b)
                found[b].append(a)
        return found

    # --- conclusions --------------------------------------------------------------------

    def _settle(self, node: _Node) -> bool:
        """Draw all conclusions; False for a dead end."""
        axes = {0, 1, 2}
        while axes:
            while axes:
                more = self._along(node, axes.pop())
                thirds = None if more is None else self._thirds(node)
                if more is None or thirds is None:
                    return False
                axes |= more | thirds
            rings = self._rings(node)
            if rings is None:
                return False
            axes = rings
        return True

    def _least(self, turns: tuple[Turn, ...]) -> tuple[tuple[int, int], ...]:
        """The least length along each axis, and the least area across it."""
        found = self._known.get(turns)
        if found is None:
            found = tuple(
                (min(t[axis] for t in turns), min(t[b] * t[c] for t in turns))
                for axis, (b, c) in enumerate(_CROSS)
            )
            self._known[turns] = found
        return found

    def _along(self, node: _Node, axis: int) -> set[int] | None:
        """Rows no longer than the room, shared planes no fuller than they are; None: they are.

        Answers the axes to look along again.
        """
        apart, meet = node.apart[axis], node.meet[axis]
        least = [self._least(turns)[axis] for turns in node.turns]
        row = _Clique(apart, [length for length, _ in least])
        plane = _Clique(meet, [area for _, area in least])
        longest, largest = self._room[axis], self._plane[axis]
        moved = set[int]()
        for one, other in self._pairs:
            both = 1 << other
            long = not meet[one] & both and row.with_pair(one, other) > longest
            full = not apart[one] & both and plane.with_pair(one, other) > largest
            if not long and not full:
                continue
            if (long and full) or apart[one] & both or meet[one] & both:
                return None
            _link(meet if long else apart, one, other)
            (plane if long else row).known.clear()
            moved.add(axis)
        struck = self._strike(node, axis, row, plane)
        if struck is None:
            return None
        return {0, 1, 2} if struck else moved

    def _strike(self, node: _Node, axis: int, row: _Clique, plane: _Clique) -> bool | None:
        """Strike out ways to lie that are too long for their row or too large for their plane."""
        b, c = _CROSS[axis]
        moved = False
        for at, ways in enumerate(node.turns):
            if len(ways) > 1:
                length = self._room[axis] - row.heaviest(row.links[at])
                area = self._plane[axis] - plane.heaviest(plane.links[at])
                kept = tuple([t for t in ways if t[axis] <= length and t[b] * t[c] <= area])
                if not kept:
                    return None
                if len(kept) < len(ways):
                    node.turns[at] = kept
                    moved = True
        return moved

    def _thirds(self, node: _Node) -> set[int] | None:
        """A pair that meets along two axes lies apart along the third; the axes that changed."""
        moved = set[int]()
        (x, y, z), apart = node.meet, node.apart
        for one, other in self._pairs:
            both = 1 << other
            met = (x[one] & both > 0) + (y[one] & both > 0) + (z[one] & both > 0)
            if met == 3:
                return None
            if met == 2:
                axis = 0 if not x[one] & both else 1 if not y[one] & both else 2
                if not apart[axis][one] & both:
                    _link(apart[axis], one, other)
                    moved.add(axis)
        return moved

    def _rings(self, node: _Node) -> set[int] | None:
        """Of two that lie apart, any two that meet both of them meet each other."""
        moved = set[int]()
        for axis in AXES:
            apart, meet = node.apart[axis], node.meet[axis]
            for one, other in self._pairs:
                between = meet[one] & meet[other]
                # One alone makes no ring.
                if not between & (between - 1):
                    continue
                across = any(apart[at] & between for at in _bits(between))
                if apart[one] >> other & 1:
                    if across:
                        return None
                    for at in _bits(between):
                        for new in _bits(between & ~meet[at] & ~(1 << at)):
                            _link(meet, at, new)
                            moved.add(axis)
                elif across and not meet[one] >> other & 1:
                    _link(meet, one, other)
                    moved.add(axis)
        return moved


class _Clique:
    """The heaviest sets of pieces that are all linked, as far as they were asked for."""

    def __init__(self, links: Sequence[int], weights: Sequence[int]) -> None:
        self.links, self._weights = links, weights
        self.known: dict[int, int] = {0: 0}

    def with_pair(self, one: int, other: int) -> int:
        """Weight of the heaviest set with these two in it, as if they were linked."""
        both = self.heaviest(self.links[one] & self.links[other])
        return self._weights[one] + self._weights[other] + both

    def heaviest(self, among: int) -> int:
        """Weight of the heaviest linked set among the bits of ``among``."""
        if not among:
            return 0
        found = self.known.get(among)
        if found is None:
            at = among.bit_length() - 1
            rest = among & ~(1 << at)
            without = self.heaviest(rest)
            found = max(without, self._weights[at] + self.heaviest(rest & self.links[at]))
            self.known[among] = found
        return found


def _link(links: list[int], one: int, other: int) -> None:
    links[one] |= 1 << other
    links[other] |= 1 << one


def _bits(mask: int) -> Iterator[int]:
    while mask:
        at = mask.bit_length() - 1
        mask &= ~(1 << at)
        yield at
