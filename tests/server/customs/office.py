"""A site whose office has work: goods and orders of which some lack what customs want."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import httpx

PIN = "4711"
CLERK = {"badge": "b-71", "name": "Olga Klein", "role": "customs_clerk", "pin": PIN}
LEAD = {"badge": "b-72", "name": "Ida Lund", "role": "lead", "pin": PIN}
BROKER = {"badge": "b-73", "name": "Bruno Wolf", "role": "broker", "pin": PIN}
OTHER = {"badge": "b-74", "name": "Otto Fern", "role": "broker", "pin": PIN}
STAFF = (CLERK, LEAD, BROKER, OTHER)
SENDER = {
    "name": "Guangzhou Trade",
    "company": "Guangzhou Trade Co., Ltd.",
    "lines": ["88 Huangpu Avenue West"],
    "city": "Guangzhou",
    "region": "Guangdong",
    "postcode": "510620",
    "country": "CN",
    "phone": "+862038889999",
    "customs_code": "4401960ABC",
    "uscc": "91440101MA5C1PK01G",
}


def product(sku: str, **customs: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    told = {
        "description": "men's knitted T-shirt, 100% cotton",
        "hs": "610910",
        "origin": "CN",
        "material": "cotton",
        "net_g": 175,
        "unit_value": {"amount": "59.90", "currency": "CNY"},
        **customs,
    }
    return {
        "sku": sku,
        "names": {"en": f"Shirt {sku}", "zh": "衬衫", "ru": "Рубашка"},
        "weight_g": 180,
        "customs": {name: value for name, value in told.items() if value is not None},
    }


def order(order_id: str, *skus: str, paid: str = "119.80", hour: int = 10) -> dict[str, Any]:
    return {
        "schema": "packstation.order/1",
        "order_id": order_id,
        "channel": "shopify",
        "payment": {"status": "paid", "total": {"amount": paid, "currency": "CNY"}},
        "deadlines": [{"kind": "handover", "at": f"2026-11-21T{hour:02}:00:00Z"}],
        "ship_from": SENDER,
        "ship_to": {
            "name": "Anna Secret",
            "lines": ["Hauptstrasse 5"],
            "city": "Berlin",
            "postcode": "10115",
            "country": "DE",
            "phone": "+493012345678",
            "email": "anna@example.com",
        },
        "lines": [
            {"line": n, "sku": sku, "quantity": 1} for n, sku in enumerate(skus or ("TS",), 1)
        ],
        "category": "sale_of_goods",
        "cn_export_mode": "9610",
    }


def put(api: httpx.Client, kind: str, rows: object) -> dict[str, Any]:
    answer = api.post(f"/v1/import/{kind}", params={"site": "GZ-1"}, json=rows)
    told: dict[str, Any] = answer.json()
    assert answer.status_code == 200, told
    assert told["rejected"] == [], told
    return told


def opened(api: httpx.Client) -> None:
    """People, two SKUs (``NO-VALUE`` stops its parcels), four orders."""
    put(api, "people", {"people": list(STAFF)})
    put(
        api,
        "catalog",
        [product("TS"), product("NO-VALUE", unit_value={"amount": "0", "currency": "CNY"})],
    )
    put(
        api,
        "orders",
        [
            order("A-1", "TS"),
            order("A-2", "NO-VALUE", paid="200.00"),
            order("A-3", "NO-VALUE", "TS", paid="50.00", hour=8),
            order("A-4", "TS", paid="10.00"),
        ],
    )
    checked(api)


def waiting(api: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = api.get("/v1/customs/queue", params={"site": "GZ-1"}).json()
    return found


def checked(api: httpx.Client) -> dict[str, Any]:
    """The queue once nothing is left to be checked."""
    found: dict[str, Any] = until(lambda: waiting(api), lambda found: found["checking"] == 0)
    return found


def until(look: Callable[[], Any], right: Callable[[Any], bool]) -> Any:  # noqa: ANN401 - anything
    end = time.monotonic() + 30
    while not right(found := look()):
        assert time.monotonic() < end, found
        time.sleep(0.02)
    return found


def sign_in(web: httpx.Client, who: dict[str, str]) -> str:
    """Sign in; answers the secret of the visitor's forms."""
    answer = web.post("/sign-in", data={"name": who["name"], "secret": PIN})
    assert answer.status_code == 303, answer.text
    page = web.get(answer.headers["location"])
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def rev_of(html: str) -> str:
    found = re.search(r'name="rev" value="([^"]+)"', html)
    assert found
    return found[1]
