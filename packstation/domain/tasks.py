"""Tasks that nobody must forget, folded from their facts: which are open, what closes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from packstation.domain.packing.facts import Fact
from packstation.domain.packing.task_facts import TaskClosed, TaskRaised

# What is to be done next with the same goods.
FOLLOWS: Final[Mapping[str, str]] = {"pull_parcel": "unpack", "unpack": "restock"}
# Closed by the very code that the task names; all others by the place that goods are put to.
BY_ITS_CODE: Final = frozenset({"pull_parcel", "relabel"})
KINDS: Final = ("pull_parcel", "relabel", "unpack", "restock")


def after(tasks: Mapping[str, TaskRaised], fact: Fact) -> Mapping[str, TaskRaised]:
    """The open tasks by id after ``fact``."""
    match fact:
        case TaskRaised():
            return {**tasks, fact.task: fact}
        case TaskClosed():
            return {name: task for name, task in tasks.items() if name != fact.task}
    return tasks


def open_tasks(facts: Iterable[Fact]) -> Mapping[str, TaskRaised]:
    """The open tasks by id, the oldest first."""
    tasks: Mapping[str, TaskRaised] = {}
    for fact in facts:
        tasks = after(tasks, fact)
    return tasks


def closes(task: TaskRaised, code: str) -> bool:
    """Whether scanning ``code`` does the task: its parcel's number, or another place."""
    if task.kind in BY_ITS_CODE:
        return bool(code) and code == task.code
    return bool(code) and code != task.code


def following(task: TaskRaised, code: str, name: str) -> TaskRaised | None:
    """What is to be done next with the goods that now lie at ``code``; None for nothing."""
    kind = FOLLOWS.get(task.kind)
    if kind is None:
        return None
    return TaskRaised(
        task=name,
        kind=kind,
        order_id=task.order_id,
        code=code,
        units=task.units,
        cause=task.cause,
        after=task.task,
    )
