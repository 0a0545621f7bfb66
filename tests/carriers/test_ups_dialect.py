"""The scripted UPS by itself: what karrio's connector meets in tests/carriers/live."""

from __future__ import annotations

from typing import Any

import httpx

from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.carriers.sandbox.ups import UpsDialect


def purchase(service: str = "plain", grams: str = "0.42") -> dict[str, Any]:
    shipment = {
        "ShipTo": {"Name": "Mario", "Address": {"CountryCode": "IT", "PostalCode": "00100"}},
        "Service": {"Code": service},
        "Package": [{"PackageWeight": {"Weight": grams}}],
    }
    reference = {"TransactionReference": {"CustomerContext": "p-1/1"}}
    return {"ShipmentRequest": {"Request": reference, "Shipment": shipment}}


def test_it_sells_shows_and_voids() -> None:
    with FaultServer(UpsDialect()) as server, httpx.Client(base_url=server.url) as ups:
        token = ups.post("/security/v1/oauth/token", auth=("id", SECRET)).json()["access_token"]
        ups.headers["Authorization"] = f"Bearer {token}"
        assert ups.get("/pages?reference=p-1/1").json() == {"none": True}
        sold = ups.post("/api/shipments/v2409/ship", json=purchase()).json()
        number = sold["ShipmentResponse"]["ShipmentResults"]["ShipmentIdentificationNumber"]
        assert server.books.live() == {"p-1/1": number}
        assert ups.get("/pages?reference=p-1/1").json() == {"number": number}
        void = f"/api/shipments/v2409/void/cancel/{number}"
        assert ups.delete(void).is_success
        assert server.books.live() == {}
        assert ups.delete("/api/shipments/v2409/void/cancel/1Z").status_code == 400
        assert ups.get("/elsewhere").status_code == 404


def test_it_refuses_in_its_own_words() -> None:
    with FaultServer(UpsDialect()) as server, httpx.Client(base_url=server.url) as ups:
        assert ups.post("/api/shipments/v2409/ship", json=purchase()).status_code == 401
        ups.headers["Authorization"] = f"Bearer {SECRET}"
        for body, words in (
            (purchase(service="nothing"), "service"),
            (purchase(grams="30.01"), "weight"),
        ):
            no = ups.post("/api/shipments/v2409/ship", json=body)
            assert no.status_code == 400
            assert words in no.json()["response"]["errors"][0]["message"]
        odd = ups.post("/security/v1/oauth/token", headers={"Authorization": "Basic ?"})
        assert odd.json()["access_token"] == ""
    assert server.books.sold == 0
