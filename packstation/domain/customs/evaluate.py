"""All rules of a pack against one case: every finding at once, in the order of the pack."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from packstation.domain.customs.case import Case, Item, Key, Terms, at_path
from packstation.domain.customs.facts import OF_ORDER, fact
from packstation.domain.customs.findings import LANGUAGES, Finding
from packstation.domain.customs.operators import ABSENT, Found, Look, Operator, Said, Wrong
from packstation.domain.customs.pack import (
    SCOPES,
    Check,
    Condition,
    Figure,
    Moment,
    Pack,
    Rule,
    Scope,
    Words,
    holds,
)
from packstation.domain.customs.phrases import in_words, phrase
from packstation.domain.customs.same import Same
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
# Where a case keeps how its pack is followed.
_PROGRAM: Final[Key] = ("program",)
_PLACE: Final = re.compile(r"\{(\w+)\}")


def evaluate(case: Case, moment: Moment | None = None) -> tuple[Finding, ...]:
    """What does not hold; ``moment``: only rules that are looked at then, None for all."""
    looks = _Looks(case)
    return tuple(
        finding
        for one in _program(case).rules
        if moment is None or moment in one.rule.moments
        for finding in _judged(one, looks)
    )


def _judged(one: _Rule, looks: _Looks) -> tuple[Finding, ...]:
    """Findings of a rule; one that cannot cope with what stands in the order stops the parcel."""
    try:
        return tuple(_of_rule(one, looks))
    except HOSTILE as exc:
        return (unjudged(one.rule.id, looks.case.pack, type(exc).__name__),)


def _of_rule(one: _Rule, looks: _Looks) -> Iterator[Finding]:
    if not looks.hold("order", one.applies):
        return
    for check in one.checks:
        scope = check.check.scope
        if not looks.at[scope] or not looks.hold(scope, check.shared):
            continue
        own, row, optional = check.own, check.row, check.check.optional
        for look in looks.at[scope]:
            if own and not all(condition.holds(look) for condition in own):
                continue
            for wrong in row.wrong(look, optional=optional):
                yield _finding(looks.case, one.rule, check.check, look.item, wrong)


class _Looks:
    """Where the rules of one case look: at its order, each line, each parcel."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.at: Mapping[Scope, tuple[Look, ...]] = {
            scope: tuple(Look(case, one) for one in case.items(scope)) for scope in SCOPES
        }
        self._held: dict[Scope, dict[_Row, bool]] = {scope: {} for scope in SCOPES}

    def hold(self, scope: Scope, conditions: Iterable[_Row]) -> bool:
        """Whether all of them do, which say the same of each item; found out once."""
        held = self._held[scope]
        for one in conditions:
            found = held.get(one)
            if found is None:
                found = held[one] = one.holds(self.at[scope][0])
            if not found:
                return False
        return True


def _of_order(condition: Condition) -> bool:
    """Whether it reads nothing of the line or parcel that it is looked at for."""
    than = condition.than
    free = not isinstance(than, str) or not than.startswith("$") or than.startswith(f"${OF_ORDER}")
    return free and condition.fact.startswith(OF_ORDER)


def condition_holds(case: Case, condition: Condition, item: Item | None = None) -> bool:
    """Whether a condition holds for the order, or an item of it."""
    return _program(case).row(condition).holds(Look(case, item or case.order))


class _Row:
    """A condition or check of a pack on a day; what it compares with is looked up once."""

    __slots__ = ("absent", "name", "operator", "other", "row", "same")

    def __init__(self, row: Condition | Check) -> None:
        self.row, self.name, self.absent = row, row.fact, row.op == ABSENT
        self.operator: Operator | None = None
        self.other: str | None = None
        self.same: object = None

    def holds(self, look: Look) -> bool:
        """Whether it holds there; an unknown fact holds no condition but ``absent``."""
        known = look.item.known  # asked here first: it is nearly always there
        value = known[self.name] if self.name in known else fact(look.case, look.item, self.name)
        if self.absent:
            return value is None
        return value is not None and not self._compared(look, value)

    def wrong(self, look: Look, *, optional: bool) -> Found:
        """What is wrong there; an unknown fact is, unless it is ``optional``."""
        known = look.item.known  # asked here first: it is nearly always there
        value = known[self.name] if self.name in known else fact(look.case, look.item, self.name)
        if self.absent:
            return () if value is None else (Wrong(),)
        if value is None:
            return () if optional else (Wrong(),)
        return self._compared(look, value)

    def _compared(self, look: Look, value: object) -> Found:
        operator = self.operator or self._looked_up(look.case)
        if self.other is not None:
            return operator(value, fact(look.case, look.item, self.other), look)
        return operator(value, self.same, look)

    def _looked_up(self, case: Case) -> Operator:
        """``than`` is a value, or ``$name``: another fact of the item.

        Only now, so that a row which nothing comes to may name what the pack does not have.
        """
        operator, than = case.terms.operators.get(self.row.op), self.row.than
        if operator is None:
            allowed = " ".join(case.terms.operators)
            raise InputInvalid(path="is", value=self.row.op, allowed=allowed)
        if isinstance(than, str) and than.startswith("$"):
            self.other = than[1:]
        else:
            self.same = _resolved(case, than)
        self.operator = operator
        return operator


class _Check:
    """A check with its conditions: what is said of the order holds for all its items or none."""

    __slots__ = ("check", "own", "row", "shared")

    def __init__(self, check: Check, program: _Program) -> None:
        self.check, self.row = check, _Row(check)
        said = [one for one in check.when if check.scope == "order" or _of_order(one)]
        self.shared = tuple(map(program.alike, said))
        self.own = tuple(_Row(one) for one in check.when if one not in said)


class _Rule:
    """A rule as it is followed."""

    __slots__ = ("applies", "checks", "rule")

    def __init__(self, rule: Rule, program: _Program) -> None:
        self.rule = rule
        self.applies = tuple(map(program.alike, rule.applies))
        self.checks = tuple(_Check(one, program) for one in rule.checks)


class _Program:
    """The rules of a pack that hold on a day, and the conditions of its tables' rows.

    Nothing in it is of an order: it is the same for each one that is looked at that day.
    """

    def __init__(self, pack: Pack, today: date) -> None:
        self.pack = pack
        self._rows: dict[int, _Row] = {}
        self._alike: dict[str, _Row] = {}
        self.rules = tuple(_Rule(one, self) for one in pack.rules if holds(one, today))

    def alike(self, condition: Condition) -> _Row:
        """One row for all conditions that say the same: many rules ask whether it goes abroad."""
        return self._alike.setdefault(repr(condition), _Row(condition))

    def row(self, condition: Condition) -> _Row:
        """A condition as it is followed; known by what it is: tables keep their rows."""
        found = self._rows.get(id(condition))
        if found is None:
            # It keeps the condition, so that nothing else can come to its id.
            found = self._rows[id(condition)] = _Row(condition)
        return found


@lru_cache(maxsize=4)
def _programs(pack: Same[Pack], terms: Same[Terms], today: date) -> _Program:
    del terms  # its operators are looked up as rows are come to
    return _Program(pack.value, today)


def _program(case: Case) -> _Program:
    kept: _Program | None = case.known.get(_PROGRAM)
    if kept is None or kept.pack is not case.pack:
        made = _programs(Same(case.pack), Same(case.terms), case.today)
        kept = case.known[_PROGRAM] = made
    return kept


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
        return _worth(case.figure(name), name)
    found = case.pack.lists.get(name, case.pack.groups.get(name))
    if found is None:
        raise InputInvalid(path="than", value=than, allowed="a list or group of the pack")
    return found


def _worth(figure: Figure | None, name: str) -> object:
    if figure is None:
        raise InputInvalid(path="than", value=f"@{name}", allowed="a figure that holds today")
    return figure.value if figure.money is None else figure.money


def _finding(case: Case, rule: Rule, check: Check, item: Item, wrong: Wrong) -> Finding:
    value = wrong.value if wrong.value is not None else _seen(case, item, check.fact)
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


def _seen(case: Case, item: Item, name: str) -> str | None:
    """A fact as people read it."""
    found, to_people = fact(case, item, name), case.terms.shown.get(name)
    return shown(found if found is None or to_people is None else to_people(found))


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
