"""The single-item fast lane on screen: item, box, order, label, and the last four parcels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from packstation.domain.deadlines import late_cost
from packstation.domain.orders import Order
from packstation.domain.packing import State
from packstation.domain.queueing import single_item
from packstation.station.core import Core
from packstation.station.fast_lane import PROFILE
from packstation.station.flow_state import Done
from packstation.station.lineup import lined, parked
from packstation.station.pictures import product_view
from packstation.station.viewing import frame, service_rows, stage
from packstation.station.viewing.idle import moment
from packstation.station.viewing.money import money
from packstation.station.views import FastDone, FastView, Screen, StationView, Words

_STEPS: Final[Mapping[State, str]] = {
    State.WEIGHING: "weigh",
    State.RATING: "print",
    State.LABELLING: "print",
    State.PRINTING: "print",
    State.CONFIRMING: "stick",
}
# Without an open order the next item is waited for, whatever became of the last one.
_WAITS: Final = frozenset({State.IDLE, State.COMPLETED, State.CANCELLED, State.PARKED})
_TROUBLE: Final = frozenset({"uncertain", "failed"})
FOOT: Final = ("undo", "hold", "queue", "help")


def shows(core: Core, state: State) -> bool:
    """Whether the fast lane's own screen is shown; a question or a choice has its usual one."""
    if not core.desk.flow.fast:
        return False
    if state in _WAITS:
        return True
    own = core.session.profile == PROFILE and state in _STEPS
    troubled = any(paper.status in _TROUBLE for paper in core.session.parcel.papers)
    return own and not core.desk.listing and not troubled


def waiting(core: Core, base: StationView) -> StationView:
    """Nothing is open: scan any item."""
    away = parked(core)
    rows = [row.order for row in lined(core).rows]
    count = sum(single_item(order) and order.order_id not in away for order in rows)
    view = FastView("scan", last=_last(core), waiting=count)
    return replace(
        base, screen=Screen.FAST, step=0, fast=view, commands=frame.commands("queue", "help")
    )


def busy(core: Core, view: StationView, state: State) -> StationView:
    """An item's order is open: its box, its facts, its label."""
    row = core.cache.order(core.session.order_id)
    label = stage.label(core) if stage.needs_stage(state) else None
    fast = FastView(
        step=_STEPS[state],
        found=Words("fast.found"),
        box_kind=view.carton.kind if view.carton else "",
        facts=_facts(core, row.order) if row is not None else (),
        last=_last(core),
    )
    foot = frame.commands(*FOOT)
    return replace(view, screen=Screen.FAST, step=0, fast=fast, label=label, commands=foot)


def _facts(core: Core, order: Order) -> tuple[tuple[Words, str], ...]:
    due, parcel = order.handover(), core.session.parcel
    service = parcel.service
    name = service_rows.service_name(core, service.carrier, service.service) if service else ""
    papers = [paper for paper in parcel.papers if paper.document != "label"]
    rows = (
        ("fast.hand_over", moment(core, due.at) if due else ""),
        ("fast.late", money(late_cost(due)) if due else ""),
        ("fast.service", name),
        ("fast.weight", f"{parcel.gross_g} g" if parcel.gross_g else ""),
        ("fast.papers", str(len(papers)) if papers else ""),
    )
    return tuple((Words(key), text) for key, text in rows if text)


def _last(core: Core) -> tuple[FastDone, ...]:
    return tuple(_done(core, done) for done in core.desk.flow.last)


def _done(core: Core, done: Done) -> FastDone:
    product = product_view(core, done.sku)
    return FastDone(
        order_id=done.order_id,
        sku=done.sku,
        image=product.image,
        name=product.name,
        country=done.country,
        at=done.at,
    )
