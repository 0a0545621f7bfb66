"""The evaluator by itself: what a pack may not name, and what an order may hold."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs import boxes, duties, packed, waybills
from packstation.domain.customs.case import Case, Item, Terms
from packstation.domain.customs.checking import check, digest
from packstation.domain.customs.evaluate import due_for_review, evaluate
from packstation.domain.customs.operators import Look
from packstation.domain.customs.pack import Check, Condition, Figure, Pack, Rule
from packstation.domain.customs.previewing import preview
from packstation.domain.customs.reading import count_of, day_of, moment_of, money_of, number_of
from packstation.domain.customs.registry import TERMS, case_of
from packstation.domain.customs.shapes import misshapen
from packstation.domain.customs.taming import DEPTH, tamed
from packstation.domain.errors import InputInvalid

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
WORDS = {"en": "{v}", "zh": "{v}", "ru": "{v}"}
INSTALLED = read_folder(resource("customs"))


def rule(**more: Any) -> Rule:  # noqa: ANN401 - fields of a row
    checks = more.pop("checks", None) or (Check(**more),)
    return Rule(
        id="R01",
        title="t",
        severity="BLOCK",
        checks=checks,
        messages=WORDS,
        source="s",
        reviewed_on=TODAY,
    )


def pack(*rules: Rule, **more: Any) -> Pack:  # noqa: ANN401 - fields of a row
    return Pack(version="2026-11-22", reviewed_on=TODAY, source="s", rules=rules, **more)


def case(raw: dict[str, Any], found: Pack | None = None, terms: Terms = TERMS) -> Case:
    return case_of(raw, found or pack(), Tables(), NOW, terms)


@pytest.mark.parametrize(
    ("op", "than"), [("resembles", 1), ("eq", "@none"), ("in", "#none"), ("le", "@late")]
)
def test_a_pack_that_names_nothing_is_refused(op: str, than: object) -> None:
    late = Figure(name="late", value=Decimal(1), source="s", valid_from=date(2030, 1, 1))
    broken = pack(rule(fact="status", op=op, than=than), figures=(late,))
    with pytest.raises(InputInvalid):
        evaluate(case({"status": "ready"}, broken))


def test_what_must_not_be_there() -> None:
    forbids = pack(rule(fact="note", op="absent"))
    assert evaluate(case({}, forbids)) == ()
    (found,) = evaluate(case({"note": " a  b "}, forbids))
    assert (found.value, found.message("en")) == ("a b", "a b")
    when = (Condition(fact="note", op="absent"),)
    asks = pack(rule(fact="status", op="present", when=when))
    assert len(evaluate(case({}, asks))) == 1
    assert evaluate(case({"note": "x"}, asks)) == ()


def test_within_and_what_is_no_number() -> None:
    limited = pack(rule(fact="cod", op="within", than=[1, 3]))
    assert [len(evaluate(case({"cod": one}, limited))) for one in (0, 1, 3, 4)] == [1, 0, 0, 1]
    assert len(evaluate(case({"cod": True}, limited))) == 1
    assert len(evaluate(case({"cod": "NaN"}, limited))) == 1


def test_a_rule_that_cannot_cope_stops_the_parcel() -> None:
    def bad(value: object, *_: object) -> None:
        raise ValueError(value)

    terms = Terms(facts=TERMS.facts, operators={**TERMS.operators, "bad": bad})
    (found,) = evaluate(case({"status": "x"}, pack(rule(fact="status", op="bad")), terms))
    assert (found.field, found.value, found.severity) == ("order", "ValueError", "BLOCK")


def test_forms_and_estimates_of_no_use_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Case) -> None:
        raise LookupError

    monkeypatch.setattr("packstation.domain.customs.checking.form_of", fails)
    monkeypatch.setattr("packstation.domain.customs.checking.estimates", fails)
    found = check({"order_id": "A"}, pack(), Tables(), NOW)
    assert (found.form, found.estimates) == (None, ())


def test_the_digest_is_of_the_data_but_not_of_the_bench() -> None:
    one = {"order_id": "A", "cod": Decimal("1.50"), "n": [1, 1.5]}
    assert digest(one) == digest({**one, "bench": {"gross": 1}})
    assert digest(one) != digest({**one, "cod": Decimal("1.51")})
    rare = {"name": "𠮷", "list": ["a", Decimal(2)], "𠮷": 1, "\ufb33": 2}
    assert digest(rare) == digest(dict(reversed(rare.items())))


def test_taming_keeps_what_is_right() -> None:
    assert tamed({"a": (1, 1.5, None, True, "é")}) == {"a": [1, Decimal("1.5"), None, True, "é"]}
    assert tamed(2**60) == Decimal(2**60)
    assert tamed({1: object}) == {"1": str(object)}
    assert tamed("\ud800") == "\ufffd"
    deep: Any = "x"
    for _ in range(DEPTH + 5):
        deep = [deep]
    found = tamed(deep)
    for _ in range(DEPTH):
        found = found[0]
    assert found == "…"


def test_readings() -> None:
    assert [number_of(one) for one in (True, None, 10**18, "x", "1E+99")] == [None] * 5
    assert number_of("1.50") == Decimal("1.50")
    assert [count_of(one) for one in ("2", -1, Decimal("1.5"), Decimal(2), 3)] == [
        None, None, None, 2, 3,
    ]  # fmt: skip
    assert moment_of("2026-11-22T09:00:00Z") == NOW
    assert [moment_of(one) for one in (1, "soon", "2026-11-22T09:00:00")] == [None] * 3
    assert [day_of(one) for one in (1, "soon")] == [None] * 2
    assert day_of("2026-11-22") == TODAY
    assert money_of("1") is None
    assert money_of({"amount": "1", "currency": 7}) is None
    assert money_of({"amount": "x", "currency": "EUR"}) is None


def test_reviews_that_are_due() -> None:
    assert due_for_review((rule(fact="a", op="present"),), date(2026, 12, 23), 30) == ("R01",)


def test_orders_by_two_packs() -> None:
    strict, mild = pack(rule(fact="note", op="present")), pack(rule(fact="status", op="present"))
    orders = ({"order_id": "A", "note": "x"}, {"order_id": "B", "status": "x"}, {"order_id": "C"})
    same = ({"order_id": "D", "note": "x", "status": "x"},)
    found = preview((*orders, *same), strict, mild, Tables(), NOW)
    assert [one.order_id for one in found.stops] == ["A"]
    assert [one.order_id for one in found.frees] == ["B"]
    assert (found.orders, found.others) == (4, ())


def test_shapes_of_rules_that_are_not_looked_at_are_not_told() -> None:
    raw = {"signer": 7, "status": "x", "lines": [], "order_id": "A"}
    at_label = misshapen(case(raw, INSTALLED), (), "label")
    at_close = misshapen(case(raw, INSTALLED), (), "close")
    assert "signer" in {one.field for one in at_label}
    assert "signer" not in {one.field for one in at_close}
    odd = replace(INSTALLED, tables={"shapes": ({"path": "tags", "kind": "list", "rule": "R01"},)})
    (found,) = misshapen(case({"tags": 7}, odd), ())
    assert found.message("ru") == "tags: 7"
    assert misshapen(case({"tags": [1]}, odd), ()) == ()
    rows = [{"path": "buyer", "kind": "any"}, {"path": "buyer.id", "kind": "text"}]
    free = replace(INSTALLED, tables={"shapes": tuple({**one, "rule": "R01"} for one in rows)})
    assert [len(misshapen(case({"buyer": one}, free), ())) for one in ([1], 7, {"id": 7})] == [
        0, 0, 1,
    ]  # fmt: skip


@pytest.mark.parametrize(("allowed", "told"), [("ready", "ready"), ("", "-")])
def test_a_place_in_a_message_that_nobody_fills_says_what_is_allowed(
    allowed: str, told: str
) -> None:
    """A reader sees no braces: an absent value leaves words of its operator open."""
    asks = rule(fact="status", op="present", allowed=allowed)
    asks = replace(asks, messages={"en": "{nothing} {today}"})
    (found,) = evaluate(case({}, pack(asks)))
    assert found.message("en") == f"{told} 2026-11-22"


def look(raw: dict[str, Any], found: Pack | None = None) -> Look:
    made = case(raw, found)
    return Look(made, made.parcels[0] if made.parcels else made.order)


def test_figures_that_lack_are_named() -> None:
    with pytest.raises(InputInvalid):
        boxes.near(1, Decimal(1), look({}))


def test_limits_and_boxes_that_nobody_can_read_refuse_nothing() -> None:
    box = {"parcels": [{"gross_g": 5, "length_mm": -1}]}
    assert boxes.in_limits("small", None, look(box)) == ()
    assert boxes.in_limits({"weight_max_g": "much"}, None, look(box)) == ()
    assert boxes.in_limits({"weight_max_g": 1}, None, look(box)) == ()
    assert boxes.in_limits({"longest_max_mm": 1}, None, look({"parcels": [{}]})) == ()


def test_parcels_before_the_last_are_expected_by_the_catalogue() -> None:
    raw = {
        "lines": [{"line": 1, "sku": "A", "quantity": 2}, {"line": [], "sku": "B"}],
        "products": [{"sku": "A", "weight_g": 5}],
        "parcels": [{"contents": [{"line": 1, "quantity": 1}]}, {"contents": [{"line": {}}]}],
        "bench": {"gross": {"expected_g": 9, "tare_g": 2, "stable": True}},
    }
    made = case(raw)
    expected = boxes.FACTS_PARCEL["expected_g"]
    assert [expected(made, one) for one in made.parcels] == [None, 9]
    assert boxes.FACTS_PARCEL["stable"](made, made.parcels[0]) is None
    raw["bench"] = {"gross": {"tare_g": 2}}
    assert [expected(case(raw), one) for one in case(raw).parcels] == [None, None]


def test_marketplace_data_of_other_kinds() -> None:
    kinds = INSTALLED.tables["requirements"]
    told = pack(tables={"requirements": kinds})
    rows = [{"kind": [], "value": 1}, {"kind": "gtd", "value": 7}, {"kind": "imei", "value": []}]
    assert len(duties.given(rows, None, look({}, told))) == 3
    assert duties.in_value("1", {"amount": "1", "currency": "EUR"}, look({})) == ()


def test_moments_that_nobody_can_read_are_no_deadline() -> None:
    made = case({"deadlines": [{"kind": "handover", "at": "soon"}], "bench": {"synced_at": 7}})
    facts = duties.FACTS_ORDER
    names = ("due_place", "due_at", "minutes_left", "late_cost", "minutes_since_sync")
    assert [facts[name](made, made.order) for name in names] == [None] * 5


def test_numbers_of_parcels_that_are_no_text() -> None:
    made = case({"parcels": [{"waybill": 7}], "bench": {"used_waybills": "RB"}})
    item: Item = made.parcels[0]
    assert waybills.FACTS_PARCEL["waybill_number"](made, item) is None
    assert waybills.FACTS_PARCEL["waybills_taken"](made, item) == ()
    assert waybills.FACTS_PARCEL["is_s10"](made, item) is False


def test_kits_in_kits_end_and_odd_substitutes_stand_for_nothing() -> None:
    raw = {
        "lines": [{"line": 1, "sku": "A", "quantity": 1, "substitutes": [7, "B"]}],
        "products": [{"sku": "A", "kit": [{"sku": "A", "quantity": 2}]}],
        "bench": {"scanned": [{"sku": "", "quantity": 1}]},
    }
    made = case(raw)
    assert packed.FACTS_ORDER["ordered"](made, made.order) == {"A": 32}
    assert packed.FACTS_ORDER["scanned"](made, made.order) is None
    assert packed.as_ordered({"B": 32}, {"A": 32}, Look(made, made.order)) == ()


@pytest.mark.parametrize(("named", "found"), [("freight", 0), ("dedicated_line", 0), ("sea", 1)])
def test_class_freight_is_judged_as_a_line_by_packs_of_before(named: str, found: int) -> None:
    raw = {"service_class": named}
    told = misshapen(case(raw, INSTALLED), (), "label")
    assert [one.field for one in told].count("service_class") == found
