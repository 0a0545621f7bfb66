"""What lies in a parcel, as it says itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from packstation.domain.customs.contents import contents, known, whole
from packstation.domain.customs.facts import fact
from tests.domain.customs.rig import case

LINES = [{"line": 1, "sku": "A", "quantity": 2}, {"line": "x", "sku": "B", "quantity": 1}]


def inside(*rows: object) -> list[tuple[str, int | None]]:
    one = case(lines=LINES, parcels=[{"contents": list(rows)}])
    return [(held.sku, held.pieces) for held in contents(one, one.parcels[0])]


def test_a_parcel_tells_lines_and_pieces() -> None:
    assert inside({"line": 1, "quantity": 2}, {"line": "x", "quantity": Decimal("1.0")}) == [
        ("A", 2),
        ("B", 1),
    ]


@pytest.mark.parametrize("line", [9, None, "1", True, [1], {"line": 1}, Decimal("1.5")])
def test_a_line_that_the_order_has_not_is_not_known(line: object) -> None:
    assert inside({"line": line, "quantity": 1}) == [("", 1)]


@pytest.mark.parametrize("quantity", [None, "2", -1, Decimal("1.5"), True, [2]])
def test_what_is_no_count_is_not_known(quantity: object) -> None:
    assert inside({"line": 1, "quantity": quantity}) == [("A", None)]


def test_lines_without_a_number_are_not_taken_for_each_other() -> None:
    one = case(lines=[{"sku": "A", "quantity": 1}], parcels=[{"contents": [{"quantity": 1}]}])
    assert [held.line for held in contents(one, one.parcels[0])] == [None]


def test_one_unknown_thing_makes_a_parcel_unknown() -> None:
    one = case(
        lines=LINES, parcels=[{"contents": [{"line": 1, "quantity": 1}, {"line": 9}]}, "no parcel"]
    )
    assert known(contents(one, one.parcels[0])) is None
    assert known(contents(one, one.parcels[0])[:1]) == ((one.lines[0], 1),)


def packed(*parcels: dict[str, Any]) -> object:
    goods = [{"sku": "A", "customs": {"net_g": 100}}, {"sku": "B", "customs": {"net_g": 30}}]
    one = case(lines=LINES, products=goods, parcels=list(parcels))
    return [fact(one, each, "net_in_g") for each in one.parcels]


def test_a_sole_parcel_that_does_not_say_holds_all_of_the_order() -> None:
    assert packed({}) == [230]
    assert packed({}, {"contents": [{"line": "x", "quantity": 1}]}) == [None, 30]
    assert [(one.sku, one.pieces) for one in whole(case(lines=LINES))] == [("A", 2), ("B", 1)]
