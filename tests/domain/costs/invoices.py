"""A carrier's map, its charges, and parcels as they were predicted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from packstation.domain.costs.charges import Charge, Predicted
from packstation.domain.costs.explaining import Case, Verdict, explain
from packstation.domain.costs.maps import InvoiceMap, Tolerance
from packstation.domain.quantities import Money
from packstation.domain.records import decode_one
from packstation.domain.tariffs import Tariff
from tests.domain.rating_samples import linear, shipment, tariff

Raw = dict[str, Any]


def rule(**changes: object) -> InvoiceMap:
    base: Raw = {
        "schema": "packstation.carrier-invoice/1",
        "carrier": "yanwen",
        "columns": {"waybill": ["Waybill"], "total": ["Total"]},
        "currency": "CNY",
    }
    return decode_one(base | changes, InvoiceMap)


def line(**changes: Any) -> Tariff:  # noqa: ANN401 - fields of all kinds
    """0.10 CNY a gram and 8 in zone RU, 0.20 in KZ; volume / 6000; 30 for what is long; fuel."""
    return tariff(
        carrier="yanwen",
        service="line",
        version="2026-11-01",
        billable={"mode": "max", "divisor_cm3_per_kg": "6000", "step_g": "10"},
        zones=[
            {"code": "RU", "match": [{"countries": ["RU"]}]},
            {"code": "KZ", "match": [{"countries": ["KZ"]}]},
        ],
        bands=[
            {"zone": "RU", "up_to_g": "2000", "price": linear("8", "0.10")},
            {"zone": "KZ", "up_to_g": "600", "price": linear("8", "0.20")},
        ],
        fees=[
            {"code": "long", "kind": "fixed", "amount": "30", "when": {"longest_gt_mm": "600"}},
            {"code": "fuel", "kind": "percent", "amount": "10", "base": ["freight"]},
        ],
        **changes,
    )


def packed(**changes: Any) -> Predicted:  # noqa: ANN401 - fields of all kinds
    """520 g in a box of 300 x 200 x 40 mm to Russia: 60.00 and 6.00 for fuel."""
    base: Raw = {
        "parcel": "p-1",
        "order": "A-1",
        "carrier": "yanwen",
        "service": "line",
        "price": Money(Decimal("66.00"), "CNY"),
        "billable_g": 520,
        "tariff": "2026-11-01",
        "gross_g": 520,
        "size_mm": (300, 200, 40),
    }
    return Predicted(**(base | changes))


def charge(total: str, **changes: Any) -> Charge:  # noqa: ANN401 - fields of all kinds
    base: Raw = {
        "waybill": "YT1234567890",
        "total": Decimal(total),
        "currency": "CNY",
        "invoice": "INV-1",
    }
    changes["lines"] = {code: Decimal(one) for code, one in changes.get("lines", {}).items()}
    return Charge(**(base | changes))


def case(**changes: Any) -> Case:  # noqa: ANN401 - fields of all kinds
    base: Raw = {
        "predicted": packed(),
        "tariff": line(),
        "shipment": shipment((520, 300, 200, 40)),
        "tolerance": Tolerance(),
    }
    return Case(**(base | changes))


def judged(what: Charge, **changes: Any) -> Verdict:  # noqa: ANN401 - fields of all kinds
    """The verdict, of which all parts add up."""
    verdict = explain(what, case(**changes))
    if verdict.difference is not None and verdict.causes:
        assert sum(one.amount for one in verdict.causes) == verdict.difference
    return verdict


def parts(verdict: Verdict) -> list[tuple[str, str]]:
    return [(f"{one.kind} {one.code}".strip(), f"{one.amount:f}") for one in verdict.causes]
