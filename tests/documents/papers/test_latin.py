"""A city in other letters stands on label and papers once more in Latin ones, beside its own."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.customs.packs import read_folder
from packstation.documents.fonts import Fonts
from packstation.documents.label.shipping import shipping_labels
from packstation.documents.papers.making import PAPERS, PaperAsked, paper_pages
from packstation.domain.customs.latin import with_latin
from packstation.domain.labels import Label, Media, Text, media
from packstation.domain.orders import Address
from tests.documents.samples import RUSSIAN, papers

TABLES = read_folder(resource("customs")).tables
MOSCOW = replace(RUSSIAN, city="Москва")
PARCEL = with_latin(papers(to=MOSCOW, count=1, invoice={"no": "CI-1"}), TABLES)


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts(resource("fonts"))


def words(pages: tuple[Label, ...]) -> str:
    found = (one for page in pages for one in page.elements if isinstance(one, Text))
    return "\n".join(" ".join(one.lines) for one in found)


@pytest.mark.parametrize("stock", ["100x150", "4x6", "100x100"])
def test_the_label_has_both(stock: str, fonts: Fonts) -> None:
    text = words(shipping_labels(PARCEL, media(stock), fonts))
    assert "Москва" in text
    assert "Moskva" in text


def test_a_narrow_label_has_both(fonts: Fonts) -> None:
    text = words(shipping_labels(replace(PARCEL, form="none"), Media(76.0, 150.0), fonts))
    assert "Moskva" in text


@pytest.mark.parametrize("kind", ["cn23", "invoice", "proforma", "packing-list", "sli"])
def test_papers_have_both(kind: str, fonts: Fonts) -> None:
    size = Media(210.0, 148.0, 300) if kind == "cn23" else media("a4", 300)
    asked = PaperAsked(kind, (PARCEL,), size, tables=TABLES, today="2026-11-22")
    text = words(tuple(PAPERS[kind](asked, fonts)))
    assert "Москва (Moskva)" in text


def test_where_there_is_no_room_the_buyers_words_stay(fonts: Fonts) -> None:
    crowded = Address(
        name="Иван " * 4,
        company="Компания " * 4,
        lines=tuple("улица Тверская, дом 1, корпус 2, строение 3" for _ in range(2)),
        city="Москва",
        region="Москва",
        postcode="101000",
        country="RU",
        phone="+74951234567",
        tax_id="500100732259",
    )
    long = replace(papers(to=crowded, count=1), latin="Moskva " * 60)
    text = words(shipping_labels(long, media("100x150"), fonts))
    assert "Москва" in text
    assert "Moskva" not in text
    asked = PaperAsked("cn23", (long,), Media(101.6, 152.4, 203), today="2026-11-22")
    assert "Moskva" not in words(tuple(paper_pages(asked, fonts)))


def test_a_city_in_latin_letters_is_printed_once(fonts: Fonts) -> None:
    parcel = with_latin(papers(to=replace(RUSSIAN, city="Moscow"), count=1), TABLES)
    assert words(shipping_labels(parcel, media("100x150"), fonts)).count("Moscow") == 1
