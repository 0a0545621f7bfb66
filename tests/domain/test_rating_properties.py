"""What holds of every price (reference/carriers.md section 9), and two faults of another engine."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.rating import Plans, quote
from packstation.domain.shipments import Shipment
from packstation.domain.tariffs import Tariff
from tests.domain import rating_random as drawn
from tests.domain.rating_samples import Raw, priced, rated, reason, shipment, tariff, total

SEEDS = st.integers(0, 2**32)


def random_case(seed: int) -> tuple[list[Tariff], Shipment]:
    chance = Random(seed)
    return [drawn.tariff(chance) for _ in range(6)], drawn.shipment(chance)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_no_price_is_below_nothing_and_lines_add_up(seed: int) -> None:
    tariffs, what = random_case(seed)
    for found in Plans(tariffs).quote(what)[0]:
        assert found.amount >= 0
        assert sum((amount for _, amount, _ in found.lines), Decimal(0)) == found.amount
        assert all(note for _, _, note in found.lines)


def test_a_discount_takes_a_price_to_nothing_and_no_further() -> None:
    fee = {"code": "contract", "kind": "fixed", "amount": "-12"}
    found = priced(tariff(fees=[fee]), shipment((100,)))
    assert f"{found.amount:f}" == "0.00"
    assert found.lines[-1] == ("rounding", Decimal("2.00"), "not below 0")


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_it_does_not_matter_which_side_is_called_length(seed: int) -> None:
    tariffs, what = random_case(seed)
    (parcel, *_) = what.parcels
    assume(parcel.shape == "box")
    plans, answers = Plans(tariffs), []
    for sides in permutations((parcel.length_mm, parcel.width_mm, parcel.height_mm)):
        turned = replace(parcel, length_mm=sides[0], width_mm=sides[1], height_mm=sides[2])
        answers.append(plans.quote(replace(what, parcels=(turned,))))
    assert all(one == answers[0] for one in answers)


BANDS: list[Raw] = [
    {"zone": "RU", "over_g": over, "up_to_g": up, "price": {"kind": "flat", "amount": at}}
    for at, (over, up) in enumerate([(0, 100), (100, 250), (250, 1000), (1000, 5000)], 1)
]
EDGES = {100, 250, 1000}


@given(st.integers(1, 4999))
def test_a_gram_more_changes_the_band_at_an_edge_only(grams: int) -> None:
    bands = Plans([tariff(bands=BANDS)])
    before, after = (bands.quote(shipment((weight,)))[0][0].amount for weight in (grams, grams + 1))
    assert (before != after) is (grams in EDGES)
    assert after >= before


@given(st.integers(1, 30_000), st.integers(1, 30_000))
def test_a_heavier_parcel_is_never_billed_less(one: int, other: int) -> None:
    made = Plans([tariff(billable={"mode": "max", "divisor_cm3_per_kg": 6000, "step_g": 500})])
    light, heavy = sorted((one, other))
    billed = [
        made.quote(shipment((grams, 400, 300, 200)))[0][0].billable_g for grams in (light, heavy)
    ]
    assert billed[0] <= billed[1]


# --- karrio 2026.1.32, defects 5 and 6 of reference/carriers.md section 1.3 ------------------

RATE_SHEET: list[Raw] = [
    {"zone": "RU", "over_g": low, "up_to_g": high, "price": {"kind": "flat", "amount": amount}}
    for low, high, amount in [(0, 1000, "5"), (1000, 5000, "9")]
]


def test_volumetric_weight_chooses_the_band() -> None:
    """0.4 kg of 40 x 30 x 20 cm are 4 kg by volume: not the price of up to 1 kg."""
    rule = {"mode": "max", "divisor_cm3_per_kg": 6000}
    large = shipment((400, 400, 300, 200))
    assert total(tariff(billable=rule, bands=RATE_SHEET), large) == "9.00"
    assert total(tariff(bands=RATE_SHEET), large) == "5.00"


@pytest.mark.parametrize(
    ("grams", "expected"), [(1000, "5.00"), ("999.6", "5.00"), ("1000.1", "9.00"), (5000, "9.00")]
)
def test_a_band_ends_with_its_upper_edge(grams: object, expected: str) -> None:
    """Exactly 1 kg costs what up to 1 kg costs, exactly 5 kg has a price, 999.6 g does not jump."""
    assert total(tariff(bands=RATE_SHEET), shipment((grams,))) == expected


def test_above_the_top_there_is_no_price() -> None:
    assert reason(tariff(bands=RATE_SHEET), shipment((5001,))) == "band"


# --- examples 22 to 25 of reference/carriers.md section 4 ------------------------------------


@pytest.mark.parametrize(
    ("kg", "expected"),
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
def test_parcelforce_zone_5_as_graduated_bands(kg: str, expected: str) -> None:
    def steps(over: int, up: int, fee: str) -> Raw:
        price = {"kind": "step", "first_g": 0, "first": 0, "tiers": [{"step_g": 500, "fee": fee}]}
        return {"zone": "RU", "over_g": over, "up_to_g": up, "price": price}

    first = {"kind": "flat", "amount": "4.35"}
    bands = [
        {"zone": "RU", "over_g": 0, "up_to_g": 500, "price": first},
        steps(500, 2500, "0.95"),
        steps(2500, 5000, "0.80"),
        steps(5000, 10000, "0.50"),
        steps(10000, 15000, "0.50"),
        steps(15000, 30000, "0.40"),
    ]
    one = tariff(bands=bands, combine="graduated", currency="GBP")
    grams = str(Decimal(kg) * 1000)
    assert total(one, shipment((grams, 300, 200, 100))) == expected


@pytest.mark.parametrize(
    ("rule", "parcel", "billed"),
    [
        ({"divisor_cm3_per_kg": 5000}, (1200, 150, 300, 200), ("billable_g", 1800)),
        ({"divisor_cm3_per_kg": 5000, "step_g": 500}, (2100, 9, 9, 9), ("billable_g", 2500)),
        ({"divisor_cm3_per_kg": 5000, "step_g": 500}, (9, 400, 400, 500), ("billable_g", 16000)),
    ],
)
def test_volumetric_examples(
    rule: Raw, parcel: tuple[object, ...], billed: tuple[str, int]
) -> None:
    found = priced(tariff(billable={"mode": "max", **rule}), shipment(parcel))
    assert getattr(found, billed[0]) == billed[1]


def test_pieces_of_27000() -> None:
    each = {"kind": "per_unit", "amount": "1"}
    one = tariff(each, billable={"unit_cm3": 27000, "side_min_mm": 300})
    assert priced(one, shipment((5000, 200, 400, 500))).billable_units == 3


# --- several currencies ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rates", "ranked"),
    [
        # 5 USD are 35 CNY and 6 EUR 46.8; JPY has no rate and stands last.
        ([("USD", "CNY", "7"), ("CNY", "EUR", "0.128")], ["CNY", "USD", "EUR", "JPY"]),
        ([("USD", "CNY", "1")], ["USD", "CNY", "EUR", "JPY"]),
        ([], ["CNY", "USD", "EUR", "JPY"]),
    ],
)
def test_prices_of_several_currencies_rank_by_the_rates(
    rates: list[tuple[str, str, str]], ranked: list[str]
) -> None:
    amounts = {"CNY": "10", "USD": "5", "EUR": "6", "JPY": "100"}
    tariffs = [
        tariff({"kind": "flat", "amount": amount}, currency=currency, service=currency)
        for currency, amount in amounts.items()
    ]
    given_rates = [
        {"from": one, "to": other, "rate": rate, "on": "2026-11-20"} for one, other, rate in rates
    ]
    quotes, _ = rated(shipment((10,), rates=given_rates), tariffs)
    assert [one.currency for one in quotes] == ranked


def test_what_whole_numbers_cannot_say_is_asked_of_the_law() -> None:
    one = tariff()
    for what in (shipment(("0.000001",)), shipment((1, "0.0001", 1, 1)), shipment((1,), (2,))):
        assert Plans([one]).quote(what) == quote(what, [one])
    odd = tariff(rounding={"quantum": "0.0000001"})
    assert total(odd, shipment((1,))) == "10.00"
