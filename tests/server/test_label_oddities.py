"""Labels of carriers that take nothing back, give files apart, or voided a sale themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from packstation.domain.carriers import (
    Bought,
    BuyRequest,
    Capabilities,
    LabelFile,
    LabelWanted,
    Partly,
    refused,
)
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused
from packstation.domain.psp import SiteBody
from packstation.server.enrolment import make_enrol_token
from packstation.server.label_waits import MOST_FAULTS
from packstation.server.labels_sandbox import SandboxCarrier
from packstation.server.options import Options
from packstation.server.run import serve
from packstation.server.sites import put_site
from tests.server.bench import Bench, Clock
from tests.server.test_labels import request

FILE = LabelFile(content=b"^XA^PW400^LL400^FDsmall^FS^XZ", media="application/zpl")
SALE = Bought(waybill="ZZ000000014CN", label=FILE)


class Odd(Partly):
    """Sells ``sale``, whose file may come apart, later."""

    def __init__(self) -> None:
        self.capabilities = Capabilities()
        self.sale = SALE
        self.lost = self.tendered = False
        self.files: list[LabelFile | None] = []

    def buy(self, request: BuyRequest) -> Bought:
        if self.lost:
            raise LabelOutcomeUnknown(label_key=request.key)
        return self.sale

    def find(self, key: str) -> Bought | None:
        return self.sale

    def label(self, key: str, wanted: LabelWanted) -> LabelFile | None:
        return self.files.pop(0)

    def void(self, key: str) -> None:
        if self.tendered:
            raise refused(key, "tendered")


@pytest.fixture
def odd() -> Odd:
    return Odd()


@pytest.fixture
def bench(odd: Odd, database: str, clock: Clock) -> Iterator[Bench]:
    running = serve("127.0.0.1", 0, database, Options(clock=clock, carriers={"sandbox": odd}))
    with running.server.store.write() as connection:
        put_site(running.server, connection, SiteBody(code="GZ-1"))
    with httpx.Client(base_url=running.url, timeout=30) as http:
        made = Bench(http, clock)
        made.enrol(make_enrol_token(running.server, "GZ-1"))
        yield made
    running.stop()


def asked(bench: Bench) -> tuple[int, str, str]:
    """Status, state and number of what the key bought."""
    answer = bench.get("/v1/labels/p-1/1")
    return answer.status_code, answer.json()["status"], answer.json()["waybill"]


def test_a_file_of_another_size_is_handed_on_where_nothing_is_taken_back(
    bench: Bench, odd: Odd
) -> None:
    odd.sale = replace(SALE, fault="size")
    sold = bench.post("/v1/labels", request())
    assert (sold.status_code, sold.json()["waybill"]) == (200, SALE.waybill)
    assert bench.get(f"/v1/blobs/{sold.json()['blob']}").content == FILE.content


def test_one_that_is_on_its_way_already_stays_open(bench: Bench, odd: Odd) -> None:
    odd.capabilities, odd.tendered = Capabilities(void=True), True
    odd.sale = replace(SALE, fault="size")
    assert bench.post("/v1/labels", request()).status_code == 202
    odd.sale = SALE
    assert asked(bench) == (200, "issued", SALE.waybill)


def test_what_is_no_label_is_waited_for_where_nothing_is_taken_back(
    bench: Bench, odd: Odd, clock: Clock
) -> None:
    odd.sale = replace(SALE, label=None, state="pending", fault="html")
    assert bench.post("/v1/labels", request()).status_code == 202
    for _ in range(MOST_FAULTS + 1):
        clock.forward(seconds=25)
        assert asked(bench)[:2] == (202, "pending")
    odd.sale = SALE
    clock.forward(minutes=2)
    assert asked(bench)[:2] == (200, "issued")


def test_a_file_that_comes_apart_is_asked_for_until_it_is_there(
    bench: Bench, odd: Odd, clock: Clock
) -> None:
    odd.capabilities = Capabilities(label=True)
    odd.sale = replace(SALE, label=None, state="pending")
    odd.files = [None, FILE]
    assert bench.post("/v1/labels", request()).status_code == 202
    assert asked(bench) == (202, "pending", SALE.waybill)
    clock.forward(seconds=25)
    assert asked(bench) == (200, "issued", SALE.waybill)


def test_a_sale_that_the_carrier_voided_itself_is_void(bench: Bench, odd: Odd) -> None:
    odd.lost, odd.sale = True, Bought(waybill=SALE.waybill, voided=True)
    assert bench.post("/v1/labels", request()).status_code == 202
    assert asked(bench) == (200, "voided", SALE.waybill)


def test_the_sandbox_gives_files_of_its_own_sales_only(tmp_path: Path) -> None:
    sandbox = SandboxCarrier(tmp_path / "books.sqlite3")
    sold = sandbox.buy(BuyRequest(key="p-1/1", parcel="p-1", carrier="sandbox", service="a"))
    assert sandbox.label("p-1/1", LabelWanted()) == sold.label
    with pytest.raises(LabelRefused) as no:
        sandbox.label("p-9/1", LabelWanted())
    assert no.value.fields["reason"] == "never_bought"
    sandbox.close()
