"""Consignments to a warehouse: cartons priced together, by kilograms or by cubic metres."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from packstation.domain.rating import quote
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
