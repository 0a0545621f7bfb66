"""Documents in: what was new, changed, unchanged or refused, and what benches get of it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from packstation.domain.psp import OrderBody, PersonBody
from packstation.server.enrolment import make_enrol_token
from packstation.server.run import Running
from packstation.server.tables import ROW
from packstation.server.tokens import make_token
from tests.server.bench import Bench, packed
from tests.server.conftest import TOKEN
from tests.server.test_changes import pull


def order(order_id: str = "A-1", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    plain = {
        "schema": "packstation.order/1",
        "order_id": order_id,
        "ship_to": {"name": "Иван", "city": "Пермь", "country": "RU"},
        "lines": [{"line": 1, "sku": "TS-BLK-M", "quantity": 2}],
    }
    return {**plain, **changes}


def test_orders_are_counted_as_the_format_says(api: httpx.Client) -> None:
    bad = order("B", lines=[])
    told = api.post("/v1/import/orders", json=[order(), bad, order("C"), order("C")]).json()
    assert (told["accepted"], told["changed"], told["unchanged"]) == (2, 0, 1)
    assert [(bad["record"], bad["path"]) for bad in told["rejected"]] == [(1, "lines")]
    assert [one["order_id"] for one in told["orders"]] == ["A-1", "C", "C"]
    assert told["orders"][0]["site"] == "GZ-1"
    again = api.post("/v1/import/orders", json=[order(note="gift"), order("C")]).json()
    assert (again["accepted"], again["changed"], again["unchanged"]) == (0, 1, 1)


@pytest.mark.parametrize("changes", [{"note": "\ud842"}, {"order_id": "A-\udc00"}])
def test_half_a_character_loses_one_order_and_not_the_others(
    changes: dict[str, Any], api: httpx.Client
) -> None:
    """A source that cuts texts at a count of UTF-16 units writes them; no database takes them."""
    sent = json.dumps([order(), {**order("B"), **changes}, order("C")])
    answer = api.post("/v1/import/orders", content=sent.encode())
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["accepted"] == 2
    assert [(bad["record"], bad["path"]) for bad in told["rejected"]] == [(1, next(iter(changes)))]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "it is empty; JSON is wanted"),
        (b'"x"', '"x"; an object or a list is wanted'),
        (b"[" * 50_000 + b"]" * 50_000, "nested too deeply; JSON is wanted"),
    ],
)
def test_what_is_no_document_is_refused_in_words(body: bytes, told: str, api: httpx.Client) -> None:
    answer = api.post("/v1/import/orders", content=body)
    assert (answer.status_code, answer.json()["detail"]) == (422, told)


def test_benches_get_the_newest_image_with_its_revision(api: httpx.Client, bench: Bench) -> None:
    api.post("/v1/import/orders", json=order())
    cursor = pull(bench).cursor
    api.post("/v1/import/orders", json=order(note="gift"))
    row = pull(bench, cursor).rows[0]
    assert (row.t, row.id, row.rev) == ("order", "A-1", 2)
    body = row.body
    assert set(body) == set(OrderBody.__struct_fields__)
    assert (body["order"]["note"], body["bench"], body["hold"]) == ("gift", "", "")


def test_csv_is_read_too(api: httpx.Client) -> None:
    text = "order_id,sku,quantity,country\nA-1,TS,2,DE\nA-1,MUG,1,DE\nA-2,TS,x,DE\n"
    csv = {"Content-Type": "text/csv"}
    told = api.post("/v1/import/orders", content=text.encode(), headers=csv).json()
    assert told["accepted"] == 1
    assert len(told["orders"][0]["lines"]) == 2
    assert told["rejected"][0]["record"] == 1
    pools = "carrier,service,prefix,country,first,last\nchinapost,e-packet,LP,CN,1,99\n"
    told = api.post("/v1/import/pools", content=pools.encode(), headers=csv).json()
    assert told["accepted"] == 1
    people = "badge,name,role,pin\nb-1,Zhao Min,packer,4711\n"
    told = api.post("/v1/import/people", content=people.encode(), headers=csv).json()
    assert told["accepted"] == 1


def test_catalog_and_cartons_reach_the_benches(api: httpx.Client, bench: Bench) -> None:
    cursor = pull(bench).cursor
    catalog = {"schema": "packstation.catalog/1", "products": [{"sku": "TS", "weight_g": 180}]}
    assert api.post("/v1/import/catalog", json=catalog).json()["accepted"] == 1
    assert api.post("/v1/import/catalog", json=catalog).json()["unchanged"] == 1
    carton = {"code": "C3", "inner_mm": [300, 200, 120], "tare_g": 95}
    cartons = {"schema": "packstation.cartons/1", "cartons": [carton, {"code": "C4"}]}
    told = api.post("/v1/import/cartons", json=cartons).json()
    assert (told["accepted"], len(told["rejected"]), "orders" in told) == (1, 1, False)
    rows = pull(bench, cursor).rows
    assert [(row.t, row.id) for row in rows] == [("sku", "TS"), ("carton", "C3")]


def test_people_come_with_hashes_and_secrets_are_not_shown_again(
    api: httpx.Client, bench: Bench
) -> None:
    cursor = pull(bench).cursor
    mei = {"badge": "b-9", "name": "Mei", "role": "supervisor", "pin": "4711", "password": "long"}
    wrong = {"badge": "b-8", "name": "Bo", "role": "king", "pin": "8899"}
    answer = api.post("/v1/import/people", json={"people": [mei, wrong]})
    told = answer.json()
    assert (told["accepted"], told["rejected"][0]["path"]) == (1, "role")
    assert "4711" not in answer.text
    assert "8899" not in answer.text
    row = pull(bench, cursor).rows[0]
    assert set(row.body) == set(PersonBody.__struct_fields__)
    assert row.body["pin_hash"].startswith("$argon2id$")
    assert api.post("/v1/import/people", json=mei).json()["unchanged"] == 1
    assert api.post("/v1/import/people", json={**mei, "pin": "5822"}).json()["changed"] == 1
    assert api.post("/v1/import/people", json={**mei, "role": "lead"}).json()["changed"] == 1


def test_pools_that_overlap_are_refused_by_record(api: httpx.Client) -> None:
    one = {
        "carrier": "chinapost",
        "service": "e-packet",
        "prefix": "LP",
        "country": "CN",
        "first": 1,
        "last": 99,
    }
    told = api.post(
        "/v1/import/pools", json={"pools": [one, {**one, "first": 50, "last": 150}]}
    ).json()
    assert (told["accepted"], told["rejected"][0]["path"]) == (1, "first")
    assert api.post("/v1/import/pools", json=one).json()["unchanged"] == 1
    assert api.post("/v1/import/pools", json=[{**one, "last": 0}]).json()["rejected"]


def test_a_file_that_is_no_document_is_refused_whole(api: httpx.Client) -> None:
    broken = api.post("/v1/import/orders", content=b"{")
    assert (broken.status_code, broken.json()["code"]) == (422, "invalid")
    assert api.post("/v1/import/site", json={"zone": "UTC"}).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"zone": "Asia/Nowhere"}, "zone"),
        ({"zone": "Asia"}, "zone"),
        ({"zon": "UTC"}, "zon"),
        ({"currency": "RMB"}, "currency"),
        ({"cn_export_mode": "9999"}, "cn_export_mode"),
    ],
)
def test_a_site_that_is_wrong_is_refused_by_its_field(
    api: httpx.Client, wrong: dict[str, str], path: str
) -> None:
    refused = api.post("/v1/import/site", json={"code": "BJ-2", **wrong})
    assert refused.status_code == 422
    assert refused.json()["detail"].startswith(f"{path}: ")
    assert api.post("/v1/import/site", json={"code": "BJ-2"}).json()["accepted"] == 1


def test_a_new_server_takes_its_site_from_the_first_import(
    running: Running, http: httpx.Client
) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    first = http.post("/v1/import/orders", headers=headers, json=order(site="GZ-1")).json()
    assert first["accepted"] == 1
    other = http.post("/v1/import/orders", headers=headers, json=order("B", site="GX-1")).json()
    assert other["rejected"][0]["path"] == "site"
    assert "GZ-1" in other["rejected"][0]["message"]
    site = {"code": "GX-1", "zone": "Asia/Shanghai", "currency": "CNY"}
    assert http.post("/v1/import/site", headers=headers, json=site).json()["accepted"] == 1
    assert http.post("/v1/import/site", headers=headers, json=site).json()["unchanged"] == 1
    unclear = http.post("/v1/import/cartons", headers=headers, json={"cartons": []})
    assert (unclear.status_code, unclear.json()["known"]) == (422, ["GX-1", "GZ-1"])
    clear = http.post("/v1/import/cartons?site=GX-1", headers=headers, json={"cartons": []})
    assert clear.status_code == 200


PRODUCTS = {
    "schema": "packstation.catalog/1",
    "products": [{"sku": "TS", "name": {"en": "T-shirt"}, "net_weight_g": 180}],
}
SITE = {"code": "GZ-1", "zone": "Asia/Shanghai", "currency": "CNY"}


@pytest.fixture
def new(http: httpx.Client) -> httpx.Client:
    """The integration of a server that has nothing yet."""
    http.headers["Authorization"] = f"Bearer {TOKEN}"
    return http


def the_sites(running: Running) -> dict[str, list[str]]:
    """What lies at each site."""
    with running.server.store.read() as connection:
        columns = select(ROW.c.site, ROW.c.t).order_by(ROW.c.site, ROW.c.t)
        rows: list[tuple[str, str]] = [(site, thing) for site, thing in connection.execute(columns)]
    return {site: [thing for place, thing in rows if place == site] for site, _ in rows}


def test_a_catalog_that_comes_first_lies_at_the_site_that_the_orders_name(
    running: Running, new: httpx.Client
) -> None:
    assert new.post("/v1/import/catalog", json=PRODUCTS).json()["accepted"] == 1
    assert the_sites(running) == {"MAIN": ["site", "sku"]}
    told = new.post("/v1/import/orders", json=order(site="GZ-1")).json()
    assert (told["accepted"], told["rejected"]) == (1, [])
    assert the_sites(running) == {"GZ-1": ["order", "site", "sku"]}
    assert new.post("/v1/import/catalog", json=PRODUCTS).json()["unchanged"] == 1
    assert new.post("/v1/import/site", json=SITE).json()["changed"] == 1
    other = new.post("/v1/import/orders", json=order("B", site="GX-1")).json()
    assert other["rejected"][0]["path"] == "site"


def test_a_site_that_is_described_after_the_catalog_is_the_same_site(
    running: Running, new: httpx.Client
) -> None:
    new.post("/v1/import/catalog", json=PRODUCTS)
    new.post("/v1/import/site", json=SITE)
    assert the_sites(running) == {"GZ-1": ["site", "sku"]}
    assert new.post("/v1/import/orders", json=order(site="GZ-1")).json()["accepted"] == 1


def test_an_enrolment_token_names_the_site_of_the_catalog(
    running: Running, new: httpx.Client
) -> None:
    new.post("/v1/import/catalog", json=PRODUCTS)
    make_enrol_token(running.server, "GZ-1")
    assert the_sites(running) == {"GZ-1": ["site", "sku"]}


def test_a_site_without_a_name_keeps_its_code_once_somebody_knows_it(
    running: Running, new: httpx.Client
) -> None:
    assert new.post("/v1/import/orders", json=order()).json()["orders"][0]["site"] == "MAIN"
    refused = new.post("/v1/import/orders", json=order("B", site="GZ-1")).json()
    assert refused["rejected"][0]["path"] == "site"
    assert list(the_sites(running)) == ["MAIN"]


def test_a_site_that_was_called_main_stays_main(running: Running, new: httpx.Client) -> None:
    new.post("/v1/import/catalog", json=PRODUCTS)
    new.post("/v1/import/catalog?site=MAIN", json=PRODUCTS)
    new.post("/v1/import/site", json=SITE)
    assert the_sites(running) == {"GZ-1": ["site"], "MAIN": ["site", "sku"]}


def test_a_hold_reaches_the_bench_and_is_lifted_again(api: httpx.Client, bench: Bench) -> None:
    api.post("/v1/import/orders", json=order())
    cursor = pull(bench).cursor
    held = api.post("/v1/orders/A-1/hold", json={"reason": "Buyer asks for another address"})
    assert (held.json()["hold"], held.json()["rev"]) == ("Buyer asks for another address", 1)
    row = pull(bench, cursor).rows[0]
    assert (row.rev, row.body["hold"]) == (1, "Buyer asks for another address")
    released = api.post("/v1/orders/A-1/release").json()
    assert (released["hold"], released["status"]) == ("", "ready")
    assert pull(bench, cursor).rows[0].body["hold"] == ""
    assert api.post("/v1/orders/A-1/hold", json={"reason": " "}).status_code == 422


def test_a_release_makes_an_order_ready_that_came_on_hold(api: httpx.Client) -> None:
    api.post("/v1/import/orders", json=order(status="on_hold"))
    told = api.post("/v1/orders/A-1/release").json()
    assert (told["status"], told["rev"]) == ("ready", 2)


def test_a_cancellation_and_an_assignment_reach_the_bench(api: httpx.Client, bench: Bench) -> None:
    api.post("/v1/import/orders", json=order())
    assert api.post("/v1/orders/A-1/assign", json={"bench": "01"}).json()["bench"] == "01"
    told = api.post("/v1/orders/A-1/cancel").json()
    assert (told["status"], told["rev"]) == ("cancelled", 2)
    assert pull(bench).rows[-1].body["order"]["status"] == "cancelled"
    again = api.post("/v1/import/orders", json=order()).json()
    assert again["changed"] == 1
    assert api.get("/v1/orders/A-1").json()["bench"] == "01"


def test_unknown_orders_are_not_found(api: httpx.Client) -> None:
    for path in ("hold", "release", "cancel"):
        answer = api.post(f"/v1/orders/none/{path}", json={"reason": "why"})
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_order")


def test_one_number_at_two_sites_wants_the_site_named(running: Running, api: httpx.Client) -> None:
    api.post("/v1/import/site", json={"code": "BJ-2"})
    for site in ("GZ-1", "BJ-2"):
        api.post("/v1/import/orders", json=order(site=site))
    assert api.get("/v1/orders/A-1").json()["code"] == "which_site"
    assert api.get("/v1/orders/A-1?site=BJ-2").json()["site"] == "BJ-2"


def test_what_was_packed_is_known_of_the_order_whichever_came_first(
    api: httpx.Client, bench: Bench
) -> None:
    api.post("/v1/import/orders", json=order())
    for n, name in enumerate(("A-1", "LATE")):
        bench.note(*packed(name, f"LP00000001{n}CN"), session=f"s-{n}", order=name)
    bench.push()
    api.post("/v1/import/orders", json=order("LATE"))
    for name in ("A-1", "LATE"):
        told = api.get(f"/v1/orders/{name}").json()
        assert (told["outcome"], told["state"]) == ("packed", "completed")
    fold = api.get("/v1/sessions/s-0").json()
    assert fold["fold"]["order_id"] == "A-1"
    assert api.get("/v1/sessions/none").status_code == 404


def test_a_bench_is_enrolled_revoked_and_its_epoch_closed_over_http(
    api: httpx.Client, http: httpx.Client, bench: Bench
) -> None:
    made = api.post("/v1/enrol-tokens")
    assert (made.status_code, made.json()["expires"]) == (201, "2026-11-21T06:29:00.000Z")
    other = Bench(http, bench.clock, station="s-77")
    assert other.enrol(made.json()["token"]).status_code == 200
    bench.push()
    assert api.post(f"/v1/stations/{bench.station}/epochs/{bench.epoch}/close").status_code == 204
    assert bench.push().json()["code"] == "epoch_closed"
    assert api.post("/v1/stations/s-77/revoke").status_code == 204
    assert other.push().json()["code"] == "revoked"
    assert api.post("/v1/stations/s-78/revoke").status_code == 404
    assert api.post("/v1/stations/s-78/epochs/e/close").status_code == 404


@pytest.mark.parametrize("role", ["packer", "auditor"])
def test_those_who_only_look_change_nothing(
    running: Running, http: httpx.Client, site: str, role: str
) -> None:
    headers = {"Authorization": f"Bearer {make_token(running.server, role, site)}"}
    assert http.post("/v1/import/orders", headers=headers, json=order()).status_code == 403
