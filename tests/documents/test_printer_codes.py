"""The sheet of printers' codes: read off the paper, bars of whole dots, pages for many."""

from __future__ import annotations

import io

import pypdfium2
import pytest
import zxingcpp

from packstation.documents.fonts import Fonts
from packstation.documents.label.pdf import write_pdf
from packstation.documents.maker import Documents
from packstation.documents.printer_codes import printer_codes
from packstation.domain.barcodes import parse_code
from packstation.domain.errors import FormOverflow
from packstation.domain.labels import Barcode, media
from packstation.domain.printers import Stock
from packstation.i18n import LANGUAGES, load
from tests.documents.samples import FONTS

LONGEST = "p" * 32
A4 = Stock("a4", 210, 297, 300, "pdf", "sheet")


def read(pdf: bytes, scale: float = 4.0) -> list[str]:
    """Every code on every page, as a reader of the printed sheet has them."""
    found: list[str] = []
    for page in pypdfium2.PdfDocument(io.BytesIO(pdf)):
        picture = page.render(scale=scale).to_pil()
        found += [code.text for code in zxingcpp.read_barcodes(picture)]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_printer_is_one_scan(language: str) -> None:
    rows = [("label", ""), ("label-2", "ZD421 左"), ("papers", "Принтер A4"), (LONGEST, "x" * 40)]
    job = Documents(FONTS).codes(language, rows, A4)
    assert (job.document, job.labels) == ("codes", 1)
    codes = read(job.payload)
    assert sorted(codes) == sorted(f"%PS:printer:{name}" for name, _ in rows)
    assert {str(parse_code(code).to_json()["kind"]) for code in codes} == {"command"}


def test_bars_are_whole_dots_and_many_printers_take_more_pages() -> None:
    rows = [(f"label-{n}", "") for n in range(1, 17)]
    fonts = Fonts(FONTS)
    pages = printer_codes(rows, load("en").say, fonts)
    assert len(pages) == 3
    bars = [one for page in pages for one in page.elements if isinstance(one, Barcode)]
    assert len(bars) == 16
    assert all(one.module_dots >= 3 for one in bars)
    assert len(read(write_pdf(pages, fonts, title=""))) == 16


def test_paper_too_narrow_for_an_id_is_refused_by_name() -> None:
    with pytest.raises(FormOverflow) as caught:
        printer_codes([(LONGEST, "")], load("en").say, Fonts(FONTS), media("a6", 300))
    assert caught.value.fields["field"] == "code"
