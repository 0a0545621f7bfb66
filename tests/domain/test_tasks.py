"""Tasks folded from facts: opened, closed, followed by the next one with the same goods."""

from __future__ import annotations

from packstation.domain.packing.facts import SessionCompleted
from packstation.domain.packing.task_facts import TaskClosed, TaskRaised
from packstation.domain.tasks import closes, following, open_tasks

PULL = TaskRaised(task="t1", kind="pull_parcel", order_id="O-1", code="LP1", units=3, cause="x")
BACK = TaskRaised(task="t2", kind="restock", order_id="O-2", code="T-5", units=2)


def test_a_task_is_open_until_it_is_closed() -> None:
    facts = [PULL, SessionCompleted(), BACK, TaskClosed(task="t1", code="LP1")]
    assert list(open_tasks(facts)) == ["t2"]
    assert list(open_tasks(facts[:3])) == ["t1", "t2"]


def test_a_parcel_is_pulled_by_its_own_number_and_goods_go_to_another_place() -> None:
    assert closes(PULL, "LP1")
    assert not closes(PULL, "LP2")
    assert not closes(PULL, "")
    assert closes(BACK, "SHELF-1")
    assert not closes(BACK, "T-5")
    assert not closes(BACK, "")


def test_a_pulled_parcel_is_unpacked_and_its_goods_are_put_back() -> None:
    unpack = following(PULL, "LP1", "t3")
    assert unpack is not None
    assert (unpack.kind, unpack.after, unpack.units, unpack.order_id) == ("unpack", "t1", 3, "O-1")
    restock = following(unpack, "T-9", "t4")
    assert restock is not None
    assert (restock.kind, restock.code, restock.cause) == ("restock", "T-9", "x")
    assert following(restock, "SHELF-1", "t5") is None
