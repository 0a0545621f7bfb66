"""The GS1 logistic label, read back from its prints."""

from __future__ import annotations

from itertools import groupby

import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image

from packstation.documents.fonts import Fonts
from packstation.documents.label.languages import language
from packstation.documents.label.logistic import LEAST_MODULE_MM, logistic_label
from packstation.documents.label.pdf import write_pdf
from packstation.documents.label.png import draw
from packstation.documents.label.zpl import ZplWriter
from packstation.documents.symbols import widths
from packstation.domain.catalog import ProductCode
from packstation.domain.errors import FormOverflow
from packstation.domain.item_labels import sscc
from packstation.domain.labels import Barcode, Label, Media, Text, media
from packstation.domain.logistic import Unit, unit_of
from packstation.domain.orders import Address
from tests.documents.label.test_printouts import printed
from tests.documents.samples import ACCENTED, CHINESE, RUSSIAN, SHIRT, papers
from tests.documents.test_pictures import page
from tests.node.rendering import render_zpl

EAN = "06901234567892"
NUMBER = sscc("6901234", 123456789) or ""
SIZES = (media("100x150"), media("4x6"), media("a6"), media("100x150", 300), media("4x6", 600))
IDS = ("100x150", "4x6", "a6", "300", "600")


def unit(to: Address = CHINESE, **fields: object) -> Unit:
    one = replace(SHIRT, codes=(ProductCode(text=EAN[1:]),))
    return replace(unit_of(papers(one, to=to, number=3, count=12), NUMBER), **fields)


def bars(label: Label) -> list[Barcode]:
    return [one for one in label.elements if isinstance(one, Barcode)]


def read(picture: Image.Image) -> list[tuple[str, str]]:
    """Codes from the top: their elements and kind of symbol."""
    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.HRI)
    found.sort(key=lambda code: code.position.top_left.y)
    return [(code.text, code.symbology_identifier) for code in found]


@pytest.mark.parametrize("size", SIZES, ids=IDS)
def test_the_sscc_is_the_lowest_symbol_and_both_read(size: Media, fonts: Fonts) -> None:
    label = logistic_label(unit(units=240), size, fonts)
    meant = [(f"(02){EAN}(37)0240", "]C1"), (f"(00){NUMBER}", "]C1")]
    assert read(draw(label, fonts)) == meant
    assert read(page(write_pdf([label], fonts), 300)) == meant


@pytest.mark.parametrize("size", SIZES, ids=IDS)
def test_symbols_are_as_the_standard_wants_them(size: Media, fonts: Fonts) -> None:
    label = logistic_label(unit(units=240, lot="AB12/7", expiry="2027-12-31"), size, fonts)
    picture = draw(label, fonts)
    for code in bars(label):
        wide = sum(widths(code)) * code.module_dots
        quiet = 10 * code.module_dots
        left, y = size.dots(code.x), size.dots(code.y + code.height / 2)
        row = picture.crop((left - quiet, y, left + wide + quiet, y + 1)).tobytes()
        runs = [len(list(run)) for _dark, run in groupby(level < 128 for level in row)]
        assert runs == [quiet, *(one * code.module_dots for one in widths(code)), quiet]
        assert LEAST_MODULE_MM <= size.mm(code.module_dots) <= 1.016
        assert code.height >= 32
        assert size.mm(wide) <= 165
    told = [one for one in label.elements if isinstance(one, Text) and one.role == "SSCC"]
    assert [(one.lines[0], one.size >= 7) for one in told[1:]] == [(NUMBER, True)]


@pytest.mark.node
@pytest.mark.xdist_group("zpl-renderer")
def test_printers_print_it(fonts: Fonts, writer: ZplWriter) -> None:
    abroad = logistic_label(unit(RUSSIAN, gtin="", units=0), SIZES[0], fonts)
    (((picture),),) = render_zpl([(writer.write([abroad]), abroad.media)])
    assert read(picture) == [("(421)643420015", "]C1"), (f"(00){NUMBER}", "]C1")]
    label = logistic_label(unit(units=240), SIZES[0], fonts)
    meant = [(f"(02){EAN}(37)0240", "]C1"), (f"(00){NUMBER}", "]C1")]
    (((picture),),) = render_zpl([(writer.write([label]), label.media)])
    assert read(picture) == meant
    for id_ in ("tspl", "epl2", "cpcl"):
        assert read(printed(language(id_), label, fonts)) == meant, id_


def test_who_unloads_counts_cartons(fonts: Fonts) -> None:
    label = logistic_label(unit(ACCENTED, kind="pallet"), SIZES[0], fonts)
    said = {line for one in label.elements if isinstance(one, Text) for line in one.lines}
    assert {"PALLET", "3 / 12", "40112233-0007-1", "1.104 kg", "China Post", "COUNT"} <= said
    assert {"FROM", "TO", "José Müller-Nuñez", "GERMANY", f"(00) {NUMBER}"} <= said
    bare = logistic_label(unit(Address(name="A", city="B"), gtin="", units=0), SIZES[0], fonts)
    assert [code.role for code in bars(bare)] == ["sscc"]


def test_a_postcode_too_long_for_the_module_stands_in_words_only(fonts: Fonts) -> None:
    to = replace(ACCENTED, country="GB", postcode="AB12CD34E")
    label = logistic_label(unit(to, gtin="", units=0), SIZES[0], fonts)
    assert [code.role for code in bars(label)] == ["sscc"]
    said = {line for one in label.elements if isinstance(one, Text) for line in one.lines}
    assert {"SHIP TO POST", "AB12CD34E"} <= said


@pytest.mark.parametrize("size", [media("100x100"), media("58x40"), Media(90, 200)])
def test_smaller_paper_than_a6_is_refused(size: Media, fonts: Fonts) -> None:
    with pytest.raises(FormOverflow) as refused:
        logistic_label(unit(), size, fonts)
    assert refused.value.fields["field"] == "paper"


def test_bars_thinner_than_the_standards_are_refused(fonts: Fonts) -> None:
    # At 150 dpi three dots are 0.508 mm; at 72 dpi one is 0.35 mm and two are too wide.
    with pytest.raises(FormOverflow) as refused:
        logistic_label(unit(), Media(100, 150, 72), fonts)
    assert refused.value.fields["field"] == "sscc"
