"""The queue: what waits, by hand-over and money, and why the first is first."""

from __future__ import annotations

from collections import Counter

from packstation.domain.deadlines import late_cost
from packstation.domain.orders import Deadline
from packstation.station.core import Core
from packstation.station.pictures import product_view
from packstation.station.planning import carton_for, opening_refusal
from packstation.station.ports import OrderRow
from packstation.station.viewing.frame import WARN_S, local_time
from packstation.station.viewing.money import money, time_left
from packstation.station.views import QueueRow, QueueView, Words


def queue(core: Core, limit: int = 40) -> QueueView:
    """Rows of this bench."""
    rows = core.cache.queue(core.desk.bench, limit=limit)
    if not rows:
        return QueueView(empty=Words("queue.empty.none"))
    views = tuple(_row(core, row, first=n == 0) for n, row in enumerate(rows))
    cutoffs = Counter(
        (row.order.channel.capitalize(), view.hand_over)
        for row, view in zip(rows, views, strict=True)
        if view.hand_over
    )
    named = tuple((name, at, count) for (name, at), count in list(cutoffs.items())[:3])
    why = Words("queue.why.hand_over", (("order", views[0].order_id), ("t", views[0].hand_over)))
    return QueueView(rows=views, total=len(views), why_first=why, cutoffs=named)


def _row(core: Core, row: OrderRow, *, first: bool) -> QueueRow:
    order = row.order
    due = order.handover()
    left = int((due.at - core.clock.now()).total_seconds()) if due else 0
    state, words = row_state(core, row, first=first)
    return QueueRow(
        order_id=order.order_id,
        hand_over=local_time(core, due.at) if due else "",
        time_left=time_left(left) if due else None,
        late_cost=money(late_cost(due)) if due else "",
        late_why=_late_why(due),
        place=", ".join(part for part in (order.ship_to.city, order.ship_to.country) if part),
        items=tuple((product_view(core, line.sku), line.quantity) for line in order.lines[:4]),
        box=_box(core, row),
        weight_g=_weight(core, row),
        tote=order.totes[0] if order.totes else "",
        state=state,
        state_words=words,
        urgent=due is not None and left < WARN_S,
    )


def _box(core: Core, row: OrderRow) -> str:
    """The smallest carton for all of it; "" is the goods' own box."""
    key = (row.order.order_id, row.rev)
    if key not in core.desk.boxes:
        core.desk.boxes[key] = carton_for(
            row.order, core.products_of(row.order), core.cache.cartons()
        )
    return core.desk.boxes[key]


def _late_why(due: Deadline | None) -> Words | None:
    if due is None or due.cost_next is None:
        return None
    if due.cost_now is None:
        return Words("late.shop")
    return Words("late.tariff", (("now", money(due.cost_now)), ("next", money(due.cost_next))))


def _weight(core: Core, row: OrderRow) -> int | None:
    total = 0
    for line in row.order.lines:
        product = core.cache.product(line.sku)
        if product is None or product.weight_g is None:
            return None
        total += product.weight_g * line.quantity
    return total


def row_state(core: Core, row: OrderRow, *, first: bool) -> tuple[str, Words]:
    """How a row of the queue stands: next, ready, other_bench or held, with its words."""
    refusal = opening_refusal(row, core.desk.bench)
    if refusal == "order.other_bench":
        return "other_bench", Words("queue.bench", (("b", row.bench),))
    if refusal:
        return "held", Words("queue.held", (("why", row.hold or row.order.status),))
    return ("next", Words("queue.next")) if first else ("ready", Words("queue.ready"))
