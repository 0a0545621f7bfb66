"""Packing rules: what applies to whom, which of two gives way, and what only a person decides."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.catalog import Goods, Packing, Product
from packstation.domain.orders import Address, Order, OrderLine, Payment
from packstation.domain.packing.facts import SessionCompleted
from packstation.domain.packing.material_facts import SuppliesUsed, Supply
from packstation.domain.packing_rules import (
    Conflict,
    Material,
    PackingRule,
    PackingRules,
    When,
    plan,
    prefer,
)
from packstation.domain.person_settings import SETTINGS, Setting, allowed, changed, value_of
from packstation.domain.quantities import Money
from packstation.domain.recycling import recycled_share

MUG = Product(
    sku="MUG-GRN",
    packing=Packing(fragile=True, materials=("bubble",), instruction={"en": "Wrap it"}),
)
CELL = Product(sku="CELL-1", goods=Goods(battery="alone", classes=("magnet",)))
PRODUCTS = {product.sku: product for product in (MUG, CELL)}
ORDER = Order(
    order_id="O-1",
    channel="ozon",
    store="ozon-2",
    service="e-packet",
    tags=("vip",),
    buyer={"id": "B-7"},
    payment=Payment(total=Money(Decimal(100), "CNY")),
    ship_to=Address(country="RU"),
    lines=(
        OrderLine(line=1, sku="MUG-GRN", quantity=1),
        OrderLine(line=2, sku="CELL-1", quantity=2),
        OrderLine(line=3, sku="GONE", quantity=1),
    ),
)
BARE = Order(order_id="O-2", ship_to=Address(), lines=(OrderLine(line=1, sku="GONE", quantity=1),))


def rule(name: str, when: When | None = None, **more: object) -> PackingRule:
    known = {"id": name, "when": when or When(), "supplies": ("tape",)}
    return PackingRule(**(known | more))  # type: ignore[arg-type]


def tasks(*rules: PackingRule, order: Order = ORDER) -> dict[str, tuple[int, ...]]:
    found = plan(order, PRODUCTS, PackingRules(rules=rules))
    return {task.rule: task.lines for task in found.tasks if not task.rule.startswith("sku:")}


@pytest.mark.parametrize(
    ("when", "lines"),
    [
        (When(), ()),
        (When(skus=("MUG-*",)), (1,)),
        (When(skus=("MUG-GRN", "GONE")), (1, 3)),
        (When(classes=("magnet", "liquid")), (2,)),
        (When(batteries=("alone",)), (2,)),
        (When(fragile=True), (1,)),
        (When(fragile=False), (2, 3)),
        (When(countries=("BY", "RU")), ()),
        (When(channels=("ozon",), stores=("ozon-2",)), ()),
        (When(services=("e-packet",), tags=("vip", "x"), buyers=("B-7",)), ()),
        (When(value_from=Money(Decimal(100), "CNY")), ()),
    ],
)
def test_a_rule_applies_where_all_that_it_names_holds(when: When, lines: tuple[int, ...]) -> None:
    assert tasks(rule("R", when)) == {"R": lines}


@pytest.mark.parametrize(
    "when",
    [
        When(skus=("MUG",)),
        When(classes=("liquid",)),
        When(batteries=("built_in",)),
        When(countries=("DE",)),
        When(channels=("shopify",)),
        When(tags=("b2b",)),
        When(buyers=("B-8",)),
        When(countries=("RU",), services=("express",)),
        When(value_from=Money(Decimal("100.01"), "CNY")),
        When(value_from=Money(Decimal(1), "USD")),
    ],
)
def test_and_nowhere_else(when: When) -> None:
    assert tasks(rule("R", when)) == {}


def test_an_order_that_says_nothing_fits_open_rules_only() -> None:
    named = rule("R", When(value_from=Money(Decimal(0), "CNY")))
    assert tasks(rule("A"), rule("B", When(buyers=("B-7",))), named, order=BARE) == {"A": ()}


def test_a_product_brings_its_own_instruction_when_it_is_scanned() -> None:
    (task,) = plan(ORDER, PRODUCTS, PackingRules()).tasks
    assert (task.rule, task.moment, task.lines) == ("sku:MUG-GRN", "item", (1,))
    assert (task.instruction["en"], task.materials) == ("Wrap it", ("bubble",))


def test_a_rule_that_asks_for_nothing_is_no_task() -> None:
    assert tasks(rule("R", supplies=(), without=("air",))) == {}


def test_recycled_is_preferred_where_equal() -> None:
    materials = (Material(code="air"), Material(code="paper", recycled=True))
    known = PackingRules(
        rules=(rule("R", infill=("air", "paper"), supplies=(), inserts=("card",)),),
        materials=materials,
    )
    task = plan(BARE, {}, known).tasks[0]
    assert task.materials == ("paper", "card")
    assert prefer(("air", "foam"), {}) == "air"
    assert prefer((), {}) == ""


@pytest.mark.parametrize(
    ("one", "other", "subject"),
    [
        ({"container": ("C1", "C2")}, {"container": ("C3",)}, "container"),
        ({"infill": ("paper",)}, {"infill": ("air", "foam")}, "infill"),
        ({"supplies": ("tape", "ice")}, {"without": ("ice",)}, "ice"),
        ({"without": ("card",)}, {"inserts": ("card",)}, "card"),
        ({"infill": ("air",)}, {"without": ("air",)}, "air"),
    ],
)
def test_two_of_equal_weight_that_contradict_are_named(
    one: dict[str, object], other: dict[str, object], subject: str
) -> None:
    rules = (
        rule("B", None, **{"supplies": (), **one}),
        rule("A", None, **{"supplies": (), **other}),
    )
    found = plan(BARE, {}, PackingRules(rules=rules))
    assert found.conflicts == (Conflict(subject, "A", "B"),)
    for kept in ("A", "B"):
        settled = plan(BARE, {}, PackingRules(rules=rules), {(subject, "A", "B"): kept})
        assert settled.conflicts == ()
    odd = plan(BARE, {}, PackingRules(rules=rules), {(subject, "A", "B"): "C"})
    assert odd.conflicts == found.conflicts


@pytest.mark.parametrize("strong", ["A", "B"])
def test_the_higher_priority_wins_in_silence(strong: str) -> None:
    rules = tuple(
        rule(name, infill=(stuff,), priority=int(name == strong))
        for name, stuff in (("A", "air"), ("B", "paper"))
    )
    found = plan(BARE, {}, PackingRules(rules=rules))
    assert found.conflicts == ()
    infills = {task.rule: task.infill for task in found.tasks}
    assert infills[strong]
    assert not infills["B" if strong == "A" else "A"]


def test_rules_that_can_both_be_kept_are_both_kept() -> None:
    rules = (
        rule("A", container=("C1", "C2"), infill=("air", "paper")),
        rule("B", container=("C2",), infill=("paper",), without=("foam",)),
    )
    found = plan(BARE, {}, PackingRules(rules=rules))
    assert (len(found.tasks), found.conflicts) == (2, ())


def test_data_to_collect_is_never_said_by_the_next_scan() -> None:
    task = plan(BARE, {}, PackingRules(rules=(rule("R", collect="seal"),))).tasks[0]
    assert task.explicit
    assert task.collect == "seal"


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.integers(0, 2)), max_size=5
    )
)
def test_the_order_of_the_rules_changes_nothing(given_rules: list[tuple[str, str, int]]) -> None:
    rules = [
        rule(f"R{n}", supplies=(need,), without=(ban,), priority=level)
        for n, (need, ban, level) in enumerate(given_rules)
        if need != ban
    ]
    one = plan(BARE, {}, PackingRules(rules=tuple(rules)))
    other = plan(BARE, {}, PackingRules(rules=tuple(rules[::-1])))
    assert one == other


# --- recycled share ---------------------------------------------------------------------------


def used(parcel: str, *supplies: tuple[str, str, int, bool]) -> SuppliesUsed:
    rows = tuple(
        Supply(code=code, kind=kind, pieces=pieces, recycled=recycled)
        for code, kind, pieces, recycled in supplies
    )
    return SuppliesUsed(parcel=parcel, supplies=rows)


def test_the_last_word_of_each_parcel_counts() -> None:
    facts = [
        used("P-1", ("air", "infill", 9, False)),
        SessionCompleted(),
        used("P-1", ("C3", "container", 1, True), ("paper", "infill", 1, True)),
        used("P-2", ("C1", "container", 1, False)),
    ]
    share = recycled_share(facts)
    assert (share.parcels, share.pieces, share.recycled, share.percent) == (2, 3, 2, 67)
    assert share.by_kind == {"container": (2, 1), "infill": (1, 1)}
    assert recycled_share([]).percent is None


# --- what people choose for themselves ------------------------------------------------------------


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_choice_is_kept_and_read_back(setting: Setting) -> None:
    assert value_of(setting, "en", {}) == setting.values[0]
    for value in setting.values:
        language, prefs = changed("en", {"card": "7"}, setting.name, value)
        assert value_of(setting, language, prefs) == value
        assert prefs["card"] == "7"


def test_nothing_else_can_be_chosen() -> None:
    assert not allowed("role", "supervisor")
    assert not allowed("volume", "101")
    assert changed("en", {"a": 1}, "role", "lead") == ("en", {"a": 1})
    assert changed("en", {}, "language", "xx") == ("en", {})
    assert value_of(SETTINGS[1], "en", {"text_percent": 99}) == "100"
