"""Every kind of paper in English, Chinese and Russian: each declared field, tick and code on it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import pytest
from msgspec.structs import replace

from packstation.documents.fonts import Fonts
from packstation.documents.papers.making import PAPERS, PaperAsked, make_paper
from packstation.domain.commercial import invoice_of
from packstation.domain.declaration import declare
from packstation.domain.labels import Media, ParcelPapers
from packstation.domain.orders import Address
from tests.documents.papers.pages import cells, decoded, faults, missing
from tests.documents.papers.test_forms import boxes, crosses
from tests.documents.papers.worlds import CYRILLIC, HAN, LATIN, SHEET, STOCKS, World, asked
from tests.documents.samples import FONTS, WAYBILL

FACES: Final = Fonts(FONTS)
WORLDS: Final[dict[str, World]] = {"en": LATIN, "zh": HAN, "ru": CYRILLIC}
FORMS: Final = {"cn22", "cn23"}
COMMERCIAL: Final = {"invoice", "proforma"}
# What a box is ticked at, by the category of the order; the carrier's letter has questions.
TICKS: Final = (("sale_of_goods", "Sale of goods"), ("gift", "Gift"), ("returned_goods", "Return"))
ORDER: Final = "40112233-0007-1"
ORIGIN: Final = ("DEREX1234", "European Union preferential origin.", "EU-Japan EPA", "GERMANY")
MARKS: Final = {
    "battery": ("UN3481", "Tel."),
    "battery-preprinted": ("UN3481", "Tel."),
    "class-9": (),
    "cargo-only": ("CARGO AIRCRAFT ONLY", "FORBIDDEN IN PASSENGER AIRCRAFT"),
}


def place(address: Address) -> list[str]:
    """A party as papers have it."""
    parts = (address.name, address.company, *address.lines, address.city, address.postcode)
    return [one for one in (*parts, address.phone) if one]


def kilograms(grams: int) -> str:
    return f"{grams / 1000:.3f}"


def amount(value: Decimal) -> str:
    return f"{value:.2f}"


def of_declaration(parcel: ParcelPapers) -> list[str]:
    """What CN 22 and CN 23 say of goods."""
    found = declare(parcel)
    parts = [amount(one.amount) for one in found.totals]
    for line in found.lines:
        parts += [line.description, line.hs, line.origin, str(line.quantity)]
        parts += [kilograms(line.net_g), amount(line.value.amount), line.value.currency]
    return parts


def of_lines(parcel: ParcelPapers, language: str) -> list[str]:
    """What lists say of goods: in English, and in the second language."""
    parts = []
    for line in invoice_of((parcel,)).lines:
        parts += [line.description, line.hs, line.origin, f"{line.quantity} pcs"]
        parts += [line.descriptions[language]] if language in line.descriptions else []
    return parts


def declared(question: PaperAsked, world: World) -> list[str]:
    """Every field that a paper of this kind declares."""
    kind, order = question.kind, question.parcel.order
    if kind in FORMS:
        return of_form(question, world)
    if kind in MARKS:
        return list(MARKS[kind])
    skus = [line.sku for line in order.lines]
    if kind == "slip":
        names = [one.name(question.language) for one in question.parcel.products.values()]
        quantities = [str(line.quantity) for line in order.lines]
        to = [one for one in place(order.ship_to) if one != order.ship_to.phone]
        return [ORDER, *to, *names, *skus, *quantities, world.goods[-1], "2026-11-22"]
    if kind == "compliance":
        maker = [order.ship_from.company, *order.ship_from.lines, order.ship_from.city]
        return ["Muster Vertretungs GmbH", "20457 Hamburg", "+49 40 0000000", *maker, *skus, ORDER]
    parties = [*place(order.ship_from), *place(order.ship_to), "INV-2026-00417"]
    return [*parties, *of_list(question, world)]


def of_form(question: PaperAsked, world: World) -> list[str]:
    """CN 22, and the further fields of CN 23."""
    parcel, order = question.parcel, question.parcel.order
    parts = [order.ship_from.name, *of_declaration(parcel), world.signer]
    if question.kind == "cn23":
        parts += [*place(order.ship_from), *place(order.ship_to), kilograms(parcel.gross_g)]
        parts += ["35.00", "L-2026-100", "C-200", "INV-2026-00417", world.goods[1]]
    return parts


def of_list(question: PaperAsked, world: World) -> list[str]:
    """Lists of goods: what all of them have, and what this one has besides."""
    kind, parcel, order = question.kind, question.parcel, question.parcel.order
    invoice = invoice_of((parcel,))
    each = [kilograms(line.net_g * line.quantity) for line in invoice.lines]
    sums = [kilograms(invoice.net_g), kilograms(parcel.gross_g), world.signer]
    skus = [line.sku for line in invoice.lines]
    numbers = ["2026-11-21", parcel.waybill, ORDER, *skus]
    goods = of_lines(parcel, question.language)
    if kind in COMMERCIAL:
        money = [invoice.goods, invoice.total, *(line.unit for line in invoice.lines)]
        parts = [amount(one.amount) for one in (*money, *(line.value for line in invoice.lines))]
        parts += ["-0.50", "35.00", "4.50", "EUR", "DAP", order.named_place or "?", "China Post"]
        units = [kilograms(line.net_g) for line in invoice.lines]
        return [*numbers, *goods, *parts, *units, *sums]
    if kind == "sli":
        parts = [amount(line.declared.amount) for line in invoice.lines]
        parts += [amount(invoice.declared.amount), "4.50", "DAP", "China Post", "ePacket"]
        return [parcel.waybill, ORDER, *goods, *each, *parts, *sums]
    if kind == "returns":
        parts = ["W-2026-0901", "MRN 26CN0000017", world.goods[0], ORDER, parcel.waybill, *skus]
        return [*parts, *of_declaration(parcel), *sums[1:]]
    if kind == "packing-list":
        return [*numbers, *(line.description for line in invoice.lines), *each, *sums, "m³"]
    said = [*sums, "CHINA"] if kind == "origin-request" else ORIGIN
    return [*numbers, *goods, *each, *said]


def question(
    kind: str,
    language: str,
    media: Media,
    **fields: Any,  # noqa: ANN401 - any field of a parcel or its order
) -> tuple[PaperAsked, World]:
    world = WORLDS[language]
    if kind == "compliance":  # China asks for no label on goods
        country = "DE" if language == "zh" else world.to.country
        fields["to"] = replace(world.to, country=country)
    return asked(kind, world, 3, media, language=language, **fields), world


@pytest.mark.parametrize("language", WORLDS)
@pytest.mark.parametrize(("kind", "media"), STOCKS)
def test_every_declared_field_stands_on_it(kind: str, media: Media, language: str) -> None:
    one, world = question(kind, language, media)
    pdf = make_paper(one, FACES)

    assert missing(pdf, declared(one, world)) == []
    assert faults(pdf, [(media.width_mm, media.height_mm)]) == []
    assert cells(pdf) == []
    assert len(pdf) < 60 * 1024
    if kind in FORMS:
        assert decoded(pdf, media.dpi) == [WAYBILL] * (2 if media is SHEET else 1)
    if kind == "slip":
        assert set(decoded(pdf, media.dpi)) == {ORDER}


def test_every_kind_is_among_them() -> None:
    assert {kind for kind, _ in STOCKS} == set(PAPERS)


@pytest.mark.parametrize("language", WORLDS)
@pytest.mark.parametrize(("category", "words"), TICKS)
@pytest.mark.parametrize(("kind", "media"), [one for one in STOCKS if one[0] in FORMS])
def test_the_box_of_the_category_is_ticked_and_no_other(
    kind: str, media: Media, language: str, category: str, words: str
) -> None:
    one, _ = question(kind, language, media, category=category)
    pdf = make_paper(one, FACES)
    copies = 2 if media is SHEET else 1
    found = boxes(pdf)
    ticked = [
        said
        for cross in crosses(pdf)
        for x, y, said in found
        if abs(x - cross[0]) + abs(y - cross[1]) < 0.4
    ]

    assert len(found) == 6 * copies
    assert len(ticked) == copies
    assert all(one.startswith(words) for one in ticked)
