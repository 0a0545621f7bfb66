"""Charges as a table for spreadsheets: each with its prediction and its causes in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from packstation.domain.costs.explaining import Cause
from packstation.domain.sheets import write_rows
from packstation.server.costs.listing import Row
from packstation.server.words import Words

COLUMNS: Final = (
    *("carrier", "invoice", "date", "waybill", "order", "service"),
    *("billed", "currency", "predicted", "predicted_currency", "difference"),
    *("kind", "why", "sheet", "row"),
)


_FIGURES: Final = frozenset({"weight", "size", "currency"})
_MONEY: Final = frozenset({"fee", "price"})
_FIGURE: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
MINUS: Final = "\u2212"


def table(rows: Iterable[Row], words: Words) -> bytes:
    """A CSV file (UTF-8 with its mark); no cell of it is run as a formula."""
    return write_rows(COLUMNS, (_cells(row, words) for row in rows)).encode("utf-8-sig")


def _cells(row: Row, words: Words) -> Mapping[str, object]:
    return {
        "carrier": row.carrier,
        "invoice": row.invoice,
        "date": row.date,
        "waybill": row.waybill,
        "order": row.order,
        "service": row.service,
        "billed": f"{row.billed:f}",
        "currency": row.currency,
        "predicted": "" if row.predicted is None else f"{row.predicted:f}",
        "predicted_currency": row.home if row.predicted is not None else "",
        "difference": "" if row.difference is None else f"{row.difference:f}",
        "kind": row.kind,
        "why": "; ".join(why(one, row.home, words) for one in row.causes),
        "sheet": row.sheet,
        "row": row.row,
    }


def why(cause: Cause, currency: str, words: Words) -> str:
    """A cause in words with its part of the difference."""
    said = reason(cause, currency, words)
    return f"{said} ({signed(cause.amount, currency, words)})" if cause.amount else said


def reason(cause: Cause, currency: str, words: Words) -> str:
    """A cause in words; its amounts are of ``currency``."""
    key = f"costs.why.{_words(cause)}"
    ours, theirs = (_shown(cause.kind, one, currency, words) for one in (cause.ours, cause.theirs))
    return words.say(key, a=ours, b=theirs, c=fee(cause.code, words))


def _shown(kind: str, text: str, currency: str, words: Words) -> str | Decimal:
    """A figure as the reader writes figures; zones, services and invoices as they are."""
    if not _FIGURE.fullmatch(text):
        return text
    if kind in _MONEY:
        return words.money({currency: Decimal(text)}, currency)
    return Decimal(text) if kind in _FIGURES else text


def _words(cause: Cause) -> str:
    """Which words tell it."""
    match cause.kind:
        case "unknown" if cause.theirs:
            return "unknown.other"
        case "currency" if not cause.amount:
            return "currency.none"
        case "weight" if cause.likely:
            return "weight.likely"
        case "fee" if cause.likely:
            return "fee.likely"
        case "fee" if not Decimal(cause.ours or 0):
            return "fee.more"
        case "fee" if not Decimal(cause.theirs or 0):
            return "fee.less"
    return cause.kind


def fee(code: str, words: Words) -> str:
    """A charge by its name; by its code where we have no word for it."""
    return words.named("costs.fee", code)


def signed(amount: Decimal, currency: str, words: Words) -> str:
    """An amount with its sign."""
    sign = "+" if amount > 0 else MINUS if amount < 0 else ""
    return sign + words.money({currency: abs(amount)}, currency)
