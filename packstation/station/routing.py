"""Where a scanned text leads: the order of questions is the order of certainty."""

from __future__ import annotations

from msgspec import Struct

from packstation.domain.barcodes import (
    Badge,
    Command,
    Gs1,
    Gtin,
    ScannedCode,
    Sscc,
    Unknown,
    Waybill,
    parse_code,
)
from packstation.domain.catalog import Product
from packstation.domain.parcels import Carton
from packstation.station.ports import OrderCache, OrderRow


class Route(Struct, frozen=True):
    """Base of what a code can lead to; ``kind`` and ``text`` say what was read."""

    kind: str
    text: str


class ToCommand(Route, frozen=True):
    """A command code."""

    command: str
    argument: str


class ToPerson(Route, frozen=True):
    """A badge."""

    badge: str


class ToOrders(Route, frozen=True):
    """Orders by their number, tote or waybill, most urgent first."""

    rows: tuple[OrderRow, ...]


class ToItem(Route, frozen=True):
    """``units`` of a product, with what a GS1 code said of them."""

    product: Product
    units: int
    lot: str = ""
    serial: str = ""
    expiry: str = ""


class ToCarton(Route, frozen=True):
    """A packaging."""

    carton: Carton


class ToWaybill(Route, frozen=True):
    """A number of the waybill grammar that no order here is known by."""


class ToNothing(Route, frozen=True):
    """Not known here; ``reason`` is a message key."""

    reason: str


def route(text: str, aim: str, cache: OrderCache) -> Route:
    """What ``text`` leads to on this bench."""
    code = parse_code(text, aim)
    match code:
        case Command():
            return ToCommand("command", code.text, code.command, code.argument)
        case Badge():
            return ToPerson("badge", code.text, code.badge)
        case Waybill():
            rows = cache.orders_of_code(code.text)
            return ToOrders("waybill", code.text, rows) if rows else ToWaybill("waybill", code.text)
    found = _product(code, cache) or _ours(text.strip(), cache)
    return found or ToNothing(code.kind, text[:64], _reason(code))


def _product(code: ScannedCode, cache: OrderCache) -> Route | None:
    match code:
        case Gtin():
            hit = cache.product_of_code(code.gtin14)
            return ToItem("gtin", code.text, *hit) if hit else None
        case Gs1() if code.gtin:
            hit = cache.product_of_code(code.gtin)
            if hit is None:
                return None
            product, units = hit
            return ToItem(
                "gs1",
                code.text,
                product,
                units * (code.count or 1),
                lot=code.lot,
                serial=code.serial,
                expiry=code.expiry,
            )
    return None


def _ours(text: str, cache: OrderCache) -> Route | None:
    """The shop's own codes: order numbers, totes, cartons, internal item codes."""
    row = cache.order(text)
    if row is not None:
        return ToOrders("order", text, (row,))
    rows = cache.orders_of_code(text)
    if rows:
        tote = any(text in row.order.totes for row in rows)
        return ToOrders("tote" if tote else "waybill", text, rows)
    carton = next((c for c in cache.cartons() if c.code == text), None)
    if carton is not None:
        return ToCarton("carton", text, carton)
    hit = cache.product_of_code(text)
    return ToItem("item", text, *hit) if hit else None


def _reason(code: ScannedCode) -> str:
    if isinstance(code, Unknown) and code.reason not in {"", "none"}:
        return "code.unreadable"
    return "code.other_kind" if isinstance(code, Sscc) else "code.unknown"
