"""Benches that ask for claims, as the wire has it."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec

from packstation.domain import psp
from packstation.domain.packing import facts as f
from tests.server.bench import Bench


def import_orders(api: httpx.Client, *names: str, **more: Any) -> None:  # noqa: ANN401 - JSON
    rows = [
        {
            "schema": "packstation.order/1",
            "order_id": name,
            "ship_to": {"name": "Secret Name", "city": "Curitiba", "country": "BR"},
            "lines": [{"line": 1, "sku": "TS", "quantity": 2}],
            **more,
        }
        for name in names
    ]
    done = api.post("/v1/import/orders", json=rows).json()
    assert done["accepted"] + done["changed"] == len(names), done


def ask(bench: Bench, *orders: str, req_id: str = "", queue: int = 0) -> psp.ClaimAnswer:
    asked = psp.ClaimRequest(
        req_id=req_id or f"r-{len(bench.hashes)}-{orders}"[:64],
        want=orders,
        queue=queue > 0,
        n=queue or 1,
    )
    return answered(bench.post("/v1/claims", asked))


def fresh(bench: Bench, *orders: str) -> psp.ClaimAnswer:
    """Ask by an id that was never used."""
    fresh.count += 1  # type: ignore[attr-defined]
    return ask(bench, *orders, req_id=f"fresh-{fresh.count}")  # type: ignore[attr-defined]


fresh.count = 0  # type: ignore[attr-defined]


def answered(response: httpx.Response) -> psp.ClaimAnswer:
    assert response.status_code == 200, response.text
    return msgspec.json.decode(response.content, type=psp.ClaimAnswer)


def got(answer: psp.ClaimAnswer) -> psp.GrantedClaim:
    (granted,) = answer.granted
    return granted


def why(answer: psp.ClaimAnswer) -> tuple[str, str]:
    (refused,) = answer.refused
    return refused.why, refused.by


def held(*granted: psp.GrantedClaim) -> psp.ClaimsHeld:
    return psp.ClaimsHeld(
        claims=tuple(
            psp.HeldClaim(order=one.order, claim=one.claim, fence=one.fence) for one in granted
        )
    )


def renewed(bench: Bench, *granted: psp.GrantedClaim) -> psp.ClaimAnswer:
    return answered(bench.post("/v1/claims/renew", held(*granted)))


def let_go(bench: Bench, *granted: psp.GrantedClaim) -> psp.ClaimAnswer:
    return answered(bench.post("/v1/claims/release", held(*granted)))


def rows(bench: Bench, kind: str) -> dict[str, dict[str, Any]]:
    found = bench.get("/v1/changes?cursor=&limit=500&wait=0").json()["rows"]
    return {row["id"]: row["body"] for row in found if row["t"] == kind and row["op"] == "put"}


def told(bench: Bench, *facts: f.Fact, session: str, order: str = "A-1", fence: int = 0) -> None:
    """The bench writes these and pushes them."""
    start = len(bench.events) + 1
    bench.note(*facts, session=session, order=order, fence=fence)
    answer = bench.push(start)
    assert answer.status_code == 200, answer.text
    assert answer.json()["results"] == []
