"""Accounts at single online carriers: a bench buys by them, and their keys are told to nobody."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from packstation.carriers.sandbox.cdek import TARIFFS, CdekDialect
from packstation.carriers.sandbox.dialect import Dialect
from packstation.carriers.sandbox.fourpx import FourPxDialect
from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.carriers.sandbox.yunexpress import YunExpressDialect
from packstation.domain.orders import Address
from packstation.domain.psp import SiteBody
from packstation.server.online_accounts import ONLINE
from packstation.server.run import Running
from packstation.server.sites import put_site
from tests.server.bench import Bench
from tests.server.test_label_waits import ASKED, ORDER

Raw = dict[str, Any]
SHOP = Address(company="Shop Ltd", lines=("1 Tianhe Rd",), city="Guangzhou", country="CN")
REACHED = {"name": "Ivan", "country": "RU", "lines": ["ул. Ленина 1"], "phone": "+79161234567"}
PHONED: Raw = {**ORDER, "ship_to": REACHED}
KEYS: dict[str, Raw] = {
    "yunexpress": {"app_id": "a", "app_secret": SECRET, "source_key": "s"},
    "cdek": {"client_id": "c", "client_secret": SECRET},
    "4px": {"app_key": "a", "app_secret": SECRET},
}
DIALECTS: dict[str, type[Dialect]] = {
    "yunexpress": YunExpressDialect,
    "cdek": CdekDialect,
    "4px": FourPxDialect,
}


def account(kind: str, **changes: object) -> Raw:
    described = {"tariffs": TARIFFS} if kind == "cdek" else {}
    return {"kind": kind, "description": described, "secrets": KEYS[kind]} | changes


def test_every_kind_is_tried() -> None:
    assert set(ONLINE) == set(KEYS) == set(DIALECTS)


@pytest.mark.parametrize("kind", KEYS)
def test_a_bench_buys_by_an_account_and_never_sees_its_key(
    api: httpx.Client, bench: Bench, running: Running, kind: str
) -> None:
    with running.server.store.write() as connection:
        put_site(running.server, connection, SiteBody(code="GZ-1", sender=SHOP))
    with FaultServer(DIALECTS[kind]()) as carrier:
        kept = api.put("/v1/carriers/ours", json=account(kind, base_url=carrier.url))
        assert kept.json()["secrets"] == list(ONLINE[kind].secrets), kept.text
        api.post("/v1/import/orders", json=PHONED)
        asked = ASKED | {"carrier": "ours"}
        answers = [bench.post("/v1/labels", asked) for _ in range(4)]
        assert answers[-1].json().get("waybill") == "ZZ000000014CN", answers[-1].text
        assert carrier.books.sold == 1
        assert not any(SECRET in answer.text for answer in (kept, *answers))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("yunexpress", {"description": {"a": 1}}),
        ("4px", {"base_url": "http://open.4px.com"}),
        ("cdek", {"description": {"tariffs": {"plain": "136"}}}),
        ("cdek", {"description": {"currency": "XAU"}}),
        ("cdek", {"description": {"tarifs": {}}}),
        ("cdek", {"secrets": {"client_id": "c"}}),
    ],
)
def test_what_is_wrong_with_an_account(api: httpx.Client, kind: str, changes: Raw) -> None:
    assert api.put("/v1/carriers/ours", json=account(kind, **changes)).status_code == 422
