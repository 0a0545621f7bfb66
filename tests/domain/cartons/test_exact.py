from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.domain.cartons import exact
from packstation.domain.cartons.exact import Proof
from packstation.domain.cartons.goods import CartonItem, Sides
from packstation.domain.cartons.pieces import Packing, bears, pieces_of
from tests.domain.cartons.goods_samples import fits_by_trying, item
from tests.domain.cartons.verdicts import VERDICTS

SMALL = st.integers(1, 4)
GOODS = st.lists(st.tuples(st.tuples(SMALL, SMALL, SMALL), st.booleans()), min_size=1, max_size=5)
ROOM = st.tuples(st.integers(2, 5), st.integers(2, 5), st.integers(2, 4))


def pack(goods: list[CartonItem], room: Sides, nodes: int = 20_000) -> Packing | Proof:
    pieces = pieces_of(goods)
    return exact.pack(pieces, bears(pieces), room, nodes)


def clear(packing: Packing, room: Sides) -> bool:
    """Inside, and no two in one place."""
    boxes = [(at, tuple(a + s for a, s in zip(at, size, strict=True))) for at, size in packing]
    inside = all(
        min(low) >= 0 and all(h <= r for h, r in zip(high, room, strict=True))
        for low, high in boxes
    )
    return inside and all(
        any(a[1][x] <= b[0][x] or b[1][x] <= a[0][x] for x in range(3))
        for n, a in enumerate(boxes)
        for b in boxes[:n]
    )


@settings(max_examples=400)
@given(GOODS, ROOM)
def test_it_says_what_trying_every_place_says(goods: list[tuple[Sides, bool]], room: Sides) -> None:
    found = pack([item(str(n), sides, up=up) for n, (sides, up) in enumerate(goods)], room)
    assert isinstance(found, Proof) != fits_by_trying(goods, room)
    if not isinstance(found, Proof):
        assert clear(found, room)


def test_a_packing_that_needs_a_pinwheel_is_found() -> None:
    goods = [item("A", (3, 2, 1), 4, up=True), item("B", (1, 1, 1))]
    found = pack(goods, (5, 5, 1))
    assert not isinstance(found, Proof)
    assert clear(found, (5, 5, 1))


def test_when_the_allowance_is_used_up_nothing_is_proven() -> None:
    goods = [item("A", (3, 2, 1), 4, up=True), item("B", (1, 1, 1))]
    assert pack(goods, (5, 5, 1), nodes=1) is Proof.UNKNOWN


def test_nothing_over_what_bears_nothing() -> None:
    goods = [item("A", (10, 10, 5), up=True, no_stack=True), item("B", (10, 10, 5), up=True)]
    found = pack(goods, (10, 10, 10))
    assert not isinstance(found, Proof)
    low = {piece.item.sku: at[2] for piece, (at, _) in zip(pieces_of(goods), found, strict=True)}
    assert low == {"A": 5, "B": 0}


def test_two_that_bear_nothing_stand_side_by_side_or_not_at_all() -> None:
    goods = [item("A", (10, 10, 5), 2, no_stack=True)]
    assert pack(goods, (10, 10, 10)) is not Proof.UNKNOWN
    assert pack(goods, (19, 6, 10)) is Proof.IMPOSSIBLE
    assert not isinstance(pack(goods, (20, 10, 5)), Proof)


def test_what_is_longer_than_the_room_is_impossible() -> None:
    assert pack([item("A", (11, 1, 1))], (10, 10, 10)) is Proof.IMPOSSIBLE
    assert pack([item("A", (11, 1, 1))], (10, 10, 10), nodes=0) is Proof.IMPOSSIBLE
    assert not exact.fitting(pieces_of([item("A", (11, 1, 1))]), (10, 10, 10))


def test_halves_that_exclude_each_other_are_seen_at_once() -> None:
    goods = [item("A", (6, 6, 6), 2)]
    assert pack(goods, (10, 10, 10), nodes=0) is Proof.IMPOSSIBLE
    assert pack(goods, (10, 10, 10)) is Proof.IMPOSSIBLE


@pytest.mark.parametrize(("room", "units", "fit"), VERDICTS)
def test_it_says_what_cp_sat_says(
    room: Sides, units: tuple[tuple[int, int, int, bool], ...], *, fit: bool
) -> None:
    found = pack([item(str(n), (a, b, c), up=up) for n, (a, b, c, up) in enumerate(units)], room)
    assert (found is not Proof.IMPOSSIBLE) is fit
    assert isinstance(found, Proof) or clear(found, room)
