"""Rows of pieces, and the one conclusion that is hard to come by from outside."""

from __future__ import annotations

from itertools import combinations

import pytest

from packstation.domain.cartons import chains
from packstation.domain.cartons.chains import Allowance, Chains, OutOfNodes, Row, Turn
from packstation.domain.cartons.exact import _Node, _Search
from packstation.domain.cartons.goods import Sides
from packstation.domain.cartons.pieces import bears, pieces_of
from tests.domain.cartons.goods_samples import item


def find(room: Sides, *turns: tuple[Turn, ...], axes: tuple[int, ...] = (0,)) -> Row | None:
    apart = dict.fromkeys(combinations(range(len(turns)), 2), axes)
    over = [[True] * len(turns) for _ in turns]
    return Chains(room, apart, over, Allowance(100)).find(turns)


def cube(side: int) -> tuple[Turn, ...]:
    return ((side, side, side, 0),)


def test_two_that_are_too_long_for_a_row() -> None:
    assert find((3, 9, 9), cube(2), cube(2)) is None


def test_three_of_which_any_two_fit() -> None:
    assert find((5, 9, 9), cube(2), cube(2), cube(2)) is None
    row = find((6, 9, 9), cube(2), cube(2), cube(2))
    assert row is not None
    assert sorted(row.head[0]) == [0, 2, 4]


def test_no_way_to_lie_is_left_where_each_is_too_long_somewhere() -> None:
    assert find((4, 4, 1), ((5, 1, 1, 0), (1, 5, 1, 1))) is None


def test_how_a_piece_lies_is_tried_last() -> None:
    row = find((5, 2, 2), ((2, 1, 1, 0), (1, 2, 1, 1)), cube(2))
    assert row is not None
    # Struck out as it is too long crosswise in a room that is filled from both ends.
    assert find((3, 1, 2), ((2, 1, 1, 0), (1, 2, 1, 1)), ((2, 1, 1, 0),)) is None


def test_chains_that_bite_their_tails() -> None:
    row = Row([cube(1), cube(1)], [[0, 0]], [[0, 0]], [[(0, 1), (1, 0)]], [])
    assert not chains._chained(row, 0, [1, 1])


def test_a_row_that_bites_its_tail_reaches_nowhere() -> None:
    row = Row([cube(1), cube(1)], [[0, 0]] * 3, [[0, 0]] * 3, [[(0, 1), (1, 0)], [], []], [])
    search = Chains((99, 9, 9), {}, [[True] * 2] * 2, Allowance(9))
    assert search._reach(row) is None


def test_every_way_to_lie_is_tried() -> None:
    empty = [[0], [0], [0]]
    row = Row([((5, 1, 1, 0), (1, 5, 1, 1))], empty, [[0], [0], [0]], [[], [], []], [])
    assert Chains((4, 4, 4), {}, [[True]], Allowance(9))._turned(row, 0) is None


def test_an_allowance_ends() -> None:
    allowance = Allowance(1)
    allowance.spend()
    with pytest.raises(OutOfNodes):
        allowance.spend()


def test_a_pair_that_meets_along_all_axes_is_a_dead_end() -> None:
    pieces = pieces_of([item(), item("B")])
    search = _Search(pieces, bears(pieces), (300, 300, 300), Allowance(1))
    both = [0b10, 0b01]
    node = _Node([cube(1), cube(1)], [[0, 0], [0, 0], [0, 0]], [both[:], both[:], both[:]])
    assert search._thirds(node) is None
