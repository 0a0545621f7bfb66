from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from packstation.domain.customs.checking import digest


def test_the_order_of_keys_and_what_only_the_bench_knows_change_nothing() -> None:
    one = {"order_id": "A", "lines": [{"sku": "X", "quantity": 2}], "bench": {"stable": True}}
    other = {"lines": [{"quantity": 2, "sku": "X"}], "order_id": "A", "bench": {"stable": False}}
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    "changed",
    [
        {"lines": [{"sku": "X", "quantity": 3}]},
        {"lines": [{"sku": "X", "quantity": 2}, {"sku": "Y", "quantity": 1}]},
        {"lines": [{"sku": "X", "quantity": 2, "value": Decimal("1.00")}]},
        {"note": ""},
    ],
)
def test_whatever_a_paper_could_show_changes_it(changed: dict[str, Any]) -> None:
    raw = {"order_id": "A", "lines": [{"sku": "X", "quantity": 2}]}
    assert digest(raw) != digest(raw | changed)


@pytest.mark.parametrize(
    "odd", ["\ud800", {1: "x"}, {1: {2: [True, None, 3, Decimal(1)]}}, 10**400]
)
def test_what_no_order_should_hold_has_a_digest_too(odd: object) -> None:
    raw = {"order_id": "A", "note": odd}
    assert len(digest(raw)) == 64
    assert digest(raw) == digest(dict(raw)) != digest(raw | {"note": None})
