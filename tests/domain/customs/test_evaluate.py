from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.case import at_path
from packstation.domain.customs.checking import check
from packstation.domain.customs.registry import case_of

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


def test_the_number_of_the_destination_is_declared_where_there_is_one(repository: Path) -> None:
    customs = {"hs": "732394", "hs_national": {"US": "7323940021", "EU": "73239400"}}
    raw = order("5.00")
    raw["products"][0]["customs"] |= customs
    for country, wanted in {"US": "7323940021", "DE": "73239400", "GB": "732394"}.items():
        raw["ship_to"]["country"] = country
        found = case_of(raw, read_folder(repository / "resources" / "customs"), Tables(), NOW)
        assert found.lines[0].raw["product"]["customs"]["hs"] == wanted


def test_codes_that_are_no_table_are_left_as_they_are(repository: Path) -> None:
    raw = order("5.00")
    raw["products"][0]["customs"] |= {"hs": "732394", "hs_national": "7323940021"}
    found = case_of(raw, read_folder(repository / "resources" / "customs"), Tables(), NOW)
    assert found.lines[0].raw["product"]["customs"]["hs"] == "732394"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("parcels[0].waybill", "LP1"),
        ("parcels[1].waybill", None),
        ("parcels[0][0]", None),
        ("name", "a"),
        ("blank", None),
        ("name.first", None),
        ("name[0]", None),
        ("parcels[0].sizes[1]", 20),
    ],
)
def test_a_path_leads_through_objects_and_lists(path: str, found: object) -> None:
    raw = {"parcels": [{"waybill": " LP1 ", "sizes": [10, 20]}], "name": "a", "blank": " "}

    assert at_path(raw, path) == found
    assert at_path(MappingProxyType(raw), path) == found


def test_a_rule_whose_tables_are_gone_stops_the_parcel(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> str:
        raise FileNotFoundError("hscodes.json")

    monkeypatch.setattr(Tables, "hs", gone)
    raw = order("5.00")
    raw["products"][0]["customs"]["hs"] = "732394"
    found = check(raw, read_folder(repository / "resources" / "customs"), Tables(), NOW)
    assert [one.severity for one in found.findings if one.rule == "R16"] == ["BLOCK"]
