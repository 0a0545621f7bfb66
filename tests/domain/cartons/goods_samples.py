"""Goods, cartons and a slow but plain way to pack, for the tests of cartons."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations, product

from hypothesis import strategies as st

from packstation.domain.cartons.goods import CartonItem, Sides
from packstation.domain.parcels import Carton, CartonKind
from packstation.domain.quantities import Money

BOXES: tuple[Sides, ...] = (
    (160, 110, 60),
    (200, 150, 100),
    (250, 200, 120),
    (300, 220, 200),
    (400, 300, 300),
)


def item(
    sku: str = "A",
    sides: Sides = (100, 80, 40),
    quantity: int = 1,
    weight_g: int = 200,
    *,
    up: bool = False,
    no_stack: bool = False,
    fragile: bool = False,
    own: bool = False,
    pad: int = 0,
    pad_percent: int = 0,
    roll: bool = False,
) -> CartonItem:
    return CartonItem(
        sku=sku,
        quantity=quantity,
        length_mm=sides[0],
        width_mm=sides[1],
        height_mm=sides[2],
        weight_g=weight_g,
        keep_upright=up,
        no_stack=no_stack,
        fragile=fragile,
        own_box=own,
        padding_mm=pad,
        padding_percent=pad_percent,
        shape="roll" if roll else "box",
    )


def carton(
    code: str,
    inner: Sides,
    kind: CartonKind = "box",
    *,
    max_g: int | None = None,
    tare_g: int = 50,
    cost: str = "",
    stock: int | None = None,
    recycled: bool = False,
) -> Carton:
    return Carton(
        code=code,
        inner_mm=inner,
        kind=kind,
        max_g=max_g,
        tare_g=tare_g,
        cost=Money(amount=Decimal(cost), currency="CNY") if cost else None,
        stock=stock,
        recycled=recycled,
    )


CARTONS = tuple(carton(f"C{at}", inner) for at, inner in enumerate(BOXES, start=1))

SIDE = st.integers(10, 180)
ITEM = st.builds(
    item,
    st.sampled_from("ABCDEF"),
    st.tuples(SIDE, SIDE, SIDE),
    st.integers(1, 3),
    st.integers(0, 900),
    up=st.booleans(),
    no_stack=st.booleans(),
    fragile=st.booleans(),
    own=st.sampled_from([False, False, False, True]),
    pad=st.sampled_from([0, 0, 5]),
    pad_percent=st.sampled_from([0, 0, 10]),
    roll=st.sampled_from([False, False, True]),
)
MIXED = (
    *CARTONS,
    carton("B1", (300, 240, 60), "bag", max_g=1500, cost="0.20"),
    carton("M1", (300, 220, 40), "mailer", cost="0.50", recycled=True),
    carton("T1", (500, 120, 120), "tube", cost="0.90", stock=2),
)


def fits_by_trying(items: list[tuple[Sides, bool]], room: Sides) -> bool:
    """Every box at every whole place in every way it may lie: slow, and plain enough to trust."""
    if sum(a * b * c for (a, b, c), _ in items) > room[0] * room[1] * room[2]:
        return False
    return _try([_places(sides, room, up=up) for sides, up in items], 0)


def _try(places: list[list[int]], taken: int) -> bool:
    """Whether one place of each can be had; a place is a bit for every cell of it."""
    if not places:
        return True
    first, *rest = places
    return any(_try(rest, taken | place) for place in first if not taken & place)


def _places(sides: Sides, room: Sides, *, up: bool) -> list[int]:
    a, b, c = sides
    ways = {(a, b, c), (b, a, c)} if up else {*permutations(sides)}
    return [
        _cells(corner, way, room)
        for way in ways
        for corner in product(
            *(range(most - side + 1) for most, side in zip(room, way, strict=True))
        )
    ]


def _cells(corner: Sequence[int], size: Sequence[int], room: Sides) -> int:
    spans = [range(low, low + side) for low, side in zip(corner, size, strict=True)]
    return sum(1 << (x * room[1] + y) * room[2] + z for x, y, z in product(*spans))
