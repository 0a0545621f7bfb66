"""Orders as Ozon and Shopify write them, mapped into order/1 (FORMATS.md "From Ozon").

Each record is first read into the shape of its marketplace, so that a problem names the path
that the sender knows (``products[0].quantity``). Unknown statuses survive: the order is on hold
and the raw words stand in ``channel_status``. Sources: reference/customs.md section 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct, field

from packstation.domain.catalog import Sku
from packstation.domain.countries import ALPHA2
from packstation.domain.orders import (
    Address,
    Count,
    Deadline,
    Id,
    Moment,
    Order,
    OrderLine,
    Payment,
    Status,
    Text,
)
from packstation.domain.quantities import CURRENCIES, Money
from packstation.first_use import shaped

Raw = dict[str, Any]

_OZON_STATUS: Final[Mapping[str, Status]] = {
    **dict.fromkeys(["awaiting_packaging", "awaiting_deliver"], "ready"),
    **dict.fromkeys(
        ["delivering", "driver_pickup", "delivered", "not_accepted", "sent_by_seller"], "shipped"
    ),
}
_OZON_BLOCKED: Final = frozenset(
    ["posting_awaiting_passport_data", "posting_registration_error", "ship_failed"]
)
_OZON_NEEDS: Final = {
    "products_requiring_country": "country",
    "products_requiring_change_country": "country",
    "products_requiring_gtd": "gtd",
    "products_requiring_rnpt": "rnpt",
    "products_requiring_mandatory_mark": "mark",
    "products_requiring_jw_uin": "jw_uin",
    "products_requiring_imei": "imei",
    "products_requiring_weight": "weight",
}
_COUNTRY_NAMES: Final = {
    "россия": "RU",
    "российская федерация": "RU",
    "russia": "RU",
    "беларусь": "BY",
    "belarus": "BY",
    "казахстан": "KZ",
    "kazakhstan": "KZ",
    "армения": "AM",
    "armenia": "AM",
    "кыргызстан": "KG",
    "киргизия": "KG",
    "kyrgyzstan": "KG",
    "узбекистан": "UZ",
    "uzbekistan": "UZ",
}
_SHOPIFY_PAID: Final = frozenset(["paid", "partially_refunded"])
_SHOPIFY_OPEN: Final = frozenset(["pending", "authorized", "partially_paid"])
_LINES_MAX: Final = 500


class _OzonProduct(Struct):
    offer_id: Sku
    quantity: Count
    sku: int | str | None = None
    price: Decimal | None = None
    currency_code: str = ""


class _OzonAddress(Struct):
    zip_code: Text = ""
    country: Text = ""
    region: Text = ""
    city: Text = ""
    district: Text = ""
    address_tail: Text = ""
    pvz_code: str | int = ""
    comment: Text = ""


class _OzonCustomer(Struct):
    name: Text = ""
    phone: Text = ""
    email: Text = ""
    customer_id: int | str = ""
    address: _OzonAddress = field(default_factory=_OzonAddress)


class _OzonMethod(Struct):
    warehouse: str = ""


class _OzonPosting(Struct):
    posting_number: Id
    products: Annotated[list[_OzonProduct], Meta(min_length=1, max_length=_LINES_MAX)]
    status: str = ""
    substatus: str = ""
    in_process_at: Moment | None = None
    shipment_date: Moment | None = None
    delivering_date: Moment | None = None
    parent_posting_number: str = ""
    delivery_method: _OzonMethod = field(default_factory=_OzonMethod)
    customer: _OzonCustomer = field(default_factory=_OzonCustomer)
    requirements: dict[str, Any] = field(default_factory=dict)
    tariffication: Any = None


class _ShopifyLine(Struct):
    sku: Sku
    quantity: Count
    price: Decimal | None = None


class _ShopifyAddress(Struct):
    name: Text = ""
    company: Text = ""
    address1: Text = ""
    address2: Text = ""
    city: Text = ""
    province: Text = ""
    zip: Text = ""
    country_code: str = ""
    phone: Text = ""


class _ShopifyFulfilment(Struct):
    fulfill_by: Moment | None = None


class _ShopifyOrder(Struct):
    name: Id
    line_items: Annotated[list[_ShopifyLine], Meta(min_length=1, max_length=_LINES_MAX)]
    created_at: Moment | None = None
    cancelled_at: Moment | None = None
    financial_status: str = ""
    fulfillment_status: str = ""
    currency: str = ""
    total_price: Decimal | None = None
    email: Text = ""
    note: Text = ""
    tags: str = ""
    shipping_address: _ShopifyAddress = field(default_factory=_ShopifyAddress)
    fulfillment_orders: list[_ShopifyFulfilment] = field(default_factory=list)


def is_ozon(raw: Raw) -> bool:
    """Whether a record is an Ozon posting."""
    return "posting_number" in raw


def is_shopify(raw: Raw) -> bool:
    """Whether a record is a Shopify order."""
    return "line_items" in raw


def from_ozon(raw: Raw) -> Order:
    """The order of an Ozon posting (v3 or v4).

    Raises:
        msgspec.ValidationError: with the path in the posting.
    """
    posting = shaped(raw, _OzonPosting)
    return Order(
        order_id=posting.posting_number,
        channel="ozon",
        site=posting.delivery_method.warehouse,
        status=_ozon_status(posting.status, posting.substatus),
        placed_at=posting.in_process_at,
        deadlines=_ozon_deadlines(posting),
        ship_to=_ozon_address(posting.customer),
        lines=tuple(
            OrderLine(
                line=at,
                sku=product.offer_id,
                quantity=product.quantity,
                unit_price=_money(product.price, product.currency_code),
            )
            for at, product in enumerate(posting.products, 1)
        ),
        requirements=tuple(_ozon_needs(posting)),
        parent_order_id=posting.parent_posting_number,
        channel_status={"status": posting.status, "substatus": posting.substatus},
    )


def _ozon_status(status: str, substatus: str) -> Status:
    if status.startswith("cancelled"):
        return "cancelled"
    known = _OZON_STATUS.get(status, "on_hold")
    return "on_hold" if known == "ready" and substatus in _OZON_BLOCKED else known


def _ozon_deadlines(posting: _OzonPosting) -> tuple[Deadline, ...]:
    steps = posting.tariffication
    step = steps[0] if isinstance(steps, list) and steps else steps
    tariff: Raw = step if isinstance(step, dict) else {}
    due = []
    if posting.shipment_date is not None:
        due.append(
            Deadline(
                kind="handover",
                at=posting.shipment_date,
                cost_now=_charge(tariff, "current"),
                cost_next=_charge(tariff, "next"),
                next_at=_moment(tariff.get("next_tariff_starts_at")),
            )
        )
    if posting.delivering_date is not None:
        due.append(Deadline(kind="deliver", at=posting.delivering_date))
    return tuple(due)


def _charge(tariff: Raw, which: str) -> Money | None:
    """A tariff charge: text with a currency beside it (v3) or an amount object (v4).

    A discount is money won and counts negative.
    """
    charge = tariff.get(f"{which}_tariff_charge")
    if isinstance(charge, dict):
        amount, currency = charge.get("amount"), charge.get("currency")
    else:
        amount, currency = charge, tariff.get(f"{which}_tariff_charge_currency_code")
    try:
        money = _money(shaped(amount, Decimal), str(currency or ""))
    except msgspec.ValidationError:
        return None
    if money is None or tariff.get(f"{which}_tariff_type") != "discount":
        return money
    return Money(-abs(money.amount), money.currency)


def _money(amount: Decimal | None, currency: str) -> Money | None:
    if amount is None or currency not in CURRENCIES:
        return None
    try:
        return Money(amount, currency)
    except ValueError as exc:
        raise msgspec.ValidationError(str(exc)) from exc


def _moment(value: object) -> Moment | None:
    try:
        return shaped(value, Moment | None)
    except msgspec.ValidationError:
        return None


def _ozon_address(customer: _OzonCustomer) -> Address:
    place = customer.address
    lines = (place.address_tail, place.district, place.comment)
    return Address(
        name=customer.name,
        lines=tuple(line for line in lines if line),
        city=place.city,
        region=place.region,
        postcode=place.zip_code,
        country=_country(place.country),
        phone=customer.phone,
        email=customer.email,
    )


def _country(text: str) -> str:
    """ISO code of a code or of a name that Ozon writes; "" where it is none of them."""
    code = text.strip().upper()
    return code if code in ALPHA2 else _COUNTRY_NAMES.get(text.strip().lower(), "")


def _ozon_needs(posting: _OzonPosting) -> list[Raw]:
    offers = {str(product.sku): product.offer_id for product in posting.products}
    return [
        {"sku": offers.get(str(sku), str(sku)), "kind": kind, "value": None}
        for key, kind in _OZON_NEEDS.items()
        for sku in _listed(posting.requirements.get(key))
    ]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def from_shopify(raw: Raw) -> Order:
    """The order of a Shopify order (REST shape); its ``name`` without "#" is the order's id.

    Raises:
        msgspec.ValidationError: with the path in the record.
    """
    order = shaped(raw, _ShopifyOrder)
    to = order.shipping_address
    return Order(
        order_id=order.name.lstrip("#") or order.name,
        channel="shopify",
        status=_shopify_status(order),
        placed_at=order.created_at,
        payment=Payment(
            status=order.financial_status, total=_money(order.total_price, order.currency)
        ),
        deadlines=tuple(
            Deadline(kind="handover", at=part.fulfill_by)
            for part in order.fulfillment_orders
            if part.fulfill_by is not None
        ),
        ship_to=Address(
            name=to.name,
            company=to.company,
            lines=tuple(line for line in (to.address1, to.address2) if line),
            city=to.city,
            region=to.province,
            postcode=to.zip,
            country=_country(to.country_code),
            phone=to.phone,
            email=order.email,
        ),
        lines=tuple(
            OrderLine(
                line=at,
                sku=line.sku,
                quantity=line.quantity,
                unit_price=_money(line.price, order.currency),
            )
            for at, line in enumerate(order.line_items, 1)
        ),
        note=order.note,
        tags=tuple(tag for part in order.tags.split(",") if (tag := part.strip())),
        channel_status={
            "status": order.financial_status,
            "substatus": order.fulfillment_status,
        },
    )


def _shopify_status(order: _ShopifyOrder) -> Status:
    if order.cancelled_at is not None:
        return "cancelled"
    if order.fulfillment_status == "fulfilled":
        return "shipped"
    if order.financial_status in _SHOPIFY_OPEN:
        return "unpaid"
    ready = order.financial_status in _SHOPIFY_PAID and not order.fulfillment_status
    return "ready" if ready else "on_hold"
