"""A row of a rule pack made wrong in one place: all the ways, each with its name.

A comparison becomes its neighbour, a number moves by its last digit, a day by one; conditions,
checks and what a list names are left out; a severity changes, an unknown fact is let pass or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from msgspec.structs import replace

from packstation.domain.customs.case import Terms
from packstation.domain.customs.findings import SEVERITIES
from packstation.domain.customs.operators import ABSENT
from packstation.domain.customs.pack import Check, Condition, Figure, Rule
from packstation.domain.quantities import Money
from packstation.first_use import shaped

_PAIRS: Final = (("lt", "le"), ("gt", "ge"), ("eq", "ne"), ("in", "not_in"), ("any_in", "none_in"))
_OTHER: Final[Mapping[str, str]] = {
    "present": ABSENT,
    ABSENT: "present",
    **{name: other for pair in _PAIRS for name, other in (pair, pair[::-1])},
}
_EDGES: Final = frozenset({"lt", "le", "gt", "ge"})
_CENT: Final = Decimal("0.01")
_DAYS: Final = ("valid_from", "valid_to")
# Fields of a table's row that an order's own are looked for in; empty ones hold for all.
_AMONG: Final = ("to", "carrier", "service", "operator", "category", "regimes", "fields")
# Conditions of a row that are one word.
_WORDS: Final = ("shape", "scheme")
_FREE: Final = frozenset({"Any", "object"})

Row = Mapping[str, Any]
Wrong = Iterator[tuple[str, Any]]


def of_rule(rule: Rule, terms: Terms) -> Iterator[tuple[str, Rule | None]]:
    """What is wrong, and the rule with it; None: the whole rule is left out."""
    yield "left out", None
    yield from _days(rule)
    for what, applies in _of_rows("applies", rule.applies, terms):
        yield what, replace(rule, applies=applies)
    for at, check in enumerate(rule.checks):
        for what, changed in _of_check(rule, check, terms):
            yield f"checks[{at}] {what}", replace(rule, checks=put(rule.checks, at, changed))


def put(rows: tuple[Any, ...], at: int, row: object) -> tuple[Any, ...]:
    """``rows`` with another one at a place, None with none there."""
    return (*rows[:at], *(() if row is None else (row,)), *rows[at + 1 :])


def _of_rows(name: str, rows: tuple[Condition, ...], terms: Terms) -> Wrong:
    for at, one in enumerate(rows):
        for what, changed in _of_condition(one, terms):
            yield f"{name}[{at}] {what}", put(rows, at, changed)
        yield f"{name}[{at}] left out", put(rows, at, None)


def _of_check(rule: Rule, check: Check, terms: Terms) -> Wrong:
    yield "left out", None
    yield from _of_condition(check, terms)
    severity = check.severity or rule.severity
    other = SEVERITIES[SEVERITIES.index(severity) - 1]
    yield f"{severity} is {other}", replace(check, severity=other)
    if _may_be_unknown(check, terms):
        yield f"optional is {not check.optional}", replace(check, optional=not check.optional)
    for what, when in _of_rows("when", check.when, terms):
        yield what, replace(check, when=when)


def _may_be_unknown(check: Check, terms: Terms) -> bool:
    """Whether an unknown fact may get to this comparison at all."""
    asked = any(one.fact == check.fact and one.op != ABSENT for one in check.when)
    return check.op not in {"present", ABSENT} and not asked and not always_known(check, terms)


def always_known(check: Check, terms: Terms) -> bool:
    """Whether the fact is worked out by code that never answers None, by its type."""
    row = terms.facts[check.scope].get(check.fact)
    said = str(getattr(row, "__annotations__", {}).get("return", "None"))
    return "None" not in said and said not in _FREE


def _of_condition(one: Any, terms: Terms) -> Wrong:  # noqa: ANN401 - a condition or a check
    first, _, last = one.op.rpartition("_")
    other = _OTHER.get(one.op) or (f"{first}_{_OTHER[last]}" if last in _EDGES else "")
    if other in terms.operators or other == ABSENT:
        yield f"{one.fact} {one.op} is {other}", replace(one, op=other)
    for number in _moved(one.than):
        yield f"{one.fact} {one.op} {one.than} is {number}", replace(one, than=number)
    for name, rest in _fewer(one.than):
        yield f"{one.fact} {one.op} without {name}", replace(one, than=rest)


def _moved(than: object) -> tuple[int | Decimal, ...]:
    """A number one more and one less in its last digit."""
    if isinstance(than, bool) or not isinstance(than, int | Decimal):
        return ()
    step = 1 if isinstance(than, int) else Decimal(1).scaleb(int(than.as_tuple().exponent))
    return than + step, than - step


def _fewer(listed: object) -> Iterator[tuple[object, list[object]]]:
    """A list without each of its members; of one member it is another row's to leave it out."""
    rows = list(listed) if isinstance(listed, list | tuple) else []
    for at, one in enumerate(rows if len(rows) > 1 else ()):
        yield one, rows[:at] + rows[at + 1 :]


def _days(row: Any) -> Wrong:  # noqa: ANN401 - a rule or figure
    """Its first and last day a day sooner and later."""
    for name in _DAYS:
        day: date | None = getattr(row, name)
        for other in _beside(day):
            yield f"{name} {day} is {other}", replace(row, **{name: other})


def _beside(day: date | None) -> tuple[date, ...]:
    return () if day is None else (day + timedelta(days=1), day - timedelta(days=1))


# Figures and tables


def of_figure(figure: Figure) -> Iterator[tuple[str, Figure]]:
    """What is wrong, and the figure with it."""
    yield from _days(figure)
    if figure.money is not None:
        for what, money in _of_money(figure.money):
            yield what, replace(figure, money=money)
    for value in _moved(figure.value):
        yield f"{figure.value} is {value}", replace(figure, value=Decimal(value))


def _of_money(money: Money) -> Iterator[tuple[str, Money]]:
    for step in (_CENT, -_CENT):
        changed = Money(money.amount + step, money.currency)
        yield f"{money.amount} is {changed.amount}", changed


def of_row(row: Row, terms: Terms) -> Iterator[tuple[str, Row | None]]:
    """What is wrong, and the row of a table with it; None: it is left out."""
    yield "left out", None
    for name in (one for one in _AMONG if row.get(one)):
        yield f"{name} left out", {**row, name: []}
        for one, rest in _fewer(row[name]):
            yield f"{name} without {one}", {**row, name: rest}
    for name in (one for one in _WORDS if row.get(one)):
        yield f"{name} left out", {**row, name: ""}
    for name in (one for one in _DAYS if row.get(one)):
        for other in _beside(date.fromisoformat(row[name])):
            yield f"{name} {row[name]} is {other}", {**row, name: other.isoformat()}
    for name in ("when", "each"):
        conditions = shaped(row.get(name, ()), tuple[Condition, ...])
        for what, changed in _of_rows(name, conditions, terms):
            yield what, {**row, name: changed}
    yield from _of_answer(row)


def _of_answer(row: Row) -> Iterator[tuple[str, Row]]:
    """What a row says is to be done: how many, how large, how much, by which way."""
    for name in ("copies", "width_mm", "height_mm"):
        for number in _moved(row.get(name)):
            yield f"{name} {row[name]} is {number}", {**row, name: number}
    for name in ("confirm", "electronic"):
        if row.get("kind"):
            yield f"{name} is turned", {**row, name: not row.get(name, False)}
    # The amount beside a share says in which currency, no more.
    name = "percent" if "percent" in row else "amount"
    for what, changed in _of_worth(row.get(name)):
        yield f"{name} {what}", {**row, name: changed}


def _of_worth(value: Any) -> Wrong:  # noqa: ANN401 - money, a number as text, or nothing
    if isinstance(value, dict):
        for what, amount in _of_worth(value["amount"]):
            yield what, {**value, "amount": amount}
    elif value is not None:
        for number in _moved(Decimal(value)):
            yield f"{value} is {number}", str(number)
