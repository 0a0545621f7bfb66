"""Worked examples are numbered as in reference/carriers.md section 4."""

from __future__ import annotations

from decimal import Decimal

import pytest

from packstation.domain.orders import Rate
from packstation.domain.rating import quote
from tests.domain.rating_samples import Raw, linear, priced, rated, reason, shipment, tariff, total

PACKET_SIZE = {"longest_max_mm": 600, "sum3_max_mm": 900}

PUDO: Raw = {
    "limits": {"weight_min_g": 1, "weight_max_g": 500, **PACKET_SIZE},
    "gates": {
        "battery": ["none"],
        "declared_value": {"currency": "RUB", "max": "1500"},
        "refused_classes": ["liquid"],
    },
}
LOW = {"declared_value": {"amount": "1500", "currency": "RUB"}}
E_PARCEL = {
    "kind": "step",
    "first_g": 500,
    "first": "52.5",
    "tiers": [{"step_g": 500, "fee": "15", "up_to_g": 31000}],
}
EXPRESS = {"kind": "step", "first_g": 50, "first": "102", "tiers": [{"step_g": 50, "fee": "2.55"}]}
EXPRESS_RULE = {
    "mode": "volumetric_if",
    "divisor_cm3_per_kg": 6000,
    "when": {"any_side_ge_mm": 400},
}


@pytest.mark.parametrize(
    ("number", "price", "extra", "parcel", "expected"),
    [
        (1, linear("1.9", "0.065"), PUDO, (333, 200, 200, 200), "23.55"),
        (2, linear("1.9", "0.026"), PUDO, (333, 200, 200, 200), "10.56"),
        (7, linear("12", "0.06"), {}, (1250, 300, 200, 120), "87.00"),
        (8, linear("12", "0.095"), {}, (87, 300, 200, 120), "20.27"),
        (9, E_PARCEL, {}, (1235, 300, 200, 120), "82.50"),
        (10, E_PARCEL, {}, (500, 300, 200, 120), "52.50"),
        (10, E_PARCEL, {}, (501, 300, 200, 120), "67.50"),
        (11, E_PARCEL, {}, (31000, 300, 200, 120), "967.50"),
        (12, EXPRESS, {"billable": EXPRESS_RULE}, (300, 200, 150, 100), "114.75"),
        (13, EXPRESS, {"billable": EXPRESS_RULE}, (1200, 400, 300, 200), "303.45"),
        (14, EXPRESS, {"billable": EXPRESS_RULE}, (1200, 390, 300, 200), "160.65"),
        (15, linear("3", "0.035"), {}, (250, 300, 200, 120), "11.75"),
        (17, linear("16", "0.045"), {}, (1999, 300, 200, 120), "105.96"),
        (18, linear("19.5", "0.035"), {}, (700, 300, 200, 120), "44.00"),
    ],
)
def test_worked_examples(
    number: int, price: Raw, extra: Raw, parcel: tuple[object, ...], expected: str
) -> None:
    assert number
    assert total(tariff(price, **extra), shipment(parcel, **LOW)) == expected


@pytest.mark.parametrize(
    ("number", "changes", "parcel", "expected"),
    [
        (3, LOW, (501, 200, 200, 200), "weight"),
        (4, LOW, (200, 400, 300, 210), "size"),
        (5, {**LOW, "goods": {"battery": "built_in"}}, (200, 200, 200, 200), "battery"),
        (6, {"declared_value": {"amount": "1501", "currency": "RUB"}}, (200, 9, 9, 9), "value"),
        (0, {**LOW, "goods": {"classes": ["liquid"]}}, (200, 9, 9, 9), "goods"),
        (0, {}, (200, 9, 9, 9), "value"),
        (0, LOW, (200,), "size"),
    ],
)
def test_refused_examples(
    number: int, changes: Raw, parcel: tuple[object, ...], expected: str
) -> None:
    assert number >= 0
    assert reason(tariff(linear("1.9", "0.065"), **PUDO), shipment(parcel, **changes)) == expected


def test_the_edges_are_included() -> None:
    pudo = tariff(linear("1.9", "0.065"), **PUDO)
    assert total(pudo, shipment((500, 600, 200, 100), **LOW)) == "34.40"
    assert reason(pudo, shipment(("500.5", 600, 200, 100), **LOW)) == "weight"
    assert reason(pudo, shipment((500, "600.5", 199, 100), **LOW)) == "size"


@pytest.mark.parametrize(
    ("kg", "expected"),
    # Example 22: zone 5 of a stepped tariff, 0.5 kg steps that get cheaper.
    [
        ("0.5", "4.35"),
        ("0.51", "5.30"),
        ("2.5", "8.15"),
        ("2.6", "8.95"),
        ("5", "12.15"),
        ("7.3", "14.65"),
        ("12", "19.15"),
        ("30", "34.15"),
    ],
)
def test_tiers_of_steps(kg: str, expected: str) -> None:
    tiers = [
        {"step_g": 500, "fee": "0.95", "up_to_g": 2500},
        {"step_g": 500, "fee": "0.80", "up_to_g": 5000},
        {"step_g": 500, "fee": "0.50", "up_to_g": 10000},
        {"step_g": 500, "fee": "0.50", "up_to_g": 15000},
        {"step_g": 500, "fee": "0.40", "up_to_g": 30000},
    ]
    step = {"kind": "step", "first_g": 500, "first": "4.35", "tiers": tiers}
    grams = str(Decimal(kg) * 1000)
    assert total(tariff(step, currency="GBP"), shipment((grams, 300, 200, 100))) == expected


def test_weight_beyond_the_last_tier_has_no_price() -> None:
    assert reason(tariff(E_PARCEL), shipment((31001, 300, 200, 100))) == "band"


@pytest.mark.parametrize(
    ("rule", "parcel", "billable"),
    [
        # Examples 23, 24 and the order of the rules.
        ({"mode": "max", "divisor_cm3_per_kg": 5000}, (1200, 150, 300, 200), 1800),
        ({"mode": "max", "divisor_cm3_per_kg": 5000, "step_g": 500}, (2100, 100, 10, 10), 2500),
        ({"mode": "max", "divisor_cm3_per_kg": 5000, "step_g": 500}, (9, 400, 400, 500), 16000),
        ({"mode": "max", "divisor_cm3_per_kg": 6000}, (1, 100, 100, 100), 167),
        ({"mode": "volumetric", "divisor_cm3_per_kg": 6000}, (5000, 400, 300, 200), 4000),
        (
            {"mode": "max", "divisor_cm3_per_kg": 6000, "waive_below_ratio": "2"},
            (2100, 400, 300, 200),
            2100,
        ),
        (
            {"mode": "max", "divisor_cm3_per_kg": 6000, "waive_below_ratio": "2"},
            (2000, 400, 300, 200),
            4000,
        ),
        (
            {"mode": "share", "divisor_cm3_per_kg": 6000, "share": "0.5"},
            (1000, 400, 300, 200),
            2500,
        ),
        (
            {"mode": "share", "divisor_cm3_per_kg": 6000, "share": "0.5"},
            (5000, 400, 300, 200),
            5000,
        ),
        (
            {"mode": "max", "divisor_cm3_per_kg": 6000, "side_min_mm": 300},
            (1, 200, 400, 500),
            10000,
        ),
        (
            {"mode": "max", "divisor_cm3_per_kg": 5000, "side_round": "up_cm"},
            (1, 301, 200, 100),
            1240,
        ),
        (
            {"mode": "max", "divisor_cm3_per_kg": 5000, "side_round": "nearest_cm"},
            (1, 305, 204, 100),
            1240,
        ),
        (
            {"mode": "max", "divisor_cm3_per_kg": 5000, "side_round": "up_in"},
            (1, "254.1", 254, 254),
            3606,
        ),
        (
            {"mode": "max", "divisor_cm3_per_kg": 5000, "side_round": "nearest_in"},
            (1, "266.7", 254, 254),
            3606,
        ),
        ({"min_g": 50}, (10, 100, 10, 10), 50),
        ({"step_g": 100}, ("100.01", 100, 10, 10), 200),
        ({"step_g": 100}, (200, 100, 10, 10), 200),
        ({"step_g": 1}, ("333.4",), 334),
    ],
)
def test_billed_weight(rule: Raw, parcel: tuple[object, ...], billable: int) -> None:
    assert priced(tariff(billable=rule), shipment(parcel)).billable_g == billable


@pytest.mark.parametrize("ratio", ["2", "1"])
def test_volume_counts_when_it_beats_the_weight_enough(ratio: str) -> None:
    rule = {
        "mode": "volumetric_if",
        "divisor_cm3_per_kg": 6000,
        "when": {"volumetric_gt_actual_ratio": ratio},
    }
    found = priced(tariff(billable=rule), shipment((2000, 400, 300, 200)))
    assert found.billable_g == (2000 if ratio == "2" else 4000)


def test_a_volumetric_tariff_needs_the_sides() -> None:
    rule = {"mode": "max", "divisor_cm3_per_kg": 6000}
    assert reason(tariff(billable=rule), shipment((1000,))) == "size"


BANDS = [
    {"zone": "RU", "over_g": 0, "up_to_g": 100, "price": {"kind": "flat", "amount": "1"}},
    {"zone": "RU", "over_g": 100, "up_to_g": 200, "price": {"kind": "flat", "amount": "2"}},
    {"zone": "RU", "over_g": 300, "price": {"kind": "flat", "amount": "4"}},
]


@pytest.mark.parametrize(("grams", "amount"), [(100, "1.00"), (101, "2.00"), (9999, "4.00")])
def test_bands_are_open_below_and_closed_above(grams: int, amount: str) -> None:
    assert total(tariff(bands=BANDS), shipment((grams,))) == amount


def test_a_missing_band_is_refused_never_interpolated() -> None:
    assert reason(tariff(bands=BANDS), shipment((250,))) == "band"
    assert reason(tariff(bands=BANDS, combine="graduated"), shipment((350,))) == "band"


def test_overlapping_edges_take_the_lower_band() -> None:
    overlap = [BANDS[0] | {"up_to_g": 150}, BANDS[1]]
    assert total(tariff(bands=overlap), shipment((120,))) == "1.00"


def test_a_band_bills_its_minimum() -> None:
    band = {"zone": "RU", "min_billable_g": 30, "price": linear("24", "0.098")}
    assert total(tariff(bands=[band]), shipment((10,))) == "26.94"


def test_a_bands_own_limits_refuse_and_no_other_band_is_tried() -> None:
    bands = [{**BANDS[0], "limits": {"longest_max_mm": 100}}, {**BANDS[1], "over_g": 0}]
    assert reason(tariff(bands=bands), shipment((50, 101, 10, 10))) == "size"


def test_graduated_bands_price_their_own_part() -> None:
    bands = [
        {"zone": "RU", "over_g": 0, "up_to_g": 1000, "price": linear("5", "0.01")},
        {"zone": "RU", "over_g": 1000, "price": linear("0", "0.005")},
    ]
    assert total(tariff(bands=bands, combine="graduated"), shipment((1500,))) == "17.50"
    assert total(tariff(bands=bands, combine="graduated"), shipment((1000,))) == "15.00"


@pytest.mark.parametrize(("extra", "amount"), [({}, "7.50"), ({"over_g": 300}, "8.50")])
def test_a_price_of_the_excess(extra: Raw, amount: str) -> None:
    price = {"kind": "linear", "fixed": "5", "per_kg": "5", "on": "excess", **extra}
    bands = [{"zone": "RU", "over_g": 500, "price": price}]
    assert total(tariff(bands=bands), shipment((1000,))) == amount


def test_steps_skip_a_tier_that_ends_before_the_first_weight() -> None:
    tiers = [{"step_g": 1, "fee": "9", "up_to_g": 400}, {"step_g": 500, "fee": "1"}]
    price = {"kind": "step", "first_g": 500, "first": "2", "tiers": tiers}
    assert total(tariff(price), shipment((1000,))) == "3.00"


ZONES = [
    {"code": "far", "match": [{"countries": ["RU"], "postcode_prefixes": ["69", "4201"]}]},
    {"code": "mid", "match": [{"countries": ["RU"], "postcode_ranges": [["600000", "699999"]]}]},
    {"code": "RU", "match": [{"countries": ["RU", "BY"]}]},
    {"code": "all", "match": [{}]},
]
ZONE_BANDS = [
    {"zone": code, "price": {"kind": "flat", "amount": amount}}
    for code, amount in (("far", "4"), ("mid", "3"), ("RU", "2"), ("all", "1"))
]


@pytest.mark.parametrize(
    ("country", "postcode", "amount"),
    [
        ("RU", "690 001", "4.00"),
        ("RU", "420111", "4.00"),
        ("RU", "600001", "3.00"),
        ("RU", "101000", "2.00"),
        ("RU", "", "2.00"),
        ("BY", "690001", "2.00"),
        ("DE", "69115", "1.00"),
    ],
)
def test_the_most_specific_zone_wins(country: str, postcode: str, amount: str) -> None:
    to = {"destination": {"country": country, "postcode": postcode}}
    assert total(tariff(zones=ZONES, bands=ZONE_BANDS), shipment((10,), **to)) == amount


def test_places_that_are_not_served() -> None:
    closed = [{"countries": ["RU"], "postcode_prefixes": ["4201"]}]
    kept = tariff(zones=ZONES, bands=ZONE_BANDS, not_served=[{"countries": ["RU"]}])
    assert reason(tariff(not_served=closed), shipment((10,))) == "zone"
    assert total(kept, shipment((10,))) == "4.00"
    assert reason(tariff(), shipment((10,), destination={"country": "DE"})) == "zone"


@pytest.mark.parametrize(
    ("limits", "parcel", "fits"),
    [
        ({"sides_max_mm": [600, 400, 300]}, (1, 300, 600, 400), True),
        ({"sides_max_mm": [600, 400, 300]}, (1, 301, 600, 400), False),
        ({"sides_min_mm": [140, 110]}, (1, 5, 110, 140), True),
        ({"sides_min_mm": [140, 110]}, (1, 5, 109, 140), False),
        ({"girth_max_mm": 3000}, (1, 1200, 500, 400), True),
        ({"girth_max_mm": 3000}, (1, 1200, 600, 600), False),
        ({"two_largest_sum_max_mm": 1000}, (1, 600, 400, 300), True),
        ({"two_largest_sum_max_mm": 1000}, (1, 600, 401, 300), False),
        ({"volume_max_cm3": 1000}, (1, 100, 100, 100), True),
        ({"volume_max_cm3": 1000}, (1, 101, 100, 100), False),
        ({"weight_min_g": 50}, (49,), False),
        ({"weight_min_g": 50}, (50,), True),
        ({"any_of": [{"longest_max_mm": 100}, {"sum3_max_mm": 150}]}, (1, 120, 10, 10), True),
        ({"any_of": [{"longest_max_mm": 100}, {"sum3_max_mm": 130}]}, (1, 120, 10, 10), False),
        ({"roll": {"length_max_mm": 900}}, (1, 900, 90, 90, "roll"), True),
        ({"roll": {"length_max_mm": 900}}, (1, 901, 90, 90, "roll"), False),
        ({"roll": {"length_plus_2d_max_mm": 1040}}, (1, 900, 71, 0.1, "roll"), False),
        ({"roll": {"length_plus_2d_min_mm": 170}}, (1, 110, 29, 29, "roll"), False),
        ({"roll": {"length_min_mm": 110}}, (1, 109, 40, 40, "roll"), False),
        ({"roll": {"length_min_mm": 110}, "longest_max_mm": 1}, (1, 110, 9, 9, "roll"), True),
        ({"roll": {"length_min_mm": 110}}, (1, None, 9, 9, "roll"), False),
        ({"sum3_max_mm": 120}, (1, 100, 10, 999, "roll"), True),
        ({"roll": {"length_max_mm": 1}}, (1, 100, 10, 10), True),
    ],
)
def test_limits(limits: Raw, parcel: tuple[object, ...], fits: bool) -> None:
    quotes, refusals = rated(shipment(parcel), [tariff(limits=limits)])
    assert bool(quotes) is fits
    assert all(one.reason in {"size", "weight"} for one in refusals)


def test_the_first_reason_of_the_order_is_given() -> None:
    strict = tariff(
        limits={"weight_max_g": 10, "longest_max_mm": 10},
        gates={
            "declared_value": {"currency": "USD", "min": "5", "max": "10"},
            "battery": [],
            "refused_classes": ["food"],
            "needs": ["phone"],
        },
        bands=[BANDS[0]],
        promise={"max_days": 20},
        valid_to="2026-12-31",
    )
    wrong: Raw = {
        "date": "2027-01-01",
        "destination": {"country": "DE"},
        "options": ["signature"],
        "declared_value": {"amount": "4.99", "currency": "USD"},
        "goods": {"battery": "alone", "classes": ["food"]},
        "promise_days": 5,
    }
    parcel: tuple[object, ...] = (1000, 20, 20, 20)
    cures: list[tuple[str, Raw, tuple[object, ...]]] = [
        ("date", {"date": "2026-11-21"}, parcel),
        ("zone", {"destination": {"country": "RU"}}, parcel),
        ("option", {"options": []}, parcel),
        ("weight", {}, (10, 20, 20, 20)),
        ("size", {}, (10, 10, 10, 10)),
        ("value", {"declared_value": {"amount": "5", "currency": "USD"}}, (10, 10, 10, 10)),
    ]
    for expected, cure, next_parcel in cures:
        assert reason(strict, shipment(parcel, **wrong)) == expected
        wrong, parcel = wrong | cure, next_parcel
    assert reason(strict, shipment(parcel, **wrong)) == "battery"


def test_the_last_reasons_of_the_order() -> None:
    strict = tariff(
        gates={"refused_classes": ["food"], "needs": ["phone"]},
        bands=[BANDS[0]],
        promise={"max_days": 20},
    )
    wrong: Raw = {"goods": {"classes": ["food", "seed"]}, "promise_days": 19}
    assert reason(strict, shipment((1000,), **wrong)) == "goods"
    wrong["goods"] = {}
    assert reason(strict, shipment((1000,), **wrong)) == "need"
    wrong["contacts"] = ["phone"]
    assert reason(strict, shipment((1000,), **wrong)) == "band"
    assert reason(strict, shipment((100,), **wrong)) == "promise"
    wrong["promise_days"] = 20
    assert total(strict, shipment((100,), **wrong)) == "1.00"


@pytest.mark.parametrize(
    ("days", "fits"),
    # Ten business days are 14 calendar days from a Friday and from a Monday; seven of them 11.
    [(13, True), (12, False)],
)
def test_business_days_are_counted_in_calendar_days(days: int, fits: bool) -> None:
    promise = {"max_days": 10, "unit": "business"}
    for start, more in (("2026-11-20", 1), ("2026-11-23", 1)):
        what = shipment((10,), date=start, promise_days=days + more)
        assert bool(rated(what, [tariff(promise=promise)])[0]) is fits
    seven = {"max_days": 7, "unit": "business"}
    what = shipment((10,), date="2026-11-20", promise_days=days - 2)
    assert bool(rated(what, [tariff(promise=seven)])[0]) is fits


@pytest.mark.parametrize(
    ("value", "currency", "rates", "fits"),
    [
        ("10", "USD", [], True),
        ("10.01", "USD", [], False),
        ("70", "CNY", [("CNY", "USD", "0.14")], True),
        ("72", "CNY", [("CNY", "USD", "0.14")], False),
        ("70", "CNY", [("USD", "CNY", "7")], True),
        ("70.01", "CNY", [("USD", "CNY", "7")], False),
        ("1", "CNY", [], False),
    ],
)
def test_values_in_other_currencies(
    value: str, currency: str, rates: list[tuple[str, str, str]], fits: bool
) -> None:
    gated = tariff(gates={"declared_value": {"currency": "USD", "max": "10"}})
    given = [
        {"from": one, "to": other, "rate": rate, "on": "2026-11-20"} for one, other, rate in rates
    ]
    declared = {"amount": value, "currency": currency}
    what = shipment((10,), declared_value=declared, rates=given)
    assert bool(rated(what, [gated])[0]) is fits
    own = [Rate(from_=a, to=b, rate=Decimal(r), on="2026-11-20") for a, b, r in rates]
    assert bool(quote(shipment((10,), declared_value=declared), [gated], own)[0]) is fits


def test_a_value_gate_without_ends_restricts_nothing() -> None:
    assert total(tariff(gates={"declared_value": {"currency": "USD"}}), shipment((10,))) == "10.00"
