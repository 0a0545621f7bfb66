"""How a carrier's invoice is read: document packstation.carrier-invoice/1, data for each carrier.

Carriers send tables of their own shape. Such a document says under which names their columns go,
in which units weights and sides stand, what their zones and charges are called in our tariffs,
and how much a price may be off before anybody has to look (docs/formats/carrier-invoice.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field

from packstation.domain.quantities import CURRENCIES

Code = Annotated[str, Meta(min_length=1, max_length=64)]
# Names that a column may have; the first that a sheet has is taken.
Names = tuple[Annotated[str, Meta(min_length=1, max_length=200)], ...]
_MOST: Final = {"amount": 1_000_000, "percent": 100, "rate_percent": 100}
MEASURES = ("weight", "actual_weight", "volumetric_weight", "length", "width", "height")


class Tolerance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be off: an amount in the predicted currency or per cent of the price.

    ``rate_percent``: how far a carrier's own exchange rate may lie from ours.
    """

    amount: Decimal = Decimal("0.01")
    percent: Decimal = Decimal(0)
    rate_percent: Decimal = Decimal(3)

    def __post_init__(self) -> None:
        """Refuse what is below nothing, no number, or lets everything pass."""
        for name, most in _MOST.items():
            value = getattr(self, name)
            if not (value.is_finite() and 0 <= value <= most):
                raise ValueError(f"{name}: 0 to {most} is allowed")

    def takes(self, off: Decimal, price: Decimal) -> bool:
        """Whether nobody has to look at a price that is ``off`` by so much."""
        return abs(off) <= max(self.amount, abs(price) * self.percent / 100)


class Columns(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names of the columns; ``code`` and ``amount`` where each charge has a row of its own."""

    waybill: Annotated[Names, Meta(min_length=1)]
    total: Names = ()
    invoice: Names = ()
    date: Names = ()
    service: Names = ()
    currency: Names = ()
    country: Names = ()
    zone: Names = ()
    weight: Names = ()
    actual_weight: Names = ()
    volumetric_weight: Names = ()
    length: Names = ()
    width: Names = ()
    height: Names = ()
    code: Names = ()
    amount: Names = ()


class InvoiceMap(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """packstation.carrier-invoice/1; ``layout``: a row for each parcel, or for each charge."""

    schema: Literal["packstation.carrier-invoice/1"] = "packstation.carrier-invoice/1"
    carrier: Code
    name: str = ""
    source: str = ""
    layout: Literal["parcel", "charge"] = "parcel"
    columns: Columns
    amounts: Mapping[Code, Names] = field(default_factory=dict)
    codes: Mapping[Code, Code] = field(default_factory=dict)
    zones: Mapping[Code, Code] = field(default_factory=dict)
    services: Mapping[Code, Code] = field(default_factory=dict)
    countries: Mapping[Code, Code] = field(default_factory=dict)
    currency: str = ""
    weight_unit: Literal["g", "kg", "lb", "oz"] = "kg"
    side_unit: Literal["mm", "cm", "in"] = "cm"
    decimal: Literal[".", ","] = "."
    dates: Literal["ymd", "dmy", "mdy"] = "ymd"
    sums: Names = ()
    tolerance: Tolerance = Tolerance()

    def __post_init__(self) -> None:
        """Refuse a currency nobody has, and a map that would find no money."""
        if self.currency and self.currency not in CURRENCIES:
            raise ValueError("currency: an ISO 4217 code is allowed")
        if self.layout == "charge" and not (self.columns.code and self.columns.amount):
            raise ValueError("columns: code and amount with a row for each charge is allowed")
        if self.layout == "charge" and (self.amounts or self.columns.total):
            raise ValueError("amounts: nothing with a row for each charge is allowed")
        if self.layout == "parcel" and not (self.amounts or self.columns.total):
            raise ValueError("columns.total: a total, or amounts, is allowed")
        if self.layout == "parcel" and (self.columns.code or self.columns.amount):
            raise ValueError("columns.code: nothing with a row for each parcel is allowed")

    def wanted(self) -> Iterator[tuple[str, Names]]:
        """Every column that the map speaks of: its field (``amounts.fuel``) and its names."""
        for name in Columns.__struct_fields__:
            if names := getattr(self.columns, name):
                yield name, names
        for code, names in self.amounts.items():
            yield f"amounts.{code}", names
