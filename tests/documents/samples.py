"""Parcels to print; all people and places are invented."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from packstation.domain.catalog import Customs, Product
from packstation.domain.labels import ParcelPapers
from packstation.domain.orders import Address, Order, OrderLine
from packstation.domain.quantities import Money

FONTS = Path(__file__).resolve().parents[2] / "resources" / "fonts"
WAYBILL = "LP123456785CN"

SENDER = Address(
    name="Lin Yue",
    company="Guangzhou Baiyun Trading Co., Ltd. 广州白云贸易有限公司",
    lines=("Room 1203, Building 5, 88 Huangbian North Road", "Baiyun District"),
    city="Guangzhou",
    region="Guangdong",
    postcode="510440",
    country="CN",
    phone="+86 20 8888 0000",
    ioss="IM0000000000",
)
RUSSIAN = Address(
    name="Анна Сергеевна Кузнецова-Вознесенская",
    lines=("ул. Большая Красная, д. 55, кв. 118", "подъезд 3, домофон 118"),
    city="Казань",
    region="Республика Татарстан",
    postcode="420015",
    country="RU",
    phone="+7 900 000-00-00",
)
CHINESE = Address(
    name="李小明",
    company="深圳市前海某某科技有限公司",
    lines=("广东省深圳市南山区粤海街道科技园南区",),
    city="深圳",
    postcode="518057",
    country="CN",
)
ACCENTED = Address(
    name="José Müller-Nuñez",
    lines=("Straße des 17. Juni 135",),
    city="Köln",
    postcode="50667",
    country="DE",
)


def product(sku: str, description: str, hs: str, net_g: int, value: str) -> Product:
    customs = Customs(
        description=description,
        hs=hs,
        origin="CN",
        net_g=net_g,
        unit_value=Money(Decimal(value), "CNY"),
    )
    return Product(sku=sku, names={"en": description}, customs=customs)


SHIRT = product("TS-BLK-M", "men's knitted T-shirt, 100% cotton", "610910", 175, "59.90")
MUG = product("MG-ENM", "enamel mug 350 ml, steel (搪瓷杯)", "732394", 210, "35")
SOCKS = product("SK-WOL", "wool socks, rust", "611594", 60, "19.5")


def order(
    *products: Product,
    to: Address = RUSSIAN,
    **fields: Any,  # noqa: ANN401 - any field of an order
) -> Order:
    lines = tuple(
        OrderLine(line=number, sku=one.sku, quantity=number)
        for number, one in enumerate(products, start=1)
    )
    return Order(
        order_id=fields.pop("order_id", "40112233-0007-1"),
        ship_from=fields.pop("sender", SENDER),
        ship_to=to,
        lines=lines,
        products=products,
        **fields,
    )


def papers(
    *products: Product,
    to: Address = RUSSIAN,
    **fields: Any,  # noqa: ANN401 - any field of a parcel or its order
) -> ParcelPapers:
    """A parcel with 1 of the first product, 2 of the second and so on."""
    goods = products or (SHIRT, MUG, SOCKS)
    of_parcel = {name: fields.pop(name) for name in list(fields) if name in _PARCEL_FIELDS}
    bought = order(*goods, to=to, **fields)
    base = ParcelPapers(
        order=bought,
        products={one.sku: one for one in goods},
        contents=tuple((line.line, line.quantity) for line in bought.lines),
        parcel_id="parcel-1",
        waybill=WAYBILL,
        carrier="chinapost",
        service="e-packet",
        gross_g=1104,
        size_mm=(300, 205, 120),
        number=1,
        count=2,
        date="2026-11-21",
    )
    return replace(base, **of_parcel)


_PARCEL_FIELDS = frozenset(
    "products contents waybill carrier service gross_g size_mm number count date copy mark "
    "training form blob".split()
)
