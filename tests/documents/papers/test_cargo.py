"""The label "cargo aircraft only": for which batteries, on which paper, in what size."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final

import pytest

from packstation.assets import resource
from packstation.documents.fonts import Fonts
from packstation.documents.papers.making import make_paper, paper_pages
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import Frame, Media, Polygon
from tests.documents.papers.pages import faults, text
from tests.documents.papers.test_battery import TABLES, asked, lamp

ROWS: Final[list[dict[str, Any]]] = json.loads(
    resource("customs", "tables", "cargo_labels.json").read_text("utf-8")
)
ALL: Final = {**TABLES, "cargo_labels": ROWS}
STOCK: Final = Media(120, 110)
ALONE: Final = lamp(battery="alone")


def test_batteries_alone_bear_it_in_its_size(fonts: Fonts) -> None:
    question = asked(ALONE, kind="cargo-only", media=STOCK, tables=ALL)
    pdf = make_paper(question, fonts)
    (page,) = paper_pages(question, fonts)

    assert faults(pdf, [(120, 110)]) == []
    assert text(pdf) == "CARGO AIRCRAFT ONLY FORBIDDEN IN PASSENGER AIRCRAFT"
    (frame,) = (one for one in page.elements if isinstance(one, Frame))
    assert (frame.width, frame.height) == (120, 110)
    assert any(isinstance(one, Polygon) for one in page.elements)


def test_it_stands_in_the_middle_of_a_sheet(fonts: Fonts) -> None:
    media = Media(210, 297, 300)
    pdf = make_paper(asked(ALONE, kind="cargo-only", media=media, tables=ALL), fonts)
    assert faults(pdf, [(210, 297)]) == []


def test_its_size_is_a_row_and_the_first_that_fits_counts(fonts: Fonts) -> None:
    rows = [*ROWS, {**ROWS[0], "width_mm": 75, "height_mm": 70}]
    question = asked(
        ALONE, kind="cargo-only", media=Media(76, 76), tables={**ALL, "cargo_labels": rows}
    )
    (page,) = paper_pages(question, fonts)

    (frame,) = (one for one in page.elements if isinstance(one, Frame))
    assert (frame.width, frame.height) == (75, 70)
    assert faults(make_paper(question, fonts)) == []


@pytest.mark.parametrize("goods", [lamp(), lamp(battery="built_in", battery_wh=Decimal(160))])
def test_batteries_in_and_with_equipment_bear_none(fonts: Fonts, goods: Any) -> None:  # noqa: ANN401 - a product
    with pytest.raises(DocumentError) as refused:
        paper_pages(asked(goods, kind="cargo-only", media=STOCK, tables=ALL), fonts)
    assert refused.value.fields["field"] == "goods.battery"


def test_smaller_paper_and_a_pack_without_rows_are_refused(fonts: Fonts) -> None:
    with pytest.raises(FormOverflow) as small:
        paper_pages(asked(ALONE, kind="cargo-only", media=Media(100, 150), tables=ALL), fonts)
    assert small.value.fields["field"] == "media"
    past = [{**ROWS[0], "valid_to": "2026-11-21"}]
    for rows in ([], past):
        tables = {**ALL, "cargo_labels": rows}
        question = asked(ALONE, kind="cargo-only", media=STOCK, tables=tables)
        with pytest.raises(DocumentError) as bare:
            paper_pages(question, fonts)
        assert bare.value.fields["field"] == "tables"
