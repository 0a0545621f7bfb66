"""A broker's package by the real rules: all papers, all data sets, each as it should be."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from packstation.assets import resource
from packstation.customs.packs import read_folder
from packstation.server.customs import packs
from packstation.server.run import Running
from packstation.server.tokens import make_token
from tests.documents.papers.pages import faults, text
from tests.server.customs.office import checked, opened, put

NEW = "/v1/customs/consignments"
BASE: dict[str, Any] = json.loads(resource("customs", "examples", "base.json").read_text())
BOX = {**BASE["parcels"][0], "waybill": "", "contents": []}


@pytest.fixture(autouse=True)
def built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The law as it is shipped, in place of the one of two rules."""
    own = read_folder(resource("customs"))
    monkeypatch.setattr(packs, "built_in", lambda: own)


def order(order_id: str, **patch: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    raw = {name: value for name, value in BASE.items() if name != "bench"}
    invoice = {"no": f"INV-{order_id}", "date": "2026-11-20"}
    return {**raw, "order_id": order_id, "invoice": invoice, "site": "GZ-1", **patch}


@pytest.fixture
def office(api: httpx.Client) -> httpx.Client:
    """A site with a broker ``wolf`` whose program is ``wolf-edi``."""
    opened(api)
    told = {"id": "wolf", "members": ["token:wolf-edi"]}
    assert api.post("/v1/customs/brokers", json=told).status_code == 200
    return api


@pytest.fixture
def program(running: Running, office: httpx.Client) -> Iterator[httpx.Client]:
    del office
    token = make_token(running.server, "broker", "GZ-1", "wolf-edi")
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=running.url, headers=headers, timeout=60) as client:
        yield client


def handed(office: httpx.Client, *orders: dict[str, Any]) -> str:
    """These orders in the hands of Wolf; the consignment's id."""
    put(office, "orders", list(orders))
    checked(office)
    names = [one["order_id"] for one in orders]
    made = office.post(NEW, json={"orders": names})
    assert made.status_code == 200, made.text
    key = str(made.json()["id"])
    told = office.post(f"{NEW}/{key}/hand", json={"broker": "wolf"})
    assert told.status_code == 200, told.text
    return key


def taken(program: httpx.Client, key: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Manifest and files of a package; every file is in the manifest with its hash."""
    answer = program.get(f"{NEW}/{key}/package")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        files = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    assert {one["path"]: (one["sha256"], one["bytes"]) for one in manifest["files"]} == {
        path: (hashlib.sha256(content).hexdigest(), len(content)) for path, content in files.items()
    }
    return manifest, files


def test_a_postal_parcel_from_china_to_the_union(
    office: httpx.Client, program: httpx.Client
) -> None:
    raw = order("W-1", service="parcel", options=["packing_list"])
    manifest, files = taken(program, handed(office, raw))
    assert manifest["not_made"] == []
    kinds = {one["path"].partition("/")[2]: one["kind"] for one in manifest["files"]}
    assert (
        kinds.items()
        >= {
            "order.json": "order",
            "itmatt.json": "itmatt",
            "h7.json": "h7",
            "9610.json": "cn-9610",
            "9610.csv": "cn-9610",
            "cn-declaration.json": "cn-declaration",
            "cn23.pdf": "cn23",
            "invoice.pdf": "invoice",
            "packing-list.pdf": "packing-list",
        }.items()
    )
    for path, content in files.items():
        if path.endswith(".pdf"):
            assert faults(content) == [], path
            assert "IM2760000017" not in text(content), path
    form = text(files["001-W-1/cn23.pdf"]).replace(" ", "")
    assert "LP123456785CN" in form
    assert "61091000" in form
    assert "Torstrasse12" in form
    assert "INV-W-1" in text(files["001-W-1/invoice.pdf"])


def test_the_data_sets_tell_one_story(office: httpx.Client, program: httpx.Client) -> None:
    _, files = taken(program, handed(office, order("W-1")))
    data = {name.partition("/")[2]: content for name, content in files.items()}
    item = json.loads(data["itmatt.json"])["items"][0]
    assert (item["item_id"], item["fiscal_references"][0]["id"]) == (
        "LP123456785CN",
        "IM2760000017",
    )
    h7 = json.loads(data["h7.json"])["consignments"][0]
    assert (h7["transport_document"], h7["procedures"]) == ("LP123456785CN", ["C07", "F48"])
    entry = json.loads(data["9610.json"])["entries"][0]
    assert entry["order_no"] == "W-1"
    assert entry["payment"]["total"] == {"amount": "119.80", "currency": "CNY"}
    assert entry["logistics"]["waybill"] == "LP123456785CN"
    rows = list(csv.DictReader(io.StringIO(data["9610.csv"].decode("utf-8-sig"))))
    assert [(row["hs"], row["quantity"], row["name"]) for row in rows] == [
        ("6109100010", "2", "男式针织T恤，100%棉")
    ]
    draft = json.loads(data["cn-declaration.json"])["declarations"][0]
    assert draft["goods"][0]["elements"], "申报要素 of the code"


def test_payment_that_does_not_match_keeps_the_list_out_and_says_so(
    office: httpx.Client, program: httpx.Client
) -> None:
    paid = {"status": "paid", "total": {"amount": "119.80", "currency": "CNY"}}
    lines = [{**BASE["lines"][0], "unit_price": {"amount": "60.00", "currency": "CNY"}}]
    raw = order("W-1", payment=paid, lines=lines, cn_export_mode="9610")
    manifest, files = taken(program, handed(office, raw))
    assert not any("9610" in path for path in files)
    lacks = {(one["kind"], one["why"], one["field"]) for one in manifest["not_made"]}
    assert ("cn-9610", "lack", "payment.total") in lacks
    (said,) = (one["said"] for one in manifest["not_made"] if one["field"] == "payment.total")
    assert said["ru"] == "Оплачено 119.80 CNY, а заказ на 120.00 CNY: исправьте"
    assert set(said) == {"en", "zh_Hans", "ru"}


def test_each_parcel_has_its_own_form(office: httpx.Client, program: httpx.Client) -> None:
    boxes = [
        {**BASE["parcels"][0], "gross_g": 260, "waybill": waybill, "contents": [one]}
        for waybill, one in (
            ("LP123456785CN", {"line": 1, "quantity": 1}),
            ("LP123456794CN", {"line": 1, "quantity": 1}),
        )
    ]
    raw = order("W-2", service="parcel", parcels=boxes)
    _, files = taken(program, handed(office, raw))
    forms = {path: text(one) for path, one in files.items() if "cn23" in path}
    assert set(forms) == {"001-W-2/cn23-1.pdf", "001-W-2/cn23-2.pdf"}
    assert "LP123456785CN" in forms["001-W-2/cn23-1.pdf"].replace(" ", "")
    assert "LP123456794CN" in forms["001-W-2/cn23-2.pdf"].replace(" ", "")


def test_an_order_that_is_not_packed_yet_has_data_and_says_what_lacks(
    office: httpx.Client, program: httpx.Client
) -> None:
    manifest, files = taken(program, handed(office, order("W-3", parcels=[])))
    assert set(files) == {"001-W-3/order.json"}
    assert [(one["kind"], one["field"]) for one in manifest["not_made"]] == [("papers", "parcels")]


def test_a_paper_that_no_font_can_write_is_named_and_the_others_are_there(
    office: httpx.Client, program: httpx.Client
) -> None:
    """Rules stop names and addresses without a face earlier; nobody asks comments for one."""
    said = [{"sku": "TS-BLK-M", "kind": "comment", "value": "Gift \U0001f984"}]
    raw = order("W-4", service="parcel", requirements=said)
    manifest, files = taken(program, handed(office, raw))
    assert "001-W-4/itmatt.json" in files
    assert "001-W-4/invoice.pdf" in files
    assert "001-W-4/cn23.pdf" not in files
    assert {one["why"] for one in manifest["not_made"]} == {"error.glyph_missing"}


@pytest.mark.slow
def test_others_are_answered_while_a_package_is_drawn(
    office: httpx.Client, program: httpx.Client
) -> None:
    key = handed(office, *(order(f"M-{n:03}") for n in range(60)))
    waits: list[float] = []
    with ThreadPoolExecutor(2) as pool:
        begun = time.monotonic()
        jobs = [pool.submit(taken, program, key), pool.submit(taken, program, key)]
        while not all(job.done() for job in jobs):
            asked = time.monotonic()
            assert office.get("/healthz").status_code == 200
            waits.append(time.monotonic() - asked)
        lasted = time.monotonic() - begun
    assert jobs[0].result() == jobs[1].result()
    waits.sort()
    middle, most = waits[len(waits) // 2], waits[-1]
    print(f"{lasted:.1f} s, {len(waits)} answers, {middle:.3f} s, {most:.3f} s")  # noqa: T201
    assert middle < lasted / 20
