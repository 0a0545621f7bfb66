"""The buyer's order: document packstation.order/1 (FORMATS.md), frozen.

Every field of the format stands here, so that intake, papers, carriers and
marketplaces read one shape. Absent, null and "" all mean "not known".
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from packstation.domain.catalog import Product
from packstation.domain.quantities import Money

Status = Literal["ready", "unpaid", "on_hold", "cancelled", "shipped"]
Category = Literal[
    "gift", "documents", "commercial_sample", "sale_of_goods", "returned_goods", "other"
]
Text = Annotated[str, Meta(max_length=500)]
Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+(?!\n)$")]
Country = Annotated[str, Meta(pattern=r"^([A-Z]{2})?(?!\n)$")]
Count = Annotated[int, Meta(ge=1, le=100_000)]
Moment = Annotated[datetime, Meta(tz=True)]


class Payment(Struct, frozen=True, kw_only=True):
    """What the buyer paid."""

    status: str = ""
    total: Money | None = None


class Deadline(Struct, frozen=True, kw_only=True):
    """A moment by which something must happen, and what lateness costs."""

    kind: str
    at: Moment
    cost_now: Money | None = None
    cost_next: Money | None = None
    next_at: Moment | None = None


class Address(Struct, frozen=True, kw_only=True):
    """A person and place; lives in order rows only, never in facts."""

    name: Text = ""
    company: Text = ""
    lines: tuple[Text, ...] = ()
    city: Text = ""
    region: Text = ""
    postcode: Text = ""
    country: Country = ""
    phone: Text = ""
    email: Text = ""
    eori: Text = ""
    vat: Text = ""
    ioss: Text = ""
    voec: Text = ""
    tax_id: Text = ""
    customs_code: Text = ""
    uscc: Text = ""


class OrderLine(Struct, frozen=True, kw_only=True):
    """One line of the order: ``quantity`` units of one SKU, or of its ``substitutes``."""

    line: Count
    sku: Id
    quantity: Count
    unit_price: Money | None = None
    substitutes: tuple[Id, ...] = ()


class ParcelContent(Struct, frozen=True, kw_only=True):
    """How many units of an order line lie in a parcel."""

    line: Count
    quantity: Count


class OrderParcel(Struct, frozen=True, kw_only=True):
    """A packed box as given with an order for ``label`` and ``papers``."""

    carton: str = ""
    gross_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    waybill: str = ""
    contents: tuple[ParcelContent, ...] = ()


class Rate(Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"from_": "from"}):
    """1 ``from`` = ``rate`` ``to`` on a day.

    ``source`` says who published it; a ``contract`` rate is agreed with a bank or carrier and
    holds up to the day ``until``.
    """

    from_: str
    to: str
    rate: Decimal
    on: str
    source: Annotated[str, Meta(max_length=200)] = ""
    kind: Literal["mid", "contract"] = "mid"
    until: str = ""


class Order(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """packstation.order/1."""

    schema: Literal["packstation.order/1"] = "packstation.order/1"
    order_id: Id
    channel: str = ""
    site: str = ""
    status: Status = "ready"
    placed_at: Moment | None = None
    payment: Payment | None = None
    deadlines: tuple[Deadline, ...] = ()
    ship_from: Address = Address()
    ship_to: Address
    lines: Annotated[tuple[OrderLine, ...], Meta(min_length=1, max_length=500)]
    category: Category = "sale_of_goods"
    incoterm: str | None = ""
    named_place: str | None = ""
    duty_payer: str | None = ""
    service: str | None = None
    allow_partial: bool = False
    gift: bool = False
    note: Text | None = ""
    # For papers and marketplaces (FORMATS.md "More optional fields").
    carrier: str | None = ""
    service_class: str | None = ""
    category_text: str | None = ""
    tax_scheme: str | None = None
    marketplace_collects: bool | None = None
    freight: Money | None = None
    insurance: Money | None = None
    discount: Money | None = None
    declared_total: Money | None = None
    duty_account: str | None = ""
    cn_export_mode: str | None = ""
    invoice: dict[str, Any] | None = None
    signer: dict[str, Any] | None = None
    origin_statement: dict[str, Any] | None = None
    ioss_registration: dict[str, Any] | None = None
    requirements: tuple[dict[str, Any], ...] = ()
    channel_limits: dict[str, Any] | None = None
    rates: tuple[Rate, ...] = ()
    store: str | None = ""
    totes: tuple[str, ...] = ()
    buyer: dict[str, Any] | None = None
    delivery: dict[str, Any] | None = None
    options: tuple[str, ...] = ()
    cod: Money | None = None
    gift_message: str | None = ""
    tags: tuple[str, ...] = ()
    labels: tuple[dict[str, Any], ...] = ()
    parent_order_id: str | None = ""
    channel_status: dict[str, Any] | None = None
    products: tuple[Product, ...] = ()
    parcels: tuple[OrderParcel, ...] = ()

    def handover(self) -> Deadline | None:
        """The earliest deadline by which the parcel must leave, if any."""
        due = [d for d in self.deadlines if d.kind == "handover"]
        return min(due, key=lambda d: d.at) if due else None
