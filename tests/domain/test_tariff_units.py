"""Inch-pound keys and pieces: each key by itself, and its edge."""

from __future__ import annotations

from decimal import Decimal

import pytest

from packstation.domain.rating import Plans, quote, to_json
from packstation.domain.services import Quoted
from packstation.domain.shipments import Shipment
from packstation.domain.tariffs import Tariff
from tests.domain.rating_samples import Raw, reason, shipment, tariff, total

FLAT: Raw = {"kind": "flat", "amount": "10"}
# A pound, and what is least over it.
LB = "453.59237"
OVER_LB = "453.59238"


def answer(one: Tariff, what: Shipment) -> Quoted:
    """The quote, from the law and from a plan."""
    law, fast = quote(what, [one]), Plans([one]).quote(what)
    assert fast == law
    assert law[1] == ()
    return law[0][0]


@pytest.mark.parametrize(
    ("limits", "fits", "beyond"),
    [
        ({"weight_max_lb": 1}, (LB,), (OVER_LB,)),
        ({"weight_min_lb": 1}, (LB,), ("453.59236",)),
        ({"longest_max_in": 10}, (1, 254, 1, 1), (1, "254.001", 1, 1)),
        ({"sides_max_in": [10, 5]}, (1, 127, 254, 1), (1, "127.001", 254, 1)),
        ({"sides_min_in": [10, 5]}, (1, 127, 254, 1), (1, "126.999", 254, 1)),
        ({"sum3_max_in": 10}, (1, 100, 100, 54), (1, 100, 100, "54.001")),
        ({"girth_max_in": 10}, (1, 200, 17, 10), (1, 200, 17, "10.001")),
        ({"two_largest_sum_max_in": 10}, (1, 200, 54, 1), (1, 200, "54.001", 1)),
        ({"volume_max_in3": 1}, (1, "25.4", "25.4", "25.4"), (1, "25.401", "25.4", "25.4")),
        ({"roll": {"length_max_in": 10}}, (1, 254, 9, 9, "roll"), (1, "254.1", 9, 9, "roll")),
        ({"roll": {"length_min_in": 10}}, (1, 254, 9, 9, "roll"), (1, "253.9", 9, 9, "roll")),
        (
            {"roll": {"length_plus_2d_max_in": 10}},
            (1, 200, 27, 9, "roll"),
            (1, 200, "27.1", 9, "roll"),
        ),
        (
            {"roll": {"length_plus_2d_min_in": 10}},
            (1, 200, 27, 9, "roll"),
            (1, 200, "26.9", 9, "roll"),
        ),
        (
            {"any_of": [{"weight_max_lb": 1}, {"longest_max_in": 1}]},
            (LB, 99, 9, 9),
            (999, 99, 9, 9),
        ),
    ],
)
def test_limits_in_inches_and_pounds(
    limits: Raw, fits: tuple[object, ...], beyond: tuple[object, ...]
) -> None:
    limited = tariff(limits=limits)
    assert total(limited, shipment(fits)) == "10.00"
    assert reason(limited, shipment(beyond)) in {"weight", "size"}
    for one in (fits, beyond):
        what = shipment(one)
        assert Plans([limited]).quote(what) == quote(what, [limited])


def test_a_limit_is_told_in_its_own_unit() -> None:
    limited = tariff(limits={"weight_max_lb": 1, "longest_max_in": 10})
    for plans in (Plans([limited]).quote, lambda what: quote(what, [limited])):
        assert plans(shipment((1000,)))[1][0].detail == "2.205 lb is over 1 lb"
        long = shipment((1, 300, 9, 9))
        assert plans(long)[1][0].detail == "longest side 11.811 in is over 10 in"


@pytest.mark.parametrize(
    ("when", "parcel", "other"),
    [
        ({"any_side_ge_in": 10}, (1, 254, 1, 1), (1, "253.9", 1, 1)),
        ({"longest_gt_in": 10}, (1, "254.1", 1, 1), (1, 254, 1, 1)),
        ({"sides_gt_in": [10, 5]}, (1, 254, "127.1", 1), (1, 254, 127, 1)),
        ({"sum3_gt_in": 10}, (1, 200, 50, "4.1"), (1, 200, 50, 4)),
        ({"volume_gt_in3": 1}, (1, "25.5", "25.4", "25.4"), (1, "25.4", "25.4", "25.4")),
        ({"weight_gt_lb": 1}, (OVER_LB,), (LB,)),
        ({"girth_gt_in": 10}, (1, 200, 17, "10.1"), (1, 200, 17, 10)),
    ],
)
def test_conditions_in_inches_and_pounds(
    when: Raw, parcel: tuple[object, ...], other: tuple[object, ...]
) -> None:
    fee = {"code": "extra", "kind": "fixed", "amount": "5", "when": when}
    assert answer(tariff(fees=[fee]), shipment(parcel)).amount == 15
    assert answer(tariff(fees=[fee]), shipment(other)).amount == 10


@pytest.mark.parametrize(
    ("rule", "parcel", "pounds"),
    [
        ({"step_lb": 1}, (LB,), 1),
        ({"step_lb": 1}, (OVER_LB,), 2),
        ({"step_lb": "0.5"}, (OVER_LB,), 1.5),
        ({"step_lb": 1, "min_lb": 3}, (1,), 3),
        # 10 x 10 x 10 in = 1000 in3; / 139 = 7.19 lb.
        ({"mode": "max", "divisor_in3_per_lb": 139, "step_lb": 1}, (1, 254, 254, 254), 8),
        ({"mode": "max", "divisor_in3_per_lb": 125, "step_lb": 1}, (1, 254, 254, 254), 8),
        # The same by rule of dhl-usa: 139 in3/lb is not 5000 cm3/kg.
        ({"mode": "volumetric", "divisor_in3_per_lb": 1000}, (1, 254, 254, 254), 1),
        # USPS: each side up to the inch, and volume counts above a cubic foot only.
        (
            {
                "mode": "volumetric_if",
                "divisor_in3_per_lb": 166,
                "side_round": "up_in",
                "step_lb": 1,
                "when": {"volume_gt_in3": 1728},
            },
            (500, "304.8", "304.8", "304.9"),
            12,
        ),
        (
            {
                "mode": "volumetric_if",
                "divisor_in3_per_lb": 166,
                "side_round": "up_in",
                "step_lb": 1,
                "when": {"volume_gt_in3": 1728},
            },
            (500, "304.8", "304.8", "304.8"),
            2,
        ),
        # UPS and FedEx: to the nearest inch, half up: 10.5 in is 11 in.
        (
            {
                "mode": "max",
                "divisor_in3_per_lb": 1,
                "side_round": "nearest_in",
                "step_lb": 1,
            },
            (1, "266.7", "25.4", "25.4"),
            11,
        ),
        (
            {"mode": "volumetric", "divisor_in3_per_lb": 1, "side_min_in": 2, "step_lb": 1},
            (1, "25.4", "25.4", "25.4"),
            8,
        ),
        # Without a step the weight itself is billed.
        ({"min_lb": 1}, ("907.18474",), 2),
        ({"min_lb": "0.5"}, ("500",), 1.102311),
    ],
)
def test_billed_pounds(rule: Raw, parcel: tuple[object, ...], pounds: float) -> None:
    bands = [{"zone": "RU", "over_lb": 0, "up_to_lb": 99, "price": FLAT}]
    one = tariff(billable=rule, bands=bands)
    found = answer(one, shipment(parcel))
    shown = to_json([found], [])["quotes"][0]
    assert shown["billable_lb"] == pounds
    assert type(shown["billable_lb"]) is type(pounds)
    assert not {"billable_g", "billable_units"} & set(shown)
    assert abs(found.billable_g - Decimal(pounds) * Decimal(LB)) <= 1


@pytest.mark.parametrize(
    ("bands", "grams", "expected", "note"),
    [
        (
            [
                {
                    "over_lb": 0,
                    "up_to_lb": 5,
                    "price": {"kind": "linear", "fixed": 3, "per_lb": "1.1"},
                }
            ],
            OVER_LB,
            "5.20",
            "3 + 2 lb x 1.1/lb",
        ),
        (
            [
                {
                    "over_lb": 0,
                    "price": {"kind": "linear", "per_lb": 2, "on": "excess", "over_lb": 1},
                }
            ],
            "1000",
            "4.00",
            "2 lb x 2/lb",
        ),
        (
            [
                {
                    "over_lb": 1,
                    "price": {"kind": "linear", "fixed": 7, "per_lb": 2, "on": "excess"},
                }
            ],
            "1000",
            "11.00",
            "7 + 2 lb x 2/lb",
        ),
        (
            [
                {
                    "over_lb": 0,
                    "price": {
                        "kind": "step",
                        "first_lb": 1,
                        "first": 9,
                        "tiers": [{"step_lb": 2, "fee": 3, "up_to_lb": 5}],
                    },
                }
            ],
            "1500",
            "15.00",
            "9 + 2 x 3",
        ),
        (
            [{"over_lb": 0, "min_billable_lb": 4, "price": {"kind": "linear", "per_lb": 1}}],
            "1",
            "4.00",
            "4 lb x 1/lb",
        ),
        (
            [
                {"over_lb": 0, "up_to_lb": 1, "price": {"kind": "linear", "per_lb": 5}},
                {"over_lb": 1, "price": {"kind": "linear", "per_lb": 1}},
            ],
            "1000",
            "3.00",
            "3 lb x 1/lb",
        ),
    ],
)
def test_prices_in_pounds(bands: list[Raw], grams: str, expected: str, note: str) -> None:
    rows = [{"zone": "RU", **band} for band in bands]
    one = tariff(billable={"step_lb": 1}, bands=rows)
    found = answer(one, shipment((grams,)))
    assert f"{found.amount:f}" == expected
    assert [line[2] for line in found.lines] == [note]


def test_graduated_bands_in_pounds() -> None:
    rows = [
        {"zone": "RU", "over_lb": 0, "up_to_lb": 1, "price": {"kind": "linear", "per_lb": 5}},
        {"zone": "RU", "over_lb": 1, "price": {"kind": "linear", "per_lb": 1}},
    ]
    one = tariff(billable={"step_lb": 1}, bands=rows, combine="graduated")
    assert answer(one, shipment(("1000",))).amount == 7


def test_a_fee_by_the_pound() -> None:
    fees = [{"code": "fuel", "kind": "per_lb", "amount": "0.25"}]
    rows = [{"zone": "RU", "over_lb": 0, "up_to_lb": 9, "price": FLAT}]
    one = tariff(billable={"step_lb": 1}, bands=rows, fees=fees)
    found = answer(one, shipment((OVER_LB,)))
    assert [line[2] for line in found.lines] == ["10", "2 lb x 0.25"]
    assert found.amount == Decimal("10.50")


def test_a_weight_without_a_band_is_told_in_pounds() -> None:
    rows = [{"zone": "RU", "over_lb": 0, "up_to_lb": 1, "price": FLAT}]
    one = tariff(billable={"step_lb": 1}, bands=rows)
    for plans in (Plans([one]).quote, lambda what: quote(what, [one])):
        assert plans(shipment((OVER_LB,)))[1][0].detail == "no price for 2 lb in zone RU"


# --- pieces ---------------------------------------------------------------------------------

# Example 25 of reference/carriers.md: each side at least 30 cm, 27,000 cm3 a piece.
PIECES: Raw = {"unit_cm3": 27000, "side_min_mm": 300}
EACH: Raw = {"kind": "per_unit", "amount": "35"}


@pytest.mark.parametrize(
    ("parcel", "units", "amount"),
    [
        ((5000, 200, 400, 500), 3, "105.00"),
        ((1, 1, 1, 1), 1, "35.00"),
        ((1, 300, 300, 300), 1, "35.00"),
        ((1, 300, 300, "300.01"), 2, "70.00"),
        ((1, 300, 300, 600, "roll"), 1, "35.00"),
    ],
)
def test_pieces(parcel: tuple[object, ...], units: int, amount: str) -> None:
    one = tariff(EACH, billable=PIECES)
    found = answer(one, shipment(parcel))
    assert (found.billable_units, f"{found.amount:f}") == (units, amount)
    assert found.lines[0][2] == f"{units} units x 35"
    shown = to_json([found], [])["quotes"][0]
    assert shown["billable_units"] == units
    assert not {"billable_g", "billable_lb"} & set(shown)
    assert found.billable_g == int(str(parcel[0]))


def test_bands_of_pieces() -> None:
    rows = [
        {"zone": "RU", "over_units": 0, "up_to_units": 2, "price": FLAT},
        {"zone": "RU", "over_units": 2, "up_to_units": 4, "price": EACH},
    ]
    slab = tariff(billable={**PIECES, "mode": "volumetric"}, bands=rows)
    assert answer(slab, shipment((1, 300, 300, 600))).amount == 10
    assert answer(slab, shipment((1, 300, 300, 601))).amount == 105
    assert reason(slab, shipment((1, 300, 300, 1300))) == "band"
    assert Plans([slab]).quote(shipment((1, 300, 300, 1300)))[1][0].detail == (
        "no price for 5 units in zone RU"
    )
    graduated = tariff(billable=PIECES, bands=rows, combine="graduated")
    assert answer(graduated, shipment((1, 300, 300, 601))).amount == 45


def test_pieces_in_cubic_inches_and_a_fee_a_piece() -> None:
    fees = [{"code": "handling", "kind": "per_unit", "amount": "2"}]
    one = tariff(EACH, billable={"unit_in3": 1728}, fees=fees)
    found = answer(one, shipment((1, "304.8", "304.8", 305)))
    assert (found.billable_units, found.amount) == (2, Decimal(74))


def test_pieces_need_the_sides() -> None:
    one = tariff(EACH, billable=PIECES)
    what = shipment((1000,))
    assert reason(one, what) == "size"
    assert Plans([one]).quote(what) == quote(what, [one])
