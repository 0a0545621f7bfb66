"""CDEK's own words: what is sent, orders found wrong afterwards, print forms, removals, prices.

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

from packstation.carriers.adapters import cdek_words as words
from packstation.carriers.adapters.cdek import Cdek, Terms
from packstation.carriers.conformance import KEY, REQUEST, STOCK
from packstation.carriers.sandbox.cdek import TARIFFS, CdekDialect
from packstation.carriers.sandbox.dialect import Answer, Asked, Told, as_json
from packstation.carriers.sandbox.script import Plan
from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.domain.carriers import GoodsLine, LabelWanted
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused, RateUnavailable
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted
from packstation.domain.shipments import Place, Shipment, ShipmentParcel

GOODS = (
    GoodsLine(
        sku="TS-1",
        quantity=3,
        description="T-shirt",
        hs="610910",
        origin="CN",
        net_g=100,
        value=Money(Decimal("4.50"), "CNY"),
    ),
)
SHIPMENT = Shipment(
    date=date(2026, 11, 23),
    origin=Place(country="CN", postcode="510000"),
    destination=Place(country="RU", postcode="101000"),
    parcels=(
        ShipmentParcel(
            weight_g=Decimal("420.5"),
            length_mm=Decimal(201),
            width_mm=Decimal(150),
            height_mm=Decimal(60),
        ),
    ),
)


class Slow(CdekDialect):
    """Removals are accepted, and what becomes of them is said later."""

    def __init__(self, then: str) -> None:
        super().__init__()
        self.then = then

    def write(self, asked: Asked, told: Told) -> Answer:
        if told.outcome != "found" or told.sale is None or not told.sale.voided:
            return super().write(asked, told)
        told.sale.voided = False
        shown = self._shown(told.sale)
        told.sale.voided = True
        errors = [{"code": "v2_bad", "message": "on its way"}] if self.then == "INVALID" else []
        shown["requests"].append(
            {
                "type": "DELETE",
                "state": self.then,
                "date_time": "2026-11-23T02:00:00+0000",
                "errors": errors,
            }
        )
        return as_json(shown)


class Gone(CdekDialect):
    """The first look at a print form finds it removed."""

    def write(self, asked: Asked, told: Told) -> Answer:
        if asked.name == "look" and asked.key not in self._looks:
            self._looks[asked.key] = self.slow_forms
            return as_json({"entity": {"uuid": asked.key, "statuses": [{"code": "REMOVED"}]}})
        return super().write(asked, told)


def made(server: FaultServer, point: str = "", currency: str = "RUB") -> Cdek:
    return Cdek(
        "contract",
        SECRET,
        Terms(tariffs=TARIFFS, shipment_point=point, currency=currency),
        base_url=server.url,
        timeout_s=2,
        pause=lambda _: None,
    )


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(CdekDialect(), Plan()) as started:
        yield started


@pytest.fixture
def account(server: FaultServer) -> Iterator[Cdek]:
    one = made(server)
    yield one
    one.close()


def sent(server: FaultServer, method: str, path: str) -> list[bytes]:
    return [call.body for call in server.calls if (call.method, call.path) == (method, path)]


def reason(raised: pytest.ExceptionInfo[LabelRefused]) -> str:
    return str(raised.value.fields["reason"])


def test_what_is_sent(account: Cdek, server: FaultServer) -> None:
    cod = Money(Decimal("13.50"), "CNY")
    account.buy(replace(REQUEST, goods=GOODS, options=("cod",), cod=cod, size_mm=(201, 150, 60)))
    (body,) = sent(server, "POST", "/v2/orders")
    assert b'"cost":4.50' in body  # a number, digit by digit
    order = json.loads(body)
    assert (order["type"], order["number"], order["tariff_code"]) == (1, KEY, 136)
    assert order["items_cost_currency"] == order["recipient_currency"] == "CNY"
    assert order["recipient"]["phones"] == [{"number": "+79161234567"}]
    assert order["to_location"]["address"] == "ул. Ленина 1, кв. 5"
    (package,) = order["packages"]
    assert (package["length"], package["width"], package["height"]) == (21, 15, 6)
    (item,) = package["items"]
    assert item["payment"] == {"value": 4.5}
    assert (item["weight"], item["amount"], item["feacn_code"]) == (100, 3, "610910")


def test_offices_stand_in_place_of_addresses(server: FaultServer) -> None:
    account = made(server, point="MSK67")
    account.buy(replace(REQUEST, pickup_point="SPB9", options=("pickup_point",)))
    account.close()
    order = json.loads(sent(server, "POST", "/v2/orders")[0])
    assert (order["shipment_point"], order["delivery_point"]) == ("MSK67", "SPB9")
    assert "to_location" not in order
    assert "from_location" not in order


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"goods": ()}, "documents"),
        ({"gross_g": 0}, "weight"),
        ({"service": "0"}, "service"),
        ({"options": ("signature",)}, "option"),
        ({"cod": Money(Decimal(9), "CNY")}, "value"),
        ({"insured": Money(Decimal("13.50"), "USD")}, "value"),
        ({"goods": (*GOODS, replace(GOODS[0], value=Money(Decimal(1), "USD")))}, "value"),
        ({"key": "x" * 41}, "invalid"),
        ({"recipient": replace(REQUEST.recipient, phone="")}, "address"),
        ({"recipient": replace(REQUEST.recipient, phone="+7\n9")}, "address"),
    ],
)
def test_what_it_does_not_take_is_refused_before_it_is_sent(
    account: Cdek, server: FaultServer, changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(LabelRefused) as raised:
        account.buy(replace(replace(REQUEST, goods=GOODS), **changes))
    assert reason(raised) == named
    assert server.calls == []


def test_an_order_found_wrong_afterwards_is_refused_when_it_is_looked_for(
    account: Cdek, server: FaultServer
) -> None:
    wrong = replace(REQUEST, recipient=replace(REQUEST.recipient, country="XX"))
    assert account.buy(wrong).state == "pending"
    with pytest.raises(LabelRefused) as raised:
        account.find(KEY)
    assert reason(raised) == "address"
    assert "v2_recipient_location_not_recognized" in str(raised.value.fields["detail"])
    assert server.books.sold == 0


def test_a_wrong_secret_is_told_as_credentials_and_never_shown(server: FaultServer) -> None:
    wrong = Cdek("c", "not-it", Terms(tariffs=TARIFFS), base_url=server.url)
    with pytest.raises(LabelRefused) as raised:
        wrong.buy(REQUEST)
    wrong.close()
    assert reason(raised) == "credentials"
    assert "not-it" not in f"{raised.value} {raised.value.fields}"


def test_one_token_serves_until_it_runs_out(account: Cdek, server: FaultServer) -> None:
    account.buy(REQUEST)
    account.find(KEY)
    assert len(sent(server, "POST", "/v2/oauth/token")) == 1
    assert isinstance(server.script, Plan)
    server.script.then("find", "denied")
    assert account.find(KEY) is not None
    assert len(sent(server, "POST", "/v2/oauth/token")) == 2


def test_a_print_form_is_asked_for_once_and_looked_at_until_it_is_ready(
    account: Cdek, server: FaultServer
) -> None:
    account.buy(REQUEST)
    first = account.find(KEY)
    assert first is not None
    assert (first.state, first.label) == ("pending", None)
    second = account.find(KEY)
    assert second is not None
    assert second.state == "done"
    assert second.label is not None
    (body,) = sent(server, "POST", "/v2/print/barcodes")
    assert json.loads(body) == {
        "orders": [{"order_uuid": "order-1"}],
        "copy_count": 1,
        "format": "A6",
    }
    files = [call for call in server.calls if call.path.endswith(".pdf")]
    assert files[0].headers["authorization"].startswith("Bearer ")


def test_a_print_form_that_is_gone_is_made_anew() -> None:
    with FaultServer(Gone(), Plan()) as server:
        account = made(server)
        account.buy(REQUEST)
        assert account.label(KEY, STOCK) is None
        assert len(sent(server, "POST", "/v2/print/barcodes")) == 2  # the first is waste by now
        label = account.label(KEY, STOCK)
        account.close()
    assert label is not None
    assert label.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("width", "height", "name"),
    [(105, 148, "A6"), (148, 210, "A5"), (74, 105, "A7"), (100, 150, "A6"), (0, 0, "A6")],
)
def test_the_paper_that_fits(width: float, height: float, name: str) -> None:
    assert words.format_of(LabelWanted(width_mm=width, height_mm=height)) == name


def test_a_removal_that_is_not_done_yet_is_unknown_and_not_asked_for_twice() -> None:
    with FaultServer(Slow("WAITING"), Plan()) as server:
        account = made(server)
        account.buy(REQUEST)
        for _ in range(2):
            with pytest.raises(LabelOutcomeUnknown):
                account.void(KEY)
        account.close()
        assert sum(call.method == "DELETE" for call in server.calls) == 1


def test_a_removal_that_comes_to_nothing_is_refused() -> None:
    with FaultServer(Slow("INVALID"), Plan()) as server:
        account = made(server)
        account.buy(REQUEST)
        with pytest.raises(LabelRefused) as raised:
            account.void(KEY)
        account.close()
    assert reason(raised) == "tendered"


def test_a_parcel_on_its_way_is_refused_for_the_recipient(
    account: Cdek, server: FaultServer
) -> None:
    account.buy(REQUEST)
    account.intercept(KEY, "return")
    assert sent(server, "POST", "/v2/orders/order-1/refusal") == [b"{}"]
    with pytest.raises(LabelRefused) as raised:
        account.intercept(KEY, "hold")
    assert reason(raised) == "option"
    with pytest.raises(LabelRefused) as raised:
        account.intercept("nobody/1", "return")
    assert reason(raised) == "never_bought"


def test_prices(account: Cdek, server: FaultServer) -> None:
    cheap, fast = account.quote(SHIPMENT)
    assert isinstance(cheap, Quoted)
    assert isinstance(fast, Quoted)
    assert (cheap.service, cheap.amount, cheap.currency) == ("plain", Decimal(412), "RUB")
    assert (fast.service, fast.amount, fast.min_days, fast.max_days) == (
        "fast",
        Decimal("820.5"),
        2,
        3,
    )
    asked = json.loads(sent(server, "POST", "/v2/calculator/tarifflist")[0])
    assert asked["packages"] == [{"weight": 421, "length": 21, "width": 15, "height": 6}]
    assert (asked["currency"], asked["date"]) == (1, "2026-11-23T00:00:00+0000")


def test_no_prices_without_an_answer_or_in_a_currency_nobody_knows(
    account: Cdek, server: FaultServer
) -> None:
    assert isinstance(server.script, Plan)
    server.script.then("quote", "html")
    with pytest.raises(RateUnavailable):
        account.quote(SHIPMENT)
    server.script.then("quote", "denied", "denied")
    with pytest.raises(RateUnavailable):
        account.quote(SHIPMENT)
    other = made(server, currency="XAU")
    with pytest.raises(RateUnavailable):
        other.quote(SHIPMENT)
    other.close()


def test_events_are_told_oldest_first(account: Cdek, server: FaultServer) -> None:
    account.buy(REQUEST)
    number = server.books.live()[KEY]
    server.books.hand((number,))
    first, second = account.track((number,))
    assert first.at == datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert (first.status, second.status) == ("pre_transit", "picked_up")
    assert second.place == "Москва"


@pytest.mark.parametrize(
    ("code", "message", "named"),
    [
        ("v2_recipient_location_not_recognized", "", "address"),
        ("v2_tariff_code_is_empty", "", "service"),
        ("v2_similar_order_exists", "", "duplicate"),
        ("v2_office_by_delivery_point_not_found", "", "option"),
        ("v2_field_is_empty", "[packages] weight", "invalid"),
        ("v2_bad_request", "Weight is too great", "weight"),
        ("v2_bad_request", "", "carrier"),
    ],
)
def test_codes_and_words_have_a_reason(code: str, message: str, named: str) -> None:
    assert words.refusal_of([(code, message)])[0] == named


def test_a_request_still_at_work_settles_nothing(account: Cdek) -> None:
    from packstation.carriers.adapters.wire import Sent

    told = {"requests": [{"errors": [{"code": "v2_similar_request_still_processed"}]}]}
    answer = Sent(status=400, headers={}, body=json.dumps(told).encode())
    with pytest.raises(LabelOutcomeUnknown):
        account._document(KEY, answer)


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(["entity", "requests", "errors", "statuses", "code"]), x
            )
        ),
    )
)
def test_no_shape_of_an_answer_breaks_the_reading(document: object) -> None:
    words.refusal_of(words.errors_of(document))
    words.request_of(document, "CREATE")
    words.states_of(document)
    assert words.events_of(document, "nobody") == []
