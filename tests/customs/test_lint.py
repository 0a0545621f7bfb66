"""A pack's faults that its shape allows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.customs.examples import read_examples
from packstation.customs.lint import lint
from packstation.customs.packs import read_folder
from packstation.domain.customs.pack import Check, Condition, Figure, Pack

TODAY = date(2026, 11, 22)
PACK = read_folder(resource("customs"))
EXAMPLES = read_examples(resource("customs", "examples"))


def kinds(pack: Pack, today: date = TODAY) -> set[tuple[str, str]]:
    return {(one.kind, one.where) for one in lint(pack, today)}


def with_check(**more: Any) -> Pack:  # noqa: ANN401 - fields of a row
    rule = replace(PACK.rules[0], checks=(Check(**{"fact": "status", "op": "present", **more}),))
    return replace(PACK, rules=(rule,))


def test_the_pack_of_the_program_has_no_fault() -> None:
    assert [str(one) for one in lint(PACK, PACK.reviewed_on, EXAMPLES)] == []


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"op": "resembles"}, "operator"),
        ({"fact": "stattus"}, "fact"),
        ({"fact": "waybill", "scope": "line"}, "fact"),
        ({"fact": "order:stattus", "scope": "line"}, "fact"),
        ({"op": "le", "than": "@no_such"}, "figure"),
        ({"op": "in", "than": "#no_such"}, "list"),
        ({"op": "eq", "than": "$no_such"}, "fact"),
    ],
)
def test_names_of_nothing(more: dict[str, Any], kind: str) -> None:
    assert kinds(with_check(**more)) == {(kind, "R01 checks[0]")}
    inside = with_check(when=(Condition(**{"fact": "status", "op": "present", **without(more)}),))
    if "scope" not in more:
        assert kinds(inside) == {(kind, "R01 checks[0] when[0]")}


def without(more: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in more.items() if name != "scope"}


@pytest.mark.parametrize(
    ("fact", "scope"),
    [
        ("ship_to.country", "order"),
        ("declared_total.amount", "order"),
        ("deadlines[0].at", "order"),
        ("product.customs.unit_value.currency", "line"),
        ("order:ship_to.name", "parcel"),
        ("gross_g", "parcel"),
        ("expected_g", "parcel"),
    ],
)
def test_names_of_something(fact: str, scope: str) -> None:
    assert kinds(with_check(fact=fact, scope=scope)) == set()


def test_words_in_all_languages_with_the_same_places() -> None:
    words = {"en": "{v} {class_en}", "zh": "{v} {class_zh}", "ru": "{class_ru} {v}"}
    assert kinds(with_check(messages=words)) == set()
    where = {("message", "R01 checks[0] messages")}
    assert kinds(with_check(messages={**words, "ru": " "})) == where
    assert kinds(with_check(messages={**words, "zh": "{class}"})) == where
    rule = replace(PACK.rules[0], messages={"en": "a"}, checks=(), applies=())
    assert kinds(replace(PACK, rules=(rule,))) == {("message", "R01 messages")}
    wrong = replace(PACK.rules[0], checks=(), applies=(Condition(fact="x", op="present"),))
    assert kinds(replace(PACK, rules=(wrong,))) == {("fact", "R01 applies[0]")}


def figure(first: str | None, last: str | None, **more: Any) -> Figure:  # noqa: ANN401 - fields of a row
    days = {
        name: date.fromisoformat(day)
        for name, day in (("valid_from", first), ("valid_to", last))
        if day
    }
    return Figure(**{"name": "f", "value": 1, "source": "s", **days, **more})


def test_figures_that_hold_on_the_same_day() -> None:
    alone = replace(PACK, rules=(), tables={})
    apart = (figure(None, "2026-06-30"), figure("2026-07-01", None))
    touching = (figure(None, "2026-07-01"), figure("2026-07-01", None))
    assert kinds(replace(alone, figures=apart)) == set()
    assert kinds(replace(alone, figures=touching)) == {("overlap", "figure f")}
    assert kinds(replace(alone, figures=(figure(None, None, value=None),))) == {("figure", "f")}
    twice = replace(PACK, rules=(PACK.rules[0], PACK.rules[0]))
    assert ("overlap", "rule R01") in kinds(twice)


def test_reviews_grow_old() -> None:
    alone = replace(PACK, rules=(), reviewed_on=date(2026, 8, 24))
    assert kinds(alone) == set()
    assert kinds(replace(alone, reviewed_on=date(2026, 8, 23))) == {("review", "pack")}
    assert kinds(replace(alone, reviewed_on=date(2026, 11, 23))) == {("review", "pack")}


def test_rules_without_proof() -> None:
    some = [one for one in EXAMPLES if one.rule not in {"R01", "R02"}]
    half = replace(next(one for one in EXAMPLES if one.rule == "R02"), bad=())
    strange = replace(half, rule="R99")
    found = {(one.kind, one.where) for one in lint(PACK, TODAY, [*some, half, strange])}
    assert found == {("example", "R01"), ("example", "R02"), ("example", "R99")}


@pytest.mark.parametrize(
    ("table", "more"),
    [
        ("forms", {"no_such": 1}),
        ("batteries", {"placed": "beside"}),
        ("sender_references", {"fields": ["ioss"]}),
        ("sender_references", {"shape": "oval"}),
        ("territories", {"valid_from": "soon"}),
    ],
)
def test_rows_of_tables_have_their_shape(table: str, more: dict[str, Any]) -> None:
    first, *others = PACK.tables[table]
    tables = {**PACK.tables, table: ({**first, **more}, *others)}
    assert kinds(replace(PACK, tables=tables)) == {("row", f"{table}[0]")}


@pytest.mark.parametrize(
    ("kind", "condition", "fault"),
    [
        ("when", {"fact": "stattus", "is": "present"}, "fact"),
        ("when", {"fact": "abroad", "is": "resembles"}, "operator"),
        ("each", {"fact": "ship_to.name", "is": "present"}, "fact"),
        ("when", {"fact": "cartons", "is": "gt", "than": "@no_such"}, "figure"),
    ],
)
def test_conditions_of_rows_name_what_there_is(
    kind: str, condition: dict[str, Any], fault: str
) -> None:
    first, *others = PACK.tables["forms"]
    tables = {**PACK.tables, "forms": ({**first, kind: [condition]}, *others)}
    assert kinds(replace(PACK, tables=tables)) == {(fault, f"forms[0] {kind}[0]")}
