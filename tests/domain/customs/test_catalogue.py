from __future__ import annotations

import json

from packstation.assets import resource
from packstation.domain.customs.catalogue import of_product
from tests.domain.customs import rig


def found(product: dict[str, object], there: str = "DE") -> list[tuple[str, str, str]]:
    findings = of_product(product, rig.pack(), rig.tables(), rig.NOW, here="CN", there=there)
    return [(one.rule, one.severity, one.field.rpartition(".")[2]) for one in findings]


def test_a_product_is_judged_before_anybody_orders_it() -> None:
    base = json.loads((resource("customs", "examples") / "base.json").read_text("utf-8"))
    product = base["products"][0]
    assert found(product) == []
    vague = product | {"customs": product["customs"] | {"description": "clothes", "origin": "EU"}}
    assert found(vague) == [("R14", "BLOCK", "description"), ("R19", "BLOCK", "origin")]
    short = product | {"customs": product["customs"] | {"hs": "610910"}}
    assert found(short) == []
    assert ("R17", "BLOCK", "hs") in found(short, "US")


def test_a_product_of_nothing_is_judged_too() -> None:
    assert {rule for rule, _, _ in found({})} >= {"R14", "R16", "R19"}
