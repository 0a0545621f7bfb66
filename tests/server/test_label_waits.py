"""Labels that come late, or not as labels: asked for until they are here, never paid twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import httpx
import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.carriers.adapters.rest.adapter import RestCarrier
from packstation.carriers.adapters.rest.loading import load
from packstation.carriers.sandbox.plain import PlainDialect
from packstation.carriers.sandbox.script import FILES, Plan
from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.domain.psp import SiteBody
from packstation.server import label_waits
from packstation.server.enrolment import make_enrol_token
from packstation.server.options import Options
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from tests.server.bench import Bench, Clock
from tests.server.conftest import TOKEN

OFFICE = {"Authorization": f"Bearer {TOKEN}"}
ORDER = {
    "order_id": "A-1",
    "ship_to": {"name": "Ivan", "country": "RU", "lines": ["ул. Ленина 1"]},
    "lines": [{"line": 1, "sku": "TS", "quantity": 1}],
}
ASKED = {
    "key": "p-1/1",
    "parcel": "p-1",
    "carrier": "rest",
    "service": "plain",
    "order": "A-1",
    "rev": 1,
    "gross_g": 420,
    "details": {"wanted": {"width_mm": 100, "height_mm": 150}},
}


class Place:
    """A bench, its server, and a carrier that fails by plan."""

    def __init__(self, database: str, clock: Clock, about: bytes) -> None:
        self.plan = Plan()
        self.carrier = FaultServer(PlainDialect(), self.plan)
        self.clock, self.database = clock, database
        described = replace(load(about), timeout_s=0.25)
        self.gateway = RestCarrier(
            described, {"token": SECRET}, base_url=self.carrier.url, pause=lambda _: None
        )
        self.running = self.up()
        with self.running.server.store.write() as connection:
            put_site(self.running.server, connection, SiteBody(code="GZ-1"))
        self.http = httpx.Client(base_url=self.running.url, timeout=30)
        self.http.post("/v1/import/orders", json=ORDER, headers=OFFICE).raise_for_status()
        self.bench = Bench(self.http, clock)
        self.bench.enrol(make_enrol_token(self.running.server, "GZ-1"))

    def up(self) -> Running:
        options = Options(TOKEN, clock=self.clock, carriers={"rest": self.gateway})
        return serve("127.0.0.1", 0, self.database, options)

    def buy(self) -> httpx.Response:
        return self.bench.post("/v1/labels", ASKED)

    def find(self) -> httpx.Response:
        return self.bench.get("/v1/labels/p-1/1")

    @property
    def requests(self) -> int:
        return len(self.carrier.calls)

    def close(self) -> None:
        self.http.close()
        self.running.stop()
        self.gateway.close()
        self.carrier.close()


def patient(**changes: object) -> bytes:
    raw = json.loads(resource("carriers", "sandbox.json").read_bytes())
    return json.dumps(raw | changes).encode()


@pytest.fixture
def place(database: str, clock: Clock) -> Iterator[Place]:
    made = Place(database, clock, patient(settle_s=20))
    yield made
    made.close()


def waiting() -> threading.Thread:
    """The server's own thread that asks.

    It is for benches that have not asked for half a minute, so other tests move less than that.
    """
    return next(one for one in threading.enumerate() if one.name == label_waits.BUSY)


def gone_through(place: Place) -> bool:
    """Whether the server's thread came to an end; each minute a question that failed is due again.

    On a busy machine the carrier's answer may take longer than the adapter waits for it.
    """
    thread = waiting()
    for _ in range(30):
        place.clock.forward(minutes=2)
        thread.join(1)
        if not thread.is_alive():
            return True
    return False


def test_a_number_that_is_not_ready_is_asked_for_and_less_and_less_often(place: Place) -> None:
    place.plan.then("buy", "not_ready")
    place.plan.then("find", "down", "down", "down")
    assert (place.buy().status_code, place.requests) == (202, 1)
    assert (place.find().status_code, place.requests) == (202, 2)
    assert (place.find().status_code, place.requests) == (202, 3)
    assert (place.find().status_code, place.requests) == (202, 3)  # not due yet
    place.clock.forward(seconds=3)
    assert (place.find().status_code, place.requests) == (202, 4)
    place.clock.forward(seconds=25)
    assert place.find().status_code == 202  # one ask more until the number is there
    place.clock.forward(seconds=25)
    found = place.find()
    assert (found.status_code, found.json()["waybill"]) == (200, "ZZ000000014CN")
    label = place.bench.get(f"/v1/blobs/{found.json()['blob']}")
    assert label.headers["content-type"] == "application/pdf"
    assert place.carrier.books.sold == 1


def test_a_sale_that_comes_after_the_answer_was_given_up_is_found(place: Place) -> None:
    place.plan.then("buy", "late")
    assert place.buy().status_code == 202
    assert place.find().status_code == 202  # nothing there, and that means nothing yet
    place.carrier.settle()
    place.clock.forward(seconds=5)
    assert place.find().json()["waybill"] == "ZZ000000014CN"
    assert place.carrier.books.sold == 1


def test_what_never_comes_is_never_bought_once_the_carrier_had_its_time(place: Place) -> None:
    place.plan.then("buy", "early")
    assert place.buy().status_code == 202
    assert place.find().status_code == 202
    place.clock.forward(seconds=25)
    assert place.find().json()["code"] == "never_bought"
    again = place.buy()
    assert (again.status_code, again.json()["reason"]) == (409, "never_bought")
    assert place.carrier.books.sold == 0


def test_a_label_for_other_paper_is_taken_back_and_refused_by_name(place: Place) -> None:
    place.plan.then("buy", "wrong_size")
    refused = place.buy()
    assert (refused.status_code, refused.json()["reason"]) == (409, "label_size")
    assert (place.carrier.books.sold, place.carrier.books.live()) == (1, {})


def test_what_is_no_label_again_and_again_is_taken_back(place: Place) -> None:
    place.plan.then("buy", "truncated")
    bad = FILES[0], FILES[2]
    place.plan.then("find", *bad, *bad, *bad)
    place.plan.then("label", *bad, *bad, *bad)
    assert place.buy().status_code == 202
    answers = []
    for _ in range(8):
        place.clock.forward(seconds=25)
        answers.append(place.find())
        if answers[-1].status_code != 202:
            break
    assert answers[-1].json()["reason"] == "label_file"
    assert (place.carrier.books.sold, place.carrier.books.live()) == (1, {})


def test_a_cut_label_is_asked_for_again(place: Place) -> None:
    place.plan.then("buy", "truncated")
    assert place.buy().status_code == 202
    found = place.find()
    assert (found.status_code, bool(found.json()["blob"])) == (200, True)
    assert place.carrier.books.times("p-1/1") == 1


def test_the_server_asks_for_a_bench_that_is_gone(place: Place) -> None:
    place.plan.then("buy", "lost")
    place.plan.then("find", "down")
    assert place.buy().status_code == 202
    assert gone_through(place)
    assert label_waits.of(place.running.server, "GZ-1", "p-1/1") is None
    before = place.requests
    assert place.find().json()["status"] == "issued"
    assert place.requests == before


def test_a_server_that_was_restarted_goes_on_asking(place: Place) -> None:
    place.plan.then("buy", "lost")
    place.plan.then("find", "down")
    assert place.buy().status_code == 202
    place.running.stop()
    place.clock.forward(minutes=2)
    place.running = place.up()
    assert gone_through(place)
    assert label_waits.of(place.running.server, "GZ-1", "p-1/1") is None
    assert place.carrier.books.times("p-1/1") == 1
