from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain import records
from packstation.domain.catalog import Product
from packstation.domain.errors import InputInvalid
from packstation.domain.orders import Order
from packstation.domain.parcels import Carton

Raw = dict[str, Any]


def order(**changes: object) -> Raw:
    base = {
        "schema": "packstation.order/1",
        "order_id": "S-1",
        "ship_to": {"country": "RU", "lines": ["ул. Ленина, 1"]},
        "lines": [{"line": 1, "sku": "A", "quantity": 2}],
    }
    return base | changes


def dumped(value: object) -> bytes:
    return json.dumps(value).encode()


def only_problem(raw: object) -> records.Problem:
    found = records.decode_orders(dumped([raw]))
    assert not found.good
    return found.bad[0]


@pytest.mark.parametrize(
    "shape",
    [
        lambda one: one,
        lambda one: [one],
        lambda one: {"orders": [one]},
        lambda one: {"postings": [one]},
        lambda one: {"result": one},
        lambda one: {"result": [one]},
        lambda one: {"result": {"postings": [one], "has_next": False}},
    ],
)
def test_a_file_holds_one_a_list_or_an_answer(shape: Callable[[Raw], object]) -> None:
    found = records.decode_orders(dumped(shape(order())))
    assert [made.order_id for made in found.records] == ["S-1"]
    assert found.bad == ()


def test_one_bad_record_loses_no_other() -> None:
    bad = order(lines=[{"line": 1, "sku": "A", "quantity": 0}])
    found = records.decode_orders(dumped([order(), 7, bad, order(order_id="S-2")]))
    assert [(at, made.order_id) for at, made in found.good] == [(0, "S-1"), (3, "S-2")]
    assert [(wrong.record, wrong.path) for wrong in found.bad] == [
        (1, ""),
        (2, "lines[0].quantity"),
    ]
    assert found.bad[1].to_json() == {
        "record": 2,
        "path": "lines[0].quantity",
        "value": "0",
        "allowed": "int >= 1",
        "message": "lines[0].quantity: 0 is not allowed; allowed: int >= 1",
    }
    assert found.bad[0].message.startswith("record: 7")


@pytest.mark.parametrize(
    ("changes", "path", "value", "allowed"),
    [
        ({"status": "paid"}, "status", '"paid"', "cancelled, on_hold, ready, shipped, unpaid"),
        ({"schema": "packstation.order/9"}, "schema", '"packstation.order/9"', "packstation"),
        ({"order_id": None}, "order_id", "null", "required"),
        ({"order_id": "a\nb"}, "order_id", '"a\\nb"', "str matching regex"),
        ({"order_id": "a\n"}, "order_id", '"a\\n"', "str matching regex"),
        ({"ship_to": {"country": "Russia"}}, "ship_to.country", '"Russia"', "str matching"),
        ({"freight": {"amount": "1", "currency": "RMB"}}, "freight.currency", '"RMB"', "ISO 4217"),
        ({"freight": {"amount": "1e99", "currency": "CNY"}}, "freight.amount", '"1e99"', "18"),
        ({"freight": {"amount": "x", "currency": "CNY"}}, "freight.amount", '"x"', "decimal"),
        ({"placed_at": "2026-11-20T06:02:11"}, "placed_at", '"2026', "timezone"),
        ({"lines": []}, "lines", "[]", "length >= 1"),
        ({"lines": [{"line": 1, "quantity": 1}]}, "lines[0].sku", "null", "required"),
        (
            {"lines": [{"line": 1, "sku": "A", "quantity": 1.5}]},
            "lines[0].quantity",
            '"1.5"',
            "int",
        ),
        (
            {"products": [{"sku": "A", "goods": {"battery": "big"}}]},
            "products[0].goods.battery",
            '"big"',
            "alone, built_in, none, packed_with",
        ),
        ({"products": [{"sku": "A", "names": {"en": 3}}]}, "products[0].names.*", "{", "str"),
        ({"note": "x" * 600}, "note", '"xxx', "length <= 500"),
    ],
)
def test_a_problem_names_path_value_and_what_is_allowed(
    changes: Raw, path: str, value: str, allowed: str
) -> None:
    wrong = only_problem(order(**changes))
    assert wrong.path == path
    assert wrong.value.startswith(value)
    assert allowed in wrong.allowed
    assert len(wrong.value) <= 80


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"placed_at": "\ud800"}, "placed_at"),
        ({"deadlines": [{"kind": "handover", "at": "\udfff"}]}, "deadlines[0].at"),
        ({"rates": [{"from": "EUR", "to": "CNY", "rate": "\ud800", "on": "x"}]}, "rates[0].rate"),
        ({"note": "a \ud842"}, "note"),
        ({"buyer": {"id": "\udfff"}}, "buyer.id"),
        ({"order_id": "W-\ud800"}, "order_id"),
        ({"\ud800": 1}, ""),
        ({"freight": {"\ud800": 1}}, ""),
        ({"tags": ["a", "b"], "placed_at": "\ud800"}, "placed_at"),
    ],
)
def test_half_a_character_is_a_problem_of_its_record(changes: Raw, path: str) -> None:
    found = records.decode_orders(dumped([order(), {**order(), **changes}]))
    assert len(found.good) == 1
    assert [one.path for one in found.bad] == [path]
    assert found.bad[0].value.isascii()


def test_of_a_name_that_is_half_a_character_nothing_more_is_told() -> None:
    found = list(records.halves({"a": ["x", "b\udc00"], "\ud800": {"c": "\udfff"}, "d": "\udfff"}))
    assert found == [("a[1]", "b\udc00"), ("", "\ud800")]


def test_line_numbers_are_unique() -> None:
    line = {"line": 1, "sku": "A", "quantity": 1}
    assert only_problem(order(lines=[line, line])).path == "lines[1].line"


def test_null_and_empty_mean_not_known() -> None:
    raw = order(channel=None, note="", payment={"total": "", "status": None}, service=None)
    raw["requirements"] = [{"sku": "A", "kind": "gtd", "value": None}]
    raw["ship_to"]["lines"] = ["a", ""]
    found = records.decode_orders(dumped(raw)).records[0]
    assert (found.channel, found.note, found.service) == ("", "", None)
    assert found.requirements == ({"sku": "A", "kind": "gtd", "value": None},)
    assert found.ship_to.lines == ("a", "")


def test_amounts_written_as_numbers_stay_exact() -> None:
    raw = json.dumps(order(freight={"amount": 0, "currency": "CNY"}))
    found = records.decode_orders(raw.replace('"amount": 0', '"amount": 0.10').encode()).records[0]
    assert found.freight is not None
    assert found.freight.amount == Decimal("0.10")


@pytest.mark.parametrize(
    ("data", "allowed"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"[NaN]", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"7", "an object or a list"),
        (b'"orders"', "an object or a list"),
        (b'{"result":{"result":{"result":{"result":[]}}}}', "an object or a list"),
    ],
)
def test_files_that_cannot_be_read(data: bytes, allowed: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        records.decode_orders(data)
    assert refused.value.fields["path"] == "file"
    assert refused.value.fields["allowed"] == allowed


def test_a_byte_order_mark_is_no_matter() -> None:
    assert records.decode_orders(b"\xef\xbb\xbf" + dumped(order())).records


def test_catalog() -> None:
    raw = {
        "schema": "packstation.catalog/1",
        "products": [
            {"sku": "A", "names": {"en": "Mug", "zh": "杯"}, "codes": [{"text": "6901234567892"}]},
            {"sku": "B", "weight_g": -1},
        ],
    }
    found = records.decode_catalog(dumped(raw))
    assert found.records[0].name("zh_Hans") == "杯"
    assert [wrong.path for wrong in found.bad] == ["weight_g"]
    assert records.decode_catalog(dumped(raw["products"])).good == found.good


def test_cartons() -> None:
    raw = {"cartons": [{"code": "C3", "inner_mm": [300, 200, 120]}, {"code": "C4"}]}
    found = records.decode_cartons(dumped(raw))
    assert found.records == (Carton(code="C3", inner_mm=(300, 200, 120)),)
    assert found.bad[0].path == "inner_mm"


@pytest.mark.parametrize("read", [records.decode_catalog, records.decode_cartons])
def test_a_file_of_another_schema(read: Callable[[bytes], object]) -> None:
    with pytest.raises(InputInvalid) as refused:
        read(dumped({"schema": "packstation.order/1"}))
    assert refused.value.fields["path"] == "schema"


def test_one_document() -> None:
    made = records.decode_one(order(), Order)
    assert made.order_id == "S-1"
    with pytest.raises(InputInvalid) as refused:
        records.decode_one({"sku": ""}, Product)
    assert refused.value.fields["path"] == "sku"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = st.sampled_from([*Order.__struct_fields__, "posting_number", "line_items", "products"])


@given(st.dictionaries(FIELDS, JSON, max_size=6))
def test_any_record_is_taken_or_refused_by_name(changes: Raw) -> None:
    found = records.decode_orders(dumped([order() | changes, order(order_id="kept")]))
    assert len(found.good) + len(found.bad) == 2
    assert found.records[-1].order_id == "kept"
    assert all(wrong.allowed and wrong.message for wrong in found.bad)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(InputInvalid):
        assert not records.decode_orders(data).good


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"stock": -1}, "stock"),
        ({"outer_mm": [1, 1, 1]}, "outer_mm"),
        ({"max_g": 40, "tare_g": 40}, "max_g"),
        ({"cost": {"amount": "-1", "currency": "CNY"}}, "cost.amount"),
        ({}, "code"),
    ],
)
def test_a_carton_that_contradicts_itself_is_refused_alone(changes: Raw, path: str) -> None:
    first = {"code": "C1", "inner_mm": [100, 100, 100]}
    wrong = {**first, "code": "C2" if changes else "C1", **changes}
    found = records.decode_cartons(json.dumps({"cartons": [first, wrong]}).encode())
    assert [carton.code for carton in found.records] == ["C1"]
    (problem,) = found.bad
    assert (problem.record, problem.path) == (1, path)


@pytest.mark.parametrize("path", ["names.en", "packing.instruction.ru"])
def test_texts_that_no_screen_could_draw_are_refused(path: str) -> None:
    long: Raw = {"names": {"en": "x" * 501}}
    if path != "names.en":
        long = {"packing": {"instruction": {"ru": "x" * 301}}}
    found = records.decode_catalog(json.dumps({"products": [{"sku": "A", **long}]}).encode())
    assert found.records == ()
    assert (found.bad[0].path, found.bad[0].allowed[:7]) == (path, "at most")
