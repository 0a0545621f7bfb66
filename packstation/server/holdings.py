"""Numbers that benches hold, as their own journals say it.

A server restored from an older copy has forgotten the leases that it made since. The benches
send their facts again; from these every number that a bench holds or used is known once more
before anybody else can get it. Facts that the server's own leases explain change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from packstation.domain import s10
from packstation.domain.errors import InputInvalid
from packstation.domain.packing.facts import Fact, NumberUsed, PoolLeased
from packstation.server import ledger
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.dialects import lesser
from packstation.server.folds import Step
from packstation.server.moments import stamp
from packstation.server.tables import LEASE, POOL

NO_RANGE: Final = "numbers: no range of S10 serials"


class Held(Struct, frozen=True, kw_only=True):
    """Serials ``first``..``last`` that a fact says a bench has."""

    lease: str
    prefix: str
    country: str
    first: int
    last: int
    carrier: str = ""
    service: str = ""
    expires: str = ""

    def covers(self, other: Held) -> bool:
        """Whether ``other`` is part of it."""
        alike = (self.prefix, self.country) == (other.prefix, other.country)
        return alike and self.first <= other.first and other.last <= self.last

    def __str__(self) -> str:
        return f"{self.prefix}{self.first:08d}-{self.last:08d}{self.country}"


def note(
    server: Server, connection: Connection, caller: StationCaller, steps: Sequence[Step]
) -> dict[int, str]:
    """Keep what these facts say of numbers; part of the push's own transaction.

    A range's ``next`` moves past all that is held, never back. Answers, by seq, what cannot
    be true: what no serials are, and numbers that another bench or another site has.
    """
    said = [
        (step.seq, step.fact) for step in steps if isinstance(step.fact, PoolLeased | NumberUsed)
    ]
    known = _known(connection, caller, (fact for _, fact in said))
    problems = {}
    for seq, fact in said:
        held = held_by(fact)
        if held is None:
            problems[seq] = NO_RANGE
        elif held.lease not in known or not known[held.lease].covers(held):
            problems[seq] = _learn(server, connection, caller, held)
            if not problems[seq]:
                known.setdefault(held.lease, held)
    return {seq: problem for seq, problem in problems.items() if problem}


def held_by(fact: PoolLeased | NumberUsed) -> Held | None:
    """The serials of a fact; None when they are none."""
    try:
        if isinstance(fact, NumberUsed):
            number = s10.parse(fact.number)
            serial = int(number.serial)
            prefix, country = number.service, number.country
            return Held(lease=fact.lease, prefix=prefix, country=country, first=serial, last=serial)
        for serial in (fact.first, fact.last):
            s10.number(fact.prefix, serial, fact.country)
    except InputInvalid:
        return None
    held = Held(**{name: getattr(fact, name) for name in Held.__struct_fields__})
    return held if held.first <= held.last else None


def free_from(connection: Connection, prefix: str, country: str, first: int, last: int) -> int:
    """The first serial of a range that lies behind all that benches hold of it."""
    held = connection.scalar(
        select(func.max(LEASE.c.last)).where(overlapping(LEASE, prefix, country, first, last))
    )
    return first if held is None else min(held, last) + 1


def overlapping(
    table: Any,  # noqa: ANN401 - LEASE or POOL
    prefix: str,
    country: str,
    first: int,
    last: int,
) -> ColumnElement[bool]:
    """The rows of a table of ranges that share a number with this one."""
    alike = and_(table.c.prefix == prefix, table.c.country == country)
    return and_(alike, table.c.first <= last, table.c.last >= first)


def _known(connection: Connection, caller: StationCaller, facts: Iterable[Fact]) -> dict[str, Held]:
    """This bench's leases among those that the facts name, also where others have them now."""
    names = {fact.lease for fact in facts if isinstance(fact, PoolLeased | NumberUsed)}
    own = and_(LEASE.c.site == caller.site, LEASE.c.station == caller.station)
    rows = connection.execute(select(LEASE).where(own, LEASE.c.lease.in_(names))) if names else ()
    known = {
        row.lease: Held(**{name: getattr(row, name) for name in Held.__struct_fields__})
        for row in rows
    }
    for row in ledger.past(connection, caller, names) if names else ():
        held = known.get(row.lease) or Held(
            lease=row.lease,
            prefix=row.prefix,
            country=row.country,
            first=row.first,
            last=row.last,
        )
        known[row.lease] = replace(
            held, first=min(held.first, row.first), last=max(held.last, row.last)
        )
    return known


def _learn(server: Server, connection: Connection, caller: StationCaller, held: Held) -> str:
    """Take in what the server did not know; what is wrong with it, or ""."""
    numbers = (held.prefix, held.country, held.first, held.last)
    elsewhere = and_(overlapping(POOL, *numbers), POOL.c.site != caller.site)
    if connection.execute(select(POOL.c.site).where(elsewhere)).first():
        # A bench has no say in another site's numbers: it could use them up for it.
        return f"numbers: {held} of another site"
    rows = connection.execute(select(LEASE).where(overlapping(LEASE, *numbers))).all()
    rest = max([held.first, *(row.last + 1 for row in rows)])
    if rest <= held.last:
        _keep(server, connection, caller, held, rest)
    _pass_by(connection, caller.site, held)
    others = {row.station for row in rows} - {caller.station}
    return f"numbers: {held} also at {', '.join(sorted(others))}" if others else ""


def _keep(
    server: Server, connection: Connection, caller: StationCaller, held: Held, first: int
) -> None:
    """A row of its own; the bench's name for it where that is free."""
    taken = and_(LEASE.c.site == caller.site, LEASE.c.lease == held.lease)
    known = connection.scalar(select(LEASE.c.lease).where(taken)) is not None
    key = server.ids.new() if known or not held.lease else held.lease
    columns = {name: getattr(held, name) for name in Held.__struct_fields__}
    connection.execute(
        insert(LEASE).values(
            **{
                **columns,
                "site": caller.site,
                "lease": key,
                "station": caller.station,
                "req_id": f"journal:{key}",  # nobody asked here; unique like the key
                "first": first,
                "leased": stamp(server.clock.now()),
            }
        )
    )


def _pass_by(connection: Connection, site: str, held: Held) -> None:
    """The site's ranges begin behind these numbers from now on."""
    there = overlapping(POOL, held.prefix, held.country, held.first, held.last)
    ahead = and_(POOL.c.site == site, there, POOL.c.next <= held.last)
    # SQLite's min of two values; of its ranges none ends behind its own last.
    behind = lesser(POOL.c.last, held.last) + 1
    connection.execute(update(POOL).where(ahead).values(next=behind))
