"""What becomes of buyers' data: benches forget it days after an order's end, the server later.

``sweep`` does what a site's rule says; ``erase`` does it at once, because a person asked. The
order's key is destroyed, what lay clear of the buyer is deleted, and the journal, which never
named a buyer, stays as it was: its chains verify as before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from packstation.server import audit
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.customs.tables import FIX
from packstation.server.moments import stamp
from packstation.server.privacy import sealing
from packstation.server.privacy.tables import BUYER_MARK, ORDER_KEY, RULE
from packstation.server.problems import Problem
from packstation.server.purchases.tables import SAID
from packstation.server.rows import PUT, THERE, age_row, row_body
from packstation.server.sites import codes
from packstation.server.tables import BLOB, JOURNAL, LABEL, ORDERS, ROW, SESSION

TOGETHER: Final = 200
MOST: Final = 500
_OVER: Final = ("cancelled", "shipped")


class Rule(Struct, frozen=True, kw_only=True, omit_defaults=False, forbid_unknown_fields=True):
    """Days after an order's end: on the server until erased, on benches until forgotten."""

    buyer_days: Annotated[int, Meta(ge=1, le=3650)] = 90
    bench_days: Annotated[int, Meta(ge=1, le=90)] = 7


class Wanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose data: an order, or a buyer by e-mail, telephone or name as the order has it."""

    order: Annotated[str, Meta(max_length=64)] = ""
    buyer: Annotated[str, Meta(max_length=200)] = ""
    reason: Annotated[str, Meta(max_length=300)] = ""


class Match(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """An order that was asked for, without the buyer; ``erased`` when it was, else ""."""

    order: str
    status: str
    ended: str = ""
    erased: str = ""


class Matches(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """All of them; ``kept``: open orders, which were not erased."""

    orders: tuple[Match, ...] = ()
    kept: tuple[str, ...] = ()


class Exported(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """packstation.privacy/1: each order as ``Match``, its document, waybills, what was done."""

    schema: Literal["packstation.privacy/1"] = "packstation.privacy/1"
    site: str
    at: str
    orders: tuple[dict[str, Any], ...] = ()


def rule_of(connection: Connection, site: str) -> Rule:
    """How long a site keeps what."""
    row = connection.execute(select(RULE).where(RULE.c.site == site)).one_or_none()
    return Rule(buyer_days=row.buyer_days, bench_days=row.bench_days) if row else Rule()


def put_rule(server: Server, caller: PersonCaller, site: str, rule: Rule) -> Rule:
    """Keep another rule."""
    with server.store.write() as connection:
        before = rule_of(connection, site)
        connection.execute(delete(RULE).where(RULE.c.site == site))
        connection.execute(insert(RULE).values(site=site, **msgspec.structs.asdict(rule)))
        change = (before, rule)
        audit.note(server, connection, caller, "privacy.rule", site, change=change, site=site)
    return rule


# --- by rule ---------------------------------------------------------------------------------


def sweep(server: Server) -> tuple[int, int]:
    """Do what is due now; how many orders benches forget, and how many buyers are forgotten."""
    now = server.clock.now()
    with server.store.read() as connection:
        rules = {site: rule_of(connection, site) for site in codes(connection)}
    aged = erased = 0
    for site, rule in rules.items():
        aged += _age(server, site, now - timedelta(days=rule.bench_days))
        erased += _expire(server, site, now - timedelta(days=rule.buyer_days))
    if aged or erased:
        server.bell.ring()
    return aged, erased


def _age(server: Server, site: str, before: datetime) -> int:
    count = 0
    while True:
        with server.store.write() as connection:
            due = _ended(connection, site, before, ROW.c.op == PUT)
            for order in due:
                age_row(connection, site, sealing.ORDER, order)
        count += len(due)
        if len(due) < TOGETHER:
            return count


def _expire(server: Server, site: str, before: datetime) -> int:
    count, now = 0, stamp(server.clock.now())
    mine = and_(ORDER_KEY.c.site == site, ORDER_KEY.c.order == ORDERS.c.order)
    kept = ~select(ORDER_KEY.c.order).where(mine, ORDER_KEY.c.erased != "").exists()
    while True:
        with server.store.write() as connection:
            due = _ended(connection, site, before, and_(ROW.c.op.in_(THERE), kept))
            for order in due:
                _erase(connection, site, order, now)
            if due:
                audit.note(
                    server, connection, None, "privacy.expire", site, site=site, orders=len(due)
                )
        count += len(due)
        if len(due) < TOGETHER:
            return count


def _ended(connection: Connection, site: str, before: datetime, more: Any) -> Sequence[str]:  # noqa: ANN401
    """Orders that ended before a moment, some at a time."""
    same = and_(ROW.c.site == ORDERS.c.site, ROW.c.id == ORDERS.c.order, ROW.c.t == sealing.ORDER)
    ended = func.coalesce(func.nullif(ORDERS.c.finished, ""), ROW.c.changed)
    query = (
        select(ORDERS.c.order)
        .select_from(ORDERS.join(ROW, same))
        .where(ORDERS.c.site == site, _is_over(), ended < stamp(before), more)
        .order_by(ORDERS.c.order)
        .limit(TOGETHER)
    )
    return connection.scalars(query).all()


def _is_over() -> Any:  # noqa: ANN401 - a condition of SQL
    return or_(ORDERS.c.outcome != "", ORDERS.c.status.in_(_OVER))


def _erase(connection: Connection, site: str, order: str, now: str) -> None:
    """All that names the buyer of an order; of its row what names nobody stays."""
    mine = and_(ROW.c.site == site, ROW.c.t == sealing.ORDER, ROW.c.id == order)
    text = row_body(connection, site, sealing.ORDER, order) or "{}"
    sealing.destroy(connection, site, order, now)
    body = msgspec.json.decode(text)
    clear = sealing.split(body)[0] if "order" in body else body
    connection.execute(update(ROW).where(mine).values(body=msgspec.json.encode(clear).decode()))
    age_row(connection, site, sealing.ORDER, order)
    fixes = and_(FIX.c.site == site, FIX.c.t == sealing.ORDER, FIX.c.id == order)
    connection.execute(delete(FIX).where(fixes))
    _erase_labels(connection, site, order)


def _erase_labels(connection: Connection, site: str, order: str) -> None:
    """Pictures of its labels, and carriers' words about them, which may name the buyer."""
    mine = and_(LABEL.c.site == site, LABEL.c.order == order)
    labels = connection.execute(select(LABEL.c.key, LABEL.c.blob).where(mine)).all()
    if not labels:
        return
    keys = [row.key for row in labels]
    said = and_(SAID.c.site == site, SAID.c.key.in_(keys))
    connection.execute(update(SAID).where(said).values(words=""))
    files = {row.blob for row in labels if row.blob}
    used = and_(LABEL.c.site == site, LABEL.c.order != order, LABEL.c.blob.in_(files))
    files -= set(connection.scalars(select(LABEL.c.blob).where(used)))
    if files:
        gone = and_(BLOB.c.site == site, BLOB.c.sha256.in_(files))
        connection.execute(delete(BLOB).where(gone))


# --- on demand -------------------------------------------------------------------------------


def find(connection: Connection, site: str, wanted: Wanted) -> tuple[Match, ...]:
    """Orders of a buyer, or the one order; at most ``MOST``.

    Raises:
        Problem: 422 neither an order nor a buyer, or both.
    """
    if bool(wanted.order.strip()) == bool(wanted.buyer.strip()):
        raise Problem(422, "invalid", "order, buyer: one of them is wanted")
    names = [wanted.order.strip()] if wanted.order else _orders_of(connection, site, wanted.buyer)
    same = and_(ORDER_KEY.c.site == ORDERS.c.site, ORDER_KEY.c.order == ORDERS.c.order)
    query = (
        select(ORDERS, ORDER_KEY.c.erased)
        .join(ORDER_KEY, same, isouter=True)
        .where(ORDERS.c.site == site, ORDERS.c.order.in_(names))
        .order_by(ORDERS.c.order)
    )
    return tuple(_match(row) for row in connection.execute(query.limit(MOST)))


def _match(row: Any) -> Match:  # noqa: ANN401 - a row of ORDERS
    over = row.outcome or row.status in _OVER
    status = (row.outcome or row.status) if over else "open"
    return Match(order=row.order, status=status, ended=row.finished or "", erased=row.erased or "")


def _orders_of(connection: Connection, site: str, buyer: str) -> list[str]:
    keys = sealing.keys_of(connection)
    marks = sealing.asked_marks(keys, site, buyer) if keys else set[str]()
    where = and_(BUYER_MARK.c.site == site, BUYER_MARK.c.mark.in_(marks))
    query = select(BUYER_MARK.c.order).where(where).distinct().order_by(BUYER_MARK.c.order)
    return list(connection.scalars(query.limit(MOST)))


def erase(server: Server, caller: PersonCaller, site: str, wanted: Wanted) -> Matches:
    """Forget the buyer of an order, or of all their orders that are over.

    Raises:
        Problem: 404 no such order; 409 it is still open; 422 what is wanted is not said.
    """
    now = stamp(server.clock.now())
    with server.store.write() as connection:
        found = find(connection, site, wanted)
        if not found:
            raise Problem(404, "unknown_order", "no order of theirs is here")
        over = [one for one in found if one.status != "open"]
        if wanted.order and not over:
            raise Problem(409, "order_open", "it is still to be packed: cancel it first")
        for one in over:
            if not one.erased:
                _erase(connection, site, one.order, now)
                audit.note(
                    server,
                    connection,
                    caller,
                    "privacy.erase",
                    one.order,
                    site=site,
                    why=wanted.reason,
                )
        after = find(connection, site, wanted) if wanted.order else ()
        gone = after or tuple(msgspec.structs.replace(o, erased=o.erased or now) for o in over)
    server.bell.ring()
    return Matches(orders=gone, kept=tuple(o.order for o in found if o.status == "open"))


def export(server: Server, caller: PersonCaller, site: str, wanted: Wanted) -> Exported:
    """All that is known of a buyer, or of one order: documents, waybills, what was done when.

    Raises:
        Problem: 404 no such order; 422 what is wanted is not said.
    """
    with server.store.write() as connection:
        found = find(connection, site, wanted)
        if not found:
            raise Problem(404, "unknown_order", "no order of theirs is here")
        thing = wanted.order or f"{len(found)} orders"
        audit.note(
            server, connection, caller, "privacy.export", thing, site=site, why=wanted.reason
        )
        orders = tuple(dict(_exported(connection, site, one)) for one in found)
    return Exported(site=site, at=stamp(server.clock.now()), orders=orders)


def _exported(connection: Connection, site: str, one: Match) -> Iterator[tuple[str, Any]]:
    yield from msgspec.structs.asdict(one).items()
    body = row_body(connection, site, sealing.ORDER, one.order)
    yield "document", msgspec.json.decode(body)["order"] if body else None
    where = and_(SESSION.c.site == site, SESSION.c.order == one.order)
    lists = connection.scalars(select(SESSION.c.waybills).where(where).order_by(SESSION.c.opened))
    yield "waybills", [waybill for text in lists for waybill in msgspec.json.decode(text or "[]")]
    facts = and_(JOURNAL.c.site == site, JOURNAL.c.order == one.order)
    done = select(JOURNAL.c.kind, JOURNAL.c.at).where(facts).order_by(JOURNAL.c.received)
    yield "done", [{"what": row.kind, "at": row.at} for row in connection.execute(done)]


# --- rows of before --------------------------------------------------------------------------


def seal_old(server: Server) -> int:
    """Seal what still lies plain from before keys were; how many rows that were."""
    count, after = 0, ("", "")
    while True:
        with server.store.write() as connection:
            there = and_(ROW.c.t == sealing.ORDER, ROW.c.op.in_(THERE))
            later = or_(ROW.c.site > after[0], and_(ROW.c.site == after[0], ROW.c.id > after[1]))
            plain = ROW.c.body.not_like('%"sealed":%')
            rows = connection.execute(
                select(ROW.c.site, ROW.c.id, ROW.c.body)
                .where(there, later, plain)
                .order_by(ROW.c.site, ROW.c.id)
                .limit(TOGETHER)
            ).all()
            for row in rows:
                text = sealing.sealed(connection, row.site, row.id, row.body)
                mine = and_(ROW.c.site == row.site, ROW.c.t == sealing.ORDER, ROW.c.id == row.id)
                connection.execute(update(ROW).where(mine).values(body=text))
                count += text != row.body
        if len(rows) < TOGETHER:
            return count
        after = (rows[-1].site, rows[-1].id)
