"""Cities in Latin letters: the table's own letters, nothing guessed, the buyer's words stay."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.customs.latin import TABLE, city_line, latin, legible, with_latin
from packstation.domain.orders import Address
from tests.documents.samples import papers
from tests.domain.customs import rig

ROWS = rig.pack().tables[TABLE]
COUNTRIES = sorted({country for row in ROWS for country in row["countries"]})


@pytest.mark.parametrize(
    ("country", "city", "line"),
    [
        ("RU", "Москва", "Moskva"),
        ("RU", "Санкт-Петербург", "Sankt-Peterburg"),
        ("RU", "Нижний Новгород", "Nizhnii Novgorod"),
        ("RU", "Щёлково", "Shchelkovo"),
        ("RU", "ЩЁЛКОВО", "SHCHELKOVO"),
        ("RU", "Подъячево 2", "Podieiachevo 2"),
        ("RU", "Казань", "Kazan"),
        ("RU", "Щ", "Shch"),
        ("RU", "КАЗАНЬ Щ", "KAZAN Shch"),
        ("UA", "Київ", "Kyiv"),
        ("UA", "Харків", "Kharkiv"),
        ("UA", "Луганськ", "Luhansk"),
        ("BY", "Гомель", "Homel"),
        ("BG", "Благоевград", "Blagoevgrad"),
        ("BG", "Панагюрище", "Panagiurishte"),
        ("MK", "Скопје", "Skopje"),
        ("KZ", "Алматы", "Almaty"),
    ],
)
def test_a_city_by_the_table(country: str, city: str, line: str) -> None:
    assert latin(city, country, ROWS) == line


@pytest.mark.parametrize(
    ("country", "city"),
    [
        ("KZ", "Қарағанды"),
        ("MN", "Өлгий"),
        ("RU", "深圳"),
        ("RU", "Москва 北"),
        ("CN", "深圳"),
        ("DE", "Мюнхен"),
        ("RS", "Београд"),
        ("BG", "Ёж"),
        ("BG", "Търговище"),
        ("RU", "ь"),
        ("RU", ""),
    ],
)
def test_nothing_is_guessed(country: str, city: str) -> None:
    assert latin(city, country, ROWS) == ""


def test_no_line_at_home_and_none_beside_latin_letters() -> None:
    to = Address(country="RU", city="Москва")
    assert city_line(to, "CN", ROWS) == "Moskva"
    assert city_line(to, "RU", ROWS) == ""
    assert city_line(replace(to, city="Moscow (Москва)"), "CN", ROWS) == ""
    assert city_line(replace(to, city="12"), "CN", ROWS) == ""


def test_a_parcel_bears_it() -> None:
    tables = rig.pack().tables
    parcel = papers(to=Address(country="UA", city="Львів"))
    assert with_latin(parcel, tables).latin == "Lviv"
    assert with_latin(parcel, {}) is parcel


@example("BG", "㉠")
@given(st.sampled_from(COUNTRIES), st.text())
def test_a_line_is_legible_or_there_is_none(country: str, city: str) -> None:
    line = latin(city, country, ROWS)
    assert line == "" or legible(line) or legible(city)


def test_the_rows_write_letters_in_ascii() -> None:
    for row in ROWS:
        assert all(len(one) == 1 and one.islower() for one in row["letters"])
        assert all(found.isascii() for found in row["letters"].values())
    countries = [country for row in ROWS for country in row["countries"]]
    assert len(countries) == len({*countries})
