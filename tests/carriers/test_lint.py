from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.assets import resource
from packstation.carriers.lint import lint, to_json

Raw = dict[str, Any]
TODAY = date(2026, 11, 21)


def flat(over: object, up: object, amount: object = 1, **more: object) -> Raw:
    price = {"kind": "flat", "amount": amount}
    return {"zone": "RU", "over_g": over, "up_to_g": up, "price": price, **more}


def tariff(**changes: object) -> bytes:
    base = {
        "schema": "packstation.tariff/1",
        "carrier": "chinapost",
        "service": "test",
        "currency": "CNY",
        "valid_from": "2025-01-01",
        "valid_to": None,
        "limits": {"weight_max_g": 2000},
        "zones": [{"code": "RU", "match": [{"countries": ["RU"]}]}],
        "bands": [flat(0, 2000)],
    }
    return json.dumps(base | changes).encode()


def found(data: bytes) -> list[tuple[str, str]]:
    return [(one.kind, one.where) for one in lint([("a.json", data)], TODAY)]


def pounds(*rows: tuple[object, ...]) -> Raw:
    return {"bands": [measured("lb", *row) for row in rows]}


def pieces(*rows: tuple[object, ...]) -> Raw:
    return {
        "billable": {"unit_cm3": 27000},
        "bands": [measured("units", *row) for row in rows],
    }


def measured(unit: str, over: object, up: object, amount: object = 1) -> Raw:
    price = {"kind": "flat", "amount": amount}
    return {"zone": "RU", f"over_{unit}": over, f"up_to_{unit}": up, "price": price}


STEP = {
    "kind": "step",
    "first_g": 500,
    "first": 1,
    "tiers": [{"step_g": 1, "fee": 1, "up_to_g": 900}],
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"bands": [flat(0, 100), flat(101, 2000)]}, [("gap", "bands[1]")]),
        ({"bands": [flat(101, 2000), flat(0, 100)]}, [("gap", "bands[0]")]),
        ({"bands": [flat(1, 2000)]}, [("gap", "bands[0]")]),
        ({"bands": [flat(1, 2000)], "limits": {"weight_min_g": 1}}, []),
        ({"bands": [flat(0, 1999)]}, [("gap", "bands[0]")]),
        ({"bands": [flat(0, None)]}, []),
        ({"bands": [flat(0, None)], "limits": {}}, []),
        ({"bands": [{**flat(0, None), "price": STEP}]}, [("gap", "bands[0].price")]),
        ({"bands": [{**flat(0, 1000), "price": STEP}, flat(1000, 2000, 9)]}, [("gap", "bands[1]")]),
        ({"bands": [flat(0, 100), flat(99, 2000)]}, [("overlap", "bands[1]")]),
        ({"bands": [flat(0, None), flat(99, 2000)]}, [("overlap", "bands[1]")]),
        ({"bands": [flat(0, 2000), flat(0, 2000)]}, [("duplicate", "bands[1]")]),
        ({"bands": [flat(0, 1000, 2), flat(1000, 2000, 1)]}, [("non_monotone", "bands[1]")]),
        ({"bands": [flat(0, 1000, 2), flat(1000, 2000, 2)]}, []),
        ({"bands": [flat(0, 1000, 2), flat(1000, 2000, 1)], "combine": "graduated"}, []),
        (
            {"zones": [{"code": "RU"}, {"code": "DE", "match": [{"countries": ["DE"]}]}]},
            [("gap", "zones[1]")],
        ),
        ({"currency": "RMB"}, [("currency", "currency")]),
        ({"currency": None}, [("currency", "currency")]),
        (
            {"gates": {"declared_value": {"currency": "RMB"}}},
            [("currency", "gates.declared_value.currency")],
        ),
        (
            {"not_served": [{"countries": ["RU", "XX"]}]},
            [("country", "not_served[0].countries[1]")],
        ),
        ({"not_served": [{"countries": ["Russia"]}]}, [("country", "not_served[0].countries[0]")]),
        ({"valid_to": "2026-11-28"}, [("expiring", "valid_to")]),
        ({"valid_to": "2026-11-20"}, [("expiring", "valid_to")]),
        ({"valid_to": "2026-11-29"}, []),
        ({"billable": {"unit_m3": 27000}}, [("schema", "billable.unit_m3")]),
        ({"bands": "none"}, [("schema", "bands")]),
        ({"bands": [{"zone": "RU"}]}, [("schema", "bands[0].price")]),
        ({"zones": [{"code": "RU"}, {"code": "RU"}]}, [("duplicate", "zones[1].code")]),
        ({"zones": ["RU"]}, [("schema", "zones[0]")]),
        ({"limits": {"weight_max_lb": 1, "weight_max_g": 1}}, [("schema", "limits.weight_max_lb")]),
        (
            {
                "fees": [
                    {"code": "fuel", "kind": "percent", "amount": 1, "base": ["frieght"]},
                    {"code": "tax", "kind": "percent", "amount": 1, "base": ["fuel", "freight"]},
                ]
            },
            [("schema", "fees[0].base")],
        ),
        ({"limits": {}, **pounds((0, 1), (1, 5))}, []),
        ({"limits": {"weight_max_lb": 6}, **pounds((0, 1), (1, 5))}, [("gap", "bands[1]")]),
        ({"limits": {}, **pounds((0, 1), (2, 5))}, [("gap", "bands[1]")]),
        ({"limits": {}, **pounds((0, 2, 9), (2, 5))}, [("non_monotone", "bands[1]")]),
        ({"limits": {"weight_max_g": 90000}, **pieces((0, 1), (1, 5))}, []),
        ({"limits": {}, **pieces((0, 1), (2, 5))}, [("gap", "bands[1]")]),
        ({"limits": {}, **pieces((0, 2), (1, 5))}, [("overlap", "bands[1]")]),
    ],
)
def test_faults(changes: Raw, expected: list[tuple[str, str]]) -> None:
    assert found(tariff(**changes)) == expected


def test_the_same_key_twice() -> None:
    text = tariff().decode().replace('"carrier"', '"service": "x", "carrier"')
    text = text.replace('"zone": "RU"', '"zone": "RU", "zone": "RU"')
    assert found(text.encode()) == [("duplicate", "service"), ("duplicate", "bands[0].zone")]


def test_the_same_service_and_day_in_two_files() -> None:
    findings = lint([("a.json", tariff()), ("b.json", tariff())], TODAY)
    assert [(one.file, one.kind) for one in findings] == [("b.json", "duplicate")]
    other = tariff(valid_from="2025-02-01")
    assert lint([("a.json", tariff()), ("b.json", other)], TODAY) == ()


def test_files_that_are_no_json() -> None:
    answer = to_json(lint([("a.json", b"{")], TODAY))
    assert answer["ok"] is False
    assert (answer["findings"][0]["kind"], answer["findings"][0]["file"]) == ("schema", "a.json")


def test_our_own_tariffs_are_clean() -> None:
    folder = resource("tariffs")
    files = [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.json"))]
    assert files
    assert to_json(lint(files, TODAY)) == {"ok": True, "findings": []}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
KEYS = st.sampled_from(["currency", "zones", "bands", "limits", "not_served", "fees", "countries"])


@given(st.dictionaries(KEYS, JSON, max_size=3))
def test_any_file_is_judged(changes: Raw) -> None:
    for one in lint([("a.json", tariff(**changes))], TODAY):
        assert one.message
