from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.customs.operators import Found, Said
from packstation.domain.customs.widths import cut
from tests.domain.customs import rig


def fits(carrier: object = "ups", **party: object) -> Found:
    return rig.ask(rig.case(carrier=carrier), "fits_carrier", party)


@given(st.lists(st.text("abc", min_size=1, max_size=12), max_size=12), st.integers(1, 20))
def test_a_cut_loses_no_word_and_no_line_is_too_long(words: list[str], width: int) -> None:
    lines = cut(words, width)
    if any(len(word) > width for word in words):
        assert lines == ()
    else:
        assert " ".join(lines).split() == words
        assert all(len(line) <= width for line in lines)


def test_what_fits_is_let_pass() -> None:
    assert not fits(name="x" * 35, lines=["x" * 35, "", "y", "z"], city="x" * 30, company=5)
    assert not fits(lines="no list")
    assert not fits(carrier="none", name="x" * 99)
    assert not fits(carrier=["ups"], name="x" * 99)
    assert not rig.ask(rig.case(carrier="ups"), "fits_carrier", "no party")


def test_a_line_too_long_is_named_with_a_cut_at_its_words() -> None:
    (wrong,) = fits(lines=["Unit 5, Long Acre Industrial Estate North"])
    assert (wrong.field, wrong.allowed) == (
        "ship_to.lines",
        Said("width.lines", {"width": "35", "most": "3"}),
    )
    assert wrong.suggestion == "Unit 5, Long Acre Industrial Estate / North"
    assert wrong.words["length"] == "41"


def test_what_no_cut_makes_fit_has_no_proposal() -> None:
    (wrong,) = fits(lines=["x" * 36])
    assert (wrong.suggestion, wrong.says) == ("", "width.no_proposal")
    (wrong,) = fits(lines=["some words of an address line " * 5])
    assert wrong.suggestion == ""


def test_too_many_lines_are_put_together_where_they_fit() -> None:
    (wrong,) = fits(lines=["a", "b", "c", "d"])
    assert (wrong.value, wrong.suggestion) == ("a / b / c / d", "a b c d")


def test_a_name_too_long_is_named_by_its_field() -> None:
    found = fits(name="Maximiliana Alexandra von und zu Hohenstein", city="x" * 31)
    assert [one.field for one in found] == ["ship_to.name", "ship_to.city"]
    assert found[0].suggestion == "Maximiliana Alexandra von und zu / Hohenstein"
