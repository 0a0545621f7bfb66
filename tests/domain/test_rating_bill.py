from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.errors import InputInvalid
from packstation.domain.orders import Rate
from packstation.domain.rating import quote, to_json
from packstation.domain.rating.prices import rounded
from packstation.domain.records import decode_one
from packstation.domain.tariffs import Rounding, Tariff
from tests.domain.rating_samples import Raw, linear, priced, rated, reason, shipment, tariff, total

FEES = [
    {"code": "registration", "kind": "fixed", "amount": "3"},
    {"code": "fuel", "kind": "percent", "amount": "12.5", "base": ["freight", "registration"]},
    {"code": "weight", "kind": "per_kg", "amount": "2"},
    {"code": "sticker", "kind": "per_piece", "amount": "0.5", "when": {"weight_gt_g": 100}},
]


def test_fees_add_up_line_by_line() -> None:
    found = priced(tariff(fees=FEES), shipment((100, 1, 1, 1), (200, 1, 1, 1)))
    assert [(code, f"{amount:f}") for code, amount, _ in found.lines] == [
        ("freight", "20.00"),
        ("registration", "3.00"),
        ("fuel", "2.875"),
        ("weight", "0.60"),
        ("sticker", "0.50"),
        ("rounding", "0.005"),
    ]
    assert f"{found.amount:f}" == "26.98"
    assert found.billable_g == 300


@pytest.mark.parametrize(
    ("when", "parcel", "changes", "charged"),
    [
        ({"longest_gt_mm": 100}, (10, 101, 1, 1), {}, True),
        ({"longest_gt_mm": 100}, (10, 100, 1, 1), {}, False),
        ({"longest_gt_mm": 100}, (10,), {}, False),
        ({"sides_gt_mm": [100, 50]}, (10, 99, 51, 1), {}, True),
        ({"sides_gt_mm": [100, 50]}, (10, 100, 50, 1), {}, False),
        ({"sum3_gt_mm": 100}, (10, 99, 1, 1), {}, True),
        ({"volume_gt_cm3": 1}, (10, 10, 10, 10), {}, False),
        ({"volume_gt_cm3": 1}, (10, 11, 10, 10), {}, True),
        ({"girth_gt_mm": 13}, (10, 10, 1, 1), {}, True),
        ({"any_side_ge_mm": 10}, (10, 10, 1, 1), {}, True),
        ({"weight_gt_g": 10}, (10,), {}, False),
        ({"countries": ["DE"]}, (10,), {}, False),
        ({"postcode_prefixes": ["42 01"]}, (10,), {}, True),
        ({"postcode_prefixes": ["1"]}, (10,), {}, False),
        ({"options": ["signature"]}, (10,), {}, False),
        ({"options": ["signature"]}, (10,), {"options": ["signature"]}, True),
        ({"date_from": "2026-11-22"}, (10,), {}, False),
        ({"date_to": "2026-11-21"}, (10,), {}, True),
        ({"any_of": [{"countries": ["DE"]}, {"countries": ["RU"]}]}, (10,), {}, True),
        ({"any_of": [{"countries": ["DE"]}]}, (10,), {}, False),
        ({"none_of": [{"countries": ["RU"]}]}, (10,), {}, False),
        ({"volumetric_gt_actual_ratio": "1"}, (10, 1, 1, 1), {}, False),
    ],
)
def test_conditions_of_fees(
    when: Raw, parcel: tuple[object, ...], changes: Raw, charged: bool
) -> None:
    fee = {"code": "extra", "kind": "fixed", "amount": "5", "when": when}
    expected = "15.00" if charged else "10.00"
    assert total(tariff(fees=[fee]), shipment(parcel, **changes)) == expected


def test_a_percentage_counts_only_parcels_that_meet_its_condition() -> None:
    fee = {"code": "p", "kind": "percent", "amount": "10", "when": {"weight_gt_g": 100}}
    assert total(tariff(fees=[fee]), shipment((100,), (101,))) == "21.00"


@pytest.mark.parametrize(
    ("bounds", "amount"), [({"min": "4"}, "14.00"), ({"max": "0.5"}, "10.50"), ({}, "11.00")]
)
def test_fees_stay_within_their_bounds(bounds: Raw, amount: str) -> None:
    fee = {"code": "p", "kind": "percent", "amount": "10", **bounds}
    assert total(tariff(fees=[fee]), shipment((100,))) == amount


def test_a_negative_fee_is_a_discount() -> None:
    fee = {"code": "contract", "kind": "percent", "amount": "-20"}
    assert total(tariff(fees=[fee]), shipment((100,))) == "8.00"


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        ({"quantum": "0.01"}, "0.125", "0.13"),
        ({"quantum": "0.01", "mode": "even"}, "0.125", "0.12"),
        ({"quantum": "0.01", "mode": "even"}, "0.135", "0.14"),
        ({"quantum": "0.01", "mode": "up"}, "0.121", "0.13"),
        ({"quantum": "0.1"}, "0.25", "0.3"),
        ({"quantum": "0.5", "mode": "up"}, "1.01", "1.5"),
        ({"quantum": "1"}, "-2.5", "-3"),
    ],
)
def test_rounding(rule: Raw, value: str, expected: str) -> None:
    found = rounded(Fraction(value), decode_one(rule, Rounding))
    assert found == Fraction(expected)


def test_rounding_by_line_and_in_total() -> None:
    fees = [{"code": "a", "kind": "percent", "amount": "0.05"}]
    by_line = tariff(fees=fees, rounding={"per": "line", "mode": "up", "quantum": "0.01"})
    found = priced(by_line, shipment((100,)))
    assert [f"{amount:f}" for _, amount, _ in found.lines] == ["10.00", "0.01"]
    whole = tariff(fees=fees, rounding={"quantum": "1"}, currency="JPY")
    assert total(whole, shipment((100,))) == "10"


def test_a_line_that_never_ends_still_adds_up() -> None:
    rule = {"mode": "max", "divisor_cm3_per_kg": 7000, "step_g": None}
    endless = tariff(linear("0", "0.01"), billable=rule)
    raw = shipment((1, 100, 100, 100))
    found = priced(decode_one(_without_step(endless), Tariff), raw)
    assert sum(amount for _, amount, _ in found.lines) == found.amount == Decimal("1.43")


def _without_step(one: Tariff) -> Raw:
    raw: Raw = {
        "carrier": one.carrier,
        "service": one.service,
        "currency": one.currency,
        "valid_from": "2025-01-01",
        "zones": [{"code": "RU", "match": [{"countries": ["RU"]}]}],
        "bands": [{"zone": "RU", "price": linear("0", "0.01")}],
        "billable": {"mode": "max", "divisor_cm3_per_kg": 7000, "step_g": "0.000001"},
    }
    return raw


def test_the_latest_valid_version_counts() -> None:
    old = tariff({"kind": "flat", "amount": "1"}, valid_from="2025-01-01", valid_to="2026-11-21")
    new = tariff({"kind": "flat", "amount": "2"}, valid_from="2026-11-01")
    later = tariff({"kind": "flat", "amount": "3"}, valid_from="2026-11-22")
    quotes, _ = rated(shipment((10,)), [later, old, new])
    assert [f"{one.amount:f}" for one in quotes] == ["2.00"]
    quotes, _ = rated(shipment((10,), date="2026-10-31"), [later, old, new])
    assert [f"{one.amount:f}" for one in quotes] == ["1.00"]
    assert reason(later, shipment((10,))) == "date"


def test_ranks() -> None:
    def service(name: str, amount: str, **more: object) -> Tariff:
        return tariff({"kind": "flat", "amount": amount}, service=name, **more)

    tariffs = [
        service("d", "5"),
        service("c", "5", promise={"max_days": 9}),
        service("b", "5", promise={"max_days": 9}),
        service("a", "6"),
        service("e", "1", currency="USD"),
        service("f", "1", currency="JPY"),
    ]
    rate = Rate(from_="USD", to="CNY", rate=Decimal("5.5"), on="2026-11-20")
    quotes, _ = quote(shipment((10,)), tariffs, [rate])
    assert [(one.service, one.rank) for one in quotes] == [
        ("b", 1),
        ("c", 2),
        ("d", 3),
        ("e", 4),
        ("a", 5),
        ("f", 6),
    ]


def test_the_answer_as_json() -> None:
    packet = tariff(linear("12", "0.06"), promise={"min_days": 10, "max_days": 15})
    refusing = tariff(service="small", limits={"weight_max_g": 2})
    answer = to_json(*rated(shipment((1250, 300, 200, 120)), [packet, refusing]))
    assert answer == {
        "quotes": [
            {
                "carrier": "chinapost",
                "service": "test",
                "total": {"amount": "87.00", "currency": "CNY"},
                "billable_g": 1250,
                "lines": [{"code": "freight", "amount": "87.00", "note": "12 + 1250 g x 0.06"}],
                "promise": {"min_days": 10, "max_days": 15},
                "rank": 1,
            }
        ],
        "refusals": [
            {
                "carrier": "chinapost",
                "service": "small",
                "reason": "weight",
                "detail": "1250 g is over 2 g",
            }
        ],
    }


@pytest.mark.parametrize(
    ("changes", "path", "value"),
    [
        ({"colour": "red"}, "colour", '"red"'),
        ({"limits": {"weight_max_oz": 3}}, "limits.weight_max_oz", "3"),
        ({"billable": {"unit_m3": 27000}}, "billable.unit_m3", "27000"),
        ({"currency": "RMB"}, "currency", '"RMB"'),
        ({"currency": None}, "currency", "null"),
        ({"zones": []}, "zones", "[]"),
        (
            {"bands": [{"zone": "RU", "price": {"kind": "per_unit", "amount": 1}}]},
            "bands[0].price.kind",
            '"per_unit"',
        ),
        (
            {"bands": [{"zone": "RU", "price": {"kind": "linear"}}]},
            "bands[0].price.per_kg",
            "null",
        ),
        ({"billable": {"mode": "max"}}, "billable.divisor_cm3_per_kg", "null"),
        (
            {"billable": {"mode": "share", "divisor_cm3_per_kg": 1, "share": 2}},
            "billable.share",
            "2",
        ),
        ({"billable": {"step_g": 0}}, "billable.step_g", "0"),
        ({"limits": {"sides_max_mm": [1, -2]}}, "limits.sides_max_mm", "[1, -2]"),
        ({"rounding": {"quantum": "1e40"}}, "rounding.quantum", '"1e40"'),
        ({"valid_from": "soon"}, "valid_from", '"soon"'),
    ],
)
def test_a_tariff_that_is_not_understood_is_refused_by_name(
    changes: Raw, path: str, value: str
) -> None:
    with pytest.raises(InputInvalid) as refused:
        tariff(**changes)
    assert refused.value.fields["path"] == path
    assert refused.value.fields["value"] == value
    assert refused.value.fields["allowed"]


def test_bands_name_zones_of_the_tariff() -> None:
    with pytest.raises(InputInvalid, match="bands"):
        tariff(bands=[{"zone": "XX", "price": {"kind": "flat", "amount": 1}}])


@pytest.mark.parametrize("parcel", [(0,), (-1,), ("NaN",), (10, 0, 1, 1), (10, 1, 1, -1)])
def test_parcels_that_nothing_weighs(parcel: tuple[object, ...]) -> None:
    with pytest.raises(InputInvalid):
        shipment(parcel)


GRAMS = st.integers(1, 5000)
PRICES = st.decimals("0", "500", places=4)


@given(GRAMS, GRAMS, PRICES, PRICES, st.sampled_from(["half_up", "up", "even"]))
def test_lines_add_up_and_more_weight_never_costs_less(
    one: int, other: int, fixed: Decimal, per_kg: Decimal, mode: str
) -> None:
    price = {"kind": "linear", "fixed": str(fixed), "per_kg": str(per_kg)}
    fees = [{"code": "fuel", "kind": "percent", "amount": "12.34"}]
    rule = {"mode": mode, "quantum": "0.01"}
    made = tariff(price, fees=fees, rounding=rule)
    light, heavy = sorted((one, other))
    amounts = [priced(made, shipment((grams,))) for grams in (light, heavy)]
    assert amounts[0].amount <= amounts[1].amount
    for found in amounts:
        assert sum(amount for _, amount, _ in found.lines) == found.amount
        exact = (fixed + per_kg * found.billable_g / 1000) * Decimal("1.1234")
        assert abs(found.amount - exact) <= Decimal("0.01")


def test_dates_are_those_of_the_site() -> None:
    assert tariff(valid_to="2026-11-21").valid_on(date(2026, 11, 21))
    assert not tariff(valid_from="2026-11-22").valid_on(date(2026, 11, 21))
