"""Orders as the server keeps them: the row that benches pull, and the columns the floor asks.

A hold, a release and an assignment say something about an order and leave its revision; a
changed document, a cancellation too, raises it (reference/sync.md, conflict table).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, and_, insert, select, update

from packstation.domain.orders import Order
from packstation.domain.psp import OrderBody
from packstation.server import audit, conflicts
from packstation.server.access import EVERY_SITE, PersonCaller
from packstation.server.core import Server
from packstation.server.customs import checks, due, fixes
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.rows import put_row, row_body, row_rev, touch_row
from packstation.server.tables import ORDERS, SESSION


class OrderState(Struct, frozen=True, kw_only=True):
    """What the server knows of an order, without the buyer."""

    order: str
    site: str
    rev: int
    status: str
    bench: str = ""
    hold: str = ""
    hold_by: str = ""
    outcome: str = ""
    session: str = ""
    state: str = ""
    waybills: tuple[str, ...] = ()


def put_order(server: Server, connection: Connection, site: str, order: Order) -> str:
    """Store an order; "accepted", "changed" or "unchanged". Bench and hold stay as they were.

    Whoever stores orders says which are due to be checked for customs (`customs.due`).
    """
    before = order_body(connection, site, order.order_id)
    order = fixes.carried(connection, site, "order", order.order_id, order)
    body = replace(before, order=order) if before else OrderBody(order=order)
    verdict, _ = put_row(server, connection, site, "order", order.order_id, body)
    if verdict != "unchanged":
        _index(connection, site, body)
        conflicts.look(server, connection, site, order.order_id)
    return verdict


def order_body(connection: Connection, site: str, order: str) -> OrderBody | None:
    """The order with bench and hold; None when there is none."""
    body = row_body(connection, site, "order", order)
    return None if body is None else msgspec.json.decode(body, type=OrderBody)


def _index(connection: Connection, site: str, body: OrderBody) -> None:
    order = body.order
    due = order.handover()
    late = due.cost_next if due else None
    columns: dict[str, Any] = {
        "status": order.status,
        "channel": order.channel,
        "bench": body.bench,
        "hold": body.hold,
        "handover": stamp(due.at) if due else "",
        "late_amount": str(late.amount) if late and late.amount > Decimal(0) else "",
        "late_currency": late.currency if late else "",
        "units": sum(line.quantity for line in order.lines),
    }
    where = and_(ORDERS.c.site == site, ORDERS.c.order == order.order_id)
    if connection.execute(update(ORDERS).where(where).values(**columns)).rowcount == 0:
        known = _session_of(connection, site, order.order_id)
        connection.execute(
            insert(ORDERS).values(site=site, order=order.order_id, **columns, **known)
        )


def _session_of(connection: Connection, site: str, order: str) -> dict[str, Any]:
    """What a bench did with an order before the server heard of it."""
    mine = and_(SESSION.c.site == site, SESSION.c.order == order)
    row = connection.execute(
        select(SESSION.c.session, SESSION.c.state, SESSION.c.completed)
        .where(mine)
        .order_by(SESSION.c.changed.desc())
    ).first()
    if row is None:
        return {}
    outcome = {"completed": "packed", "cancelled": "cancelled"}.get(row.state, "")
    return {"session": row.session, "outcome": outcome, "finished": row.completed}


# --- what a lead or supervisor says of an order ----------------------------------------------


def hold(server: Server, caller: PersonCaller, order: str, reason: str, site: str = "") -> str:
    """Stop an order wherever it is; answers its site.

    Raises:
        Problem: 404 no such order; 422 no reason.
    """
    if not reason.strip():
        raise Problem(422, "invalid", "reason: words are allowed")
    return _say(
        server, caller, order, site, "hold", lambda body: replace(body, hold=reason.strip())
    )


def release(server: Server, caller: PersonCaller, order: str, site: str = "") -> str:
    """Let a held order go on; one whose document says on_hold becomes ready."""

    def change(body: OrderBody) -> OrderBody:
        ready = replace(body.order, status="ready") if body.order.status == "on_hold" else None
        return replace(body, hold="", order=ready or body.order)

    return _say(server, caller, order, site, "release", change)


def cancel(server: Server, caller: PersonCaller, order: str, site: str = "") -> str:
    """The buyer does not want it any more; a bench that packs it stops."""
    return _say(
        server,
        caller,
        order,
        site,
        "cancel",
        lambda body: replace(body, order=replace(body.order, status="cancelled")),
    )


def assign(server: Server, caller: PersonCaller, order: str, bench: str, site: str = "") -> str:
    """Give an order to one bench beforehand (offline policy ``partition``); "" = any."""
    return _say(server, caller, order, site, "assign", lambda body: replace(body, bench=bench))


def _say(
    server: Server,
    caller: PersonCaller,
    order: str,
    site: str,
    act: str,
    change: Callable[[OrderBody], OrderBody],
) -> str:
    with server.store.write() as connection:
        place = _place(connection, caller, order, site)
        before = order_body(connection, place, order)
        if before is None:
            raise Problem(404, "unknown_order", order)
        after = change(before)
        if after.order != before.order:
            put_row(server, connection, place, "order", order, after)
        elif after != before:
            touch_row(server, connection, place, "order", order, after)
        _index(connection, place, after)
        if after.order != before.order:
            conflicts.look(server, connection, place, order)
        due.order(connection, place, order)
        if after.hold != before.hold:
            who = {"hold_by": caller.name, "held": stamp(server.clock.now())}
            where = and_(ORDERS.c.site == place, ORDERS.c.order == order)
            connection.execute(update(ORDERS).where(where).values(**who))
        if after != before:
            said = (before, after)
            audit.note(server, connection, caller, f"order.{act}", order, change=said, site=place)
    server.bell.ring()
    checks.begin(server)
    return place


def _place(connection: Connection, caller: PersonCaller, order: str, site: str) -> str:
    """The site of an order that a caller may touch.

    Raises:
        Problem: 404, also where the order is another site's.
    """
    where = ORDERS.c.order == order
    asked = site or (caller.site if caller.site != EVERY_SITE else "")
    if caller.site not in {EVERY_SITE, asked}:
        raise Problem(403, "other_site", site=site)
    if asked:
        where = and_(where, ORDERS.c.site == asked)
    found = list(connection.scalars(select(ORDERS.c.site).where(where)))
    if len(found) > 1:
        raise Problem(422, "which_site", "say ?site=", known=found)
    if not found:
        raise Problem(404, "unknown_order", order)
    return str(found[0])


def state(server: Server, caller: PersonCaller, order: str, site: str = "") -> OrderState:
    """What the server knows of an order.

    Raises:
        Problem: 404 no such order.
    """
    with server.store.read() as connection:
        place = _place(connection, caller, order, site)
        where = and_(ORDERS.c.site == place, ORDERS.c.order == order)
        row = connection.execute(select(ORDERS).where(where)).one()
        mine = and_(SESSION.c.site == place, SESSION.c.session == row.session)
        session = connection.execute(select(SESSION).where(mine)).one_or_none()
        rev = row_rev(connection, place, "order", order) or 0
    return OrderState(
        order=order,
        site=place,
        rev=rev,
        status=row.status,
        bench=row.bench,
        hold=row.hold,
        hold_by=row.hold_by,
        outcome=row.outcome,
        session=row.session,
        state=session.state if session else "",
        waybills=tuple(msgspec.json.decode(session.waybills)) if session else (),
    )
