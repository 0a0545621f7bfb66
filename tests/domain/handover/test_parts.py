"""Cut-offs, codes and signatures of a hand-over."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.bootstrap.services import calendars
from packstation.domain.choice.calendars import Calendar, Calendars, CutOff
from packstation.domain.handover import codes, cutoffs
from packstation.domain.handover import signature as s

SHANGHAI = ZoneInfo("Asia/Shanghai")
SHIPPED = calendars()
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
        ({"cutoffs": {"*": {"at": ["16:00", "12:00"]}}}, (time(12), time(16))),
        ({"cutoffs": {"*": {"days": "every"}}}, ()),
    ],
)
def test_the_most_exact_rule_says_when_a_service_is_fetched(
    rules: dict[str, object], times: tuple[time, ...]
) -> None:
    assert cutoffs.fetched(rules, Calendars(), "chinapost", "e-packet").times == times


@pytest.mark.parametrize(
    ("rule", "row", "every_day"),
    [
        (["12:00"], None, False),
        (["12:00"], CutOff(days="every"), True),
        (["12:00"], CutOff(carrier="chinapost", days="every"), True),
        (["12:00"], CutOff(carrier="yanwen", days="every"), False),
        ({"at": ["12:00"], "days": "every"}, CutOff(), True),
        ({"at": ["12:00"], "days": "work"}, CutOff(days="every"), False),
        ({"at": ["12:00"]}, CutOff(days="every"), True),
    ],
)
def test_days_off_count_where_a_carrier_comes_on_them(
    rule: object, row: CutOff | None, every_day: bool
) -> None:
    known = Calendars(cutoffs=(row,) if row else ())
    found = cutoffs.fetched({"cutoffs": {"*": rule}}, known, "chinapost", "e-packet")
    assert found == cutoffs.Fetched((time(12),), every_day)


def test_without_a_rule_the_calendars_cut_off_counts() -> None:
    rows = CutOff(at="16:00"), CutOff(carrier="chinapost", at="15:00", days="every")
    known = Calendars(cutoffs=rows)
    assert cutoffs.fetched({}, known, "chinapost", "e") == cutoffs.Fetched((time(15),), True)
    assert cutoffs.fetched({}, known, "yanwen", "e") == cutoffs.Fetched((time(16),))


def test_the_next_cut_off_is_today_s_or_tomorrow_s_first() -> None:
    twice = cutoffs.Fetched((time(12), time(17, 30)))
    assert cutoffs.next_cutoff(twice, NOON, SHANGHAI) == "2026-11-23T04:00:00Z"
    assert cutoffs.next_cutoff(twice, NOON + timedelta(seconds=1), SHANGHAI) == (
        "2026-11-23T09:30:00Z"
    )
    assert cutoffs.next_cutoff(twice, NOON + timedelta(hours=7), SHANGHAI) == (
        "2026-11-24T04:00:00Z"
    )
    assert cutoffs.next_cutoff(cutoffs.Fetched(), NOON, SHANGHAI) == ""


@pytest.mark.parametrize(
    ("packed", "country", "every_day", "left"),
    [
        ("2026-11-27 18:01", "CN", False, "2026-11-30"),  # Friday evening: Monday
        ("2026-11-28 09:00", "CN", True, "2026-11-28"),
        ("2026-11-28 09:00", "", False, "2026-11-30"),
        ("2026-09-30 19:00", "CN", False, "2026-10-08"),  # over the national holidays
        ("2026-10-09 19:00", "CN", False, "2026-10-10"),  # a Saturday that is worked
        ("2026-02-13 19:00", "CN", False, "2026-02-14"),  # another, before the spring festival
        ("2026-02-14 19:00", "CN", False, "2026-02-24"),
        ("2027-01-01 09:00", "CN", False, "2027-01-01"),  # not announced yet: a week like any
    ],
)
def test_nobody_fetches_on_days_off_and_on_make_up_workdays_somebody_does(
    packed: str, country: str, every_day: bool, left: str
) -> None:
    now = datetime.fromisoformat(packed).replace(tzinfo=SHANGHAI)
    when = cutoffs.Fetched((time(18),), every_day)
    found = cutoffs.next_cutoff(when, now, SHANGHAI, SHIPPED.of(country))
    assert datetime.fromisoformat(found).astimezone(SHANGHAI).date().isoformat() == left


def test_a_calendar_on_which_nobody_ever_works_stops_no_list() -> None:
    never = Calendar(id="X", weekend=(0, 1, 2, 3, 4, 5, 6))
    when = cutoffs.Fetched((time(18),))
    assert cutoffs.next_cutoff(when, NOON, SHANGHAI, never) == "2026-11-23T10:00:00Z"


@given(
    st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - the zone is next
    st.sampled_from(["UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York"]),
    st.booleans(),
)
def test_a_cut_off_never_lies_in_the_past_nor_on_a_day_off(
    times: list[time], at: datetime, zone: str, every_day: bool
) -> None:
    now, place, calendar = at.replace(tzinfo=UTC), ZoneInfo(zone), SHIPPED.of("CN")
    when = cutoffs.Fetched(tuple(sorted(times)), every_day)
    found = datetime.fromisoformat(cutoffs.next_cutoff(when, now, place, calendar))
    # An hour that a zone leaves out or has twice may move it by that hour.
    assert found >= now - timedelta(hours=1, seconds=1)
    day = (found - timedelta(hours=1)).astimezone(place).date(), found.astimezone(place).date()
    assert every_day or any(map(calendar.works, day))


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
