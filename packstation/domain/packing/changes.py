"""What changed of an order while it is packed: words for the packer, never a person's data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from packstation.domain.packing.plan import Change, LinePlan
from packstation.domain.packing.session import Session

# What `SessionOpened.prints` are digests of, in their order. An address holds its country.
PRINTED: Final = ("country", "address", "service", "terms")
OF_LINES: Final = frozenset({"quantity", "added", "removed"})
Ordered = tuple[int, str, int]  # line, SKU, quantity


def changes(s: Session, lines: Iterable[Ordered], prints: tuple[str, ...]) -> tuple[Change, ...]:
    """How an order (its lines and prints now) differs from what the session was opened with."""
    now = {number: (sku, units) for number, sku, units in lines}
    was = {line.plan.order_line: _sold(line.plan) for line in s.lines}
    found = [
        change
        for number in (*was, *(number for number in now if number not in was))
        for change in _of_line(was.get(number), now.get(number))
    ]
    return (*found, *(Change(what=name) for name in _printed(s.prints, prints)))


def _sold(plan: LinePlan) -> tuple[str, int]:
    """SKU and quantity as the order has them."""
    return (plan.kit, plan.kits) if plan.of else (plan.sku, plan.quantity)


def _of_line(was: tuple[str, int] | None, now: tuple[str, int] | None) -> list[Change]:
    if was is not None and now is not None and was[0] == now[0]:
        same = was[1] == now[1]
        return [] if same else [Change(what="quantity", sku=was[0], was=was[1], now=now[1])]
    gone = [Change(what="removed", sku=was[0], was=was[1])] if was else []
    return [*gone, Change(what="added", sku=now[0], now=now[1])] if now else gone


def _printed(was: tuple[str, ...], now: tuple[str, ...]) -> list[str]:
    """Which digests differ; another country is another address, and is told as one thing."""
    differ = [name for name, a, b in zip(PRINTED, was, now, strict=False) if a != b]
    return [name for name in differ if name != "address" or "country" not in differ]


def keeps_goods(found: tuple[Change, ...]) -> bool:
    """Whether the box may stay as it is: only where and how it goes has changed."""
    return bool(found) and not any(change.what in OF_LINES for change in found)
