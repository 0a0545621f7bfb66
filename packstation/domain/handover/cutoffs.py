"""When a service's parcels are fetched: the site's own times, on the days that its carrier comes.

Times stand in the site's rules, days in the shop's calendars (``choice.calendars``), which also
know of holidays and of China's make-up workdays. Where the rules say nothing of a service the
cut-off of the calendars is its one time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from packstation.domain.choice.calendars import WEEK, Calendar, Calendars, CutOff

# Of a site's rules: {"carrier/service" or "carrier" or "*": ["12:00", "17:30"]}, its own time; or
# {"at": ["12:00"], "days": "every"} for a carrier that comes on days off too.
RULE: Final = "cutoffs"
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
# Where nobody works for so long the table is wrong, and every day counts.
_FURTHEST: Final = 366


class Fetched(Struct, frozen=True):
    """When a service is fetched: times of a day, the earliest first; workdays or every day."""

    times: tuple[time, ...] = ()
    every_day: bool = False


def fetched(
    rules: Mapping[str, object], calendars: Calendars, carrier: str, service: str
) -> Fetched:
    """By the closest rule; days that it does not name are those of the calendars' closest row."""
    names = ((carrier, service), (carrier, ""), ("", ""))
    rows: dict[tuple[str, str], CutOff] = {
        (one.carrier, one.service): one for one in reversed(calendars.cutoffs)
    }
    row = next((rows[name] for name in names if name in rows), None)
    every_day = row is not None and row.days == "every"
    table = rules.get(RULE)
    named = (f"{carrier}/{service}", carrier, "*")
    known = table if isinstance(table, Mapping) else {}
    rule = next((known[name] for name in named if name in known), None)
    if rule is None:
        return Fetched(_times([row.at]), every_day) if row is not None else Fetched()
    if not isinstance(rule, Mapping):
        return Fetched(_times(rule), every_day)
    said = rule.get("days")
    return Fetched(_times(rule.get("at")), every_day if said is None else said == "every")


def _times(found: object) -> tuple[time, ...]:
    """Times of a day; those of no shape are left out."""
    texts = found if isinstance(found, Sequence) and not isinstance(found, str) else (found,)
    matches = (_TIME.fullmatch(one) for one in texts if isinstance(one, str))
    return tuple(sorted(time(int(one[1]), int(one[2])) for one in matches if one))


def next_cutoff(when: Fetched, now: datetime, zone: ZoneInfo, calendar: Calendar = WEEK) -> str:
    """The next moment at or after ``now``, RFC 3339 UTC; "" where there is none.

    After the day's last it is the first of the next day on which the carrier comes: what is packed
    on a Friday evening leaves on Monday, or on the Sunday that is worked for a holiday.
    """
    if not when.times:
        return ""
    local = now.astimezone(zone)
    works = (lambda _: True) if when.every_day else calendar.works
    ahead = _moments(when.times, local.date(), zone, works)
    anyway = _moments(when.times, local.date(), zone, lambda _: True)
    found = next((one for one in ahead if one >= local), None)
    found = found or next(one for one in anyway if one >= local)
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moments(
    times: Sequence[time], first: date, zone: ZoneInfo, works: Callable[[date], bool]
) -> Iterator[datetime]:
    """The moments of a year, in order."""
    days = (first + timedelta(days=one) for one in range(_FURTHEST))
    for day in filter(works, days):
        yield from (datetime.combine(day, one, zone) for one in times)
