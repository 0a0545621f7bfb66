from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.customs.descriptions import (
    Vocabulary,
    meaningful,
    shape_fault,
    stands_alone,
    stop_words_in,
    suggestion,
    tokens,
    vocabulary,
)
from packstation.domain.errors import InputInvalid
from tests.domain.customs import rig

STOP = ("stop_words_eu", "stop_words_ca")
NEUTRAL = ("count_words", "small_words")
LISTS = rig.pack().lists
TERMS = tuple(term for name in STOP for term in LISTS[name])
EXTENSIONS = rig.pack().lists["file_extensions"]
THAN: dict[str, Any] = {"stop": STOP, "neutral": NEUTRAL, "words": 2, "letters": 10}

GOOD = (
    "men's knitted T-shirt, 100% cotton",
    "brake discs for passenger cars",
    "women's leather shoes with rubber sole",
    "stainless steel kitchen knife 20 cm",
    "power supply of 1000 W for computers",
    "men's cotton shirt XXXL",
)


def known() -> Vocabulary:
    return vocabulary((TERMS,), tuple(LISTS[name] for name in NEUTRAL))


def blocked(text: object) -> bool:
    at = rig.sold()
    return bool(
        rig.ask(at, "words", text, {"extensions": "file_extensions"})
        or rig.ask(at, "no_stop_word", text, THAN)
        or rig.ask(at, "says_enough", text, THAN)
    )


@pytest.mark.parametrize("text", GOOD)
def test_what_says_material_thing_and_use_is_let_pass(text: str) -> None:
    assert not blocked(text)
    assert not rig.ask(rig.sold(), "no_stop_word_within", text, THAN)


@pytest.mark.parametrize(
    "text",
    [
        "parts", "Part", "PARTS.", "2 pcs gift", "3x toys", "12 × boxes", "gift box (2)",
        "spareparts",
        "toys, gifts and accessories", "said to contain", "n.a.", "N/A", "１０ pcs of goods",
        "good",
        "e-commerce", "ecommerce", "E Commerce", "batteries", "a sample", "5 pieces", "accessory",
    ],
)  # fmt: skip
def test_a_stop_word_alone_is_caught_however_it_is_dressed(text: str) -> None:
    if text == "good":
        # The singular of "goods" is another word; it says too little all the same.
        assert not stands_alone(text, known())
    else:
        assert stands_alone(text, known())
    assert blocked(text)


@given(
    term=st.sampled_from(TERMS),
    count=st.sampled_from(["", "2 pcs ", "3x ", "12 ", "1 set of ", "(10) ", "４ × "]),
    end=st.sampled_from(["", "s", "es", ".", "!", " / ", " x2", "..", "，"]),
    case=st.sampled_from([str.upper, str.lower, str.title, str.swapcase]),
    blank=st.sampled_from(["", " ", "\t", "\u00a0"]),
)
def test_any_stop_word_in_any_dress_is_caught(
    term: str, count: str, end: str, case: Callable[[str], str], blank: str
) -> None:
    text = f"{blank}{count}{case(term)}{end}{blank}"
    assert stands_alone(text, known())
    assert rig.ask(rig.sold(), "no_stop_word", text, THAN)


@given(st.text(max_size=60))
def test_any_text_is_judged_and_judged_the_same_when_written_plainly(text: str) -> None:
    plain = " ".join(tokens(text))
    assert tokens(plain) == tokens(text)
    assert stands_alone(plain, known()) == stands_alone(text, known())
    assert stop_words_in(plain, known()) == stop_words_in(text, known())
    assert meaningful(plain, known()) == meaningful(text, known())
    shape_fault(text, EXTENSIONS)
    blocked(text)


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.lists(st.integers())))
def test_what_is_no_text_is_no_description(value: object) -> None:
    assert rig.ask(rig.sold(), "words", value, {"extensions": "file_extensions"})
    for name in ("no_stop_word", "no_stop_word_within", "says_enough"):
        assert not rig.ask(rig.sold(), name, value, THAN)
    assert not rig.ask(rig.sold(), "at_most", value, 512)
    assert not rig.ask(rig.sold(), "readable", value, {"enough": 10})


@pytest.mark.parametrize(
    "text",
    ["", " ", ".", "-", "--", "12345", "12-34/5", "12 %", "shirt.pdf", "see list.XLSX", "aaa",
     "cotton shirt aaaa", "xxx", "cotton ...", "---", "5/7 ²"],
)  # fmt: skip
def test_no_words_is_no_description(text: str) -> None:
    assert shape_fault(text, EXTENSIONS)


@pytest.mark.parametrize(
    "text", ["shirt XXL", "xxxxl", "1000 ml", "shirt. pdf", "shirt.pdfs", "aa bb", "男式T恤"]
)
def test_sizes_numbers_and_full_stops_are_words(text: str) -> None:
    assert not shape_fault(text, EXTENSIONS)


def test_stop_words_among_others_are_named_but_not_those_that_count() -> None:
    assert stop_words_in("plastic toys and spare parts for toy cars", known()) == (
        "toys",
        "spare parts",
        "toy",
    )
    assert stop_words_in("3 pieces ceramic cup, good quality", known()) == ()
    (wrong,) = rig.ask(rig.sold(), "no_stop_word_within", "plastic toys, toys of wood", THAN)
    assert wrong.words["word"] == "toys"
    assert not rig.ask(rig.sold(), "no_stop_word_within", "toys", THAN)


def test_plurals_are_of_the_last_word() -> None:
    some = vocabulary((("box", "glass case", "bus", "battery", "boxes"),), (("of",),))
    for text in ("boxes", "box", "glass cases", "busses", "buses", "batteries", "glass casees"):
        assert stands_alone(text, some) or text == "busses"
    assert not stands_alone("glasses case", some)
    assert not stands_alone("bu", some)
    assert not stands_alone("of 2", some)
    assert stands_alone("", vocabulary((), ())) == ""
    assert not stands_alone("words", vocabulary((("-",),), ()))


def test_two_words_and_ten_letters_are_enough() -> None:
    at = rig.sold()
    assert not rig.ask(at, "says_enough", "woolen cape", THAN)
    assert rig.ask(at, "says_enough", "cotton hat", THAN)
    assert rig.ask(at, "says_enough", "windbreakers", THAN)
    assert rig.ask(at, "says_enough", "a windbreaker 5 x", THAN)
    assert not rig.ask(at, "says_enough", "男式针织恤衫", THAN)


def test_a_description_of_512_characters_is_the_longest() -> None:
    assert not rig.ask(rig.sold(), "at_most", "x" * 512, 512)
    (wrong,) = rig.ask(rig.sold(), "at_most", "x" * 513, 512)
    assert wrong.words["length"] == "513"


def test_latin_letters_or_those_of_the_destination_are_read_there() -> None:
    german = rig.sold()
    russian = rig.case(ship_to={"country": "RU"})
    than = {"enough": 10}
    assert not rig.ask(german, "readable", "T-shirt", than)
    assert not rig.ask(german, "readable", "knitted cotton shirt (男式针织恤衫)", than)
    assert rig.ask(german, "readable", "футболка мужская", than)
    assert not rig.ask(russian, "readable", "футболка мужская", than)
    assert rig.ask(german, "readable", "cotton (男式针织恤衫)", than)
    assert not rig.ask(german, "readable", "12", than)


def test_the_tariffs_words_are_suggested_and_never_filled_in() -> None:
    at = rig.sold(hs="6109100010", description="clothes")
    (wrong,) = rig.ask(at, "no_stop_word", "clothes", THAN)
    assert "T-shirts" in wrong.suggestion
    assert wrong.words["suggestion"] == wrong.suggestion
    assert suggestion(at, at.lines[0]) == wrong.suggestion
    unknown = rig.sold(hs="610999")
    assert suggestion(unknown, unknown.lines[0]) == rig.tables().hs("6109")
    for none in (rig.sold(), rig.sold(hs="abc"), rig.sold(hs="7700")):
        assert suggestion(none, none.lines[0]) == ""
    (of_name,) = rig.ask(rig.case(), "no_stop_word", "gifts", THAN)
    assert of_name.suggestion == ""


def test_a_pack_that_names_a_list_it_has_not_is_refused() -> None:
    with pytest.raises(InputInvalid):
        rig.ask(rig.sold(), "no_stop_word", "gifts", {"stop": ("none",), "neutral": ()})
