"""The evaluator by small packs: every comparison in it from both sides.

`packstation bench mutants` turns each of them and wants one of these tests, or another of this
folder, to fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import pytest
from msgspec.structs import replace

from packstation.domain.customs.case import Case, Terms
from packstation.domain.customs.evaluate import condition_holds, due_for_review, evaluate, shown
from packstation.domain.customs.findings import Finding
from packstation.domain.customs.operators import (
    COMPARISONS,
    Found,
    Look,
    Said,
    Wrong,
    number,
    plain,
)
from packstation.domain.customs.pack import Check, Condition, Figure, Moment, Pack, Rule
from packstation.domain.customs.reference import AddressRules, Hit
from packstation.domain.errors import InputInvalid
from packstation.domain.quantities import Money

TODAY: Final = date(2026, 11, 22)
NOW: Final = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WORDS: Final = {"en": "{field}|{v}|{allowed}|{country}|{sku}|{n}"}
DAY: Final = date(2026, 11, 23), date(2026, 11, 21)


class NoTables:
    """Nothing that could be looked up."""

    def address(self, country: str) -> AddressRules | None:
        return None

    def phone(self, text: str, country: str) -> str:
        return ""

    def hs(self, code: str) -> str:
        return ""

    def unprintable(self, text: str) -> str:
        return ""

    def parties(self, name: str, over: float) -> tuple[Hit, ...]:
        return ()


def said(value: object, than: object, look: Look) -> Found:
    """An operator that answers with all its parts, as many times as ``than`` has."""
    rows: Any = than
    return tuple(Wrong(**row) for row in rows)


def count(case: Case, _: object) -> int:
    """A fact of the order that a message may name."""
    return len(case.lines)


TERMS: Final = Terms(
    facts={
        "order": {"count": count, "nothing": lambda *_: None, "both": lambda *_: "of the order"},
        "line": {"both": lambda _, line: f"of {line.sku}"},
        "parcel": {},
    },
    operators={**COMPARISONS, "said": said},
)


def rule(*checks: Check, **more: Any) -> Rule:  # noqa: ANN401 - fields of a row
    given: dict[str, Any] = {"severity": "BLOCK", "messages": WORDS, **more}
    return Rule(id="R01", title="t", checks=checks, source="s", reviewed_on=TODAY, **given)


def case(raw: Mapping[str, Any], *rules: Rule, **more: Any) -> Case:  # noqa: ANN401 - as above
    pack = Pack(version="2026-11-22", reviewed_on=TODAY, source="s", rules=rules, **more)
    return Case(raw, pack, NoTables(), NOW, TERMS)


def found(
    raw: Mapping[str, Any],
    *checks: Check,
    moment: Moment | None = None,
    **more: Any,  # noqa: ANN401
) -> list[Finding]:
    return list(evaluate(case(raw, rule(*checks, **more)), moment))


def fields(raw: Mapping[str, Any], *checks: Check, **more: Any) -> list[str]:  # noqa: ANN401
    return [one.field for one in found(raw, *checks, **more)]


NOTE: Final = Check(fact="note", op="present")
EMPTY: Final[dict[str, Any]] = {}
# Two lines of two things, and a third of the first thing.
LINES: Final[dict[str, Any]] = {
    "note": "x",
    "limit": 2,
    "ship_to": {"country": "DE"},
    "lines": [
        {"line": 1, "sku": "A", "quantity": 1, "most": 1},
        {"line": 2, "sku": "B", "quantity": 2, "most": 1},
        {"line": 3, "sku": "A", "quantity": 3},
    ],
}


# Which rules, which checks


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (DAY[0], None, False),
        (None, DAY[1], False),
        (DAY[1], DAY[0], True),
    ],
)
def test_a_rule_holds_from_its_first_day_to_its_last(
    first: date | None, last: date | None, holds: bool
) -> None:
    assert bool(found(EMPTY, NOTE, valid_from=first, valid_to=last)) is holds


def test_a_moment_has_its_rules_and_none_has_all() -> None:
    at_close = {"moments": ("close",)}
    assert fields(EMPTY, NOTE, **at_close) == ["note"]
    assert fields(EMPTY, NOTE, moment="close", **at_close) == ["note"]
    assert fields(EMPTY, NOTE, moment="label", **at_close) == []


def test_all_conditions_of_a_rule_have_to_hold() -> None:
    one, other = Condition(fact="a", op="present"), Condition(fact="b", op="present")
    both = {"applies": (one, other)}
    assert fields({"a": 1, "b": 1}, NOTE, **both) == ["note"]
    assert fields({"a": 1}, NOTE, **both) == []
    assert fields({"b": 1}, NOTE, **both) == []


def test_all_conditions_of_a_check_have_to_hold_for_each_line() -> None:
    small = Condition(fact="quantity", op="lt", than=3)
    large = Condition(fact="quantity", op="gt", than=1)
    check = Check(scope="line", fact="gone", op="present", field="lines[{n}]", when=(small, large))
    assert fields(LINES, check) == ["lines[1]"]


def test_a_condition_of_the_order_is_said_for_all_lines_or_none() -> None:
    def asked(*when: Condition) -> list[str]:
        return fields(LINES, Check(scope="line", fact="gone", op="present", field="{n}", when=when))

    here = Condition(fact="order:note", op="eq", than="x")
    there = Condition(fact="order:note", op="eq", than="y")
    large = Condition(fact="quantity", op="ge", than=2)
    assert asked(here) == ["0", "1", "2"]
    assert asked(there) == []
    assert asked(here, there) == []
    assert asked(here, large) == ["1", "2"]
    assert asked(there, large) == []
    assert asked(Condition(fact="order:limit", op="ge", than="$quantity")) == ["0", "1"]
    assert asked(Condition(fact="order:limit", op="eq", than="$order:limit"), large) == ["1", "2"]
    assert asked(Condition(fact="quantity", op="le", than="$order:limit")) == ["0", "1"]


def test_a_sole_line_is_enough() -> None:
    when = (Condition(fact="order:note", op="eq", than="x"),)
    one = {"note": "x", "lines": [{"sku": "A"}]}
    assert fields(one, Check(scope="line", fact="gone", op="present", when=when)) == ["gone"]


def test_a_rule_that_cannot_cope_says_so_and_the_others_go_on() -> None:
    other = replace(rule(NOTE), id="R02")
    broken = rule(Check(fact="note", op="said", than=7, optional=True))
    first, second = evaluate(case({"note": "x"}, broken, rule(Check(fact="note", op="absent"))))
    assert (first.rule, first.field, first.value) == ("R01", "order", "TypeError")
    assert second.field == "note"
    assert [one.rule for one in evaluate(case({}, broken, other))] == ["R02"]


def test_a_case_follows_the_pack_that_it_has_now() -> None:
    one = case(EMPTY, rule(NOTE))
    other = replace(one.pack, rules=(rule(replace(NOTE, field="other")),))
    assert [found.field for found in evaluate(one)] == ["note"]
    one.pack = other
    assert [found.field for found in evaluate(one)] == ["other"]
    assert [found.field for found in evaluate(one)] == ["other"]


def test_no_lines_no_findings() -> None:
    check = Check(scope="line", fact="gone", op="present")
    shared = Condition(fact="order:note", op="absent")
    assert found({"lines": []}, check, replace(check, when=(shared,))) == []


# What holds


@pytest.mark.parametrize(
    ("op", "raw", "wrong"),
    [
        ("present", {}, True),
        ("present", {"note": 1}, False),
        ("absent", {}, False),
        ("absent", {"note": 1}, True),
        ("eq", {}, True),
        ("eq", {"note": 1}, False),
        ("eq", {"note": 2}, True),
    ],
)
def test_what_is_not_known(op: str, raw: dict[str, Any], wrong: bool) -> None:
    check = Check(fact="note", op=op, than=1)
    assert bool(found(raw, check)) is wrong
    assert bool(found(raw, replace(check, optional=True))) is (
        wrong and (op == "absent" or raw != {})
    )
    holds = condition_holds(case(raw), Condition(fact="note", op=op, than=1))
    assert holds is not wrong


@pytest.mark.parametrize(
    ("op", "than", "holds"),
    [
        ("eq", 2, [False, True, False]),
        ("ne", 2, [True, False, True]),
        ("lt", 2, [True, False, False]),
        ("le", 2, [True, True, False]),
        ("gt", 2, [False, False, True]),
        ("ge", 2, [False, True, True]),
        ("within", [2, 2], [False, True, False]),
        ("within", [1, 2], [True, True, False]),
        ("in", [2, 4], [False, True, False]),
        ("not_in", [2, 4], [True, False, True]),
        ("lt", "2.0", [True, False, False]),
    ],
)
def test_numbers_beside_two(op: str, than: object, holds: list[bool]) -> None:
    check = Check(fact="cod", op=op, than=than)
    assert [not found({"cod": value}, check) for value in (1, 2, 3)] == holds


@pytest.mark.parametrize(
    ("op", "value", "holds"),
    [
        ("any_in", ["a", "x"], True),
        ("any_in", ["x"], False),
        ("any_in", ["a", "b"], True),
        ("none_in", ["a", "x"], False),
        ("none_in", ["x"], True),
        ("none_in", [["a"]], False),
        ("any_in", 7, False),
    ],
)
def test_lists_beside_another(op: str, value: object, holds: bool) -> None:
    assert (not found({"tags": value}, Check(fact="tags", op=op, than=["a", "b"]))) is holds


@pytest.mark.parametrize(("text", "holds"), [("ab", True), ("abc", False), ("xab", False)])
def test_a_shape_is_that_of_the_whole_text(text: str, holds: bool) -> None:
    assert (not found({"note": text}, Check(fact="note", op="matches", than="a."))) is holds


def test_what_is_no_number_holds_nothing() -> None:
    assert [number(one) for one in (1, "1.50", Decimal(2))] == [1, Decimal("1.50"), 2]
    odds: tuple[Any, ...] = (True, 1.5, None, [], "NaN", "Infinity", Decimal("Infinity"))
    for odd in odds:
        with pytest.raises(TypeError):
            number(odd)
    asks = plain(lambda *_: True)
    look = Look(case({}), case({}).order)
    assert asks(1, 1, look) == ()
    assert plain(lambda *_: False)(1, 1, look) == (Wrong(),)
    for op in ("lt", "le", "gt", "ge"):
        assert COMPARISONS[op]("two", 1, look) == (Wrong(),)


# What a row compares with


def test_figures_lists_groups_and_facts() -> None:
    rows = {
        "figures": (
            Figure(name="most", value=Decimal(1), valid_to=date(2026, 11, 21), source="s"),
            Figure(name="most", value=Decimal(2), valid_from=date(2026, 11, 1), source="s"),
            Figure(name="price", money=Money(Decimal(5), "EUR"), source="s"),
        ),
        "lists": {"codes": ("a",)},
        "groups": {"EU": ("DE",)},
    }

    def holds(value: object, op: str, than: object, **more: object) -> bool:
        one = case({"x": value, **more}, **rows)
        return condition_holds(one, Condition(fact="x", op=op, than=than))

    assert [holds(one, "le", "@most") for one in (2, 3)] == [True, False]
    assert holds(Money(Decimal(5), "EUR"), "eq", "@price")
    assert [holds(one, "in", "#codes") for one in ("a", "b")] == [True, False]
    assert [holds(one, "in", "#EU") for one in ("DE", "FR")] == [True, False]
    assert [holds(one, "le", "$y", y=2) for one in (2, 3)] == [True, False]
    assert holds("most", "eq", "most")
    assert holds("", "eq", "") is False
    for than in ("@none", "#none"):
        with pytest.raises(InputInvalid):
            holds(1, "in", than)
    with pytest.raises(InputInvalid) as unknown:
        holds(1, "resembles", 1)
    assert unknown.value.fields["value"] == "resembles"


def test_a_list_comes_before_a_group_of_its_name() -> None:
    both = case({"x": "a"}, lists={"n": ("a",)}, groups={"n": ("b",)})
    assert condition_holds(both, Condition(fact="x", op="in", than="#n"))


# What a finding says


def told(*answers: dict[str, Any], raw: dict[str, Any] | None = None, **more: Any) -> list[Finding]:  # noqa: ANN401
    check = {"fact": "note", "op": "said", "than": list(answers), "allowed": "{count} of it"}
    return found({"note": "seen", **(raw or {})}, Check(**{**check, **more}))


def test_a_finding_has_what_its_row_and_its_operator_say() -> None:
    (own,) = told({}, raw={"ship_to": {"country": "DE"}})
    assert (own.field, own.value, own.allowed) == ("note", "seen", "0 of it")
    assert own.message("en") == "note|seen|0 of it|DE|-|0"
    (said_so,) = told({"value": "v", "allowed": "a", "field": "f", "suggestion": "s"})
    assert (said_so.field, said_so.value, said_so.allowed) == ("f", "v", "a")
    assert said_so.suggestion == "s"
    assert said_so.message("en") == "f|v|a|-|-|0"
    (nothing,) = told({"value": ""})
    assert (nothing.value, nothing.message("en").split("|")[1]) == (None, "-")
    (words,) = told({"words": {"country": "FR", "v": "w"}}, field="other")
    assert (words.field, words.message("en")) == ("other", "other|w|0 of it|FR|-|0")
    assert len(told({}, {})) == 2


def test_what_is_not_there_has_words_of_its_own() -> None:
    nothing, here = {"en": "nothing"}, {"note": 7}
    less = replace(NOTE, op="gt", than=8)

    def says(raw: dict[str, Any], check: Check, **more: Any) -> list[str]:  # noqa: ANN401 - of a row
        return [one.message("en") for one in found(raw, check, messages={"en": "rule"}, **more)]

    assert says(EMPTY, less, absent=nothing) == ["nothing"]
    assert says(here, less, absent=nothing) == ["rule"]
    own = replace(less, messages={"en": "own"})
    assert says(EMPTY, own, absent=nothing) == ["own"]
    assert says(EMPTY, replace(own, absent={"en": "none"}), absent=nothing) == ["none"]
    assert says(here, replace(own, absent={"en": "none"})) == ["own"]


def test_a_phrase_of_the_pack_is_said_in_place_of_the_words() -> None:
    check = Check(fact="note", op="said", than=[{"says": "far"}, {"says": ""}, {"says": "gone"}])
    rows = {"phrases": ({"phrase": "far", "en": "too far: {v}"},)}
    one = case({"note": "x"}, rule(check, messages={"en": "usual"}), tables=rows)
    assert [found.message("en") for found in evaluate(one)] == ["too far: x", "usual", "usual"]


def test_what_is_needed_stands_by_language_only_where_it_differs() -> None:
    by_language = {"en": "one", "zh": "一", "ru": "один"}
    alike, other = found(EMPTY, replace(NOTE, allowed="1"), replace(NOTE, allowed=by_language))
    assert (alike.allowed, alike.needs) == ("1", {})
    assert (other.allowed, other.needs) == ("one", by_language)


def test_a_fact_may_be_shown_in_another_way_than_it_is_compared() -> None:
    terms = replace(TERMS, shown={"note": lambda value: f"<{value}>"})
    for raw, shows in (({"note": 7}, "<7>"), (EMPTY, None)):
        pack = case(EMPTY, rule(replace(NOTE, op="gt", than=8))).pack
        (one,) = evaluate(Case(raw, pack, NoTables(), NOW, terms))
        assert one.value == shows
        assert [one.value for one in found(raw, replace(NOTE, op="gt", than=8))] == [shows and "7"]


def test_severity_and_words_of_a_check_stand_in_for_those_of_its_rule() -> None:
    (own,) = found(EMPTY, NOTE)
    (other,) = found(EMPTY, replace(NOTE, severity="WARN", messages={"en": "{n}"}))
    assert [own.severity, other.severity] == ["BLOCK", "WARN"]
    assert [own.message("en"), other.message("en")] == ["note|-||-|-|0", "0"]


def test_a_line_is_named_and_a_message_asks_it_first() -> None:
    words = {"en": "{sku} {n} {both} {count} {nothing} {nobody}"}
    check = Check(scope="line", fact="most", op="le", than=0, optional=True, field="{sku}[{n}]")
    one, other = found(LINES, replace(check, messages=words, allowed="none"))
    assert [one.field, other.field] == ["A[0]", "B[1]"]
    assert one.message("en") == "A 0 of A 3 - none"
    assert other.message("en") == "B 1 of B 3 - none"
    (order,) = found(LINES, Check(fact="gone", op="present", messages=words))
    assert order.message("en") == "- 0 of the order 3 - -"


def in_all(text: str) -> dict[str, str]:
    return dict.fromkeys(("en", "zh", "ru"), text)


def test_fields_and_codes_are_told_by_name_in_each_language() -> None:
    phrases = (
        {"phrase": "field.note", "en": "the note", "zh": "备注", "ru": "примечание"},
        {"phrase": "value.X", "en": "an ex", "zh": "艾克斯", "ru": "икс"},
    )
    check = Check(fact="note", op="eq", than="Y", messages=in_all("{named}: {told}"))
    told = [
        evaluate(case(raw, rule(check), tables={"phrases": phrases}))[0].messages
        for raw in ({"note": "X"}, {})
    ]
    assert told == [
        {"en": "the note: an ex", "zh": "备注: 艾克斯", "ru": "примечание: икс"},
        {"en": "the note: -", "zh": "备注: -", "ru": "примечание: -"},
    ]


def test_what_is_needed_is_told_in_each_language() -> None:
    phrases = ({"phrase": "needed", **in_all("{what}")},)
    answer = {"allowed": Said("needed", {"what": "a name", "what_zh": "姓名", "zh": "no"})}
    check = Check(fact="note", op="said", than=[answer])
    [one] = evaluate(case({"note": "X"}, rule(check), tables={"phrases": phrases}))
    assert [one.needed(language) for language in ("en", "zh", "ru")] == ["a name", "姓名", "a name"]


def test_a_buyer_s_braces_stay_what_they_are() -> None:
    (one,) = found({"note": "{count}"}, Check(fact="note", op="absent"))
    assert one.message("en").startswith("note|{count}|")


@pytest.mark.parametrize(("length", "holds"), [(200, True), (201, False)])
def test_a_pattern_looks_at_two_hundred_letters_at_most(length: int, holds: bool) -> None:
    check = Check(fact="note", op="matches", than="a+")
    assert (not found({"note": "a" * length}, check)) is holds


def test_values_are_shown_in_a_line() -> None:
    assert [shown(one) for one in (None, True, False, " a \n b ", 7)] == [
        None, "true", "false", "a b", "7",
    ]  # fmt: skip
    nothing: tuple[object, ...] = ([], (), {})
    assert [shown(one) for one in (*nothing, [1])] == [None, None, None, "[1]"]
    assert shown("x" * 200) == "x" * 200
    assert shown("x" * 201) == "x" * 199 + "…"


def test_a_rule_is_due_for_review_after_the_days() -> None:
    rules = (rule(NOTE),)
    assert [due_for_review(rules, date(2026, 12, day), 30) for day in (22, 23)] == [(), ("R01",)]
