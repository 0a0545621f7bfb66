"""Days that count: holidays, make-up workdays, cut-offs, and when a parcel arrives.

China moves workdays to weekends around its holidays (调休), so a calendar is a table of a year as
it was announced. After its last day only weekends are known, and what is said of that time says
so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field

Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d(?!\n)$")]
Unit = Literal["calendar", "business"]

_WEEKEND: Final = (5, 6)
_DAY: Final = timedelta(days=1)
# A carrier that collects on no day of a year collects never: a table that was made wrong.
_FURTHEST: Final = 366


class Span(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days off, the first and the last included."""

    first: date
    last: date
    name: str = ""

    def __post_init__(self) -> None:
        """A span that ends before it begins is refused."""
        if self.last < self.first:
            raise ValueError("last: a day not before the first is allowed")


class Calendar(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Workdays of one country; ``weekend`` counts from Monday, 0.

    Known from ``known_from`` to ``known_to``, as ``source`` announced it.
    """

    id: Annotated[str, Meta(min_length=1, max_length=32)]
    source: str = ""
    known_from: date = date.min
    known_to: date = date.max
    weekend: tuple[Annotated[int, Meta(ge=0, le=6)], ...] = _WEEKEND
    holidays: tuple[Span, ...] = ()
    workdays: tuple[date, ...] = ()

    def knows(self, day: date) -> bool:
        """Whether holidays of that day were announced."""
        return self.known_from <= day <= self.known_to

    def works(self, day: date) -> bool:
        """Whether people work on a day; a make-up workday goes before everything else."""
        if day in self.workdays:
            return True
        off = any(span.first <= day <= span.last for span in self.holidays)
        return not off and day.weekday() not in self.weekend


# Where the shop says nothing of a country: a week like any other.
WEEK: Final = Calendar(id="")


class CutOff(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a carrier collects at the site, in its time: what is ready later goes the next time.

    "" is every carrier or service; the closest row counts. ``days``: workdays or every day.
    """

    carrier: str = ""
    service: str = ""
    at: Clock = "23:59"
    days: Literal["work", "every"] = "work"


class Calendars(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """packstation.calendars/1."""

    schema: Literal["packstation.calendars/1"] = "packstation.calendars/1"
    calendars: tuple[Calendar, ...] = ()
    cutoffs: tuple[CutOff, ...] = ()

    def of(self, name: str) -> Calendar:
        """The calendar of a country, weekends alone where none is known."""
        return next((one for one in self.calendars if one.id == name), WEEK)

    def cutoff(self, carrier: str, service: str) -> CutOff:
        """The closest row: of the service, of the carrier, of all; else any day, whenever ready."""
        for wanted in ((carrier, service), (carrier, ""), ("", "")):
            for one in self.cutoffs:
                if (one.carrier, one.service) == wanted:
                    return one
        return CutOff(days="every")

    def over(self, later: Calendars) -> Calendars:
        """These with what a shop says later in their place: calendars by id, cut-offs as one."""
        ids = {one.id for one in later.calendars}
        kept = (one for one in self.calendars if one.id not in ids)
        return Calendars(calendars=(*later.calendars, *kept), cutoffs=later.cutoffs or self.cutoffs)


class Arrival(Struct, frozen=True):
    """When a parcel is handed over, and the days on which it arrives at the earliest and latest.

    None: the tariff names no days. ``sure``: the calendar is known for the days that it was asked
    for.
    """

    handover: date
    first: date | None = None
    last: date | None = None
    sure: bool = True


class Days(Struct):
    """Days worked out for one parcel: many services share them."""

    calendars: Calendars
    calendar: Calendar
    ready: datetime
    known: dict[tuple[date, int, str], date] = field(default_factory=dict)

    def arrival(
        self,
        carrier: str,
        service: str,
        days: tuple[int | None, int | None],
        unit: Unit = "calendar",
    ) -> Arrival:
        """By what a tariff promises, counted from the day on which the carrier collects."""
        cutoff = self.calendars.cutoff(carrier, service)
        handover = handed_over(self.calendar, cutoff, self.ready)
        least, most = days
        last = None if most is None else self._after(handover, most, unit)
        first = last if least is None else self._after(handover, least, unit)
        asked = [handover] if cutoff.days == "work" else []
        if last is not None and unit == "business":
            asked.append(last)
        sure = all(map(self.calendar.knows, asked))
        return Arrival(handover, first, last, sure)

    def _after(self, day: date, count: int, unit: Unit) -> date:
        if unit == "calendar":
            return day + timedelta(days=count)
        key = (day, count, unit)
        if key not in self.known:
            self.known[key] = after_workdays(self.calendar, day, count)
        return self.known[key]


def handed_over(calendar: Calendar, cutoff: CutOff, ready: datetime) -> date:
    """The day on which a parcel that is ready then (the site's time) is collected."""
    hour, minute = map(int, cutoff.at.split(":"))
    on_time = ready.time() <= time(hour, minute)
    day = ready.date() if on_time else ready.date() + _DAY
    return day if cutoff.days == "every" else next_workday(calendar, day)


def next_workday(calendar: Calendar, day: date) -> date:
    """``day``, or the first workday after it; ``day`` where nobody works for a year."""
    days = (day + timedelta(days=one) for one in range(_FURTHEST))
    return next((one for one in days if calendar.works(one)), day)


def after_workdays(calendar: Calendar, day: date, count: int) -> date:
    """The workday that is ``count`` workdays after ``day``; 0 is the day itself."""
    for _ in range(count):
        day = next_workday(calendar, day + _DAY)
    return day


def ends_soon(calendars: Iterable[Calendar], name: str, day: date, within: int = 30) -> bool:
    """Whether a country's calendar is known for fewer days than ``within``; not of no calendar."""
    found = next((one for one in calendars if one.id == name), None)
    return found is not None and found.known_to < day + timedelta(days=within)
