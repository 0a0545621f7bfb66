"""Orders, catalog and cartons as CSV tables; columns are documented in docs/formats/csv.md.

A row is turned into the JSON record of its format and judged like one. On the way out a cell
that a spreadsheet would run as a formula gets an apostrophe in front, which is taken off again on
the way in (OWASP "CSV Injection").
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from packstation.domain.catalog import Product
from packstation.domain.errors import InputInvalid
from packstation.domain.orders import Order
from packstation.domain.parcels import Carton
from packstation.domain.records import Decoded, cartons_of, orders_of, products_of

Row = Mapping[str, str]
Raw = dict[str, Any]

# What a spreadsheet begins a formula with, in both widths, and the blanks that it skips before;
# also behind apostrophes, so that each that is put in front can be told from one that was there.
_RUNS: Final = re.compile(r"(?:\s*')*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")

# Columns that keep their name in the record.
_ORDER_PLAIN: Final = (
    "order_id channel site status placed_at category incoterm service allow_partial gift note"
).split()
_ADDRESS: Final = "name company city region postcode country phone email tax_id".split()
_PRODUCT_PLAIN: Final = "sku image weight_g length_mm width_mm height_mm".split()
_CARTON_PLAIN: Final = "code kind tare_g max_g stock recycled".split()

ORDER_COLUMNS: Final = (
    *_ORDER_PLAIN,
    *("handover_at", "cost_now", "cost_next", "currency"),
    *_ADDRESS,
    *("address1", "address2", "address3"),
    *("line", "sku", "quantity", "unit_price", "totes", "options"),
)
PRODUCT_COLUMNS: Final = (
    *_PRODUCT_PLAIN,
    *("name_en", "name_zh", "name_ru", "codes"),
    *("serial", "lot", "expiry", "min_days_left", "fragile", "this_side_up", "own_box"),
    *("no_stack", "padding_mm", "padding_percent", "shape"),
    *("battery", "battery_type", "battery_wh", "classes"),
    *("description", "hs", "origin", "material", "net_g", "unit_value", "currency"),
)
_PACKING: Final = (
    *("fragile", "this_side_up", "own_box", "no_stack", "padding_mm", "padding_percent", "shape"),
)
CARTON_COLUMNS: Final = (
    *_CARTON_PLAIN,
    *("inner_length_mm", "inner_width_mm", "inner_height_mm"),
    *("outer_length_mm", "outer_width_mm", "outer_height_mm"),
    *("cost", "currency"),
)


def read_rows(data: bytes, required: Iterable[str]) -> list[Row]:
    """The rows of a CSV file by column name; comma, semicolon or tab; UTF-8, else GB18030.

    Raises:
        InputInvalid: no text, a broken quote, or a column of ``required`` is missing.
    """
    table = [row for row in read_table(data) if any(cell.strip() for cell in row)]
    header = [cell.strip().lower() for cell in table[0]] if table else []
    missing = [column for column in required if column not in header]
    if missing:
        first = _text(data).replace("\r\n", "\n").partition("\n")[0]
        raise InputInvalid(path="header", value=first.strip()[:80], allowed=", ".join(missing))
    return [
        {name: read_cell(cell) for name, cell in zip(header, row, strict=False) if cell.strip()}
        for row in table[1:]
    ]


def read_table(data: bytes) -> list[list[str]]:
    """All rows of a CSV file as they stand there, the header and empty ones too.

    Raises:
        InputInvalid: no text, or a broken quote.
    """
    lines = [line + "\n" for line in _text(data).replace("\r\n", "\n").split("\n")]
    delimiter = max(",;\t", key=lines[0].count)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as exc:
        raise InputInvalid(path=f"line {reader.line_num}", value=str(exc), allowed="CSV") from exc


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputInvalid(path="file", value="bytes", allowed="UTF-8 or GB18030 text")


def read_cell(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    kept = cell.lstrip()
    return (kept[1:] if kept[:1] == "'" and _RUNS.match(kept[1:]) else kept).strip()


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet runs: the one place where a CSV's cells are made harmless."""
    text = "" if value is None else str(value)
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


class _Lines(list[str]):
    """What the csv module writes to."""

    def write(self, text: str) -> None:
        self.append(text)


def write_rows(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """A CSV table (RFC 4180, CRLF) with a header; no cell of it is a formula."""
    out = _Lines()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([safe_cell(row.get(column)) for column in columns] for row in rows)
    return "".join(out)


def decode_orders(data: bytes) -> Decoded[Order]:
    """Orders of a table with a row a line; rows of one ``order_id`` are one order.

    Raises:
        InputInvalid: the file is no such table.
    """
    orders: dict[str, Raw] = {}
    for row in read_rows(data, ("order_id", "sku", "quantity")):
        raw = orders.setdefault(row.get("order_id", ""), _order(row))
        number = row.get("line", str(len(raw["lines"]) + 1))
        line = {"line": number, **_picked(row, ("sku", "quantity"))}
        raw["lines"].append(line | _money(row, "unit_price", "unit_price"))
    return orders_of(orders.values(), strict=False)


def _order(row: Row) -> Raw:
    lines = [row[key] for key in ("address1", "address2", "address3") if key in row]
    raw: Raw = _picked(row, _ORDER_PLAIN)
    raw |= {"ship_to": {**_picked(row, _ADDRESS), "lines": lines}, "lines": []}
    raw |= {key: _split(row[key]) for key in ("totes", "options") if key in row}
    if "handover_at" in row:
        costs = _money(row, "cost_now", "cost_now") | _money(row, "cost_next", "cost_next")
        raw["deadlines"] = [{"kind": "handover", "at": row["handover_at"], **costs}]
    return raw


def decode_catalog(data: bytes) -> Decoded[Product]:
    """Products of a table with a row a product.

    Raises:
        InputInvalid: the file is no such table.
    """
    return products_of(map(_product, read_rows(data, ("sku",))), strict=False)


def _product(row: Row) -> Raw:
    raw: Raw = _picked(row, _PRODUCT_PLAIN)
    raw["names"] = {
        language: row[f"name_{language}"]
        for language in ("en", "zh", "ru")
        if f"name_{language}" in row
    }
    raw["codes"] = [_code(text) for text in _split(row.get("codes", ""))]
    raw["tracking"] = _picked(row, ("serial", "lot", "expiry", "min_days_left"))
    raw["packing"] = _picked(row, _PACKING)
    raw["goods"] = _picked(row, ("battery", "battery_type", "battery_wh"))
    if "classes" in row:
        raw["goods"]["classes"] = _split(row["classes"])
    customs = _picked(row, ("description", "hs", "origin", "material", "net_g"))
    raw["customs"] = customs | _money(row, "unit_value", "unit_value")
    return raw


def _code(text: str) -> Raw:
    """A code of a cell: ``6901234567892`` or ``16901234567899x24`` for a pack of 24."""
    code, cross, units = text.rpartition("x")
    return {"text": code, "units": units} if cross and units.isdecimal() else {"text": text}


def decode_cartons(data: bytes) -> Decoded[Carton]:
    """Cartons of a table with a row a carton.

    Raises:
        InputInvalid: the file is no such table.
    """
    required = ("code", "inner_length_mm", "inner_width_mm", "inner_height_mm")
    return cartons_of(map(_carton, read_rows(data, required)), strict=False)


def _carton(row: Row) -> Raw:
    raw: Raw = _picked(row, _CARTON_PLAIN) | _money(row, "cost", "cost")
    for side in ("inner", "outer"):
        sides = [row.get(f"{side}_{name}_mm", "") for name in ("length", "width", "height")]
        if any(sides):
            raw[f"{side}_mm"] = sides
    return raw


def _picked(row: Row, columns: Iterable[str]) -> Raw:
    return {column: row[column] for column in columns if column in row}


def _money(row: Row, column: str, key: str) -> Raw:
    if column not in row:
        return {}
    return {key: {"amount": row[column], "currency": row.get("currency", "")}}


def _split(cell: str) -> list[str]:
    return [part for item in cell.split(";") if (part := item.strip())]
