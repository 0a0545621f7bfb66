from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.customs.case import Case
from packstation.domain.customs.facts import fact
from packstation.domain.customs.hs import digits_wanted, near, read_hs
from tests.domain.customs import rig

LENGTHS = (4, 6, 8, 10)


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        ("6815.99.41", "68159941"),
        (" 6109 10 0010 ", "6109100010"),
        ("6109-10", "610910"),
        ("６１０９１０", "610910"),
        ("6109100010999", "6109100010"),
        (610910, "610910"),
        (Decimal("6109.10"), "610910"),
    ],
)
def test_a_code_is_its_digits(value: object, digits: str) -> None:
    code = read_hs(value)
    assert code
    assert (code.digits, code.padded) == (digits, False)
    assert code.chapter == digits[:2]


@pytest.mark.parametrize(
    ("value", "digits"), [(90111, "090111"), ("9011100", "09011100"), (901110000, "0901110000")]
)
def test_a_zero_that_a_number_lost_is_put_back(value: object, digits: str) -> None:
    code = read_hs(value)
    assert code
    assert (code.digits, code.padded) == (digits, True)


@pytest.mark.parametrize("value", [None, True, "", "61A9", "6109,10", [], {}, 1e300, "六一", -5])
def test_what_is_no_code_is_none(value: object) -> None:
    assert read_hs(value) is None or not str(value).strip("-").isdigit() or value == -5


@given(st.one_of(st.text(), st.integers(), st.floats(), st.decimals(), st.none()))
def test_any_value_is_read_and_the_reading_stays(value: object) -> None:
    code = read_hs(value)
    if code:
        again = read_hs(code.digits)
        assert again
        assert again.digits == code.digits


@given(
    st.sampled_from(("610910", "090111", "850760")), st.sampled_from(("", "00", "0000", "0000123"))
)
def test_every_code_of_the_edition_is_in_it_however_long(code: str, more: str) -> None:
    at = rig.sold()
    for name, than in (("hs_shape", LENGTHS), ("hs_chapter", ("77",)), ("hs_edition", LENGTHS)):
        assert not rig.ask(at, name, code + more, than)


def test_shape_chapter_and_edition_each_say_their_own() -> None:
    at = rig.sold()
    assert rig.ask(at, "hs_shape", "610", LENGTHS)
    assert rig.ask(at, "hs_shape", "61x", LENGTHS)
    for code in ("770110", "980110", "999999"):
        assert rig.ask(at, "hs_chapter", code, ("77", "98", "99"))
        assert not rig.ask(at, "hs_edition", code, LENGTHS)
    assert rig.ask(at, "hs_chapter", "000000", ())[0].words["chapter"] == "00"
    assert rig.ask(at, "hs_chapter", "61", ("61",))
    for name in ("hs_chapter", "hs_edition", "hs_whole", "hs_long_enough", "hs_fits", "hs_implied"):
        assert not rig.ask(at, name, "6x", LENGTHS)
    assert not rig.ask(at, "hs_edition", "610", LENGTHS)


@pytest.mark.parametrize("code", ["854140", "851712", "950350"])
def test_codes_that_left_are_named_with_what_is_nearest(code: str) -> None:
    (wrong,) = rig.ask(rig.sold(), "hs_edition", code, LENGTHS)
    text = rig.tables().hs(code[:4])
    assert wrong.words["near"] == (f"{code[:4]}: {text}" if text else wrong.allowed)
    assert str(wrong.allowed).startswith(code[:2])


def test_without_a_heading_the_chapter_is_nearest_and_without_it_nothing() -> None:
    at = rig.case()
    no_heading, nothing = read_hs("619999"), read_hs("770000")
    assert no_heading
    assert nothing
    assert near(at, no_heading).startswith("61: ")
    assert near(at, nothing) == ""


def test_a_lost_zero_is_said_where_the_code_is_one_with_it() -> None:
    at = rig.sold()
    (wrong,) = rig.ask(at, "hs_whole", 90111)
    assert (wrong.allowed, wrong.suggestion) == ("090111", "090111")
    assert not rig.ask(at, "hs_whole", "61091")
    assert not rig.ask(at, "hs_whole", "090111")


def lane(there: str, here: str = "CN", mode: str = "") -> Case:
    return rig.case(
        ship_to={"country": there}, ship_from={"country": here}, cn_export_mode=mode, lines=[{}]
    )


def test_the_destination_says_how_long_a_code_must_be() -> None:
    assert digits_wanted(lane("DE")) == 6
    assert digits_wanted(lane("US")) == 10
    assert digits_wanted(lane("DE", mode="9710")) == 4
    assert digits_wanted(lane("DE", "VN", mode="9710")) == 6
    assert digits_wanted(lane("US", mode="9710")) == 10
    assert not rig.ask(lane("DE"), "hs_long_enough", "610910")
    (wrong,) = rig.ask(lane("DE"), "hs_long_enough", "6109")
    assert wrong.words["n"] == "6"
    assert rig.ask(lane("DE"), "hs_digits", "61091000", 10)
    assert not rig.ask(lane("DE"), "hs_digits", "6109100010", 10)


def test_the_export_list_has_the_code_of_the_country_of_dispatch() -> None:
    own = {"hs": "610910", "hs_national": {"CN": "6109100010", "US": "6109100012"}}
    for here, customs, code in (
        ("CN", own, "6109100010"),
        ("VN", own, "610910"),
        ("CN", {"hs": "610910"}, "610910"),
        (None, {"hs": "610910", "hs_national": {"CN": 5}}, "610910"),
        ("CN", {}, None),
    ):
        at = rig.case(
            ship_from={"country": here},
            lines=[{"sku": "A"}],
            products=[{"sku": "A", "customs": customs}],
        )
        assert fact(at, at.lines[0], "export_hs") == code


@pytest.mark.parametrize(
    ("goods", "code", "fits"),
    [
        ({"battery": "alone", "battery_type": "li_ion"}, "850760", True),
        ({"battery": "alone"}, "610910", False),
        ({"battery": "built_in", "battery_type": "li_ion"}, "851713", True),
        ({"battery": "packed_with", "battery_type": "li_ion"}, "390000", False),
        ({"battery": "none", "classes": ["cosmetics"]}, "330499", True),
        ({"battery": "none", "classes": ["cosmetics"]}, "610910", False),
        ({"classes": "cosmetics"}, "610910", True),
        ({}, "610910", True),
    ],
)
def test_goods_of_a_class_are_in_its_chapters(
    goods: dict[str, object], code: str, fits: bool
) -> None:
    assert (rig.ask(rig.sold(goods), "hs_fits", code) == ()) is fits


def test_a_code_of_a_battery_wants_a_battery_in_the_catalogue() -> None:
    (wrong,) = rig.ask(rig.sold({"battery": "none"}), "hs_implied", "850760")
    assert wrong.words["class"] == "battery"
    assert rig.ask(rig.sold(), "hs_implied", "85065000")
    assert not rig.ask(rig.sold({"battery": "alone"}), "hs_implied", "850760")
    for kind, code, fits in (
        ("li_ion", "850760", True),
        ("li_ion", "850650", False),
        ("li_metal", "850650", True),
        ("li_metal", "850760", False),
        (None, "850650", True),
    ):
        goods: dict[str, object] = {"battery": "built_in", "battery_type": kind}
        assert (rig.ask(rig.sold(goods), "hs_implied", code) == ()) is fits
    assert rig.ask(rig.sold({"classes": []}), "hs_implied", "300490")
    assert not rig.ask(rig.sold({"classes": ["medicine"]}), "hs_implied", "300490")


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ("6109100010", True),
        ("6109.10.0010", True),
        ("101210010", True),
        (101210010, True),
        ("6109100010123", True),
        ("61091000", False),
        ("HS 6109100010", False),
        (None, False),
    ],
)
def test_a_us_entry_reads_a_code_as_all_other_checks_do(written: object, holds: bool) -> None:
    assert (rig.ask(rig.sold(), "digits_of_hs", written, 10) == ()) is holds
