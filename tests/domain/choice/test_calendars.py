"""Workdays as China moves them, cut-offs, and the days on which a parcel arrives."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.assets import resource
from packstation.domain.choice.calendars import (
    WEEK,
    Arrival,
    Calendar,
    Calendars,
    CutOff,
    Days,
    Span,
    after_workdays,
    ends_soon,
    handed_over,
    next_workday,
)

SHIPPED = msgspec.json.decode(
    resource("calendars", "cn.json").read_bytes(), type=Calendars, strict=False
)
CN = SHIPPED.of("CN")


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-13", True),
        ("2026-02-14", True),  # a Saturday that stands in for a day of the festival
        ("2026-02-16", False),
        ("2026-02-23", False),
        ("2026-02-28", True),
        ("2026-09-20", True),
        ("2026-10-05", False),
        ("2026-10-10", True),
        ("2026-10-11", False),
    ],
)
def test_china_works_on_some_weekends_and_rests_on_some_weekdays(day: str, *, works: bool) -> None:
    assert CN.works(date.fromisoformat(day)) is works


def test_the_announced_year_adds_up() -> None:
    """33 days off of which each weekday taken is either statutory (13) or worked on a weekend."""
    off = [span.last - span.first + timedelta(days=1) for span in CN.holidays]
    assert sum(off, timedelta()).days == 33
    days = (date(2026, 1, 1) + timedelta(days=one) for one in range(365))
    assert sum(CN.works(day) for day in days) == 248
    assert all(day.weekday() > 4 for day in CN.workdays)
    assert "国办发明电" in CN.source


@pytest.mark.parametrize(
    ("ready", "at", "days", "goes"),
    [
        ("2026-11-23T15:59", "16:00", "work", "2026-11-23"),
        ("2026-11-23T16:00", "16:00", "work", "2026-11-23"),
        ("2026-11-23T16:01", "16:00", "work", "2026-11-24"),
        ("2026-11-20T18:00", "16:00", "work", "2026-11-23"),
        ("2026-11-20T18:00", "16:00", "every", "2026-11-21"),
        ("2026-02-13T18:00", "16:00", "work", "2026-02-14"),
        ("2026-02-14T18:00", "16:00", "work", "2026-02-24"),
    ],
)
def test_what_is_ready_after_the_cutoff_goes_the_next_time(
    ready: str, at: str, days: str, goes: str
) -> None:
    cutoff = CutOff(at=at, days=days)  # type: ignore[arg-type]
    assert handed_over(CN, cutoff, datetime.fromisoformat(ready)).isoformat() == goes


def test_the_closest_cutoff_counts() -> None:
    rows = (
        CutOff(at="20:00"),
        CutOff(carrier="dhl", at="17:00"),
        CutOff(carrier="dhl", service="express", at="15:00"),
    )
    table = Calendars(cutoffs=rows)
    found = [table.cutoff("dhl", "express"), table.cutoff("dhl", "paket"), table.cutoff("cp", "")]
    assert [one.at for one in found] == ["15:00", "17:00", "20:00"]
    assert Calendars().cutoff("cp", "").at == "23:59"


def test_business_days_wait_out_a_festival_and_calendar_days_do_not() -> None:
    days = Days(SHIPPED, CN, datetime.fromisoformat("2026-02-12T10:00"))
    assert days.arrival("cp", "x", (0, 0)).first == date(2026, 2, 12)
    assert days.arrival("cp", "x", (2, 4), "business") == Arrival(
        date(2026, 2, 12), date(2026, 2, 14), date(2026, 2, 25)
    )
    assert days.arrival("cp", "y", (2, 4), "business").last == date(2026, 2, 25)
    assert days.arrival("cp", "x", (None, 4)) == Arrival(
        date(2026, 2, 12), date(2026, 2, 16), date(2026, 2, 16)
    )
    assert days.arrival("cp", "x", (None, None)).last is None


def test_beyond_what_was_announced_nothing_is_sure() -> None:
    days = Days(SHIPPED, CN, datetime.fromisoformat("2026-12-28T10:00"))
    assert days.arrival("cp", "x", (1, 2), "business").sure
    assert not days.arrival("cp", "x", (5, 9), "business").sure
    assert days.arrival("cp", "x", (5, 9), "calendar").sure
    late = Days(SHIPPED, CN, datetime.fromisoformat("2027-01-04T10:00"))
    assert late.arrival("cp", "x", (1, 2)).sure
    collected = Calendars(cutoffs=(CutOff(at="16:00"),))
    by_workdays = Days(collected, CN, datetime.fromisoformat("2027-01-04T10:00"))
    assert not by_workdays.arrival("cp", "x", (1, 2)).sure
    assert ends_soon(SHIPPED.calendars, "CN", date(2026, 12, 2))
    assert not ends_soon(SHIPPED.calendars, "CN", date(2026, 12, 1))
    assert not ends_soon(SHIPPED.calendars, "XX", date(2026, 12, 2))


def test_a_shop_says_what_holds_in_place_of_what_is_shipped() -> None:
    ours = Calendars(
        calendars=(Calendar(id="CN", known_to=date(2027, 12, 31)),), cutoffs=(CutOff(at="12:00"),)
    )
    both = SHIPPED.over(ours)
    assert [one.known_to for one in both.calendars] == [date(2027, 12, 31)]
    assert both.cutoffs == ours.cutoffs
    assert SHIPPED.over(Calendars(cutoffs=ours.cutoffs)).of("CN") == CN
    assert SHIPPED.of("RU") == WEEK


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="not before the first"):
        Span(first=date(2026, 1, 2), last=date(2026, 1, 1))


def test_a_calendar_without_workdays_ends_the_search() -> None:
    never = Calendar(id="X", weekend=(0, 1, 2, 3, 4, 5, 6))
    assert next_workday(never, date(2026, 1, 1)) == date(2026, 1, 1)


@given(st.dates(date(2026, 1, 1), date(2026, 11, 1)), st.integers(0, 40))
def test_between_two_workdays_lie_as_many_as_were_counted(day: date, count: int) -> None:
    start = next_workday(CN, day)
    end = after_workdays(CN, start, count)
    between = (start + timedelta(days=one) for one in range(1, (end - start).days + 1))
    assert sum(CN.works(one) for one in between) == count
    assert CN.works(end)
