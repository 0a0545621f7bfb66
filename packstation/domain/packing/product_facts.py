"""Facts of labels for goods and units, printed at the bench; they belong to no order."""

from __future__ import annotations

from packstation.domain.packing.facts import Fact


class SsccAssigned(Fact, frozen=True, kw_only=True):
    """A logistic unit got its number; ``serial`` of lease ``lease`` is never used again."""

    lease: str
    serial: int
    sscc: str


class ProductLabelsPrinted(Fact, frozen=True, kw_only=True):
    """``copies`` of a label of ``kind`` (product, lot, sscc, insert) were sent to ``printer``."""

    kind: str
    job: str
    printer: str
    copies: int
    sku: str = ""
    code: str = ""
    lot: str = ""
    expiry: str = ""
