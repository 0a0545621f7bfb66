"""Rules made wrong on purpose: the examples must see every one of them.

Each comparison of each rule is turned into its neighbour, each number moved by its last digit,
each condition and check left out, each severity changed; each operator always holds, or never.
A mutant dies where an example's findings of the rule are other ones than before. What survives
is a comparison that no example stands close enough to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.customs.examples import Example, order_of, read_examples
from packstation.domain.customs.case import Case, Terms
from packstation.domain.customs.evaluate import evaluate
from packstation.domain.customs.findings import SEVERITIES
from packstation.domain.customs.operators import ABSENT, HOLDS, Wrong
from packstation.domain.customs.pack import Check, Condition, Figure, Pack, Rule
from packstation.domain.customs.reference import Reference
from packstation.domain.customs.registry import TERMS
from packstation.domain.errors import InputInvalid
from packstation.domain.quantities import Money

_PAIRS: Final = (("lt", "le"), ("gt", "ge"), ("eq", "ne"), ("in", "not_in"), ("any_in", "none_in"))
_OTHER: Final[Mapping[str, str]] = {
    "present": ABSENT,
    ABSENT: "present",
    **{name: other for pair in _PAIRS for name, other in (pair, pair[::-1])},
}
_CENT: Final = Decimal("0.01")

Told = tuple[tuple[str, str, str], ...]


class Mutant(Struct, frozen=True):
    """One thing made wrong: of which rule ("" for what several share), and what."""

    rule: str
    what: str


class _Bench:
    """All examples of a pack, each judged by one rule at a time."""

    def __init__(self, pack: Pack, folder: Path, reference: Reference, terms: Terms) -> None:
        self.pack, self.folder, self.reference, self.terms = pack, folder, reference, terms
        self.examples = [
            (rules.rule, one) for rules in read_examples(folder) for one in (*rules.ok, *rules.bad)
        ]
        self.orders = [order_of(folder, one) for _, one in self.examples]
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
        example: Example = self.examples[at][1]
        return Case(self.orders[at], pack, self.reference, example.at, terms)

    def before(self, rule: Rule, at: int) -> Told:
        key = (rule.id, at)
        if key not in self.told:
            self.told[key] = _told(self.case(at), rule)
        return self.told[key]


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
    """The mutants that no example sees; of these rules, else of all, with operators and figures."""
    bench = _Bench(pack, folder, reference, terms)
    rules = [rule for rule in pack.rules if not ids or rule.id in ids]
    alive = [
        Mutant(rule.id, what)
        for rule in rules
        for what, changed in of_rule(rule)
        if not _seen(bench, rule, changed)
    ]
    shared = [] if ids else [*_figures(bench), *_operators(bench)]
    return [*alive, *shared]


def _seen(bench: _Bench, rule: Rule, changed: Rule | None) -> bool:
    for at in bench.near([rule.id]):
        try:
            told = () if changed is None else _told(bench.case(at), changed)
        except InputInvalid:
            return True
        if told != bench.before(rule, at):
            return True
    return False


# One rule


def of_rule(rule: Rule) -> Iterator[tuple[str, Rule | None]]:
    """What is wrong, and the rule with it; None: the whole rule is left out."""
    yield "left out", None
    for at, condition in enumerate(rule.applies):
        for what, changed in _of_condition(condition):
            yield f"applies[{at}] {what}", replace(rule, applies=_put(rule.applies, at, changed))
        yield f"applies[{at}] left out", replace(rule, applies=_put(rule.applies, at, None))
    for at, check in enumerate(rule.checks):
        for what, changed_check in _of_check(rule, check):
            yield f"checks[{at}] {what}", replace(rule, checks=_put(rule.checks, at, changed_check))


def _put(rows: tuple[Any, ...], at: int, row: object) -> tuple[Any, ...]:
    return (*rows[:at], *(() if row is None else (row,)), *rows[at + 1 :])


def _of_check(rule: Rule, check: Check) -> Iterator[tuple[str, Check | None]]:
    yield "left out", None
    yield from _of_condition(check)
    severity = check.severity or rule.severity
    other = SEVERITIES[SEVERITIES.index(severity) - 1]
    yield f"{severity} is {other}", replace(check, severity=other)
    asked = any(one.fact == check.fact and one.op != ABSENT for one in check.when)
    if check.op not in {"present", ABSENT} and not asked:  # else no unknown fact gets here
        yield f"optional is {not check.optional}", replace(check, optional=not check.optional)
    for at, condition in enumerate(check.when):
        for what, changed in _of_condition(condition):
            yield f"when[{at}] {what}", replace(check, when=_put(check.when, at, changed))
        yield f"when[{at}] left out", replace(check, when=_put(check.when, at, None))


def _of_condition(one: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - either of both
    first, _, last = one.op.rpartition("_")
    other = _OTHER.get(one.op) or (
        f"{first}_{_OTHER[last]}" if last in {"lt", "le", "gt", "ge"} else ""
    )
    if other in TERMS.operators or other == ABSENT:
        yield f"{one.fact} {one.op} is {other}", replace(one, op=other)
    for number in _moved(one.than):
        yield f"{one.fact} {one.op} {one.than} is {number}", replace(one, than=number)


def _moved(than: object) -> tuple[int | Decimal, ...]:
    """A number one more and one less in its last digit."""
    if isinstance(than, bool) or not isinstance(than, int | Decimal):
        return ()
    step = 1 if isinstance(than, int) else Decimal(1).scaleb(int(than.as_tuple().exponent))
    return than + step, than - step


# What rules share


def _using(pack: Pack, test: Callable[[Condition | Check], bool]) -> list[str]:
    """Ids of the rules with such a condition or check."""
    return [rule.id for rule in pack.rules if any(test(one) for one in _rows(rule))]


def _rows(rule: Rule) -> Iterator[Condition | Check]:
    yield from rule.applies
    for check in rule.checks:
        yield check
        yield from check.when


def _figures(bench: _Bench) -> Iterator[Mutant]:
    for at, figure in enumerate(bench.pack.figures):
        near = _using(bench.pack, lambda one, name=figure.name: one.than == f"@{name}")  # type: ignore[misc]
        for what, changed in _of_figure(figure):
            pack = replace(bench.pack, figures=_put(bench.pack.figures, at, changed))
            if not _sees(bench, near, pack, bench.terms):
                yield Mutant("", f"figure {figure.name} {what}")


def _of_figure(figure: Figure) -> Iterator[tuple[str, Figure]]:
    money = figure.money
    if money is not None:
        for step in (_CENT, -_CENT):
            changed = Money(money.amount + step, money.currency)
            yield f"{money.amount} is {changed.amount}", replace(figure, money=changed)
    for value in _moved(figure.value):
        yield f"{figure.value} is {value}", replace(figure, value=Decimal(value))


def _operators(bench: _Bench) -> Iterator[Mutant]:
    for name in bench.terms.operators:
        near = _using(bench.pack, lambda one, name=name: one.op == name)  # type: ignore[misc]
        for what, answer in (("always holds", HOLDS), ("never holds", (Wrong(),))):
            table = {**bench.terms.operators, name: lambda *_, answer=answer: answer}
            terms = Terms(facts=bench.terms.facts, operators=table)
            if near and not _sees(bench, near, bench.pack, terms):
                yield Mutant("", f"operator {name} {what}")


def _sees(bench: _Bench, near: Sequence[str], pack: Pack, terms: Terms) -> bool:
    """Whether an example sees the change; judged by the rule that it is an example of."""
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
    return False
