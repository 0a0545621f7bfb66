"""The labels that every language has to print alike."""

from __future__ import annotations

from packstation.documents.fonts import Fonts
from packstation.documents.label.languages import LabelLanguage
from packstation.documents.label.shipping import shipping_labels
from packstation.documents.testcard import printer_label, scanner_card
from packstation.domain.labels import Barcode, Label, Media, Polygon, Text, media
from packstation.domain.orders import Address
from packstation.i18n import load
from tests.documents.samples import ACCENTED, CHINESE, RUSSIAN, papers

# As long as the field of the addressee takes.
LONGEST = Address(
    name="Александра Константиновна Преображенская-Рождественская-Вознесенская",
    company="ООО «Международная компания бытовой техники»",
    lines=(
        "Нижневартовский район, ул. Героев Советского Союза, д. 118, корп. 4",
        "подъезд 12, этаж 24, кв. 1187, домофон 1187",
    ),
    city="посёлок городского типа Новоаганск",
    region="Ханты-Мансийский автономный округ - Югра",
    postcode="628647",
    country="RU",
    phone="+7 900 000-00-00",
)
PROOF = "%PS:tested:printer-2:1a2b3c4d"
GS1 = "0109521234543213172701013712"
GS1_LETTERS = "01095212345432131027ABC\x1d37120"
PLACES = {"ru": RUSSIAN, "zh": CHINESE, "de": ACCENTED, "long": LONGEST}
SIZES = (
    media("100x150"),
    media("4x6"),
    media("100x100"),
    media("4x6", 300),
)
ROLL = Media(72, 180)
BROTHER = Media(98.5, 140.5, 300)


def stocks(row: LabelLanguage) -> tuple[Media, ...]:
    """The stocks that printers of a language are tried with."""
    return {"escpos": (ROLL,), "brother-ql": (BROTHER, media("100x150", 300))}.get(row.id, SIZES)


def codes(stock: Media) -> Label:
    """A label of every kind of code, two of them with what a command might be made of."""
    step, most = (2, 3) if stock.dpi < 300 else (3, 4)
    elements = (
        Text("caption", 5, 4, stock.width_mm - 10, 4, ("Codes Коды 条码",), bold=True),
        Barcode("a", "code128", "LP123456785CN", 6, 12, step, 10),
        Barcode("b", "gs1", GS1, 6, 26, step, 10),
        Barcode("c", "gs1", GS1_LETTERS, 6, 40, step, 10),
        Barcode("d", "code128", 'A"1^~\\!102>5', 6, 54, step, 10),
        Barcode("e", "qr", "HTTPS://EXAMPLE.COM/LP123456785CN", 6, 70, most),
        Barcode("f", "datamatrix", "PST-1/LP123456785CN", 40, 70, most),
        Polygon(((80, 60), (90, 60), (95, 66), (80, 64.5))),
        Barcode("g", "qr", 'PST "quoted" \\["] \\', 50, 70, most),
    )
    return Label(stock, elements)


def specimens(stock: Media, fonts: Fonts) -> dict[str, Label]:
    """Labels by name; what does not fit so small a stock is left out."""
    say = load("zh_Hans").say
    found = {"codes": codes(stock), "test": printer_label(stock, "GZ-1", say, fonts, PROOF, "TSPL")}
    if stock.width_mm > 90 and stock.height_mm > 120:
        found["card"] = scanner_card(stock, load("ru").say, fonts)
    for name, place in PLACES.items():
        parcel = papers(to=place)
        for number, label in enumerate(shipping_labels(parcel, stock, fonts)):
            found[f"{name}{number}"] = label
    return found
