"""Throughput of a site from its tallies: today by bench and person, the pace, the usual pace.

The usual pace is the mean of the days before (14 at the most) on which anything was packed;
without such a day nothing is expected, and the page says so.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import Connection, and_, select

from packstation.domain.throughput import BUCKET_S, Tally
from packstation.server.dialects import total
from packstation.server.floor_view import Hour
from packstation.server.moments import moment, stamp
from packstation.server.tables import TALLY

DAYS: Final = 14
WINDOW: Final = timedelta(minutes=60)
SHORTEST: Final = timedelta(minutes=10)


class Paces(Struct, frozen=True, kw_only=True):
    """Today in all, by bench, by person; the pace of the last hour beside the usual one."""

    total: Tally
    by_station: dict[str, Tally]
    by_actor: dict[str, Tally]
    pace: float | None
    expected: float | None
    hours: tuple[Hour, ...]
    days_known: int


def day_start(now: datetime, zone: ZoneInfo) -> datetime:
    """Midnight of the site's day."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def paces(connection: Connection, site: str, now: datetime, zone: ZoneInfo) -> Paces:
    """Everything at once, from two queries."""
    start = day_start(now, zone)
    today = and_(TALLY.c.site == site, TALLY.c.bucket >= stamp(start))
    rows = [
        (row.bucket, row.station, row.actor, _tally(row))
        for row in connection.execute(select(TALLY).where(today))
    ]
    before = _orders_before(connection, site, start)
    orders: dict[datetime, int] = defaultdict(int)
    for when, _, _, done in rows:
        orders[moment(when)] += done.orders
    days = sorted({when.astimezone(zone).date() for when, count in before.items() if count})
    return Paces(
        total=_summed([(when, done) for when, _, _, done in rows]),
        by_station=_grouped([(station, when, done) for when, station, _, done in rows]),
        by_actor=_grouped([(actor, when, done) for when, _, actor, done in rows if actor]),
        pace=_pace(orders, now),
        expected=_usual_pace(before, now, len(days)),
        hours=_hours(orders, before, now, zone, len(days)),
        days_known=len(days),
    )


def _tally(row: object) -> Tally:
    names = ("orders", "parcels", "units", "verified", "rejected", "facts")
    return Tally(**{name: getattr(row, name) for name in names}, buckets=1)


def _summed(parts: list[tuple[str, Tally]]) -> Tally:
    """The sum; time in which several worked side by side counts once."""
    total = sum((done for _, done in parts), Tally())
    return _with_buckets(total, len({when for when, _ in parts}))


def _grouped(parts: list[tuple[str, str, Tally]]) -> dict[str, Tally]:
    groups: dict[str, list[tuple[str, Tally]]] = defaultdict(list)
    for key, when, done in parts:
        groups[key].append((when, done))
    return {key: _summed(own) for key, own in groups.items()}


def _with_buckets(done: Tally, buckets: int) -> Tally:
    counts = (done.orders, done.parcels, done.units, done.verified, done.rejected, done.facts)
    return Tally(*counts, buckets)


def _orders_before(connection: Connection, site: str, start: datetime) -> dict[datetime, int]:
    earlier = and_(
        TALLY.c.site == site,
        TALLY.c.bucket < stamp(start),
        TALLY.c.bucket >= stamp(start - timedelta(days=DAYS)),
    )
    query = select(TALLY.c.bucket, total(TALLY.c.orders)).where(earlier)
    found = connection.execute(query.group_by(TALLY.c.bucket))
    return {moment(when): int(count) for when, count in found}


def _pace(orders: dict[datetime, int], now: datetime) -> float | None:
    """Orders an hour over the last hour, or since the first fact of today if that is later."""
    if not orders:
        return None
    span = min(WINDOW, max(SHORTEST, now - min(orders)))
    done = sum(count for when, count in orders.items() if when > now - span - _bucket())
    return done / (span / WINDOW)


def _bucket() -> timedelta:
    return timedelta(seconds=BUCKET_S)


def _usual_pace(before: dict[datetime, int], now: datetime, days: int) -> float | None:
    if not days:
        return None
    total = 0
    for back in range(1, DAYS + 1):
        end = now - timedelta(days=back)
        total += sum(n for when, n in before.items() if end - WINDOW <= when < end)
    return total / days


def _hours(
    orders: dict[datetime, int],
    before: dict[datetime, int],
    now: datetime,
    zone: ZoneInfo,
    days: int,
) -> tuple[Hour, ...]:
    """The hours from the first with work (at least the last eight) to the running one."""
    local = now.astimezone(zone)
    done: dict[int, int] = defaultdict(int)
    usual: dict[int, int] = defaultdict(int)
    for when, count in orders.items():
        done[when.astimezone(zone).hour] += count
    for when, count in before.items():
        usual[when.astimezone(zone).hour] += count
    first = max(0, local.hour - 7)
    passed = (local.minute * 60 + local.second) / 3600
    return tuple(
        Hour(
            hour=hour,
            orders=done[hour],
            expected=usual[hour] / days * (passed if hour == local.hour else 1) if days else None,
            running=hour == local.hour,
        )
        for hour in range(first, local.hour + 1)
    )
