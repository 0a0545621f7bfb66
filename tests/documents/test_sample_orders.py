"""The sample orders, as a bench prints them: one label each, and a form."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from packstation.documents.label.preflight import preflight
from packstation.documents.maker import Documents
from packstation.domain.catalog import Catalog
from packstation.domain.labels import ParcelPapers
from packstation.domain.orders import Order
from tests.documents.samples import FONTS, WAYBILL


@pytest.fixture(scope="module")
def parcels(repository: Path) -> list[ParcelPapers]:
    folder = repository / "resources" / "samples"
    orders = msgspec.json.decode((folder / "orders.json").read_bytes(), type=list[Order])
    catalog = msgspec.json.decode((folder / "catalog.json").read_bytes(), type=Catalog)
    products = {product.sku: product for product in catalog.products}
    return [
        ParcelPapers(
            order=order,
            products=products,
            contents=tuple((line.line, line.quantity) for line in order.lines),
            parcel_id=order.order_id,
            waybill=WAYBILL,
            carrier="chinapost",
            service="e-packet",
            gross_g=900,
            size_mm=(300, 200, 120),
            number=1,
            count=1,
            date="2026-11-21",
        )
        for order in orders
    ]


def test_every_sample_order_prints_one_label_and_a_form(parcels: list[ParcelPapers]) -> None:
    maker = Documents(FONTS)

    assert len(parcels) >= 40
    for parcel in parcels:
        label, form = (maker.make(document, parcel) for document in ("label", "cn22"))
        assert preflight(label.payload, labels=1).formats == 1, parcel.parcel_id
        assert form.payload.startswith(b"%PDF-"), parcel.parcel_id
