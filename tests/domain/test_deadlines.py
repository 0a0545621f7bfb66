from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from packstation.domain.deadlines import late_cost, urgency
from packstation.domain.orders import Address, Deadline, Order, OrderLine
from packstation.domain.quantities import Money

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def order(*deadlines: Deadline) -> Order:
    lines = (OrderLine(line=1, sku="A", quantity=1),)
    return Order(order_id="S-1", ship_to=Address(), lines=lines, deadlines=deadlines)


@pytest.mark.parametrize(
    ("now", "after", "cost"),
    [
        (cny("-1.20"), cny("6.00"), cny("7.20")),
        (None, cny("6.00"), cny("6.00")),
        (cny("1.00"), None, None),
        (None, None, None),
        (Money(Decimal(1), "USD"), cny("6.00"), cny("6.00")),
    ],
)
def test_what_lateness_costs(now: Money | None, after: Money | None, cost: Money | None) -> None:
    assert late_cost(Deadline(kind="handover", at=AT, cost_now=now, cost_next=after)) == cost


def test_the_earliest_handover_counts() -> None:
    late = Deadline(kind="handover", at=AT + timedelta(days=1))
    due = Deadline(kind="handover", at=AT, cost_next=cny("6.00"))
    deliver = Deadline(kind="deliver", at=AT - timedelta(days=1))
    found = urgency(order(late, due, deliver), AT - timedelta(hours=4))
    assert found is not None
    assert (found.at, found.left, found.late) == (AT, timedelta(hours=4), False)
    assert found.cost == cny("6.00")
    passed = urgency(order(due), AT + timedelta(minutes=1))
    assert passed is not None
    assert passed.late


def test_an_order_without_a_deadline() -> None:
    assert urgency(order(), AT) is None
