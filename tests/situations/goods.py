"""Goods, boxes and orders of the situations, beside the samples that a bench has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from msgspec.structs import replace

from packstation.demo import samples
from packstation.domain.catalog import Customs, KitPart, Packing, Product, ProductCode
from packstation.domain.orders import Deadline, Order, OrderLine
from tests.situations.model import Asked

MUG, NOTE, SHIRT, LARGE = "MG-ENM-MOS", "NB-A6-DOT", "TS-BLK-M", "TS-BLK-L"
SOAP, WATCH, PEN, POT, RING = "SB-OLV-100", "WT-MEC-STL", "PN-GEL-BLK", "TP-CER-CEL", "KR-LEA-TAN"
PHONE, SOFA = "PH-SMT-BLK", "SF-CRN-GRY"
TEA, GIFT, ROW, BOXED, LOOP = "KT-TEA-SET", "KT-GIFT", "KT-IN-ROW", "KT-BOXED", "KT-LOOP"
CASE_OF_PENS = "16901234014379"


@cache
def sample_products() -> dict[str, Product]:
    """The goods of the samples by SKU."""
    return {product.sku: product for product in samples.products()}


@cache
def codes() -> dict[str, str]:
    """The single unit's code of every product."""
    products = (*sample_products().values(), *own_products())
    return {p.sku: next(c.text for c in p.codes if c.units == 1) for p in products if p.codes}


def _like(sku: str, name: str, code: str, **more: object) -> Product:
    """Another product with the papers of a mug."""
    model = sample_products()[MUG]
    known: dict[str, object] = {
        "sku": sku,
        "names": {"en": name},
        "codes": (ProductCode(text=code),),
        "image": None,
    }
    return replace(model, **(known | more))


@cache
def own_products() -> tuple[Product, ...]:
    """Kits of all shapes, a phone, and something that no box takes."""
    pot, mugs = KitPart(sku=POT), KitPart(sku=MUG, quantity=2)
    note = KitPart(sku=NOTE)
    return (
        _like(PHONE, "Phone black", "4006381333993"),
        _like(SOFA, "Sofa grey", "4006381334020", length_mm=1900, width_mm=900, height_mm=800),
        _like("XX-NO-PAPERS", "Thing without papers", "4006381334099", customs=Customs()),
        _like("XX-NO-SIZE", "Thing without size", "4006381334037", length_mm=None),
        _like("XX-NO-WEIGHT", "Thing without weight", "4006381334044", weight_g=None),
        _like("BT-OIL-S", "Oil 200", "4006381334105", weight_g=200),
        _like("BT-OIL-L", "Oil 700", "4006381334112", weight_g=700),
        _like("OB-RADIO", "Radio", "4006381334051", packing=Packing(own_box=True)),
        _like(TEA, "Tea set", "4006381333962", kit=(pot, mugs)),
        _like(GIFT, "Gift", "4006381334068", kit=(KitPart(sku=TEA), note)),
        _like(
            ROW, "Set in order", "4006381334075", kit=(note, mugs), packing=Packing(in_order=True)
        ),
        _like(
            BOXED, "Boxed set", "4006381334082", kit=(note, mugs), packing=Packing(prepacked=True)
        ),
        _like(LOOP, "Loop", "4006381334006", kit=(KitPart(sku=LOOP),)),
    )


def made(asked: Asked) -> Order:
    """An order that a bench may pack, and that can be priced and labelled."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    model = samples.orders(now)[0]
    known: dict[str, object] = {
        "order_id": asked.id,
        "lines": lines_of(asked.lines, asked.substitutes),
        "deadlines": (Deadline(kind="handover", at=now + timedelta(hours=asked.hours)),),
        "totes": (f"T-{asked.id}",),
        "service": None,
        "buyer": None,
        # What was paid belongs to the lines of the model.
        "payment": None,
        "declared_total": None,
        "discount": None,
    }
    return replace(model, **(known | dict(asked.more)))


def lines_of(lines: str, substitutes: tuple[str, ...] = ()) -> tuple[OrderLine, ...]:
    """Lines of "SKU*2 SKU*1"."""
    parts = (part.rpartition("*") for part in lines.split())
    return tuple(
        OrderLine(line=number, sku=sku, quantity=int(count), substitutes=substitutes)
        for number, (sku, _, count) in enumerate(parts, 1)
    )
