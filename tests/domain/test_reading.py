"""What a camera read counts only where it proves itself, twice, and is expected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.gs1 import check_digit
from packstation.domain.reading import (
    CHECKS,
    CodeRead,
    Corners,
    ReadingRules,
    Soundness,
    agreed,
    anything,
    expected_texts,
    overlap,
    soundness,
)

HERE: Corners = ((10, 10), (110, 10), (110, 40), (10, 40))
THERE: Corners = ((300, 10), (400, 10), (400, 40), (300, 40))
EAN = "6901234567892"


def read(
    text: str = EAN,
    kind: str = "ean13",
    step: str = "quick",
    *,
    corners: Corners = HERE,
    aim: str = "",
    repaired: bool = False,
    engine: str = "zxing",
    frame: int = 0,
) -> CodeRead:
    return CodeRead(text, aim, kind, corners, engine, step, repaired, frame)


@pytest.mark.parametrize(
    ("text", "kind", "aim", "how"),
    [
        (EAN, "ean13", "]E0", Soundness.CHECKED),
        ("6901234567891", "ean13", "]E0", Soundness.WRONG),
        ("012345000065", "upca", "", Soundness.CHECKED),
        ("01234565", "upce", "]E0", Soundness.CHECKED),
        ("0012345000065", "upce", "]E0", Soundness.CHECKED),
        ("96385074", "ean8", "]E4", Soundness.CHECKED),
        ("96385075", "ean8", "]E4", Soundness.WRONG),
        ("123456", "ean8", "", Soundness.WRONG),
        ("12A45678", "ean8", "", Soundness.WRONG),
        ("09521234543213", "itf", "]I1", Soundness.CHECKED),
        ("09521234543214", "itf", "]I1", Soundness.WRONG),
        ("3729", "itf", "]I0", Soundness.WRONG),
        ("37A9", "itf", "]I0", Soundness.WRONG),
        ("LX123456785CN", "code128", "]C0", Soundness.CHECKED),
        ("010952123454321310AB", "code128", "]C1", Soundness.CHECKED),
        ("010952123454321410AB", "code128", "]C1", Soundness.WRONG),
        ("T-131", "code39", "]A0", Soundness.UNCHECKED),
        ("A\x1b[2J", "qr", "]Q1", Soundness.WRONG),
        ("A" * 513, "qr", "]Q1", Soundness.WRONG),
        ("https://example.org/x", "qr", "]Q1", Soundness.CHECKED),
        ("anything", "telepen", "", Soundness.UNCHECKED),
    ],
)
def test_a_text_proves_itself_by_its_symbologys_check(
    text: str, kind: str, aim: str, how: Soundness
) -> None:
    assert soundness(read(text, kind, aim=aim)) is how


def test_other_lengths_of_itf_count_where_they_are_set_and_prove_nothing() -> None:
    rules = ReadingRules(itf_lengths=frozenset({6}))
    assert soundness(read("123456", "itf"), rules) is Soundness.UNCHECKED
    assert soundness(read("12345678", "itf"), rules) is Soundness.WRONG


def test_one_pass_never_counts_and_two_that_agree_do() -> None:
    once = [read()]
    assert agreed(once, anything) == ()
    assert agreed([*once, *once], anything) == ()
    assert agreed([*once, read(step="quick again")], anything) == (once[0],)
    assert agreed([*once, read(engine="zbar")], anything) == (once[0],)
    assert agreed([*once, read(frame=1)], anything) == (once[0],)


def test_what_is_not_expected_does_not_count_however_often_it_was_read() -> None:
    reads = [read(), read(step="all"), read(engine="zbar")]
    assert agreed(reads, expected_texts({"6901234567885"})) == ()
    assert agreed(reads, expected_texts({EAN})) == (reads[0],)


def test_retail_numbers_are_the_same_in_every_length() -> None:
    long = read("0012345000065", "ean13")
    short = read("012345000065", "upca", engine="zbar")
    tiny = read("01234565", "upce", step="all")
    assert long.key == short.key == tiny.key == "00012345000065"
    assert agreed([long, short], expected_texts({"012345000065"})) == (long,)
    assert read("01234567", "upce").key == "00000001234567"


def test_repaired_pictures_alone_need_a_check() -> None:
    waybill = [
        read("T-131", "code39", "x2", repaired=True),
        read("T-131", "code39", "x2 again", repaired=True),
    ]
    assert agreed(waybill, anything) == ()
    assert len(agreed([read("T-131", "code39"), *waybill], anything)) == 1
    ean = [read(step="x2", repaired=True), read(step="x2 again", repaired=True)]
    assert len(agreed(ean, anything)) == 1


def test_two_texts_at_one_place_are_in_dispute() -> None:
    right = [read(step="quick"), read(step="all")]
    other = read("6901234567885", step="x2", repaired=True)
    assert agreed([*right, other], anything) == ()
    more = [read(step="x3"), read(engine="zbar"), read(step="median")]
    assert agreed([*right, *more, other], anything) == (right[0],)


def test_equal_codes_at_two_places_are_two() -> None:
    reads = [read(), read(step="all"), read(corners=THERE), read(step="all", corners=THERE)]
    assert agreed(reads, anything) == (reads[0], reads[2])


def test_a_code_found_as_a_line_lies_where_its_bars_are() -> None:
    flat = read(corners=((10, 25), (110, 25), (110, 25), (10, 25)))
    above = read(corners=((12, 12), (108, 12), (108, 14), (12, 14)))
    upright = read(corners=((25, 10), (25, 110), (25, 110), (25, 10)))
    beside = read(corners=((12, 12), (14, 12), (14, 108), (12, 108)))
    assert overlap(flat, above)
    assert overlap(upright, beside)
    assert not overlap(flat, read(corners=THERE))
    assert not overlap(read(corners=()), read(corners=()))


@given(st.text(max_size=20), st.sampled_from(sorted(CHECKS)))
def test_any_text_of_any_format_gets_an_answer(text: str, kind: str) -> None:
    one = read(text, kind)
    assert soundness(one) in Soundness
    assert agreed([one], anything) == ()


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_a_digit_misread_breaks_the_check(digits: str, at: int, more: int) -> None:
    right = digits + str(check_digit(digits))
    changed = right[:at] + str((int(right[at]) + more) % 10) + right[at + 1 :]
    assert soundness(read(right)) is Soundness.CHECKED
    assert soundness(read(changed)) is Soundness.WRONG
