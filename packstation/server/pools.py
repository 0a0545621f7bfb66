"""Waybill numbers leased ahead to benches; one number is never handed out twice.

A pool is a range of S10 serials (UPU S10: two letters, eight digits, check digit, country).
A lease cuts the next numbers off a range, once per request id; what is cut returns no sooner than
24 months after its last use, and is leased again when no range has any left (``ledger``).
A range begins behind the numbers that benches are known to hold of it (``holdings``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from msgspec import Meta, Struct
from sqlalchemy import Connection, Row, and_, insert, select, update

from packstation.domain.psp import LeaseAnswer, LeaseRequest
from packstation.server import ledger
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.dialects import total
from packstation.server.holdings import free_from, overlapping
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.restores import unheard
from packstation.server.tables import LEASE, POOL

LIFETIME: Final = timedelta(days=90)
Serial = Annotated[int, Meta(ge=0, le=99_999_999)]
TwoLetters = Annotated[str, Meta(pattern="^[A-Z]{2}$")]


class PoolRange(Struct, frozen=True, kw_only=True):
    """Serials ``first``..``last`` that the carrier gave us for a service."""

    carrier: Annotated[str, Meta(min_length=1, max_length=64)]
    service: Annotated[str, Meta(min_length=1, max_length=64)]
    prefix: TwoLetters
    country: TwoLetters
    first: Serial
    last: Serial

    def __post_init__(self) -> None:
        """Refuse an empty range."""
        if self.last < self.first:
            raise ValueError("last: not before first")


def add_range(connection: Connection, site: str, given: PoolRange) -> str:
    """Take a range in; "accepted", or "unchanged" where it is known already.

    Raises:
        ValueError: it overlaps numbers that some site has.
    """
    numbers = (given.prefix, given.country, given.first, given.last)
    found = connection.execute(select(POOL).where(overlapping(POOL, *numbers))).first()
    if found is None:
        columns = {name: getattr(given, name) for name in given.__struct_fields__}
        free = free_from(connection, *numbers)
        connection.execute(insert(POOL).values(site=site, next=free, **columns))
        return "accepted"
    same = (found.site, found.carrier, found.service, found.first, found.last)
    if same == (site, given.carrier, given.service, given.first, given.last):
        return "unchanged"
    raise ValueError(f"first: overlaps {found.prefix}{found.first:08d}-{found.last:08d}")


def lease(server: Server, caller: StationCaller, asked: LeaseRequest) -> LeaseAnswer:
    """Cut at most ``asked.n`` numbers; the same ``req_id`` gets the same numbers again.

    Raises:
        Problem: 409 ``pool_empty``; 409 ``restored`` while benches still have to tell a
            restored server which numbers they hold.
    """
    known = and_(
        LEASE.c.site == caller.site,
        LEASE.c.station == caller.station,
        LEASE.c.req_id == asked.req_id,
    )
    with server.store.write() as connection:
        given = connection.execute(select(LEASE).where(known)).one_or_none()
        if given is None:
            if silent := unheard(connection, caller.site):
                raise Problem(409, "restored", waiting_for=silent)
            key = _cut(server, connection, caller, asked)
            one = and_(LEASE.c.site == caller.site, LEASE.c.lease == key)
            given = connection.execute(select(LEASE).where(one)).one()
    return _answer(given)


def _answer(row: Row[tuple[object, ...]]) -> LeaseAnswer:
    return LeaseAnswer(
        lease=row.lease,
        prefix=row.prefix,
        country=row.country,
        first=row.first,
        last=row.last,
        expires=row.expires,
    )


def _cut(server: Server, connection: Connection, caller: StationCaller, asked: LeaseRequest) -> str:
    left = and_(
        POOL.c.site == caller.site,
        POOL.c.carrier == asked.carrier,
        POOL.c.service == asked.service,
        POOL.c.next <= POOL.c.last,
    )
    pool = connection.execute(select(POOL).where(left).order_by(POOL.c.first)).first()
    if pool is None:
        return _again(server, connection, caller, asked)
    last = min(pool.last, pool.next + asked.n - 1)
    here = and_(
        POOL.c.site == pool.site,
        POOL.c.carrier == pool.carrier,
        POOL.c.service == pool.service,
        POOL.c.prefix == pool.prefix,
        POOL.c.country == pool.country,
        POOL.c.first == pool.first,
    )
    connection.execute(update(POOL).where(here).values(next=last + 1))
    cut = ledger.Rested("", pool.prefix, pool.country, pool.next, last)
    return _leased(server, connection, caller, asked, cut)


def _again(
    server: Server, connection: Connection, caller: StationCaller, asked: LeaseRequest
) -> str:
    """Numbers whose rest is over."""
    service = (asked.carrier, asked.service)
    cut = ledger.free(connection, caller.site, service, server.clock.now(), asked.n)
    if cut is None:
        raise Problem(409, "pool_empty", carrier=asked.carrier, service=asked.service)
    return _leased(server, connection, caller, asked, cut)


def _leased(
    server: Server,
    connection: Connection,
    caller: StationCaller,
    asked: LeaseRequest,
    cut: ledger.Rested,
) -> str:
    now = server.clock.now()
    key = server.ids.new()
    connection.execute(
        insert(LEASE).values(
            site=caller.site,
            lease=key,
            station=caller.station,
            req_id=asked.req_id,
            carrier=asked.carrier,
            service=asked.service,
            prefix=cut.prefix,
            country=cut.country,
            first=cut.first,
            last=cut.last,
            leased=stamp(now),
            expires=stamp(now + LIFETIME),
        )
    )
    return key


def left(connection: Connection, site: str) -> list[tuple[str, str, int]]:
    """Numbers that no bench has yet: (carrier, service, how many)."""
    free = total(POOL.c.last - POOL.c.next + 1)
    rows = connection.execute(
        select(POOL.c.carrier, POOL.c.service, free)
        .where(POOL.c.site == site)
        .group_by(POOL.c.carrier, POOL.c.service)
        .order_by(POOL.c.carrier, POOL.c.service)
    )
    return [(carrier, service, int(count)) for carrier, service, count in rows]
