"""The declaration of returned goods as an officer reads it."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from packstation.documents.fonts import Fonts
from packstation.documents.papers.making import PaperAsked, make_paper
from packstation.domain.errors import DocumentError, FormOverflow, GlyphMissing
from tests.documents.papers.consignments import A4, asked, goods, parcel
from tests.documents.papers.pages import faults, missing, sizes, text
from tests.documents.samples import ACCENTED, SENDER

EXPORT = {"no": "INV-2026-00417", "date": "2026-10-02", "export_ref": "MRN 26CN00000000000001"}


def back(count: int = 3, *, language: str = "en", parcels: int = 1, **fields: Any) -> PaperAsked:  # noqa: ANN401 - any field
    whole: dict[str, Any] = {
        "sender": replace(ACCENTED, phone="+49 30 901820"),
        "to": SENDER,
        "category": "returned_goods",
        "category_text": "wrong size",
        "parent_order_id": "W-2026-0901",
        "invoice": EXPORT,
        **fields,
    }
    one = parcel(count, **whole)
    return asked("returns", *[one] * parcels, language=language)


@pytest.mark.parametrize("language", ["en", "zh_Hans", "ru", "de"])
@pytest.mark.parametrize("count", [1, 60])
def test_its_pages_are_without_fault(fonts: Fonts, language: str, count: int) -> None:
    assert faults(make_paper(back(count, language=language), fonts), A4) == []


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_it_names_the_export_the_reason_and_the_value(fonts: Fonts, language: str) -> None:
    pdf = make_paper(back(language=language), fonts)

    wanted = [
        "RETURNED GOODS DECLARATION",
        "W-2026-0901",
        "MRN 26CN00000000000001",
        "INV-2026-00417 2026-10-02",
        "LP123456785CN",
        "2026-11-22",
        "Reason for return",
        "wrong size",
        "José Müller-Nuñez",
        "Lin Yue",
        "enamel mug 350 ml, steel, for camping",
        "732394",
        "117.72 CNY",  # 121.80 less its share of the discount of 12.30 on 367.40
        "355.10 CNY",
        "The goods listed here left under the references above",
    ]
    assert missing(pdf, wanted) == []
    assert "IM0000000000" not in text(pdf)


def test_the_destination_reads_it_too(fonts: Fonts) -> None:
    found = make_paper(back(language="zh"), fonts)

    assert missing(found, ["退运货物声明", "退货原因", "搪瓷杯"]) == []


def test_all_parcels_are_on_it(fonts: Fonts) -> None:
    assert "1000.000 kg" in text(make_paper(back(parcels=2), fonts))


def test_every_currency_has_its_sum(fonts: Fonts) -> None:
    mixed = (*goods(1), replace(goods(1, "EUR")[0], sku="EU-1"))

    found = text(make_paper(back(goods=mixed), fonts))
    assert "59.90 CNY" in found
    assert "119.80 EUR" in found


def test_many_lines_are_pages(fonts: Fonts) -> None:
    many = [
        replace(one, customs=replace(one.customs, description=f"{one.customs.description} {at}"))
        for at, one in enumerate(goods(120))
    ]
    pdf = make_paper(back(goods=many), fonts)

    assert len(sizes(pdf)) > 3
    assert faults(pdf, A4) == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"category_text": " "}, "category_text"),
        ({"parent_order_id": None, "invoice": None}, "parent_order_id"),
        ({"sender": replace(ACCENTED, name="")}, "ship_from.name"),
    ],
)
def test_what_is_missing_is_named(fonts: Fonts, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(DocumentError) as refused:
        make_paper(back(**fields), fonts)

    assert refused.value.fields["field"] == field


def test_a_reason_that_does_not_fit_is_named(fonts: Fonts) -> None:
    with pytest.raises(FormOverflow) as long:
        make_paper(back(category_text="because " * 500), fonts)
    with pytest.raises(GlyphMissing) as odd:
        make_paper(back(category_text="ไซส์ผิด"), fonts)

    assert long.value.fields["field"] == odd.value.fields["field"] == "category_text"
