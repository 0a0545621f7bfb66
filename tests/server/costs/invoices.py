"""A site with a tariff, parcels that were packed, and invoices of their carrier."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx

from packstation.domain.packing import facts as f
from packstation.domain.quantities import Money
from tests.server.bench import Bench, plan
from tests.server.customs.office import STAFF, order

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


BOSS = {"badge": "b-99", "name": "Mei Tan", "role": "supervisor", "pin": "4711"}


def staff(api: httpx.Client) -> None:
    answer = api.post("/v1/import/people", json={"people": [BOSS, *STAFF]})
    assert answer.json()["rejected"] == [], answer.text


def many(api: httpx.Client, bench: Bench) -> None:
    """A month: parcels as predicted, and one of each kind of deviation."""
    orders = [f"4011{n:04}-1" for n in range(1, 31)]
    ready(api, *orders)
    pack(bench, *((one, f"YW{n:09}") for n, one in enumerate(orders, 1)))
    start = len(bench.events) + 1
    bench.note(
        f.SessionReopened(by="b-9", reason="address"),
        f.LabelVoidRequested(key=f"p-{orders[6]}/1", waybill="YW000000007"),
        f.LabelVoided(key=f"p-{orders[6]}/1", waybill="YW000000007"),
        session=f"s-{orders[6]}",
        order=orders[6],
    )
    assert bench.push(start).status_code == 200
    weights = "weight_kg,volumetric_weight_kg,actual_weight_kg"
    head = f"waybill,date,{weights},zone,freight,fuel,remote,total"
    early = sheet("YW000000006,2026-10-31,0.52,,,,60,6,,66", head=head)
    assert send(api, early, invoice="YW-2610", name="yanwen-october.csv").status_code == 200
    rows = [
        "YW000000002,2026-11-21,0.62,,0.615,,70,7,,77",
        "YW000000003,2026-11-21,0.8,0.8,0.52,,88,8.80,,96.80",
        "YW000000004,2026-11-21,0.52,,,DE-2,113,11.30,,124.30",
        "YW000000005,2026-11-21,0.52,,,,60,6,12,78",
        "YW000000006,2026-11-21,0.52,,,,60,6,,66",
        "YW000000007,2026-11-21,0.52,,,,60,6,,66",
        "YW000000008,2026-11-21,0.62,,,DE-2,136,13.60,12,161.60",
        "YW000000009,2026-11-21,0.52,,,,63,6,,69",
        "YW000000010,2026-11-21,0.47,,,,55,5.50,,60.50",
        "YW999999999,2026-11-21,0.35,,,,43,4.30,,47.30",
        *(f"YW{n:09},2026-11-21,0.52,,,,60,6,,66" for n in (1, *range(12, 31))),
    ]
    told = send(api, sheet(*rows, head=head), name="yanwen-november.xlsx").json()
    assert told["rejected"] == [], told
    total = sheet("YW000000011,2026-11-21,75.40", head="waybill,date,total")
    assert send(api, total, invoice="YW-2611-B").status_code == 200
