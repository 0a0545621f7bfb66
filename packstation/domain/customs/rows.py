"""Rows of a pack's tables: those of today, and whether one is for an order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packstation.domain.customs.case import Case, Raw, at_path
from packstation.domain.customs.evaluate import resolved
from packstation.domain.customs.facts import fact
from packstation.domain.customs.operators import ABSENT, Look
from packstation.domain.customs.pack import Condition


def held(case: Case, table: str) -> Iterator[Raw]:
    """Rows of a table that hold today, the first and last day included."""
    today = case.today.isoformat()
    for row in case.pack.tables.get(table, ()):
        if (row.get("valid_from") or today) <= today <= (row.get("valid_to") or today):
            yield row


def goes_to(case: Case, places: Sequence[str]) -> bool:
    """Whether the destination is one of these countries or in one of these groups; none: all."""
    there = {str(at_path(case.raw, "ship_to.country")), *fact(case, case.order, "dest_groups")}
    return not places or bool(there & {*places})


def condition_holds(case: Case, condition: Condition) -> bool:
    """Whether a condition of the order holds, as one of a rule does."""
    value = fact(case, case.order, condition.fact)
    if value is None or condition.op == ABSENT:
        return value is None and condition.op == ABSENT
    than = resolved(case, case.order, condition.than)
    return not case.terms.operators[condition.op](value, than, Look(case, case.order))
