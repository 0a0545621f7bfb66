"""YunExpress's own words: signatures, what is sent, what is read, what is refused before that.

That it buys once whatever happens is the conformance kit's matter (test_conformance.py).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.carriers.adapters import parts
from packstation.carriers.adapters import yunexpress_words as words
from packstation.carriers.adapters.yunexpress import YunExpress
from packstation.carriers.conformance import KEY, REQUEST, STOCK
from packstation.carriers.sandbox.script import Plan
from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.carriers.sandbox.yunexpress import YunExpressDialect
from packstation.domain.carriers import GoodsLine
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused, RateUnavailable
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted
from packstation.domain.shipments import Place, Shipment, ShipmentGoods, ShipmentParcel

SHIPMENT = Shipment(
    date=date(2026, 11, 23),
    destination=Place(country="DE", postcode="10115"),
    parcels=(
        ShipmentParcel(
            weight_g=Decimal(420),
            length_mm=Decimal(205),
            width_mm=Decimal(150),
            height_mm=Decimal(60),
        ),
    ),
    goods=ShipmentGoods(battery="built_in"),
)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(YunExpressDialect(), Plan()) as made:
        yield made


@pytest.fixture
def account(server: FaultServer) -> Iterator[YunExpress]:
    made = YunExpress(
        "app", SECRET, "source", base_url=server.url, timeout_s=2, pause=lambda _: None
    )
    yield made
    made.close()


def sent(server: FaultServer, path: str) -> list[dict[str, Any]]:
    return [json.loads(call.body) for call in server.calls if call.path == path]


def reason(raised: pytest.ExceptionInfo[LabelRefused]) -> str:
    return str(raised.value.fields["reason"])


def test_a_signature_is_of_body_date_method_and_path() -> None:
    text = b'body={"a":1}&date=1678415735000&method=POST&uri=/v1/order/cancel'
    right = base64.b64encode(hmac.new(b"key", text, hashlib.sha256).digest()).decode()
    made = words.signature("key", "1678415735000", "POST", "/v1/order/cancel", b'{"a":1}')
    assert made == right
    bare = b"date=1678415735000&method=GET&uri=/v1/order/info/get"
    right = base64.b64encode(hmac.new(b"key", bare, hashlib.sha256).digest()).decode()
    assert words.signature("key", "1678415735000", "GET", "/v1/order/info/get", b"") == right


def test_what_is_sent(account: YunExpress, server: FaultServer) -> None:
    goods = GoodsLine(
        sku="TS-1",
        quantity=3,
        description="T-shirt",
        local_description="T恤",
        hs="610910",
        net_g=100,
        value=Money(Decimal("4.50"), "USD"),
    )
    sender = replace(REQUEST.sender, ioss="IM3720000000")
    account.buy(
        replace(
            REQUEST,
            goods=(goods,),
            sender=sender,
            options=("signature",),
            pickup_point="P-7",
        )
    )
    body = next(call.body for call in server.calls if call.path == "/v1/order/package/create")
    assert b'"unit_price":4.50' in body  # a number, digit by digit
    made = json.loads(body)
    assert made["customer_order_number"] == KEY
    assert made["weight_unit"] == "G"
    assert made["packages"] == [{"weight": 420, "length": 20, "width": 15, "height": 6}]
    assert made["receiver"]["address_lines"] == ["ул. Ленина 1", "кв. 5"]
    assert made["declaration_info"] == [
        {
            "sku_code": "TS-1",
            "name_en": "T-shirt",
            "name_local": "T恤",
            "hs_code": "610910",
            "quantity": 3,
            "unit_weight": 100,
            "unit_price": 4.5,
            "currency": "USD",
        }
    ]
    assert made["extra_services"] == [{"extra_code": "Ls0091"}]
    assert made["point_relais_num"] == "P-7"
    assert made["customs_number"] == {"ioss_code": "IM3720000000"}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"goods": ()}, "documents"),
        ({"gross_g": -1}, "weight"),
        ({"options": ("cod",)}, "option"),
        ({"insured": Money(Decimal(9), "USD")}, "option"),
        ({"key": "x" * 51}, "invalid"),
        ({"recipient": replace(REQUEST.recipient, lines=("a\tb",))}, "address"),
        ({"recipient": replace(REQUEST.recipient, lines=("x" * 201,))}, "address"),
        ({"goods": (GoodsLine(sku="A", quantity=1, hs="61\n"),)}, "documents"),
    ],
)
def test_what_it_does_not_take_is_refused_before_it_is_sent(
    account: YunExpress, server: FaultServer, changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(LabelRefused) as raised:
        account.buy(replace(REQUEST, **changes))
    assert reason(raised) == named
    assert server.calls == []


def test_one_token_serves_until_it_runs_out(account: YunExpress, server: FaultServer) -> None:
    account.buy(REQUEST)
    account.find(KEY)
    logins = sent(server, "/openapi/oauth2/token")
    assert len(logins) == 1
    assert logins[0]["sourceKey"] == "source"
    assert isinstance(server.script, Plan)
    server.script.then("find", "denied")
    assert account.find(KEY) is not None
    assert len(sent(server, "/openapi/oauth2/token")) == 2


def test_a_wrong_secret_is_told_as_credentials_and_never_shown(server: FaultServer) -> None:
    wrong = YunExpress("app", "not-it", "source", base_url=server.url, pause=lambda _: None)
    with pytest.raises(LabelRefused) as raised:
        wrong.buy(REQUEST)
    wrong.close()
    assert reason(raised) == "credentials"
    assert "not-it" not in f"{raised.value} {raised.value.fields}"
    assert server.books.sold == 0


def test_the_label_follows_the_number_of_the_last_mile(
    account: YunExpress, server: FaultServer
) -> None:
    assert isinstance(server.script, Plan)
    server.script.then("label", "not_ready")
    first = account.buy(REQUEST)
    assert (first.state, first.waybill, first.label) == ("pending", "ZZ000000014CN", None)
    for _ in range(3):
        last = account.find(KEY)
    assert last is not None
    assert (last.state, last.waybill, last.ref) == ("done", first.waybill, "LM1")
    assert last.label is not None


def test_files_of_strangers_are_not_fetched(server: FaultServer, account: YunExpress) -> None:
    for url in (
        "https://yunexpress.cn.example.org/x.pdf",
        "http://label.yunexpress.cn/x.pdf",
        "file:///etc/passwd",
    ):
        found = parts.fetched(account._wire, KEY, url, frozenset({"yunexpress.cn"}), STOCK)
        assert (found.file, found.fault) == (None, "unknown")
    assert server.calls == []


def test_a_parcel_is_stopped_on_its_way(account: YunExpress, server: FaultServer) -> None:
    account.buy(REQUEST)
    account.intercept(KEY, "return")
    held = sent(server, "/v1/order/hold")
    assert held == [{"waybill_number": "ZZ000000014CN", "remark": "Return to sender"}]
    with pytest.raises(LabelRefused) as raised:
        account.intercept(KEY, "burn")
    assert reason(raised) == "option"
    with pytest.raises(LabelRefused) as raised:
        account.intercept("nobody/1", "hold")
    assert reason(raised) == "never_bought"


def test_prices(account: YunExpress, server: FaultServer) -> None:
    (price,) = account.quote(SHIPMENT)
    assert isinstance(price, Quoted)
    assert (price.service, price.amount, price.currency) == ("plain", Decimal("24.1"), "CNY")
    assert (price.min_days, price.max_days, price.rank) == (3, 8, 1)
    assert [line[:2] for line in price.lines] == [("E1", Decimal("20.1")), ("E2", Decimal(4))]
    asked = next(call.query for call in server.calls if call.path == "/v1/price-trial/get")
    assert asked["weight"] == "420"
    assert (asked["length"], asked["package_type"]) == ("20.5", "E")


def test_no_prices_for_several_parcels_or_without_an_answer(
    account: YunExpress, server: FaultServer
) -> None:
    with pytest.raises(RateUnavailable):
        account.quote(replace(SHIPMENT, parcels=SHIPMENT.parcels * 2))
    assert isinstance(server.script, Plan)
    for fault in ("html", "down", "limit", "limit", "limit"):
        server.script.then("quote", fault)
    for _ in range(3):
        with pytest.raises(RateUnavailable):
            account.quote(SHIPMENT)
    server.script.then("quote", "denied", "denied")
    with pytest.raises(RateUnavailable):
        account.quote(SHIPMENT)


def test_a_fee_that_is_told_twice_is_no_price() -> None:
    row = {"product_code": "A", "fee_name": "E1", "calculate_amount": "5", "currency": "RMB"}
    assert words.prices_of([row, row], "y", 1) == ()
    assert words.prices_of([row, {**row, "fee_name": "E2", "currency": "USD"}], "y", 1) == ()
    assert words.prices_of([row, {**row, "fee_name": "E2", "calculate_amount": "x"}], "y", 1) == ()
    assert [one.service for one in words.prices_of([row], "y", 1)] == ["A"]


def test_events(account: YunExpress) -> None:
    got = account.buy(REQUEST)
    (event,) = account.track((got.waybill,))
    assert event.at == datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert (event.status, event.place) == ("pre_transit", "深圳")
    flat = {
        "waybill_number": "YT1",
        "track_events": [
            {"track_node_code": "X", "process_time": "2026-11-23T09:00:00"},
            {"track_node_code": "DELIVERED", "process_time": "2026-11-23T09:00:00+08:00"},
        ],
    }
    nowhere, told = words.events_of(flat, "YT1")
    assert (nowhere.at, nowhere.status) == (None, "")  # whose clock nobody said
    assert (told.at, told.status) == (event.at, "delivered")
    assert words.events_of(flat, "YT2") == []


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("客户订单号重复", "duplicate"),
        ("账户余额不足", "limit"),
        ("包裹重量超重", "weight"),
        ("申报价值过高", "value"),
        ("申报信息缺失", "documents"),
        ("Receiver address is too long", "address"),
        ("产品编码不可用", "service"),
        ("系统繁忙", ""),
    ],
)
def test_what_it_says_has_a_reason(said: str, named: str) -> None:
    assert parts.reason_of(parts.CHINESE, said) == named


def test_another_order_in_the_answer_is_no_sale_of_ours(account: YunExpress) -> None:
    with pytest.raises(LabelOutcomeUnknown):
        account.whole(KEY, {"customer_order_number": "other"}, STOCK)


@given(st.text(max_size=20), st.text(max_size=4))
def test_moments_have_a_zone_or_are_none(said: str, zone: str) -> None:
    at = parts.moment(said, zone)
    assert at is None or at.tzinfo is not None


def test_a_zone_in_hours() -> None:
    assert parts.moment("2023-03-10 14:30:00", "+8") == datetime(2023, 3, 10, 6, 30, tzinfo=UTC)
    assert parts.moment("2023-03-10 14:30:00", "-5") == datetime(2023, 3, 10, 19, 30, tzinfo=UTC)
    assert parts.moment("2023-03-10 14:30:00", "99") is None
