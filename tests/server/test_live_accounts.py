"""Accounts of EasyPost and of karrio's carriers: a bench buys, the server alone has the keys."""

from __future__ import annotations

import base64
import json
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from packstation.carriers.sandbox.easypost import EasyPostDialect
from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.domain.orders import Address
from packstation.domain.psp import SiteBody
from packstation.server.options import Options
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from tests.carriers.live.fake_karrio import written
from tests.carriers.live.sites import Asked, Site, json_answer, serving
from tests.server.bench import Bench, Clock
from tests.server.conftest import TOKEN

Raw = dict[str, Any]
HOST = "onlinetools.ups.com"
LABEL = b"^XA^PW812^LL1218^FDTO ROMA^FS^XZ"
ORDER = {
    "order_id": "A-1",
    "ship_to": {"name": "Mario Rossi", "country": "IT", "lines": ["Via Roma 1"], "city": "Roma"},
    "lines": [{"line": 1, "sku": "TS", "quantity": 1}],
}
SHOP = Address(name="Shop", lines=("Via Napoli 2",), city="Roma", country="IT")
ASKED = {
    "key": "p-1/1",
    "parcel": "p-1",
    "carrier": "our-ups",
    "service": "ups_saver",
    "order": "A-1",
    "rev": 1,
    "gross_g": 420,
}


class Answers:
    """What UPS says to a purchase; ``lost``: nothing that can be read."""

    lost = False

    def __call__(self, asked: Asked) -> tuple[int, bytes, str]:
        if self.lost and asked.path == "/api/buy":
            return 200, b"<html>Back soon</html>", "text/html"
        docs = {"label": base64.b64encode(LABEL).decode()}
        sold = {"tracking_number": "1ZA1B2C3", "shipment_identifier": "S-1", "docs": docs}
        return json_answer({"result": sold})


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def ups(answers: Answers) -> Iterator[Site]:
    with serving(answers) as site:
        yield site


@pytest.fixture
def running(database: str, tmp_path: Path, clock: Clock) -> Iterator[Running]:
    """A server whose Python for karrio has ours."""
    python = tmp_path / "python"
    modules = written(tmp_path / "modules")
    python.write_text(f'#!/bin/sh\nPYTHONPATH={modules} exec {sys.executable} "$@"\n', "utf-8")
    python.chmod(0o700)
    options = Options(
        first_token=TOKEN, clock=clock, karrio_python=str(python), files=str(tmp_path)
    )
    server = serve("127.0.0.1", 0, database, options)
    yield server
    server.stop()


@pytest.fixture
def site(running: Running) -> str:
    with running.server.store.write() as connection:
        put_site(running.server, connection, SiteBody(code="GZ-1", sender=SHOP))
    return "GZ-1"


def account(ups: Site, **changes: object) -> Raw:
    about = {"carrier": "ups", "settings": {"account_number": "A1"}, "detours": {HOST: ups.url}}
    secrets = {"client_id": "our-id", "client_secret": "our-secret"}
    return {"kind": "karrio", "description": about | changes, "secrets": secrets}


def test_a_bench_buys_through_karrio(
    api: httpx.Client, bench: Bench, ups: Site, tmp_path: Path
) -> None:
    kept = api.put("/v1/carriers/our-ups", json=account(ups))
    assert kept.json()["secrets"] == ["client_id", "client_secret"]
    api.post("/v1/import/orders", json=ORDER)
    bought = bench.post("/v1/labels", ASKED)
    assert bought.json()["waybill"] == "1ZA1B2C3", bought.text
    assert "our-secret" not in bought.text + kept.text + api.get("/v1/carriers").text
    sent = json.loads(ups.asked[-1].body)
    assert sent["reference"] == "p-1/1"
    assert stat.S_IMODE((tmp_path / "karrio.sqlite3").stat().st_mode) == 0o600


@pytest.mark.parametrize("waybill", ["1ZFOUND1", ""])
def test_what_nobody_knows_is_settled_by_a_person(
    api: httpx.Client, bench: Bench, ups: Site, answers: Answers, clock: Clock, waybill: str
) -> None:
    api.put("/v1/carriers/our-ups", json=account(ups))
    api.post("/v1/import/orders", json=ORDER)
    answers.lost = True
    assert bench.post("/v1/labels", ASKED).json()["status"] == "pending"
    answers.lost = False
    clock.forward(seconds=120)
    assert bench.get("/v1/labels/p-1/1").json()["status"] == "pending"
    assert api.get("/v1/carriers/our-ups/unknown").json() == {"keys": ["p-1/1"]}
    wrong = api.post("/v1/carriers/our-ups/settle", json={"key": "p-1/1", "waybill": "a\nb"})
    assert wrong.status_code == 422
    told = {"key": "p-1/1", "waybill": waybill}
    assert api.post("/v1/carriers/our-ups/settle", json=told).status_code == 204
    again = api.post("/v1/carriers/our-ups/settle", json=told)
    assert (again.status_code, again.json()["code"]) == (409, "not_waiting")
    clock.forward(seconds=120)
    found = bench.get("/v1/labels/p-1/1")
    if waybill:
        assert found.json()["waybill"] == waybill
    else:
        assert (found.status_code, found.json()["code"]) == (404, "never_bought")
    assert sum(each.path == "/api/buy" for each in ups.asked) == 1
    assert api.get("/v1/carriers/our-ups/unknown").json() == {"keys": []}


@pytest.mark.parametrize("waybill", ["1ZFOUND1", ""])
def test_the_office_settles_it_with_a_reason_and_karrios_book_knows(
    api: httpx.Client, bench: Bench, ups: Site, answers: Answers, clock: Clock, waybill: str
) -> None:
    api.put("/v1/carriers/our-ups", json=account(ups))
    api.post("/v1/import/orders", json=ORDER)
    answers.lost = True
    assert bench.post("/v1/labels", ASKED).json()["status"] == "pending"
    (open_one,) = api.get("/v1/purchases").json()["purchases"]
    assert (open_one["kind"], open_one["key"]) == ("unknown", "p-1/1")
    assert api.post("/v1/purchases/ask", json={"key": "p-1/1"}).json()["status"] == "pending"
    told = {"key": "p-1/1", "sold": bool(waybill), "waybill": waybill, "reason": "their page"}
    settled = api.post("/v1/purchases/settle", json=told)
    assert settled.json()["status"] == ("issued" if waybill else "refused"), settled.text
    assert api.get("/v1/carriers/our-ups/unknown").json() == {"keys": []}
    assert api.get("/v1/purchases", params={"kind": "unknown"}).json()["purchases"] == []
    found = bench.get("/v1/labels/p-1/1")
    assert found.json().get("waybill", "") == waybill
    assert sum(each.path == "/api/buy" for each in ups.asked) == 1
    assert api.post("/v1/purchases/settle", json=told).json()["code"] == "not_waiting"
    answers.lost = False
    tried = api.post("/v1/carriers/our-ups/attempt").json()
    assert tried["came"] in {"fine", "no_answer"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"carrier": "sf"}, "description.carrier: sf; allowed: ups"),
        ({"settings": {"config": True}}, "description.settings: config"),
        ({"settings": {"account_number": 7}}, "description: Expected"),
        ({"detours": {HOST: "https://example.org"}}, "addresses of this machine"),
        ({"deadline_s": 900}, "description.deadline_s: 900"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_is_wrong_with_an_account(
    api: httpx.Client, ups: Site, changes: Raw, words: str
) -> None:
    refused = api.put("/v1/carriers/our-ups", json=account(ups, **changes))
    assert refused.status_code == 422
    assert words in refused.json()["detail"]


def test_only_karrio_is_settled_by_people(api: httpx.Client, ups: Site) -> None:
    assert api.get("/v1/carriers/our-ups/unknown").status_code == 404
    api.put("/v1/carriers/easy", json={"kind": "easypost", "secrets": {"api_key": "k"}})
    assert api.post("/v1/carriers/easy/settle", json={"key": "p-1/1"}).status_code == 404
    moved = account(ups) | {"base_url": "https://example.org"}
    assert api.put("/v1/carriers/our-ups", json=moved).status_code == 422


def test_a_bench_buys_by_easypost(api: httpx.Client, bench: Bench) -> None:
    with FaultServer(EasyPostDialect()) as carrier:
        easy = {"kind": "easypost", "base_url": carrier.url, "secrets": {"api_key": SECRET}}
        assert api.put("/v1/carriers/easy", json=easy).is_success
        api.post("/v1/import/orders", json=ORDER)
        asked = ASKED | {"carrier": "easy", "service": "USPS.plain"}
        bought = bench.post("/v1/labels", asked)
        assert bought.json()["waybill"] == "ZZ000000014CN", bought.text


@pytest.mark.parametrize(
    "wrong",
    [{"base_url": "http://api.easypost.com"}, {"description": {"a": 1}}, {"base_url": "ftp://x"}],
)
def test_what_is_wrong_with_easypost(api: httpx.Client, wrong: Raw) -> None:
    easy = {"kind": "easypost", "secrets": {"api_key": SECRET}} | wrong
    assert api.put("/v1/carriers/easy", json=easy).status_code == 422
