"""A site with an account at a scripted carrier that fails by plan, and people of the office."""

from __future__ import annotations

import json
from typing import Any

import httpx

from packstation.assets import resource
from packstation.carriers.sandbox.plain import PlainDialect
from packstation.carriers.sandbox.script import Plan
from packstation.carriers.sandbox.server import SECRET, FaultServer
from tests.server.bench import Bench, Clock
from tests.server.customs.office import STAFF
from tests.server.test_label_waits import ASKED, ORDER

Raw = dict[str, Any]
DESCRIBED: Raw = json.loads(resource("carriers", "sandbox.json").read_bytes())
BOSS = {"badge": "b-99", "name": "Mei Tan", "role": "supervisor", "pin": "4711"}
ADMIN = {"badge": "b-98", "name": "Rui Costa", "role": "it", "pin": "4711"}
PACKER = {"badge": "b-97", "name": "Ann Lee", "role": "packer", "pin": "4711"}


class Shop:
    """An account ``acme``, a bench, and the carrier's plan of what goes wrong."""

    def __init__(self, api: httpx.Client, bench: Bench, clock: Clock) -> None:
        self.plan = Plan()
        self.carrier = FaultServer(PlainDialect(), self.plan)
        self.api, self.bench, self.clock = api, bench, clock
        people = {"people": [BOSS, ADMIN, PACKER, *STAFF]}
        assert api.post("/v1/import/people", json=people).json()["rejected"] == []
        assert api.post("/v1/import/orders", json=ORDER).is_success
        assert api.put("/v1/carriers/acme", json=self.account()).is_success

    def account(self, **changes: object) -> Raw:
        about = DESCRIBED | {"carrier": "acme", "timeout_s": 0.3, "settle_s": 20, "verified": ""}
        plain: Raw = {"kind": "rest", "description": about, "base_url": self.carrier.url}
        return plain | {"secrets": {"token": SECRET}} | changes

    def buy(self, number: int = 1) -> httpx.Response:
        parcel = f"p-{number}"
        wanted = {"key": f"{parcel}/1", "parcel": parcel, "carrier": "acme"}
        return self.bench.post("/v1/labels", ASKED | wanted)

    def find(self, number: int = 1) -> httpx.Response:
        return self.bench.get(f"/v1/labels/p-{number}/1")

    def unknown(self, number: int = 1) -> None:
        """A purchase of which nobody knows: it left, no answer came, the carrier is down."""
        self.plan.then("buy", "lost")
        self.plan.then("find", "down", "down")
        assert self.buy(number).status_code == 202

    def trouble(self, **query: str) -> list[Raw]:
        found: list[Raw] = self.api.get("/v1/purchases", params=query).json()["purchases"]
        return found

    def ask(self, key: str = "p-1/1") -> httpx.Response:
        return self.api.post("/v1/purchases/ask", json={"key": key})

    def settle(self, *, sold: bool, waybill: str = "", reason: str = "seen on their pages") -> Any:  # noqa: ANN401
        told = {"key": "p-1/1", "sold": sold, "waybill": waybill, "reason": reason}
        return self.api.post("/v1/purchases/settle", json=told)

    def close(self) -> None:
        self.carrier.close()
