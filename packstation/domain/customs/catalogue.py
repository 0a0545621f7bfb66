"""A product looked at before anybody orders it: what would stop its parcels at customs."""

from __future__ import annotations

from datetime import datetime

from packstation.domain.customs.case import Raw
from packstation.domain.customs.evaluate import evaluate
from packstation.domain.customs.findings import Finding
from packstation.domain.customs.pack import Pack
from packstation.domain.customs.reference import Reference
from packstation.domain.customs.registry import case_of


def of_product(
    product: Raw, pack: Pack, reference: Reference, now: datetime, *, here: str, there: str
) -> tuple[Finding, ...]:
    """What the rules say of a catalog/1 product sent from one country to another.

    Only findings of the product's own fields: a parcel, a buyer and a service are not there yet.
    """
    sku = str(product.get("sku") or "")
    raw = {
        "ship_from": {"country": here},
        "ship_to": {"country": there},
        "category": "sale_of_goods",
        "lines": [{"line": 1, "sku": sku, "quantity": 1}],
        "products": [product],
    }
    findings = evaluate(case_of(raw, pack, reference, now))
    return tuple(one for one in findings if one.field.startswith(f"products[{sku}]."))
