"""Labels online: bought once by key whatever breaks in between, voided once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from packstation.domain.carriers import Bought, BuyRequest, CarrierGateway, Partly
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused
from packstation.domain.psp import SiteBody
from packstation.domain.s10 import parse
from packstation.server.enrolment import make_enrol_token
from packstation.server.labels_sandbox import SandboxCarrier
from packstation.server.options import Options
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from tests.server.bench import Bench, Clock
from tests.server.conftest import TOKEN, NewBench


class Unreliable(Partly):
    """A carrier whose answers get lost after it has done the work."""

    def __init__(self, real: SandboxCarrier) -> None:
        self.real = real
        self.losing = 0
        self.bought: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.asked = threading.Event()

    def _lose(self, key: str) -> None:
        if self.losing:
            self.losing -= 1
            raise LabelOutcomeUnknown(label_key=key)

    def buy(self, request: BuyRequest) -> Bought:
        self.asked.set()
        self.gate.wait(10)
        self.bought.append(request.key)
        got = self.real.buy(request)
        self._lose(request.key)
        return got

    def find(self, key: str) -> Bought | None:
        self._lose(key)
        return self.real.find(key)

    def void(self, key: str) -> None:
        self.real.void(key)
        self._lose(key)


@pytest.fixture
def carrier(tmp_path: Path) -> Iterator[Unreliable]:
    real = SandboxCarrier(tmp_path / "books.sqlite3")
    yield Unreliable(real)
    real.close()


@pytest.fixture
def desk(carrier: Unreliable, database: str, clock: Clock) -> Iterator[Bench]:
    """A bench at a server whose carrier is unreliable."""
    gateways: dict[str, CarrierGateway] = {"sandbox": carrier}
    running = serve("127.0.0.1", 0, database, Options(clock=clock, carriers=gateways))
    with running.server.store.write() as connection:
        put_site(running.server, connection, SiteBody(code="GZ-1"))
    with httpx.Client(base_url=running.url, timeout=30) as http:
        bench = Bench(http, clock)
        bench.enrol(make_enrol_token(running.server, "GZ-1"))
        yield bench
    running.stop()


def request(key: str = "p-1/1", **changes: object) -> dict[str, object]:
    parcel = key.partition("/")[0]
    plain = {"key": key, "parcel": parcel, "carrier": "sandbox", "service": "express", "rev": 1}
    return {**plain, **changes}


def test_a_label_is_bought_once_by_its_key(bench: Bench) -> None:
    first, again = bench.post("/v1/labels", request()), bench.post("/v1/labels", request())
    assert first.status_code == 200
    assert first.json() == again.json() == bench.get("/v1/labels/p-1/1").json()
    assert parse(first.json()["waybill"]).service == "ZZ"
    label = bench.get(f"/v1/blobs/{first.json()['blob']}")
    assert first.json()["waybill"].encode() in label.content
    assert label.headers["content-type"] == "application/zpl"
    other = bench.post("/v1/labels", request("p-2/1"))
    assert other.json()["waybill"] != first.json()["waybill"]


def test_a_lost_answer_is_asked_for_and_never_bought_again(
    desk: Bench, carrier: Unreliable
) -> None:
    carrier.losing = 2
    assert desk.post("/v1/labels", request()).json() == {
        "key": "p-1/1",
        "status": "pending",
        "waybill": "",
        "blob": "",
    }
    assert desk.get("/v1/labels/p-1/1").status_code == 202
    found = desk.post("/v1/labels", request())
    assert (found.status_code, found.json()["status"]) == (200, "issued")
    assert carrier.bought == ["p-1/1"]


def test_a_key_that_never_reached_the_carrier_is_never_bought(
    desk: Bench, carrier: Unreliable
) -> None:
    carrier.real.buy = lambda _: None  # type: ignore[method-assign,assignment,return-value]
    carrier.losing = 1
    assert desk.post("/v1/labels", request()).status_code == 202
    assert desk.get("/v1/labels/p-1/1").json()["code"] == "never_bought"
    again = desk.post("/v1/labels", request())
    assert (again.status_code, again.json()["reason"]) == (409, "never_bought")
    assert desk.get("/v1/labels/p-9/1").json()["code"] == "never_bought"


def test_who_asks_while_the_carrier_thinks_is_told_to_wait(
    desk: Bench, carrier: Unreliable
) -> None:
    carrier.gate.clear()
    bought: list[int] = []
    buying = threading.Thread(
        target=lambda: bought.append(desk.post("/v1/labels", request()).status_code)
    )
    buying.start()
    assert carrier.asked.wait(10)  # a key that is asked for before it is bought is burned
    assert desk.get("/v1/labels/p-1/1").status_code == 202
    assert desk.post("/v1/labels", request()).status_code == 202
    assert desk.post("/v1/labels/p-1/1/void", {}).status_code == 202
    carrier.gate.set()
    buying.join(10)
    assert bought == [200]
    assert carrier.bought == ["p-1/1"]


def test_a_refusal_stays_a_refusal(bench: Bench) -> None:
    heavy = request(gross_g=30_001)
    first, again = bench.post("/v1/labels", heavy), bench.post("/v1/labels", heavy)
    assert first.status_code == again.status_code == 409
    assert (first.json()["code"], again.json()["reason"]) == ("refused", "weight")
    assert bench.get("/v1/labels/p-1/1").status_code == 409


def test_a_void_is_final_and_may_be_asked_twice(bench: Bench) -> None:
    bench.post("/v1/labels", request())
    for _ in range(2):
        voided = bench.post("/v1/labels/p-1/1/void", {})
        assert (voided.status_code, voided.json()["status"]) == (200, "voided")
    assert bench.post("/v1/labels", request()).json()["status"] == "voided"


def test_a_void_whose_answer_is_lost_is_asked_again(desk: Bench, carrier: Unreliable) -> None:
    desk.post("/v1/labels", request())
    carrier.losing = 1
    assert desk.post("/v1/labels/p-1/1/void", {}).json()["status"] == "voiding"
    assert desk.post("/v1/labels/p-1/1/void", {}).json()["status"] == "voided"


def test_a_refused_void_keeps_the_label_alive(desk: Bench, carrier: Unreliable) -> None:
    desk.post("/v1/labels", request())

    def refuse(key: str) -> None:
        raise LabelRefused(label_key=key, reason="tendered")

    carrier.void = refuse  # type: ignore[method-assign]
    refused = desk.post("/v1/labels/p-1/1/void", {})
    assert (refused.status_code, refused.json()["reason"]) == (409, "tendered")
    assert desk.get("/v1/labels/p-1/1").json()["status"] == "issued"


def test_an_order_that_changed_gets_no_label(bench: Bench, api: httpx.Client) -> None:
    order = {
        "order_id": "A-1",
        "ship_to": {"country": "DE"},
        "lines": [{"line": 1, "sku": "TS", "quantity": 1}],
    }
    api.post("/v1/import/orders", json=order)
    api.post("/v1/import/orders", json={**order, "note": "another address"})
    old = bench.post("/v1/labels", request(order="A-1", rev=1))
    assert (old.status_code, old.json()["code"], old.json()["rev"]) == (409, "changed", 2)
    assert bench.post("/v1/labels", request(order="A-1", rev=2)).status_code == 200


def test_keys_are_of_their_parcel_and_of_one_bench(bench: Bench, new_bench: NewBench) -> None:
    assert bench.post("/v1/labels", request(parcel="p-2")).status_code == 422
    assert bench.post("/v1/labels", request(carrier="nobody")).json()["known"] == ["sandbox"]
    bench.post("/v1/labels", request())
    assert new_bench("02").post("/v1/labels", request()).json()["code"] == "key_taken"


def test_the_sandbox_knows_its_sales_after_a_restart(tmp_path: Path) -> None:
    asked = BuyRequest(key="p-1/1", parcel="p-1", carrier="sandbox", service="^XA evil")
    first = SandboxCarrier(tmp_path / "books.sqlite3")
    sold = first.buy(asked)
    first.close()
    again = SandboxCarrier(tmp_path / "books.sqlite3")
    assert again.find("p-1/1") == sold == again.buy(asked)
    assert sold.label is not None
    assert b"^XA evil" not in sold.label.content.removeprefix(b"^XA")
    with pytest.raises(LabelRefused):
        again.void("p-9/1")
    again.close()


class Seen(Unreliable):
    """Keeps what it was asked."""

    def buy(self, request: BuyRequest) -> Bought:
        self.request = request
        return super().buy(request)


def test_the_carrier_is_told_who_sends_what_to_whom(
    carrier: Unreliable, database: str, clock: Clock
) -> None:
    seen = Seen(carrier.real)
    running = serve("127.0.0.1", 0, database, Options(TOKEN, clock=clock, carriers={"s": seen}))
    with httpx.Client(base_url=running.url, timeout=30) as http:
        office = {"Authorization": f"Bearer {TOKEN}"}
        site = {"code": "GZ-1", "sender": {"company": "Shop Ltd", "country": "CN"}}
        customs = {"description": "T-shirt", "hs": "610910", "origin": "CN", "net_g": 180}
        price = {"amount": "9.90", "currency": "CNY"}
        order = {
            "order_id": "A-1",
            "ship_to": {"name": "Ivan", "country": "RU", "postcode": "101000"},
            "options": ["signature"],
            "delivery": {"pickup_point": "MSK-7"},
            "lines": [
                {"line": 1, "sku": "TS", "quantity": 3, "unit_price": price},
                {"line": 2, "sku": "NEW", "quantity": 1},
            ],
        }
        for name, body in (
            ("site", site),
            ("catalog", [{"sku": "TS", "customs": customs}]),
            ("orders", order),
        ):
            assert http.post(f"/v1/import/{name}", json=body, headers=office).is_success
        bench = Bench(http, clock)
        bench.enrol(make_enrol_token(running.server, "GZ-1"))
        details = {"contents": [{"sku": "TS", "units": 2}], "wanted": {"width_mm": 100}}
        asked = request(carrier="s", order="A-1", gross_g=400, details=details)
        assert bench.post("/v1/labels", asked).status_code == 200
        assert bench.post("/v1/labels", request("p-2/1", carrier="s", order="A-1")).is_success
        wrong = bench.post("/v1/labels", request("p-3/1", carrier="s", details={"contents": 7}))
    running.stop()
    assert "contents" in wrong.json()["detail"]
    first = seen.request
    assert [(one.sku, one.quantity) for one in first.goods] == [("TS", 3), ("NEW", 1)]
    assert (first.sender.company, first.recipient.postcode) == ("Shop Ltd", "101000")
    assert (first.goods[0].hs, first.goods[0].net_g) == ("610910", 180)
    assert str(first.goods[0].value.amount if first.goods[0].value else "") == "9.90"
    assert (first.options, first.pickup_point) == (("signature",), "MSK-7")


def test_the_fixture_of_a_whole_server_has_the_sandbox(running: Running) -> None:
    assert list(running.server.carriers) == ["sandbox"]
