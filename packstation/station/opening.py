"""Begin an order, or go on with one that was parked."""

from __future__ import annotations

from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.station.core import Core
from packstation.station.planning import line_plans, opening_refusal, order_digest
from packstation.station.ports import OrderRow


class Opening:
    """Opens orders on this bench."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def open(self, row: OrderRow) -> None:
        """Open an order, or go on with its parked session."""
        core, desk = self._core, self._core.desk
        refusal = opening_refusal(row, desk.bench)
        session_id = core.store.last_session(row.order.order_id)
        earlier = core.load(session_id) if session_id else None
        if earlier is not None and earlier.state is State.PARKED and session_id:
            core.resume(session_id, earlier)
            core.submit(i.ResumeAsked(rev=row.rev, refusal=refusal))
            return
        if earlier is not None and earlier.state is State.COMPLETED:
            refusal = refusal or "order.packed"
        products = core.products_of(row.order)
        core.submit(
            i.OpenOrder(
                order_id=row.order.order_id,
                rev=row.rev,
                lines=line_plans(row.order, products),
                parcel_id=core.ids.new(),
                tote=row.order.totes[0] if row.order.totes else "",
                allow_partial=row.order.allow_partial,
                digest=order_digest(row.order),
                refusal=refusal,
            )
        )
