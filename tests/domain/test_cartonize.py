from __future__ import annotations

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.cartonize import (
    MOST_UNITS,
    SUPPORT_PERCENT,
    Item,
    Placement,
    Sides,
    place,
    valid,
)
from packstation.domain.errors import InputInvalid

SIDE = st.integers(10, 120)
SIDES = st.tuples(SIDE, SIDE, SIDE)
ITEMS = st.lists(
    st.builds(Item, st.sampled_from("ABCDEF"), SIDES, st.integers(0, 4), st.booleans()),
    max_size=6,
)
INNER = st.tuples(st.integers(40, 300), st.integers(40, 300), st.integers(40, 300))
CUBE = Item("cube", (50, 50, 50), 1)
A = Placement("cube", (0, 0, 0), (50, 50, 50))


def shared(start: int, side: int, other: int, other_side: int) -> int:
    return max(0, min(start + side, other + other_side) - max(start, other))


def base_in_common(upper: Placement, lower: Placement) -> int:
    (x, y, z), (dx, dy, _) = upper.position_mm, upper.size_mm
    (left, back, floor), (length, width, height) = lower.position_mm, lower.size_mm
    if floor + height != z:
        return 0
    return shared(x, dx, left, length) * shared(y, dy, back, width)


def carried(one: Placement, before: tuple[Placement, ...]) -> bool:
    base = one.size_mm[0] * one.size_mm[1]
    area = base if one.position_mm[2] == 0 else sum(base_in_common(one, low) for low in before)
    return area * 100 >= SUPPORT_PERCENT * base


@given(ITEMS, INNER)
def test_every_answer_is_valid_and_carried_by_what_is_in_already(
    items: list[Item], inner_mm: Sides
) -> None:
    placements = place(items, inner_mm)
    if placements is not None:
        assert valid(placements, items, inner_mm)
        assert all(carried(one, placements[:at]) for at, one in enumerate(placements))


@given(ITEMS, INNER)
def test_packing_order_is_bottom_first(items: list[Item], inner_mm: Sides) -> None:
    floors = [one.position_mm[2] for one in place(items, inner_mm) or ()]
    assert floors == sorted(floors)


@given(st.data(), ITEMS, INNER)
def test_the_order_of_the_items_changes_nothing(
    data: st.DataObject, items: list[Item], inner_mm: Sides
) -> None:
    assert place(items, inner_mm) == place(data.draw(st.permutations(items)), inner_mm)


@given(SIDE, st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4)))
def test_cubes_that_tile_the_carton_are_packed(side: int, counts: Sides) -> None:
    length, width, height = (side * count for count in counts)
    cubes = [Item("cube", (side, side, side), math.prod(counts))]
    placements = place(cubes, (length, width, height))
    assert placements is not None
    assert valid(placements, cubes, (length, width, height))


@given(SIDES, st.permutations([0, 1, 2]))
def test_one_unit_fits_a_carton_of_its_own_size_however_it_was_measured(
    sides: Sides, turn: list[int]
) -> None:
    inner = (sides[turn[0]], sides[turn[1]], sides[turn[2]])
    assert place([Item("A", sides, 1)], inner) == (Placement("A", (0, 0, 0), inner),)


@given(INNER, st.booleans())
def test_what_is_longer_than_the_diagonal_does_not_fit(inner_mm: Sides, upright: bool) -> None:
    rod = Item("rod", (1, 1, math.isqrt(sum(side * side for side in inner_mm)) + 1), 1, upright)
    assert place([rod], inner_mm) is None


@pytest.mark.parametrize(
    ("sides", "inner"),
    [
        ((100, 30, 20), (99, 99, 99)),
        ((60, 60, 10), (100, 50, 50)),
        ((50, 50, 50), (100, 100, 49)),
        ((10, 10, 10), (0, 100, 100)),
    ],
)
def test_what_is_too_long_for_every_way_to_lie_does_not_fit(sides: Sides, inner: Sides) -> None:
    assert place([Item("A", sides, 1)], inner) is None


def test_more_volume_than_the_carton_has_does_not_fit() -> None:
    assert place([Item("A", (50, 50, 50), 9)], (100, 100, 100)) is None


def test_enough_volume_alone_is_not_enough() -> None:
    assert place([Item("A", (60, 60, 60), 2)], (100, 100, 100)) is None


def test_upright_goods_are_turned_on_their_base_only() -> None:
    bottle = Item("bottle", (70, 60, 200), 1, keep_upright=True)
    assert place([bottle], (60, 70, 200)) == (Placement("bottle", (0, 0, 0), (60, 70, 200)),)
    assert place([bottle], (200, 200, 100)) is None


def test_a_unit_starts_where_what_carries_it_starts() -> None:
    """The empty room above the higher box begins over the lower one, which carries nothing."""
    low = Item("low", (40, 59, 80), 1, keep_upright=True)
    high = Item("high", (60, 30, 90), 1, keep_upright=True)
    lid = Item("lid", (70, 30, 20), 1, keep_upright=True)
    assert place([low, high, lid], (110, 59, 110)) == (
        Placement("low", (0, 0, 0), (40, 59, 80)),
        Placement("high", (40, 0, 0), (60, 30, 90)),
        Placement("lid", (40, 0, 90), (70, 30, 20)),
    )


def test_a_unit_that_finds_no_place_goes_first_the_next_time() -> None:
    """Largest first alone wastes the long side here; the parts were cut from one block."""
    parts = [
        Item("A", (194, 136, 128), 1),
        Item("B", (194, 136, 97), 1),
        Item("C", (225, 60, 136), 1),
        Item("D", (254, 225, 40), 1),
    ]
    assert place(parts, (254, 176, 225)) is not None


def test_nothing_packs_into_anything() -> None:
    assert place([], (1, 1, 1)) == ()
    assert place([Item("A", (500, 500, 500), 0)], (1, 1, 1)) == ()


def test_more_units_than_a_bench_packs_by_hand_are_not_tried() -> None:
    grains = (10, 10, 10)
    assert place([Item("A", grains, MOST_UNITS)], (200, 100, 100)) is not None
    assert place([Item("A", grains, MOST_UNITS + 1)], (200, 100, 200)) is None


@pytest.mark.parametrize(
    ("sides", "units", "field"),
    [((0, 10, 10), 1, "sides_mm"), ((10, 10, -1), 1, "sides_mm"), ((10, 10, 10), -1, "units")],
)
def test_impossible_items_are_refused(sides: Sides, units: int, field: str) -> None:
    with pytest.raises(InputInvalid) as refusal:
        Item("A", sides, units)
    assert refusal.value.fields["path"] == field


def moved(x: int, y: int, z: int) -> Placement:
    return Placement("cube", (x, y, z), (50, 50, 50))


@pytest.mark.parametrize(
    ("second", "verdict"),
    [
        (moved(50, 0, 0), True),
        (moved(0, 50, 0), True),
        (moved(50, 50, 50), True),
        (moved(49, 0, 0), False),
        (moved(49, 49, 49), False),
        (moved(0, 0, 0), False),
        (moved(51, 0, 0), False),
        (moved(0, 0, 51), False),
        (moved(-1, 50, 0), False),
        (Placement("cube", (50, 0, 0), (50, 50, 0)), False),
        (Placement("cube", (50, 0, 0), (50, 50, 49)), False),
        (Placement("other", (50, 0, 0), (50, 50, 50)), False),
    ],
)
def test_the_check_finds_what_overlaps_sticks_out_or_is_something_else(
    second: Placement, verdict: bool
) -> None:
    assert valid([A, second], [Item("cube", (50, 50, 50), 2)], (100, 100, 100)) is verdict


def test_the_check_counts_every_unit_once() -> None:
    assert valid([A], [CUBE], (100, 100, 100))
    assert not valid([], [CUBE], (100, 100, 100))
    assert not valid([A, moved(50, 0, 0)], [CUBE], (100, 100, 100))
    assert valid([], [], (100, 100, 100))


def test_the_check_knows_which_way_is_up() -> None:
    lying = [Placement("A", (0, 0, 0), (30, 20, 10))]
    assert valid(lying, [Item("A", (10, 20, 30), 1)], (30, 30, 30))
    assert not valid(lying, [Item("A", (10, 20, 30), 1, keep_upright=True)], (30, 30, 30))
    assert valid(lying, [Item("A", (20, 30, 10), 1, keep_upright=True)], (30, 30, 30))


@pytest.mark.parametrize("turned_first", [True, False])
def test_the_check_gives_upright_rows_their_choice_first(turned_first: bool) -> None:
    rows = [Item("A", (10, 20, 30), 1), Item("A", (10, 20, 30), 1, keep_upright=True)]
    lying = Placement("A", (10, 0, 0), (30, 20, 10))
    standing = Placement("A", (0, 0, 0), (10, 20, 30))
    assert valid([lying, standing] if turned_first else [standing, lying], rows, (40, 20, 30))
    both_lie = [lying, Placement("A", (10, 0, 10), (30, 20, 10))]
    assert not valid(both_lie, rows, (40, 20, 30))


@given(ITEMS, INNER)
def test_the_check_refuses_a_packing_with_one_unit_pushed_into_another(
    items: list[Item], inner_mm: Sides
) -> None:
    placements = place(items, inner_mm) or ()
    for one, other in combinations(placements, 2):
        pushed = Placement(one.sku, other.position_mm, one.size_mm)
        rest = [kept for kept in placements if kept is not one]
        assert not valid([pushed, *rest], items, inner_mm)
