"""A site with a tariff, parcels that were packed, and invoices of their carrier."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx

from packstation.domain.packing import facts as f
from packstation.domain.quantities import Money
from tests.server.bench import Bench, plan
from tests.server.customs.office import order

Raw = dict[str, Any]
TARIFF: Raw = {
    "schema": "packstation.tariff/1",
    "carrier": "yanwen",
    "service": "line",
    "currency": "CNY",
    "version": "2026-11-01",
    "valid_from": "2026-11-01",
    "billable": {"mode": "max", "divisor_cm3_per_kg": "6000", "step_g": "10"},
    "zones": [
        {"code": "DE-1", "match": [{"countries": ["DE"]}]},
        {"code": "DE-2", "match": [{"countries": ["AT"]}]},
    ],
    "bands": [
        {
            "zone": "DE-1",
            "up_to_g": "3000",
            "price": {"kind": "linear", "fixed": "8", "per_g": "0.1"},
        },
        {
            "zone": "DE-2",
            "up_to_g": "3000",
            "price": {"kind": "linear", "fixed": "9", "per_g": "0.2"},
        },
    ],
    "fees": [
        {"code": "fuel", "kind": "percent", "amount": "10", "base": ["freight"]},
        {"code": "remote", "kind": "fixed", "amount": "12", "when": {"postcode_prefixes": ["18"]}},
    ],
    "promise": {"min_days": 6, "max_days": 10},
}
LABEL: Raw = {"carrier": "yanwen", "service": "line"}


def parcel(
    order_id: str, waybill: str, grams: int = 520, *, attempt: int = 1, price: str = "66.00"
) -> list[f.Fact]:
    """An order packed into one box of 300 x 200 x 40 mm, priced by the tariff."""
    own, key = f"p-{order_id}", f"p-{order_id}/{attempt}"
    return [
        f.SessionOpened(order_id=order_id, rev=1, lines=(plan(1, "TS", 1),), parcel_id=own),
        f.ItemVerified(line=1, sku="TS", code="6901234567892"),
        f.ContentsVerified(),
        f.CartonAssigned(carton="C3", tare_g=95, outer_mm=(300, 200, 40)),
        f.ParcelWeighed(gross_g=grams, expected_g=grams),
        *labelled(key, waybill, grams, price),
        f.LabelApplied(waybill=waybill),
        f.SessionCompleted(),
    ]


def labelled(key: str, waybill: str, grams: int, price: str) -> list[f.Fact]:
    attempt = int(key.rpartition("/")[2])
    return [
        f.ServiceSelected(
            **LABEL,
            price=Money(Decimal(price), "CNY"),
            billable_g=grams,
            tariff="2026-11-01",
        ),
        f.LabelRequested(key=key, rev=1, attempt=attempt, **LABEL),
        f.LabelIssued(key=key, waybill=waybill, **LABEL),
        f.PrintStarted(job=f"{key}/label/1", document="label"),
        f.DocumentPrinted(job=f"{key}/label/1", document="label"),
    ]


def ready(api: httpx.Client, *orders: str) -> None:
    """The tariff published, and orders to Berlin."""
    assert api.post("/v1/tariffs", json=TARIFF).status_code == 200
    rows = [order(one) for one in orders]
    answer = api.post("/v1/import/orders", params={"site": "GZ-1"}, json=rows)
    assert answer.json()["rejected"] == [], answer.text


def pack(bench: Bench, *parcels: tuple[str, str]) -> None:
    """Pack orders, given with their waybill numbers."""
    start = len(bench.events) + 1
    for order_id, waybill in parcels:
        bench.note(*parcel(order_id, waybill), session=f"s-{order_id}", order=order_id)
    assert bench.push(start).status_code == 200


def sheet(*rows: str, head: str = "waybill,date,weight_kg,zone,freight,fuel,remote,total") -> bytes:
    return "\r\n".join((head, *rows)).encode()


def send(api: httpx.Client, content: bytes, **said: str) -> httpx.Response:
    params = {"carrier": "yanwen", "invoice": "YW-2611", "currency": "CNY", **said}
    return api.post("/v1/costs/invoices", content=content, params=params)


def charges(api: httpx.Client, **wanted: str) -> Raw:
    answer = api.get("/v1/costs", params=wanted)
    assert answer.status_code == 200, answer.text
    found: Raw = answer.json()
    return found


def verdicts(api: httpx.Client, **wanted: str) -> dict[str, tuple[str, str | None]]:
    rows = charges(api, **wanted)["rows"]
    return {row["waybill"]: (row["kind"], row["difference"]) for row in rows}
