"""The queue: what waits, by hand-over and money, and why the first is first."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from packstation.domain.deadlines import late_cost
from packstation.domain.orders import Deadline
from packstation.domain.queueing import single_item
from packstation.station import elsewhere
from packstation.station.core import Core
from packstation.station.flow_state import Lined
from packstation.station.lineup import FILTERS, lined, parked, shown, startable
from packstation.station.pictures import product_view
from packstation.station.planning import carton_for
from packstation.station.ports import OrderRow
from packstation.station.viewing.frame import WARN_S, local_time
from packstation.station.viewing.money import money, time_left
from packstation.station.views import FilterView, QueueRow, QueueView, Words

# So many rows are made for the screen; the others are counted.
SHOWN: Final = 40


def queue(core: Core) -> QueueView:
    """Rows of this bench in the order that was shown when the queue was entered."""
    one, rows = lined(core), shown(core)
    if not rows:
        return _nothing(core, one)
    start = startable(core, rows)
    first = start.order.order_id if start is not None else ""
    views = tuple(_row(core, row, one, first=first) for row in rows[:SHOWN])
    return QueueView(
        rows=views,
        total=len(rows),
        why_first=_why(core, one) if first == one.first else None,
        cutoffs=_cutoffs(core, one),
        filters=_filters(core, one),
        find=core.desk.line.find,
        changed=_changed(one),
    )


def _cutoffs(core: Core, one: Lined) -> tuple[tuple[str, str, int], ...]:
    """The next three hand-overs: whose, when, how many orders are still to go."""
    due = ((row.order, row.order.handover()) for row in one.rows)
    count = Counter(
        (deadline.at, order.channel.capitalize()) for order, deadline in due if deadline is not None
    )
    ahead = sorted(key for key in count if key[0] >= core.clock.now())
    return tuple((name, local_time(core, at), count[at, name]) for at, name in ahead[:3])


def _filters(core: Core, one: Lined) -> tuple[FilterView, ...]:
    """The kinds of rows, and how many there are of each; a search is one more."""
    line, away = core.desk.line, parked(core)
    orders = [row.order for row in (*one.rows, *one.held)]
    counts = {
        "all": len(orders),
        "single": sum(map(single_item, orders)),
        "parked": sum(order.order_id in away for order in orders),
        "late": sum(one.standing[order.order_id].late for order in orders),
    }
    kinds = tuple(
        FilterView(name, Words(f"queue.filter.{name}"), counts[name], name == line.filter)
        for name in FILTERS
    )
    if not line.find:
        return kinds
    words = Words("queue.filter.find", (("text", line.find),))
    others = tuple(replace(kind, chosen=False) for kind in kinds)
    return (*others, FilterView("find", words, len(shown(core)), chosen=True))


def _changed(one: Lined) -> Words | None:
    new = ("n", one.new)
    if one.ahead and one.new:
        return Words("queue.changed.new_first", (new, ("order", one.ahead)), one.new)
    if one.ahead:
        return Words("queue.changed.first", (("order", one.ahead),))
    if one.new:
        return Words("queue.changed.new", (new,), one.new)
    return Words("queue.changed.rest") if one.changed else None


def _why(core: Core, one: Lined) -> Words | None:
    """Why the first row is first, in words."""
    why = one.why
    if why is None:
        return None
    stake = why.first.stake
    at = moment(core, stake.at) if stake else ""
    cost = money(stake.cost) if stake else ""
    args = (("order", why.first.order_id), ("t", at), ("m", cost), ("n", why.count))
    return Words(f"queue.why.{why.code}", args, why.count)


def _nothing(core: Core, one: Lined) -> QueueView:
    """Why there is no row, and what helps."""
    line, desk = core.desk.line, core.desk
    filters = _filters(core, one)
    if line.find:
        empty = Words("queue.empty.find", (("text", line.find),))
        return QueueView(
            empty=empty, cause=Words("queue.empty.filter.home"), filters=filters, find=line.find
        )
    if line.filter != "all":
        home = Words("queue.empty.filter.home")
        return QueueView(empty=Words("queue.empty.filter"), cause=home, filters=filters)
    cause = Words("queue.empty.online")
    if not desk.online and desk.offline_since is not None:
        cause = Words("queue.empty.offline", (("t", local_time(core, desk.offline_since)),))
    return QueueView(empty=Words("queue.empty.none"), cause=cause)


def moment(core: Core, at: datetime) -> str:
    """Clock time at the site, with the day where it is not today."""
    here = at.astimezone(core.zone)
    if here.date().isoformat() == core.today():
        return here.strftime("%H:%M")
    return here.strftime("%d.%m %H:%M")


def _row(core: Core, row: OrderRow, one: Lined, *, first: str) -> QueueRow:
    order = row.order
    due = order.handover()
    left = int((due.at - core.clock.now()).total_seconds()) if due else 0
    state, words = row_state(core, row, first=order.order_id == first)
    stake = one.standing[order.order_id].stake
    return QueueRow(
        order_id=order.order_id,
        hand_over=moment(core, due.at) if due else "",
        time_left=_left(left) if due else None,
        late_cost=money(late_cost(due)) if due else "",
        late_why=Words("queue.no_rate") if stake and stake.weight[0] == 1 else _late_why(due),
        place=", ".join(part for part in (order.ship_to.city, order.ship_to.country) if part),
        items=tuple((product_view(core, line.sku), line.quantity) for line in order.lines[:4]),
        box=_box(core, row),
        weight_g=_weight(core, row),
        tote=order.totes[0] if order.totes else "",
        state=state,
        state_words=words,
        urgent=due is not None and left < WARN_S,
        since=_since(core, order.order_id),
    )


def _left(seconds: int) -> Words | None:
    """How long until then, or how long it has been late."""
    if seconds >= 0:
        return time_left(seconds)
    gone = time_left(-seconds)
    key = gone.key.removeprefix("left.") if gone else ""
    return replace(gone, key=f"queue.late.ago.{key}") if gone else None


def _since(core: Core, order_id: str) -> Words | None:
    """Since when an order that was put aside lies there."""
    away = parked(core).get(order_id)
    return Words("queue.since", (("t", moment(core, away.since)),)) if away else None


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
    """How a row of the queue stands: next, ready, other_bench, held or parked, with its words."""
    away = parked(core).get(row.order.order_id)
    if away is not None and away.bench:
        args = (("t", away.place or "—"), ("b", away.bench))
        return "parked", Words("queue.parked.there", args)
    if away is not None:
        place = (("t", away.place),)
        return "parked", Words("queue.parked", place) if away.place else Words(
            "queue.parked.nowhere"
        )
    refusal = elsewhere.refusal(core, row)
    if refusal == "order.other_bench":
        return "other_bench", Words("queue.bench", (("b", row.bench),))
    if refusal == "order.at_bench":
        return "other_bench", Words("queue.bench", (("b", elsewhere.bench_of(core, row)),))
    if refusal:
        return "held", _held_why(row)
    return ("next", Words("queue.next")) if first else ("ready", Words("queue.ready"))


def _held_why(row: OrderRow) -> Words:
    if row.hold:
        return Words("queue.held", (("why", row.hold),))
    known = row.order.status in {"on_hold", "unpaid"}
    return (
        Words(f"queue.hold.{row.order.status}")
        if known
        else Words("queue.held", (("why", row.order.status),))
    )
