"""Every deviation has a cause, and the causes add up to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.costs.explaining import KINDS, Case, explain
from packstation.domain.costs.maps import Tolerance
from packstation.domain.quantities import Money
from tests.domain.costs.invoices import case, charge, judged, line, packed, parts
from tests.domain.rating_samples import shipment, tariff


def test_what_was_predicted_is_right_and_shown_line_by_line() -> None:
    verdict = judged(charge("66", lines={"freight": "60", "fuel": "6"}, weight_g=Decimal(520)))
    assert (verdict.kind, verdict.difference, verdict.causes) == ("match", Decimal(0), ())
    assert [(one.code, f"{one.ours}", f"{one.theirs}") for one in verdict.lines] == [
        ("freight", "60.00", "60"),
        ("fuel", "6.00", "6"),
    ]


def test_small_change_is_nobodys_business() -> None:
    assert judged(charge("66.01")).kind == "within"
    assert judged(charge("66.02")).kind == "unexplained"
    wide = Tolerance(amount=Decimal(0), percent=Decimal(1))
    assert judged(charge("66.66"), tolerance=wide).kind == "within"
    assert judged(charge("66.67"), tolerance=wide).kind == "unexplained"


def test_more_grams_cost_their_grams_and_their_fuel() -> None:
    verdict = judged(charge("77.00", weight_g=Decimal(612)))
    assert parts(verdict) == [("weight", "11.00")]
    assert (verdict.causes[0].ours, verdict.causes[0].theirs) == ("520", "620")
    assert parts(judged(charge("60.50", weight_g=Decimal(470)))) == [("weight", "-5.50")]


def test_a_weight_within_the_same_step_explains_nothing() -> None:
    assert parts(judged(charge("70", weight_g=Decimal("511.5")))) == [("unexplained", "4.00")]


@pytest.mark.parametrize(
    "said",
    [
        {"volumetric_g": Decimal(800), "actual_g": Decimal(520)},
        {"volumetric_g": Decimal(800)},
        {"actual_g": Decimal(520)},
        {"sides_mm": (Decimal(300), Decimal(200), Decimal(80))},
    ],
)
def test_a_larger_box_is_size_not_weight(said: dict[str, Any]) -> None:
    verdict = judged(charge("96.80", weight_g=Decimal(800), **said))
    assert parts(verdict) == [("size", "30.80")]


@pytest.mark.parametrize(
    "said",
    [
        {"volumetric_g": Decimal(800), "actual_g": Decimal(800)},
        {"volumetric_g": Decimal(400)},
        {"actual_g": Decimal(798)},
        {"sides_mm": (Decimal(300), Decimal(200), Decimal(40))},
    ],
)
def test_a_heavier_box_is_weight_not_size(said: dict[str, Any]) -> None:
    assert judged(charge("96.80", weight_g=Decimal(800), **said)).kind == "weight"


def test_another_zone_by_its_name_or_by_the_country() -> None:
    for said in ({"zone": "KZ"}, {"country": "KZ"}):
        verdict = judged(charge("123.20", **said))
        assert parts(verdict) == [("zone", "57.20")]
        assert (verdict.causes[0].ours, verdict.causes[0].theirs) == ("RU", "KZ")
    for said in ({"zone": "moon"}, {"zone": "RU"}, {"country": "RU"}, {"country": "DE"}):
        assert parts(judged(charge("123.20", **said))) == [("unexplained", "57.20")]


def test_weight_and_zone_each_have_their_part() -> None:
    verdict = judged(charge("140.80", weight_g=Decimal(600), zone="KZ"))
    assert parts(verdict) == [("weight", "8.80"), ("zone", "66.00")]
    assert verdict.kind == "zone"


def test_another_weight_and_zone_at_the_same_price_explain_nothing() -> None:
    flat = {"kind": "flat", "amount": "66"}
    zones = [{"code": one, "match": [{"countries": [one]}]} for one in ("RU", "KZ")]
    bands = [{"zone": one, "price": flat} for one in ("RU", "KZ")]
    same = tariff(carrier="yanwen", service="line", zones=zones, bands=bands)
    verdict = judged(charge("70", weight_g=Decimal(900), zone="KZ"), tariff=same)
    assert parts(verdict) == [("unexplained", "4.00")]


def test_what_the_tariff_has_no_price_for_is_named_by_what_is_beyond_it() -> None:
    assert parts(judged(charge("300", weight_g=Decimal(2500)))) == [("weight", "234.00")]
    beyond = judged(charge("300", weight_g=Decimal(700), zone="KZ"))
    assert parts(beyond) == [("weight", "19.80"), ("zone", "214.20")]


def test_fees_are_held_against_the_tariffs() -> None:
    verdict = judged(charge("75", lines={"freight": "62", "fuel": "6", "remote": "7"}))
    assert parts(verdict) == [("price freight", "2.00"), ("fee remote", "7")]
    missing = judged(charge("60", lines={"freight": "60"}))
    assert parts(missing) == [("fee fuel", "-6.00")]
    assert (missing.causes[0].ours, missing.causes[0].theirs) == ("6.00", "0")


def test_lines_that_do_not_make_the_total_leave_a_rest() -> None:
    verdict = judged(charge("80", lines={"freight": "60", "fuel": "6"}))
    assert parts(verdict) == [("unexplained", "14.00")]
    what = charge("73.01", lines={"freight": "60", "fuel": "6", "remote": "7"})
    assert parts(explain(what, case())) == [("fee remote", "7")]  # a fen is nobody's business


def test_a_total_alone_may_fit_a_fee_that_was_not_due() -> None:
    verdict = judged(charge("96.00"))
    assert parts(verdict) == [("fee long", "30.00")]
    assert verdict.causes[0].likely
    assert parts(judged(charge("95.00"))) == [("unexplained", "29.00")]


def test_another_product_explains_all_of_it() -> None:
    verdict = judged(charge("90", service="express"))
    assert parts(verdict) == [("service", "24.00")]
    assert judged(charge("90", service="line")).kind == "unexplained"


def test_bills_that_should_not_be_there() -> None:
    unknown = explain(charge("12", lines={"freight": "12"}), Case(other="cdek"))
    assert (unknown.kind, unknown.difference, unknown.causes[0].theirs) == (
        "unknown",
        Decimal(12),
        "cdek",
    )
    assert judged(charge("66"), predicted=packed(voided=True)).kind == "voided"
    twice = judged(charge("66", invoice="INV-2"), earlier=(charge("66"),))
    assert (twice.kind, twice.difference, twice.causes[0].theirs) == (
        "twice",
        Decimal(66),
        "INV-1",
    )


def test_money_back_is_a_credit_and_a_bill_after_it_is_the_first_again() -> None:
    assert judged(charge("-66")).kind == "credit"
    assert judged(charge("66"), earlier=(charge("66"), charge("-66"))).kind == "match"


def test_additions_on_a_later_invoice_are_fees() -> None:
    verdict = judged(charge("7", lines={"remote": "6", "tax": "0"}), earlier=(charge("66"),))
    assert parts(verdict) == [("fee remote", "6"), ("unexplained", "1")]
    nothing = judged(charge("0", lines={"fuel": "0"}), earlier=(charge("66"),))
    assert (nothing.kind, nothing.causes) == ("match", ())


def test_another_currency_goes_by_our_rate_and_its_own_is_told() -> None:
    rates = {("USD", "CNY"): Decimal("7.10")}
    same = judged(charge("9.30", currency="USD"), rates=rates)
    assert (same.kind, same.currency, same.difference) == ("currency", "CNY", Decimal("0.03"))
    dear = judged(charge("9.50", currency="USD"), rates=rates)
    assert parts(dear) == [("currency", "1.45")]
    assert (dear.causes[0].ours, dear.causes[0].theirs) == ("7.1000", "6.9474")
    far = judged(charge("12", currency="USD", lines={"freight": "11", "fuel": "1"}), rates=rates)
    assert parts(far)[0] == ("price freight", "18.10")


def test_without_a_rate_nothing_is_said_of_the_difference() -> None:
    verdict = judged(charge("9.30", currency="USD"))
    assert (verdict.kind, verdict.difference) == ("currency", None)
    assert (verdict.causes[0].ours, verdict.causes[0].theirs) == ("CNY", "USD")


def test_nothing_in_another_currency_has_no_rate_of_its_own() -> None:
    rates = {("USD", "CNY"): Decimal("7.10")}
    assert judged(charge("0", currency="USD"), rates=rates).kind == "unexplained"


@pytest.mark.parametrize(
    "gone",
    [
        {"tariff": None},
        {"shipment": None},
        {"tariff": line(currency="USD")},
        {"shipment": shipment((520, 300, 200, 40), destination={"country": "DE"})},
        {"shipment": shipment((9000, 300, 200, 40))},
    ],
)
def test_without_the_tariff_a_weight_is_only_likely(gone: dict[str, Any]) -> None:
    verdict = judged(charge("77", weight_g=Decimal(612)), **gone)
    assert parts(verdict) == [("weight", "11.00")]
    assert verdict.causes[0].likely
    for said in (charge("77"), charge("77", weight_g=Decimal(400))):
        assert judged(said, **gone).kind == "unexplained"
    unweighed = packed(billable_g=0)
    odd = judged(charge("77", weight_g=Decimal(612)), predicted=unweighed, **gone)
    assert odd.kind == "unexplained"


def test_a_price_that_the_tariff_does_not_give_again_stays_in_the_rest() -> None:
    odd = packed(price=Money(Decimal("60.00"), "CNY"))
    verdict = judged(charge("77.00", weight_g=Decimal(612)), predicted=odd)
    assert parts(verdict) == [("weight", "11.00"), ("unexplained", "6.00")]


def test_options_that_were_bought_are_in_the_price() -> None:
    fees = [
        {"code": code, "kind": "fixed", "amount": amount, "when": {"options": [option]}}
        for code, amount, option in (("sign", "5", "signature"), ("cover", "9", "insurance"))
    ]
    price = {"kind": "flat", "amount": "60"}
    zones = [{"code": "RU", "match": [{"countries": ["RU"]}]}]
    bands = [{"zone": "RU", "price": price}]
    sold = tariff(carrier="yanwen", service="line", zones=zones, bands=bands, fees=fees)
    what = charge("67", lines={"freight": "60", "sign": "7"})
    for options, amount in ((("signature",), "65"), (("insurance", "signature"), "65")):
        asked = packed(price=Money(Decimal(amount), "CNY"), options=options)
        verdict = judged(what, tariff=sold, predicted=asked)
        assert parts(verdict) == [("fee sign", "2.00")]
        assert [one.code for one in verdict.lines] == ["freight", "sign"]


def test_pieces_are_not_weighed() -> None:
    pieces: dict[str, Any] = {
        "billable": {"mode": "actual", "unit_cm3": "27000"},
        "bands": [{"zone": "RU", "price": {"kind": "per_unit", "amount": "66"}}],
    }
    by_piece = tariff(carrier="yanwen", service="line", **pieces)
    verdict = judged(charge("70", weight_g=Decimal(900)), tariff=by_piece)
    assert verdict.kind == "unexplained"


def test_a_rounding_line_of_the_tariff_is_no_fee() -> None:
    rough = line(rounding={"mode": "half_up", "quantum": "1"})
    fine = charge("76.3", lines={"freight": "69.3", "fuel": "7"}, weight_g=Decimal(612))
    kinds = {one.code for one in judged(fine, tariff=rough).causes}
    assert "rounding" not in kinds


MONEY = st.decimals("0", "500", places=2)
GRAMS = st.none() | st.decimals("1", "3000", places=1)


@given(
    total=MONEY,
    weight=GRAMS,
    actual=GRAMS,
    lines=st.dictionaries(st.sampled_from(["freight", "fuel", "remote", "long"]), MONEY),
    zone=st.sampled_from(["", "RU", "KZ", "X"]),
    currency=st.sampled_from(["CNY", "USD"]),
    earlier=st.lists(MONEY, max_size=2),
    percent=st.decimals("0", "5", places=1),
)
def test_parts_always_add_up(  # noqa: PLR0917 - a property of all of them
    total: Decimal,
    weight: Decimal | None,
    actual: Decimal | None,
    lines: dict[str, Decimal],
    zone: str,
    currency: str,
    earlier: list[Decimal],
    percent: Decimal,
) -> None:
    what = charge(
        f"{total}", weight_g=weight, actual_g=actual, zone=zone, currency=currency, lines=lines
    )
    known = case(
        rates={("USD", "CNY"): Decimal("7.1234")},
        earlier=tuple(charge(f"{one}") for one in earlier),
        tolerance=Tolerance(percent=percent),
    )
    verdict = explain(what, known)
    assert verdict.kind in KINDS
    assert verdict.difference is not None
    off = verdict.difference - sum(one.amount for one in verdict.causes)
    assert verdict.kind in {"within", "match"} or known.tolerance.takes(off, Decimal(66))
