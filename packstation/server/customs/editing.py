"""The office mends a SKU or an order: judged before it is saved, kept with who, when and why.

Saving writes the row that benches pull, checks the orders that waited for it, and tells how many
of them go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select

from packstation.domain.catalog import Product
from packstation.domain.customs.findings import Finding
from packstation.domain.customs.hs import read_hs, text_of
from packstation.domain.errors import InputInvalid
from packstation.domain.orders import Order
from packstation.domain.psp import SiteBody
from packstation.domain.records import decode_one
from packstation.server import shelves
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.customs import checks, due, fixes, forms
from packstation.server.customs.cases import (
    STOPS,
    Raw,
    cases,
    complete,
    desk,
    example,
    of_sku,
)
from packstation.server.customs.packs import tables
from packstation.server.customs.tables import CHECK, EDIT, FINDING
from packstation.server.customs.ways import ways
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.rows import put_row, row_body, row_rev
from packstation.server.sites import need_site
from packstation.server.tables import ORDERS

LOOKED_AT: Final = 20
TRIED: Final = 4  # destinations of a SKU that no open order has
NOW: Final = 400  # orders checked before the answer; the others follow by themselves


class Saved(Struct, frozen=True, kw_only=True):
    """``changed`` fields; of ``waiting`` orders ``released`` go on; ``later`` are still checked."""

    changed: tuple[str, ...] = ()
    waiting: int = 0
    released: int = 0
    parcels: int = 0
    later: int = 0


class Change(Struct, frozen=True, kw_only=True):
    """A line of the history; ``fields``: what was and what is, empty for an order's."""

    at: str
    who: str
    why: str
    fields: dict[str, tuple[Any, Any]]


class Judged(Struct, frozen=True, kw_only=True):
    """A candidate: what its rules find, or what is no value of a field at all (``wrong``)."""

    findings: tuple[Finding, ...] = ()
    wrong: InputInvalid | None = None
    hs: str = ""
    orders: int = 0


# --- a SKU -----------------------------------------------------------------------------------


def product_of(connection: Connection, site: str, sku: str) -> tuple[Raw, int]:
    """The product as JSON values and its revision; revision 0 where only orders brought it.

    Raises:
        Problem: 404, neither the catalogue nor an open order has it.
    """
    body = row_body(connection, site, "sku", sku)
    if body is not None:
        return msgspec.json.decode(body), row_rev(connection, site, "sku", sku) or 0
    for order in due.of_sku(connection, site, sku)[:1]:
        found = shelves.order_body(connection, site, order)
        brought = [one for one in (found.order.products if found else ()) if one.sku == sku]
        return msgspec.to_builtins(brought[0] if brought else Product(sku=sku)), 0
    raise Problem(404, "unknown_sku", sku)


def judge_sku(
    server: Server, connection: Connection, site: str, sku: str, values: Mapping[str, Any]
) -> Judged:
    """What the rules would say of orders with this SKU, were it so."""
    before, _ = product_of(connection, site, sku)
    try:
        after = _product(before, values)
    except InputInvalid as wrong:
        return Judged(wrong=wrong)
    at = desk(connection, site, server.clock.now())
    waiting = due.of_sku(connection, site, sku)
    raws = cases(connection, at.site, waiting[:LOOKED_AT])
    for raw in raws.values():
        raw["products"] = [
            *(one for one in raw["products"] if one["sku"] != sku),
            msgspec.to_builtins(after),
        ]
    looked = [*raws.values()] or [
        example(at.site, after, way) for way in ways(connection, site, at.now)[:TRIED]
    ]
    return Judged(
        findings=of_sku(at, looked, sku),
        hs=text_of(tables(), read_hs(after.customs.hs), (6, 4, 2))[1],
        orders=len(waiting),
    )


def save_sku(
    server: Server,
    caller: PersonCaller,
    site: str,
    sku: str,
    values: Mapping[str, Any],
    *,
    rev: int,
    why: str = "",
) -> Saved:
    """Write a new row of the catalogue.

    Raises:
        Problem: 404; 409 ``changed`` somebody else was faster; 422 ``reason`` none is given.
        InputInvalid: a value that the field cannot have.
    """
    with server.store.write() as connection:
        before, known = product_of(connection, site, sku)
        if known != rev and forms.changed(before, values):
            raise Problem(409, "changed", sku, rev=known)
        changes = forms.changed(before, values)
        if not changes:
            return Saved()
        if forms.wants_reason(forms.SKU, changes) and not why.strip():
            raise Problem(422, "reason", "say why")
        after = _product(before, values)
        fixes.keep(connection, site, "sku", sku, changes)
        orders = due.of_sku(connection, site, sku)
        waited = _blocked(connection, site, orders)
        _seen_at_bench(connection, FINDING.c.site == site, FINDING.c.sku == sku)
        put_row(server, connection, site, "sku", sku, after)
        _remember(server, connection, (site, "sku", sku), caller, why, changes)
        due.orders(connection, site, orders)
    return _settled(server, site, orders, waited, tuple(changes))


def _product(before: Raw, values: Mapping[str, Any]) -> Product:
    copy = msgspec.json.decode(msgspec.json.encode(before))
    return decode_one(forms.put(copy, forms.changed(before, values)), Product)


# --- an order --------------------------------------------------------------------------------


def order_of(connection: Connection, site: str, order: str) -> tuple[Raw, int]:
    """An order of the site as JSON values and its revision.

    Raises:
        Problem: 404.
    """
    body = shelves.order_body(connection, site, order)
    if body is None:
        raise Problem(404, "unknown_order", order)
    return msgspec.to_builtins(body.order), row_rev(connection, site, "order", order) or 0


def judge_order(
    server: Server, connection: Connection, site: str, order: str, values: Mapping[str, Any]
) -> Judged:
    """What the rules would say of an order, were it so."""
    before, _ = order_of(connection, site, order)
    try:
        after = _order(before, values, need_site(connection, site))
    except InputInvalid as wrong:
        return Judged(wrong=wrong)
    at = desk(connection, site, server.clock.now())
    known = cases(connection, at.site, (order,))[order]
    products = {one["sku"]: one for one in known["products"]}
    raw = complete(msgspec.to_builtins(after), products, at.site)
    return Judged(findings=at.check(raw).findings, orders=1)


def save_order(
    server: Server,
    caller: PersonCaller,
    site: str,
    order: str,
    values: Mapping[str, Any],
    *,
    rev: int,
    why: str = "",
) -> Saved:
    """Change what the office may change of an order that is not packed yet.

    Raises:
        Problem: 404; 409 ``changed``, ``finished``.
        InputInvalid: a value that the field cannot have.
    """
    with server.store.write() as connection:
        before, known = order_of(connection, site, order)
        if known != rev and forms.changed(before, values):
            raise Problem(409, "changed", order, rev=known)
        if not connection.scalar(select(_open(site, order))):
            raise Problem(409, "finished", order)
        changes = forms.changed(before, values)
        if not changes:
            return Saved()
        after = _order(before, values, need_site(connection, site))
        waited = _blocked(connection, site, (order,))
        _seen_at_bench(connection, FINDING.c.site == site, FINDING.c.order == order)
        fixes.keep(connection, site, "order", order, changes)
        shelves.put_order(server, connection, site, after)
        due.order(connection, site, order)
        _remember(server, connection, (site, "order", order), caller, why, dict.fromkeys(changes))
    return _settled(server, site, (order,), waited, tuple(changes))


def _open(site: str, order: str) -> Any:  # noqa: ANN401 - SQLAlchemy
    where = and_(due.is_open(site), ORDERS.c.order == order)
    return select(ORDERS.c.order).where(where).exists()


def _order(before: Raw, values: Mapping[str, Any], site: SiteBody) -> Order:
    copy = msgspec.json.decode(msgspec.json.encode(before))
    changes = forms.changed(before, values)
    sender = copy.get("ship_from") or {}
    if any(path.startswith("ship_from.") for path in changes) and not (
        sender.get("name") or sender.get("company")
    ):
        # A number of its own makes a sender of its own: the site's would hide it.
        copy["ship_from"] = msgspec.to_builtins(site.sender)
    return decode_one(forms.put(copy, changes), Order)


# --- afterwards ------------------------------------------------------------------------------


def _blocked(connection: Connection, site: str, orders: Sequence[str]) -> dict[str, int]:
    """Those of the orders that something stops, with their parcels."""
    same = and_(CHECK.c.site == FINDING.c.site, CHECK.c.order == FINDING.c.order)
    where = and_(FINDING.c.site == site, FINDING.c.severity == STOPS)
    query = select(CHECK.c.order, CHECK.c.parcels).join(FINDING, same).where(where).distinct()
    wanted = set(orders)
    return {row.order: row.parcels for row in connection.execute(query) if row.order in wanted}


def _seen_at_bench(connection: Connection, *which: ColumnElement[bool]) -> None:
    """What a bench saw is of the data before; it looks again, and tells what still stops it."""
    connection.execute(delete(FINDING).where(and_(FINDING.c.parcel != "", *which)))


def _settled(
    server: Server,
    site: str,
    orders: Sequence[str],
    waited: Mapping[str, int],
    changed: tuple[str, ...],
) -> Saved:
    some = orders[:NOW]
    for start in range(0, len(some), checks.LOT):
        checks.settle(server, site, some[start : start + checks.LOT])
    checks.begin(server)
    server.bell.ring()
    with server.store.read() as connection:
        still = _blocked(connection, site, tuple(waited))
    gone = [order for order in waited if order not in still]
    return Saved(
        changed=changed,
        waiting=len(waited),
        released=len(gone),
        parcels=sum(waited[order] for order in gone),
        later=len(orders) - len(some),
    )


def _remember(
    server: Server,
    connection: Connection,
    key: tuple[str, str, str],
    caller: PersonCaller,
    why: str,
    changes: Mapping[str, object],
) -> None:
    site, t, name = key
    last = select(func.max(EDIT.c.n)).where(_of(site, t, name))
    connection.execute(
        insert(EDIT).values(
            site=site,
            t=t,
            id=name,
            n=(connection.scalar(last) or 0) + 1,
            at=stamp(server.clock.now()),
            who=caller.name,
            why=why.strip()[:500],
            body=msgspec.json.encode(changes).decode(),
        )
    )


def history(connection: Connection, site: str, t: str, key: str) -> tuple[Change, ...]:
    """What the office did with a thing, the newest first."""
    query = select(EDIT).where(_of(site, t, key)).order_by(EDIT.c.n.desc())
    return tuple(
        Change(
            at=row.at,
            who=row.who,
            why=row.why,
            fields={
                field: tuple(pair) if pair else ("", "")
                for field, pair in msgspec.json.decode(row.body).items()
            },
        )
        for row in connection.execute(query)
    )


def _of(site: str, t: str, key: str) -> Any:  # noqa: ANN401 - SQLAlchemy
    return and_(EDIT.c.site == site, EDIT.c.t == t, EDIT.c.id == key)
