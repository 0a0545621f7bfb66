from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from packstation.domain.orders import Order
from packstation.domain.quantities import Money
from packstation.domain.records import Problem, decode_orders

Raw = dict[str, Any]


def posting(**changes: object) -> Raw:
    base = {
        "order_id": 700100200,
        "posting_number": "40112233-0007-1",
        "parent_posting_number": None,
        "status": "awaiting_packaging",
        "substatus": "posting_created",
        "in_process_at": "2026-11-20T06:02:11Z",
        "shipment_date": "2026-11-21T10:00:00Z",
        "delivering_date": None,
        "delivery_method": {"warehouse": "GZ-1"},
        "products": [
            {
                "sku": 900800700,
                "offer_id": "TS-BLK-M",
                "quantity": 2,
                "price": "59.9000",
                "currency_code": "CNY",
            }
        ],
        "requirements": {"products_requiring_country": ["900800700"], "products_requiring_gtd": []},
        "tariffication": {
            "current_tariff_type": "discount",
            "current_tariff_charge": {"amount": "1.20", "currency": "CNY"},
            "next_tariff_type": "extra_charge",
            "next_tariff_charge": {"amount": "6.00", "currency": "CNY"},
            "next_tariff_starts_at": "2026-11-21T10:00:00.000Z",
        },
    }
    return base | changes


def read(raw: Raw) -> Order:
    found = decode_orders(json.dumps(raw).encode())
    assert found.bad == ()
    return found.records[0]


def refused(raw: Raw) -> Problem:
    found = decode_orders(json.dumps(raw).encode())
    assert found.good == ()
    return found.bad[0]


def test_a_posting_becomes_an_order() -> None:
    order = read(posting())
    assert (order.order_id, order.channel, order.site) == ("40112233-0007-1", "ozon", "GZ-1")
    assert order.status == "ready"
    assert order.placed_at == datetime(2026, 11, 20, 6, 2, 11, tzinfo=UTC)
    line = order.lines[0]
    assert (line.line, line.sku, line.quantity) == (1, "TS-BLK-M", 2)
    assert line.unit_price == Money(Decimal("59.9000"), "CNY")
    handover = order.handover()
    assert handover is not None
    assert handover.at == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert handover.next_at == handover.at
    assert handover.cost_now == Money(Decimal("-1.20"), "CNY")
    assert handover.cost_next == Money(Decimal("6.00"), "CNY")
    assert order.requirements == ({"sku": "TS-BLK-M", "kind": "country", "value": None},)
    assert order.channel_status == {"status": "awaiting_packaging", "substatus": "posting_created"}


def test_charges_written_as_text() -> None:
    tariff = {
        "current_tariff_charge": "0.50",
        "current_tariff_charge_currency_code": "CNY",
        "next_tariff_charge": "",
        "next_tariff_charge_currency_code": "",
        "next_tariff_starts_at": "soon",
    }
    for written in (tariff, [tariff]):
        handover = read(posting(tariffication=written)).deadlines[0]
        assert handover.cost_now == Money(Decimal("0.50"), "CNY")
        assert (handover.cost_next, handover.next_at) == (None, None)


@pytest.mark.parametrize("tariff", [None, [], "x", {}, {"current_tariff_charge": {"amount": "x"}}])
def test_absent_charges_are_null(tariff: object) -> None:
    handover = read(posting(tariffication=tariff)).deadlines[0]
    assert (handover.cost_now, handover.cost_next, handover.next_at) == (None, None, None)


def test_both_deadlines_or_none() -> None:
    order = read(posting(delivering_date="2026-12-01T00:00:00Z"))
    assert [due.kind for due in order.deadlines] == ["handover", "deliver"]
    assert read(posting(shipment_date="")).deadlines == ()


@pytest.mark.parametrize(
    ("status", "substatus", "expected"),
    [
        ("awaiting_packaging", "", "ready"),
        ("awaiting_deliver", "posting_created", "ready"),
        ("awaiting_deliver", "ship_failed", "on_hold"),
        ("awaiting_packaging", "posting_awaiting_passport_data", "on_hold"),
        ("awaiting_packaging", "posting_registration_error", "on_hold"),
        ("delivering", "ship_failed", "shipped"),
        ("driver_pickup", "", "shipped"),
        ("delivered", "", "shipped"),
        ("not_accepted", "", "shipped"),
        ("sent_by_seller", "", "shipped"),
        ("cancelled", "", "cancelled"),
        ("cancelled_from_split_pending", "", "cancelled"),
        ("arbitration", "", "on_hold"),
        ("brand_new_status", "", "on_hold"),
        ("", "", "on_hold"),
    ],
)
def test_statuses(status: str, substatus: str, expected: str) -> None:
    assert read(posting(status=status, substatus=substatus)).status == expected


@pytest.mark.parametrize(
    ("country", "code"), [("Россия", "RU"), ("by", "BY"), ("Казахстан", "KZ"), ("Нарния", "")]
)
def test_the_buyers_address(country: str, code: str) -> None:
    address = {
        "zip_code": "420111",
        "country": country,
        "region": "Татарстан",
        "city": "Казань",
        "district": None,
        "address_tail": "ул. Баумана, 12",
        "comment": "",
    }
    customer = {"name": "Анна Серова", "phone": "", "customer_id": 7, "address": address}
    to = read(posting(customer=customer)).ship_to
    assert (to.name, to.city, to.postcode, to.country) == ("Анна Серова", "Казань", "420111", code)
    assert to.lines == ("ул. Баумана, 12",)


def test_what_is_still_to_give_names_the_sellers_sku() -> None:
    needs = {
        "products_requiring_gtd": [900800700],
        "products_requiring_imei": ["404"],
        "products_requiring_weight": None,
        "products_requiring_rnpt": "x",
    }
    given = read(posting(requirements=needs)).requirements
    assert [(need["sku"], need["kind"]) for need in given] == [("TS-BLK-M", "gtd"), ("404", "imei")]


def test_a_split_keeps_its_parent() -> None:
    assert read(posting(parent_posting_number="40112233-0007")).parent_order_id == "40112233-0007"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"products": []}, "products"),
        ({"products": [{"offer_id": "A", "quantity": 0}]}, "products[0].quantity"),
        ({"products": [{"offer_id": "A", "quantity": 1}, {"quantity": 1}]}, "products[1].offer_id"),
        ({"shipment_date": "tomorrow"}, "shipment_date"),
        ({"posting_number": 7}, "posting_number"),
    ],
)
def test_a_bad_posting_is_refused_by_its_own_path(changes: Raw, path: str) -> None:
    assert refused(posting(**changes)).path == path


def test_a_price_beyond_all_use_is_refused() -> None:
    goods = [{"offer_id": "A", "quantity": 1, "price": "1e99", "currency_code": "CNY"}]
    assert "18 digits" in refused(posting(products=goods)).allowed


def shopify(**changes: object) -> Raw:
    base = {
        "id": 5500000000001,
        "name": "#S-10482",
        "created_at": "2026-11-19T20:11:02-05:00",
        "financial_status": "paid",
        "fulfillment_status": None,
        "currency": "USD",
        "total_price": "42.00",
        "email": "buyer@example.com",
        "tags": "gift, vip,",
        "line_items": [{"sku": "MG-ENM-MOS", "quantity": 2, "price": "18.50"}],
        "shipping_address": {
            "name": "Zoë Müller",
            "address1": "Hauptstraße 5",
            "city": "Köln",
            "zip": "50667",
            "country_code": "DE",
        },
        "fulfillment_orders": [{"fulfill_by": "2026-11-22T00:00:00Z"}, {}],
    }
    return base | changes


def test_a_shopify_order() -> None:
    order = read(shopify())
    assert (order.order_id, order.channel, order.status) == ("S-10482", "shopify", "ready")
    assert order.payment is not None
    assert order.payment.total == Money(Decimal("42.00"), "USD")
    assert order.lines[0].unit_price == Money(Decimal("18.50"), "USD")
    assert (order.ship_to.city, order.ship_to.country) == ("Köln", "DE")
    assert order.ship_to.lines == ("Hauptstraße 5",)
    assert [due.at for due in order.deadlines] == [datetime(2026, 11, 22, tzinfo=UTC)]
    assert order.tags == ("gift", "vip")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cancelled_at": "2026-11-20T00:00:00Z"}, "cancelled"),
        ({"fulfillment_status": "fulfilled"}, "shipped"),
        ({"fulfillment_status": "partial"}, "on_hold"),
        ({"financial_status": "pending"}, "unpaid"),
        ({"financial_status": "refunded"}, "on_hold"),
        ({"financial_status": "partially_refunded"}, "ready"),
    ],
)
def test_shopify_statuses(changes: Raw, expected: str) -> None:
    assert read(shopify(**changes)).status == expected


def test_a_shopify_line_without_a_sku() -> None:
    wrong = refused(shopify(line_items=[{"sku": "", "quantity": 1}]))
    assert wrong.path == "line_items[0].sku"


def test_a_name_of_hashes_alone_stays() -> None:
    assert read(shopify(name="#")).order_id == "#"


def test_a_price_may_be_missing() -> None:
    goods = [{"offer_id": "A", "quantity": 1}, {"offer_id": "B", "quantity": 1, "price": "1"}]
    assert [line.unit_price for line in read(posting(products=goods)).lines] == [None, None]
