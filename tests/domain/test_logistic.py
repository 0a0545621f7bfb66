"""What a GS1 logistic label holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain import gs1
from packstation.domain.catalog import ProductCode
from packstation.domain.errors import InputInvalid
from packstation.domain.item_labels import sscc
from packstation.domain.logistic import (
    Unit,
    facts,
    number_elements,
    other_elements,
    unit_of,
)
from packstation.domain.orders import Address
from tests.documents.samples import CHINESE, SENDER, SHIRT, papers

NUMBER = sscc("6901234", 123456789) or ""
EAN = "6901234567892"
CODED = replace(SHIRT, codes=(ProductCode(text=EAN),))


def unit(to: Address = CHINESE, **fields: object) -> Unit:
    return replace(Unit(sscc=NUMBER, sender=SENDER, to=to), **fields)


def test_a_parcel_of_one_article_tells_it_and_how_many() -> None:
    made = unit_of(papers(CODED, to=CHINESE, number=3, count=12), NUMBER)
    assert (made.gtin, made.units) == (f"0{EAN}", 1)
    assert (made.number, made.count, made.gross_g, made.carrier) == (3, 12, 1104, "chinapost")
    assert other_elements(made) == f"020{EAN}3701"
    assert facts(made) == (("SSCC", NUMBER), ("CONTENT", f"0{EAN}"), ("COUNT", "1"))


def test_of_mixed_contents_it_tells_where_they_go() -> None:
    made = unit_of(papers(to=CHINESE), NUMBER, "pallet")
    assert (made.kind, made.gtin, made.units) == ("pallet", "", 0)
    assert other_elements(made) == "420518057"
    assert facts(made)[1] == ("SHIP TO POST", "518057")
    assert unit_of(papers(SHIRT), NUMBER).gtin == ""


def test_a_count_has_pairs_of_digits() -> None:
    assert other_elements(unit(gtin=f"0{EAN}", units=240)) == f"020{EAN}370240"
    assert other_elements(unit(gtin=f"0{EAN}", units=24)) == f"020{EAN}3724"


@pytest.mark.parametrize(
    ("to", "told"),
    [
        (Address(country="GB", postcode="sw1a 1aa"), "421826SW1A1AA"),
        (Address(country="DE", postcode="50667"), "42127650667"),
        (Address(country="CN", postcode="510440"), "420510440"),
        (Address(country="CN", postcode="1" * 21), ""),
        (Address(country="DE", postcode="1" * 10), ""),
        (Address(country="", postcode="50667"), ""),
        (Address(country="DE", postcode="5-0"), ""),
        (Address(country="DE"), ""),
    ],
)
def test_a_postcode_abroad_has_its_country(to: Address, told: str) -> None:
    assert other_elements(unit(to)) == told


def test_lot_and_expiry_are_for_the_eye() -> None:
    told = facts(unit(Address(), lot="AB12/7", expiry="2027-12-31"))
    assert told == (("SSCC", NUMBER), ("BATCH/LOT", "AB12/7"), ("USE BY OR EXPIRY", "2027-12-31"))


@pytest.mark.parametrize("number", ["", "1" * 18, NUMBER[:-1], f"{NUMBER}0", "a" * 18, "٣" * 18])
def test_what_is_no_sscc_is_refused(number: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        unit(sscc=number)
    assert refused.value.fields["path"] == "sscc"


def test_more_than_the_element_holds_is_refused() -> None:
    with pytest.raises(InputInvalid) as refused:
        unit(gtin=f"0{EAN}", units=100_000_000)
    assert refused.value.fields["path"] == "units"


@given(serial=st.integers(0, 999_999_999), units=st.integers(1, 99_999_999))
def test_every_string_is_read_back_as_it_was_meant(serial: int, units: int) -> None:
    number = sscc("6901234", serial) or ""
    made = unit(sscc=number, gtin=f"0{EAN}", units=units)
    assert gs1.element_string(number_elements(made)) == {"00": number}
    read = gs1.element_string(other_elements(made))
    assert (read["02"], int(read["37"])) == (f"0{EAN}", units)
