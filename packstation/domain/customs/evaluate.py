"""All rules of a pack against one case: every finding at once, in the order of the pack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from packstation.domain.customs.case import Case, Item, Key
from packstation.domain.customs.facts import OF_ORDER, fact
from packstation.domain.customs.findings import Finding
from packstation.domain.customs.operators import ABSENT, Found, Look, Wrong
from packstation.domain.customs.pack import Check, Condition, Figure, Moment, Rule, holds
from packstation.domain.customs.shapes import unjudged
from packstation.domain.errors import InputInvalid

# What reading values of another shape than expected may raise, or tables that are not there.
HOSTILE: Final = (
    OSError,
    ImportError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
)
_SHOWN: Final = 200
_PLACE: Final = re.compile(r"\{(\w+)\}")


def evaluate(case: Case, moment: Moment | None = None) -> tuple[Finding, ...]:
    """What does not hold; ``moment``: only rules that are looked at then, None for all."""
    rules = (
        rule
        for rule in case.pack.rules
        if holds(rule, case.today) and (moment is None or moment in rule.moments)
    )
    return tuple(finding for rule in rules for finding in _judged(case, rule))


def _judged(case: Case, rule: Rule) -> tuple[Finding, ...]:
    """Findings of a rule; one that cannot cope with what stands in the order stops the parcel."""
    try:
        return tuple(_of_rule(case, rule))
    except HOSTILE as exc:
        return (unjudged(rule.id, case.pack, type(exc).__name__),)


def _of_rule(case: Case, rule: Rule) -> Iterator[Finding]:
    if not all(_holds(case, case.order, one) for one in rule.applies):
        return
    for check in rule.checks:
        items = case.items(check.scope)
        # What is said of the order holds for all of its lines or for none.
        shared = [one for one in check.when if _of_order(one)]
        if not items or not all(_holds(case, items[0], one) for one in shared):
            continue
        own = [one for one in check.when if not _of_order(one)] if shared else check.when
        for item in items:
            if own and not all(_holds(case, item, one) for one in own):
                continue
            for wrong in _wrong(case, item, check):
                yield _finding(case, rule, check, item, wrong)


def _of_order(condition: Condition) -> bool:
    """Whether it reads nothing of the line or parcel that it is looked at for."""
    than = condition.than
    free = not isinstance(than, str) or not than.startswith("$") or than.startswith(f"${OF_ORDER}")
    return free and condition.fact.startswith(OF_ORDER)


def _holds(case: Case, item: Item, condition: Condition) -> bool:
    value = fact(case, item, condition.fact)
    if condition.op == ABSENT:
        return value is None
    return value is not None and not _compared(case, item, condition, value)


def _wrong(case: Case, item: Item, check: Check) -> Found:
    value = fact(case, item, check.fact)
    if check.op == ABSENT:
        return () if value is None else (Wrong(),)
    if value is None:
        return () if check.optional else (Wrong(),)
    return _compared(case, item, check, value)


def _compared(case: Case, item: Item, condition: Condition | Check, value: object) -> Found:
    operator = case.terms.operators.get(condition.op)
    if operator is None:
        raise InputInvalid(path="is", value=condition.op, allowed=" ".join(case.terms.operators))
    than = condition.than
    if isinstance(than, str):
        than = resolved(case, item, than)
    found: Found = operator(value, than, Look(case, item))
    return found


def resolved(case: Case, item: Item, than: Any) -> Any:  # noqa: ANN401 - as the row has it
    """What a row compares with, the value itself as a rule.

    ``@name`` is a figure's worth today, ``#name`` a list or group, ``$name`` another fact.

    Raises:
        InputInvalid: the pack has no figure or list of that name today.
    """
    if not isinstance(than, str) or than[:1] not in {"@", "#", "$"}:
        return than
    kind, name = than[0], than[1:]
    if kind == "$":
        return fact(case, item, name)
    if kind == "@":
        key: Key = ("order", 0, than)
        if key not in case.known:
            case.known[key] = _worth(case.pack.figure(name, case.today), name)
        return case.known[key]
    found = case.pack.lists.get(name, case.pack.groups.get(name))
    if found is None:
        raise InputInvalid(path="than", value=than, allowed="a list or group of the pack")
    return found


def _worth(figure: Figure | None, name: str) -> object:
    if figure is None:
        raise InputInvalid(path="than", value=f"@{name}", allowed="a figure that holds today")
    return figure.value if figure.money is None else figure.money


def _finding(case: Case, rule: Rule, check: Check, item: Item, wrong: Wrong) -> Finding:
    value = wrong.value if wrong.value is not None else shown(fact(case, item, check.fact))
    dest = fact(case, case.order, "ship_to.country")
    place = {"sku": shown(item.sku) or "", "n": str(item.index)}
    known = _Words(case, item)
    path = filled(wrong.field or check.field or check.fact, place, known)
    allowed = wrong.allowed or filled(check.allowed, place, known)
    words = {
        "field": path,
        "v": value or "-",
        "allowed": allowed,
        "country": shown(dest) or "-",
        **place,
        **wrong.words,
    }
    messages = check.messages or rule.messages
    return Finding(
        rule=rule.id,
        severity=check.severity or rule.severity,
        field=path,
        value=value or None,
        messages={language: filled(text, words, known) for language, text in messages.items()},
        allowed=allowed,
        suggestion=wrong.suggestion,
    )


class _Words:
    """Facts of an item, else of the order, that a message may name: ``{minutes_left}``."""

    def __init__(self, case: Case, item: Item) -> None:
        self.case, self.item = case, item

    def get(self, name: str) -> str | None:
        for item in (self.item, self.case.order):
            if name in self.case.terms.facts[item.scope]:
                return shown(fact(self.case, item, name)) or "-"
        return None


def filled(text: str, words: Mapping[str, str], known: _Words) -> str:
    """``text`` with its ``{names}`` replaced once; a buyer's braces stay what they are."""

    def word(place: re.Match[str]) -> str:
        found = words[place[1]] if place[1] in words else known.get(place[1])
        return place[0] if found is None else found

    return _PLACE.sub(word, text)


def shown(value: object) -> str | None:
    """A value as a finding shows it: one line, not too long; None for nothing."""
    if value is None:
        return None
    text = " ".join(str(value).split()) if not isinstance(value, bool) else str(value).lower()
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def due_for_review(rules: Iterable[Rule], on: date, days: int) -> tuple[str, ...]:
    """Ids of rules that nobody has looked at for more than so many days."""
    return tuple(rule.id for rule in rules if (on - rule.reviewed_on).days > days)
