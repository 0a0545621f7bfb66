"""What marketplaces want of each unit: kept from benches' facts, asked of a gate, answered by rows.

Benches give values as facts (`RequirementGiven`); in the push's own transaction they are kept
here. Afterwards, and never inside a transaction, a gate is asked; its answers go back to the
site as a row ``requirement`` of the order (`psp.RequirementBody`). A gate that stays silent is
asked again with the next push (a bench's heartbeat is one too). Without a gate the row says so
at once, and answers come by `acceptance`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from packstation.domain.packing.facts import ItemRemoved, ItemVerified, SessionCancelled
from packstation.domain.packing.item_facts import RequirementGiven
from packstation.domain.packing.plan import Given, unit_codes
from packstation.domain.psp import RequirementAnswer, RequirementBody, UnitBody
from packstation.server import folds, rows
from packstation.server.core import Server
from packstation.server.gates import Asked, Verdict
from packstation.server.moments import stamp
from packstation.server.tables import REQUIREMENT, ROW

log = logging.getLogger(__name__)

WAITING, ACCEPTED, REFUSED = "waiting", "accepted", "refused"
AGAIN: Final = timedelta(seconds=10)
TOGETHER: Final = 200
# A gate that failed so often on end is left alone until the next round.
GIVE_UP: Final = 3


# --- in the push's transaction ------------------------------------------------------------------


def note(server: Server, connection: Connection, site: str, steps: Sequence[folds.Step]) -> None:
    """Keep what these facts say of units."""
    for step in steps:
        order, session = step.event.order or "", step.event.session
        match step.fact:
            case ItemVerified() as fact:
                _packed(server, connection, site, unit_codes(fact.sku, fact.serial, ()), step)
            case RequirementGiven() as fact:
                one = Given(kind=fact.kind, value=fact.value)
                _packed(server, connection, site, unit_codes(fact.sku, "", (one,)), step)
                asked = Asked(order=order, sku=fact.sku, kind=fact.kind, value=fact.value)
                _keep(connection, site, asked)
                if server.gate is None:
                    _tell(server, connection, site, order)
            case ItemRemoved() as fact:
                codes = (*unit_codes(fact.sku, fact.serial, ()), *fact.codes)
                _out(server, connection, site, codes, session)
            case SessionCancelled():
                state = folds.kept(connection, site, session)
                codes = tuple(sorted(state.unit_codes)) if state is not None else ()
                _out(server, connection, site, codes, session)


def is_due(server: Server, connection: Connection, site: str) -> bool:
    """Whether a gate is to be asked now."""
    if server.gate is None:
        return False
    return connection.scalar(select(REQUIREMENT.c.order).where(_due(server, site))) is not None


def _packed(
    server: Server, connection: Connection, site: str, codes: tuple[str, ...], step: folds.Step
) -> None:
    """The first box that says it has a unit keeps it: another one is refused at its bench."""
    body = UnitBody(session=step.event.session, order=step.event.order or "")
    for code in codes:
        if rows.row_body(connection, site, "unit", code) is None:
            rows.put_row(server, connection, site, "unit", code, body)
        else:
            log.warning("a unit is in two boxes", extra={"order": step.event.order})


def _out(
    server: Server, connection: Connection, site: str, codes: tuple[str, ...], session: str
) -> None:
    for code in codes:
        where = and_(ROW.c.site == site, ROW.c.t == "unit", ROW.c.id == code, ROW.c.op == "put")
        body = connection.scalar(select(ROW.c.body).where(where))
        if body is not None and f'"session":"{session}"' in body:
            rows.delete_row(server, connection, site, "unit", code)


def _of(site: str, asked: Asked) -> ColumnElement[bool]:
    table = REQUIREMENT.c
    return and_(
        table.site == site,
        table.order == asked.order,
        table.sku == asked.sku,
        table.kind == asked.kind,
        table.value == asked.value,
    )


def _keep(connection: Connection, site: str, asked: Asked) -> None:
    if connection.scalar(select(REQUIREMENT.c.status).where(_of(site, asked))) is None:
        columns = {name: getattr(asked, name) for name in Asked.__struct_fields__}
        connection.execute(insert(REQUIREMENT).values(site=site, status=WAITING, **columns))


def _due(server: Server, site: str) -> ColumnElement[bool]:
    """What waits and was not asked about just now."""
    since = stamp(server.clock.now() - AGAIN)
    waits = and_(REQUIREMENT.c.site == site, REQUIREMENT.c.status == WAITING)
    return and_(waits, or_(REQUIREMENT.c.asked == "", REQUIREMENT.c.asked < since))


# --- afterwards -----------------------------------------------------------------------------------


def begin(server: Server, site: str) -> threading.Thread | None:
    """Ask the gate in a thread of its own, one a site; None where one is at it."""
    if server.gate is None or not server.desk.take(f"requirements:{site}"):
        return None
    thread = threading.Thread(target=_settle_all, args=(server, site), daemon=True)
    thread.start()
    return thread


def _settle_all(server: Server, site: str) -> None:
    try:
        while settle(server, site):
            continue
    except Exception:  # a thread of its own: the next push tries again
        log.exception("requirements")
    finally:
        server.desk.give_back(f"requirements:{site}")


def settle(server: Server, site: str) -> int:
    """Ask about what waits; how many were answered."""
    with server.store.write() as connection:
        waiting = _take(server, connection, site)
    answers = _judged(server, waiting)
    if answers:
        with server.store.write() as connection:
            _answer(server, connection, site, answers)
        server.bell.ring()
    return len(answers)


def _take(server: Server, connection: Connection, site: str) -> list[Asked]:
    columns = [REQUIREMENT.c[name] for name in Asked.__struct_fields__]
    # Those asked longest ago first: silent ones must not keep others from being asked.
    due = select(*columns).where(_due(server, site)).order_by(REQUIREMENT.c.asked)
    found = connection.execute(due.limit(TOGETHER)).all()
    waiting = [Asked(order=o, sku=s, kind=k, value=v) for o, s, k, v in found]
    for asked in waiting:
        now = stamp(server.clock.now())
        connection.execute(update(REQUIREMENT).where(_of(site, asked)).values(asked=now))
    return waiting


def _judged(server: Server, waiting: Sequence[Asked]) -> list[tuple[Asked, Verdict]]:
    """What the gate said; one that fails does not know yet, and is not asked on for long."""
    told: list[tuple[Asked, Verdict]] = []
    failed = 0
    for asked in waiting if server.gate is not None else ():
        try:
            verdict = server.gate.judge(asked) if server.gate is not None else None
        except Exception:  # whatever a marketplace's code raises, it has not answered
            log.exception("gate")
            failed += 1
            if failed >= GIVE_UP:
                break
            continue
        failed = 0
        told += [(asked, verdict)] if verdict is not None else []
    return told


def _answer(
    server: Server, connection: Connection, site: str, answers: Sequence[tuple[Asked, Verdict]]
) -> None:
    for asked, verdict in answers:
        told = {"status": ACCEPTED if verdict.accepted else REFUSED, "reason": verdict.reason}
        connection.execute(update(REQUIREMENT).where(_of(site, asked)).values(**told))
    for order in dict.fromkeys(asked.order for asked, _ in answers):
        _tell(server, connection, site, order)


def _tell(server: Server, connection: Connection, site: str, order: str) -> None:
    """The row of an order: what was answered; and that nobody asks, where nobody does."""
    asks = "gate" if server.gate is not None else "nobody"
    body = _row(connection, site, order, asks)
    rows.put_row(server, connection, site, "requirement", order, body)


def waiting(connection: Connection, site: str) -> tuple[Asked, ...]:
    """Values without an answer, by order; `TOGETHER` at most."""
    columns = [REQUIREMENT.c[name] for name in Asked.__struct_fields__]
    where = and_(REQUIREMENT.c.site == site, REQUIREMENT.c.status == WAITING)
    found = connection.execute(select(*columns).where(where).order_by(*columns).limit(TOGETHER))
    return tuple(Asked(order=o, sku=s, kind=k, value=v) for o, s, k, v in found)


def take(server: Server, site: str, told: Sequence[tuple[Asked, Verdict]]) -> tuple[Asked, ...]:
    """Answers that somebody brings, a gate or not; answers those that no bench has given."""
    with server.store.write() as connection:
        status = REQUIREMENT.c.status
        known = [
            (asked, verdict)
            for asked, verdict in told
            if connection.scalar(select(status).where(_of(site, asked))) is not None
        ]
        _answer(server, connection, site, known)
    server.bell.ring()
    return tuple(asked for asked, verdict in told if (asked, verdict) not in known)


def _row(connection: Connection, site: str, order: str, asks: str) -> RequirementBody:
    table = REQUIREMENT.c
    where = and_(table.site == site, table.order == order, table.status != WAITING)
    columns = (table.sku, table.kind, table.value, table.status, table.reason)
    found = connection.execute(select(*columns).where(where).order_by(*columns[:3])).all()
    return RequirementBody(
        asks=asks,
        answers=tuple(
            RequirementAnswer(sku=a, kind=b, value=c, status=d, reason=e) for a, b, c, d, e in found
        ),
    )
