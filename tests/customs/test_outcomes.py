"""What tables make of orders: papers, regimes and fees come out as their examples say."""

from __future__ import annotations

import pytest

from packstation.assets import resource
from packstation.customs.examples import order_of
from packstation.customs.outcomes import TABLES, Outcome, came_out, read_outcomes
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.registry import case_of

FOLDER = resource("customs", "examples")
OUTCOMES = read_outcomes(FOLDER)
PACK = read_folder(resource("customs"))
REFERENCE = Tables()
LOOKED_AT = {
    "forms": "papers",
    "regimes": "regime",
    "fees": "fees",
    "sender_references": "reference",
}


@pytest.mark.parametrize(
    "one",
    [pytest.param(one, id=f"{each.table}-{one.name}") for each in OUTCOMES for one in each.orders],
)
def test_it_comes_out_as_told(one: Outcome) -> None:
    assert came_out(one, case_of(order_of(FOLDER, one), PACK, REFERENCE, one.at)) == one


def test_each_table_has_its_own_once() -> None:
    assert {one.table for one in OUTCOMES} == {*TABLES}
    for each in OUTCOMES:
        names = [one.name for one in each.orders]
        assert sorted(names) == sorted({*names})
        assert all(getattr(one, LOOKED_AT[each.table]) is not None for one in each.orders)
