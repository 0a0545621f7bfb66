from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.customs.addresses import (
    only_initials,
    plain_name,
    street,
    table_country,
)
from packstation.domain.customs.case import Case
from packstation.domain.customs.facts import fact
from tests.domain.customs import rig

JSON = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text()), st.floats()
)


def to(**address: object) -> Case:
    return rig.case(ship_to=address)


def known(at: Case, name: str) -> object:
    found: object = fact(at, at.order, name)
    return found


def test_a_postcode_of_northern_ireland_is_told_by_the_table() -> None:
    for postcode, there in (("bt1 5gs", True), ("BR1 1AA", False), ("B1 1AA", False), (5, False)):
        assert (rig.ask(rig.case(), "postcode_within", postcode, "XI") == ()) is there


def test_xi_is_written_as_in_gb() -> None:
    assert tuple(table_country(rig.case(), one) for one in ("XI", "DE", None)) == ("GB", "DE", "")


def test_lines_that_are_blank_or_no_text_are_no_street() -> None:
    assert street({"ship_to": {"lines": [" ", "Main St 5 ", 7, ""]}}, "ship_to") == "Main St 5"
    for lines in ([], ["  "], None, 5, {"a": 1}):
        assert street({"ship_to": {"lines": lines}}, "ship_to") is None
    assert street({"ship_to": {"lines": "Main St 5"}}, "ship_to") == "Main St 5"
    assert known(to(lines=["x"]), "street") == "x"


@pytest.mark.parametrize(
    ("country", "city", "part", "need"),
    [
        ("DE", "Berlin", "postcode", "must"),
        ("DE", "Berlin", "region", None),
        ("HK", "", "region", "should"),
        ("HK", "", "city", None),
        ("RU", "Казань", "region", "should"),
        ("RU", "МОСКВА", "region", None),
        ("RU", "St Petersburg", "region", None),
        ("US", "Cupertino", "region", "must"),
        ("CN", "上海市", "region", None),
        ("CN", "Гуанчжоу", "region", "should"),
        ("JE", "St Helier", "postcode", "should"),
        ("XI", "Belfast", "postcode", "must"),
        ("ZZ", "Nowhere", "city", None),
        (None, "Nowhere", "city", None),
    ],
)
def test_a_field_is_required_wanted_or_neither(
    country: object, city: str, part: str, need: str | None
) -> None:
    assert known(to(country=country, city=city), f"needs_{part}") == need


def test_names_of_places_are_compared_without_accents_and_marks() -> None:
    assert plain_name(" São  Paulo. ") == plain_name("sao paulo")
    assert plain_name(5) == ""
    assert plain_name("北京市") == "北京市"


def test_the_company_stands_in_for_the_person() -> None:
    assert known(to(company="ACME"), "addressee") == "ACME"
    assert known(to(name="Li", company="ACME"), "addressee") == "Li"
    assert known(to(), "sender") is None


def test_couriers_and_some_countries_need_a_telephone() -> None:
    assert known(rig.case(service_class="express", ship_to={"country": "DE"}), "phone_needed")
    assert known(rig.case(service_class="postal", ship_to={"country": "RU"}), "phone_needed")
    assert not known(rig.case(service_class="postal", ship_to={"country": "DE"}), "phone_needed")
    assert not known(rig.case(), "phone_needed")


def test_all_but_documents_are_goods() -> None:
    assert known(rig.case(), "has_goods") is True
    assert known(rig.case(category="gift"), "has_goods") is True
    assert known(rig.case(category="documents"), "has_goods") is False


@pytest.mark.parametrize("name", ["Li", "王伟", "محمد", "สมชาย", "𠮷野", "J. Smith", "Ng", "Ó Sé"])
def test_a_name_of_any_alphabet_is_a_name(name: str) -> None:
    assert not rig.ask(rig.case(), "name", name, 2)


@pytest.mark.parametrize(
    "name", ["", "L", "王", "J. S.", "j s", "И. И.", "12345", "--", 5, [], None]
)
def test_one_letter_initials_and_digits_are_no_name(name: object) -> None:
    assert rig.ask(rig.case(), "name", name, 2)


def test_initials_are_of_alphabets_with_capitals() -> None:
    assert only_initials("J.S.")
    assert not only_initials("王 伟")
    assert not only_initials("")
    assert not only_initials("1 2")


def test_a_postcode_is_as_its_country_writes_it() -> None:
    at = rig.case()
    for value, country in (
        ("10119", "DE"),
        ("ec1y 8sy", "GB"),
        (" 101000 ", "RU"),
        ("22162-1010", "US"),
        ("BT1 5GS", "XI"),
        ("anything", "AE"),
        ("anything", "ZZ"),
        ("anything", None),
    ):
        assert not rig.ask(at, "postcode_of", value, country)
    odd: tuple[tuple[object, str], ...] = (("1011", "DE"), ("101190", "DE"), (10119, "DE"))
    for one, country in (*odd, ("x", "GB")):
        (wrong,) = rig.ask(at, "postcode_of", one, country)
        assert wrong.allowed
    assert rig.ask(at, "postcode_within", "BR1 1AA", "XI")
    assert rig.ask(at, "postcode_within", None, "XI")
    assert not rig.ask(at, "postcode_within", "BT1 5GS", "XI")


def test_a_telephone_is_read_as_dialled_in_its_country() -> None:
    at = rig.case()
    assert not rig.ask(at, "phone_in", "030 901820", "DE")
    assert not rig.ask(at, "phone_in", "+49 30 901820", None)
    assert not rig.ask(at, "phone_in", 74951234567, "RU")
    assert not rig.ask(at, "phone_in", "028 9024 6609", "XI")
    none: tuple[object, ...] = ("", "12", "call me", True, [], "0" * 500)
    for value in none:
        assert rig.ask(at, "phone_in", value, "DE")


@pytest.mark.parametrize(
    ("code", "hint"),
    [("UK", "GB"), ("AN", "CW, SX or BQ"), ("de", "DE"), ("ZZ", ""), (5, ""), ([], ""), ("ic", "")],
)
def test_a_country_that_is_none_is_told_with_what_it_may_be(code: object, hint: str) -> None:
    (wrong,) = rig.ask(rig.case(), "served", code)
    assert wrong.allowed == hint
    assert wrong.words["use"] == hint
    assert wrong.says == ("" if hint or not code else "country.unknown")


def test_assigned_countries_kosovo_and_northern_ireland_are_served() -> None:
    for code in ("DE", "XK", "XI"):
        assert not rig.ask(rig.case(), "served", code)


def test_an_origin_is_a_country_of_iso() -> None:
    assert not rig.ask(rig.case(), "assigned_country", "CN")
    for code, hint in (("EU", ""), ("cn", "CN"), ("XI", "")):
        (wrong,) = rig.ask(rig.case(), "assigned_country", code)
        assert wrong.allowed == hint
    assert rig.ask(rig.case(), "assigned_country", ["CN"])


def test_a_city_is_legible_on_the_way() -> None:
    abroad = rig.case(ship_from={"country": "CN"}, ship_to={"country": "RU"})
    home = rig.case(ship_from={"country": "RU"}, ship_to={"country": "RU"})
    nowhere = rig.case()
    for value in ("Moscow", "Москва (Moscow)", "Y", "Ås", "", "12", 5):
        assert not rig.ask(abroad, "in_latin", value)
    for value in ("莫斯科", "دبي", "Қарағанды", "莫斯科 A"):
        assert rig.ask(abroad, "in_latin", value)
        assert not rig.ask(abroad, "latin_given", value)
    for value in ("Москва", "Москва A"):
        assert not rig.ask(abroad, "in_latin", value)
        (found,) = rig.ask(abroad, "latin_given", value)
        assert found.suggestion == found.words["latin"] == value.replace("Москва", "Moskva")
    assert not rig.ask(home, "latin_given", "Москва")
    assert not rig.ask(abroad, "latin_given", "Moscow")
    assert not rig.ask(home, "in_latin", "Москва")
    assert rig.ask(home, "in_latin", "莫斯科")
    assert rig.ask(nowhere, "in_latin", "Москва")


def test_a_region_is_known_by_code_or_name() -> None:
    at = rig.case()
    for value in ("CA", "california", "CALIFORNIA "):
        assert not rig.ask(at, "region_of", value, "US")
    (wrong,) = rig.ask(at, "region_of", "Bavaria", "US")
    assert str(wrong.allowed).startswith("AL, AK, ")
    assert rig.ask(at, "region_of", 5, "US")
    for country in ("DE", "ZZ", None):
        assert not rig.ask(at, "region_of", "anything", country)


@given(JSON)
def test_any_value_is_judged(value: object) -> None:
    at = rig.case(ship_to={"country": value, "postcode": value, "city": value, "lines": value})
    for name, than in (
        ("name", 2),
        ("postcode_of", "DE"),
        ("postcode_within", "XI"),
        ("phone_in", "DE"),
        ("served", None),
        ("assigned_country", None),
        ("in_latin", None),
        ("region_of", "US"),
        ("fits_carrier", None),
    ):
        assert isinstance(rig.ask(at, name, value, than), tuple)
    for part in ("lines", "city", "region", "postcode"):
        assert known(at, f"needs_{part}") in {None, "must", "should"}
