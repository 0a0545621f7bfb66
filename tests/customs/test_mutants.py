"""Every comparison of every rule stands between two examples: rules made wrong are seen."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.assets import resource
from packstation.customs.examples import order_of
from packstation.customs.mutant_rows import always_known, of_row, of_rule
from packstation.customs.mutants import EQUAL, Mutant, survivors
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.case import Case
from packstation.domain.customs.evaluate import HOSTILE, condition_holds
from packstation.domain.customs.facts import fact
from packstation.domain.customs.pack import Check
from packstation.domain.customs.registry import TERMS, case_of
from packstation.domain.customs.taming import tamed
from tests.customs.strange import MOMENT, VALUES, base, places, with_value
from tests.customs.test_examples import EXAMPLES

PACK: Final = read_folder(resource("customs"))
FOLDER: Final = resource("customs", "examples")
TABLES: Final = Tables()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_rules_made_wrong_are_seen() -> None:
    assert sum(1 for rule in PACK.rules for _ in of_rule(rule, TERMS)) > 800
    assert {(one.rule, one.what) for one in survivors(PACK, FOLDER, TABLES)} == {*EQUAL}


def test_without_examples_everything_survives() -> None:
    rule = next(one for one in PACK.rules if one.id == "R01")
    found = survivors(PACK, resource("customs", "rules"), TABLES, ["R01"])
    assert len(found) == sum(1 for _ in of_rule(rule, TERMS))
    assert Mutant("R01", "left out") in found


def test_a_row_is_made_wrong_in_each_of_its_places() -> None:
    row = {
        "kind": "cn23",
        "to": ["AU", "NZ"],
        "copies": 2,
        "valid_from": "2026-07-01",
        "when": [{"fact": "cartons", "is": "gt", "than": 1}],
        "amount": {"amount": "2.50", "currency": "EUR"},
    }
    assert [what for what, _ in of_row(row, TERMS)] == [
        "left out",
        "to left out",
        "to without AU",
        "to without NZ",
        "valid_from 2026-07-01 is 2026-07-02",
        "valid_from 2026-07-01 is 2026-06-30",
        "when[0] cartons gt is ge",
        "when[0] cartons gt 1 is 2",
        "when[0] cartons gt 1 is 0",
        "when[0] left out",
        "copies 2 is 3",
        "copies 2 is 1",
        "confirm is turned",
        "electronic is turned",
        "amount 2.50 is 2.51",
        "amount 2.50 is 2.49",
    ]


def checks() -> Iterator[tuple[str, int, Check]]:
    for rule in PACK.rules:
        for at, check in enumerate(rule.checks):
            yield rule.id, at, check


def unknown(case: Case, rule: str, check: Check) -> bool:
    """Whether an unknown fact gets to this check, where its rule applies."""
    applies = next(one.applies for one in PACK.rules if one.id == rule)
    if not all(condition_holds(case, one) for one in (*applies, *check.when)):
        return False
    return any(fact(case, item, check.fact) is None for item in case.items(check.scope))


def counterexamples(case: Case) -> list[str]:
    """Checks that are told to have no unknown fact, and have one."""
    found = []
    for rule, at, check in checks():
        equal = (rule, f"checks[{at}] optional is {not check.optional}") in EQUAL
        known = always_known(check, TERMS)
        try:
            wrong = (equal and unknown(case, rule, check)) or (
                known
                and any(fact(case, one, check.fact) is None for one in case.items(check.scope))
            )
        except HOSTILE:
            continue
        if wrong:
            found.append(f"{rule} checks[{at}]")
    return found


def test_no_example_has_an_unknown_fact_where_none_can_be() -> None:
    for rules in EXAMPLES:
        for one in (*rules.ok, *rules.bad):
            case = case_of(order_of(FOLDER, one), PACK, TABLES, one.at)
            assert counterexamples(case) == [], one.name


PLACES: Final = tuple(places(base()))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=4))
def test_nor_has_a_strange_order(changes: list[tuple[tuple[str | int, ...], Any]]) -> None:
    raw = copy.deepcopy(base())
    for at, value in changes:
        try:
            raw = with_value(raw, at, value)
        except (TypeError, LookupError):  # another change has taken the place away
            continue
    assert counterexamples(case_of(tamed(raw), PACK, TABLES, MOMENT)) == []
