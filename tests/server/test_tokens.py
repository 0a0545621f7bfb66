"""Tokens of integrations: made, used, revoked; and how often anybody may ask."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from packstation.server.options import Options
from packstation.server.rates import MOST, Limit, Limits, Rates
from packstation.server.run import Running, serve
from packstation.server.tokens import make_token
from tests.cli.terminal import packstation
from tests.server.bench import Clock
from tests.server.conftest import TOKEN, NewBench


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_token_is_made_used_and_revoked(
    api: httpx.Client, http: httpx.Client, clock: Clock, site: str
) -> None:
    made = api.post("/v1/tokens", json={"name": "shop", "role": "service", "days": 30}).json()
    assert (made["site"], made["role"], made["until"][:10]) == (site, "service", "2026-12-21")
    orders = "/v1/orders/none"
    clock.forward(minutes=5)
    assert http.get(orders, headers=bearer(made["token"])).status_code == 404
    held = {one["key"]: one for one in api.get("/v1/tokens").json()["tokens"]}
    assert held[made["key"]]["used"] > held[made["key"]]["made"]
    assert made["token"] not in str(held)
    api.post(f"/v1/tokens/{made['key']}/revoke")
    assert http.get(orders, headers=bearer(made["token"])).status_code == 401
    assert api.post("/v1/tokens/none/revoke").json()["code"] == "unknown_token"


def test_a_token_with_an_end_ends(api: httpx.Client, http: httpx.Client, clock: Clock) -> None:
    made = api.post("/v1/tokens", json={"name": "shop", "role": "service", "days": 1}).json()
    clock.forward(days=1, seconds=1)
    assert http.get("/v1/orders/none", headers=bearer(made["token"])).status_code == 401
    wrong = api.post("/v1/tokens", json={"name": "shop", "role": "king"})
    assert (wrong.status_code, "role" in wrong.json()["detail"]) == (422, True)


def test_a_site_sees_its_own_tokens_only(running: Running, api: httpx.Client, site: str) -> None:
    own = bearer(make_token(running.server, "it", site, "of the site"))
    named = [one["name"] for one in api.get("/v1/tokens", headers=own).json()["tokens"]]
    assert named == ["of the site"]
    every = api.get("/v1/tokens").json()["tokens"]
    first = next(one["key"] for one in every if one["name"] == "integration")
    assert api.post(f"/v1/tokens/{first}/revoke", headers=own).status_code == 404


def test_the_page_makes_and_revokes(running: Running, api: httpx.Client) -> None:
    record = {"badge": "b-7", "name": "Root", "role": "it", "pin": "4711"}
    assert api.post("/v1/import/people", json=record).json()["accepted"] == 1
    with httpx.Client(base_url=running.url, headers={"Accept": "text/html"}, timeout=30) as web:
        assert web.post("/sign-in", data={"name": "Root", "secret": "4711"}).status_code == 303

        def post(**form: str) -> httpx.Response:
            found = re.search(r'name="csrf" value="([^"]+)"', web.get("/tokens").text)
            assert found
            return web.post("/tokens", data={"csrf": found[1], **form})

        html = post(act="make", name="<b>shop", role="service", days="90").text
        token = re.findall(r"<code>([\w-]{40,})</code>", html)[0]
        assert "<b>shop" not in html
        assert token not in web.get("/tokens").text
        assert api.get("/v1/orders/none", headers=bearer(token)).status_code == 404
        key = next(
            one["key"] for one in api.get("/v1/tokens").json()["tokens"] if one["name"] == "<b>shop"
        )
        assert post(act="revoke", key=key).status_code == 200
        assert api.get("/v1/orders/none", headers=bearer(token)).status_code == 401
        assert post(act="revoke", key="none").status_code == 404
        assert post(act="make", name="", role="service", days="x").status_code == 422
        assert post(act="sing").status_code == 422


def test_the_command_line_makes_and_revokes(
    running: Running, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert site
    monkeypatch.setenv("PACKSTATION_TOKEN", TOKEN)
    there = ("--server", running.url)
    made = packstation("tokens", "make", "shop", "--days", "7", "--json", *there).document
    rows = packstation("tokens", "list", *there).out
    assert f"{made['key']}: shop, service of GZ-1; never used; until " in rows
    gone = packstation("tokens", "revoke", made["key"], *there)
    assert (gone.status, "revoked" in gone.out) == (0, True)
    assert packstation("tokens", "revoke", "none", *there).status == 1
    assert packstation("tokens", "make", "x", "--days", "-1", *there).status == 1


# --- how often -------------------------------------------------------------------------------


def test_who_asks_too_much_waits_and_nobody_else(tmp_path: Path, clock: Clock) -> None:
    few = Limit(0.5, 3)
    limits = Limits(token=few, person=few, unknown=few)
    options = Options(first_token=TOKEN, clock=clock, limits=limits)
    running = serve("127.0.0.1", 0, f"sqlite:///{tmp_path / 'few.sqlite3'}", options)
    try:
        other = make_token(running.server, "it")
        with httpx.Client(base_url=running.url, timeout=30) as http:
            path = "/v1/orders/none"
            seen = [http.get(path, headers=bearer(TOKEN)).status_code for _ in range(4)]
            assert seen == [404, 404, 404, 429]
            held = http.get(path, headers=bearer(TOKEN))
            assert (held.json()["code"], held.headers["retry-after"]) == ("too_many_requests", "2")
            assert http.get(path, headers=bearer(other)).status_code == 404
            guesses = [http.get(path, headers=bearer(f"x{n}")).status_code for n in range(4)]
            assert guesses == [401, 401, 401, 429]
            assert http.get(path, headers=bearer(other)).status_code == 404
    finally:
        running.stop()


def test_a_bench_has_a_bucket_of_its_own(running: Running, new_bench: NewBench) -> None:
    one, two = new_bench("01"), new_bench("02")
    running.server.rates.limits = Limits(station=Limit(0.001, 2))
    assert [one.get("/v1/changes").status_code for _ in range(3)] == [200, 200, 429]
    assert two.get("/v1/changes").status_code == 200


def test_buckets_fill_again_and_are_bounded() -> None:
    now = [0.0]
    rates, limit = Rates(monotonic=lambda: now[0]), Limit(2, 4)
    assert [rates.take("a", limit) for _ in range(5)] == [0, 0, 0, 0, 0.5]
    now[0] = 0.5
    assert [rates.take("a", limit) for _ in range(2)] == [0, 0.5]
    now[0] = 1000
    assert [rates.take("a", limit) for _ in range(5)] == [0, 0, 0, 0, 0.5]
    for n in range(MOST):
        rates.take(f"x{n}", limit)
    assert rates.take("a", limit) == 0  # forgotten, so full
