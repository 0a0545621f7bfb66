"""What lies in the boxes of a session, as the lines of its order; pure.

The papers of a bench and the package of a broker declare by it: a substitute as itself, of a kit
that is not whole its parts, nothing of what was short.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from packstation.domain.labels import PackedAs
from packstation.domain.orders import OrderLine
from packstation.domain.packing.plan import LinePlan
from packstation.domain.packing.session import Line, Parcel, Session

Raw = dict[str, Any]


class _Inside(Struct, frozen=True):
    """Of one line of the order: what was planned, and the units of each SKU in a parcel."""

    number: int
    plans: list[LinePlan]
    there: Mapping[str, int]


def packed_lines(
    ordered: Sequence[OrderLine],
    session: Session,
    parcels: Sequence[Parcel],
    *,
    whole: bool = False,
) -> tuple[list[Raw], list[list[Raw]]]:
    """An order's lines as they lie in ``parcels`` of its session, and what of them in each.

    ``whole``: with what is still to be packed.
    """
    extra: dict[tuple[int, str, bool], int] = {}
    last = max((line.line for line in ordered), default=0)
    boxes: list[list[Raw]] = []
    plans = _by_order_line(session)
    for parcel in parcels:
        found = _in_lines(plans, parcel)
        inside = [_content(number, n) for number, n in _ordered(found)]
        for one in _instead(found):
            key = (one.line, one.sku, one.part)
            number = extra.setdefault(key, last + len(extra) + 1)
            inside.append(_content(number, one.quantity))
        boxes.append(inside)
    left = _left(session) if whole else {}
    return list(_lines(ordered, left, boxes, extra)), boxes


def all_of(ordered: Sequence[OrderLine], lines: Sequence[Raw]) -> bool:
    """Whether these are the order's lines, no more and no less."""
    told = [(line["line"], line["quantity"]) for line in lines]
    return told == [(line.line, line.quantity) for line in ordered]


def order_contents(session: Session, parcel: Parcel) -> tuple[tuple[int, int], ...]:
    """(order line, quantity) of what lies in a parcel as it was ordered; of kits the whole ones.

    What lies in it otherwise tells `packed_instead`: no thing is in neither, or in both.
    """
    return _ordered(_in_lines(_by_order_line(session), parcel))


def packed_instead(session: Session, parcel: Parcel) -> tuple[PackedAs, ...]:
    """Substitutes as themselves, and parts whose kit is not whole in this parcel.

    The rest of that kit lies in another parcel, or was short: papers that named the kit would
    declare what is not there, and papers without its parts would hide what is.
    """
    return _instead(_in_lines(_by_order_line(session), parcel))


def _left(session: Session) -> dict[int, int]:
    """Units of each of an order's lines that are still to be packed; of a kit the whole ones."""
    lines: dict[int, list[Line]] = {}
    for line in session.lines:
        lines.setdefault(line.plan.order_line, []).append(line)
    return {number: _left_of(found) for number, found in lines.items()}


def _left_of(lines: Sequence[Line]) -> int:
    plans = [line.plan for line in lines]
    return min(
        (
            sum(line.due for line in lines if line.plan.sku == plan.sku)
            // _in_each(plans, plan.sku)
            for plan in plans
        ),
    )


def _content(number: int, quantity: int) -> Raw:
    return {"line": number, "quantity": quantity}


def _lines(
    ordered: Sequence[OrderLine],
    left: Mapping[int, int],
    boxes: list[list[Raw]],
    extra: Mapping[tuple[int, str, bool], int],
) -> Iterator[Raw]:
    counted: dict[int, int] = {}
    for one in (one for inside in boxes for one in inside):
        counted[one["line"]] = counted.get(one["line"], 0) + one["quantity"]
    rows: dict[int, Raw] = {x.line: msgspec.json.decode(msgspec.json.encode(x)) for x in ordered}
    for number, row in rows.items():
        quantity = counted.get(number, 0) + left.get(number, 0)
        if quantity:
            yield {**row, "quantity": quantity}
    for (number, sku, part), fresh in extra.items():
        price = None if part or number not in rows else rows[number]["unit_price"]
        told = {"line": fresh, "sku": sku, "quantity": counted[fresh], "unit_price": price}
        yield {**told, "substitutes": []}


def _by_order_line(session: Session) -> dict[int, list[LinePlan]]:
    lines: dict[int, list[LinePlan]] = {}
    for line in session.lines:
        lines.setdefault(line.plan.order_line, []).append(line.plan)
    return lines


def _in_lines(plans: Mapping[int, list[LinePlan]], parcel: Parcel) -> list[_Inside]:
    """What lies in a parcel, by the order's lines; each unit is looked at once."""
    of = {plan.line: number for number, found in plans.items() for plan in found}
    there: dict[int, dict[str, int]] = {number: {} for number in plans}
    for item in parcel.contents:
        counted = there.setdefault(of.get(item.line, 0), {})
        counted[item.sku] = counted.get(item.sku, 0) + item.units
    return [_Inside(number, found, there[number]) for number, found in plans.items()]


def _ordered(found: Sequence[_Inside]) -> tuple[tuple[int, int], ...]:
    whole = ((one.number, _whole(one)) for one in found)
    return tuple((number, units) for number, units in whole if units)


def _instead(found: Sequence[_Inside]) -> tuple[PackedAs, ...]:
    return tuple(told for one in found for told in _rest(one))


def _rest(one: _Inside) -> Iterator[PackedAs]:
    kits, plans = _whole(one), one.plans
    as_ordered = {plan.sku: kits * _in_each(plans, plan.sku) for plan in plans}
    for sku, units in one.there.items():
        rest = units - as_ordered.get(sku, 0)
        if rest:
            yield PackedAs(one.number, sku, rest, bool(plans[0].of))


def _whole(one: _Inside) -> int:
    """Units of an order's line that lie in a parcel as ordered; of a kit, all its parts there."""
    skus = {plan.sku for plan in one.plans}
    return min(one.there.get(sku, 0) // _in_each(one.plans, sku) for sku in skus)


def _in_each(plans: list[LinePlan], sku: str) -> int:
    """How many of a part one kit has; 1 of what is no kit."""
    if not plans[0].of:
        return 1
    return sum(plan.quantity for plan in plans if plan.sku == sku) // plans[0].kits
