"""Labels that a destination wants: who stands on them is the site's to say."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.documents.fonts import Fonts
from packstation.documents.papers.making import PaperAsked, make_paper, paper_pages
from packstation.domain.customs.compliance import answers
from packstation.domain.errors import DocumentError, FormOverflow, InputInvalid
from packstation.domain.labels import Media, Text
from tests.documents.papers.pages import faults, missing, text
from tests.documents.samples import ACCENTED, RUSSIAN, papers

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


def test_the_mark_in_words_is_five_millimetres_high(fonts: Fonts) -> None:
    (page,) = paper_pages(label(to=RUSSIAN, language="ru"), fonts)
    (mark,) = (one for one in page.elements if isinstance(one, Text) and one.role == "mark")

    assert mark.lines == ("EAC",)
    assert mark.size * 0.714 >= 5
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
