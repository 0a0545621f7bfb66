"""What to know of the order besides its lines: its totes, and what else its buyer waits for."""

from __future__ import annotations

import hashlib

import msgspec

from packstation.domain.orders import Order
from packstation.domain.packing.tote_facts import ToteArrived
from packstation.station.core import Core
from packstation.station.lineup import lined
from packstation.station.ports import OrderRow
from packstation.station.views import VerdictView, Words

# So many things in a box are named.
NAMED = 3


class Totes:
    """Ticks the totes of the open order as they are scanned."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def scanned(self, code: str) -> bool:
        """A tote of the open order, which has several, stands here; False for any other code."""
        core = self._core
        row = core.cache.order(core.session.order_id) if core.session.live else None
        if row is None or len(row.order.totes) < 2 or code not in row.order.totes:
            return False
        if code not in core.session.totes:
            core.add(ToteArrived(tote=code))
        core.desk.alert, core.desk.earcon = None, "ok"
        core.desk.verdict = VerdictView("ok", Words("tote.here", (("t", code),)))
        return True

    def hint(self) -> Words | None:
        """Which totes are here, which are due; None for an order of one."""
        core = self._core
        row = core.cache.order(core.session.order_id)
        if row is None or len(row.order.totes) < 2:
            return None
        here = [tote for tote in row.order.totes if tote in core.session.totes]
        due = [tote for tote in row.order.totes if tote not in core.session.totes]
        if not due:
            return Words("hint.totes.all", (("here", ", ".join(here)),))
        args = (("here", ", ".join(here) or "—"), ("due", ", ".join(due)))
        return Words("hint.totes", args)


def buyer_hash(order: Order) -> str:
    """Tells that two orders are of one buyer, and nothing else about him; "" where not known."""
    buyer = str((order.buyer or {}).get("id") or "")
    key = f"{order.channel}\x00{order.store or ''}\x00{buyer}"
    return hashlib.sha256(key.encode()).hexdigest() if buyer else ""


def together(one: Order, other: Order) -> bool:
    """Whether two orders of a buyer could go in one parcel: same place, terms, service, payer."""
    parts = ("ship_to", "incoterm", "duty_payer", "service", "category", "tax_scheme", "delivery")
    same = [[msgspec.to_builtins(getattr(each, name)) for name in parts] for each in (one, other)]
    return same[0] == same[1]


def others_of_buyer(core: Core, order: Order) -> tuple[OrderRow, ...]:
    """The buyer's other orders that wait at this bench."""
    buyer = buyer_hash(order)
    rows = lined(core).rows if buyer else ()
    return tuple(
        row
        for row in rows
        if row.order.order_id != order.order_id and buyer_hash(row.order) == buyer
    )


def buyer_hint(core: Core, order: Order) -> Words | None:
    """That another order of this buyer waits, and whether both could go together one day."""
    rows = others_of_buyer(core, order)
    if not rows:
        return None
    first = rows[0].order
    key = "hint.buyer.together" if together(order, first) else "hint.buyer"
    tote = first.totes[0] if first.totes else "—"
    return Words(key, (("order", first.order_id), ("t", tote), ("n", len(rows))), len(rows))


def passed_hint(core: Core) -> Words | None:
    """Which bench packed the first part of this order, and what lies in the box already."""
    session = core.session
    if not session.came_from:
        return None
    units: dict[str, int] = {}
    for item in session.packed:
        units[item.sku] = units.get(item.sku, 0) + item.units
    named = [f"{count} × {sku}" for sku, count in list(units.items())[:NAMED]]
    more = ["…"] if len(units) > NAMED else []
    args = (("b", session.came_bench), ("what", ", ".join([*named, *more])))
    return Words("hint.passed" if units else "hint.passed.empty", args)
