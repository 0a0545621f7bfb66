"""What stands on an invoice of one parcel, and what was predicted of that parcel."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct, field

from packstation.domain.quantities import Money

FREIGHT = "freight"


class Charge(Struct, frozen=True, kw_only=True):
    """A parcel on an invoice: ``total`` and its ``lines`` by code in ``currency``.

    Weights are exact grams, sides exact millimetres (None: the invoice does not say); ``date`` is
    a day or ""; ``zone`` and ``service`` are by our names where the map knows them; ``row`` is
    where it stands in the file.
    """

    waybill: str
    total: Decimal
    currency: str
    invoice: str = ""
    date: str = ""
    service: str = ""
    country: str = ""
    zone: str = ""
    weight_g: Decimal | None = None
    actual_g: Decimal | None = None
    volumetric_g: Decimal | None = None
    sides_mm: tuple[Decimal, Decimal, Decimal] | None = None
    lines: Mapping[str, Decimal] = field(default_factory=dict)
    row: int = 0
    sheet: str = ""

    @property
    def carries(self) -> bool:
        """Whether it bills the carriage itself, not an addition to it alone."""
        return not self.lines or self.lines.get(FREIGHT, Decimal(0)) > 0

    @property
    def itemised(self) -> bool:
        """Whether its freight stands apart from its fees."""
        return FREIGHT in self.lines


class Predicted(Struct, frozen=True, kw_only=True):
    """A labelled parcel: its service and price as chosen at the bench, its weight and sides.

    ``at``: when the label was issued; ``tariff``: the version it was priced by; ``options`` are
    those that were bought with it.
    """

    parcel: str
    order: str
    carrier: str
    service: str
    price: Money
    at: str = ""
    billable_g: int = 0
    tariff: str = ""
    gross_g: int | None = None
    size_mm: tuple[int, ...] = ()
    options: tuple[str, ...] = ()
    voided: bool = False
