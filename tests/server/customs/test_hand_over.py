"""What only a hand-over knows: one export mode for all, and an invoice number goes out once."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from packstation.assets import resource
from packstation.customs.packs import document_of, pack_of
from packstation.server.customs import packs
from tests.server.customs.office import SENDER, checked, order, product, put

NEW = "/v1/customs/consignments"
ASKED = ("R34", "R41")


@pytest.fixture(autouse=True)
def built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped rules of a hand-over."""
    shipped: dict[str, Any] = document_of(resource("customs"))
    rules = [row for row in shipped["rules"] if row["id"] in ASKED]
    own = pack_of({**shipped, "rules": rules})
    monkeypatch.setattr(packs, "built_in", lambda: own)


@pytest.fixture
def office(api: httpx.Client) -> httpx.Client:
    """The office's program, goods and a broker."""
    put(api, "catalog", [product("TS")])
    told = {"id": "wolf", "members": ["badge:b-73"]}
    assert api.post("/v1/customs/brokers", json=told).status_code == 200
    return api


def consign(office: httpx.Client, *orders: str) -> str:
    told = office.post(NEW, json={"orders": list(orders)})
    assert told.status_code == 200, told.text
    return str(told.json()["id"])


def hand(office: httpx.Client, key: str, broker: str = "wolf") -> httpx.Response:
    return office.post(f"{NEW}/{key}/hand", json={"broker": broker})


def order_of(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {**order(name, "TS"), **more}


def test_an_order_from_china_without_an_export_mode_is_not_handed_over(
    office: httpx.Client,
) -> None:
    put(office, "orders", [order_of("M-1", cn_export_mode="")])
    told = hand(office, consign(office, "M-1"))
    assert (told.status_code, told.json()["detail"]) == (409, "M-1 R41")


def test_a_consignment_has_one_export_mode(office: httpx.Client) -> None:
    modes = {"M-1": "9610", "M-2": "9710", "M-3": "9610"}
    put(office, "orders", [order_of(name, cn_export_mode=mode) for name, mode in modes.items()])
    told = hand(office, consign(office, *modes))
    assert (told.status_code, told.json()["orders"]) == (409, ["M-2"])
    assert told.json()["detail"] == "M-2 R41"
    assert hand(office, consign(office, "M-1", "M-3")).status_code == 200


def test_an_invoice_number_goes_out_once(office: httpx.Client) -> None:
    one = {"no": "INV-1", "date": "2026-11-20"}
    put(office, "orders", [order_of(name, invoice=one) for name in ("M-1", "M-2", "M-3")])
    told = hand(office, consign(office, "M-1", "M-2"))
    assert (told.status_code, told.json()["detail"]) == (409, "M-1 R34, M-2 R34")
    first, again = consign(office, "M-1"), consign(office, "M-2")
    assert hand(office, first).status_code == 200
    assert hand(office, first).status_code == 200
    assert hand(office, again).json()["detail"] == "M-2 R34"
    assert hand(office, first, "").status_code == 200
    assert hand(office, again).status_code == 200


def test_the_site_says_how_parcels_leave_china_where_their_order_does_not(
    office: httpx.Client,
) -> None:
    put(office, "orders", [order_of("M-1", cn_export_mode="", ship_from={})])
    assert checked(office)["rows"] == []  # nobody knows where it comes from
    put(office, "site", {"code": "GZ-1", "sender": SENDER})
    (row,) = checked(office)["rows"]
    assert (row["order"], row["rules"]) == ("M-1", ["R41"])
    put(office, "site", {"code": "GZ-1", "sender": SENDER, "cn_export_mode": "9610"})
    assert checked(office)["rows"] == []
    assert hand(office, consign(office, "M-1")).status_code == 200
