"""Accounts at carriers: sealed on the server, named to the office, never told to a bench."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from packstation.assets import resource
from packstation.carriers.sandbox.plain import PlainDialect
from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.domain.errors import SettingsError
from packstation.server.options import Options
from packstation.server.pools import PoolRange, add_range
from packstation.server.run import Running, serve
from packstation.server.tokens import make_token
from packstation.server.vault import Locked, Vault, vault_of
from tests.server.bench import Bench, Clock
from tests.server.test_label_waits import ASKED, ORDER
from tests.server.test_tariffs import publish, tariff

Raw = dict[str, Any]
DESCRIBED: Raw = json.loads(resource("carriers", "sandbox.json").read_bytes())


@pytest.fixture
def carrier() -> Iterator[FaultServer]:
    with FaultServer(PlainDialect()) as server:
        yield server


def account(carrier: FaultServer, **changes: object) -> Raw:
    plain: Raw = {
        "kind": "rest",
        "description": DESCRIBED | {"carrier": "acme"},
        "base_url": carrier.url,
        "secrets": {"token": SECRET},
    }
    return plain | changes


def put(api: httpx.Client, body: Raw, name: str = "acme") -> httpx.Response:
    return api.put(f"/v1/carriers/{name}", json=body)


def test_a_bench_buys_by_an_account_and_never_sees_its_key(
    api: httpx.Client, bench: Bench, carrier: FaultServer, running: Running, tmp_path: Path
) -> None:
    kept = put(api, account(carrier))
    assert kept.json()["secrets"] == ["token"]
    api.post("/v1/import/orders", json=ORDER)
    bought = bench.post("/v1/labels", ASKED | {"carrier": "acme"})
    assert bought.json()["waybill"] == "ZZ000000014CN"
    assert carrier.calls[0].headers["authorization"] == f"Bearer {SECRET}"
    told = api.get("/v1/carriers")
    pulled = bench.get("/v1/changes?cursor=&limit=500")
    for answer in (kept, bought, told, pulled):
        assert SECRET not in answer.text
    running.stop()
    lying = b"".join(one.read_bytes() for one in tmp_path.glob("server.sqlite3*"))
    assert b"acme" in lying
    assert SECRET.encode() not in lying


def test_a_secret_that_is_not_given_stays_and_a_new_one_counts_at_once(
    api: httpx.Client, bench: Bench, carrier: FaultServer
) -> None:
    api.post("/v1/import/orders", json=ORDER)
    put(api, account(carrier, secrets={"token": "wrong"}))
    denied = bench.post("/v1/labels", ASKED | {"carrier": "acme"})
    assert denied.json()["reason"] == "credentials"
    assert put(api, account(carrier, secrets={"token": SECRET})).is_success
    assert put(api, account(carrier, secrets={})).is_success
    second = ASKED | {"carrier": "acme", "key": "p-2/1", "parcel": "p-2"}
    assert bench.post("/v1/labels", second).status_code == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "telex"}, "kind: telex"),
        ({"secrets": {}}, "secrets.token: is missing"),
        ({"secrets": {"token": "a\r\nX-Evil: 1"}}, "secrets.token: 1 to"),
        ({"secrets": {"token": SECRET, "other": "x"}}, "secrets.other: allowed: token"),
        ({"description": DESCRIBED}, "description.carrier: sandbox; allowed: acme"),
        ({"description": {}}, "schema"),
        ({"base_url": "http://api.example.com"}, "base_url: http://api.example.com"),
        ({"kind": "own"}, "description: own"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_is_wrong_with_an_account_is_named_without_its_secrets(
    api: httpx.Client, carrier: FaultServer, changes: Raw, words: str
) -> None:
    refused = put(api, account(carrier, **changes))
    assert refused.status_code == 422
    assert words in refused.json()["detail"]
    assert "Evil" not in refused.text
    assert api.get("/v1/carriers").json() == {"carriers": []}


def test_only_who_runs_the_server_changes_accounts(
    api: httpx.Client, carrier: FaultServer, running: Running
) -> None:
    put(api, account(carrier))
    for role, may in (("service", 403), ("lead", 403), ("supervisor", 200)):
        head = {"Authorization": f"Bearer {make_token(running.server, role)}"}
        with httpx.Client(base_url=running.url, headers=head, timeout=30) as other:
            assert other.get("/v1/carriers").status_code == may
            assert put(other, account(carrier)).status_code == 403
            assert other.delete("/v1/carriers/acme").status_code == 403
    assert put(api, account(carrier), "No Such").status_code == 422
    assert api.delete("/v1/carriers/acme").status_code == 204
    assert api.delete("/v1/carriers/acme").status_code == 404


def test_an_own_carrier_is_an_account_too(
    api: httpx.Client, bench: Bench, running: Running, site: str
) -> None:
    numbers = PoolRange(
        carrier="yanwen", service="line", prefix="LP", country="CN", first=1, last=9
    )
    with running.server.store.write() as connection:
        add_range(connection, site, numbers)
    assert publish(api, tariff()).is_success
    assert put(api, {"kind": "own"}, "yanwen").is_success
    api.post("/v1/import/orders", json=ORDER)
    asked = ASKED | {"carrier": "yanwen", "service": "line", "gross_g": 400}
    bought = bench.post("/v1/labels", asked)
    assert bought.json()["waybill"].startswith("LP00000001")
    assert bench.post("/v1/labels/p-1/1/void", {}).json()["status"] == "voided"


def test_a_database_without_its_key_opens_no_credential(
    api: httpx.Client, carrier: FaultServer, running: Running, database: str, tmp_path: Path
) -> None:
    put(api, account(carrier))
    key = tmp_path / "vault.key"
    if hasattr(key, "chmod"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    running.stop()
    key.unlink()
    again = serve("127.0.0.1", 0, database, Options(clock=Clock()))
    with httpx.Client(base_url=again.url, headers=api.headers, timeout=30) as other:
        stays = account(carrier, secrets={})
        assert other.put("/v1/carriers/acme", json=stays).json().get("code") == "vault"
        assert other.post("/v1/carriers/acme/attempt").json()["code"] == "vault"
        # All of them given anew: nothing of before is needed.
        assert other.put("/v1/carriers/acme", json=account(carrier)).status_code == 200
        assert other.post("/v1/carriers/acme/attempt").json()["came"] == "fine"
    again.stop()


def test_what_was_sealed_opens_in_its_own_place_only(tmp_path: Path) -> None:
    vault, words = vault_of(tmp_path / "key"), {"token": "geheim"}
    sealed = vault.seal("GZ-1", words)
    assert vault_of(tmp_path / "key").open("GZ-1", sealed) == words
    assert vault.seal("GZ-1", words) != sealed
    turned = base64.b64encode(base64.b64decode(sealed)[::-1]).decode()
    for place, text in (("GZ-2", sealed), ("GZ-1", turned), ("GZ-1", "%"), ("GZ-1", "")):
        with pytest.raises(Locked):
            vault.open(place, text)
    with pytest.raises(Locked):
        Vault(bytes(32)).open("GZ-1", sealed)


@pytest.mark.parametrize("content", ["", "short", "====", base64.b64encode(bytes(31)).decode()])
def test_a_file_that_is_no_key_is_refused_by_name(tmp_path: Path, content: str) -> None:
    file = tmp_path / "key"
    file.write_text(content)
    with pytest.raises(SettingsError) as caught:
        vault_of(file)
    assert caught.value.fields["name"] == "PACKSTATION_VAULT_KEY_FILE"
    with pytest.raises(SettingsError):
        vault_of(tmp_path / "nowhere" / "key")
