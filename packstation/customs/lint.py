"""Faults of a rule pack that its shape allows: names of nothing, words that lack, rules unproven.

Looked for before a pack is signed and before one is compared with another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Final

import msgspec
from msgspec import Struct

from packstation.customs.examples import Examples
from packstation.customs.patterns import fault_of
from packstation.domain.customs.batteries import BatteryRow
from packstation.domain.customs.borders import Territory, Union
from packstation.domain.customs.case import Raw, Terms
from packstation.domain.customs.compliance import ComplianceRow
from packstation.domain.customs.facts import OF_ORDER
from packstation.domain.customs.findings import LANGUAGES
from packstation.domain.customs.identifiers import SHAPES
from packstation.domain.customs.landed import Fee
from packstation.domain.customs.operators import ABSENT
from packstation.domain.customs.pack import Check, Condition, Figure, Pack, Rule, Scope
from packstation.domain.customs.phrases import PHRASES
from packstation.domain.customs.regimes import Regime
from packstation.domain.customs.registry import TERMS
from packstation.domain.customs.restrictions import Restriction
from packstation.domain.customs.sender_references import SenderReference
from packstation.domain.customs.wanted import FormRow
from packstation.first_use import shaped

DAYS: Final = 90
# Kinds of fault with which no order can be checked at all.
BREAKS: Final = frozenset({"operator", "figure", "list", "pattern"})
_WORD: Final = re.compile(r"\{(\w+)\}")
_OF_LANGUAGE: Final = re.compile(rf"_({'|'.join(LANGUAGES)})$")
_PREFIXES: Final[dict[Scope, str]] = {"order": "", "line": "lines[].", "parcel": "parcels[]."}
_OF_AMOUNTS: Final = ("amount", "currency")
# Tables whose rows have one shape, and where those have conditions.
ROWS: Final[Mapping[str, type[Struct]]] = {
    "batteries": BatteryRow,
    "compliance": ComplianceRow,
    "fees": Fee,
    "forms": FormRow,
    "regimes": Regime,
    "restrictions": Restriction,
    "sender_references": SenderReference,
    "territories": Territory,
    "unions": Union,
}
_CONDITIONS: Final[tuple[tuple[str, Scope], ...]] = (("when", "order"), ("each", "parcel"))


class Fault(Struct, frozen=True):
    """One fault: its kind, where, and what about it."""

    kind: str
    where: str
    message: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.where}: {self.kind}: {self.message}"


def lint(
    pack: Pack, today: date, examples: Sequence[Examples] | None = None, terms: Terms = TERMS
) -> list[Fault]:
    """All faults; without ``examples`` (a pack from elsewhere) rules need none."""
    return [
        *(fault for rule in pack.rules for fault in _of_rule(pack, rule, today, terms)),
        *_overlaps("rule", [(rule.id, rule) for rule in pack.rules]),
        *_overlaps("figure", [(one.name, one) for one in pack.figures]),
        *(fault for one in pack.figures for fault in _of_figure(one)),
        *(fault for one in pack.tables.get(PHRASES, ()) for fault in _of_phrase(one)),
        *(fault for name, shape in ROWS.items() for fault in _of_table(pack, name, shape, terms)),
        *_aged(pack, today),
        *(() if examples is None else _unproven(pack, examples)),
    ]


def _of_rule(pack: Pack, rule: Rule, today: date, terms: Terms) -> Iterator[Fault]:
    for at, one in enumerate(rule.applies):
        yield from _of_condition(pack, one, "order", f"{rule.id} applies[{at}]", today, terms)
    yield from _worded(rule.messages, f"{rule.id} messages")
    if rule.absent is not None:
        yield from _worded(rule.absent, f"{rule.id} absent")
    for at, check in enumerate(rule.checks):
        where = f"{rule.id} checks[{at}]"
        yield from _of_condition(pack, check, check.scope, where, today, terms)
        for number, one in enumerate(check.when):
            inside = f"{where} when[{number}]"
            yield from _of_condition(pack, one, check.scope, inside, today, terms)
        if check.messages is not None:
            yield from _worded(check.messages, f"{where} messages")
        if check.absent is not None:
            yield from _worded(check.absent, f"{where} absent")
        if not isinstance(check.allowed, str):
            yield from _worded(check.allowed, f"{where} allowed")


def _of_condition(
    pack: Pack, one: Condition | Check, scope: Scope, where: str, today: date, terms: Terms
) -> Iterator[Fault]:
    if one.op != ABSENT and one.op not in terms.operators:
        yield Fault("operator", where, f"{one.op} is none")
    if not _is_fact(pack, one.fact, scope, terms):
        yield Fault("fact", where, f"{one.fact} is none of {scope}")
    than = one.than
    if one.op == "matches" and (wrong := fault_of(str(than))):
        yield Fault("pattern", where, wrong)
    if not isinstance(than, str) or than[:1] not in {"@", "#", "$"}:
        return
    name = than[1:]
    if than[0] == "@" and pack.figure(name, today) is None:
        yield Fault("figure", where, f"{name} holds no value on {today}")
    if than[0] == "#" and name not in pack.lists and name not in pack.groups:
        yield Fault("list", where, f"{name} is none")
    if than[0] == "$" and not _is_fact(pack, name, scope, terms):
        yield Fault("fact", where, f"{name} is none of {scope}")


def _is_fact(pack: Pack, name: str, scope: Scope, terms: Terms) -> bool:
    """A fact by its name, or a path that an order may have (table ``shapes``)."""
    if scope != "order" and name.startswith(OF_ORDER):
        return _is_fact(pack, name.removeprefix(OF_ORDER), "order", terms)
    if name in terms.facts[scope]:
        return True
    path = _PREFIXES[scope] + re.sub(r"\[\d+\]", "[]", name)
    path = path.replace("lines[].product.", "products[].")
    paths = {str(row["path"]) for row in pack.tables.get("shapes", ())}
    parent, _, last = path.rpartition(".")
    return path in paths or (last in _OF_AMOUNTS and parent in paths) or path == "lines[].product"


def _worded(messages: dict[str, str], where: str) -> Iterator[Fault]:
    wanted = _words(messages.get("en", ""))
    for language in LANGUAGES:
        text = messages.get(language, "")
        if not text.strip():
            yield Fault("message", where, f"none in {language}")
        elif _words(text) != wanted:
            yield Fault("message", where, f"other placeholders in {language} than in en")


def _of_phrase(row: Raw) -> Iterator[Fault]:
    texts = {one: str(row[one]) for one in LANGUAGES if row.get(one)}
    yield from _worded(texts, f"phrase {row.get('phrase')}")


def _of_table(pack: Pack, name: str, shape: type[Struct], terms: Terms) -> Iterator[Fault]:
    """Rows of a table that one subject reads: their shape, and what their conditions name."""
    for at, raw in enumerate(pack.tables.get(name, ())):
        where = f"{name}[{at}]"
        try:
            row = shaped(raw, shape)
        except msgspec.ValidationError as exc:
            yield Fault("row", where, str(exc))
            continue
        if getattr(row, "shape", "") not in {"", *SHAPES}:
            yield Fault("row", where, f"{raw['shape']} is no shape of a number")
        day = getattr(row, "valid_to", None) or pack.reviewed_on
        for kind, scope in _CONDITIONS:
            for number, one in enumerate(getattr(row, kind, ())):
                yield from _of_condition(pack, one, scope, f"{where} {kind}[{number}]", day, terms)


def _words(text: str) -> set[str]:
    """Placeholders, {class_zh} as {class}: what an operator says may come in each language."""
    return {re.sub(_OF_LANGUAGE, "", name) for name in _WORD.findall(text)}


def _overlaps(kind: str, rows: Sequence[tuple[str, Rule | Figure]]) -> Iterator[Fault]:
    for (name, one), (other_name, other) in combinations(rows, 2):
        if name == other_name and _both(one, other):
            yield Fault("overlap", f"{kind} {name}", "two hold on the same day")


def _both(one: Rule | Figure, other: Rule | Figure) -> bool:
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    return first <= min(one.valid_to or date.max, other.valid_to or date.max)


def _of_figure(figure: Figure) -> Iterator[Fault]:
    if (figure.value is None) == (figure.money is None):
        yield Fault("figure", figure.name, "either a value or money is wanted")


def _aged(pack: Pack, today: date) -> Iterator[Fault]:
    rows = [("pack", pack.reviewed_on), *((rule.id, rule.reviewed_on) for rule in pack.rules)]
    for where, day in rows:
        if today - day > timedelta(days=DAYS):
            yield Fault("review", where, f"last on {day}, over {DAYS} days ago")
        if day > today:
            yield Fault("review", where, f"on {day}, which is still to come")


def _unproven(pack: Pack, examples: Sequence[Examples]) -> Iterator[Fault]:
    proven = {one.rule for one in examples if one.ok and one.bad}
    for rule in pack.rules:
        if rule.id not in proven:
            yield Fault("example", rule.id, "an order that it finds and one that it does not")
    for one in examples:
        if one.rule not in {rule.id for rule in pack.rules}:
            yield Fault("example", one.rule, "there is no such rule")
