"""A carrier without an interface: a number is taken for a key once, after the tariff has agreed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import httpx
import pytest
from msgspec.structs import replace

from packstation.carriers.adapters.own import OwnCarrier
from packstation.domain.carriers import BuyRequest, GoodsLine
from packstation.domain.errors import LabelRefused
from packstation.domain.orders import Address
from packstation.domain.quantities import Money
from packstation.domain.s10 import parse
from packstation.domain.services import Quoted
from packstation.domain.shipments import Place, Shipment, ShipmentParcel
from packstation.server.own_numbers import own_carrier
from packstation.server.pools import PoolRange, add_range, left
from packstation.server.run import Running
from tests.server.bench import Bench, Clock
from tests.server.test_pools import ask
from tests.server.test_tariffs import publish, tariff

GATES = {"battery": ["none", "built_in"], "refused_classes": ["liquid"], "needs": ["phone"]}


@pytest.fixture
def own(running: Running, api: httpx.Client, site: str) -> OwnCarrier:
    limits = {"sum3_max_mm": 900}
    raw = tariff(carrier="chinapost", service="e-packet", gates=GATES, limits=limits)
    assert publish(api, raw).is_success
    with running.server.store.write() as connection:
        add_range(
            connection,
            site,
            PoolRange(
                carrier="chinapost", service="e-packet", prefix="LP", country="CN", first=1, last=9
            ),
        )
    return own_carrier(running.server, "chinapost")


REQUEST = BuyRequest(
    key="p-1/1",
    parcel="p-1",
    carrier="chinapost",
    service="e-packet",
    site="GZ-1",
    gross_g=420,
    size_mm=(200, 150, 60),
    recipient=Address(name="Ivan", country="RU", phone="+79161234567"),
    goods=(GoodsLine(sku="TS", quantity=2, value=Money(Decimal(5), "CNY")),),
)


def test_a_key_gets_one_number_at_the_tariffs_price(own: OwnCarrier) -> None:
    first, again = own.buy(REQUEST), own.buy(REQUEST)
    assert parse(first.waybill).serial == "00000001"
    assert first.price == Money(Decimal("5.00"), "CNY")
    assert first.waybill == again.waybill
    assert own.find("p-1/1") == replace(first, price=None)
    assert own.find("p-9/1") is None
    assert own.buy(replace(REQUEST, key="p-2/1")).waybill != first.waybill


def test_many_at_once_get_one_number_for_each_key(own: OwnCarrier) -> None:
    keys = [f"p-{number % 3}/1" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda key: (key, own.buy(replace(REQUEST, key=key)).waybill), keys))
    assert len(set(got)) == 3


def test_a_bench_never_gets_the_servers_numbers(own: OwnCarrier, bench: Bench) -> None:
    sold = own.buy(REQUEST).waybill
    leased = ask(bench, "r-1", 100)
    assert (leased.first, leased.last) == (2, 9)
    assert parse(sold).serial == "00000001"
    with pytest.raises(LabelRefused) as caught:
        own.buy(replace(REQUEST, key="p-2/1"))
    assert caught.value.fields["reason"] == "numbers"


def test_a_void_is_for_good_and_of_what_was_sold(own: OwnCarrier) -> None:
    own.buy(REQUEST)
    own.void("p-1/1")
    own.void("p-1/1")
    found = own.find("p-1/1")
    assert found is not None
    assert found.voided
    with pytest.raises(LabelRefused) as caught:
        own.void("p-9/1")
    assert caught.value.fields["reason"] == "never_bought"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"gross_g": 2001}, "weight"),
        ({"gross_g": 0}, "weight"),
        ({"gross_g": -5}, "weight"),
        ({"size_mm": (400, 400, 200)}, "size"),
        ({"recipient": Address(country="DE", phone="1")}, "address"),
        ({"recipient": Address(country="RU")}, "documents"),
        ({"goods": (GoodsLine(sku="x", quantity=1, battery="alone"),)}, "goods"),
        ({"goods": (GoodsLine(sku="x", quantity=1, classes=("liquid",)),)}, "goods"),
        ({"service": "air"}, "service"),
    ],
)
def test_what_the_tariff_refuses_uses_no_number(
    own: OwnCarrier, running: Running, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(LabelRefused) as caught:
        own.buy(replace(REQUEST, **changes))
    assert (caught.value.fields["reason"], own.find("p-1/1")) == (reason, None)
    with running.server.store.read() as connection:
        assert left(connection, "GZ-1") == [("chinapost", "e-packet", 9)]


def test_a_new_tariff_counts_at_once(own: OwnCarrier, api: httpx.Client) -> None:
    shipment = Shipment(
        date=date(2026, 11, 23),
        destination=Place(country="RU"),
        parcels=(
            ShipmentParcel(
                weight_g=Decimal(420),
                length_mm=Decimal(200),
                width_mm=Decimal(150),
                height_mm=Decimal(60),
            ),
        ),
        contacts=("phone",),
    )
    (before,) = own.quote(shipment, "GZ-1")
    later = tariff(
        carrier="chinapost", service="e-packet", version="2026-11-20", valid_from="2026-11-20"
    )
    later["bands"][0]["price"]["amount"] = "7.00"
    assert publish(api, later).is_success
    (after,) = own.quote(shipment, "GZ-1")
    assert isinstance(before, Quoted)
    assert isinstance(after, Quoted)
    assert (before.amount, after.amount) == (Decimal("5.00"), Decimal("7.00"))


def test_the_ledger_has_what_was_sold_and_voided(own: OwnCarrier, api: httpx.Client) -> None:
    for key in ("p-1/1", "p-2/1", "p-3/1"):
        own.buy(replace(REQUEST, key=key))
    own.void("p-2/1")
    own.void("p-2/1")
    (one,) = api.get("/v1/pools").json()["pools"]
    assert {name: one[name] for name in ("total", "free", "leased", "used", "voided")} == {
        "total": 9,
        "free": 6,
        "leased": 0,
        "used": 2,
        "voided": 1,
    }


def test_a_number_rests_24_months_after_it_was_voided_and_is_then_sold_again(
    own: OwnCarrier, clock: Clock
) -> None:
    numbers = [own.buy(replace(REQUEST, key=f"p-{n}/1")).waybill for n in range(1, 10)]
    clock.forward(days=300)
    own.void("p-1/1")

    def none_left(key: str) -> bool:
        with pytest.raises(LabelRefused) as caught:
            own.buy(replace(REQUEST, key=key))
        return caught.value.fields["reason"] == "numbers"

    clock.forward(days=200)
    assert none_left("p-10/1")  # used 500 days ago
    clock.forward(days=322)  # leases rest from their last day on, the 90th
    assert [own.buy(replace(REQUEST, key=f"q-{n}/1")).waybill for n in range(8)] == numbers[1:]
    assert none_left("q-8/1")  # void for 522 days only
    clock.forward(days=210)
    assert own.buy(replace(REQUEST, key="q-9/1")).waybill == numbers[0]
    assert own.find("p-1/1") is None
    assert own.find("q-9/1") is not None
