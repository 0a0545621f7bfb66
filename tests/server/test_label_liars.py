"""Carriers that lie or stumble, and a server that is killed: nobody pays twice, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
from msgspec.structs import replace
from sqlalchemy import delete, update

from packstation.domain.carriers import Bought, BuyRequest, Capabilities, LabelFile, Partly
from packstation.domain.psp import SiteBody
from packstation.server.enrolment import make_enrol_token
from packstation.server.labels_sandbox import SandboxCarrier
from packstation.server.options import Options
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from packstation.server.tables import LABEL, LABEL_WAIT
from tests.server.bench import Bench, Clock
from tests.server.test_labels import request

FILE = LabelFile(content=b"^XA^PW400^LL400^FDsmall^FS^XZ", media="application/zpl")


class Liar(Partly):
    """Says of every sale what ``says`` is; raises ``breaks`` once it has sold."""

    capabilities = Capabilities(void=True)

    def __init__(self) -> None:
        self.says = Bought(waybill="ZZ000000014CN", label=FILE)
        self.breaks: Exception | None = None
        self.bought: list[str] = []

    def buy(self, request: BuyRequest) -> Bought:
        self.bought.append(request.key)
        return self._said()

    def find(self, key: str) -> Bought | None:
        return self._said() if key in self.bought else None

    def void(self, key: str) -> None:
        self._said()

    def _said(self) -> Bought:
        if self.breaks:
            raise self.breaks
        return self.says


@pytest.fixture
def liar() -> Liar:
    return Liar()


@pytest.fixture
def running(liar: Liar, database: str, clock: Clock) -> Iterator[Running]:
    made = serve("127.0.0.1", 0, database, Options(clock=clock, carriers={"sandbox": liar}))
    with made.server.store.write() as connection:
        put_site(made.server, connection, SiteBody(code="GZ-1"))
    yield made
    made.stop()


@pytest.fixture
def bench(running: Running, clock: Clock) -> Iterator[Bench]:
    with httpx.Client(base_url=running.url, timeout=30) as http:
        made = Bench(http, clock)
        made.enrol(make_enrol_token(running.server, "GZ-1"))
        yield made


def test_an_adapter_that_breaks_over_an_answer_settles_nothing(
    bench: Bench, liar: Liar, clock: Clock
) -> None:
    liar.breaks = ValueError("an answer that nobody thought of")
    assert bench.post("/v1/labels", request()).status_code == 202
    assert bench.post("/v1/labels", request()).status_code == 202
    clock.forward(seconds=5)
    assert bench.get("/v1/labels/p-1/1").status_code == 202
    liar.breaks = None
    clock.forward(minutes=2)
    assert bench.get("/v1/labels/p-1/1").json()["status"] == "issued"
    assert liar.bought == ["p-1/1"]


def test_a_void_over_which_an_adapter_breaks_is_asked_again(bench: Bench, liar: Liar) -> None:
    bench.post("/v1/labels", request())
    liar.breaks = KeyError("state")
    assert bench.post("/v1/labels/p-1/1/void", {}).json()["status"] == "voiding"
    liar.breaks = None
    assert bench.post("/v1/labels/p-1/1/void", {}).json()["status"] == "voided"


@pytest.mark.parametrize(
    "number", ["^XZ~JA^XA", "A\x00B1234", "\u202e4321AZ", "x" * 65, "<b>1</b>"]
)
def test_a_number_that_is_none_goes_to_no_bench(bench: Bench, liar: Liar, number: str) -> None:
    liar.says = Bought(waybill=number, label=FILE)
    sold = bench.post("/v1/labels", request())
    assert (sold.status_code, sold.json()["waybill"]) == (202, "")
    liar.says = Bought(waybill=number, state="pending")
    assert bench.get("/v1/labels/p-1/1").json()["waybill"] == ""


def test_the_number_of_another_parcel_is_refused_by_name(bench: Bench, liar: Liar) -> None:
    assert bench.post("/v1/labels", request()).status_code == 200
    second = bench.post("/v1/labels", request("p-2/1"))
    assert (second.status_code, second.json()["reason"]) == (409, "duplicate")
    assert bench.get("/v1/labels/p-2/1").json()["reason"] == "duplicate"
    assert bench.get("/v1/labels/p-1/1").json()["status"] == "issued"


def test_the_number_of_a_parcel_whose_label_was_taken_back_may_come_again(
    bench: Bench, liar: Liar
) -> None:
    bench.post("/v1/labels", request())
    bench.post("/v1/labels/p-1/1/void", {})
    assert bench.post("/v1/labels", request("p-1/2")).json()["status"] == "issued"
    liar.says = replace(liar.says, voided=True)
    assert bench.post("/v1/labels", request("p-2/1")).json()["status"] == "voided"


def test_a_sale_of_a_killed_server_is_found_without_its_bench(
    bench: Bench, liar: Liar, running: Running, database: str, clock: Clock
) -> None:
    bench.post("/v1/labels", request())
    with running.server.store.write() as connection:  # as a kill between sale and answer leaves it
        connection.execute(update(LABEL).values(status="pending", waybill="", blob=""))
        connection.execute(delete(LABEL_WAIT))
    running.stop()
    clock.forward(minutes=1)
    again = serve("127.0.0.1", 0, database, Options(clock=clock, carriers={"sandbox": liar}))
    try:
        clock.forward(minutes=1)
        end = monotonic() + 10
        while (status := _status(again)) != "issued" and monotonic() < end:
            sleep(0.05)
    finally:
        again.stop()
    assert status == "issued"
    assert liar.bought == ["p-1/1"]


def _status(running: Running) -> object:
    with running.server.store.read() as connection:
        return connection.scalar(LABEL.select().with_only_columns(LABEL.c.status))


@pytest.mark.parametrize(
    "absurd",
    [{"rev": 10**30}, {"rev": -1}, {"gross_g": -5}, {"gross_g": 10**12}, {"size_mm": [1, -2, 3]}],
)
def test_a_request_with_absurd_figures_buys_nothing(
    bench: Bench, liar: Liar, absurd: dict[str, object]
) -> None:
    answer = bench.post("/v1/labels", {**request(), **absurd})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert next(iter(absurd)) in answer.json()["detail"]
    assert liar.bought == []


def test_the_sandbox_gives_every_parcel_its_own(tmp_path: Path) -> None:
    sandbox = SandboxCarrier(tmp_path / "books.sqlite3")
    keys = [f"p-{at}/1" for at in range(20)]
    asked = [BuyRequest(key=key, parcel=key, carrier="sandbox", service="x") for key in keys]
    assert len({sandbox.buy(one).waybill for one in asked}) == len(keys)
    sandbox.close()
