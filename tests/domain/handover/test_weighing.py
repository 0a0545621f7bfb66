"""A bag beside the sum of its parcels: the parcel that is gone, or in it unscanned, is named."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from packstation.domain.handover import weighing as w

INSIDE = {"A": 310, "B": 522, "C": 847, "D": 1204}
TARE = 180
SUM = TARE + sum(INSIDE.values())


def test_a_bag_that_weighs_what_it_should_is_right() -> None:
    found = w.judge(SUM + 7, TARE, INSIDE, {})
    assert (found.off_g, found.likely, found.blind) == (0, (), False)
    assert found.expected_g == SUM


def test_the_parcel_that_is_gone_is_named() -> None:
    found = w.judge(SUM - 847, TARE, INSIDE, {})
    assert (found.off_g, found.likely, found.together) == (-847, ("C",), False)


def test_the_parcel_that_was_never_scanned_is_named() -> None:
    waiting = {"X": 640, "Y": 655, "Z": 90, "?": 0}
    assert w.judge(SUM + 648, TARE, INSIDE, waiting).likely == ("Y", "X")


def test_two_that_are_gone_together_are_named_together() -> None:
    found = w.judge(SUM - 310 - 522, TARE, INSIDE, {})
    # C alone weighs nearly that much: one is likelier than two.
    assert found.likely == ("C",)
    two = w.judge(SUM - 522 - 1204, TARE, INSIDE, {})
    assert (two.likely, two.together) == (("B", "D"), True)


def test_what_nothing_explains_names_nobody() -> None:
    assert w.judge(SUM + 5000, TARE, INSIDE, {"X": 40, "Y": 50}).likely == ()
    assert w.judge(SUM - 100, TARE, INSIDE, {}).likely == ()
    assert w.judge(SUM + 5000, TARE, INSIDE, {}).likely == ()


def test_among_very_many_no_pairs_are_tried() -> None:
    many = {f"W{n}": 1000 + n for n in range(w.PAIRED + 1)}
    assert w.judge(TARE + sum(many.values()) - 2500, TARE, many, {}).likely == ()


def test_a_scale_too_coarse_for_a_light_parcel_says_so() -> None:
    assert w.judge(TARE + 15, TARE, {"LIGHT": 15}, {}).blind
    assert not w.judge(TARE + 150, TARE, {"A": 150}, {}).blind
    assert not w.judge(TARE, TARE, {}, {}).blind
    assert w.judge(TARE + 150, TARE, {"A": 150}, {}, digit_g=200).blind


@given(
    st.lists(st.integers(120, 20_000), min_size=1, max_size=40),
    st.integers(0, 40),
    st.integers(0, 2000),
)
def test_whichever_parcel_is_gone_it_is_among_those_named_or_equals_one(
    weights: list[int], which: int, tare: int
) -> None:
    inside = {f"W{n}": grams for n, grams in enumerate(weights)}
    gone = weights[which % len(weights)]
    assume(gone > w.band_g(len(weights), tare))
    found = w.judge(tare + sum(weights) - gone, tare, inside, {})
    assert found.off_g == -gone
    assert found.likely
    assert abs(inside[found.likely[0]] - gone) <= found.band_g
    assert not found.together
