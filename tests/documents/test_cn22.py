"""The CN 22 as a page: size, fonts, text and bars as a post or a customs officer gets them."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import groupby

import pypdfium2
import pytest
from PIL import Image

from packstation.documents.fonts import Fonts
from packstation.documents.label.pdf import write_pdf
from packstation.documents.maker import Documents
from packstation.documents.papers.cn22 import amount, cn22, grouped, kilograms
from packstation.domain.errors import DocumentError, FormOverflow, GlyphMissing
from packstation.domain.labels import Media, media
from packstation.domain.orders import Address
from packstation.domain.quantities import Money
from tests.documents.samples import FONTS, MUG, SENDER, SHIRT, SOCKS, WAYBILL, papers, product
from tests.node.rendering import codes_in

RUSSIAN_SENDER = Address(name="Иван Петров", lines=("ул. Ленина, 1",), city="Омск", country="RU")


@pytest.fixture(scope="module")
def maker() -> Documents:
    return Documents(FONTS)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[at].get_textpage().get_text_range() for at in range(len(document))]
    return " ".join(" ".join(pages).split())


def picture_of(pdf: bytes, dpi: int = 300) -> Image.Image:
    picture: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72).to_pil()
    return picture.convert("L")


def test_every_declared_field_can_be_copied_out_of_it(maker: Documents) -> None:
    text = text_of(maker.make("cn22", papers(SHIRT, SOCKS)).payload)

    for part in (
        "CUSTOMS DECLARATION",
        "May be opened officially",
        "CN 22",
        "LP 123 456 785 CN",
        "China Post",
        "Lin Yue, Guangzhou Baiyun Trading Co., Ltd.",
        "广州白云贸易有限公司",
        "Sale of goods",
        "1 x men's knitted",
        "0.175 59.90 CNY 610910 CN",
        "0.120 39.00 CNY 611594 CN",
        "1.104 98.90 CNY",
        "2026-11-21",
    ):
        assert part in text, part


def test_it_has_the_size_of_the_form(maker: Documents) -> None:
    page = pypdfium2.PdfDocument(maker.make("cn22", papers(SHIRT)).payload)[0]

    assert page.get_width() * 25.4 / 72 == pytest.approx(74, abs=0.2)
    assert page.get_height() * 25.4 / 72 == pytest.approx(105, abs=0.2)


def test_it_grows_to_a6_when_the_contents_want_more_room(maker: Documents) -> None:
    what = "hand-painted ceramic figurine of a cat on a wooden stand, for the shelf, number"
    goods = [product(f"S{at}", f"{what} {at}", "691390", 90, "8") for at in range(4)]
    pdf = maker.make("cn22", papers(*goods)).payload

    assert pypdfium2.PdfDocument(pdf)[0].get_width() * 25.4 / 72 == pytest.approx(105, abs=0.2)
    assert all(f"number {at}" in text_of(pdf) for at in range(4))


def test_it_fits_a_label_too(fonts: Fonts) -> None:
    pdf = write_pdf([cn22(papers(), media("100x150"), fonts)], fonts)

    assert codes_in(picture_of(pdf, 203)) == [WAYBILL]


@pytest.mark.parametrize("count", [5, 30, 200])
def test_more_than_four_lines_are_for_another_form(maker: Documents, count: int) -> None:
    goods = [product(f"S{at}", f"ceramic figurine {at}", "691390", 90, "8") for at in range(count)]

    with pytest.raises(FormOverflow) as refused:
        maker.make("cn22", papers(*goods))

    assert refused.value.fields == {"field": "contents", "limit": 4}


def test_its_code_reads_as_the_number(maker: Documents) -> None:
    assert codes_in(picture_of(maker.make("cn22", papers()).payload)) == [WAYBILL]


def test_bars_are_whole_dots_of_the_printer(fonts: Fonts) -> None:
    paper = Media(76.199, 101.599, 300)  # a hair under 900 x 1200 dots: nothing is scaled
    row = picture_of(write_pdf([cn22(papers(SHIRT), paper, fonts)], fonts))
    y = round(20 * 300 / 25.4)
    levels = row.crop((60, y, 840, y + 1)).tobytes()
    runs = [len(list(run)) for dark, run in groupby(level < 128 for level in levels) if dark]

    assert row.size == (900, 1200)
    assert len(runs) == 43
    assert all(run % 4 == 0 for run in runs)


def test_all_fonts_are_embedded(maker: Documents) -> None:
    pdf = maker.make("cn22", papers(MUG, sender=RUSSIAN_SENDER)).payload
    fonts = re.findall(rb"/BaseFont /(\S+)", pdf)

    assert fonts
    assert all(re.fullmatch(rb"[A-Z0-9]{6}\+NotoSans\S*", name) for name in fonts)
    assert pdf.count(b"/FontFile2") == len(fonts)
    assert b"Helvetica" not in pdf


def test_the_same_parcel_gives_the_same_bytes() -> None:
    first = Documents(FONTS).make("cn22", papers())
    again = Documents(FONTS).make("cn22", papers())

    assert first == again
    assert b"CreationDate (D:2000" in first.payload or b"/CreationDate" not in first.payload


def test_training_is_written_on_it(maker: Documents) -> None:
    assert "TRAINING" in text_of(maker.make("cn22", papers(training=True)).payload)


def test_a_missing_glyph_stops_it_by_name(maker: Documents) -> None:
    odd = product("ODD", "cup 𠮷", "732394", 1, "1")

    with pytest.raises(GlyphMissing) as refused:
        maker.make("cn22", papers(odd))

    assert refused.value.fields["codepoint"] == "U+20BB7"
    assert refused.value.fields["field"] == "products[ODD].customs.description"


def test_the_signer_of_the_order_signs() -> None:
    pdf = Documents(FONTS).make("cn22", papers(signer={"name": "Wang Fang"})).payload

    assert "2026-11-21 Wang Fang" in text_of(pdf)


@pytest.mark.parametrize(
    ("waybill", "shown"),
    [("RB123456785GB", "RB 123 456 785 GB"), ("SF1234567890", "SF1234567890")],
)
def test_postal_numbers_are_grouped_for_the_eye(waybill: str, shown: str) -> None:
    assert grouped(waybill) == shown


def test_figures_are_written_as_customs_wants_them() -> None:
    assert [kilograms(grams) for grams in (0, 5, 540, 12345)] == [
        "0.000",
        "0.005",
        "0.540",
        "12.345",
    ]
    assert amount(Money(amount=Decimal("119.8"), currency="CNY")) == "119.80 CNY"
    assert amount(Money(amount=Decimal(1200), currency="JPY")) == "1200 JPY"


def test_the_sender_is_needed(maker: Documents) -> None:
    with pytest.raises(DocumentError) as refused:
        maker.make("cn22", papers(sender=Address(country="CN")))

    assert refused.value.fields["field"] == "ship_from.name"


def test_pages_are_small(maker: Documents) -> None:
    assert len(maker.make("cn22", papers(sender=SENDER)).payload) < 60 * 1024
