"""Each example of each rule: found where it should be, by that rule alone, or not at all."""

from __future__ import annotations

import pytest

from packstation.assets import resource
from packstation.customs.examples import Example, order_of, read_examples
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.checking import check
from packstation.domain.customs.findings import Finding

FOLDER = resource("customs", "examples")
EXAMPLES = read_examples(FOLDER)
PACK = read_folder(resource("customs"))
TABLES = Tables()


def found(example: Example) -> tuple[Finding, ...]:
    return check(order_of(FOLDER, example), PACK, TABLES, example.at).findings


def shown(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{one.rule} {one.severity} {one.field} = {one.value}" for one in findings]


def cases(kind: str) -> list[object]:
    return [
        pytest.param(rule.rule, one, id=f"{rule.rule}-{kind}-{one.name}")
        for rule in EXAMPLES
        for one in getattr(rule, kind)
    ]


def bases() -> list[str]:
    return sorted(one.stem for one in FOLDER.glob("*.json") if not one.stem.startswith("R"))


@pytest.mark.parametrize("base", bases())
def test_a_base_gives_no_finding_at_all(base: str) -> None:
    assert shown(found(Example(name="base", base=base))) == []


@pytest.mark.parametrize(("rule", "example"), cases("ok"))
def test_what_is_right_is_not_found(rule: str, example: Example) -> None:
    findings = found(example)
    assert [one for one in shown(findings) if one.startswith(rule)] == []
    assert {one.rule for one in findings} <= {*example.also}, shown(findings)


@pytest.mark.parametrize(("rule", "example"), cases("bad"))
def test_what_is_wrong_is_found_by_this_rule_alone(rule: str, example: Example) -> None:
    findings = found(example)
    wanted = [
        one
        for one in findings
        if one.rule == rule
        and example.field in {"", one.field}
        and example.severity in {None, one.severity}
    ]
    assert wanted, shown(findings)
    assert {one.rule for one in findings} <= {rule, *example.also}, shown(findings)


def test_examples_are_named_once_and_a_rule_has_both_kinds() -> None:
    for rule in EXAMPLES:
        names = [one.name for one in (*rule.ok, *rule.bad)]
        assert sorted(names) == sorted({*names}), rule.rule
        assert rule.ok, rule.rule
        assert rule.bad, rule.rule
