from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain import s10
from packstation.domain.countries import ALPHA2, NUMERIC
from packstation.domain.errors import InputInvalid

PREFIXES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)
SERIALS = st.integers(0, s10.LAST_SERIAL)
COUNTRIES = st.sampled_from(sorted(ALPHA2))


@pytest.mark.parametrize(
    ("serial", "digit"),
    # 47312482 is worked out in S10; the others are the two special remainders.
    [("47312482", 9), ("12345678", 5), ("00000000", 5), ("00000007", 6), ("00000006", 2)],
)
def test_check_digit(serial: str, digit: int) -> None:
    assert s10.check_digit(serial) == digit


def test_a_remainder_of_one_gives_zero() -> None:
    serial = next(f"{n:08d}" for n in range(100) if n % 10 * 7 % 11 == 1 and n < 10)
    assert s10.check_digit(serial) == 0


@given(PREFIXES, SERIALS, COUNTRIES)
def test_a_made_number_reads_back(prefix: str, serial: int, country: str) -> None:
    number = s10.number(prefix, serial, country)
    parts = s10.parse(number)
    assert (parts.service, int(parts.serial), parts.country) == (prefix, serial, country)
    assert str(parts) == number
    assert str(s10.parse(parts.grouped().lower())) == number


@given(PREFIXES, SERIALS, COUNTRIES, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_found(
    prefix: str, serial: int, country: str, place: int, off: int
) -> None:
    number = s10.number(prefix, serial, country)
    at = 2 + place
    wrong = number[:at] + str((int(number[at]) + off) % 10) + number[at + 1 :]
    # Only remainders 0 and 10 share a check digit (5 and 0 are given twice by S10 itself).
    if s10.check_digit(wrong[2:10]) != int(number[10]):
        with pytest.raises(InputInvalid, match="check digit"):
            s10.parse(wrong)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("RB123456785XX", "country"),
        ("RB123456786GB", "check digit"),
        ("RB12345678GB", "shape"),
        ("RB１23456785GB", "shape"),
        ("", "shape"),
    ],
)
def test_refusals_name_what_is_wrong(text: str, path: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        s10.parse(text)
    assert refused.value.fields["path"] == path


@pytest.mark.parametrize(
    ("prefix", "serial", "country", "path"),
    [
        ("L1", 1, "CN", "prefix"),
        ("lp", 1, "CN", "prefix"),
        ("LP", -1, "CN", "serial"),
        ("LP", 100_000_000, "CN", "serial"),
        ("LP", 1, "ZZ", "country"),
    ],
)
def test_no_number_from_wrong_parts(prefix: str, serial: int, country: str, path: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        s10.number(prefix, serial, country)
    assert refused.value.fields["path"] == path


def test_country_tables_are_whole() -> None:
    assert len(ALPHA2) == len(NUMERIC) == 249
    assert {"CN", "RU", "GB", "DE", "BR", "JP", "US"} <= ALPHA2
    assert not {"XX", "EU", "UN", "ZZ", "UK"} & ALPHA2
    assert {"156", "643", "826", "276", "076", "392", "840"} <= NUMERIC
