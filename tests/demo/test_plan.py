from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from packstation.demo.faults import KINDS, plan
from packstation.demo.summary import percentiles

ORDERS = st.integers(min_value=1, max_value=40)


def _names(count: int) -> list[str]:
    return [f"S-{number}" for number in range(count)]


@given(count=ORDERS, seed=st.integers())
def test_every_fault_meets_an_order_of_the_run_once(count: int, seed: int) -> None:
    orders = _names(count)

    made = plan(orders, orders, seed)

    kinds = [fault.kind for fault in made.faults]
    assert len(set(kinds)) == len(kinds)
    assert set(kinds) <= set(KINDS)
    assert all(fault.order_id in orders for fault in made.faults)


@given(count=st.integers(min_value=3, max_value=40), seed=st.integers())
def test_a_run_of_three_orders_meets_every_fault(count: int, seed: int) -> None:
    orders = _names(count)

    made = plan(orders, orders, seed)

    assert {fault.kind for fault in made.faults} == set(KINDS)
    assert 0 <= made.down_from < made.up_from <= count


@given(seed=st.integers())
def test_the_server_is_down_for_half_of_twenty_orders(seed: int) -> None:
    made = plan(_names(20), [], seed)

    assert made.up_from - made.down_from == 10


@given(count=st.integers(min_value=3, max_value=40), seed=st.integers())
def test_the_held_order_is_put_back_and_meets_nothing_else(count: int, seed: int) -> None:
    orders = _names(count)

    made = plan(orders, orders, seed)

    held = made.pending("order_held")
    assert held is not None
    others = {f.order_id for f in made.faults if f.kind not in {"order_held", "server_down"}}
    assert held.order_id not in others


def test_the_same_seed_gives_the_same_plan() -> None:
    orders = _names(20)

    assert plan(orders, orders, 7) == plan(orders, orders, 7)
    assert plan(orders, orders, 7) != plan(orders, orders, 8)


def test_a_resumed_run_remembers_what_it_saw(tmp_path: Path) -> None:
    orders = _names(5)
    first = plan(orders, orders, 1)
    first.folder = tmp_path
    seen = first.pending("paper_out")
    assert seen is not None
    first.saw(seen)

    again = plan(orders, orders, 1)
    again.folder = tmp_path
    again.recall()

    assert again.pending("paper_out") is None
    assert again.pending("wrong_item") is not None
    assert not again.all_seen


def test_percentiles_are_milliseconds() -> None:
    assert percentiles([]) == {"p50": 0.0, "p99": 0.0}
    assert percentiles([n * 1_000_000 for n in range(1, 101)]) == {"p50": 51.0, "p99": 100.0}
