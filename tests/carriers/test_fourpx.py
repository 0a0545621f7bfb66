"""4PX's own words: signatures, what is sent, what is read, what is refused before that.

That it buys once whatever happens is the conformance kit's matter (test_conformance.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.carriers.adapters import fourpx_words as words
from packstation.carriers.adapters.fourpx import FourPx
from packstation.carriers.conformance import KEY, REQUEST
from packstation.carriers.sandbox.fourpx import FourPxDialect
from packstation.carriers.sandbox.script import Plan
from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.domain.carriers import GoodsLine, LabelWanted
from packstation.domain.errors import LabelRefused, RateUnavailable
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted
from packstation.domain.shipments import Place, Shipment, ShipmentParcel

GOODS = (
    GoodsLine(
        sku="TS-1",
        quantity=3,
        description="T-shirt",
        local_description="T恤",
        hs="610910",
        origin="CN",
        net_g=100,
        value=Money(Decimal("4.50"), "USD"),
    ),
)
SHIPMENT = Shipment(
    date=date(2026, 11, 23),
    destination=Place(country="US", postcode="10001"),
    parcels=(
        ShipmentParcel(
            weight_g=Decimal(420),
            length_mm=Decimal(205),
            width_mm=Decimal(150),
            height_mm=Decimal(60),
        ),
    ),
)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(FourPxDialect(), Plan()) as made:
        yield made


@pytest.fixture
def account(server: FaultServer) -> Iterator[FourPx]:
    made = FourPx("app", SECRET, base_url=server.url, timeout_s=2, pause=lambda _: None)
    yield made
    made.close()


def sent(server: FaultServer, method: str) -> list[bytes]:
    return [call.body for call in server.calls if call.query.get("method") == method]


def reason(raised: pytest.ExceptionInfo[LabelRefused]) -> str:
    return str(raised.value.fields["reason"])


def test_a_signature_is_of_sorted_parameters_body_and_secret() -> None:
    public = {
        "v": "1.0",
        "timestamp": "1532592413187",
        "method": "ds.xms.order.create",
        "format": "json",
        "app_key": "16081f05",
    }
    text = "app_key16081f05formatjsonmethodds.xms.order.createtimestamp1532592413187v1.0"
    right = hashlib.md5(f'{text}{{"aa":"bb"}}secret'.encode(), usedforsecurity=False).hexdigest()
    assert words.signature(public, b'{"aa":"bb"}', "secret") == right


def test_what_is_sent(account: FourPx, server: FaultServer) -> None:
    account.buy(replace(REQUEST, goods=GOODS, incoterm="DDP"))
    (body,) = sent(server, "ds.xms.order.create")
    assert b'"parcel_value":13.50' in body  # a number, digit by digit
    order = json.loads(body)
    assert (order["ref_no"], order["duty_type"]) == (KEY, "P")
    assert order["recipient_info"]["street"] == "ул. Ленина 1, кв. 5"
    (parcel,) = order["parcel_list"]
    assert (parcel["weight"], parcel["length"], parcel["include_battery"]) == (420, 20, "N")
    assert parcel["declare_product_info"] == [
        {
            "declare_product_name_cn": "T恤",
            "declare_product_name_en": "T-shirt",
            "origin_country": "CN",
            "hscode_export": "610910",
            "hscode_import": "610910",
            "declare_product_code_qty": "3",
            "unit_net_weight": 100,
            "declare_unit_price_export": 4.5,
            "currency_export": "USD",
            "declare_unit_price_import": 4.5,
            "currency_import": "USD",
        }
    ]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"goods": ()}, "documents"),
        ({"gross_g": 0}, "weight"),
        ({"options": ("signature",)}, "option"),
        ({"pickup_point": "P1"}, "option"),
        ({"goods": (replace(GOODS[0], battery="built_in"),)}, "goods"),
        ({"goods": (*GOODS, replace(GOODS[0], value=Money(Decimal(1), "EUR")))}, "value"),
        ({"key": "x" * 51}, "invalid"),
        ({"recipient": replace(REQUEST.recipient, city="a\tb")}, "address"),
    ],
)
def test_what_it_does_not_take_is_refused_before_it_is_sent(
    account: FourPx, server: FaultServer, changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(LabelRefused) as raised:
        account.buy(replace(replace(REQUEST, goods=GOODS), **changes))
    assert reason(raised) == named
    assert server.calls == []


def test_a_wrong_secret_is_told_as_credentials_and_never_shown_or_sent(server: FaultServer) -> None:
    wrong = FourPx("app", "not-it", base_url=server.url, pause=lambda _: None)
    with pytest.raises(LabelRefused) as raised:
        wrong.buy(REQUEST)
    wrong.close()
    assert reason(raised) == "credentials"
    assert "not-it" not in f"{raised.value} {raised.value.fields}"
    assert not any("not-it" in f"{call.query}{call.body!r}" for call in server.calls)


def test_the_last_miles_number_comes_with_the_sale(account: FourPx) -> None:
    got = account.buy(REQUEST)
    assert (got.state, got.ref) == ("done", "LM1")
    found = account.find(KEY)  # its data is JSON in a text
    assert found is not None
    assert found.waybill == got.waybill


def test_a_parcel_is_held(account: FourPx, server: FaultServer) -> None:
    account.buy(REQUEST)
    account.intercept(KEY, "hold")
    assert json.loads(sent(server, "ds.xms.order.hold")[0])["is_hold"] == "Y"
    with pytest.raises(LabelRefused) as raised:
        account.intercept(KEY, "return")
    assert reason(raised) == "option"
    with pytest.raises(LabelRefused) as raised:
        account.intercept("nobody/1", "hold")
    assert reason(raised) == "never_bought"


def test_a_way_without_a_clock_keeps_its_time_in_words(account: FourPx) -> None:
    got = account.buy(REQUEST)
    (event,) = account.track((got.waybill, "ZZ999999999CN"))
    assert (event.waybill, event.raw_code, event.at) == (got.waybill, "FPX_L_RPIF", None)
    assert event.raw_text == "2026-11-23 09:00:00 Parcel information received"


def test_prices(account: FourPx, server: FaultServer) -> None:
    cheap, other = account.quote(SHIPMENT)
    assert isinstance(cheap, Quoted)
    assert (cheap.service, cheap.amount, cheap.currency) == ("plain", Decimal("24.10"), "CNY")
    assert (cheap.min_days, cheap.max_days, cheap.rank) == (7, 12, 1)
    assert other.service == "fast"
    asked = json.loads(sent(server, "ds.xms.estimated_cost.get")[0])
    assert (asked["weight"], asked["length"], asked["post_code"]) == (420, 20.5, "10001")


def test_no_prices_for_several_parcels_or_without_an_answer(
    account: FourPx, server: FaultServer
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


@pytest.mark.parametrize(
    ("width", "height", "name"),
    [(100, 150, "label_100x150"), (100, 100, "label_100x100"), (0, 0, "label_100x150")],
)
def test_the_size_that_fits(width: float, height: float, name: str) -> None:
    assert words.size_of(LabelWanted(width_mm=width, height_mm=height)) == name


def test_their_files_are_fetched_over_https() -> None:
    told = {"label_url_info": {"logistics_label": "http://bss-fss.4px.com/a.pdf"}}
    assert words.label_url(told) == "https://bss-fss.4px.com/a.pdf"


@given(st.text(max_size=30))
def test_no_text_in_datas_place_breaks_the_reading(said: str) -> None:
    data = words.data_of({"data": said})
    words.order_in(data, KEY)
    assert isinstance(words.prices_of(data, "4px", 1), tuple)
