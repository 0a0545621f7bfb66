"""Consignments in every script, short and long, for every paper; all people are invented."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.assets import resource
from packstation.documents.papers.making import PaperAsked
from packstation.domain.catalog import Customs, Goods, Product
from packstation.domain.labels import Media, ParcelPapers
from packstation.domain.orders import Address
from packstation.domain.quantities import Money
from tests.documents.samples import papers

TABLES: Final[dict[str, Any]] = {
    name: json.loads(resource("customs", "tables", f"{name}.json").read_text("utf-8"))
    for name in ("batteries", "battery_marks", "cargo_labels", "compliance", "statements")
} | {
    "compliance_parties": [
        {
            "role": role,
            "name": "Muster Vertretungs GmbH",
            "lines": ["Hafenstraße 7", "20457 Hamburg", "GERMANY"],
            "email": "gpsr@example.com",
            "phone": "+49 40 0000000",
        }
        for role in ("eu_responsible", "uk_importer", "eaeu_importer")
    ]
}
SHEET: Final = Media(210, 297, 300)
# Every paper on every stock that it is made for.
STOCKS: Final[tuple[tuple[str, Media], ...]] = (
    ("cn22", Media(74, 105, 300)),
    ("cn22", Media(101.6, 152.4, 203)),
    ("cn23", Media(210, 148, 300)),
    ("cn23", SHEET),
    ("cn23", Media(101.6, 152.4, 203)),
    ("invoice", SHEET),
    ("proforma", SHEET),
    ("packing-list", SHEET),
    ("origin", SHEET),
    ("origin-request", SHEET),
    ("sli", SHEET),
    ("returns", SHEET),
    ("slip", SHEET),
    ("battery", Media(100, 100, 203)),
    ("battery-preprinted", Media(100, 100, 203)),
    ("class-9", Media(100, 100, 203)),
    ("cargo-only", Media(120, 110, 203)),
    ("compliance", Media(100, 70, 203)),
)


class World(Struct, frozen=True):
    """A sender, an addressee and words for goods in one script; ``second`` is the destination's."""

    name: str
    second: str
    sender: Address
    to: Address
    goods: tuple[str, ...]
    others: tuple[str, ...]
    signer: str


LATIN: Final = World(
    "latin",
    "de",
    Address(
        name="Zoë Krüger-Łukasiewicz",
        company="Baiyun Trading Co., Ltd.",
        lines=("Room 1203, Building 5, 88 Huangbian North Road", "Baiyun District"),
        city="Guangzhou",
        region="Guangdong",
        postcode="510440",
        country="CN",
        phone="+86 20 8888 0000",
        email="export@example.com",
        eori="DE123456789012345",
        ioss="IM2760000017",
    ),
    Address(
        name="José Müller-Nuñez",
        company="Żółw & Söhne GmbH",
        lines=("Straße des 17. Juni 135", "Hinterhaus, 3. Etage"),
        city="Köln",
        postcode="50667",
        country="DE",
        phone="+49 221 0000000",
        email="jose.mueller@example.com",
        vat="DE136695976",
    ),
    (
        "men's knitted T-shirt, 100% cotton",
        "enamel mug 350 ml, steel, for camping",
        "wool socks for adults, rust coloured",
        "glazed ceramic figurine of a cat",
        "LED lantern with aluminium body",
    ),
    (
        "Herren-T-Shirt, gestrickt, 100 % Baumwolle",
        "Emaillebecher 350 ml, Stahl",
        "Wollsocken für Erwachsene",
        "Katzenfigur aus glasierter Keramik",
        "LED-Laterne mit Aluminiumgehäuse",
    ),
    "Zoë Krüger",
)
CYRILLIC: Final = World(
    "cyrillic",
    "ru",
    Address(
        name="Лариса Щукина",
        company="ООО «Белые облака»",
        lines=("ул. Гагарина, д. 7, оф. 12", "бизнес-центр «Восход»"),
        city="Благовещенск",
        region="Амурская область",
        postcode="675000",
        country="RU",
        phone="+7 416 200-00-00",
        ioss="IM2760000017",
    ),
    Address(
        name="Анна Сергеевна Кузнецова-Вознесенская",
        lines=("ул. Большая Красная, д. 55, кв. 118", "подъезд 3, домофон 118"),
        city="Казань",
        region="Республика Татарстан",
        postcode="420015",
        country="RU",
        phone="+7 900 000-00-00",
        email="anna@example.com",
        tax_id="500100732259",
    ),
    (
        "футболка мужская трикотажная, 100 % хлопок",
        "кружка эмалированная 350 мл, сталь",
        "носки шерстяные для взрослых",
        "статуэтка кошки из глазурованной керамики",
        "фонарь светодиодный в алюминиевом корпусе",
    ),
    (
        "футболка трикотажная, хлопок",
        "кружка стальная с эмалью",
        "носки из шерсти",
        "фигурка керамическая",
        "фонарь LED",
    ),
    "Лариса Щукина",
)
HAN: Final = World(
    "han",
    "zh",
    Address(
        name="林悦",
        company="广州市白云国际贸易有限公司",
        lines=("广东省广州市白云区黄边北路88号5栋1203室",),
        city="广州",
        region="广东",
        postcode="510440",
        country="CN",
        phone="+86 20 8888 0000",
        ioss="IM2760000017",
    ),
    Address(
        name="李小明",
        company="深圳市前海某某科技有限公司",
        lines=("广东省深圳市南山区粤海街道科技园南区深南大道9988号大厦A座2501室",),
        city="深圳",
        region="广东",
        postcode="518057",
        country="CN",
        phone="+86 755 0000 0000",
    ),
    (
        "男式针织T恤衫，全棉，黑色",
        "搪瓷杯，350毫升，钢制，露营用",
        "成人羊毛袜，铁锈色",
        "釉面陶瓷猫摆件",
        "铝壳LED手提灯",
    ),
    ("全棉T恤", "钢制搪瓷杯", "羊毛袜子", "陶瓷摆件", "手提灯具"),
    "林悦",
)
MIXED: Final = World(
    "mixed",
    "ru",
    replace(HAN.sender, name="Lin Yue 林悦", company="Guangzhou Baiyun 广州白云 Łódź ООО"),
    replace(CYRILLIC.to, company="ИП Кузнецова 库兹涅佐娃 Ltd."),
    tuple(
        f"{one} / {other}, {third}"
        for one, other, third in zip(LATIN.goods, HAN.goods, CYRILLIC.others, strict=True)
    ),
    CYRILLIC.goods,
    "Lin Yue 林悦",
)
WORLDS: Final = {one.name: one for one in (LATIN, CYRILLIC, HAN, MIXED)}
_HS: Final = ("610910", "732394", "611594", "691390", "8513100000")
_VALUES: Final = ("59.90", "7", "1299.00", "0.85", "12345.60")
_LAMP: Final = Goods(
    battery="packed_with",
    battery_type="li_ion",
    battery_wh=Decimal("11.4"),
    battery_cells=1,
    battery_count=1,
)


def product(world: World, at: int, origin: str = "", *, long: bool = False) -> Product:
    """The goods of a line, each of its own words, weight and value."""
    kind = at % len(world.goods)
    what, other = world.goods[kind], world.others[kind]
    if long:
        what, other = "; ".join([what] * 4), "; ".join([other] * 3)
    number = f" {at + 1}" if at >= len(world.goods) else ""
    customs = Customs(
        description=f"{what}{number}",
        descriptions={world.second: f"{other}{number}"},
        hs=_HS[kind],
        origin=origin or ("JP" if at % 7 == 6 else "CN"),
        material=("", "steel", "wool")[at % 3],
        brand="Baiyun" if at % 2 else "",
        net_g=(175, 5, 12345, 60, 999)[kind],
        unit_value=Money(Decimal(_VALUES[kind]), "EUR"),
    )
    names = {"en": f"{LATIN.goods[kind]}{number}", world.second: f"{other}{number}"}
    return Product(
        sku=f"SKU-{at:03}", names=names, customs=customs, goods=_LAMP if kind == 4 else Goods()
    )


def lengthened(address: Address) -> Address:
    """Somebody with names and an address as long as they come."""
    return replace(
        address,
        name=f"{address.name} {address.name}",
        company=f"{address.company or address.name} {address.company or address.name}",
        lines=tuple(f"{line}, {line}" for line in address.lines),
        city=f"{address.city} {address.city}",
    )


def consignment(
    world: World,
    count: int,
    *,
    long: bool = False,
    **fields: Any,  # noqa: ANN401 - any field of a parcel or its order
) -> ParcelPapers:
    """A parcel with ``count`` lines; all that a paper of any kind can ask for is known."""
    origin = fields.pop("origin", "")
    goods = tuple(product(world, at, origin, long=long) for at in range(count))
    # Something with a battery, so that a mark is due in any consignment.
    battery = fields.pop("battery", None)
    if battery or count < len(_HS):
        goods = (replace(goods[0], goods=battery or _LAMP), *goods[1:])
    whole: dict[str, Any] = {
        "sender": lengthened(world.sender) if long else world.sender,
        "to": lengthened(world.to) if long else world.to,
        "count": 1,
        "invoice": {"no": "INV-2026-00417", "date": "2026-11-21", "export_ref": "MRN 26CN0000017"},
        "incoterm": "DAP",
        "named_place": world.to.city,
        "freight": Money(Decimal(35), "EUR"),
        "insurance": Money(Decimal("4.50"), "EUR"),
        "discount": Money(Decimal("0.50"), "EUR"),
        "signer": {"name": world.signer},
        "category_text": world.goods[0],
        "parent_order_id": "W-2026-0901",
        "gift_message": world.goods[-1],
        "requirements": (
            {"kind": "licence", "value": "L-2026-100"},
            {"kind": "certificate", "value": "C-200"},
            {"kind": "comment", "value": world.goods[1]},
        ),
    }
    parcel = papers(*goods, **{**whole, **fields})
    priced = tuple(
        replace(line, quantity=1 + at % 3, unit_price=one.customs.unit_value)
        for at, (line, one) in enumerate(zip(parcel.order.lines, goods, strict=True))
    )
    net = sum(
        line.quantity * (one.customs.net_g or 0) for line, one in zip(priced, goods, strict=True)
    )
    return replace(
        parcel,
        order=replace(parcel.order, lines=priced),
        contents=tuple((line.line, line.quantity) for line in priced),
        gross_g=net + 250,
    )


def asked(
    kind: str,
    world: World,
    count: int,
    media: Media = SHEET,
    *,
    language: str = "",
    long: bool = False,
    **fields: Any,  # noqa: ANN401 - any field of a parcel or its order
) -> PaperAsked:
    """A paper of ``kind`` for a consignment of ``world``."""
    if kind == "origin":  # the one agreement whose wording is there: EU and Japan
        fields = {
            "to": replace(world.to, country="JP"),
            "sender": replace(world.sender, country="DE"),
            "origin_statement": {"agreement": "eu-jp-epa", "rex": "DEREX1234", "criterion": "B"},
            "origin": "DE",
            **fields,
        }
    if kind in {"class-9", "cargo-only"}:  # of batteries alone
        fields = {"battery": replace(_LAMP, battery="alone"), **fields}
    return PaperAsked(
        kind,
        (consignment(world, count, long=long, **fields),),
        media,
        language=language or world.second,
        today="2026-11-22",
        tables=TABLES,
    )
