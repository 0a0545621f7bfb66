"""Spans of time as the screen writes them."""

from __future__ import annotations

import pytest

from packstation.station.viewing.money import time_left
from packstation.station.views import Words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-1, None),
        (59, Words("left.min", (("m", 0),))),
        (3600, Words("left.h_min", (("h", 1), ("m", 0)))),
        (172_800, Words("left.days", (("n", 2),), 2)),
    ],
)
def test_what_is_left_is_said_in_its_largest_unit_and_what_is_past_is_not(
    seconds: int, said: Words | None
) -> None:
    assert time_left(seconds) == said
