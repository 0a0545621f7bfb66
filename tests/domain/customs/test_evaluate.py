from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.checking import check

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def findings(raw: dict[str, Any], repository: Path) -> list[tuple[str, str]]:
    pack = read_folder(repository / "resources" / "customs")
    return [(one.rule, one.field) for one in check(raw, pack, Tables(), NOW).findings]


def order(amount: object) -> dict[str, Any]:
    value = {"amount": amount, "currency": "CNY"}
    return {
        "order_id": "A-1",
        "ship_from": {"country": "CN"},
        "ship_to": {"country": "DE"},
        "lines": [{"line": 1, "sku": "MG-1", "quantity": 1}],
        "products": [{"sku": "MG-1", "customs": {"unit_value": value}}],
    }


def test_a_value_of_nothing_is_found_by_the_name_of_its_field(repository: Path) -> None:
    wanted = ("R20", "products[MG-1].customs.unit_value")
    assert wanted in findings(order("0.00"), repository)
    assert wanted in findings(order("no number"), repository)
    assert wanted in findings(order(None), repository)
    assert wanted not in findings(order("0.01"), repository)
