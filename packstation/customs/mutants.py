"""Rules made wrong on purpose: the examples must see every one of them.

Each row of a pack that an order is compared with is made wrong in one place (`mutant_rows`), each
operator always holds, or never. A mutant of a rule dies where an example's findings of the rule
are other ones than before; one of a table of outcomes where an order of `outcomes` comes out
another way; figures and operators where either sees them. What survives is a comparison that no
example stands close enough to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.customs.examples import order_of, read_examples
from packstation.customs.mutant_rows import Row, of_figure, of_row, of_rule, put
from packstation.customs.outcomes import TABLES, came_out, read_outcomes
from packstation.domain.customs.case import Case, Terms
from packstation.domain.customs.evaluate import evaluate
from packstation.domain.customs.operators import HOLDS, Wrong
from packstation.domain.customs.pack import Check, Condition, Pack, Rule
from packstation.domain.customs.reference import Reference
from packstation.domain.customs.registry import TERMS
from packstation.domain.errors import InputInvalid

# Mutants that are the rule itself said otherwise, and why; tests look for an order that proves
# the reason wrong.
EQUAL: Final[Mapping[tuple[str, str], str]] = {
    ("R23", "checks[0] optional is False"): "what is comparable is known",
    ("R25", "checks[2] optional is False"): "the last row for these places holds for every order",
}
# What an order is that a mutant cannot be judged by at all; so it is seen.
_BROKEN: Final = (InputInvalid, ValueError, TypeError)
# What names a row of a table.
_NAMES: Final = ("id", "code", "slot", "kind")

Told = tuple[tuple[str, str, str], ...]


class Mutant(Struct, frozen=True):
    """One thing made wrong: of which rule or table ("" for what several share), and what."""

    rule: str
    what: str


class _Bench:
    """All examples of a pack, each judged by one rule at a time, and all outcomes."""

    def __init__(self, pack: Pack, folder: Path, reference: Reference, terms: Terms) -> None:
        self.pack, self.reference, self.terms = pack, reference, terms
        self.examples = [
            (rules.rule, one) for rules in read_examples(folder) for one in (*rules.ok, *rules.bad)
        ]
        self.orders = [order_of(folder, one) for _, one in self.examples]
        self.outcomes = [
            (table.table, one, order_of(folder, one))
            for table in read_outcomes(folder)
            for one in table.orders
        ]
        self.cases: dict[int, Case] = {}
        self.told: dict[tuple[str, int], Told] = {}

    def near(self, ids: Sequence[str]) -> list[int]:
        """Places of all examples, those of these rules first."""
        every = range(len(self.examples))
        return sorted(every, key=lambda at: (self.examples[at][0] not in ids, at))

    def case(self, at: int) -> Case:
        if at not in self.cases:
            self.cases[at] = self.made(at, self.pack, self.terms)
        return self.cases[at]

    def made(self, at: int, pack: Pack, terms: Terms) -> Case:
        return Case(self.orders[at], pack, self.reference, self.examples[at][1].at, terms)

    def before(self, rule: Rule, at: int) -> Told:
        key = (rule.id, at)
        if key not in self.told:
            self.told[key] = _told(self.case(at), rule)
        return self.told[key]

    def comes_out(self, table: str, pack: Pack, terms: Terms) -> bool:
        """Whether all outcomes are as they should be, those of the table looked at first."""
        for _, one, order in sorted(self.outcomes, key=lambda row: row[0] != table):
            case = Case(order, pack, self.reference, one.at, terms)
            try:
                if came_out(one, case) != one:
                    return False
            except _BROKEN:
                return False
        return True


def _told(case: Case, rule: Rule) -> Told:
    pack = case.pack
    case.pack = replace(pack, rules=(rule,))
    try:
        found = evaluate(case)
    finally:
        case.pack = pack
    return tuple(sorted((one.severity, one.field, one.message("en")) for one in found))


def survivors(
    pack: Pack, folder: Path, reference: Reference, ids: Sequence[str] = (), terms: Terms = TERMS
) -> list[Mutant]:
    """The mutants that nothing sees; of these rules, else of all there is."""
    return [mutant for mutant, seen in judged(pack, folder, reference, ids, terms) if not seen]


def judged(
    pack: Pack, folder: Path, reference: Reference, ids: Sequence[str] = (), terms: Terms = TERMS
) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant, and whether an example sees it."""
    bench = _Bench(pack, folder, reference, terms)
    for rule in pack.rules:
        if not ids or rule.id in ids:
            for what, changed in of_rule(rule, terms):
                yield Mutant(rule.id, what), _seen(bench, rule, changed)
    if not ids:
        yield from _tables(bench)
        yield from _figures(bench)
        yield from _operators(bench)


def _seen(bench: _Bench, rule: Rule, changed: Rule | None) -> bool:
    for at in bench.near([rule.id]):
        try:
            told = () if changed is None else _told(bench.case(at), changed)
        except InputInvalid:
            return True
        if told != bench.before(rule, at):
            return True
    return False


# What no rule has for itself


def _tables(bench: _Bench) -> Iterator[tuple[Mutant, bool]]:
    tables = bench.pack.tables
    for name in TABLES:
        for at, row in enumerate(tables.get(name, ())):
            for what, changed in of_row(row, bench.terms):
                rows = {**tables, name: put(tuple(tables[name]), at, changed)}
                pack = replace(bench.pack, tables=rows)
                named = " ".join(str(row[one]) for one in _NAMES if row.get(one))
                mutant = Mutant(name, f"[{at}] {named} {what}")
                yield mutant, not bench.comes_out(name, pack, bench.terms)


def _outcome_rows(pack: Pack) -> Iterator[Row]:
    return (row for name in TABLES for row in pack.tables.get(name, ()))


def _using(pack: Pack, test: Callable[[Condition | Check], bool]) -> list[str]:
    """Ids of the rules with such a condition or check."""
    return [rule.id for rule in pack.rules if any(test(one) for one in _rows(rule))]


def _rows(rule: Rule) -> Iterator[Condition | Check]:
    yield from rule.applies
    for check in rule.checks:
        yield check
        yield from check.when


def _figures(bench: _Bench) -> Iterator[tuple[Mutant, bool]]:
    for at, figure in enumerate(bench.pack.figures):
        near = _using(bench.pack, lambda one, name=figure.name: one.than == f"@{name}")  # type: ignore[misc]
        for what, changed in of_figure(figure):
            pack = replace(bench.pack, figures=put(bench.pack.figures, at, changed))
            seen = _sees(bench, near, pack, bench.terms)
            yield Mutant("", f"figure {figure.name} {what}"), seen


def _operators(bench: _Bench) -> Iterator[tuple[Mutant, bool]]:
    asked = {one["is"] for rows in _outcome_rows(bench.pack) for one in rows.get("when", ())}
    for name in bench.terms.operators:
        near = _using(bench.pack, lambda one, name=name: one.op == name)  # type: ignore[misc]
        for what, answer in (("always holds", HOLDS), ("never holds", (Wrong(),))):
            table = {**bench.terms.operators, name: lambda *_, answer=answer: answer}
            terms = Terms(facts=bench.terms.facts, operators=table)
            # What is there is present: the evaluator asks nothing of what is not.
            same = name == "present" and answer is HOLDS
            if (near or name in asked) and not same:
                yield Mutant("", f"operator {name} {what}"), _sees(bench, near, bench.pack, terms)


def _sees(bench: _Bench, near: Sequence[str], pack: Pack, terms: Terms) -> bool:
    """Whether an example sees the change, judged by the rule that it is one of; or an outcome."""
    rules = {rule.id: rule for rule in pack.rules}
    for at in bench.near(near):
        rule = rules.get(bench.examples[at][0])
        if rule is None:
            continue
        try:
            told = _told(bench.made(at, pack, terms), rule)
        except InputInvalid:
            return True
        if told != bench.before(rule, at):
            return True
    return not bench.comes_out("regimes", pack, terms)
