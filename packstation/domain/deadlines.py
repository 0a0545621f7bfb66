"""When an order must leave, and what lateness costs (reference/customs.md section 6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from packstation.domain.orders import Deadline, Order
from packstation.domain.quantities import Money


class Urgency(Struct, frozen=True):
    """The next deadline of an order; ``left`` is negative once it has passed.

    ``cost`` is what missing it costs, in the currency as given; None where nobody said.
    """

    kind: str
    at: datetime
    left: timedelta
    cost: Money | None

    @property
    def late(self) -> bool:
        """Whether it has passed."""
        return self.left < timedelta(0)


def late_cost(deadline: Deadline) -> Money | None:
    """The charge after a deadline less the one before it; a discount counts negative.

    Never converted: with two currencies it is the charge to come.
    """
    now, after = deadline.cost_now, deadline.cost_next
    if after is None or now is None or now.currency != after.currency:
        return after
    return after - now


def urgency(order: Order, now: datetime) -> Urgency | None:
    """The handover of an order as seen at ``now``; None where it has no such deadline."""
    due = order.handover()
    return None if due is None else Urgency(due.kind, due.at, due.at - now, late_cost(due))
