from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain import sheets
from packstation.domain.errors import InputInvalid
from packstation.domain.quantities import Money

ORDERS = (
    "order_id,channel,status,handover_at,cost_next,currency,name,address1,city,country,"
    "sku,quantity,unit_price,totes,gift\n"
    'S-1,shopify,ready,2026-11-21T10:00:00Z,6.00,CNY,"Zoë ""Z"" Müller",Hauptstr. 5,Köln,DE,'
    "MG-1,2,18.50,T-101;T-102,true\n"
    "S-1,,,,,EUR,,,,,SK-1,1,9.00,,\n"
    "S-2,,,,,,李雷,中山路 1,广州,CN,MG-1,0,,,\n\n"
    "S-3,,,,,,,,,,MG-1,1,,,\n"
)


def test_orders() -> None:
    found = sheets.decode_orders(ORDERS.encode())
    first, third = found.records
    assert (first.order_id, first.ship_to.name) == ("S-1", 'Zoë "Z" Müller')
    assert [(line.line, line.sku, line.quantity) for line in first.lines] == [
        (1, "MG-1", 2),
        (2, "SK-1", 1),
    ]
    assert first.lines[0].unit_price == Money(Decimal("18.50"), "CNY")
    assert first.deadlines[0].cost_next == Money(Decimal("6.00"), "CNY")
    assert (first.totes, first.gift, first.ship_to.lines) == (
        ("T-101", "T-102"),
        True,
        ("Hauptstr. 5",),
    )
    assert third.order_id == "S-3"
    assert [(bad.record, bad.path) for bad in found.bad] == [(1, "lines[0].quantity")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_separators_and_encodings(delimiter: str, encoding: str) -> None:
    text = delimiter.join(["sku", "name_zh", "weight_g"]) + "\r\n"
    text += delimiter.join(["MG-1", "搪瓷杯", "180"]) + "\r\n"
    product = sheets.decode_catalog(text.encode(encoding)).records[0]
    assert (product.names, product.weight_g) == ({"zh": "搪瓷杯"}, 180)


def test_catalog() -> None:
    text = (
        "sku,codes,serial,expiry,battery,classes,hs,net_g,unit_value,currency\n"
        "A,6901234567892;16901234567899x24,true,false,built_in,liquid;magnet,611595,80,9.90,CNY\n"
        "B,xx,,,,,,,,\n"
    )
    first, second = sheets.decode_catalog(text.encode()).records
    assert [(code.text, code.units) for code in first.codes] == [
        ("6901234567892", 1),
        ("16901234567899", 24),
    ]
    assert first.tracking.serial
    assert (first.goods.battery, first.goods.classes) == ("built_in", ("liquid", "magnet"))
    assert first.customs.unit_value == Money(Decimal("9.90"), "CNY")
    assert second.codes[0].text == "xx"


def test_cartons() -> None:
    text = (
        "code,inner_length_mm,inner_width_mm,inner_height_mm,outer_length_mm,outer_width_mm,"
        "outer_height_mm,tare_g,cost,currency,recycled\n"
        "C3,300,200,120,306,206,126,95,1.10,CNY,true\nC4,10,10,x,,,,,,,\n"
    )
    found = sheets.decode_cartons(text.encode())
    carton = found.records[0]
    assert (carton.inner_mm, carton.outer_mm) == ((300, 200, 120), (306, 206, 126))
    assert (carton.tare_g, carton.recycled) == (95, True)
    assert found.bad[0].path == "inner_mm[2]"


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (b"", "header"),
        (b"sku,name\n", "header"),
        (b"\xff\xff\xff", "file"),
        (b'order_id,sku,quantity\n"a,b\n', "line 3"),
    ],
)
def test_tables_that_cannot_be_read(data: bytes, path: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        sheets.decode_orders(data)
    assert refused.value.fields["path"] == path


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+7 900", "'+7 900"),
        ("-1.20", "-1.20"),
        ("-cmd", "'-cmd"),
        ("@x", "'@x"),
        (None, ""),
        (12, "12"),
    ],
)
def test_no_cell_is_a_formula(value: object, cell: str) -> None:
    assert sheets.safe_cell(value) == cell


CELLS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_what_is_written_reads_back(pairs: list[tuple[str, str]]) -> None:
    safe = [(a, b) for a, b in pairs if not a.startswith("'") and not b.startswith("'")]
    text = sheets.write_rows(("a", "b"), [{"a": a, "b": b} for a, b in safe])
    assert text.startswith("a,b\r\n")
    assert [(row["a"], row["b"]) for row in sheets.read_rows(text.encode(), ("a", "b"))] == safe


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(InputInvalid):
        assert sheets.decode_cartons(data).good == ()
