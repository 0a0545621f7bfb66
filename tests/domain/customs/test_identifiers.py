from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.customs import identifiers
from packstation.domain.customs.identifiers import compact
from tests.domain.customs import rig

EU = rig.pack().groups["EU"]

RIGHT = {
    "ioss": ["IM2760000006", " im 276-000.0006 ", "IM9000000001"],
    "vat": ["DE136695976", "NL 4495445B01", "GB980780684", "ATU13585627"],
    "uk_vat": ["GB980780684", "gb 980 7806 84", "XI980780684"],
    "voec": ["2012345", "VOEC 2012345", "VOEC No. 2012345"],
    "au_gst": ["83 914 571 673", "300000000123"],
    "nz_ird": ["4909185-0", "49091850"],
    "cn_uscc": ["91110000600037341L"],
    "cn_customs": ["4401960abc"],
    "rex": ["INREX0123456789DE"],
    "ru_inn": ["7707083893", "500100732259"],
}
WRONG = {
    "ioss": ["IN2760000006", "EU372022452", "IM276000000", "IM27600000066", "IM1230000006", "",
             "IM276000000６x", "２７６"],
    "vat": ["DE136695978", "XX123", "1234", "", "GB98078068"],
    "uk_vat": ["GB980780685", "980780684", "GB98078068", "GB980780684000"],
    "voec": ["201234", "20123456", "", "VOEC"],
    "au_gst": ["83914571674", "30000000012", "3000000001234"],
    "nz_ird": ["49091851", "1"],
    "cn_uscc": ["91110000600037342L", "9111000060003734"],
    "cn_customs": ["4401960AB", "4401960ABCD", "4401960-A%"],
    "rex": ["REX123", "INREX", "IN0123"],
    "ru_inn": ["7707083894", "77", ""],
}  # fmt: skip


def cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in table.items() for value in values]


@pytest.mark.parametrize(("name", "value"), cases(RIGHT))
def test_a_number_of_the_right_shape_is_let_pass(name: str, value: str) -> None:
    assert not rig.ask(rig.case(), name, value)


@pytest.mark.parametrize(("name", "value"), cases(WRONG))
def test_a_number_of_another_shape_is_found(name: str, value: str) -> None:
    assert rig.ask(rig.case(), name, value)


@pytest.mark.parametrize(
    "value", ["DE123456789012345", "FR1", "GB123456789000", "XI 123456789000", "gr123456789"]
)
def test_an_eori_is_of_a_state_and_the_british_have_twelve_digits(value: str) -> None:
    assert not rig.ask(rig.case(), "eori", value, EU)


@pytest.mark.parametrize(
    "value",
    ["DE", "DE1234567890123456", "CN123456789", "GB123456789", "XI12345678900A", "", "D1", "EU1"],
)
def test_another_is_no_eori(value: str) -> None:
    assert rig.ask(rig.case(), "eori", value, EU)


@given(
    st.sampled_from(sorted(RIGHT)),
    st.one_of(st.none(), st.booleans(), st.floats(), st.text(), st.integers(), st.binary()),
)
def test_any_value_is_judged(name: str, value: object) -> None:
    assert isinstance(rig.ask(rig.case(), name, value), tuple)
    assert isinstance(rig.ask(rig.case(), "eori", value, EU), tuple)


@given(st.text(max_size=30))
def test_what_is_compact_stays_so(text: str) -> None:
    assert compact(compact(text)) == compact(text)


def test_a_json_number_is_a_number() -> None:
    assert not rig.ask(rig.case(), "voec", 2012345)
    assert compact(value=True) == ""


def test_a_persons_number_is_never_shown() -> None:
    (wrong,) = rig.ask(rig.case(), "ru_inn", "7707083894")
    assert wrong.value == identifiers.HIDDEN


@pytest.mark.parametrize(
    ("day", "over", "to_come"),
    [("2026-11-21", True, False), ("2026-11-22", False, False), ("2026-11-23", False, True)],
)
def test_a_number_holds_to_its_last_day(day: str, over: bool, to_come: bool) -> None:
    assert bool(rig.ask(rig.case(), "from_today", day)) is over
    assert bool(rig.ask(rig.case(), "until_today", day)) is to_come
    assert rig.ask(rig.case(), "from_today", "for ever")
