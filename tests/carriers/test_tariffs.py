from __future__ import annotations

import inspect
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from packstation.assets import resource
from packstation.carriers.tariffs import TariffBook, load_folder, load_tariff, shipment_of
from packstation.domain.catalog import Product
from packstation.domain.errors import InputInvalid
from packstation.domain.orders import Order
from packstation.domain.quantities import Money
from packstation.domain.records import decode_one
from packstation.domain.tariffs import Tariff
from packstation.station.ports import Rater

TODAY = date(2026, 11, 21)


def order(**changes: object) -> Order:
    base: dict[str, Any] = {
        "order_id": "S-1",
        "ship_from": {"country": "CN", "postcode": "510000"},
        "ship_to": {"country": "RU", "postcode": "420111", "phone": "+7 900"},
        "lines": [
            {"line": 1, "sku": "A", "quantity": 2},
            {"line": 2, "sku": "B", "quantity": 1, "unit_price": cny("7.50")},
        ],
    }
    return decode_one(base | changes, Order)


def cny(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def product(sku: str, **changes: object) -> Product:
    return decode_one({"sku": sku, **changes}, Product)


A = product("A", customs={"unit_value": cny("10")}, goods={"battery": "built_in"})
B = product("B", goods={"battery": "none", "classes": ["magnet", "food"]})
BOOK = TariffBook(load_folder(resource("tariffs")), lambda: TODAY)


def test_it_quotes_as_the_rater_does() -> None:
    assert inspect.signature(TariffBook.quote) == inspect.signature(Rater.quote)


def test_a_packed_parcel_is_priced() -> None:
    quotes, refusals = BOOK.quote(order(), {"A": A}, 1250, (300, 200, 120))
    assert refusals == ()
    assert (quotes[0].carrier, quotes[0].service) == ("chinapost", "e-packet")
    assert quotes[0].amount == Decimal("87.00")
    assert (quotes[0].channel, quotes[0].tariff) == ("postal", "2025-09-15")


@pytest.mark.parametrize(
    ("goods", "size", "grams", "reason"),
    [
        ({"A": A, "B": B}, (300, 200, 120), 500, "goods"),
        ({"A": product("A", goods={"battery": "alone"})}, (300, 200, 120), 500, "battery"),
        ({}, (), 500, "size"),
        ({}, (300, 200, 0), 500, "size"),
        ({}, (601, 200, 99), 500, "size"),
        ({}, (300, 200, 120), 5001, "weight"),
    ],
)
def test_refusals(
    goods: dict[str, Product], size: tuple[int, ...], grams: int, reason: str
) -> None:
    quotes, refusals = BOOK.quote(order(), goods, grams, size)
    assert quotes == ()
    assert refusals[0].reason == reason


def test_what_a_parcel_tells_of_its_order() -> None:
    made = shipment_of(order(options=["signature"]), {"A": A, "B": B}, 100, (1, 2, 3), TODAY)
    assert made.declared_value == Money(Decimal("27.50"), "CNY")
    assert (made.goods.battery, made.goods.classes) == ("built_in", ("food", "magnet"))
    assert (made.contacts, made.options) == (("phone",), ("signature",))
    assert (made.origin.country, made.destination.postcode) == ("CN", "420111")


def test_a_value_is_known_or_it_is_not() -> None:
    def value(one: Order, products: dict[str, Product]) -> Money | None:
        return shipment_of(one, products, 100, (), TODAY).declared_value

    assert value(order(), {}) is None
    assert value(order(declared_total=cny("5")), {}) == Money(Decimal(5), "CNY")
    usd = product("A", customs={"unit_value": {"amount": "1", "currency": "USD"}})
    assert value(order(), {"A": usd}) is None
    own = order(products=[{"sku": "A", "customs": {"unit_value": cny("1")}}])
    assert value(own, {}) == Money(Decimal("9.50"), "CNY")


@pytest.mark.parametrize("country", ["RU", "US", "DE", "GB", "BR", "JP"])
def test_every_destination_of_the_samples_has_a_price(country: str) -> None:
    to = {"country": country, "postcode": "10001"}
    for grams in (20, 400, 2000):
        quotes, _ = BOOK.quote(order(ship_to=to), {}, grams, (300, 200, 120))
        assert quotes[0].amount > 0


def test_a_price_without_a_source_says_so() -> None:
    tariff = BOOK.tariffs[0]
    assert "examples" in tariff.source
    notes = {band.zone: band.note for band in tariff.bands}
    assert notes.pop("RU").startswith("source A")
    assert set(notes.values()) == {"example, replace by your contract"}


def test_a_folder_names_the_file_that_is_wrong(tmp_path: Path) -> None:
    raw = json.loads(resource("tariffs", "chinapost-e-packet.json").read_text("utf-8"))
    (tmp_path / "a.json").write_text(json.dumps(raw), "utf-8")
    (tmp_path / "notes.txt").write_text("no tariff", "utf-8")
    assert [one.service for one in load_folder(tmp_path)] == ["e-packet"]
    (tmp_path / "b.json").write_text(json.dumps(raw | {"per_lb": 1}), "utf-8")
    with pytest.raises(InputInvalid) as refused:
        load_folder(tmp_path)
    assert (refused.value.fields["file"], refused.value.fields["path"]) == ("b.json", "per_lb")
    with pytest.raises(InputInvalid):
        load_tariff(b"[]")


def test_cartons_of_a_consignment_are_priced_together() -> None:
    whole = decode_one(
        {
            "carrier": "sea",
            "service": "lcl",
            "class": "freight",
            "currency": "CNY",
            "valid_from": "2026-01-01",
            "zones": [{"code": "RU", "match": [{"countries": ["RU"]}]}],
            "billable": {"per": "consignment", "min_g": "21000"},
            "bands": [{"zone": "RU", "price": {"kind": "linear", "per_kg": "10"}}],
        },
        Tariff,
    )
    book = TariffBook([whole], lambda: date(2026, 11, 23))
    boxes: list[tuple[int, tuple[int, ...]]] = [(9_000, ()), (8_000, (400, 300, 200))]
    told = [book.quote(order(), {}, 7_000, (), boxes[:count])[0][0].amount for count in range(3)]
    # 21 kg are the least: the second carton adds nothing, the third three kilograms.
    assert told == [210, 210, 240]
