"""EasyPost's own words: what is sent, what is read, and what is refused before anything is sent.

That it buys once whatever happens is the conformance kit's matter (test_conformance.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.carriers.adapters import easypost_words as words
from packstation.carriers.adapters.easypost import EasyPost
from packstation.carriers.conformance import KEY, REQUEST, STOCK
from packstation.carriers.sandbox.easypost import EasyPostDialect
from packstation.carriers.sandbox.script import Plan
from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.domain.carriers import BuyRequest, GoodsLine, LabelWanted
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused, RateUnavailable
from packstation.domain.quantities import Money
from packstation.domain.shipments import Place, Shipment, ShipmentParcel

SHIPMENT = Shipment(
    date=date(2026, 11, 23),
    origin=Place(country="CN", postcode="518000"),
    destination=Place(country="US", postcode="10001"),
    parcels=(ShipmentParcel(weight_g=Decimal(333)),),
)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(EasyPostDialect(), Plan()) as made:
        yield made


@pytest.fixture
def account(server: FaultServer) -> Iterator[EasyPost]:
    made = EasyPost(SECRET, base_url=server.url, timeout_s=2, pause=lambda _: None)
    yield made
    made.close()


def sent(server: FaultServer, path: str) -> dict[str, Any]:
    body = next(call.body for call in server.calls if call.path == path)
    return dict(json.loads(body))


def reason(request: BuyRequest) -> str:
    with pytest.raises(LabelRefused) as caught:
        words.shipment_of(request)
    return str(caught.value.fields["reason"])


def test_what_is_sent(account: EasyPost, server: FaultServer) -> None:
    goods = GoodsLine(
        sku="TS-1",
        quantity=3,
        description="T-shirt",
        hs="610910",
        origin="CN",
        net_g=100,
        value=Money(Decimal("4.50"), "USD"),
    )
    request = replace(
        REQUEST,
        service="USPS.plain",
        goods=(goods,),
        options=("signature", "insurance"),
        insured=Money(Decimal(90), "USD"),
        incoterm="DDP",
        wanted=LabelWanted(media="application/zpl", width_mm=101.6, height_mm=152.4),
    )
    account.buy(replace(request, wanted=STOCK))
    made = sent(server, "/v2/shipments")["shipment"]
    assert made["reference"] == KEY
    assert made["parcel"] == {"weight": "14.82", "length": "7.9", "width": "6.0", "height": "2.4"}
    assert made["to_address"]["street2"] == "кв. 5"
    assert made["options"]["delivery_confirmation"] == "SIGNATURE"
    assert made["options"]["incoterm"] == "DDP"
    assert made["options"]["label_size"] == "4x6"
    assert words.shipment_of(request)["shipment"]["options"]["label_format"] == "ZPL"
    assert made["customs_info"]["customs_items"] == [
        {
            "description": "T-shirt",
            "quantity": "3",
            "hs_tariff_number": "610910",
            "origin_country": "CN",
            "code": "TS-1",
            "value": "13.50",
            "currency": "USD",
            "weight": "10.59",
        }
    ]
    bought = next(json.loads(call.body) for call in server.calls if call.path.endswith("/buy"))
    assert bought == {"rate": {"id": "rate_plain"}, "insurance": "90.00"}


def test_at_home_there_are_no_customs_data() -> None:
    home = replace(REQUEST, recipient=replace(REQUEST.recipient, country="CN"))
    assert "customs_info" not in words.shipment_of(home)["shipment"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"options": ("cod",)}, "option"),
        ({"cod": Money(Decimal(1), "USD")}, "option"),
        ({"pickup_point": "P1"}, "option"),
        ({"gross_g": 0}, "weight"),
        ({"sender": replace(REQUEST.sender, name="", company=" ")}, "address"),
        ({"recipient": replace(REQUEST.recipient, city="Mos\x7fkva")}, "address"),
    ],
)
def test_what_it_does_not_take_is_refused_by_name(changes: dict[str, Any], named: str) -> None:
    assert reason(replace(REQUEST, **changes)) == named


def test_insured_in_another_currency_buys_nothing(account: EasyPost, server: FaultServer) -> None:
    with pytest.raises(LabelRefused) as caught:
        account.buy(replace(REQUEST, insured=Money(Decimal(90), "CNY")))
    assert caught.value.fields["reason"] == "value"
    assert server.calls == []


@given(st.integers(1, 70_000))
def test_nothing_is_declared_lighter_than_it_is(grams: int) -> None:
    ounces = Decimal(words.parcel_of(Decimal(grams), ())["weight"])
    assert Decimal(grams) <= ounces * words.OUNCE_G < grams + Decimal("0.2835")


@pytest.mark.parametrize(
    ("service", "rate"),
    [("USPS.Priority", "a"), ("UPS.Ground", "c"), ("Ground", "c"), ("Priority", ""), ("X", "")],
)
def test_a_rate_is_chosen_by_carrier_and_service(service: str, rate: str) -> None:
    rates = [
        {"id": "a", "carrier": "USPS", "service": "Priority"},
        {"id": "b", "carrier": "Other", "service": "Priority"},
        {"id": "c", "carrier": "UPS", "service": "Ground"},
    ]
    assert words.rate_for(service, list(rates)) == rate


@pytest.mark.parametrize(
    ("code", "message", "named"),
    [
        ("ADDRESS.VERIFY.FAILURE", "", "address"),
        ("APIKEY.INACTIVE", "", "credentials"),
        ("BILLING.INSUFFICIENT_FUNDS", "", "limit"),
        ("SHIPMENT.POSTAGE.FAILURE", "Maximum weight is 70 lb", "weight"),
        ("SHIPMENT.POSTAGE.FAILURE", "Missing or invalid ship to postal code", "address"),
        ("SHIPMENT.POSTAGE.FAILURE", "something", "carrier"),
    ],
)
def test_their_codes_and_words_are_our_reasons(code: str, message: str, named: str) -> None:
    told = words.refusal_of({"error": {"code": code, "message": message}})
    assert told == (named, code, f"{code}: {message}")


@pytest.mark.parametrize("odd", [None, [], "no", {"error": "plain words"}, {"error": None}])
def test_odd_errors_are_the_carriers(odd: object) -> None:
    assert words.refusal_of(odd)[0] == "carrier"


def test_prices(account: EasyPost) -> None:
    plain, fast = sorted(account.quote(SHIPMENT), key=lambda one: one.service, reverse=True)
    assert (plain.service, fast.service) == ("USPS.plain", "USPS.fast")
    assert getattr(plain, "amount", None) == Decimal("24.10")
    assert getattr(plain, "currency", None) == "USD"
    assert sum(amount for _, amount, _ in getattr(plain, "lines", ())) == Decimal("24.10")


def test_no_prices_for_several_parcels_or_without_an_answer(
    account: EasyPost, server: FaultServer
) -> None:
    with pytest.raises(RateUnavailable):
        account.quote(replace(SHIPMENT, parcels=SHIPMENT.parcels * 2))
    assert isinstance(server.script, Plan)
    server.script.then("quote", "html")
    with pytest.raises(RateUnavailable):
        account.quote(SHIPMENT)
    server.script.then("quote", "denied")
    with pytest.raises(RateUnavailable):
        account.quote(SHIPMENT)


def test_a_label_elsewhere_is_not_fetched(account: EasyPost, server: FaultServer) -> None:
    account.buy(REQUEST)
    asked = len(server.calls)
    found = account._file(KEY, "https://files.example.org/label.pdf", STOCK)
    assert (found.file, found.fault) == (None, "unknown")
    assert len(server.calls) == asked


def test_the_key_of_the_account_does_not_go_to_the_files(
    account: EasyPost, server: FaultServer
) -> None:
    account.buy(REQUEST)
    files = [call for call in server.calls if call.path.startswith("/files/")]
    assert files
    assert not any("authorization" in call.headers for call in files)
    assert all(
        call.headers["authorization"].startswith("Basic ")
        for call in server.calls
        if call.path.startswith("/v2/")
    )


def test_a_shipment_made_and_not_bought_is_bought_by_the_same_id(
    account: EasyPost, server: FaultServer
) -> None:
    assert isinstance(server.script, Plan)
    server.script.then("buy", "limit")
    account.buy(REQUEST)
    assert sum(call.path == "/v2/shipments" for call in server.calls) == 1
    assert server.books.times(KEY) == 1


def test_a_shipment_of_another_key_is_none_of_ours(account: EasyPost) -> None:
    account.buy(REQUEST)
    with pytest.raises(LabelOutcomeUnknown):
        account._whole("another/1", {"reference": KEY, "tracking_code": "X1234"}, STOCK)


def test_events() -> None:
    rows = [
        {"status": "delivered", "message": "Delivered", "datetime": "2026-11-24T10:00:00Z"},
        {
            "status": "available_for_pickup",
            "datetime": "2026-11-23T10:00:00Z",
            "tracking_location": {"city": "ROMA"},
        },
        {"status": "odd", "datetime": "yesterday"},
        {"status": "failure", "datetime": "2026-11-23T10:00:00"},
        "no event",
    ]
    trackers = [{"tracking_code": "1Z", "tracking_details": rows}, {"tracking_code": "2Z"}, 7]
    events = words.events_of(trackers, "1Z")
    assert [one.status for one in events] == [
        "",
        "delivery_failed",
        "ready_for_pickup",
        "delivered",
    ]
    assert events[2].place == "ROMA"
    assert [one.at for one in events[:2]] == [None, None]  # nobody knows the offset
    assert events[3].at == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert words.events_of({"trackers": 1}, "1Z") == []
