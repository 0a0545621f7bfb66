"""The battery mark as an inspector measures it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.documents.fonts import Fonts
from packstation.documents.label.languages import writer
from packstation.documents.papers.battery import BORDER, CONFIRMS, SIZES, un_numbers
from packstation.documents.papers.making import PaperAsked, make_paper, paper_pages
from packstation.documents.papers.sets import Asked, Consignment, make_set
from packstation.domain.catalog import Goods, Product
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import Barcode, Media, ParcelPapers, Polygon, Text
from tests.documents.papers.pages import decoded, faults, pictures, sizes, text
from tests.documents.samples import SENDER, SHIRT, papers, product

FULL, SMALL = Media(100, 100), Media(100, 70)
TABLES = {
    name: json.loads(resource("customs", "tables", f"{name}.json").read_text("utf-8"))
    for name in ("batteries", "battery_marks")
}


def lamp(sku: str = "LAMP", **fields: Any) -> Product:  # noqa: ANN401 - any field of goods
    goods = {
        "battery": "packed_with",
        "battery_type": "li_ion",
        "battery_wh": Decimal("11.4"),
        "battery_cells": 1,
        "battery_count": 1,
        **fields,
    }
    return replace(product(sku, "LED lantern", "851310", 500, "59"), goods=Goods(**goods))


def asked(
    *goods: Product,
    media: Media = FULL,
    today: str = "2026-11-22",
    tables: Mapping[str, Any] = TABLES,
    kind: str = "battery",
    **fields: Any,  # noqa: ANN401 - any field of a parcel
) -> PaperAsked:
    parcel = papers(*(goods or (lamp(),)), **fields)
    return PaperAsked(kind, (parcel,), media, today=today, tables=tables)


@pytest.mark.parametrize("media", [FULL, SMALL])
@pytest.mark.parametrize("today", ["2026-12-31", "2027-01-01"])
def test_nothing_on_it_overlaps_and_it_has_its_size(media: Media, today: str, fonts: Fonts) -> None:
    pdf = make_paper(asked(media=media, today=today), fonts)

    assert faults(pdf, [(media.width_mm, media.height_mm)]) == []
    assert "UN3481" in text(pdf)
    assert len(pdf) < 60 * 1024


def test_the_telephone_goes_with_the_old_edition(fonts: Fonts) -> None:
    old = text(make_paper(asked(today="2026-12-31"), fonts))
    new = text(make_paper(asked(today="2027-01-01"), fonts))
    unknown = text(make_paper(asked(sender=replace(SENDER, phone=" ")), fonts))

    assert "Tel. +86 20 8888 0000" in old
    assert "Tel" not in new
    assert "Tel" not in unknown


def test_without_an_edition_it_is_refused_by_name(fonts: Fonts) -> None:
    only_old = {**TABLES, "battery_marks": TABLES["battery_marks"][:1]}

    with pytest.raises(DocumentError) as refused:
        make_paper(asked(sender=replace(SENDER, phone=""), tables=only_old), fonts)

    assert refused.value.fields["field"] == "ship_from.phone"


def test_figures_are_twelve_millimetres_high(fonts: Fonts) -> None:
    (page,) = paper_pages(asked(), fonts)
    (number,) = (one for one in page.elements if isinstance(one, Text) and one.role == "un")
    ink = fonts.picture("3481", FULL.dots(number.size), bold=True)

    assert FULL.mm(ink.height) >= 12


@pytest.mark.parametrize("media", [FULL, SMALL])
def test_the_border_is_hatched_and_nothing_else_stands_in_it(media: Media, fonts: Fonts) -> None:
    picture = pictures(make_paper(asked(media=media), fonts), 254)[0]
    width, height = picture.size
    edge = 50  # 5 mm at 10 dots a mm

    for across in (2, edge // 2, edge - 3):
        row = picture.crop((0, across, width, across + 1)).tobytes()
        column = picture.crop((across, 0, across + 1, height)).tobytes()
        for line in (row, column):
            dark = sum(level < 128 for level in line) / len(line)
            assert 0.4 < dark < 0.7
    assert BORDER >= 5
    ring = int(BORDER * 10) + 2
    white = picture.crop((ring, ring, width - ring, ring + 4)).tobytes()
    assert min(white) > 200


def test_the_border_is_red_on_a_page_and_left_out_for_printed_stock(fonts: Fonts) -> None:
    (page,) = paper_pages(asked(), fonts)
    (bare,) = paper_pages(asked(kind="battery-preprinted"), fonts)

    assert any(one.red for one in page.elements if isinstance(one, Polygon))
    assert not any(one.red for one in bare.elements if isinstance(one, Polygon))
    assert faults(make_paper(asked(kind="battery-preprinted"), fonts)) == []


def test_it_stands_in_the_middle_of_a_larger_label(fonts: Fonts) -> None:
    (page,) = paper_pages(asked(media=Media(104, 150)), fonts)
    shapes = [one for one in page.elements if isinstance(one, Polygon)]

    assert min(x for one in shapes for x, _ in one.corners) == pytest.approx(2.0)
    assert max(y for one in shapes for _, y in one.corners) == pytest.approx(SIZES[0][1])


def test_two_numbers_stand_below_each_other(fonts: Fonts) -> None:
    metal = lamp("METAL", battery_type="li_metal", battery_li_g=Decimal(1))
    pdf = make_paper(asked(lamp(), metal, today="2027-01-01"), fonts)

    assert faults(pdf) == []
    assert text(pdf) == "UN3091 UN3481"


@pytest.mark.parametrize("media", [Media(99, 100), Media(100, 69), Media(80, 60)])
def test_smaller_paper_is_refused(media: Media, fonts: Fonts) -> None:
    with pytest.raises(FormOverflow) as refused:
        paper_pages(asked(media=media), fonts)

    assert refused.value.fields["field"] == "media"


def test_three_numbers_want_the_full_mark(fonts: Fonts) -> None:
    goods = (
        lamp(),
        lamp("B", battery_type="li_metal", battery_li_g=Decimal(1)),
        lamp("C", battery_type="na_ion"),
    )

    pdf = make_paper(asked(*goods, today="2027-01-01"), fonts)
    assert faults(pdf) == []
    assert sizes(pdf)[0] == pytest.approx((100, 100), abs=0.2)
    with pytest.raises(FormOverflow):
        paper_pages(asked(*goods, media=SMALL), fonts)


def test_a_mark_that_is_not_needed_shows_what_is_inside() -> None:
    assert un_numbers(asked(lamp(battery="built_in"))) == ("UN3481",)


def test_a_parcel_without_batteries_has_no_mark(fonts: Fonts) -> None:
    with pytest.raises(DocumentError) as refused:
        paper_pages(asked(SHIRT), fonts)

    assert refused.value.fields["field"] == "goods.battery"


def test_the_other_parcels_are_not_on_it(fonts: Fonts) -> None:
    metal = lamp("METAL", battery_type="li_metal", battery_li_g=Decimal(1))
    parcels: tuple[ParcelPapers, ...] = (papers(lamp()), papers(metal))
    second = PaperAsked("battery", parcels, FULL, at=1, today="2027-01-01", tables=TABLES)

    assert text(make_paper(second, fonts)) == "UN3091"


def test_a_parcel_beside_a_marked_one_has_no_page(fonts: Fonts) -> None:
    for beside in (papers(SHIRT), papers(lamp(battery="built_in"))):
        whole = PaperAsked("battery", (papers(lamp()), beside), FULL, at=1, tables=TABLES)
        assert paper_pages(whole, fonts) == ()
        set_of = Consignment(whole.parcels, "2026-11-22", tables=TABLES)
        marks = make_set(set_of, [Asked("battery", size=(100.0, 100.0))], fonts)
        assert [one.parcel for one in marks] == [1]


@pytest.mark.parametrize("language", ["zpl", "tspl", "epl2", "cpcl"])
def test_label_printers_draw_it_in_black(language: str, fonts: Fonts) -> None:
    assert len(writer(language, fonts).write(paper_pages(asked(), fonts))) > 1000


# Below the mark, at its right, and where there is no room outside of the border.
ROOMY = ((Media(100, 150), 1), (Media(104, 150, 300), 1), (Media(180, 100), 1), (FULL, 0))


@pytest.mark.parametrize(("media", "count"), ROOMY)
def test_a_code_for_the_bench_stands_outside_of_the_border(
    media: Media, count: int, fonts: Fonts
) -> None:
    rows = [{**row, "beside": True} for row in TABLES["battery_marks"]]
    question = asked(media=media, tables={**TABLES, "battery_marks": rows})
    (page,) = paper_pages(question, fonts)
    codes = [one for one in page.elements if isinstance(one, Barcode)]
    border = [corner for one in page.elements if isinstance(one, Polygon) for corner in one.corners]
    right, low = max(x for x, _ in border), max(y for _, y in border)

    assert len(codes) == count
    assert all(code.x >= right + 5 or code.y >= low + 5 for code in codes)
    assert faults(make_paper(question, fonts), [(media.width_mm, media.height_mm)]) == []
    assert decoded(make_paper(question, fonts)) == [CONFIRMS] * count


def test_as_shipped_no_code_stands_beside_a_mark(fonts: Fonts) -> None:
    """Nobody has read in the law that it may, and no bench knows it yet."""
    (page,) = paper_pages(asked(media=Media(100, 150)), fonts)
    assert not any(isinstance(one, Barcode) for one in page.elements)
