"""What CDEK reads and writes: orders out of requests, states and events out of answers. Pure.

Source: the public description of API 2.0 and the carrier's own PHP library (cdek-it/sdk2.0), read
in November 2026; docs/carriers.md says which statement rests on what. Weights are whole grams,
sides whole centimetres rounded up, sums JSON numbers digit by digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

from msgspec.structs import replace

from packstation.carriers.adapters import parts
from packstation.carriers.label_files import TOLERANCE_MM
from packstation.domain.carriers import (
    BuyRequest,
    GoodsLine,
    LabelWanted,
    TrackEvent,
    charged,
    refused,
)
from packstation.domain.orders import Address
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted
from packstation.domain.shipments import Shipment, ShipmentParcel

MOST_KEY: Final = 40
_MOST_NAME: Final = 255
# An order of a shop: goods and their price stand in it.
_TYPE: Final = 1
_FORMATS: Final = {"A5": (148.0, 210.0), "A6": (105.0, 148.0), "A7": (74.0, 105.0)}
CURRENCIES: Final = {"RUB": 1, "USD": 3, "EUR": 4, "CNY": 6}
OPTIONS: Final = frozenset({"cod", "insurance", "pickup_point"})
NO_SUCH: Final = frozenset(
    {"v2_entity_not_found", "v2_order_not_found", "v2_entity_not_found_im_number"}
)
BUSY: Final = "still_processed"
# What stands in code and words of a refusal: the reason.
WORDS: Final[parts.Words] = (
    ("similar_order", "duplicate"),
    ("number_already", "duplicate"),
    ("already_exist", "duplicate"),
    ("invalid_client", "credentials"),
    ("access_denied", "credentials"),
    ("token", "credentials"),
    ("unauthorized", "credentials"),
    ("forbidden", "credentials"),
    ("tariff", "service"),
    ("weight", "weight"),
    ("dimension", "size"),
    ("length", "size"),
    ("width", "size"),
    ("height", "size"),
    ("delivery_point", "option"),
    ("office", "option"),
    ("service", "option"),
    ("location", "address"),
    ("city", "address"),
    ("address", "address"),
    ("phone", "address"),
    ("name", "address"),
    ("recipient", "address"),
    ("receiver", "address"),
    ("cost", "value"),
    ("payment", "value"),
    ("currency", "value"),
    ("items", "documents"),
    ("passport", "documents"),
    ("contract", "limit"),
    ("v2_field_is_empty", "invalid"),
    ("v2_invalid", "invalid"),
)
REMOVED: Final = "REMOVED"
# States in which nothing has been handed over yet.
AT_HOME: Final = frozenset({"ACCEPTED", "CREATED"})
_STATUSES: Final = {
    "ACCEPTED": "pre_transit",
    "CREATED": "pre_transit",
    "REMOVED": "cancelled",
    "RECEIVED_AT_SHIPMENT_WAREHOUSE": "picked_up",
    "RECEIVED_AT_SENDER_WAREHOUSE": "picked_up",
    "READY_TO_SHIP_AT_SENDING_OFFICE": "in_transit",
    "READY_FOR_SHIPMENT_IN_SENDER_CITY": "in_transit",
    "TAKEN_BY_TRANSPORTER_FROM_SENDER_CITY": "in_transit",
    "SENT_TO_TRANSIT_CITY": "in_transit",
    "ACCEPTED_IN_TRANSIT_CITY": "in_transit",
    "ACCEPTED_AT_TRANSIT_WAREHOUSE": "in_transit",
    "READY_FOR_SHIPMENT_IN_TRANSIT_CITY": "in_transit",
    "TAKEN_BY_TRANSPORTER_FROM_TRANSIT_CITY": "in_transit",
    "IN_CUSTOMS_INTERNATIONAL": "in_transit",
    "IN_CUSTOMS_LOCAL": "in_transit",
    "CUSTOMS_COMPLETE": "in_transit",
    "SENT_TO_RECIPIENT_CITY": "in_transit",
    "ACCEPTED_IN_RECIPIENT_CITY": "in_transit",
    "ACCEPTED_AT_RECIPIENT_CITY_WAREHOUSE": "in_transit",
    "ACCEPTED_AT_PICK_UP_POINT": "ready_for_pickup",
    "POSTOMAT_POSTED": "ready_for_pickup",
    "TAKEN_BY_COURIER": "out_for_delivery",
    "DELIVERED": "delivered",
    "POSTOMAT_RECEIVED": "delivered",
    "NOT_DELIVERED": "delivery_failed",
    "RETURNED_TO_SENDER_CITY_WAREHOUSE": "return_to_sender",
    "RETURNED_TO_RECIPIENT_CITY_WAREHOUSE": "delivery_failed",
}


def order_of(
    request: BuyRequest, tariffs: Mapping[str, int], shipment_point: str
) -> dict[str, Any]:
    """The body of ``POST /v2/orders``; ``shipment_point`` is the office that takes parcels, or "".

    Raises:
        LabelRefused: by the field that they would refuse; nothing was sent.
    """
    key = request.key
    parts.only(request, OPTIONS)
    total = _total(request)
    order: dict[str, Any] = {
        "type": _TYPE,
        "number": parts.at_most(key, "key", key, MOST_KEY, "invalid"),
        "tariff_code": _tariff(key, request.service, tariffs),
        "comment": parts.at_most(key, "order", request.order, _MOST_NAME, "invalid"),
        "sender": _person(key, request.sender, phone=False),
        "recipient": _person(key, request.recipient, phone=True),
        "packages": [_package(request)],
    }
    if total is not None and total.currency != "RUB":
        order["items_cost_currency"] = order["recipient_currency"] = total.currency
    if shipment_point:
        order["shipment_point"] = shipment_point
    else:
        order["from_location"] = _place(key, request.sender)
    if request.pickup_point:
        order["delivery_point"] = request.pickup_point
    else:
        order["to_location"] = _place(key, request.recipient)
    return order


def _tariff(key: str, service: str, tariffs: Mapping[str, int]) -> int:
    """The number of a tariff: of the account's names, or the service's own digits."""
    code = tariffs.get(service, int(service) if service.isascii() and service.isdecimal() else 0)
    if not 0 < code < 100_000:
        known = ", ".join(sorted(tariffs))
        raise refused(key, "service", f"service: {service!r}; known: {known} or a tariff's number")
    return code


def _total(request: BuyRequest) -> Money | None:
    """What the goods cost together; cash and insurance must be that: they go by the goods."""
    sums = [line.value * line.quantity for line in request.goods if line.value is not None]
    if len({one.currency for one in sums}) > 1:
        raise refused(request.key, "value", "goods: of several currencies")
    total = Money(sum((one.amount for one in sums), Decimal(0)), sums[0].currency) if sums else None
    for name, asked in (("cod", request.cod), ("insured", request.insured)):
        if asked is not None and asked != total:
            raise refused(request.key, "value", f"{name}: {asked}; what the goods cost: {total}")
    return total


def _person(key: str, address: Address, *, phone: bool) -> dict[str, Any]:
    name = parts.at_most(key, "name", parts.who(key, address), _MOST_NAME)
    fields = {"name": name, "company": address.company, "email": address.email}
    told: dict[str, Any] = dict(parts.filled(key, {**fields, "tin": address.tax_id}))
    numbers = parts.filled(key, {"number": address.phone})
    if phone and not numbers:
        raise refused(key, "address", "phone: missing")
    return {**told, "phones": [numbers]} if numbers else told


def _place(key: str, address: Address) -> dict[str, str]:
    fields = {
        "country_code": address.country,
        "region": address.region,
        "city": address.city,
        "postal_code": address.postcode,
        "address": parts.at_most(key, "lines", ", ".join(address.lines), _MOST_NAME),
    }
    return parts.filled(key, fields)


def _package(request: BuyRequest) -> dict[str, Any]:
    weight = parts.grams(request)
    if not request.goods:
        raise refused(request.key, "documents", "goods: at least one line is wanted")
    package: dict[str, Any] = {"number": "1", "weight": weight}
    package["items"] = [_item(request, line) for line in request.goods]
    if len(request.size_mm) == 3:
        sides = (-(-side // 10) for side in request.size_mm)
        package |= dict(zip(("length", "width", "height"), sides, strict=True))
    return package


def _item(request: BuyRequest, line: GoodsLine) -> dict[str, Any]:
    """A line; where nobody weighed it, its unit has the parcel's share."""
    units = sum(each.quantity for each in request.goods)
    fields = {
        "name": line.description or line.sku,
        "name_i18n": line.local_description,
        "ware_key": line.sku,
        "feacn_code": line.hs,
        "country_code": line.origin,
    }
    told: dict[str, Any] = dict(parts.filled(request.key, fields, "documents"))
    cost = line.value.amount if line.value is not None else Decimal(0)
    told["cost"] = cost
    told["payment"] = {"value": cost if request.cod is not None else Decimal(0)}
    told["weight"] = line.net_g or max(1, request.gross_g // units)
    told["amount"] = line.quantity
    return told


def format_of(wanted: LabelWanted) -> str:
    """The paper that fits the stock; A6 where none does."""
    for name, (width, height) in _FORMATS.items():
        off = max(abs(wanted.width_mm - width), abs(wanted.height_mm - height))
        if off <= TOLERANCE_MM:
            return name
    return "A6"


# --- what comes back ---------------------------------------------------------------------------


def errors_of(document: object) -> list[tuple[str, str]]:
    """Code and words of all errors, wherever they stand."""
    lists = [parts.rows(document, "errors")]
    lists += [parts.rows(one, "errors") for one in parts.rows(document, "requests")]
    found = [
        (parts.text(one, "code"), parts.text(one, "message")) for some in lists for one in some
    ]
    alone = parts.text(document, "error")
    return found or ([(alone, parts.text(document, "error_description"))] if alone else [])


def refusal_of(errors: list[tuple[str, str]]) -> tuple[str, str]:
    """Reason and words; the code is looked at before the words."""
    told = "; ".join(f"{code}: {message}" for code, message in errors)
    codes = " ".join(code for code, _ in errors)
    messages = " ".join(message for _, message in errors)
    reason = parts.reason_of(WORDS, codes) or parts.reason_of(WORDS, messages)
    return reason or "carrier", told


def request_of(document: object, kind: str) -> tuple[str, list[tuple[str, str]]]:
    """State and errors of the newest request of a kind (CREATE, DELETE); "" where there is none."""
    ours = [one for one in parts.rows(document, "requests") if parts.text(one, "type") == kind]
    if not ours:
        return "", []
    last = max(ours, key=lambda one: parts.text(one, "date_time"))
    return parts.text(last, "state"), errors_of({"requests": [last]})


def states_of(document: object) -> frozenset[str]:
    """All states that an order has had."""
    return frozenset(parts.text(one, "code") for one in parts.rows(document, "entity", "statuses"))


def print_of(document: object) -> str:
    """The newest print form of an order's barcode; "" where there is none."""
    forms = parts.rows(document, "related_entities")
    ours = [parts.text(one, "uuid") for one in forms if parts.text(one, "type") == "barcode"]
    return ours[-1] if ours else ""


def events_of(document: object, waybill: str) -> list[TrackEvent]:
    """A parcel's way out of its order."""
    if parts.text(document, "entity", "cdek_number") != waybill:
        return []
    return [
        TrackEvent(
            waybill=waybill,
            raw_code=(code := parts.text(one, "code")),
            raw_text=parts.text(one, "name"),
            at=parts.moment(parts.text(one, "date_time")),
            place=parts.text(one, "city"),
            status=_STATUSES.get(code, ""),
        )
        for one in parts.rows(document, "entity", "statuses")
    ]


# --- prices ------------------------------------------------------------------------------------


def calculation_of(shipment: Shipment, currency: str) -> dict[str, Any]:
    """The body of ``POST /v2/calculator/tarifflist``."""
    day = datetime.combine(shipment.date, datetime.min.time(), UTC)
    return {
        "date": day.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "type": _TYPE,
        "currency": CURRENCIES[currency],
        "from_location": _end(shipment.origin.country, shipment.origin.postcode),
        "to_location": _end(shipment.destination.country, shipment.destination.postcode),
        "packages": [_weighed(one) for one in shipment.parcels],
    }


def _weighed(parcel: ShipmentParcel) -> dict[str, int]:
    """Whole grams and centimetres, rounded up."""
    sides = (_up(side / 10) for side in parcel.sides or ())
    named = zip(("length", "width", "height"), sides, strict=False)
    return {"weight": _up(parcel.weight_g), **dict(named)}


def _up(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_CEILING))


def _end(country: str, postcode: str) -> dict[str, str]:
    return {
        name: text for name, text in (("country_code", country), ("postal_code", postcode)) if text
    }


def prices_of(
    document: object, account: str, currency: str, tariffs: Mapping[str, int], billable_g: int
) -> tuple[Quoted, ...]:
    """Their prices, the cheapest first; services are the account's names, or a tariff's number."""
    names = {str(code): name for name, code in tariffs.items()}
    found = []
    for row in parts.rows(document, "tariff_codes"):
        code = parts.text(row, "tariff_code")
        money = charged(parts.text(row, "delivery_sum"), currency)
        if not code or money is None or not money.amount:
            continue
        found.append(
            Quoted(
                carrier=account,
                service=names.get(code, code),
                amount=money.amount,
                currency=currency,
                billable_g=billable_g,
                min_days=_days(row, "period_min"),
                max_days=_days(row, "period_max"),
                rank=0,
                days_in="business",
                lines=(("freight", money.amount, parts.text(row, "tariff_name")),),
            )
        )
    found.sort(key=lambda one: (one.amount, one.service))
    return tuple(replace(one, rank=rank) for rank, one in enumerate(found, 1))


def _days(row: Mapping[str, Any], name: str) -> int | None:
    said = parts.text(row, name)
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 3 else None


def knows(currency: str) -> bool:
    """Whether prices can be asked for in it."""
    return currency in CURRENCIES
