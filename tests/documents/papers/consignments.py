"""Consignments that commercial papers are made of; people, firms and pictures are invented."""

from __future__ import annotations

import hashlib
import io
from decimal import Decimal
from typing import Any, Final

from PIL import Image, ImageDraw

from packstation.documents.papers.making import PaperAsked
from packstation.domain.catalog import Customs, Product
from packstation.domain.labels import ParcelPapers, media
from packstation.domain.quantities import Money
from packstation.domain.templates import Extra, Template
from tests.documents.samples import papers

A4: Final = [(210.0, 297.0)]
_GOODS: Final = (
    (
        "men's knitted T-shirt, 100% cotton",
        "男式针织T恤，全棉",
        "футболка мужская, хлопок",
        "610910",
    ),
    ("enamel mug 350 ml, steel, for camping", "搪瓷杯", "кружка эмалированная", "732394"),
    ("wool socks for adults, rust coloured", "羊毛袜", "носки шерстяные", "611594"),
)


def goods(count: int, currency: str = "CNY") -> tuple[Product, ...]:
    found = []
    for at in range(count):
        english, chinese, russian, hs = _GOODS[at % len(_GOODS)]
        customs = Customs(
            description=english,
            descriptions={"zh": chinese, "ru": russian},
            hs=hs,
            origin="CN",
            material=("cotton", "", "wool")[at % 3],
            brand="Baiyun" if at % 2 else "",
            net_g=175 + at,
            unit_value=Money(Decimal("59.90") + at, currency),
        )
        found.append(Product(sku=f"TS-{at:03}", names={"en": english}, customs=customs))
    return tuple(found)


def parcel(count: int = 3, **fields: Any) -> ParcelPapers:  # noqa: ANN401 - any field
    whole: dict[str, Any] = {
        "count": 1,
        "gross_g": 500_000,
        "invoice": {"no": "INV-2026-00417", "date": "2026-11-21"},
        "incoterm": "DAP",
        "named_place": "Kazan",
        "freight": Money(Decimal(35), "CNY"),
        "insurance": Money(Decimal("4.50"), "CNY"),
        "discount": Money(Decimal("12.30"), "CNY"),
        "signer": {"name": "Lin Yue"},
    }
    return papers(*fields.pop("goods", goods(count)), **{**whole, **fields})


def asked(
    kind: str,
    *parcels: ParcelPapers,
    language: str = "en",
    **fields: Any,  # noqa: ANN401 - any field of PaperAsked
) -> PaperAsked:
    return PaperAsked(
        kind=kind,
        parcels=parcels or (parcel(),),
        media=media("a4", 300),
        language=language,
        today="2026-11-22",
        **fields,
    )


def picture(mode: str = "RGBA", form: str = "PNG", size: tuple[int, int] = (700, 200)) -> bytes:
    """A mountain on a disc, as a logo."""
    image = Image.new(mode, size)
    draw = ImageDraw.Draw(image)
    ink: Any = (20, 70, 120, 255)[: len(image.getbands())] if mode != "L" else 60
    wide, high = size
    draw.polygon([(0, high), (wide // 3, 10), (wide * 2 // 3, high)], fill=ink)
    draw.ellipse((wide * 3 // 4, 10, wide * 3 // 4 + high // 2, 10 + high // 2), fill=ink)
    target = io.BytesIO()
    image.save(target, form)
    return target.getvalue()


def letterhead(**fields: Any) -> Template:  # noqa: ANN401 - any field of a template
    logo = picture()
    signed = picture(size=(400, 120))
    names = [hashlib.sha256(data).hexdigest() for data in (logo, signed)]
    whole: dict[str, Any] = {
        "id": "baiyun",
        "letterhead": (
            "Baiyun Trading 白云贸易",
            "Room 1203, 88 Huangbian North Road, Guangzhou",
            "www.example.com · sales@example.com",
        ),
        "logo": names[0],
        "signature": names[1],
        "images": dict(zip(names, (logo, signed), strict=True)),
        "texts": (
            Extra(place="invoice-foot", language="en", text="Bank: Example Bank, Guangzhou"),
            Extra(place="invoice-foot", language="ru", text="Спасибо за покупку"),
        ),
    }
    return Template(**{**whole, **fields})
