"""Cut-offs, codes and signatures of a hand-over."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.handover import codes, cutoffs
from packstation.domain.handover import signature as s

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
SIGNED = s.Signature(
    schema=s.SCHEMA,
    manifest="m1",
    driver="Wang Wei",
    at="2026-11-23T09:00:00Z",
    count=3,
    wide=10_000,
    high=4_000,
    strokes=(((0, 0), (3000, 4000)), ((50, 60),), ()),
)


@pytest.mark.parametrize(
    ("rules", "times"),
    [
        ({}, ()),
        ({"cutoffs": "18:00"}, ()),
        ({"cutoffs": {"*": "18:00"}}, (time(18),)),
        ({"cutoffs": {"*": ["18:00"], "chinapost": ["17:30", "12:00"]}}, (time(12), time(17, 30))),
        ({"cutoffs": {"chinapost/e-packet": [], "*": ["18:00"]}}, ()),
        ({"cutoffs": {"*": ["25:00", 9, "07:05"]}}, (time(7, 5),)),
    ],
)
def test_the_most_exact_rule_says_when_a_service_is_fetched(
    rules: dict[str, object], times: tuple[time, ...]
) -> None:
    assert cutoffs.times_of(rules, "chinapost", "e-packet") == times


def test_the_next_cut_off_is_today_s_or_tomorrow_s_first() -> None:
    twice = (time(12), time(17, 30))
    assert cutoffs.next_cutoff(twice, NOON, SHANGHAI) == "2026-11-23T04:00:00Z"
    assert cutoffs.next_cutoff(twice, NOON + timedelta(seconds=1), SHANGHAI) == (
        "2026-11-23T09:30:00Z"
    )
    assert cutoffs.next_cutoff(twice, NOON + timedelta(hours=7), SHANGHAI) == (
        "2026-11-24T04:00:00Z"
    )
    assert cutoffs.next_cutoff((), NOON, SHANGHAI) == ""


@given(
    st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - the zone is next
    st.sampled_from(["UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York"]),
)
def test_a_cut_off_never_lies_in_the_past(times: list[time], at: datetime, zone: str) -> None:
    now = at.replace(tzinfo=UTC)
    found = cutoffs.next_cutoff(sorted(times), now, ZoneInfo(zone))
    # An hour that a zone leaves out or has twice may move it by that hour.
    assert datetime.fromisoformat(found) >= now - timedelta(hours=1, seconds=1)


def test_codes_say_what_they_are_and_differ() -> None:
    one = codes.code_of(codes.MANIFEST, "2026-11-23", "a")
    assert one.startswith("MF-261123-")
    assert codes.is_code(one)
    assert codes.is_code(codes.code_of(codes.UNITS["pallet"], "2026-11-23", "b"))
    assert not codes.is_code("MF-261123-7KQ2")
    assert not codes.is_code("RX123456785CN")
    many = {codes.code_of("BG", "2026-11-23", str(n)) for n in range(2000)}
    assert len(many) > 1998


@pytest.mark.parametrize(
    ("driver", "strokes", "why"),
    [
        ("Wang Wei", SIGNED.strokes, ""),
        ("  ", SIGNED.strokes, "name"),
        ("Wang Wei", (), "blank"),
        ("Wang Wei", (((5, 5),),), "blank"),
        ("Wang Wei", (((0, 0), (900, 0)),), "blank"),
        ("Wang Wei", (tuple((n, n) for n in range(s.MOST_POINTS + 1)),), "long"),
    ],
)
def test_a_dot_is_no_signature(driver: str, strokes: tuple[s.Stroke, ...], why: str) -> None:
    assert s.problem(driver, strokes) == why


def test_a_signature_is_read_back_as_it_was_drawn() -> None:
    assert s.decode(s.encode(SIGNED)) == SIGNED
    assert len(s.digest(s.encode(SIGNED))) == 64
    assert s.path(SIGNED) == "M0 0L3000 4000M50 60L50 60"


@pytest.mark.parametrize("data", [b"", b"{}", b"no", s.encode(replace(SIGNED, schema="x/1"))])
def test_another_file_is_no_signature(data: bytes) -> None:
    assert s.decode(data) is None
