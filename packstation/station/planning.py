"""From an order and its products to what the session needs to know; pure."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.order_digest import order_digest as order_digest  # noqa: PLC0414 - of plans
from packstation.domain.orders import Address, Order
from packstation.domain.packing.changes import changes
from packstation.domain.packing.facts import LinePlan
from packstation.domain.packing.plan import Change
from packstation.domain.packing.session import Session
from packstation.domain.parcels import Carton
from packstation.first_use import shaped
from packstation.station.plans import line_plans
from packstation.station.ports import OrderRow

# Until it is worked out how goods lie, a box is offered where they take this share of it at most.
FILL_PERCENT = 85
# Exports of its sites have a mode (R41).
CHINA: Final = "CN"


def order_prints(order: Order, salt: str) -> tuple[str, ...]:
    """Short digests of country, address, service and terms: which of them changed, not what.

    ``salt`` is the id of the session's first parcel: two orders of a buyer have nothing in
    common. Of the country, which anybody could find by trying all, it is one digit that some
    fifteen countries share; where two of them follow each other the address has changed.
    """
    country = hashlib.sha256(msgspec.json.encode(order.ship_to.country)).hexdigest()[:1]
    return (country, *(_digest((salt, part)) for part in _printed(order)))


def _printed(order: Order) -> tuple[object, ...]:
    return order.ship_to, order.service, (order.incoterm, order.category)


def _digest(part: object) -> str:
    return hashlib.sha256(msgspec.json.encode(part)).hexdigest()[:12]


def _first_prints(order: Order) -> tuple[str, ...]:
    """As journals of the first kind have them: without salt, the country's as long as others."""
    return tuple(map(_digest, (order.ship_to.country, *_printed(order))))


def changes_of(session: Session, order: Order) -> tuple[Change, ...]:
    """How the order differs now from what the session was opened with."""
    lines = ((line.line, line.sku, line.quantity) for line in order.lines)
    old = len(next(iter(session.prints), "")) > 1
    prints = _first_prints(order) if old else order_prints(order, session.parcels[0].id)
    return changes(session, lines, prints)


def with_sender(order: Order, site: Mapping[str, object]) -> Order:
    """Who sends, and how it leaves China: the order says it, else the site's row."""
    if not (order.ship_from.name or order.ship_from.company) and site.get("sender"):
        order = replace(order, ship_from=shaped(site["sender"], Address))
    mode = str(site.get("cn_export_mode") or "")
    if order.cn_export_mode or not mode or order.ship_from.country != CHINA:
        return order
    return replace(order, cn_export_mode=mode)


def opening_refusal(row: OrderRow, bench: str) -> str:
    """Why an order cannot be opened here, as a message key; "" when it can."""
    if row.order.status == "cancelled":
        return "order.cancelled"
    if row.order.status == "shipped":
        return "order.shipped"
    if row.hold or row.order.status in {"on_hold", "unpaid"}:
        return "order.on_hold"
    if row.bench not in {"", bench}:
        return "order.other_bench"
    return ""


def carton_refusal(session: Session, carton: Carton) -> str:
    """Why the parcel's goods do not go into ``carton``, as a message key; "" when they do."""
    return _refusal(packed(session), carton)


def packed(session: Session) -> list[tuple[LinePlan, int]]:
    """What lies in the parcel on the bench, a substitute as itself; in the order of the lines."""
    units: dict[tuple[int, str], int] = {}
    for item in (item for parcel in session.parcels[-1:] for item in parcel.contents):
        units[item.line, item.sku] = units.get((item.line, item.sku), 0) + item.units
    plans = {line.plan.line: line.plan for line in session.lines}
    places = list(plans)
    inside = sorted(units.items(), key=lambda one: places.index(one[0][0]))
    return [(plans[line].packed_as(sku), count) for (line, sku), count in inside]


def _refusal(goods: Sequence[tuple[LinePlan, int]], carton: Carton) -> str:
    mass = sum((plan.unit_g or 0) * units for plan, units in goods)
    if carton.max_g is not None and mass + carton.tare_g > carton.max_g:
        return "carton.too_heavy"
    inner = sorted(carton.inner_mm, reverse=True)
    for plan, _ in goods:
        sides = sorted(plan.size_mm, reverse=True)
        if sides and any(side > room for side, room in zip(sides, inner, strict=True)):
            return "carton.too_small"
    return "carton.too_small" if _fill(goods, carton) > 100 else ""


def fill_percent(session: Session, carton: Carton) -> int:
    """Share of the carton's inner volume that the goods take, in whole percent."""
    return _fill(packed(session), carton)


def _fill(goods: Sequence[tuple[LinePlan, int]], carton: Carton) -> int:
    volume = sum(_volume(plan.size_mm) * units for plan, units in goods)
    return volume * 100 // _volume(carton.inner_mm)


def _volume(sides: Sequence[int]) -> int:
    return math.prod(sides) if sides else 0


def proposals(session: Session, cartons: Iterable[Carton]) -> tuple[Carton, ...]:
    """Cartons that should fit by volume, smallest first; none for goods of unknown size."""
    goods = packed(session)
    return _fitting(goods, cartons) if all(plan.size_mm for plan, _ in goods) else ()


def carton_for(order: Order, products: Mapping[str, Product], cartons: Iterable[Carton]) -> str:
    """Code of the smallest carton that takes the whole order, "" when none does."""
    goods = [(plan, plan.quantity) for plan in line_plans(order, products)]
    fitting = _fitting(goods, cartons)
    return fitting[0].code if fitting else ""


def _fitting(
    goods: Sequence[tuple[LinePlan, int]], cartons: Iterable[Carton]
) -> tuple[Carton, ...]:
    found = (
        carton
        for carton in cartons
        if not _refusal(goods, carton) and _fill(goods, carton) <= FILL_PERCENT
    )
    # Of boxes as large as each other the recycled one comes first.
    return tuple(sorted(found, key=lambda one: (_volume(one.inner_mm), not one.recycled)))
