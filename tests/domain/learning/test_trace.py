"""The weight trace: short, and still true at both ends."""

from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.learning.trace import MOST, Point, traced


def all_of(grams: list[int], least_g: int = 5) -> tuple[Point, ...]:
    points: tuple[Point, ...] = ()
    for number, each in enumerate(grams):
        points = traced(points, (number * 100, each), least_g)
    return points


def test_only_changes_are_kept() -> None:
    assert all_of([0, 0, 3, 400, 402, 700, 0]) == ((0, 0), (300, 400), (500, 700), (600, 0))


def test_of_too_many_the_smallest_step_goes() -> None:
    grams = [100 * n for n in range(MOST)]
    grams[7] = grams[6] + 10
    kept = all_of([*grams, 9000])
    assert len(kept) == MOST
    assert (kept[0][1], kept[-1][1]) == (0, 9000)
    assert 7 * 100 not in [after for after, _ in kept]


@given(st.lists(st.integers(-50, 30_000), min_size=1, max_size=120))
def test_it_stays_short_in_order_and_begins_where_it_began(grams: list[int]) -> None:
    points = all_of(grams)
    assert 1 <= len(points) <= MOST
    assert points[0] == (0, grams[0])
    assert [after for after, _ in points] == sorted(after for after, _ in points)
    assert abs(points[-1][1] - grams[-1]) <= 5
