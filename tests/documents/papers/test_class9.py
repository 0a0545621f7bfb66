"""The class 9 label as an inspector sees it: on its corner, striped above, a 9 below."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

import pytest
from PIL import Image

from packstation.documents.fonts import Fonts
from packstation.documents.papers.making import make_paper, paper_pages
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import Media
from tests.documents.papers.pages import faults, pictures, text
from tests.documents.papers.test_battery import FULL, SMALL, asked, lamp

ALONE = lamp(battery="alone")
LARGE = lamp(battery_wh=Decimal(160), battery_cells=10)
DPI = 254


def upright(pdf: bytes, page: int) -> Image.Image:
    """A page turned as it is stuck on, dark as 0; 10 dots a mm."""
    picture = pictures(pdf, DPI)[page].convert("L")
    return picture.rotate(-45, expand=True, fillcolor=255)


def runs(picture: Image.Image, down_mm: float) -> int:
    """Dark runs of more than 2 mm in a row that lies so far below the middle."""
    y = picture.height // 2 + round(down_mm * 10)
    row = picture.crop((0, y, picture.width, y + 1)).tobytes()
    return sum(dark and len([*some]) > 20 for dark, some in groupby(row, lambda one: one < 128))


def test_batteries_alone_bear_mark_and_label(fonts: Fonts) -> None:
    pdf = make_paper(asked(ALONE), fonts)
    assert faults(pdf, [(100, 100)]) == []
    assert "UN3480" in text(pdf)
    label = upright(pdf, 1)
    assert runs(label, -3) == 7
    assert runs(label, -30) == 5
    assert runs(label, 15) >= 3
    assert runs(label, 27) == 0
    assert runs(label, 45.7) == 1


def test_large_batteries_bear_the_label_alone(fonts: Fonts) -> None:
    (page,) = paper_pages(asked(LARGE), fonts)
    assert page.media == FULL
    assert "UN" not in text(make_paper(asked(LARGE), fonts))


def test_it_stands_in_the_middle_of_wider_paper(fonts: Fonts) -> None:
    pdf = make_paper(asked(LARGE, media=Media(104, 150)), fonts)
    assert faults(pdf, [(104, 150)]) == []


def test_smaller_paper_is_refused(fonts: Fonts) -> None:
    with pytest.raises(FormOverflow) as refused:
        paper_pages(asked(LARGE, media=SMALL), fonts)
    assert refused.value.fields["field"] == "media"


def test_paper_with_a_red_border_gets_the_mark_only(fonts: Fonts) -> None:
    assert len(paper_pages(asked(ALONE, kind="battery-preprinted"), fonts)) == 1


def test_beside_such_paper_the_label_is_a_paper_of_its_own(fonts: Fonts) -> None:
    for goods in (ALONE, LARGE):
        pdf = make_paper(asked(goods, kind="class-9"), fonts)
        assert faults(pdf, [(100, 100)]) == []
        assert runs(upright(pdf, 0), -3) == 7
    with pytest.raises(DocumentError) as refused:
        paper_pages(asked(kind="class-9"), fonts)
    assert refused.value.fields["field"] == "goods.battery"
