from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.customs.tables import Tables
from packstation.domain.customs.checking import check
from packstation.domain.customs.facts import fact
from packstation.domain.customs.money import money_of, quantity, shared, sums, taken_off
from packstation.domain.quantities import Money, minor_units
from tests.domain.customs.orders import NOW, PACK, case, line, order, product, told

CURRENCIES = st.sampled_from(("CNY", "JPY", "KWD"))


def money(amount: str, currency: str = "CNY") -> Money:
    return Money(Decimal(amount), currency)


def unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-minor_units(currency))


@given(
    st.integers(-10_000_000, 10_000_000),
    st.lists(st.integers(0, 10_000), min_size=1, max_size=40),
    CURRENCIES,
)
def test_shares_add_up_and_each_is_within_one_minor_unit(
    units: int, weights: list[int], currency: str
) -> None:
    total = Money(units * unit(currency), currency)
    parts = shared(total, weights)
    assert sum(one.amount for one in parts) == total.amount
    weighed = weights if any(weights) else [1] * len(weights)
    for part, weight in zip(parts, weighed, strict=True):
        exact = Fraction(total.amount) * weight / sum(weighed)
        assert abs(Fraction(part.amount) - exact) < Fraction(unit(currency))


def test_of_equal_remainders_the_first_lines_get_the_unit() -> None:
    amounts = [one.amount for one in shared(money("0.05"), [1, 1, 1])]
    assert amounts == [Decimal("0.02"), Decimal("0.02"), Decimal("0.01")]


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_shares_want_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        shared(money("1.00"), weights)


@given(
    st.lists(st.integers(1, 1_000_000), min_size=1, max_size=40),
    st.integers(0, 100),
    CURRENCIES,
)
def test_lines_less_a_discount_come_to_what_was_paid(
    amounts: list[int], percent: int, currency: str
) -> None:
    values = [Money(one * unit(currency), currency) for one in amounts]
    whole = sum((one.amount for one in values), Decimal(0))
    discount = Money(whole * percent / 100, currency).rounded()
    parts = taken_off(values, discount)
    if not parts:
        assert discount.amount == 0 or percent > 0
        return
    assert sum(one.amount for one in parts) == discount.amount
    assert all(value.amount > part.amount for value, part in zip(values, parts, strict=True))


@pytest.mark.parametrize(
    ("values", "discount"),
    [
        (["10.00"], None),
        (["10.00"], money("0")),
        (["10.00"], money("-1")),
        (["10.00"], money("1.00", "EUR")),
        (["10.00"], money("10.00")),
        (["10.00", "0.01"], money("10.00")),
        (["10.00", "-1"], money("1.00")),
        ([], money("1.00")),
    ],
)
def test_a_discount_that_would_leave_nothing_or_is_of_elsewhere_is_not_distributed(
    values: list[str], discount: Money | None
) -> None:
    assert taken_off([money(one) for one in values], discount) == ()


def off(amount: str, currency: str = "CNY") -> dict[str, Any]:
    return {"discount": {"amount": amount, "currency": currency}}


def test_thresholds_look_at_the_goods_less_the_discount() -> None:
    goods = {"lines": [line()], "products": [product(amount="158.00", currency="EUR")]}
    assert told("goods_worth", **goods) == {"EUR": 158}
    assert told("regime", **goods, **off("8.00", "EUR")) == "eu_ioss"
    assert told("regime", **goods, **off("7.99", "EUR")) == "eu_standard"
    assert told("goods_worth", **goods, **off("20.00")) == {"EUR": 158}
    assert told("goods_worth", **goods, **off("158.00", "EUR")) == {"EUR": 158}


def test_a_thing_is_worth_its_share_of_what_was_paid() -> None:
    goods = {
        "lines": [line(1, "A", 2), line(2, "B")],
        "products": [product("A", "10.00"), product("B", "5.00")],
    }
    one = case(**goods, **off("2.50"))
    assert fact(one, one.lines[0], "unit_worth") == {"CNY": Fraction(9)}
    assert fact(one, one.order, "declared_value") == money("22.50")
    half = {"lines": [line(1, "A", 2), line(2, "C")]}
    unknown = case(**{**goods, **half}, **off("2.50"))
    assert fact(unknown, unknown.order, "discount_off") == {}
    assert fact(unknown, unknown.lines[1], "unit_worth") is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"amount": "59.90", "currency": "CNY"}, money("59.90")),
        ({"amount": 60, "currency": "JPY"}, money("60", "JPY")),
        ({"amount": " 1.5 ", "currency": " EUR "}, money("1.5", "EUR")),
        ({"amount": 59.9, "currency": "CNY"}, None),
        ({"amount": True, "currency": "CNY"}, None),
        ({"amount": "1E+999999", "currency": "CNY"}, None),
        ({"amount": "ten", "currency": "CNY"}, None),
        ({"amount": "1", "currency": ["CNY"]}, None),
        ({"currency": "CNY"}, None),
        ("59.90 CNY", None),
        (None, None),
    ],
)
def test_an_amount_is_a_number_and_a_currency(value: object, found: Money | None) -> None:
    assert money_of(value) == found


@pytest.mark.parametrize(("given_", "found"), [(2, 2), (0, None), (-1, None), ("2", None)])
def test_a_line_has_whole_pieces(given_: object, found: int | None) -> None:
    (first,) = case(lines=[line(quantity=given_)]).lines
    assert quantity(first) == found


def test_a_line_is_rounded_and_goods_are_the_sum_of_lines() -> None:
    one = case(
        lines=[line(1, "A", 3), line(2, "B", 3)],
        products=[product("A", "0.335"), product("B", "0.335")],
    )
    assert [fact(one, each, "line_value") for each in one.lines] == [money("1.01"), money("1.01")]
    assert fact(one, one.order, "goods_value") == money("2.02")
    assert fact(one, one.order, "goods_worth") == {"CNY": Fraction("2.01")}


def test_yen_have_no_decimals_and_dinars_three() -> None:
    one = case(
        lines=[line(1, "A", 3), line(2, "B", 3)],
        products=[product("A", "33.5", currency="JPY"), product("B", "1.0005", currency="KWD")],
    )
    assert fact(one, one.order, "goods_values") == (money("101", "JPY"), money("3.002", "KWD"))
    assert fact(one, one.order, "goods_value") is None


def test_sums_keep_currencies_apart() -> None:
    some = [money("1.00"), money("2.00", "EUR"), money("0.50")]
    assert sums(some) == (money("1.50"), money("2.00", "EUR"))


def test_what_one_line_does_not_say_is_not_guessed_for_all() -> None:
    lines = [line(1, "A"), line(2, "GONE")]
    products = [product("A")]
    for name in ("goods_value", "goods_values", "goods_worth", "net_total_g"):
        assert told(name, lines=lines, products=products) is None, name
    assert told("goods_worth", lines=[]) is None


def parcel(gross: object = 500, contents: object = None) -> dict[str, Any]:
    return {"gross_g": gross, "contents": contents or []}


def test_parcels_weigh_what_lies_in_them() -> None:
    two = [{"line": 1, "quantity": 2}]
    one = case(parcels=[parcel(contents=two), parcel(300, [{"line": 1, "quantity": 1}])])
    assert [fact(one, each, "net_in_g") for each in one.parcels] == [350, 175]
    assert fact(one, one.order, "gross_total_g") == 800
    assert fact(one, one.order, "heaviest_g") == 500
    assert fact(one, one.order, "spread_net_g") is None


def test_of_parcels_that_do_not_say_it_all_goods_are_weighed() -> None:
    one = case(parcels=[parcel(100), parcel(100)])
    assert fact(one, one.order, "spread_net_g") == 350
    assert fact(one, one.parcels[0], "net_in_g") is None


def test_contents_of_a_line_that_is_not_there_are_not_known() -> None:
    one = case(parcels=[parcel(contents=[{"line": 9, "quantity": 1}])])
    assert fact(one, one.parcels[0], "net_in_g") is None
    empty = case(parcels=[parcel()], lines=[])
    assert fact(empty, empty.parcels[0], "net_in_g") is None


def test_a_parcel_without_a_weight_is_as_heavy_as_its_goods() -> None:
    assert told("heaviest_g", parcels=[parcel(None)]) == 350
    assert told("gross_total_g", parcels=[parcel(None), parcel(5)]) is None
    nameless = case(parcels=[parcel()], lines=[line(1, "GONE")])
    assert fact(nameless, nameless.parcels[0], "net_in_g") is None


@pytest.mark.parametrize(
    "patch",
    [
        {"ship_to": {"country": ["DE"], "postcode": {"a": 1}}},
        {"lines": [{**line(quantity=10**20), "line": {"a": 1}}]},
        {"lines": [{**line(quantity=10**5), "line": []}]},
        {"parcels": [{"gross_g": True, "contents": [{"line": [1], "quantity": [2]}]}]},
        {"products": [product(amount="9999999999.99")], "lines": [line(quantity=100_000)]},
        {"products": [product(amount="99999999999999999.99")]},
        {"payment": {"total": {"amount": {}, "currency": []}}, "options": "invoice"},
        {"rates": {"from": "CNY"}, "origin_statement": {"agreement": [1], "rex": {}}},
        {"cn_export_mode": [9610], "invoice": ["x"], "bench": {"used_invoices": "x"}},
    ],
)
def test_whatever_stands_there_nothing_crashes(patch: dict[str, Any]) -> None:
    assert check(order(**patch), PACK, Tables(), NOW).digest


def test_an_amount_beyond_all_trade_is_none() -> None:
    assert money_of({"amount": "9999999999.99", "currency": "CNY"}) is not None
    assert money_of({"amount": "10000000000.00", "currency": "CNY"}) is None
    assert money_of({"amount": "-10000000000.00", "currency": "CNY"}) is None


def test_prices_less_the_discount_are_what_was_paid() -> None:
    bare: dict[str, Any] = {"payment": None}
    whole = told("paid", **bare)
    assert told("paid", **bare, **off("1.00")) == whole - money("1.00")
    assert told("paid", **bare, **off("1.00", "EUR")) == whole
    assert told("paid", **bare, **off("999999.00")) == whole
