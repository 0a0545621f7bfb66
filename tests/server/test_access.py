"""Deny by default: every role at every route, and never another site's rows."""

from __future__ import annotations

import re

import httpx
import pytest

from packstation.domain.psp import SiteBody
from packstation.server.roles import PUBLIC, ROLES, RULES, STATION_ONLY
from packstation.server.run import Running
from packstation.server.sites import put_site
from packstation.server.tokens import accept_first, make_token
from tests.server.bench import Bench
from tests.server.conftest import TOKEN, NewBench


def target(path: str) -> str:
    return re.sub(r"\{\w+\}", "x", path)


def asked(http: httpx.Client, method: str, path: str, token: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with http.stream(method, target(path), headers=headers, follow_redirects=False) as answer:
        return answer


def test_every_route_of_the_application_has_a_rule(running: Running) -> None:
    served = {
        (method, getattr(route, "path", ""))
        for route in running.app.routes
        for method in getattr(route, "methods", None) or ()
        if method != "HEAD"
    }
    assert served == set(RULES)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_where_the_table_lets_it_and_nowhere_else(
    running: Running, http: httpx.Client, site: str, role: str
) -> None:
    token = make_token(running.server, role, site)
    for (method, path), rule in RULES.items():
        status = asked(http, method, path, token).status_code
        if rule is PUBLIC:
            assert status not in {401, 403} or path == "/sign-in", (method, path)
        elif rule is STATION_ONLY:
            assert status == 401, (method, path)
        elif role in rule.roles:
            assert status not in {401, 403}, (method, path)
        else:
            assert status == 403, (method, path)


def test_nobody_unknown_gets_anywhere(http: httpx.Client, site: str) -> None:
    for (method, path), rule in RULES.items():
        if rule is PUBLIC:
            continue
        status = asked(http, method, path, "no-such-token").status_code
        assert status == (303 if rule.pages else 401), (method, path)


def test_the_first_token_is_taken_once(running: Running, api: httpx.Client) -> None:
    assert api.get("/v1/orders/none").status_code == 404
    assert accept_first(running.server, TOKEN)
    assert not accept_first(running.server, "another")
    assert not accept_first(running.server, "")
    other = {"Authorization": "Bearer another"}
    assert api.get("/v1/orders/none", headers=other).status_code == 401
    with running.server.store.read() as connection:
        kept = connection.exec_driver_sql("SELECT token_hash FROM api_token").scalars().all()
    assert TOKEN not in "".join(kept)


@pytest.fixture
def two_sites(running: Running, api: httpx.Client) -> tuple[httpx.Client, str]:
    """A second site with an order, and a client that belongs to it."""
    with running.server.store.write() as connection:
        put_site(running.server, connection, SiteBody(code="BJ-2", zone="Asia/Shanghai"))
    order = {
        "schema": "packstation.order/1",
        "order_id": "GZ-ORDER",
        "site": "GZ-1",
        "ship_to": {"country": "DE"},
        "lines": [{"line": 1, "sku": "TS", "quantity": 1}],
    }
    assert api.post("/v1/import/orders", json=order).json()["accepted"] == 1
    return api, make_token(running.server, "it", "BJ-2")


def test_another_sites_orders_cannot_be_seen_or_touched(
    two_sites: tuple[httpx.Client, str],
) -> None:
    api, foreign = two_sites
    headers = {"Authorization": f"Bearer {foreign}"}
    for method, path, body in (
        ("GET", "/v1/orders/GZ-ORDER", None),
        ("POST", "/v1/orders/GZ-ORDER/hold", {"reason": "mine now"}),
        ("POST", "/v1/orders/GZ-ORDER/release", None),
        ("POST", "/v1/orders/GZ-ORDER/cancel", None),
        ("POST", "/v1/orders/GZ-ORDER/assign", {"bench": "07"}),
    ):
        plain = api.request(method, path, headers=headers, json=body)
        assert plain.status_code == 404, path
        named = api.request(method, f"{path}?site=GZ-1", headers=headers, json=body)
        assert (named.status_code, named.json()["code"]) == (403, "other_site"), path
    for path in ("/v1/enrol-tokens", "/v1/stations/x/revoke", "/v1/stations/x/epochs/y/close"):
        assert api.post(f"{path}?site=GZ-1", headers=headers).json()["code"] == "other_site"
    floor = api.get("/floor?site=GZ-1", headers=headers)
    assert (floor.status_code, floor.json()["code"]) == (403, "other_site")
    assert "BJ-2" in api.get("/floor", headers=headers).text
    assert api.get("/v1/orders/GZ-ORDER").json()["hold"] == ""
    site = {"code": "GZ-1", "zone": "UTC"}
    taken = api.post("/v1/import/site", headers=headers, json=site)
    assert taken.json()["code"] == "other_site"
    moved = {
        "order_id": "N",
        "site": "GZ-1",
        "ship_to": {},
        "lines": [{"line": 1, "sku": "A", "quantity": 1}],
    }
    refused = api.post("/v1/import/orders", headers=headers, json=moved).json()
    assert (refused["accepted"], refused["rejected"][0]["path"]) == (0, "site")


def test_another_sites_files_labels_and_numbers_stay_there(
    two_sites: tuple[httpx.Client, str], new_bench: NewBench
) -> None:
    mine, theirs = new_bench("01"), new_bench("02", "BJ-2")
    sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert mine.send("PUT", f"/v1/blobs/{sha}", b"abc").status_code == 204
    assert mine.send("PUT", f"/v1/blobs/{sha}", b"abc").status_code == 204
    assert mine.get(f"/v1/blobs/{sha}").content == b"abc"
    assert theirs.get(f"/v1/blobs/{sha}").status_code == 404
    label = {"key": "p-1/1", "parcel": "p-1", "carrier": "sandbox", "service": "express"}
    assert mine.post("/v1/labels", label).status_code == 200
    assert theirs.get("/v1/labels/p-1/1").status_code == 404
    lease = {"req_id": "r", "carrier": "chinapost", "service": "e-packet", "n": 1}
    assert theirs.post("/v1/pools/lease", lease).json()["code"] == "pool_empty"


def test_a_file_is_stored_under_its_own_hash_only(bench: Bench) -> None:
    assert bench.send("PUT", f"/v1/blobs/{'0' * 64}", b"abc").json()["code"] == "other_hash"
    assert bench.send("PUT", "/v1/blobs/short", b"abc").status_code == 422
