"""Carriers' invoices as they come: odd tables, hostile cells, sums that are not right."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from packstation.carriers.invoice_maps import built_in, load_map, plain_for
from packstation.carriers.invoices import Read, read
from packstation.domain.errors import InputInvalid
from tests.domain.costs.invoices import rule

Rows = list[list[object]]
HEAD: list[object] = ["Waybill", "Date", "Weight", "Zone", "Freight", "Fuel", "Total"]
MAP: dict[str, Any] = {
    "columns": {
        "waybill": ["运单号", "Waybill"],
        "date": ["Date"],
        "weight": ["Weight"],
        "zone": ["Zone"],
        "total": ["Total"],
    },
    "amounts": {"freight": ["Freight"], "fuel": ["Fuel"]},
    "sums": ["Sum", "合计"],
}


def book(*sheets: Rows) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for number, rows in enumerate(sheets, 1):
        sheet = made.create_sheet(f"S{number}")
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def table(*rows: Sequence[object]) -> bytes:
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode()


def taken(data: bytes, **changes: object) -> Read:
    return read(data, rule(**(MAP | changes)), invoice="INV-7")


def named(found: Read) -> list[tuple[int, str, str, str]]:
    return [(one.flaw.row, one.flaw.column, one.flaw.letter, one.waybill) for one in found.rejected]


@pytest.mark.parametrize("make", [table, lambda *rows: book(list(rows))])
def test_a_table_below_a_letterhead_with_its_sum(make: Any) -> None:  # noqa: ANN401 - either
    found = taken(
        make(
            ["Yanwen Logistics", "", "", "", "", "", ""],
            ["Account 4711", "", "", "", "", "", "x"],
            [" wayBILL ", "Date", "Weight", "Zone", "Freight", "Fuel", "Total"],
            ["YT1234567890", "2026-11-20", "0.512", "RU", "60.00", "6.00", "66.00"],
            ["YT1234567891", "2026-11-20", "1.5", "KZ", "1,158.00", "", "1,158.00"],
            ["Sum", "", "", "", "", "", "1,224.00"],
            ["* amounts without VAT", "", "", "", "", "", ""],
        )
    )
    assert found.rejected == ()
    first, second = found.charges
    assert (first.waybill, first.invoice, first.currency, first.row) == (
        "YT1234567890",
        "INV-7",
        "CNY",
        4,
    )
    assert (first.weight_g, first.zone, first.date) == (Decimal(512), "RU", "2026-11-20")
    assert first.lines == {"freight": Decimal("60.00"), "fuel": Decimal("6.00")}
    assert (second.total, second.lines) == (Decimal(1158), {"freight": Decimal(1158)})


def test_hostile_cells_are_named_and_take_their_parcel_out_alone() -> None:
    good: list[object] = ["YT1234567890", "2026-11-20", "0.512", "RU", "60", "6", "66"]
    rows: Rows = [
        HEAD,
        good,
        ["YT1234567891", "2026-11-20", "0.5", "RU", "=SUM(A1:A9)", "6", "66"],
        ["YT1234567892", "2026-11-20", "0.5", "RU", "60", "<b>6</b>", "66"],
        ["YT1234567893", "20 Nov", "-0.5", "RU", "60", "6", "66"],
        ["1.23457E+15", "2026-11-20", "0.5", "RU", "60", "6", "66"],
        ["<script>alert(1)</script>", "", "", "", "60", "6", "66"],
        ["YT1234567894", "2026-11-20", "0.5", "<img src=x>", "60", "6", "67"],
        ["", "2026-11-20", "0.5", "RU", "60", "6", "66"],
        ["YT1234567895", "2026-11-20", "0.5", "RU", "60", "6", "66.50"],
        ["YT1234567896", "2026-11-20", "0.5", "RU", "", "", ""],
        ["YT1234567897", "2026-11-20", "0.5", "RU", "60", "6", "66"],
        ["Sum", "", "", "", "", "", "1.00"],
    ]
    for data in (book(rows), table(*rows)):
        found = taken(data)
        assert [one.waybill for one in found.charges] == ["YT1234567890", "YT1234567897"]
        assert named(found) == [
            (3, "Freight", "E", "YT1234567891"),
            (4, "Fuel", "F", "YT1234567892"),
            (5, "Date", "B", "YT1234567893"),
            (5, "Weight", "C", "YT1234567893"),
            (6, "Waybill", "A", ""),
            (7, "Waybill", "A", ""),
            (8, "Zone", "D", "YT1234567894"),
            (9, "Waybill", "A", ""),
            (10, "Total", "G", "YT1234567895"),
            (11, "Total", "G", "YT1234567896"),
        ]
        messages = [str(one.to_json()["message"]) for one in found.rejected]
        assert "=SUM(A1:A9)" in messages[0]
        assert "row 3, column Freight (E)" in messages[0]
        assert "66, what its charges come to" in messages[-2]


def test_a_sum_that_is_not_that_of_its_rows_says_that_something_is_missing() -> None:
    rows: Rows = [HEAD, ["YT1234567890", "", "", "", "60", "6", "66"]]
    wrong = taken(book([*rows, ["合计：", "", "", "", "", "", "132"]]))
    assert named(wrong) == [(3, "Total", "G", "")]
    assert "66, what its 1 rows come to" in wrong.rejected[0].flaw.allowed
    assert len(wrong.charges) == 1
    odd = taken(book([*rows, ["合计", "", "", "", "", "", "a lot"]]))
    assert named(odd) == [(3, "Total", "G", "")]
    for fine in ("=SUM(G2:G2)", "", "66"):
        assert taken(book([*rows, ["合计", "", "", "", "", "", fine]])).rejected == ()


def test_every_sheet_with_the_columns_is_read_and_named() -> None:
    rows: Rows = [HEAD, ["YT1234567890", "", "", "", "60", "6", "66"]]
    bad: Rows = [HEAD, ["YT1234567891", "", "", "", "60", "6", "sixty"]]
    found = taken(book([["Summary"], ["nothing here"]], rows, bad))
    assert [(one.sheet, one.row) for one in found.charges] == [("S2", 2)]
    assert str(found.rejected[0].to_json()["message"]).startswith("S3: row 2, column Total (G)")


CHARGES: dict[str, Any] = {
    "layout": "charge",
    "columns": {
        "waybill": ["AWB"],
        "code": ["Charge"],
        "amount": ["Amount"],
        "weight": ["Kg"],
        "currency": ["Cur"],
        "invoice": ["Invoice"],
    },
    "amounts": {},
    "codes": {"WEIGHT CHARGE": "freight", "FUEL SURCHARGE": "fuel"},
    "sums": ["Total"],
}
CHARGE_HEAD: list[object] = ["AWB", "Invoice", "Charge", "Amount", "Cur", "Kg"]


def str_of(lines: Mapping[str, Decimal]) -> dict[str, str]:
    return {code: f"{amount}" for code, amount in lines.items()}


def test_rows_of_one_parcel_make_its_bill() -> None:
    found = taken(
        book(
            [
                CHARGE_HEAD,
                ["1234567890", "I-1", "WEIGHT CHARGE", "60", "EUR", "0.6"],
                ["1234567891", "I-1", "WEIGHT CHARGE", "50", "EUR", "0.4"],
                ["1234567890", "I-1", "FUEL SURCHARGE", "6", "EUR", ""],
                ["1234567890", "I-1", "FUEL SURCHARGE", "1", "EUR", ""],
                ["1234567890", "I-2", "Address Correction", "11", "EUR", ""],
                ["Total", "", "", "128", "", ""],
            ]
        ),
        **CHARGES,
    )
    assert found.rejected[:1] == ()
    told = [(one.waybill, one.invoice, f"{one.total}", str_of(one.lines)) for one in found.charges]
    assert told == [
        ("1234567890", "I-1", "67", {"freight": "60", "fuel": "7"}),
        ("1234567891", "I-1", "50", {"freight": "50"}),
        ("1234567890", "I-2", "11", {"Address Correction": "11"}),
    ]
    assert found.charges[0].weight_g == 600


def test_a_bill_without_one_of_its_rows_is_no_bill() -> None:
    found = taken(
        book(
            [
                CHARGE_HEAD,
                ["1234567890", "I-1", "WEIGHT CHARGE", "60", "EUR", "0.6"],
                ["1234567890", "I-1", "=EVIL()", "6", "EUR", ""],
                ["1234567891", "I-1", "WEIGHT CHARGE", "60", "EUR", "0.6"],
                ["1234567891", "I-1", "FUEL SURCHARGE", "6", "USD", ""],
                ["1234567892", "I-1", "", "6", "USD", ""],
                ["1234567893", "I-1", "FUEL SURCHARGE", "", "YUAN", ""],
                ["1234567894", "I-1", "FUEL SURCHARGE", "9", "USD", ""],
            ]
        ),
        **CHARGES,
    )
    assert [one.waybill for one in found.charges] == ["1234567894"]
    assert named(found) == [
        (3, "Charge", "C", "1234567890"),
        (6, "Charge", "C", "1234567892"),
        (7, "Cur", "E", "1234567893"),
        (7, "Amount", "D", "1234567893"),
        (5, "Cur", "E", "1234567891"),
    ]


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (b"", "header"),
        (b"a,b\r\n1,2\r\n", "header"),
        (table(["Waybill", "Date"], ["YT1234567890", ""]), "header"),
        (b"PK\x03\x04 no workbook", "file"),
        (b'Waybill,Total\r\n"torn,1\r\n', "line 3"),
    ],
)
def test_what_is_no_such_table_is_refused_whole(data: bytes, path: str) -> None:
    with pytest.raises(InputInvalid) as caught:
        taken(data)
    assert caught.value.fields["path"] == path


def test_charges_need_both_their_columns() -> None:
    with pytest.raises(InputInvalid) as caught:
        taken(book([["AWB", "Charge"], ["1234567890", "x"]]), **CHARGES)
    assert "Amount" in str(caught.value.fields["allowed"])


def test_whose_invoice_and_in_what_currency_must_be_said() -> None:
    data = table(["Waybill", "Total", "Cur"], ["YT1234567890", "5", ""])
    for said, path in (
        ({"currency": "CNY"}, "invoice"),
        ({"invoice": "I"}, "currency"),
    ):
        with pytest.raises(InputInvalid) as caught:
            read(data, rule(currency=""), **said)
        assert caught.value.fields["path"] == path
    columns = {"waybill": ["Waybill"], "total": ["Total"], "currency": ["Cur"]}
    found = read(data, rule(currency="", columns=columns), invoice="I")
    assert named(found)[0] == (2, "Cur", "C", "YT1234567890")
    columns = {"waybill": ["Waybill"], "total": ["Total"], "invoice": ["Cur"]}
    found = read(data, rule(columns=columns))
    assert named(found) == [(2, "Cur", "C", "YT1234567890")]


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packstation.carriers.invoices.MOST_ROWS", 1)
    with pytest.raises(InputInvalid, match="at most 1 rows"):
        taken(table(HEAD, ["YT1234567890", "", "", "", "60", "6", "66"]))


def test_maps_that_come_with_the_program() -> None:
    maps = built_in()
    assert set(maps) == {"cdek", "chinapost", "dhl-express", "plain", "yunexpress"}
    assert all(one.source for one in maps.values())
    assert plain_for("sf").carrier == "sf"
    data = table(
        ["Номер накладной", "Дата", "Расчетный вес", "Стоимость доставки", "НДС", "Итого"],
        ["1234567890", "20.11.2026", "0,512", "1 000,50", "200,10", "1 200,60"],
        ["Итого", "", "", "", "", "1 200,60"],
    )
    found = read(data, maps["cdek"], invoice="7")
    assert found.rejected == ()
    assert (found.charges[0].total, found.charges[0].date) == (Decimal("1200.60"), "2026-11-20")
    chinese = table(
        ["邮件号", "产品名称", "寄达国", "计费重量(克)", "总费用"],
        ["LP123456785CN", "e邮宝", "俄罗斯", "512", "¥60.00"],
    )
    for encoded in (chinese, chinese.decode().encode("gb18030")):
        (charge,) = read(encoded, maps["chinapost"], invoice="7").charges
        assert (charge.service, charge.country) == ("e-packet", "RU")
        assert charge.weight_g == Decimal(512)


def test_a_map_of_another_shape_is_refused(tmp_path: Any) -> None:  # noqa: ANN401 - a path
    with pytest.raises(InputInvalid):
        load_map(b"[]")
    (tmp_path / "odd.json").write_text("{}")
    with pytest.raises(InputInvalid, match=r"odd\.json"):
        built_in(tmp_path)


@settings(max_examples=25)
@given(st.lists(st.lists(st.text(max_size=12), min_size=7, max_size=7), max_size=6))
def test_any_rows_are_read_or_named(rows: list[list[str]]) -> None:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(HEAD)
    clean = [["".join(c for c in cell if c.isprintable()) for cell in row] for row in rows]
    for row in clean:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    found = taken(out.getvalue())
    numbers = [row[0].strip() for row in clean if sum(bool(one.strip()) for one in row) > 1]
    parcels = sum(bool(one) and not one.casefold().startswith(("sum", "合计")) for one in numbers)
    assert len(found.charges) + len({one.flaw.row for one in found.rejected}) >= parcels


@given(
    st.lists(
        st.tuples(st.decimals("0", "99999", places=2), st.decimals("0", "999", places=2)),
        max_size=8,
    )
)
def test_money_comes_through_to_the_cent(amounts: list[tuple[Decimal, Decimal]]) -> None:
    rows = [
        [f"YT{at:010}", "", "", "", f"{one:,.2f}", f"{two}", f"{one + two}"]
        for at, (one, two) in enumerate(amounts)
    ]
    total = sum((one + two for one, two in amounts), Decimal(0))
    found = taken(table(HEAD, *rows, ["合计", "", "", "", "", "", f"{total:,.2f}"]))
    assert found.rejected == ()
    assert sum((one.total for one in found.charges), Decimal(0)) == total
