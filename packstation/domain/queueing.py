"""Which order is next: by deadline, then by what lateness costs; and why, in one word.

Every deadline of an order is a stake: a moment at which something is lost. What is lost is
compared in one currency by the site's rates, and where there is no rate it is shown and never
guessed: such an order stands after those of its moment whose loss is known, before those that
lose nothing. Pure; the caller says what time it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from msgspec import Struct

from packstation.domain.deadlines import late_cost
from packstation.domain.orders import Deadline, Order, Rate
from packstation.domain.quantities import Money

# What can still be saved within this stands before what is late already.
SOON: Final = timedelta(hours=1)
GROUPS: Final = ("soon", "late", "later", "open")


class Stake(Struct, frozen=True):
    """At ``at`` ``cost`` is lost, None where nobody said; ``home`` in the site's currency."""

    kind: str
    at: datetime
    cost: Money | None = None
    home: Decimal | None = None

    @property
    def weight(self) -> tuple[int, Decimal]:
        """For sorting: the largest known loss first, then unknown ones, then none at all."""
        if self.home is not None and self.home > 0:
            return 0, -self.home
        unknown = self.home is None and self.cost is not None and self.cost.amount > 0
        return (1 if unknown else 2), Decimal(0)


class Standing(Struct, frozen=True):
    """Where an order stands: its group, the stake that decides, and the stakes besides it.

    ``group``: soon (can still be saved within `SOON`), late, later, or open (no deadline).
    ``since`` is when it was placed, for those without a deadline.
    """

    order_id: str
    group: str
    stake: Stake | None = None
    others: tuple[Stake, ...] = ()
    since: datetime | None = None

    @property
    def late(self) -> bool:
        """Whether its handover has passed."""
        return self.group == "late"


class Reason(Struct, frozen=True):
    """Why the first row is first; ``code`` is a message key's last word.

    ``earliest``, ``cost`` (of those due at the same time it costs most), ``unknown`` (its loss
    has no rate), ``soon`` (can be saved, ``count`` late ones wait), ``late``, ``oldest``.
    """

    code: str
    first: Standing
    count: int = 0


def home_rates(rates: Iterable[Rate], home: str) -> dict[str, Decimal]:
    """What 1 of each currency is in ``home``: by rates to and from it, the newest; none chained."""
    found: dict[str, tuple[str, Decimal]] = {}
    for rate in rates:
        if not home or rate.rate <= 0 or home not in {rate.from_, rate.to}:
            continue
        other = rate.from_ if rate.to == home else rate.to
        value = rate.rate if rate.to == home else 1 / rate.rate
        if other not in found or found[other][0] <= rate.on:
            found[other] = (rate.on, value)
    known = {currency: value for currency, (_, value) in found.items()}
    return known | {home: Decimal(1)} if home else known


def rank(
    orders: Sequence[Order], now: datetime, rates: Mapping[str, Decimal]
) -> tuple[Standing, ...]:
    """The orders as they should be packed, the first one first."""
    rates = rates or _one_currency(orders)
    return tuple(sorted((_standing(order, now, rates) for order in orders), key=_place))


def _one_currency(orders: Iterable[Order]) -> dict[str, Decimal]:
    """Without a site's currency amounts still compare where all are of the same one."""
    costs = (late_cost(due) for order in orders for due in order.deadlines)
    used = {cost.currency for cost in costs if cost is not None}
    return {used.pop(): Decimal(1)} if len(used) == 1 else {}


def _standing(order: Order, now: datetime, rates: Mapping[str, Decimal]) -> Standing:
    stakes = sorted(
        (stake for due in order.deadlines for stake in _stakes(due, rates)),
        key=lambda stake: (stake.at, stake.weight),
    )
    handover = order.handover()
    if not stakes:
        return Standing(order.order_id, "open", since=order.placed_at)
    ahead = [stake for stake in stakes if stake.at >= now]
    late = handover is not None and handover.at < now
    stake = ahead[0] if ahead and not late else _lost(stakes, now)
    group = "late" if late or not ahead else "soon" if stake.at - now <= SOON else "later"
    others = tuple(one for one in stakes if one is not stake)
    return Standing(order.order_id, group, stake, others, order.placed_at)


def _lost(stakes: Sequence[Stake], now: datetime) -> Stake:
    """Of what has passed the first handover, else the first stake."""
    passed = [stake for stake in stakes if stake.at < now]
    return next((stake for stake in passed if stake.kind == "handover"), passed[0])


def _stakes(due: Deadline, rates: Mapping[str, Decimal]) -> tuple[Stake, ...]:
    """A handover counts always, any other deadline only where lateness costs something.

    ``next_at`` is when the cost begins: then the deadline itself costs nothing that is known.
    """
    cost = late_cost(due)
    costs = cost is not None and cost.amount > 0
    known = rates.get(cost.currency) if cost is not None else None
    home = cost.amount * known if cost is not None and known is not None else None
    if due.next_at is None or due.next_at == due.at:
        counts = due.kind == "handover" or costs
        return (Stake(due.kind, due.at, cost, home),) if counts else ()
    begins = (Stake("cost", due.next_at, cost, home),) if costs else ()
    return (*begins, Stake(due.kind, due.at)) if due.kind == "handover" else begins


def _place(standing: Standing) -> tuple[object, ...]:
    stake, group = standing.stake, GROUPS.index(standing.group)
    if stake is None:
        since = standing.since
        waits = since.timestamp() if since else float("inf")
        return group, waits, (2, Decimal(0)), standing.order_id
    return group, stake.at.timestamp(), stake.weight, standing.order_id


def reason(ranked: Sequence[Standing]) -> Reason | None:
    """Why the first of these is first; None where there is none."""
    if not ranked:
        return None
    first = ranked[0]
    late = sum(one.late for one in ranked)
    if first.group == "open":
        return Reason("oldest", first)
    if first.late:
        return Reason("late", first, late)
    if first.group == "soon" and late:
        return Reason("soon", first, late)
    return _among_equals(first, ranked)


def _among_equals(first: Standing, ranked: Sequence[Standing]) -> Reason:
    stake = first.stake
    same = [one for one in ranked[1:] if stake and one.stake and one.stake.at == stake.at]
    if stake is None or not same:
        return Reason("earliest", first)
    known = [one for one in same if one.stake and one.stake.weight[0] == 1]
    if stake.weight[0] == 1 or (known and stake.weight[0] == 0):
        return Reason("unknown", first, len(same))
    costlier = any(one.stake and one.stake.weight > stake.weight for one in same)
    return Reason("cost" if costlier else "earliest", first, len(same))


def single_item(order: Order) -> bool:
    """Whether it is one unit of one thing."""
    return len(order.lines) == 1 and order.lines[0].quantity == 1


def goods_key(order: Order) -> tuple[tuple[str, int], ...]:
    """What is in it, whatever the lines' order: orders of the same key are identical to pack."""
    units: dict[str, int] = {}
    for line in order.lines:
        units[line.sku] = units.get(line.sku, 0) + line.quantity
    return tuple(sorted(units.items()))


def matches(order: Order, part: str) -> bool:
    """Whether ``part`` (in any case) is part of the order's number, a SKU or a tote."""
    wanted = part.strip().casefold()
    texts = (order.order_id, *order.totes, *(line.sku for line in order.lines))
    return bool(wanted) and any(wanted in text.casefold() for text in texts)
