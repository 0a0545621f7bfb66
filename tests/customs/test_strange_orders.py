"""Whatever stands in an order becomes findings: no crash, nothing left unsaid, the same twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.customs.orders import read_order
from packstation.domain.customs.findings import LANGUAGES, Finding
from tests.cli.terminal import packstation
from tests.customs.strange import HOSTILE, VALUES, base, checked, places, with_value

BASE = base()
PLACES = tuple(places(BASE))
# A finding of this field: a rule could not cope, which is a fault of the rule.
UNJUDGED = "order"


def faults(raw: dict[str, Any]) -> list[Finding]:
    """Findings that no packer can do anything with."""
    return [
        one
        for one in checked(raw).findings
        if one.field == UNJUDGED or [*one.messages] != [*LANGUAGES] or "" in one.messages.values()
    ]


@settings(max_examples=40)
@given(st.sampled_from(PLACES), VALUES)
def test_any_value_at_any_place_is_judged(at: tuple[str | int, ...], value: object) -> None:
    raw = with_value(BASE, at, value)
    assert faults(raw) == []
    assert checked(raw) == checked(raw)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from([*BASE, "x"]), VALUES))
def test_any_document_is_judged(raw: dict[str, Any]) -> None:
    assert faults(raw) == []


@pytest.mark.parametrize("share", range(2))
def test_hostile_values_everywhere(share: int) -> None:
    for number, at in enumerate(PLACES):
        for value in HOSTILE[(number + share) % 6 :: 6]:
            assert faults(with_value(BASE, at, value)) == []


MISSHAPEN = [
    (("lines",), {"a": 1}, "R02", "lines"),
    (("lines",), [], "R02", "lines"),
    (("lines", 0, "quantity"), "two", "R22", "lines[0].quantity"),
    (("lines", 0, "quantity"), 0, "R22", "lines[0].quantity"),
    (("lines", 0, "sku"), "UNHEARD-OF", "R14", "lines[0].sku"),
    (("status",), "dreaming", "R01", "status"),
    (("category",), "treasure", "R12", "category"),
    (("order_id",), None, "R01", "order_id"),
    (("tags",), "a", "R01", "tags"),
    (("gift",), "yes", "R13", "gift"),
    (("deadlines", 0, "at"), "soon", "R45", "deadlines[0].at"),
    (("parcels", 0, "length_mm"), "long", "R04", "parcels[0].length_mm"),
    (("products", 0, "goods", "classes"), "liquid", "R39", "products[TS-BLK-M].goods.classes"),
    (("declared_total", "currency"), "XXX", "R22", "declared_total.currency"),
    (("declared_total", "amount"), "119.805", "R22", "declared_total.amount"),
    (("declared_total", "amount"), "1E+9999", "R22", "declared_total.amount"),
    (("declared_total", "amount"), True, "R22", "declared_total.amount"),
    (("rates", 0, "rate"), "NaN", "R22", "rates[0].rate"),
]


@pytest.mark.parametrize(("at", "value", "rule", "field"), MISSHAPEN)
def test_a_misshapen_field_is_named(
    at: tuple[str | int, ...], value: object, rule: str, field: str
) -> None:
    raw = with_value(BASE, at, value) if at[0] in BASE else {**BASE, str(at[0]): value}
    found = checked(raw).findings
    assert [one for one in found if one.field.startswith(field.rpartition(".")[0])], found
    assert any(one.rule == rule and one.field.startswith(field[:6]) for one in found), found


def test_two_hundred_lines() -> None:
    lines = [{**BASE["lines"][0], "line": at + 1, "quantity": 1} for at in range(200)]
    found = checked({**BASE, "lines": lines})
    assert not found.ok


def file(folder: Path, text: str) -> Path:
    path = folder / "order.json"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        '{"schema":"packstation.order/1","note":' + "[" * 50_000 + "]" * 50_000 + "}",
        '{"note":' + '{"a":' * 3_000 + '"]}\\""' + "}" * 3_000 + ',"tags":["x"]}',
        '{"declared_total":{"amount":' + "9" * 10_000 + ',"currency":"CNY"}}',
        '{"lines":[{"quantity":1E+999999999}],"order_id":"\\ud800"}',
        "{}",
    ],
)
def test_json_of_any_kind_is_findings(text: str, tmp_path: Path) -> None:
    done = packstation("papers", "check", file(tmp_path, text), "--json")
    assert done.status == 1
    assert done.document["findings"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{", '{"a":NaN}', '{"schema":"packstation.catalog/1"}', '{"schema":7}'],
)
def test_what_is_no_order_at_all_is_unreadable(text: str, tmp_path: Path) -> None:
    done = packstation("papers", "check", file(tmp_path, text), "--json")
    assert (done.status, done.out) == (2, "")


def test_what_is_cut_off_deep_inside_leaves_the_rest() -> None:
    deep = '{"note":' + "[" * 2_000 + '"\\"]"' + "]" * 2_000 + ',"order_id":"A-1"}'
    assert read_order(deep.encode())["order_id"] == "A-1"
    assert read_order(json.dumps(BASE).encode())["order_id"] == BASE["order_id"]
