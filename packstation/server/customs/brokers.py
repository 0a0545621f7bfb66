"""Customs brokers, and who speaks for them: a badge or the name of an API token.

Somebody with the role broker who is bound to no broker sees nothing at all.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, and_, delete, insert, select, update

from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.customs.tables import ADDRESS, BROKER, MEMBER
from packstation.server.problems import Problem
from packstation.server.smtp import ADDRESS as EMAIL

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_MEMBER: Final = re.compile(r"(badge|token):[^\x00-\x1f]{1,100}")


class Broker(Struct, frozen=True, kw_only=True):
    """A broker of the site; ``members`` are "badge:..." and "token:...".

    ``email``: where packages go that are sent; "" for none.
    """

    id: str
    name: str = ""
    email: str = ""
    members: tuple[str, ...] = ()


def broker_of(connection: Connection, site: str, caller: PersonCaller) -> str:
    """The broker that a caller speaks for.

    Raises:
        Problem: 409 ``no_broker`` they are bound to none.
    """
    member = f"badge:{caller.visit.badge}" if caller.visit else f"token:{caller.name}"
    where = and_(MEMBER.c.site == site, MEMBER.c.member == member)
    found: str | None = connection.scalar(select(MEMBER.c.broker).where(where))
    if not found:
        raise Problem(409, "no_broker", "this account is bound to no broker")
    return found


def brokers(connection: Connection, site: str) -> tuple[Broker, ...]:
    """All of a site, by id."""
    members: dict[str, list[str]] = {}
    query = select(MEMBER).where(MEMBER.c.site == site).order_by(MEMBER.c.member)
    for row in connection.execute(query):
        members.setdefault(row.broker, []).append(row.member)
    rows = connection.execute(select(BROKER).where(BROKER.c.site == site).order_by(BROKER.c.broker))
    return tuple(
        Broker(
            id=row.broker,
            name=row.name,
            email=address_of(connection, site, row.broker),
            members=tuple(members.get(row.broker, ())),
        )
        for row in rows
    )


def address_of(connection: Connection, site: str, broker: str) -> str:
    """Where packages of a broker are sent; "" for nowhere."""
    where = and_(ADDRESS.c.site == site, ADDRESS.c.broker == broker)
    return connection.scalar(select(ADDRESS.c.address).where(where)) or ""


def put(server: Server, site: str, given: Broker) -> None:
    """Store a broker with its members; a member belongs to one broker only.

    Raises:
        Problem: 422.
    """
    if not _ID.fullmatch(given.id):
        raise Problem(422, "invalid", "broker: letters, digits, . _ - are allowed")
    if not all(_MEMBER.fullmatch(one) for one in given.members):
        raise Problem(422, "invalid", "members: badge:ID and token:NAME are allowed")
    if given.email and not EMAIL.fullmatch(given.email):
        raise Problem(422, "invalid", "email: NAME@HOST is allowed")
    where = and_(BROKER.c.site == site, BROKER.c.broker == given.id)
    name = given.name.strip()[:100] or given.id
    with server.store.write() as connection:
        if connection.execute(update(BROKER).where(where).values(name=name)).rowcount == 0:
            connection.execute(insert(BROKER).values(site=site, broker=given.id, name=name))
        own = and_(MEMBER.c.site == site, MEMBER.c.broker == given.id)
        connection.execute(delete(MEMBER).where(own))
        for member in dict.fromkeys(given.members):
            same = and_(MEMBER.c.site == site, MEMBER.c.member == member)
            connection.execute(delete(MEMBER).where(same))
            connection.execute(insert(MEMBER).values(site=site, member=member, broker=given.id))
        place = and_(ADDRESS.c.site == site, ADDRESS.c.broker == given.id)
        connection.execute(delete(ADDRESS).where(place))
        if given.email:
            row = {"site": site, "broker": given.id, "address": given.email}
            connection.execute(insert(ADDRESS).values(**row))


def known(connection: Connection, site: str, broker: str) -> bool:
    """Whether there is such a broker."""
    where = and_(BROKER.c.site == site, BROKER.c.broker == broker)
    return connection.scalar(select(BROKER.c.broker).where(where)) is not None
