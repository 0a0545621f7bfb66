"""A dock as the server hears of it: parcels closed at a bench, a list loaded, bagged, signed."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import httpx
import msgspec

from packstation.domain.handover import signature as s
from packstation.domain.packing import facts as f
from packstation.domain.packing import handover_facts as h
from packstation.domain.quantities import Money
from tests.server.bench import Bench, plan
from tests.server.settling import put_aside

SIGNED = s.encode(
    s.Signature(
        schema=s.SCHEMA,
        manifest="m-1",
        driver="Wang Wei 王伟",
        at="2026-11-21T06:10:00Z",
        count=2,
        wide=10_000,
        high=4_000,
        strokes=(
            tuple((1500 + n * 60, 2000 + (n * n * 37) % 1700) for n in range(100)),
            ((7800, 1200), (8700, 2900)),
        ),
    )
)


def order(api: httpx.Client, name: str, **more: object) -> None:
    """An order from China."""
    row = {
        "schema": "packstation.order/1",
        "order_id": name,
        "channel": "ozon",
        "ship_from": {"country": "CN"},
        "ship_to": {"name": "Secret Name", "city": "Kazan", "country": "RU"},
        "lines": [{"line": 1, "sku": "TS", "quantity": 1}],
        **more,
    }
    answer = api.post("/v1/import/orders", content=msgspec.json.encode([row]))
    assert answer.json()["accepted"] == 1, answer.text


def closed(bench: Bench, name: str, waybill: str, gross_g: int, service: str = "e-packet") -> None:
    """A parcel of order ``name`` went out of a bench."""
    price = Money(Decimal(20), "CNY")
    bench.note(
        f.SessionOpened(order_id=name, rev=1, lines=(plan(1, "TS", 1),), parcel_id=f"p-{name}"),
        f.ItemVerified(line=1, sku="TS"),
        f.ContentsVerified(),
        f.CartonAssigned(carton="C3", tare_g=95, outer_mm=(306, 206, 126)),
        f.ParcelWeighed(gross_g=gross_g, expected_g=gross_g),
        f.ServiceSelected(carrier="chinapost", service=service, price=price),
        f.LabelRequested(key=f"p-{name}/1", carrier="chinapost", service=service, rev=1, attempt=1),
        f.LabelIssued(key=f"p-{name}/1", waybill=waybill, carrier="chinapost", service=service),
        f.PrintStarted(document="label", job=f"j-{name}"),
        f.DocumentPrinted(document="label", job=f"j-{name}"),
        f.LabelApplied(waybill=waybill),
        f.SessionCompleted(),
        session=f"s-{name}",
        order=name,
    )


def opened(bench: Bench, **more: str) -> None:
    """A list and a bag in it."""
    begun = {"code": "MF-261121-7KQ2V", "carrier": "chinapost", "service": "e-packet", **more}
    bench.note(
        h.ManifestOpened(manifest="m-1", **begun),
        h.UnitOpened(manifest="m-1", unit="u-1", code="BG-261121-A1B2C", kind="bag", tare_g=200),
        session="bench",
        order=None,
    )


def loaded(bench: Bench, name: str, waybill: str, gross_g: int) -> None:
    """Into the bag."""
    bench.note(
        h.ParcelLoaded(
            manifest="m-1",
            waybill=waybill,
            unit="u-1",
            parcel=f"p-{name}",
            order_id=name,
            gross_g=gross_g,
            mode="9610",
        ),
        session="bench",
        order=name,
    )


def signed(bench: Bench, *waybills: str, missing: tuple[str, ...] = ()) -> None:
    """Bag tied a little light, counted, signed, gone."""
    bench.note(
        h.LoadRefused(manifest="m-1", reason="service", code="RX000000000CN"),
        h.UnitClosed(
            manifest="m-1",
            unit="u-1",
            count=len(waybills),
            expected_g=1900,
            band_g=24,
            gross_g=1390,
            likely=waybills[:1],
        ),
        h.ManifestClosed(manifest="m-1", count=len(waybills), gross_g=1700, missing=missing),
        h.ManifestSigned(
            manifest="m-1", count=len(waybills), signature=hashlib.sha256(SIGNED).hexdigest()
        ),
        *(h.ParcelTendered(manifest="m-1", waybill=waybill) for waybill in waybills),
        session="bench",
        order=None,
    )


def sent(bench: Bench) -> None:
    """The server has all of it."""
    answer = bench.push()
    assert answer.status_code == 200, answer.text
    assert put_aside(answer) == [], answer.text
