"""What other benches have of an order: whose it is, where it is parked, what was done there.

Rows of the server (``domain.passing``); without it a bench knows what it pulled last.
"""

from __future__ import annotations

from typing import Final

import msgspec

from packstation.domain import passing as p
from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.facts import Fact, SessionResumed
from packstation.first_use import shaped
from packstation.station.core import Core
from packstation.station.planning import opening_refusal
from packstation.station.ports import OrderRow, RowsPulled

# The note of a hold because another bench has the order; its ``by`` is that bench.
OTHER_BENCH: Final = "other_bench"
# The same where a person took it away from this one; its ``by`` is that person.
TAKEN_AWAY: Final = "taken_away"


class Elsewhere:
    """Keeps ``desk.flow.works`` in step with pulled rows; stops an order that is another's."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def recover(self) -> None:
        """What was pulled before."""
        read = (_read(body) for body in self._core.cache.kept_all(p.WORK))
        self._core.desk.flow.works = {one.order: one for one in read if one is not None}
        self.look()

    def rows(self, report: RowsPulled) -> None:
        """Rows came: parked orders may lie elsewhere, and the open one may be another's."""
        mine = [row for row in report.rows if row.t == p.WORK]
        flow, line = self._core.desk.flow, self._core.desk.line
        works = dict(flow.works)
        for row in mine:
            work = _read(row.body) if row.op == "put" else None
            works.pop(row.id, None)
            if work is not None:
                works[row.id] = work
        if mine:
            flow.works, line.parked = works, None
            self.look()

    def told(self, facts: tuple[Fact, ...]) -> None:
        """What was let go by hand is still another's."""
        if any(isinstance(fact, SessionResumed) for fact in facts):
            self.look()

    def look(self) -> None:
        """Stop the open order where it is another's; let it go on where it is so no more."""
        core, session = self._core, self._core.session
        if not session.live:
            return
        work = foreign(core, session.order_id)
        lost = core.desk.flow.lost.get(session.order_id)
        ours = session.state is State.HELD and session.hold_note in {OTHER_BENCH, TAKEN_AWAY}
        if work is not None and work.state not in {p.OPEN, p.PACKED}:
            work = None
        if ours and work is None and lost is None:
            core.submit(i.HoldReleased(cause="server"))
        elif work is not None and not ours:
            core.submit(i.HoldRaised(reason="server", by=work.bench, note=OTHER_BENCH))
        elif lost is not None and not ours:
            note = TAKEN_AWAY if lost.taken else OTHER_BENCH
            core.submit(i.HoldRaised(reason="server", by=lost.by, note=note))


def _read(body: object) -> p.Work | None:
    try:
        return shaped(body, p.Work)
    except msgspec.ValidationError:
        return None


def foreign(core: Core, order_id: str) -> p.Work | None:
    """The work of another bench on this order; None where it is this bench's, or nobody's."""
    work = core.desk.flow.works.get(order_id)
    if work is None or work.state == p.CANCELLED:
        return None
    own = core.store.last_session(order_id)
    if own is None:
        return work
    if own == work.session or core.store.session_events(work.session):
        return None
    return None if core.load(own).came_from == work.session else work


def refusal(core: Core, row: OrderRow) -> str:
    """Why an order cannot be opened here, as a message key; "" when it can."""
    said = opening_refusal(row, core.desk.bench)
    work = foreign(core, row.order.order_id) if not said else None
    if work is None or work.state == p.PARKED:
        return said
    return "order.packed" if work.state == p.PACKED else "order.at_bench"


def trail(core: Core, order_id: str) -> p.Trail | None:
    """What was done at all benches, as pulled last."""
    body = core.cache.kept(p.TRAIL, order_id)
    try:
        return shaped(body, p.Trail) if body else None
    except msgspec.ValidationError:
        return None


def parked_there(core: Core, row: OrderRow) -> i.TakeOverAsked | None:
    """What is asked to go on with an order that another bench parked; None where it did not."""
    order_id = row.order.order_id
    work = foreign(core, order_id)
    if work is None or work.state != p.PARKED:
        return None
    known = trail(core, order_id)
    if known is None or known.kept is None or known.session != work.session:
        return None
    return i.TakeOverAsked(
        order_id=order_id,
        rev=known.kept.rev,
        session=work.session,
        bench=work.bench,
        kept=known.kept,
    )


def bench_of(core: Core, row: OrderRow) -> str:
    """The bench that has an order, by its name."""
    work = foreign(core, row.order.order_id)
    claim = core.desk.flow.claimed.get(row.order.order_id)
    return work.bench if work is not None else claim.bench if claim is not None else ""
