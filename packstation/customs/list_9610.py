"""The 9610 list as CSV (RFC 4180): a header, a row for each line of goods.

Weights are kilograms with three decimals. A cell that a spreadsheet would take for a formula
begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io
from typing import Final

from packstation.domain.customs.exports_cn import GoodsLine, List9610, ListEntry
from packstation.domain.sheets import safe_cell

COLUMNS: Final = (
    "order_no",
    "payment_total",
    "payment_currency",
    "carrier",
    "waybill",
    "enterprise",
    "customs_code",
    "uscc",
    "destination",
    "gross_kg",
    "net_kg",
    "line",
    "hs",
    "name",
    "quantity",
    "unit_price",
    "total",
    "currency",
    "origin",
)


def csv_9610(found: List9610) -> str:
    """The whole list."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    for entry in found.entries:
        for line in entry.goods:
            writer.writerow([safe_cell(value) for value in _row(entry, line)])
    return target.getvalue()


def _row(entry: ListEntry, line: GoodsLine) -> tuple[str, ...]:
    return (
        entry.order_no,
        str(entry.payment.total.amount),
        entry.payment.total.currency,
        entry.logistics.carrier,
        entry.logistics.waybill,
        entry.enterprise,
        entry.customs_code,
        entry.uscc,
        entry.destination,
        _kilograms(entry.gross_g),
        _kilograms(entry.net_g),
        str(line.number),
        line.hs,
        line.name,
        str(line.quantity),
        str(line.unit_price.amount),
        str(line.total.amount),
        line.total.currency,
        line.origin,
    )


def _kilograms(grams: int) -> str:
    return f"{grams // 1000}.{grams % 1000:03d}"
