"""An account at Ozon on the page of carriers: added, tried, with a seller's key or a wrong one."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from packstation.carriers.sandbox.ozon import METHODS, OzonDialect
from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.server.run import Running
from tests.server.customs.office import sign_in
from tests.server.purchases.shop import ADMIN

HEADERS = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture
def ozon() -> Iterator[FaultServer]:
    with FaultServer(OzonDialect()) as server:
        yield server


@pytest.mark.parametrize(("key", "came"), [(SECRET, "fine"), ("wrong", "refused")])
def test_ozon_is_really_asked(api: httpx.Client, ozon: FaultServer, key: str, came: str) -> None:
    account = {
        "kind": "ozon",
        "base_url": ozon.url,
        "description": {"methods": METHODS},
        "secrets": {"client_id": "seller", "api_key": key},
    }
    assert api.put("/v1/carriers/ozon", json=account).is_success
    tried = api.post("/v1/carriers/ozon/attempt").json()
    assert tried["came"] == came, tried
    assert len(ozon.calls) == 1
    assert SECRET not in str(tried)


def test_its_form_has_the_methods_and_both_keys(
    running: Running, api: httpx.Client, ozon: FaultServer
) -> None:
    api.post("/v1/import/people", json={"people": [ADMIN]})
    with httpx.Client(base_url=running.url, headers=HEADERS, timeout=30) as web:
        csrf = sign_in(web, ADMIN)
        form = web.get("/carriers/account", params={"kind": "ozon"}).text
        for name in ("description", "secret.client_id", "secret.api_key"):
            assert f'name="{name}"' in form, name
        said = {"csrf": csrf, "kind": "ozon", "carrier": "ozon", "base_url": ozon.url}
        keys = {"secret.client_id": "seller", "secret.api_key": SECRET}
        kept = web.post("/carriers/account", data=said | keys, follow_redirects=True)
        assert "Ozon" in kept.text
        assert SECRET not in kept.text
