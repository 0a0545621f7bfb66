"""Parcels whose data go to customs electronically."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import replace

from packstation.assets import resource
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.catalog import Product
from packstation.domain.customs.case import Case
from packstation.domain.customs.exports import (
    WHYS,
    H7Consignment,
    ItmattItem,
    Lack,
    h7,
    itmatt,
)
from packstation.domain.customs.exports_cn import (
    Declaration,
    ListEntry,
    declaration,
    entry_9610,
)
from packstation.domain.customs.registry import case_of
from packstation.domain.labels import ParcelPapers
from packstation.domain.orders import Payment, Rate
from packstation.domain.quantities import Money
from tests.documents.samples import ACCENTED, SENDER, papers, product

PACK = read_folder(resource("customs"))
ELEMENTS = PACK.tables["cn_elements"]
EXPORTER = replace(
    SENDER, ioss="IM2760000006", customs_code="4401960ABC", uscc="91440101MA5C1PK01G"
)
NOW = "2026-11-22T09:00:00+00:00"


LAS_PALMAS = replace(ACCENTED, country="ES", postcode="35001", city="Las Palmas")


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def thing(sku: str = "TS-1", **customs: Any) -> Product:  # noqa: ANN401 - any field of customs
    found = product(sku, "men's knitted T-shirt, 100% cotton", "6109100010", 175, "59.90")
    fields = {"descriptions": {"zh": "男式针织T恤"}, "material": "cotton", **customs}
    return replace(found, customs=replace(found.customs, **fields))


def parcel(*goods: Product, **fields: Any) -> ParcelPapers:  # noqa: ANN401 - any field
    whole: dict[str, Any] = {
        "sender": EXPORTER,
        "to": ACCENTED,
        "tax_scheme": "ioss",
        "cn_export_mode": "9610",
        "count": 1,
        "payment": Payment(status="paid", total=cny("59.90")),
        "rates": (Rate(from_="EUR", to="CNY", rate=Decimal("8.20"), on="2026-11-20"),),
        "invoice": {"no": "INV-1", "licence": "L-7", "certificate": 12},
    }
    found = papers(*(goods or (thing(),)), **{**whole, **fields})
    lines = tuple(replace(line, unit_price=cny("59.90")) for line in found.order.lines)
    return replace(found, order=replace(found.order, lines=lines))


def seen(one: ParcelPapers) -> Case:
    """Its order as the rules see it."""
    products = tuple(one.products.values())
    raw = msgspec.to_builtins(replace(one.order, products=products))
    return case_of(raw, PACK, Tables(), datetime.fromisoformat(NOW))


def reduced(one: ParcelPapers) -> H7Consignment | tuple[Lack, ...]:
    return h7(one, seen(one))


def lacking(found: object) -> list[str]:
    assert isinstance(found, tuple)
    assert all(isinstance(one, Lack) and one.why in WHYS for one in found)
    return [one.field for one in found]


def item(one: ParcelPapers) -> ItmattItem:
    found = itmatt(one, seen(one))
    assert isinstance(found, ItmattItem), found
    return found


def entry(one: ParcelPapers) -> ListEntry:
    found = entry_9610(one)
    assert isinstance(found, ListEntry), found
    return found


def draft(*parcels: ParcelPapers) -> Declaration:
    found = declaration(parcels, ELEMENTS)
    assert isinstance(found, Declaration), found
    return found
