"""Labels for goods: read back from every language's own bytes, whole dots, cells, refusals."""

from __future__ import annotations

from itertools import groupby

import pytest
import pyzbar.pyzbar as zbar
import zxingcpp
from PIL import Image

from packstation.documents.fonts import Fonts
from packstation.documents.label.languages import LANGUAGES, LabelLanguage, writer
from packstation.documents.label.pdf import write_pdf
from packstation.documents.label.png import draw
from packstation.documents.product_labels import item_labels, labels_per_page
from packstation.documents.symbols import widths
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.item_labels import ItemLabel, elements, sscc, symbol_of
from packstation.domain.labels import Barcode, Fill, Label, Media, media
from packstation.i18n import load
from tests.documents.label.specimens import stocks
from tests.documents.label.test_printouts import READ, printed
from tests.documents.test_pictures import page
from tests.node.rendering import render_zpl

EAN, CASE, UPC, SHORT = "6901234567892", "16901234567899", "012345678905", "96385074"
WORDS = load("ru").say
UNIT = sscc("4600000", 7) or ""


def product(code: str, name: str = "Футболка 黑色 T", copies: int = 1) -> ItemLabel:
    return ItemLabel(
        kind="product", symbol=symbol_of(code), data=code, sku="TS-1", name=name, copies=copies
    )


GOODS = [product(code) for code in (EAN, CASE, UPC, SHORT, "TS-BLK-M")]
LOT = ItemLabel(
    kind="lot",
    data=elements(EAN, "AB12/7", "2027-12-31"),
    name="Витамины",
    lot="AB12/7",
    expiry="2027-12-31",
)
PALLET = ItemLabel(kind="sscc", data=f"00{UNIT}", name="GZ-1")
ASKED = [EAN, CASE, f"0{UPC}", SHORT, "TS-BLK-M"]


def texts(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.HRI)
    return sorted(code.text for code in found)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("size", [(100, 150), (58, 40), (60, 30)])
def test_goods_are_read_off_the_picture_and_the_page(
    size: tuple[int, int], dpi: int, fonts: Fonts
) -> None:
    paper = Media(*size, dpi)
    sheets = item_labels(GOODS, paper, WORDS, fonts)
    assert len(sheets) == -(-len(GOODS) // labels_per_page(paper, "product"))
    read, second = [], []
    for number, sheet in enumerate(sheets):
        drawn = draw(sheet, fonts)
        read += texts(drawn)
        second += [code.data.decode() for code in zbar.decode(drawn)]
        pdf = write_pdf([sheet], fonts)
        assert texts(page(pdf, 300)), number
    assert sorted(read) == sorted(ASKED)
    assert set(ASKED) - {SHORT, f"0{UPC}"} <= set(second)


@pytest.mark.parametrize("dpi", [203, 300])
def test_lot_and_expiry_are_gs1_elements(dpi: int, fonts: Fonts) -> None:
    (sheet,) = item_labels([LOT], media("100x150", dpi), WORDS, fonts)
    (code,) = zxingcpp.read_barcodes(draw(sheet, fonts))
    assert code.symbology_identifier == "]d2"
    assert code.text == "(01)06901234567892(17)271231(10)AB12/7"


def test_a_unit_is_gs1_128_and_tall_enough(fonts: Fonts) -> None:
    (sheet,) = item_labels([PALLET], media("100x150"), WORDS, fonts)
    (code,) = zxingcpp.read_barcodes(draw(sheet, fonts))
    assert (code.text, code.symbology_identifier) == (f"(00){UNIT}", "]C1")
    (bars,) = (one for one in sheet.elements if isinstance(one, Barcode))
    assert bars.height >= 32


@pytest.mark.parametrize("row", READ, ids=lambda row: row.id)
def test_every_language_prints_them_alike(row: LabelLanguage, fonts: Fonts) -> None:
    stock = stocks(row)[0]
    for asked in ([*GOODS, LOT], [PALLET]):
        for sheet in item_labels(asked, stock, WORDS, fonts):
            come_out = printed(row, sheet, fonts)
            assert texts(come_out) == texts(draw(sheet, fonts))


@pytest.mark.node
def test_zpl_prints_them_alike(fonts: Fonts) -> None:
    stock = media("100x150")
    sheets = item_labels(GOODS, stock, WORDS, fonts)
    job = (writer("zpl", fonts, None).write(sheets), stock)
    ((picture,),) = render_zpl([job])
    assert texts(picture) == texts(draw(sheets[0], fonts))


def test_there_are_six_languages_and_pages() -> None:
    assert {"zpl", *(row.id for row in READ)} == {row.id for row in LANGUAGES} - {"pdf", "png"}


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_every_bar_is_a_whole_number_of_dots(dpi: int, fonts: Fonts) -> None:
    paper = media("100x150", dpi)
    (sheet,) = item_labels(GOODS, paper, WORDS, fonts)
    picture = draw(sheet, fonts)
    for code in (one for one in sheet.elements if isinstance(one, Barcode)):
        y = paper.dots(code.y + code.height / 2)
        x = paper.dots(code.x)
        wide = sum(widths(code)) * code.module_dots
        row = [picture.getpixel((x + at, y)) for at in range(wide)]
        runs = [len(list(run)) for _, run in groupby(row)]
        assert runs == [width * code.module_dots for width in widths(code)]


def test_a_roll_for_parcels_is_shared_and_copies_count(fonts: Fonts) -> None:
    stock = media("100x150")
    assert (labels_per_page(stock, "product"), labels_per_page(stock, "sscc")) == (10, 1)
    sheets = item_labels([product(EAN, copies=21)], stock, WORDS, fonts)
    assert [_codes(sheet) for sheet in sheets] == [10, 10, 1]


def test_an_insert_is_a_card_of_words(fonts: Fonts) -> None:
    card = ItemLabel(kind="insert", name="Спасибо!", text="Возврат — 14 дней.\n感谢")
    (sheet,) = item_labels([card], media("100x100"), WORDS, fonts)
    assert _codes(sheet) == 0


def test_what_no_symbol_holds_is_refused_by_name(fonts: Fonts) -> None:
    paper = media("100x150")
    for wrong in (
        ItemLabel(kind="product", symbol="ean13", data="690123456789X"),
        ItemLabel(kind="lot", data="(01)no"),
    ):
        with pytest.raises(DocumentError):
            item_labels([wrong], paper, WORDS, fonts)
    long = ItemLabel(kind="product", symbol="code128", data="X" * 48)
    with pytest.raises(FormOverflow):
        item_labels([long], Media(50, 30), WORDS, fonts)
    with pytest.raises(FormOverflow):
        item_labels([LOT], Media(12, 10), WORDS, fonts)


def _codes(sheet: Label) -> int:
    return sum(isinstance(one, Barcode) for one in sheet.elements)


@pytest.mark.parametrize("dpi", [203, 300])
def test_a_case_has_bearer_bars_of_whole_dots_and_is_still_read(dpi: int, fonts: Fonts) -> None:
    (sheet,) = item_labels([product(CASE)], Media(60, 30, dpi), WORDS, fonts)
    (bars,) = (one for one in sheet.elements if isinstance(one, Barcode))
    bearers = [
        one for one in sheet.elements if isinstance(one, Fill) and one.x == pytest.approx(bars.x)
    ]
    high = sheet.media.mm(2 * bars.module_dots)
    ends = [bars.y, bars.y + bars.height - high]
    assert [one.y for one in bearers] == pytest.approx(ends)
    assert [one.height for one in bearers] == pytest.approx([high, high])
    assert texts(draw(sheet, fonts)) == [CASE]
