"""Open orders checked on the server, in a thread of its own, and what is kept of it.

What is due is told in the transaction that changes something (`due`). It is taken in small lots:
read, checked outside of any transaction, written. An order that changes meanwhile stays due.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, select

from packstation.domain.customs.findings import Checked
from packstation.domain.errors import PackstationError
from packstation.server.core import Server
from packstation.server.customs import due, fixes
from packstation.server.customs.background import started
from packstation.server.customs.cases import STOPS, TOLD, Raw, cases, desk, place
from packstation.server.customs.tables import CHECK, DUE, FINDING, ORDER_SKU
from packstation.server.moments import stamp
from packstation.server.sites import codes

log = logging.getLogger(__name__)

LOT: Final = 50
BUSY: Final = "customs"


class Looked(Struct, frozen=True):
    """What became of one order."""

    order: str
    mark: int
    skus: tuple[str, ...]
    columns: dict[str, Any]
    findings: tuple[dict[str, str], ...]


def begin(server: Server) -> threading.Thread | None:
    """Check what is due in a thread of its own; None where one is at it or nothing is."""
    with server.store.read() as connection:
        waiting = connection.scalar(select(DUE.c.order).limit(1))
    if waiting is None:
        return None
    return started(server, BUSY, lambda: _all(server), lambda: begin(server))


def at_start(server: Server) -> None:
    """Orders that were there before, or were last checked on another day."""
    with server.store.write() as connection:
        for site in codes(connection):
            due.older(connection, site, desk(connection, site, server.clock.now()).day)
            fixes.forget(connection, site, server.clock.now())
    begin(server)


def _all(server: Server) -> None:
    while not server.bell.closed and settle(server):
        server.bell.ring()


def settle(server: Server, site: str = "", orders: Sequence[str] = ()) -> int:
    """Check one lot of what is due; how many there were. ``orders``: of these only."""
    with server.store.read() as connection:
        query = select(DUE.c.site, DUE.c.order, DUE.c.mark)
        if site:
            query = query.where(and_(DUE.c.site == site, DUE.c.order.in_(list(orders))))
        rows = connection.execute(query.order_by(DUE.c.site, DUE.c.mark).limit(LOT)).all()
        own = [row for row in rows if row.site == rows[0].site]
        looked = _look(server, connection, own[0].site, own) if own else []
    if looked:
        with server.store.write() as connection:
            _keep(connection, own[0].site, looked)
    return len(looked)


def _look(server: Server, connection: Connection, site: str, rows: Sequence[Any]) -> list[Looked]:
    now = server.clock.now()
    at = desk(connection, site, now)
    raws = cases(connection, at.site, [row.order for row in rows])
    looked = []
    for row in rows:
        raw = raws.get(row.order)
        if raw is None:
            looked.append(Looked(row.order, row.mark, (), {}, ()))
            continue
        problem, checked = "", None
        try:
            checked = at.check(raw)
        except (PackstationError, ArithmeticError, LookupError, TypeError, ValueError) as exc:
            # A rule pack that cannot be applied to this order must not stop the others.
            log.warning(
                "customs check failed", extra={"order": row.order, "why": type(exc).__name__}
            )
            problem = type(exc).__name__
        columns = {
            "pack": at.pack.version,
            "day": at.day,
            "at": stamp(now),
            "problem": problem,
            **_worth(raw),
        }
        looked.append(_looked(row, raw, checked, columns))
    return looked


def _looked(row: Any, raw: Raw, checked: Checked | None, columns: dict[str, Any]) -> Looked:  # noqa: ANN401 - a row of SQLAlchemy
    parts = (one["sku"] for one in raw["products"])
    skus = tuple(dict.fromkeys((*(line["sku"] for line in raw["lines"]), *parts)))
    findings: dict[tuple[str, str, str], dict[str, str]] = {}
    for finding in checked.of(*TOLD) if checked else ():
        sku, field = place(finding, skus)
        told = {"rule": finding.rule, "sku": sku, "field": field, "severity": finding.severity}
        known = findings.get((finding.rule, sku, field))
        if known is None or finding.severity == STOPS:
            findings[finding.rule, sku, field] = told
    columns["digest"] = checked.digest if checked else ""
    columns["blocks"] = sum(one["severity"] == STOPS for one in findings.values())
    return Looked(row.order, row.mark, skus, columns, tuple(findings.values()))


def _worth(raw: Raw) -> dict[str, Any]:
    """Total and number of parcels of an order: what was paid, else its lines added up."""
    total = (raw.get("payment") or {}).get("total")
    if not total:
        prices = [(line.get("unit_price"), line["quantity"]) for line in raw["lines"]]
        known = [(price, n) for price, n in prices if price]
        currencies = {price["currency"] for price, _ in known}
        if len(currencies) == 1:
            amount = sum((Decimal(price["amount"]) * n for price, n in known), Decimal(0))
            total = {"amount": str(amount), "currency": currencies.pop()}
    told = total or {"amount": "", "currency": ""}
    return {**told, "parcels": max(1, len(raw.get("parcels") or ()))}


def _keep(connection: Connection, site: str, looked: Sequence[Looked]) -> None:
    """Write a lot down at once; an order that changed meanwhile stays due."""
    names = [one.order for one in looked]
    for table in (CHECK, ORDER_SKU):
        connection.execute(delete(table).where(_of(table, site, names)))
    own = and_(_of(FINDING, site, names), FINDING.c.parcel == "")
    connection.execute(delete(FINDING).where(own))
    keys = [({"site": site, "order": one.order}, one) for one in looked]
    _insert(connection, CHECK, [{**key, **one.columns} for key, one in keys if one.columns])
    _insert(connection, ORDER_SKU, [{**key, "sku": sku} for key, one in keys for sku in one.skus])
    rows = [{**key, "parcel": "", **found} for key, one in keys for found in one.findings]
    _insert(connection, FINDING, rows)
    for mark in {one.mark for one in looked}:
        same = [one.order for one in looked if one.mark == mark]
        connection.execute(delete(DUE).where(and_(_of(DUE, site, same), DUE.c.mark == mark)))


def _insert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _of(table: Table, site: str, orders: Sequence[str]) -> ColumnElement[bool]:
    return and_(table.c.site == site, table.c.order.in_(orders))
