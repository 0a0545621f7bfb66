"""A little less weight that would be cheaper, said only where a tariff says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.rating import Plans
from packstation.domain.rating.edges import with_edges
from packstation.domain.services import Edge, Quoted
from packstation.domain.shipments import Place, Shipment, ShipmentParcel
from packstation.domain.tariffs import Tariff


def tariff(*bands: dict[str, Any], **more: Any) -> Tariff:  # noqa: ANN401 - JSON
    document = {
        "schema": "packstation.tariff/1",
        "carrier": "c",
        "service": "s",
        "class": "postal",
        "currency": "CNY",
        "valid_from": "2026-01-01",
        "zones": [{"code": "A", "match": [{"countries": ["RU"]}]}],
        "bands": [{"zone": "A", **band} for band in bands],
    }
    return msgspec.convert(document | more, Tariff, strict=False)


def flat(over: str, up_to: str, amount: str) -> dict[str, Any]:
    price = {"kind": "flat", "amount": amount}
    return {"over_g": over, "up_to_g": up_to, "price": price}


def parcel(grams: str, sides: tuple[int, int, int] | None = None) -> Shipment:
    named: dict[str, Any] = dict(
        zip(("length_mm", "width_mm", "height_mm"), map(Decimal, sides or ()), strict=False)
    )
    one = ShipmentParcel(weight_g=Decimal(grams), **named)
    return Shipment(date=date(2026, 11, 23), destination=Place(country="RU"), parcels=(one,))


def edge(shipment: Shipment, *tariffs: Tariff) -> Edge | None:
    plans = Plans(tariffs)
    quotes = plans.quote(shipment)[0]
    return with_edges(quotes, tariffs, shipment, lambda one: plans.quote(one)[0])[0].edge


BANDS = (flat("0", "500", "20"), flat("500", "1000", "28"), flat("1000", "2000", "45"))


@pytest.mark.parametrize(
    ("grams", "found"),
    [
        ("512", Edge(12, Decimal(8))),
        ("511.4", Edge(12, Decimal(8))),
        ("500", None),
        ("900", None),  # 400 g out of 900 is another order
        ("1100", Edge(100, Decimal(17))),
    ],
)
def test_the_end_of_a_band_close_below_is_told(grams: str, found: Edge | None) -> None:
    assert edge(parcel(grams), tariff(*BANDS)) == found


def test_started_steps_are_told_up_to_the_one_before() -> None:
    tiers = [{"step_g": "500", "fee": "15", "up_to_g": "2000"}, {"step_g": "1000", "fee": "40"}]
    price = {"kind": "step", "first_g": "500", "first": "52.5", "tiers": tiers}
    stepped = tariff({"over_g": "0", "price": price})
    assert edge(parcel("1104"), stepped) == Edge(104, Decimal(15))
    assert edge(parcel("512"), stepped) == Edge(12, Decimal(15))
    assert edge(parcel("2020"), stepped) == Edge(20, Decimal(40))
    assert edge(parcel("3010"), stepped) == Edge(10, Decimal(40))
    assert edge(parcel("1000"), stepped) is None


def test_steps_of_other_bands_are_no_edges_of_this_one() -> None:
    def stepped(over: str, up_to: str, first: str) -> dict[str, Any]:
        tiers = [{"step_g": "100", "fee": "5", "up_to_g": up_to}]
        price = {"kind": "step", "first_g": first, "first": "20", "tiers": tiers}
        return {"over_g": over, "up_to_g": up_to, "price": price}

    bands = (stepped("0", "500", "100"), flat("500", "1000", "41"), stepped("1000", "2000", "1500"))
    assert edge(parcel("512"), tariff(*bands)) is None
    assert edge(parcel("412"), tariff(*bands)) == Edge(12, Decimal(5))


def test_a_price_by_the_gram_has_no_edge_and_a_billed_step_has() -> None:
    linear = {"over_g": "0", "price": {"kind": "linear", "fixed": "2", "per_g": "0.1"}}
    assert edge(parcel("512"), tariff(linear)) is None
    fine = tariff(linear, billable={"step_g": "20"})
    assert edge(parcel("110"), fine) == Edge(10, Decimal(2))
    assert edge(parcel("15"), fine) is None
    stepped = tariff(linear, billable={"step_g": "500"})
    assert edge(parcel("512"), stepped) == Edge(12, Decimal(50))


def test_taking_weight_out_of_a_large_light_box_saves_nothing() -> None:
    by_volume = tariff(*BANDS, billable={"mode": "max", "divisor_cm3_per_kg": "6000"})
    assert edge(parcel("512", (300, 200, 100)), by_volume) is None
    assert edge(parcel("512", (100, 100, 100)), by_volume) == Edge(12, Decimal(8))


def test_nothing_is_said_of_pieces_of_several_parcels_or_of_nothing() -> None:
    unit = {"zone": "A", "price": {"kind": "per_unit", "amount": "3"}}
    pieces = tariff(unit, billable={"unit_cm3": "27000"})
    assert edge(parcel("512", (300, 200, 100)), pieces) is None
    one = parcel("512").parcels[0]
    both = replace(parcel("512"), parcels=(one, one))
    assert edge(both, tariff(*BANDS)) is None
    assert with_edges((), (), parcel("1"), lambda _: ()) == ()


def test_another_version_of_a_tariff_is_another_price() -> None:
    quote = Quoted("c", "s", Decimal(28), "CNY", 512, 1, 2, 1, tariff="2")
    older = replace(quote, amount=Decimal(20), tariff="1")
    found = with_edges((quote,), (tariff(*BANDS),), parcel("512"), lambda _: (older,))
    assert found[0].edge is None
    assert with_edges((quote,), (tariff(*BANDS),), parcel("512"), lambda _: ())[0].edge is None


@given(st.decimals("1", "1999", places=1))
def test_what_is_said_is_what_the_lighter_parcel_costs(grams: Decimal) -> None:
    plans = Plans((tariff(*BANDS),))
    found = edge(parcel(str(grams)), tariff(*BANDS))
    if found is not None:
        now = plans.quote(parcel(str(grams)))[0][0].amount
        lighter = plans.quote(parcel(str(grams - found.grams)))[0][0].amount
        assert now - lighter == found.saves > 0
