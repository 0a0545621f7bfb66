"""All rules of a pack against one case: every finding at once, in the order of the pack."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from packstation.domain.customs.case import Case, Item, Key, at_path
from packstation.domain.customs.facts import OF_ORDER, fact
from packstation.domain.customs.findings import LANGUAGES, Finding
from packstation.domain.customs.operators import ABSENT, Found, Look, Said, Wrong
from packstation.domain.customs.pack import Check, Condition, Figure, Moment, Rule, Words, holds
from packstation.domain.customs.phrases import in_words, phrase
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
# Compares the value of an item's fact with what a row says.
Compare = Callable[[Item, object], Found]
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
    if not all(condition_holds(case, one) for one in rule.applies):
        return
    for check in rule.checks:
        items = case.items(check.scope)
        # What is said of the order holds for all of its lines or for none.
        shared = [one for one in check.when if _of_order(one)]
        if not items or not all(_Row(case, one).holds(items[0]) for one in shared):
            continue
        own = [_Row(case, one) for one in check.when if one not in shared]
        row = _Row(case, check)
        for item in items:
            if own and not all(one.holds(item) for one in own):
                continue
            for wrong in row.wrong(item, optional=check.optional):
                yield _finding(case, rule, check, item, wrong)


def _of_order(condition: Condition) -> bool:
    """Whether it reads nothing of the line or parcel that it is looked at for."""
    than = condition.than
    free = not isinstance(than, str) or not than.startswith("$") or than.startswith(f"${OF_ORDER}")
    return free and condition.fact.startswith(OF_ORDER)


def condition_holds(case: Case, condition: Condition, item: Item | None = None) -> bool:
    """Whether a condition holds for the order, or an item of it."""
    return _Row(case, condition).holds(item or case.order)


class _Row:
    """A condition or check in one case; what it compares with is looked up once, when needed."""

    __slots__ = ("case", "compare", "row")

    def __init__(self, case: Case, row: Condition | Check) -> None:
        self.case, self.row = case, row
        self.compare: Compare | None = None

    def holds(self, item: Item) -> bool:
        """Whether it holds for an item; an unknown fact holds no condition but ``absent``."""
        value = fact(self.case, item, self.row.fact)
        if self.row.op == ABSENT:
            return value is None
        return value is not None and not self._compared(item, value)

    def wrong(self, item: Item, *, optional: bool) -> Found:
        """What is wrong of an item; an unknown fact is, unless it is ``optional``."""
        value = fact(self.case, item, self.row.fact)
        if self.row.op == ABSENT:
            return () if value is None else (Wrong(),)
        if value is None:
            return () if optional else (Wrong(),)
        return self._compared(item, value)

    def _compared(self, item: Item, value: object) -> Found:
        if self.compare is None:
            self.compare = _comparing(self.case, self.row)
        return self.compare(item, value)


def _comparing(case: Case, row: Condition | Check) -> Compare:
    """``than`` is a value, or ``$name``: another fact of the item."""
    operator = case.terms.operators.get(row.op)
    if operator is None:
        raise InputInvalid(path="is", value=row.op, allowed=" ".join(case.terms.operators))
    than = row.than
    if isinstance(than, str) and than.startswith("$"):
        name = than[1:]
        return lambda item, value: operator(value, fact(case, item, name), Look(case, item))
    same = _resolved(case, than)
    return lambda item, value: operator(value, same, Look(case, item))


def _resolved(case: Case, than: Any) -> Any:  # noqa: ANN401 - as the row has it
    """What a row compares with, the value itself as a rule.

    ``@name`` is a figure's worth today, ``#name`` a list or group.

    Raises:
        InputInvalid: the pack has no figure or list of that name today.
    """
    if not isinstance(than, str) or than[:1] not in {"@", "#"}:
        return than
    kind, name = than[0], than[1:]
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
    words = {
        "field": path,
        "v": value or "-",
        "country": shown(dest) or "-",
        **place,
        "sku": place["sku"] or "-",
        **wrong.words,
    }
    needs = _needs(case, check, wrong, place, known)
    told = _told(case, path, value or "")
    messages = {
        language: filled(
            text, {**told(language), **words, "allowed": needs[language]}, known.to(language)
        )
        for language, text in _messages(case, rule, check, wrong, value).items()
    }
    allowed = needs["en"]
    return Finding(
        rule=rule.id,
        severity=check.severity or rule.severity,
        field=path,
        value=value or None,
        messages=messages,
        allowed=allowed,
        suggestion=wrong.suggestion,
        needs=needs if any(one != allowed for one in needs.values()) else {},
    )


def _messages(case: Case, rule: Rule, check: Check, wrong: Wrong, value: str | None) -> Words:
    """What is said: the operator's phrase, else of what is absent, else of what stands there."""
    said = phrase(case.pack, wrong.says) if wrong.says else None
    own = check.messages
    absent = None if value else check.absent or (rule.absent if own is None else None)
    return said or absent or own or rule.messages


def _needs(
    case: Case, check: Check, wrong: Wrong, place: Mapping[str, str], known: _Words
) -> dict[str, str]:
    """What is allowed, by language."""
    given = wrong.allowed or check.allowed
    fill = place
    if isinstance(given, Said):
        fill, given = given.fill, phrase(case.pack, given.phrase) or " ".join(given.fill.values())
    if isinstance(given, str):
        text = given if wrong.allowed else filled(given, fill, known)
        return dict.fromkeys(LANGUAGES, text)
    return {one: filled(given.get(one, ""), _of_language(fill, one), known) for one in LANGUAGES}


def _of_language(words: Mapping[str, str], language: str) -> Mapping[str, str]:
    """``what_zh`` is ``what`` where it is told in Chinese."""
    end = f"_{language}"
    own = {name.removesuffix(end): text for name, text in words.items() if name.endswith(end)}
    return {**words, **own}


def _told(case: Case, path: str, value: str) -> Callable[[str], dict[str, str]]:
    """The names of a field (``{named}``) and of the code in it (``{told}``), by language."""
    named, told = in_words(case.pack, "field", path), in_words(case.pack, "value", value)
    return lambda language: {"named": named[language], "told": told[language] or "-"}


class _Words:
    """Facts and fields of an item, else of the order, that a message may name."""

    def __init__(self, case: Case, item: Item, language: str = "en") -> None:
        self.case, self.item, self.language = case, item, language

    def to(self, language: str) -> _Words:
        """The same in a language: a figure that is not known ("?") has words there."""
        return _Words(self.case, self.item, language)

    def get(self, name: str) -> str | None:
        for item in (self.item, self.case.order):
            if name in self.case.terms.facts[item.scope]:
                text = shown(fact(self.case, item, name)) or "-"
                return in_words(self.case.pack, "value", text).get(self.language, text)
        return shown(at_path(self.case.raw, name))


def filled(text: str, words: Mapping[str, str], known: _Words) -> str:
    """``text`` with its ``{names}`` replaced once; a buyer's braces stay what they are."""

    def word(place: re.Match[str]) -> str:
        found = words[place[1]] if place[1] in words else known.get(place[1])
        return words.get("allowed", "") or "-" if found is None else found

    return _PLACE.sub(word, text)


def shown(value: object) -> str | None:
    """A value as a finding shows it: one line, not too long; None for nothing."""
    if value is None or (isinstance(value, list | tuple | dict) and not value):
        return None
    text = " ".join(str(value).split()) if not isinstance(value, bool) else str(value).lower()
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def due_for_review(rules: Iterable[Rule], on: date, days: int) -> tuple[str, ...]:
    """Ids of rules that nobody has looked at for more than so many days."""
    return tuple(rule.id for rule in rules if (on - rule.reviewed_on).days > days)
