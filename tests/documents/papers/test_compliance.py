"""Labels that a destination wants: who stands on them is the site's to say."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.documents.fonts import Fonts
from packstation.documents.papers.eac import LEAST_MM
from packstation.documents.papers.making import PaperAsked, make_paper, paper_pages
from packstation.domain.customs.compliance import answers
from packstation.domain.errors import DocumentError, FormOverflow, InputInvalid
from packstation.domain.labels import Media, Polygon, Text
from tests.documents.papers.pages import faults, missing, pictures, text
from tests.documents.samples import ACCENTED, RUSSIAN, SHIRT, papers

ROWS = json.loads(resource("customs", "tables", "compliance.json").read_text("utf-8"))
PARTIES: list[dict[str, Any]] = [
    {
        "role": "eu_responsible",
        "name": "Muster Vertretungs GmbH",
        "lines": ["Hafenstraße 7", "20457 Hamburg", "GERMANY"],
        "email": "gpsr@example.com",
    },
    {"role": "eu_responsible", "name": "Store Two Rep", "store": "ozon-2"},
    {"role": "uk_importer", "name": "Example Imports Ltd", "lines": ["1 Quay Street, Hull"]},
    {"role": "eaeu_importer", "name": "ООО «Импорт»", "lines": ["Москва, ул. Складская, 1"]},
]
TABLES = {"compliance": ROWS, "compliance_parties": PARTIES}
ON = date(2026, 11, 22)


def label(media: Media | None = None, language: str = "en", **fields: Any) -> PaperAsked:  # noqa: ANN401 - any field
    return PaperAsked(
        "compliance",
        (papers(**{"to": ACCENTED, **fields}),),
        media or Media(100, 70),
        language=language,
        today="2026-11-22",
        tables=TABLES,
    )


def test_the_union_reads_its_responsible_person_and_the_maker(fonts: Fonts) -> None:
    pdf = make_paper(label(language="de"), fonts)

    assert faults(pdf, [(100, 70)]) == []
    wanted = [
        "EU responsible person",
        "Verantwortliche Person in der EU",
        "Muster Vertretungs GmbH",
        "Hafenstraße 7",
        "gpsr@example.com",
        "Guangzhou Baiyun Trading Co., Ltd.",
        "CHINA",
        "40112233-0007-1: TS-BLK-M, MG-ENM, SK-WOL",
    ]
    assert missing(pdf, wanted) == []


def test_a_mark_without_a_drawing_is_in_words_five_millimetres_high(fonts: Fonts) -> None:
    rows = [{**row, "mark": "XYZ"} if row.get("mark") else row for row in ROWS]
    one = replace(label(to=RUSSIAN), tables={**TABLES, "compliance": rows})
    (page,) = paper_pages(one, fonts)
    (mark,) = (one for one in page.elements if isinstance(one, Text) and one.role == "mark")

    assert mark.lines == ("XYZ",)
    assert mark.size * 0.714 >= 5


@pytest.mark.parametrize("dpi", [203, 300])
def test_the_eac_mark_is_a_square_of_three_letters(fonts: Fonts, dpi: int) -> None:
    asked = label(Media(100, 70, dpi), to=RUSSIAN, language="ru")
    (page,) = paper_pages(asked, fonts)
    corners = [one for mark in page.elements if isinstance(mark, Polygon) for one in mark.corners]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    wide, high = max(x for x, _ in corners) - left, max(y for _, y in corners) - top

    assert wide == pytest.approx(high)
    assert high >= LEAST_MM
    drawn = pictures(make_paper(asked, fonts), dpi)[0].convert("L")
    dots = [round(one / 25.4 * dpi) for one in (left, top, left + wide, top + high)]
    mark = drawn.crop((dots[0], dots[1], dots[2], dots[3])).resize((170, 170))

    def dark(y: int) -> list[int]:
        """Where strokes begin and end in a row, in tenths of the mark's units."""
        ink = [one < 128 for one in mark.crop((0, y, 170, y + 1)).tobytes()]
        return [x for x in range(1, 170) if ink[x] != ink[x - 1]]

    # Strokes of each letter (E, A, C), between its bars; then along the bars of A and C.
    assert dark(50) == pytest.approx([20, 60, 80, 90, 110, 120, 140], abs=4)
    assert dark(120) == pytest.approx([20, 60, 80, 90, 110, 120, 140], abs=4)
    assert dark(15) == pytest.approx([50, 60, 110, 120], abs=4)
    assert dark(155) == pytest.approx([50, 60, 80, 90, 110, 120], abs=4)
    found = make_paper(label(to=RUSSIAN, language="ru"), fonts)
    assert faults(found) == []
    assert missing(found, ["Импортёр", "ООО «Импорт»"]) == []


def test_the_kingdom_wants_no_maker(fonts: Fonts) -> None:
    found = text(make_paper(label(to=replace(ACCENTED, country="GB")), fonts))

    assert "UK importer" in found
    assert "Guangzhou" not in found


def test_a_store_has_its_own_party(fonts: Fonts) -> None:
    assert "Store Two Rep" in text(make_paper(label(store="ozon-2"), fonts))
    assert "Store Two Rep" not in text(make_paper(label(store="ozon-3"), fonts))


def test_without_a_party_there_is_no_label(fonts: Fonts) -> None:
    with pytest.raises(DocumentError) as refused:
        make_paper(label(to=replace(ACCENTED, country="US")), fonts)

    assert refused.value.fields["field"] == "compliance_parties"


def test_what_does_not_fit_is_named(fonts: Fonts) -> None:
    with pytest.raises(FormOverflow):
        make_paper(label(Media(40, 30)), fonts)


def test_rows_hold_in_their_days() -> None:
    later: list[dict[str, Any]] = [{**ROWS[0], "valid_from": "2026-11-23"}]
    earlier = [{**ROWS[0], "valid_to": "2026-11-21"}]

    for rows, count in ((ROWS, 1), (later, 0), (earlier, 0)):
        tables: dict[str, list[dict[str, Any]]] = {
            "compliance": rows,
            "compliance_parties": PARTIES,
        }
        assert len(answers(tables, "DE", "", ON)) == count


def test_what_ships_names_nobody() -> None:
    shipped = json.loads(resource("customs", "tables", "compliance_parties.json").read_text())

    assert shipped == []
    assert answers({"compliance": ROWS, "compliance_parties": shipped}, "DE", "", ON) == ()


def test_a_row_of_another_shape_is_named() -> None:
    with pytest.raises(InputInvalid) as refused:
        answers({"compliance": [{"id": "x"}]}, "DE", "", ON)

    assert refused.value.fields["path"] == "ComplianceRow"


@pytest.mark.parametrize("count", [60, 61, 200])
def test_many_goods_go_on_over_further_labels(fonts: Fonts, count: int) -> None:
    goods = [replace(SHIRT, sku=f"SKU-{at:05}-BLK") for at in range(count)]
    asked = label()
    pages = paper_pages(replace(asked, parcels=(papers(*goods, to=ACCENTED),)), fonts)
    pdf = make_paper(replace(asked, parcels=(papers(*goods, to=ACCENTED),)), fonts)

    assert faults(pdf, [(100, 70)] * len(pages)) == []
    assert missing(pdf, [one.sku for one in goods]) == []
    assert len(pages) > 1
    said = text(pdf)
    assert said.count("Muster Vertretungs GmbH") == len(pages)
    assert all(f"({at}/{len(pages)})" in said for at in range(1, len(pages) + 1))


def test_a_number_that_no_label_holds_is_named(fonts: Fonts) -> None:
    goods = [replace(SHIRT, sku="W" * 900), SHIRT]
    with pytest.raises(FormOverflow) as refused:
        paper_pages(replace(label(), parcels=(papers(*goods, to=ACCENTED),)), fonts)

    assert refused.value.fields["field"] == "products"
