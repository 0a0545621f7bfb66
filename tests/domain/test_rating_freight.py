"""Consignments to a warehouse: cartons priced together, by kilograms or by cubic metres."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.rating import Plans, quote
from packstation.domain.services import Quoted
from packstation.domain.shipments import Place, Shipment, ShipmentParcel
from packstation.domain.tariffs import Tariff


def freight(**more: Any) -> Tariff:  # noqa: ANN401 - JSON
    document = {
        "carrier": "sea",
        "service": "lcl",
        "class": "freight",
        "currency": "CNY",
        "valid_from": "2026-01-01",
        "zones": [{"code": "A", "match": [{"countries": ["DE"]}]}],
    }
    return msgspec.convert(document | more, Tariff, strict=False)


PER_KG = freight(
    bands=[{"zone": "A", "price": {"kind": "linear", "fixed": "0", "per_kg": "9.5"}}],
    billable={"mode": "max", "divisor_cm3_per_kg": "6000"},
    fees=[{"code": "papers", "kind": "fixed", "amount": "150"}],
)
PER_LITRE = freight(
    bands=[{"zone": "A", "price": {"kind": "per_unit", "amount": "1.2"}}],
    billable={"unit_cm3": "1000"},
)


def consignment(*sides: tuple[int, int, int]) -> Shipment:
    boxes = tuple(
        ShipmentParcel(
            weight_g=Decimal(12_000),
            length_mm=Decimal(long),
            width_mm=Decimal(wide),
            height_mm=Decimal(high),
        )
        for long, wide, high in sides
    )
    return Shipment(date=date(2026, 11, 23), destination=Place(country="DE"), parcels=boxes)


def priced(tariff: Tariff, shipment: Shipment) -> Quoted:
    (found,), refused = quote(shipment, [tariff])
    assert refused == ()
    return found


@pytest.mark.parametrize(
    ("tariff", "amount", "lines"),
    [
        # 12 kg against 400 x 300 x 200 / 6000 = 4 kg, and against 600 x 400 x 500 / 6000 = 20 kg.
        (PER_KG, "454.00", ["freight", "papers"]),
        # 24 litres and 120 litres.
        (PER_LITRE, "172.80", ["freight"]),
    ],
)
def test_cartons_of_a_consignment_are_billed_each_and_added_up(
    tariff: Tariff, amount: str, lines: list[str]
) -> None:
    found = priced(tariff, consignment((400, 300, 200), (600, 400, 500)))
    assert (found.channel, found.amount) == ("freight", Decimal(amount))
    assert [line[0] for line in found.lines] == lines
    assert sum((line[1] for line in found.lines), Decimal(0)) == found.amount


def test_a_started_litre_is_billed_whole() -> None:
    assert priced(PER_LITRE, consignment((100, 100, 101))).amount == Decimal("2.40")
    assert priced(PER_LITRE, consignment((100, 100, 100))).amount == Decimal("1.20")


WHOLE_KG = freight(
    bands=[
        {"zone": "A", "up_to_g": "45000", "price": {"kind": "linear", "per_kg": "12"}},
        {"zone": "A", "over_g": "45000", "price": {"kind": "linear", "per_kg": "9"}},
    ],
    billable={
        "per": "consignment",
        "mode": "max",
        "divisor_cm3_per_kg": "6000",
        "min_g": "21000",
        "step_g": "1000",
    },
    fees=[
        {"code": "fuel", "kind": "percent", "amount": "10", "base": ["freight"]},
        {"code": "terminal", "kind": "per_kg", "amount": "0.5"},
        {"code": "papers", "kind": "fixed", "amount": "150"},
        {
            "code": "long",
            "kind": "per_piece",
            "amount": "40",
            "when": {"longest_gt_mm": "1000"},
        },
    ],
)
WHOLE_M3 = freight(
    bands=[{"zone": "A", "price": {"kind": "per_unit", "amount": "1.2"}}],
    billable={"per": "consignment", "unit_cm3": "1000"},
    fees=[{"code": "handling", "kind": "per_unit", "amount": "0.1"}],
)


@pytest.mark.parametrize(
    ("cartons", "billable_kg", "lines"),
    [
        # 12 kg weigh more than 4 kg of volume; 21 kg are the least.
        ([(400, 300, 200)], 21, {"freight": "252.00", "fuel": "25.20", "terminal": "10.50"}),
        # 24 kg of weight, 4 + 20 kg of volume.
        ([(400, 300, 200), (600, 400, 500)], 24, {"freight": "288.00", "terminal": "12.00"}),
        # One carton is large, three are heavy: the sums are compared, 48 kg with 56.
        (
            [(400, 300, 200)] * 3 + [(1200, 400, 550)],
            56,
            {"freight": "504.00", "fuel": "50.40", "terminal": "28.00", "long": "40.00"},
        ),
    ],
)
def test_a_consignment_is_billed_once_by_its_kilograms(
    cartons: list[tuple[int, int, int]], billable_kg: int, lines: dict[str, str]
) -> None:
    found = priced(WHOLE_KG, consignment(*cartons))
    assert found.billable_g == billable_kg * 1000
    told = {code: amount for code, amount, _ in found.lines}
    assert told["papers"] == Decimal(150)
    assert told | {code: Decimal(amount) for code, amount in lines.items()} == told
    assert sum(told.values()) == found.amount


def test_a_started_litre_of_a_consignment_is_billed_once() -> None:
    boxes = consignment(*[(100, 100, 104)] * 10)
    found = priced(WHOLE_M3, boxes)
    assert (found.billable_units, found.amount) == (11, Decimal("14.30"))
    assert priced(PER_LITRE, boxes).amount == Decimal("24.00")
    assert [line[2] for line in found.lines] == ["11 units x 1.2", "11 unit x 0.1"]


def test_limits_and_bands_of_a_consignment_look_at_each_carton() -> None:
    limited = freight(
        limits={"weight_max_g": "11999"},
        bands=[{"zone": "A", "price": {"kind": "flat", "amount": "9"}}],
        billable={"per": "consignment"},
    )
    boxes = consignment((400, 300, 200), (600, 400, 500))
    _, (refused,) = quote(boxes, [limited])
    assert refused.reason == "weight"
    band = {"zone": "A", "limits": {"longest_max_mm": "500"}}
    banded = freight(
        bands=[{**band, "price": {"kind": "flat", "amount": "9"}}],
        billable={"per": "consignment"},
    )
    _, (refused,) = quote(boxes, [banded])
    assert (refused.reason, refused.detail) == ("size", "longest side 600 mm is over 500 mm")
    least = freight(
        bands=[{"zone": "A", "over_g": "45000", "price": {"kind": "linear", "per_kg": "9"}}],
        billable={"per": "consignment"},
    )
    _, (refused,) = quote(boxes, [least])
    assert refused.reason == "band"


def test_a_condition_of_sides_says_nothing_of_a_whole_consignment() -> None:
    with pytest.raises(msgspec.ValidationError, match="per consignment is allowed"):
        freight(
            bands=[{"zone": "A", "price": {"kind": "flat", "amount": "9"}}],
            billable={
                "per": "consignment",
                "mode": "volumetric_if",
                "divisor_cm3_per_kg": "6000",
            },
        )


@given(
    st.lists(st.tuples(*[st.integers(100, 900)] * 3), min_size=1, max_size=12),
    st.sampled_from([WHOLE_KG, WHOLE_M3]),
)
def test_a_consignment_costs_no_more_than_its_cartons_each_and_no_less_for_one_more(
    sides: list[tuple[int, int, int]], tariff: Tariff
) -> None:
    each = msgspec.structs.replace(
        tariff, billable=msgspec.structs.replace(tariff.billable, per="parcel")
    )
    whole, added = priced(tariff, consignment(*sides)), priced(each, consignment(*sides))
    assert whole.amount <= added.amount
    assert sum((line[1] for line in whole.lines), Decimal(0)) == whole.amount
    assert (whole.billable_units or whole.billable_g) <= (added.billable_units or added.billable_g)


def test_plans_say_the_same_of_a_consignment_of_one() -> None:
    one = consignment((400, 300, 200))
    assert Plans([WHOLE_KG, WHOLE_M3]).quote(one) == quote(one, [WHOLE_KG, WHOLE_M3])
