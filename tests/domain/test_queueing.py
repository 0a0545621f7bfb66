"""The queue's order: deadline first, then money; unknown amounts are never guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.orders import Address, Deadline, Order, OrderLine, Rate
from packstation.domain.quantities import Money
from packstation.domain.queueing import (
    Standing,
    goods_key,
    home_rates,
    matches,
    rank,
    reason,
    single_item,
)

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
RATES = {"CNY": Decimal(1), "EUR": Decimal("7.8")}


def money(text: str) -> Money:
    amount, currency = text.split()
    return Money(Decimal(amount), currency)


def due(
    hours: float, cost: str = "", kind: str = "handover", next_h: float | None = None
) -> Deadline:
    return Deadline(
        kind=kind,
        at=NOW + timedelta(hours=hours),
        cost_next=money(cost) if cost else None,
        next_at=None if next_h is None else NOW + timedelta(hours=next_h),
    )


def order(order_id: str, *deadlines: Deadline, lines: str = "A*1", **more: object) -> Order:
    rows = tuple(
        OrderLine(line=n, sku=part.split("*")[0], quantity=int(part.split("*")[1]))
        for n, part in enumerate(lines.split(), 1)
    )
    return Order(order_id=order_id, ship_to=Address(), lines=rows, deadlines=deadlines, **more)  # type: ignore[arg-type]


def ids(ranked: tuple[Standing, ...]) -> list[str]:
    return [one.order_id for one in ranked]


def test_the_earlier_deadline_comes_first_whatever_the_later_one_costs() -> None:
    ranked = rank([order("B", due(9, "90 CNY")), order("A", due(3, "1 CNY"))], NOW, RATES)
    assert ids(ranked) == ["A", "B"]
    why = reason(ranked)
    assert why is not None
    assert (why.code, why.first.order_id) == ("earliest", "A")


def test_of_one_moment_the_dearest_comes_first_in_the_sites_currency() -> None:
    rows = [order("A", due(3, "9 CNY")), order("B", due(3, "2 EUR")), order("C", due(3))]
    ranked = rank(rows, NOW, RATES)
    assert ids(ranked) == ["B", "A", "C"]
    why = reason(ranked)
    assert why is not None
    assert (why.code, why.count) == ("cost", 2)


def test_a_cost_without_a_rate_is_shown_and_not_guessed() -> None:
    rows = [order("A", due(3, "900 BRL")), order("B", due(3, "1 CNY")), order("C", due(3, "0 CNY"))]
    ranked = rank(rows, NOW, RATES)
    assert ids(ranked) == ["B", "A", "C"]
    assert ranked[1].stake is not None
    assert (ranked[1].stake.cost, ranked[1].stake.home) == (money("900 BRL"), None)
    why, alone = reason(ranked), reason(ranked[1:])
    assert why is not None
    assert alone is not None
    assert (why.code, alone.code) == ("unknown", "unknown")


def test_without_rates_amounts_of_one_currency_still_compare() -> None:
    rows = [order("A", due(3, "1 BRL")), order("B", due(3, "9 BRL"))]
    assert ids(rank(rows, NOW, {})) == ["B", "A"]
    mixed = [*rows, order("C", due(3, "5 EUR"))]
    assert ids(rank(mixed, NOW, {})) == ["A", "B", "C"]


def test_what_can_still_be_saved_comes_before_what_is_late() -> None:
    rows = [order("L", due(-2, "9 CNY")), order("S", due(0.5)), order("F", due(5))]
    ranked = rank(rows, NOW, RATES)
    assert ids(ranked) == ["S", "L", "F"]
    why = reason(ranked)
    assert why is not None
    assert (why.code, why.count) == ("soon", 1)
    late = reason(ranked[1:])
    assert late is not None
    assert (late.code, late.first.late) == ("late", True)


def test_without_a_deadline_the_longest_waiting_is_last_of_all_but_first_of_its_kind() -> None:
    rows = [
        order("N"),
        order("Y", placed_at=NOW),
        order("O", placed_at=NOW - timedelta(days=1)),
        order("D", due(900)),
    ]
    ranked = rank(rows, NOW, RATES)
    assert ids(ranked) == ["D", "O", "Y", "N"]
    why = reason(ranked[1:])
    assert why is not None
    assert why.code == "oldest"
    assert reason(()) is None


def test_several_deadlines_the_first_moment_of_a_loss_counts() -> None:
    tariff = order("A", due(9, "6 CNY", next_h=2))
    deliver = order("B", due(9), due(1.5, "3 CNY", kind="deliver"))
    free = order("C", due(9), due(0.5, kind="deliver"), due(0.2, "0 CNY", "x", next_h=0.1))
    ranked = rank([free, tariff, deliver], NOW, RATES)
    assert ids(ranked) == ["B", "A", "C"]
    kinds = [[s.kind for s in (one.stake, *one.others) if s] for one in ranked]
    assert kinds == [["deliver", "handover"], ["cost", "handover"], ["handover"]]


def test_a_cost_that_began_makes_an_order_late_and_its_handover_is_what_is_named() -> None:
    begun = order("A", due(9, "6 CNY", next_h=-1))
    both = order("B", due(-1), due(-3, "2 CNY", kind="deliver"))
    only = order("C", due(-3, "2 CNY", kind="deliver"))
    standing = {one.order_id: one for one in rank([begun, both, only], NOW, RATES)}
    assert standing["A"].group == "later"
    assert standing["B"].stake is not None
    assert (standing["B"].group, standing["B"].stake.kind) == ("late", "handover")
    assert standing["C"].stake is not None
    assert (standing["C"].group, standing["C"].stake.kind) == ("late", "deliver")


def test_rates_are_taken_both_ways_the_newest_and_never_chained() -> None:
    rates = [
        Rate(from_="EUR", to="CNY", rate=Decimal(7), on="2026-11-01"),
        Rate(from_="EUR", to="CNY", rate=Decimal(8), on="2026-11-20"),
        Rate(from_="EUR", to="CNY", rate=Decimal(6), on="2026-11-10"),
        Rate(from_="CNY", to="JPY", rate=Decimal(20), on="2026-11-20"),
        Rate(from_="EUR", to="USD", rate=Decimal(2), on="2026-11-20"),
        Rate(from_="XDR", to="CNY", rate=Decimal(0), on="2026-11-20"),
    ]
    assert home_rates(rates, "CNY") == {
        "CNY": Decimal(1),
        "EUR": Decimal(8),
        "JPY": Decimal("0.05"),
    }
    assert home_rates(rates, "") == {}


@pytest.mark.parametrize(
    ("part", "found"),
    [("0007", True), ("ts-b", True), ("t-117", True), ("T-2", False), ("", False), (" ", False)],
)
def test_a_part_of_number_sku_or_tote_finds_an_order(part: str, found: bool) -> None:
    one = order("40112233-0007-1", lines="TS-BLK-M*1", totes=("T-117",))
    assert matches(one, part) is found


def test_single_items_and_identical_goods() -> None:
    assert single_item(order("A"))
    assert not single_item(order("A", lines="A*2"))
    assert not single_item(order("A", lines="A*1 B*1"))
    assert goods_key(order("A", lines="A*1 B*1 A*2")) == goods_key(order("B", lines="B*1 A*3"))


_DUE = st.builds(
    due,
    st.floats(-48, 48),
    st.sampled_from(["", "1 CNY", "3 EUR", "5 BRL", "-1 CNY"]),
    st.sampled_from(["handover", "deliver"]),
    st.none() | st.floats(-48, 48),
)


@given(st.lists(st.lists(_DUE, max_size=3), max_size=8))
def test_ranking_loses_no_order_and_does_not_depend_on_the_order_it_came_in(
    deadlines: list[list[Deadline]],
) -> None:
    orders = [order(f"O-{n}", *some) for n, some in enumerate(deadlines)]
    ranked = rank(orders, NOW, RATES)
    assert sorted(ids(ranked)) == sorted(one.order_id for one in orders)
    assert ranked == rank(orders[::-1], NOW, RATES)
    assert (reason(ranked) is None) == (not orders)
