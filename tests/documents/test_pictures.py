"""The label as picture and page: the same as the printer's, and what a screen may show."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image

from packstation.documents.fonts import Fonts
from packstation.documents.label.pdf import write_pdf
from packstation.documents.label.png import draw, write_png
from packstation.documents.label.shipping import shipping_labels
from packstation.documents.maker import Documents
from packstation.documents.testcard import command_cards, printer_label, scanner_card
from packstation.domain.barcodes import COMMANDS, Command, parse_code
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Barcode, Fill, Label, Media, Text, media
from packstation.domain.orders import Address
from packstation.domain.printers import Stock
from packstation.domain.testcard import CARD_CODES
from packstation.i18n import LANGUAGES, load
from tests.documents.samples import ACCENTED, CHINESE, FONTS, RUSSIAN, WAYBILL, papers
from tests.node.rendering import codes_in

PLACES = (RUSSIAN, CHINESE, ACCENTED)
SIZES = (media("100x150"), media("4x6", 300), media("100x150", 600))


def page(pdf: bytes, dpi: int) -> Image.Image:
    picture: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72).to_pil()
    return picture.convert("L")


@pytest.mark.parametrize("to", PLACES, ids=lambda to: to.country)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size.dpi))
def test_a_scanner_reads_the_picture_and_the_page(to: Address, size: Media, fonts: Fonts) -> None:
    (label,) = shipping_labels(papers(to=to), size, fonts)
    picture = Image.open(io.BytesIO(write_png([label], fonts)))

    assert picture.size == size.size_dots
    assert codes_in(picture) == [WAYBILL]
    assert codes_in(page(write_pdf([label], fonts), size.dpi)) == [WAYBILL]


def test_no_reader_takes_a_code_from_a_screen(fonts: Fonts) -> None:
    for label in (
        *shipping_labels(papers(), SIZES[0], fonts),
        scanner_card(SIZES[0], load("en").say, fonts),
        printer_label(SIZES[0], "07", load("en").say, fonts),
    ):
        assert codes_in(draw(label, fonts, hatched=True)) == []
        assert codes_in(draw(label, fonts)) != []


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_no_reader_takes_a_code_from_a_preview(dpi: int) -> None:
    maker, stock = Documents(FONTS), Stock("", 100, 150, dpi)
    sheet = Stock("", 210, 297, 300, "pdf", "sheet")
    for png in (
        maker.preview("label", papers(), stock),
        maker.preview("cn22", papers(), sheet),
        maker.test_preview("07", "en", stock, "%PS:tested:label:12345678"),
    ):
        picture = Image.open(io.BytesIO(png))
        assert max(picture.size) <= 900
        assert codes_in(picture) == []
        assert codes_in(picture.resize((picture.width * 2, picture.height * 2))) == []


def test_no_preview_of_an_unknown_document() -> None:
    with pytest.raises(DocumentError):
        Documents(FONTS).preview("poem", papers(), Stock("", 100, 150))


def test_picture_and_page_show_the_same(fonts: Fonts) -> None:
    (label,) = shipping_labels(papers(), media("4x6", 300), fonts)
    mine = draw(label, fonts).resize((200, 300))
    theirs = page(write_pdf([label], fonts), 300).resize((200, 300))
    pairs = zip(mine.tobytes(), theirs.tobytes(), strict=True)
    apart = sum(abs(one - other) > 128 for one, other in pairs)

    assert apart < 0.005 * 200 * 300


def test_the_same_label_gives_the_same_bytes(fonts: Fonts) -> None:
    (label,) = shipping_labels(papers(), media("100x150"), fonts)

    assert write_png([label], fonts) == write_png([label], fonts)
    assert write_pdf([label], fonts) == write_pdf([label], fonts)


def test_several_labels_are_several_pages_of_their_own_size(fonts: Fonts) -> None:
    labels = (
        *shipping_labels(papers(), media("100x150"), fonts),
        *shipping_labels(papers(), media("4x6", 300), fonts),
    )
    document = pypdfium2.PdfDocument(write_pdf(labels, fonts, title="two"))
    picture = Image.open(io.BytesIO(write_png(labels, fonts)))

    assert [round(document[at].get_width()) for at in range(len(document))] == [283, 288]
    assert picture.size == (1200, 1198 + 1800)
    assert document.get_metadata_dict()["Title"] == "two"


def test_a_page_without_text_can_be_drawn(fonts: Fonts) -> None:
    label = Label(Media(20, 20), (Fill(5, 5, 10, 10), Barcode("c", "qr", "PST-1", 1, 1, 2)))

    assert page(write_pdf([label], fonts), 203).getextrema() == (0, 255)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_card_reads_as_its_command(language: str, fonts: Fonts) -> None:
    sheets = command_cards(load(language).say, fonts)
    read = [code for one in sheets for code in codes_in(page(write_pdf([one], fonts), 300))]
    meant = [parse_code(text) for text in read]

    assert {one.command for one in meant if isinstance(one, Command)} == COMMANDS
    assert len(read) == len(COMMANDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_speak_the_language_of_the_bench(language: str, fonts: Fonts) -> None:
    words = load(language)
    for label in (
        scanner_card(media("a6", 300), words.say, fonts),
        *command_cards(words.say, fonts),
        printer_label(media("4x6", 300), "07", words.say, fonts),
    ):
        text = [line for one in label.elements if isinstance(one, Text) for line in one.lines]
        assert not [line for line in text if line.startswith(("card.", "label.test"))]


def test_the_card_on_a_page_reads_like_the_printed_one(fonts: Fonts) -> None:
    card = scanner_card(media("a6", 300), load("en").say, fonts)

    assert codes_in(page(write_pdf([card], fonts), 300)) == [code.text for code in CARD_CODES]
