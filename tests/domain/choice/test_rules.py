"""The shop's rules: what they look at, and what they ask of a carrier."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from packstation.domain.catalog import Goods as GoodsOf
from packstation.domain.catalog import Product
from packstation.domain.choice import rules as r
from packstation.domain.orders import Address, Order, OrderLine
from packstation.domain.quantities import Money


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def order(**more: Any) -> Order:  # noqa: ANN401 - any field
    known: dict[str, Any] = {
        "order_id": "O-1",
        "channel": "ozon",
        "store": "ozon-2",
        "tags": ("vip",),
        "ship_to": Address(country="RU"),
        "lines": (OrderLine(line=1, sku="BAT-18650", quantity=1),),
    }
    return Order(**(known | more))


GOODS = r.Goods(
    1104,
    cny("300"),
    {"BAT-18650": Product(sku="BAT-18650", goods=GoodsOf(battery="alone", classes=("liquid",)))},
)


def same_currency(one: Money, other: Money) -> int | None:
    if one.currency != other.currency:
        return None
    return (one.amount > other.amount) - (one.amount < other.amount)


def rule(name: str = "x", **when: Any) -> r.Rule:  # noqa: ANN401 - any key
    return r.Rule(id=name, when=r.When(**when), never=("a/b",))


def held(one: r.Rule, goods: r.Goods = GOODS, **more: Any) -> str:  # noqa: ANN401 - any field
    found, unjudged = r.holding(r.ChoiceRules(rules=(one,)), order(**more), goods, same_currency)
    return "holds" if found else "unjudged" if unjudged else ""


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({}, "holds"),
        ({"weight_over_g": 1103}, "holds"),
        ({"weight_over_g": 1104}, ""),
        ({"weight_up_to_g": 1104}, "holds"),
        ({"weight_up_to_g": 1103}, ""),
        ({"value_over": cny("299.99")}, "holds"),
        ({"value_over": cny("300")}, ""),
        ({"value_up_to": cny("300")}, "holds"),
        ({"value_up_to": cny("299")}, ""),
        ({"value_over": Money(Decimal(10), "EUR")}, "unjudged"),
        ({"skus": ("BAT-*",)}, "holds"),
        ({"skus": ("BAT-18650", "X")}, "holds"),
        ({"skus": ("BAT",)}, ""),
        ({"tags": ("vip", "gift")}, "holds"),
        ({"tags": ("gift",)}, ""),
        ({"classes": ("liquid",)}, "holds"),
        ({"batteries": ("none",)}, ""),
        ({"countries": ("RU",), "stores": ("ozon-1",)}, ""),
        ({"countries": ("RU",), "stores": ("ozon-2",), "channels": ("ozon",)}, "holds"),
    ],
)
def test_all_that_is_given_must_hold(when: dict[str, Any], holds: str) -> None:
    assert held(rule(**when)) == holds


def test_a_value_that_nobody_knows_is_not_judged() -> None:
    assert held(rule(value_over=cny("1")), r.Goods(1, None, {})) == "unjudged"


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ("cp/e", True),
        ("cp/*", True),
        ("class:postal", True),
        ("cp/x", False),
        ("c/*", False),
        ("class:express", False),
    ],
)
def test_a_service_is_meant_by_name_carrier_or_class(pattern: str, *, holds: bool) -> None:
    assert r.fits(pattern, "cp", "e", "postal") is holds


def test_options_are_those_of_buyer_and_rules_but_not_of_papers() -> None:
    rules = r.ChoiceRules(rules=(r.Rule(id="dear", options=("signature",)),))
    asked = order(options=("insurance", "invoice", "paperless"), cod=cny("10"))
    assert r.options_of(asked, rules, rules.rules) == ("cod", "insurance", "signature")
    assert r.options_of(order(cod=cny("0")), rules, ()) == ()


@pytest.mark.parametrize("kind", ["pickup_point", "locker"])
def test_a_pickup_point_is_asked_for_where_the_shop_says_who_has_one(kind: str) -> None:
    to_point = order(delivery={"kind": kind, "point": "P-77"})
    offers = (r.Offer(services=("cp/pudo",), options=("pickup_point",)),)
    rules = r.ChoiceRules(offers=offers)
    assert r.options_of(to_point, rules, ()) == ("pickup_point",)
    assert r.options_of(to_point, r.ChoiceRules(), ()) == ()
    assert r.options_of(order(delivery={"kind": "door"}), rules, ()) == ()
    assert r.has_option(rules, "pickup_point", "cp", "pudo", "postal")
    assert not r.has_option(rules, "pickup_point", "cp", "e", "postal")
    assert not r.has_option(rules, "signature", "cp", "pudo", "postal")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"rules": [{"id": "a", "only": ["postal"]}]}, "rules"),
        ({"rules": [{"id": "a"}]}, "one of only"),
        ({"rules": [{"id": "a", "prefer": ["a/b"]}]}, "worth"),
        ({"rules": [{"id": "a", "when": {"country": ["RU"]}, "never": ["a/b"]}]}, "country"),
        ({"rules": [{"id": "a", "never": ["a/b"]}, {"id": "a", "never": ["a/b"]}]}, "each id"),
        ({"currency": "RMB"}, "ISO 4217"),
        ({"rates": {"amber": 5, "refused": 2}}, "refused"),
        ({"prior": {"late": "1.5"}}, "from 0 to 1"),
        ({"insurance": [{"services": ["a/*"], "percent": "NaN"}]}, "from 0 to 100"),
    ],
)
def test_a_document_that_says_nothing_or_two_things_is_refused(
    document: dict[str, Any], said: str
) -> None:
    with pytest.raises(msgspec.ValidationError, match=said):
        msgspec.convert(document, r.ChoiceRules)


def test_a_rule_is_called_by_its_name() -> None:
    named = r.Rule(
        id="r1", names={"en": "No batteries by post", "zh": "电池不走邮政"}, never=("a/b",)
    )
    assert [named.name(one) for one in ("zh", "ru")] == ["电池不走邮政", "No batteries by post"]
    assert rule("r2").name("en") == "r2"
