"""The life of each number: free, leased, used, voided, resting for 24 months, free again.

S10 asks that a number is not used again within 12 months and advises 24, GS1 asks 12 of an SSCC
(reference/carriers.md section 6). Ranges (``pools``) and leases say which numbers nobody has and
which a bench has; a row here is one that a bench said it used, or voided. The time of rest begins
anew with either, by the server's clock when it heard of it: later than it was used, never sooner.
A lease that lapsed rests as a whole from its last day on: what its bench printed offline may
still be on its way. When nothing of it rests any more it is leased again, after all ranges.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import (
    Connection,
    Index,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from packstation.domain import s10
from packstation.domain.errors import InputInvalid
from packstation.domain.item_labels import POOL as UNITS
from packstation.domain.packing.facts import NumberUsed, NumberVoided
from packstation.domain.packing.product_facts import SsccAssigned
from packstation.server.access import StationCaller
from packstation.server.columns import METADATA, keys, number, text
from packstation.server.core import Server
from packstation.server.dialects import total
from packstation.server.folds import Step
from packstation.server.moments import moment, stamp
from packstation.server.tables import LEASE, POOL

REST_MONTHS: Final = 24
# A service is short of numbers below this share of its ranges, or where they last no longer.
LOW_SHARE: Final = 0.10
LOW_DAYS: Final = 14
# Of so many days what was leased tells how long the rest lasts.
_SEEN_DAYS: Final = 28

USED, VOIDED = "used", "voided"

NUMBER: Final = Table(
    "number",
    METADATA,
    *keys("prefix", "country"),
    number("serial", key=True),
    text("site"),
    text("station"),
    text("lease"),
    text("state"),
    text("key"),
    text("used"),
    text("until"),
    number("times", default=1),
    Index("number_until", "site", "until"),
)

# What was leased before its numbers were leased anew; a bench may still tell of it.
LEASE_PAST: Final = Table(
    "lease_past",
    METADATA,
    *keys("site", "lease"),
    number("first", key=True),
    number("last"),
    text("station"),
    text("prefix"),
    text("country"),
    text("leased"),
    text("expires"),
    text("freed"),
)

Said = NumberUsed | NumberVoided | SsccAssigned


class Told(Struct, frozen=True):
    """A number that a fact speaks of; ``key`` is what it was used for."""

    prefix: str
    country: str
    serial: int
    lease: str
    key: str
    voided: bool = False

    def __str__(self) -> str:
        return f"{self.prefix}{self.serial:08d}{self.country}"


class Rested(Struct, frozen=True):
    """Serials that may be leased again, and the lease that had them."""

    lease: str
    prefix: str
    country: str
    first: int
    last: int


def rest_from(at: datetime) -> datetime:
    """When a number is free again: 24 calendar months later, never a day sooner."""
    year = at.year + REST_MONTHS // 12
    try:
        return at.replace(year=year)
    except ValueError:  # a leap day
        return at.replace(year=year, month=3, day=1)


# --- what benches say --------------------------------------------------------------------------


def note(
    server: Server, connection: Connection, caller: StationCaller, steps: Sequence[Step]
) -> dict[int, str]:
    """Keep what these facts say became of numbers; part of the push's own transaction.

    Answers, by seq, what cannot be true: a number that was used for something else and rests.
    """
    problems = {}
    for step in steps:
        if isinstance(step.fact, Said):
            told = _told(connection, caller, step.fact)
            problems[step.seq] = keep(server, connection, caller, told) if told else ""
    return {seq: problem for seq, problem in problems.items() if problem}


def _told(connection: Connection, caller: StationCaller, fact: Said) -> Told | None:
    """The number of a fact; None where it is none of a pool."""
    if isinstance(fact, SsccAssigned):
        return _unit(connection, caller, fact)
    try:
        found = s10.parse(fact.number)
    except InputInvalid:
        return None  # `holdings` says so
    serial, voided = int(found.serial), isinstance(fact, NumberVoided)
    return Told(found.service, found.country, serial, fact.lease, fact.key, voided)


def _unit(connection: Connection, caller: StationCaller, fact: SsccAssigned) -> Told | None:
    """Serial references have the two letters of the range that they were leased from."""
    own = and_(LEASE.c.site == caller.site, LEASE.c.lease == fact.lease)
    row = connection.execute(select(LEASE.c.prefix, LEASE.c.country).where(own)).one_or_none()
    if row is None:
        return None
    return Told(row.prefix, row.country, fact.serial, fact.lease, fact.sscc)


def keep(server: Server, connection: Connection, caller: StationCaller, told: Told) -> str:
    """Note that a number was used, or voided; answers what cannot be true of it, "" for nothing."""
    now = server.clock.now()
    at = and_(
        NUMBER.c.prefix == told.prefix,
        NUMBER.c.country == told.country,
        NUMBER.c.serial == told.serial,
    )
    found = connection.execute(select(NUMBER).where(at)).one_or_none()
    values: dict[str, Any] = {
        "site": caller.site,
        "station": caller.station,
        "lease": told.lease,
        "state": VOIDED if told.voided else USED,
        "key": told.key,
        "until": stamp(rest_from(now)),
    }
    if found is None:
        columns = {"prefix": told.prefix, "country": told.country, "serial": told.serial}
        connection.execute(insert(NUMBER).values(**columns, **values, used=stamp(now)))
        return ""
    if found.key != told.key:
        if found.until > stamp(now):
            return f"numbers: {told} rests until {found.until[:10]}"
        values |= {"used": stamp(now), "times": found.times + 1}
    elif found.state == VOIDED:  # told again: what is void stays so
        values["state"] = VOIDED
    connection.execute(update(NUMBER).where(at).values(**values))
    return ""


# --- what may be leased again ------------------------------------------------------------------


def rested(connection: Connection, site: str, service: tuple[str, str], now: datetime) -> list[Any]:
    """Leases of a service of which nothing rests any more, the longest rested first."""
    over = stamp(_back(now))
    return list(
        connection.execute(
            select(LEASE)
            .where(
                LEASE.c.site == site,
                LEASE.c.carrier == service[0],
                LEASE.c.service == service[1],
                LEASE.c.expires <= over,
                LEASE.c.expires != "",
                ~exists().where(_within(LEASE), NUMBER.c.until > stamp(now)),
            )
            .order_by(LEASE.c.expires, LEASE.c.first)
        )
    )


def _back(now: datetime) -> datetime:
    """The last moment whose rest is over by ``now``."""
    try:
        return now.replace(year=now.year - REST_MONTHS // 12)
    except ValueError:  # a leap day: what rests from the 28th on is over
        return now.replace(year=now.year - REST_MONTHS // 12, day=28)


def _within(table: Any) -> Any:  # noqa: ANN401 - LEASE or POOL, as SQLAlchemy has them
    return and_(
        NUMBER.c.prefix == table.c.prefix,
        NUMBER.c.country == table.c.country,
        NUMBER.c.serial >= table.c.first,
        NUMBER.c.serial <= table.c.last,
    )


def free(
    connection: Connection, site: str, service: tuple[str, str], now: datetime, most: int
) -> Rested | None:
    """Take the next at most ``most`` rested serials out of the lease that had them."""
    row = next(iter(rested(connection, site, service, now)), None)
    if row is None:
        return None
    last = min(row.last, row.first + most - 1)
    names = ("site", "lease", "station", "prefix", "country", "leased", "expires")
    columns = {name: getattr(row, name) for name in names}
    past = {**columns, "first": row.first, "last": last, "freed": stamp(now)}
    connection.execute(insert(LEASE_PAST).values(**past))
    own = and_(LEASE.c.site == site, LEASE.c.lease == row.lease)
    if last == row.last:
        connection.execute(delete(LEASE).where(own))
    else:
        connection.execute(update(LEASE).where(own).values(first=last + 1))
    return Rested(row.lease, row.prefix, row.country, row.first, last)


def past(connection: Connection, caller: StationCaller, leases: Iterable[str]) -> list[Any]:
    """This bench's own leases that were leased anew since; it may tell of them again."""
    own = and_(LEASE_PAST.c.site == caller.site, LEASE_PAST.c.station == caller.station)
    named = LEASE_PAST.c.lease.in_(list(leases))
    return list(connection.execute(select(LEASE_PAST).where(own, named)))


# --- how it stands -----------------------------------------------------------------------------


class Standing(Struct, frozen=True, kw_only=True):
    """A service's numbers; ``days`` that the free ones last at the pace of four weeks, or None.

    ``free`` includes those whose rest is over; ``leased`` are with benches and unused, ``lapsed``
    were with benches when their lease ran out. ``back`` is when the next ones are free again.
    """

    carrier: str
    service: str
    prefixes: tuple[str, ...]
    total: int
    free: int
    leased: int
    used: int
    voided: int
    lapsed: int
    low: bool
    days: int | None = None
    back: str = ""

    @property
    def units(self) -> bool:
        """Whether they are serial references of SSCCs."""
        return (self.carrier, self.service) == UNITS


def standings(connection: Connection, site: str, now: datetime) -> tuple[Standing, ...]:
    """All services that have ranges at a site."""
    rows = connection.execute(select(POOL).where(POOL.c.site == site)).all()
    names = sorted({(row.carrier, row.service) for row in rows})
    return tuple(
        _standing(connection, site, now, [r for r in rows if (r.carrier, r.service) == name])
        for name in names
    )


def _standing(connection: Connection, site: str, now: datetime, ranges: Sequence[Any]) -> Standing:
    carrier, service = ranges[0].carrier, ranges[0].service
    mine = and_(LEASE.c.site == site, LEASE.c.carrier == carrier, LEASE.c.service == service)
    again = rested(connection, site, (carrier, service), now)
    ours = and_(mine, LEASE.c.lease.not_in([row.lease for row in again]))
    total = sum(row.last - row.first + 1 for row in ranges)
    left = sum(row.last - row.next + 1 for row in ranges)
    left += sum(row.last - row.first + 1 for row in again)
    running = or_(LEASE.c.expires == "", LEASE.c.expires > stamp(now))
    held, lapsed = (_size(connection, and_(ours, which)) for which in (running, ~running))
    told = _told_of(connection, ours, running, now)
    days = _lasts(connection, mine, left, now)
    return Standing(
        carrier=carrier,
        service=service,
        prefixes=tuple(
            f"{row.prefix} {row.first:08d}-{row.last:08d} {row.country}" for row in ranges
        ),
        total=total,
        free=left,
        leased=held - sum(count for (_, runs), count in told.items() if runs),
        used=sum(count for (state, _), count in told.items() if state == USED),
        voided=sum(count for (state, _), count in told.items() if state == VOIDED),
        lapsed=lapsed - sum(count for (_, runs), count in told.items() if not runs),
        low=left < total * LOW_SHARE or (days is not None and days < LOW_DAYS),
        days=days,
        back=_back_on(connection, ours),
    )


def _size(connection: Connection, which: Any) -> int:  # noqa: ANN401 - SQLAlchemy's clauses
    size = func.coalesce(total(LEASE.c.last - LEASE.c.first + 1), 0)
    return int(connection.scalar(select(size).where(which)) or 0)


def _told_of(
    connection: Connection,
    ours: Any,  # noqa: ANN401 - SQLAlchemy's clauses
    running: Any,  # noqa: ANN401
    now: datetime,
) -> dict[tuple[str, bool], int]:
    """How many numbers of these leases rest, by their state and whether the lease still runs."""
    rows = connection.execute(
        select(NUMBER.c.state, running.label("running"), func.count())
        .select_from(LEASE.join(NUMBER, _within(LEASE)))
        .where(ours, NUMBER.c.until > stamp(now))
        .group_by(NUMBER.c.state, running)
    )
    return {(state, bool(runs)): int(count) for state, runs, count in rows}


def _lasts(connection: Connection, mine: Any, left: int, now: datetime) -> int | None:  # noqa: ANN401
    since = stamp(now - timedelta(days=_SEEN_DAYS))
    gone = _size(connection, and_(mine, LEASE.c.leased > since))
    return left * _SEEN_DAYS // gone if gone else None


def _back_on(connection: Connection, ours: Any) -> str:  # noqa: ANN401
    """The first day on which a lease has rested, "" where none rests."""
    rows = connection.execute(
        select(LEASE.c.expires, func.max(NUMBER.c.until).label("until"))
        .select_from(LEASE.outerjoin(NUMBER, _within(LEASE)))
        .where(ours, LEASE.c.expires != "")
        .group_by(LEASE.c.site, LEASE.c.lease)
    )
    ends = [max(stamp(rest_from(moment(row.expires))), row.until or "") for row in rows]
    return min(ends, default="")[:10]
