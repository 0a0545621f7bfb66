"""Tariffs and shipments to price, with what a test changes of them."""

from __future__ import annotations

from typing import Any

from packstation.domain.rating import Plans, quote
from packstation.domain.records import decode_one
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.shipments import Shipment
from packstation.domain.tariffs import Tariff

Raw = dict[str, Any]


def tariff(price: Raw | None = None, **changes: object) -> Tariff:
    base = {
        "schema": "packstation.tariff/1",
        "carrier": "chinapost",
        "service": "test",
        "currency": "CNY",
        "valid_from": "2025-01-01",
        "zones": [{"code": "RU", "match": [{"countries": ["RU"]}]}],
        "bands": [{"zone": "RU", "price": price or {"kind": "flat", "amount": "10"}}],
    }
    return decode_one(base | changes, Tariff)


def linear(fixed: str, per_g: str) -> Raw:
    return {"kind": "linear", "fixed": fixed, "per_g": per_g}


def shipment(*parcels: tuple[object, ...], **changes: object) -> Shipment:
    sizes = ("weight_g", "length_mm", "width_mm", "height_mm", "shape")
    base = {
        "date": "2026-11-21",
        "destination": {"country": "RU", "postcode": "420111"},
        "parcels": [dict(zip(sizes, one, strict=False)) for one in parcels],
    }
    return decode_one(base | changes, Shipment)


def rated(
    what: Shipment, tariffs: list[Tariff]
) -> tuple[tuple[Quoted, ...], tuple[RefusedService, ...]]:
    """By the law, and by plans, which say the same."""
    law = quote(what, tariffs)
    assert Plans(tariffs).quote(what) == law
    return law


def priced(one: Tariff, what: Shipment) -> Quoted:
    quotes, refusals = rated(what, [one])
    assert refusals == ()
    return quotes[0]


def total(one: Tariff, what: Shipment) -> str:
    found = priced(one, what)
    assert sum(amount for _, amount, _ in found.lines) == found.amount
    return f"{found.amount:f}"


def reason(one: Tariff, what: Shipment) -> str:
    quotes, refusals = rated(what, [one])
    assert quotes == ()
    assert refusals[0].detail
    return refusals[0].reason
