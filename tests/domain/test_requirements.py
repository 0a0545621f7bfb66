"""Values of units: their forms, told while they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.gs1 import GS
from packstation.domain.requirements import KINDS, check, of_scan, typed_date

MARK = f"010460043993125621JgXJ5.T{GS}91FFD0{GS}92dGVzdA=="
SHORT = f"010460043993125621JgXJ5.T{GS}93dGVz"
TOBACCO = "00000046198488X?io+qCABm8wAYa"
GTIN = "04600439931256"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("serial", " SN-1 ", "SN-1"),
        ("lot", "L7/B", "L7/B"),
        ("expiry", "31.01.2028", "2028-01-31"),
        ("mark", MARK, MARK),
        ("mark", f"{GS}{SHORT}", SHORT),
        ("mark", TOBACCO, TOBACCO),
        ("imei", "49 015420 323751 8", "490154203237518"),
        ("jw_uin", "0123456789012345", "0123456789012345"),
        ("gtd", "10702030/170426/0073254", "10702030/170426/0073254"),
        ("rnpt", "10702030/170426/0073254/12", "10702030/170426/0073254/12"),
        ("country", "cn", "CN"),
        ("weight", "215", "215"),
    ],
)
def test_right_values_are_stored_in_one_form(kind: str, text: str, value: str) -> None:
    assert check(kind, text).value == value


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        ("serial", "x" * 21, "unit.serial.form"),
        ("lot", "two words", "unit.lot.form"),
        ("expiry", "31.02.2028", "unit.expiry.form"),
        ("mark", "4600439931256", "unit.mark.form"),
        ("mark", f"01{GTIN}21JgXJ5.T", "unit.mark.form"),
        ("imei", "490154203237519", "unit.imei.check"),
        ("imei", "4901542032375", "unit.imei.form"),
        ("jw_uin", "123", "unit.jw_uin.form"),
        ("gtd", "10702030-170426", "unit.gtd.form"),
        ("country", "XX", "unit.country.form"),
        ("weight", "0", "unit.weight.form"),
    ],
)
def test_wrong_values_say_what_is_wrong(kind: str, text: str, problem: str) -> None:
    assert check(kind, text).problem == problem


def test_a_mark_belongs_to_its_product() -> None:
    assert check("mark", MARK, (GTIN,)).problem == ""
    assert check("mark", MARK, ("04006381333931",)).problem == "unit.mark.other"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2028-01-31", "2028-01-31"),
        ("1/2/2028", "2028-02-01"),
        ("20280131", "2028-01-31"),
        ("280131", "2028-01-31"),
        ("280200", "2028-02-29"),
        ("281300", ""),
        ("281399", ""),
        ("soon", ""),
        ("99.99.2028", ""),
    ],
)
def test_dates_as_they_stand_on_packs(text: str, iso: str) -> None:
    assert typed_date(text) == iso


def test_a_scan_gives_its_element_or_itself() -> None:
    code = f"010460043993125617280131{'10L7'}{GS}21SN-1"
    assert of_scan("serial", code, "]d2") == "SN-1"
    assert of_scan("lot", code, "]d2") == "L7"
    assert of_scan("expiry", code) == "2028-01-31"
    assert of_scan("serial", "SN-9") == "SN-9"
    assert of_scan("serial", "0104", "]C1") == "0104"
    assert of_scan("lot", "0104600439931256", "]C1") == "0104600439931256"
    assert of_scan("mark", MARK, "]d2") == MARK


@given(st.sampled_from(["serial", "lot", "expiry", *KINDS]), st.text(max_size=60))
def test_any_text_is_judged(kind: str, text: str) -> None:
    found = check(kind, text)
    assert bool(found.value) != bool(found.problem)
    if found.value:
        assert check(kind, found.value) == found
