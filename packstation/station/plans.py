"""From an order's lines to what a session counts: parts of kits, substitutes, data; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from packstation.domain.catalog import Goods, Product
from packstation.domain.orders import Order, OrderLine
from packstation.domain.packing.plan import LinePlan
from packstation.domain.packing.session import Session
from packstation.domain.requirements import KINDS
from packstation.station.kits import KitTrouble, is_kit, parts_of

# The strictest last.
BATTERIES: Final = ("none", "built_in", "packed_with", "alone")
# A kit packed in order is repeated part by part up to this many lines; above, by totals.
MOST_LINES = 60


def line_plans(order: Order, products: Mapping[str, Product]) -> tuple[LinePlan, ...]:
    """What is due of each line, with weights, sides and tracking of its SKU.

    A kit becomes a line a part, numbered behind the order's own lines; one that cannot be taken
    apart stays whole (see `kit_troubles`, which holds the order).
    """
    needs = _needs(order)
    fresh = max((line.line for line in order.lines), default=0)
    plans: list[LinePlan] = []
    for line in order.lines:
        for plan in _plans_of(line, products, fresh):
            plans.append(replace(plan, needs=needs.get(plan.sku, ())))
            fresh = max(fresh, plan.line)
    return tuple(plans)


def kit_troubles(order: Order, products: Mapping[str, Product]) -> tuple[KitTrouble, ...]:
    """What keeps the kits of an order from being packed."""
    skus = dict.fromkeys(line.sku for line in order.lines)
    kits = (sku for sku in skus if is_kit(products.get(sku)))
    return tuple(trouble for sku in kits for trouble in parts_of(sku, products).troubles)


def _needs(order: Order) -> dict[str, tuple[str, ...]]:
    """SKU -> kinds that the marketplace still waits for; kinds unknown here are left out."""
    asked: dict[str, set[str]] = {}
    for one in order.requirements:
        if one.get("value") in {None, ""} and one.get("kind") in KINDS:
            asked.setdefault(str(one.get("sku")), set()).add(str(one["kind"]))
    return {sku: tuple(k for k in KINDS if k in kinds) for sku, kinds in asked.items()}


def _plans_of(line: OrderLine, products: Mapping[str, Product], last: int) -> tuple[LinePlan, ...]:
    product = products.get(line.sku)
    parts = parts_of(line.sku, products).parts if is_kit(product) else ()
    if product is None or not parts:
        others = tuple(
            plan_of(line.line, sku, line.quantity, products.get(sku)) for sku in line.substitutes
        )
        return (replace(plan_of(line.line, line.sku, line.quantity, product), others=others),)
    in_order = product.packing.in_order
    counted = _in_order(line, parts) if in_order else _merged(line, parts)
    return tuple(
        replace(
            plan_of(last + place, sku, units, products.get(sku)),
            of=line.line,
            kit=line.sku,
            kits=line.quantity,
            after=last + place - 1 if in_order and place > 1 else 0,
        )
        for place, (sku, units) in enumerate(counted, 1)
    )


def _in_order(line: OrderLine, parts: tuple[tuple[str, int], ...]) -> list[tuple[str, int]]:
    """Kit after kit, each in its own sequence."""
    if line.quantity * len(parts) <= MOST_LINES:
        return list(parts) * line.quantity
    return [(sku, units * line.quantity) for sku, units in parts]


def _merged(line: OrderLine, parts: tuple[tuple[str, int], ...]) -> list[tuple[str, int]]:
    """Every part once, as many as all kits of the line need."""
    totals: dict[str, int] = {}
    for sku, units in parts:
        totals[sku] = totals.get(sku, 0) + units * line.quantity
    return list(totals.items())


def plan_of(line: int, sku: str, quantity: int, product: Product | None) -> LinePlan:
    """The plan of ``quantity`` units of one SKU."""
    if product is None:
        return LinePlan(line=line, sku=sku, quantity=quantity)
    sides = (product.length_mm, product.width_mm, product.height_mm)
    return LinePlan(
        line=line,
        sku=sku,
        quantity=quantity,
        unit_g=product.weight_g,
        size_mm=tuple(side for side in sides if side) if all(sides) else (),
        serial=product.tracking.serial,
        lot=product.tracking.lot,
        expiry=product.tracking.expiry,
        min_days_left=product.tracking.min_days_left,
        classes=product.goods.classes,
        battery=product.goods.battery,
    )


def goods_inside(session: Session, products: Mapping[str, Product]) -> dict[str, Product]:
    """``products`` in which what was ordered has the dangers of what lies there instead.

    A kit has the strictest battery and all classes of its parts, a line those of its substitute:
    services are chosen by these.
    """
    told = dict(products)
    for line in session.lines:
        sold = told.get(line.plan.kit or line.plan.sku)
        skus = {item.sku for item in session.parcel.contents if item.line == line.plan.line}
        for other in (products[sku] for sku in sorted(skus) if sku in products):
            if sold is not None:
                sold = told[sold.sku] = replace(sold, goods=_both(sold.goods, other.goods))
    return told


def _both(one: Goods, other: Goods) -> Goods:
    battery = max(one.battery, other.battery, key=BATTERIES.index)
    classes = tuple(dict.fromkeys((*one.classes, *other.classes)))
    return replace(one, battery=battery, classes=classes)


def kits_of(session: Session, number: int, done: Callable[[int], int]) -> int:
    """Whole kits of an order's line where ``done`` tells the units of each of its parts' lines."""
    plans = [line.plan for line in session.lines if line.plan.order_line == number]
    return min(_kits(plans, sku, done) for sku in {plan.sku for plan in plans})


def _kits(plans: list[LinePlan], sku: str, done: Callable[[int], int]) -> int:
    own = [plan for plan in plans if plan.sku == sku]
    return sum(done(plan.line) for plan in own) * own[0].kits // sum(p.quantity for p in own)
