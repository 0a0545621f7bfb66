"""Pieces in a row: which of two that lie apart along an axis comes first.

The second half of `exact`: for each pair it is known along which axes the two may lie apart. The
search chooses who comes first, the most constrained pair first; the longest chains along an axis
say how early each piece may begin and how much must follow it. What no longer fits is struck out,
what alone is left is taken, until nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

from msgspec import Struct

from packstation.domain.cartons.bounds import AXES
from packstation.domain.cartons.goods import Sides

Z: Final = 2
# A way to lie (x, y, z) and its number among those of its piece.
Turn = tuple[int, int, int, int]
# The axis, the piece before, the piece after.
_Relation = tuple[int, int, int]


class OutOfNodes(Exception):
    """The search may make no more choices."""


class Allowance:
    """How many choices may still be made."""

    def __init__(self, nodes: int) -> None:
        self.left = nodes

    def spend(self) -> None:
        """Count one choice.

        Raises:
            OutOfNodes: there are none left.
        """
        if not self.left:
            raise OutOfNodes
        self.left -= 1


class Row(Struct):
    """What is known: the ways left to lie, how early each piece may begin, what must follow it.

    ``chains`` are pairs (before, after) along each axis, ``open`` pairs without a relation.
    """

    turns: list[tuple[Turn, ...]]
    head: list[list[int]]
    tail: list[list[int]]
    chains: list[list[tuple[int, int]]]
    open: list[tuple[int, int]]

    def copy(self) -> Row:
        """One to be changed."""
        return Row(
            self.turns[:],
            [row[:] for row in self.head],
            [row[:] for row in self.tail],
            [row[:] for row in self.chains],
            self.open[:],
        )


class Chains:
    """One question: these pieces, apart where they may be, in this room."""

    def __init__(
        self,
        room: Sides,
        apart: Mapping[tuple[int, int], Sequence[int]],
        over: Sequence[Sequence[bool]],
        allowance: Allowance,
    ) -> None:
        """``apart`` are the axes for each pair, ``over[low][up]`` what may lie over what."""
        self._room, self._apart, self._over, self._allowance = room, apart, over, allowance

    def find(self, turns: Sequence[tuple[Turn, ...]]) -> Row | None:
        """Where each piece begins and how it lies, or None where there is no way.

        Raises:
            OutOfNodes: nobody knows.
        """
        count = len(turns)
        empty = [[0] * count for _ in AXES]
        pairs = list(combinations(range(count), 2))
        return self._search(Row(list(turns), empty, [row[:] for row in empty], [[], [], []], pairs))

    def _search(self, row: Row) -> Row | None:
        self._allowance.spend()
        choice = self._settle(row)
        if choice is None:
            return None
        unsure = next((at for at, ways in enumerate(row.turns) if len(ways) > 1), None)
        if not choice and unsure is None:
            return row
        if not choice and unsure is not None:
            return self._turned(row, unsure)
        for axis, before, after in choice:
            child = row.copy()
            child.chains[axis].append((before, after))
            child.open.remove((min(before, after), max(before, after)))
            found = self._search(child)
            if found is not None:
                return found
        return None

    def _turned(self, row: Row, at: int) -> Row | None:
        for turn in row.turns[at]:
            child = row.copy()
            child.turns[at] = (turn,)
            found = self._search(child)
            if found is not None:
                return found
        return None

    def _settle(self, row: Row) -> Sequence[_Relation] | None:
        """Draw all conclusions: what to choose from next, empty when all is apart, None: no way."""
        while True:
            lengths = self._reach(row)
            if lengths is None:
                return None
            if self._strike(row):
                continue
            forced = False
            choice: Sequence[_Relation] = ()
            for pair in row.open[:]:
                options = self._options(row, lengths, pair)
                if not options:
                    return None
                if len(options) == 1 or options[0] == _APART:
                    row.open.remove(pair)
                    forced = self._take(row, options[0]) or forced
                elif not choice or len(options) < len(choice):
                    choice = options
            if not forced:
                return choice

    @staticmethod
    def _take(row: Row, relation: _Relation) -> bool:
        """Note a relation; False where the two lie apart without it."""
        axis, before, after = relation
        if relation == _APART:
            return False
        row.chains[axis].append((before, after))
        return True

    def _reach(self, row: Row) -> list[list[int]] | None:
        """Lengthen chains until they hold; the least lengths, or None where a chain is too long."""
        lengths = [[min(turn[axis] for turn in ways) for ways in row.turns] for axis in AXES]
        for axis in AXES:
            if not _chained(row, axis, lengths[axis]):
                return None
            room = self._room[axis]
            ends = zip(row.head[axis], lengths[axis], row.tail[axis], strict=True)
            if any(head + length + tail > room for head, length, tail in ends):
                return None
        return lengths

    def _strike(self, row: Row) -> bool:
        """Strike out ways to lie that no longer fit; one is always left. Whether any went."""
        changed = False
        for at, ways in enumerate(row.turns):
            left = [self._room[a] - row.head[a][at] - row.tail[a][at] for a in AXES]
            kept = tuple(t for t in ways if all(t[a] <= left[a] for a in AXES))
            if len(kept) < len(ways):
                row.turns[at] = kept
                changed = True
                if not kept:
                    # The next look at the chains ends here: such a piece is longer than any room.
                    row.turns[at] = ((self._room[0] + 1, 1, 1, 0),)
        return changed

    def _options(
        self, row: Row, lengths: Sequence[Sequence[int]], pair: tuple[int, int]
    ) -> Sequence[_Relation]:
        """The relations that a pair may have; ``_APART`` alone where it lies apart already."""
        found = []
        for axis in self._apart[pair]:
            head, tail, room = row.head[axis], row.tail[axis], self._room[axis]
            both = lengths[axis][pair[0]] + lengths[axis][pair[1]]
            for low, up in (pair, pair[::-1]):
                if axis == Z and not self._over[low][up]:
                    continue
                if head[up] + tail[low] >= room:
                    return (_APART,)
                if head[low] + both + tail[up] <= room:
                    found.append((axis, low, up))
        return found


_APART: Final[_Relation] = (-1, -1, -1)


def _chained(row: Row, axis: int, length: Sequence[int]) -> bool:
    """Follow the chains along an axis; False where they bite their own tails."""
    head, tail, chains = row.head[axis], row.tail[axis], row.chains[axis]
    for _ in range(len(head) + 1):
        moved = False
        for before, after in chains:
            start = head[before] + length[before]
            if start > head[after]:
                head[after] = start
                moved = True
            end = tail[after] + length[after]
            if end > tail[before]:
                tail[before] = end
                moved = True
        if not moved:
            return True
    return False
