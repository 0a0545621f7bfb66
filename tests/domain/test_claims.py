"""Rules of claims: when one has lapsed, which pack of two stands, fences that only rise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain import claims as c
from packstation.domain.passing import CANCELLED, OPEN, PACKED, PARKED, Work, succeeds

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def held(until_min: float, heard_min: float | None, *, revoked: bool = False) -> c.Held:
    heard = None if heard_min is None else NOON + timedelta(minutes=heard_min)
    until = NOON + timedelta(minutes=until_min)
    return c.Held(station="s-2", bench="02", until=until, heard=heard, revoked=revoked)


@pytest.mark.parametrize(
    ("claim", "lapsed"),
    [
        (held(1, 0), False),
        (held(0, 0), True),
        (held(-1, -2), False),
        (held(-470, -479), False),
        (held(-470, -480), True),
        (held(-1, None), True),
        (held(1, 0, revoked=True), True),
    ],
)
def test_a_claim_ends_when_its_bench_lets_it_or_stays_away_too_long(
    claim: c.Held, lapsed: bool
) -> None:
    assert claim.lapsed(NOON) is lapsed


def work(state: str, station: str = "s-2") -> Work:
    return Work(order="A-1", session="x", state=state, station=station, bench="02")


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (c.Known(), "unknown"),
        (c.Known(status="cancelled"), "cancelled"),
        (c.Known(status="shipped"), "shipped"),
        (c.Known(status="unpaid"), "on_hold"),
        (c.Known(status="ready", hold="fraud"), "on_hold"),
        (c.Known(status="ready", assigned="02"), "other_bench"),
        (c.Known(status="ready", assigned="01"), ""),
        (c.Known(status="ready", held=held(5, 0)), "claimed"),
        (c.Known(status="ready", held=held(-5, 0)), ""),
        (c.Known(status="ready", work=work(PACKED)), "packed"),
        (c.Known(status="ready", work=work(OPEN)), "at_bench"),
        (c.Known(status="ready", work=work(OPEN), gone=True), ""),
        (c.Known(status="ready", work=work(OPEN), held=held(-5, 0)), ""),
        (c.Known(status="ready", work=work(OPEN, "s-3"), held=held(-5, 0)), "at_bench"),
        (c.Known(status="ready", work=work(PARKED)), ""),
        (c.Known(status="ready", work=work(CANCELLED)), ""),
        (c.Known(status="ready", work=work(OPEN, "s-1")), ""),
    ],
)
def test_why_an_order_is_not_given(known: c.Known, why: str) -> None:
    no = c.refusal(known, "s-1", "01", NOON)
    assert (no.why if no else "") == why


@given(st.lists(st.integers(1, 4), max_size=40))
def test_fences_rise_over_restores_that_forget(gens: list[int]) -> None:
    """Each restore forgets all that was given since the copy was made."""
    last = 0
    for gen in sorted(gens):
        fence = c.next_fence(0 if gen > 1 and last < (gen - 1) * c.FENCES else last, gen)
        assert fence > last
        last = fence


def pack(session: str, fence: int, labelled: str = "") -> c.Pack:
    return c.Pack(session=session, station="s", fence=fence, labelled=labelled)


def test_of_two_packs_the_higher_fence_stands_then_the_first_label() -> None:
    early, late = pack("b", 1, "2026-11-23T10:00"), pack("a", 1, "2026-11-23T11:00")
    assert c.standing([late, early]) is early
    assert c.standing([early, pack("c", 2)]).session == "c"
    assert c.standing([pack("b", 0), late, pack("d", 1)]) is late
    assert c.standing([pack("b", 0), pack("a", 0)]).session == "a"


@given(st.permutations([pack(str(n), n // 2, f"{n % 3}") for n in range(6)]))
def test_who_stands_does_not_depend_on_who_came_first(packs: list[c.Pack]) -> None:
    assert c.standing(packs).session == "4"


def test_a_newer_right_to_an_order_takes_its_place_but_not_that_of_a_parcel() -> None:
    def at(session: str, state: str, fence: int) -> Work:
        return Work(order="A-1", session=session, state=state, station=session, fence=fence)

    assert succeeds(at("b", OPEN, 2), at("a", OPEN, 1))
    assert not succeeds(at("a", OPEN, 1), at("a", CANCELLED, 2))
    assert not succeeds(at("a", OPEN, 0), at("a", CANCELLED, 2))
    assert succeeds(at("a", PACKED, 0), at("a", CANCELLED, 2))
    assert succeeds(at("b", OPEN, 0), at("a", CANCELLED, 2))
    assert succeeds(at("a", PACKED, 1), at("b", OPEN, 2))
    assert not succeeds(at("b", OPEN, 2), at("a", PACKED, 1))
    assert succeeds(at("b", PACKED, 2), at("a", PACKED, 1))
    assert not succeeds(at("a", PACKED, 1), at("b", PACKED, 2))
