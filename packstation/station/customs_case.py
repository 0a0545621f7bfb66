"""A parcel as the customs rules see it: an order/1 document with what the bench knows; pure.

Before its label an order's lines are what really lies in its boxes so far: a substitute as
itself, of a kit that is not whole its parts, nothing of what was short. So the same document gives
the same papers, and its hash tells whether they would say anything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.catalog import Packing, Product, Tracking
from packstation.domain.orders import Order, Rate
from packstation.domain.packing.session import Parcel, Session
from packstation.domain.printers import Stock
from packstation.station.desk import ServiceProfile
from packstation.station.planning import with_sender
from packstation.station.plans import left_of, order_contents, packed_instead

Raw = dict[str, Any]
# As the rules call what a person confirms (FORMATS.md, Confirmation).
MARKS: Final[Mapping[str, str]] = {"battery": "battery-mark"}


class Signer(Struct, frozen=True):
    """Who packs, and so signs the papers; ``may`` by their row."""

    name: str
    may: bool = True


class CaseAsked(Struct, frozen=True, kw_only=True):
    """All that the document of a parcel is made of.

    ``whole``: the order with what is still to be packed, its boxes not known yet; ``service`` is
    the one chosen, if any; ``closing``: the number of the parcel and what was printed of it count
    as well, its copies where they are ``counted`` here.
    """

    order: Order
    products: Mapping[str, Product]
    session: Session
    site: Mapping[str, object] = {}
    rates: tuple[Rate, ...] = ()
    service: ServiceProfile | None = None
    signer: Signer | None = None
    stock: Stock | None = None
    synced_at: datetime | None = None
    lists: tuple[Mapping[str, object], ...] = ()
    closing: bool = False
    counted: bool = True
    whole: bool = False


def document(asked: CaseAsked) -> Raw:
    """The order/1 document of the session's order, ``bench`` included, as JSON values."""
    lines, boxes = _packed(asked)
    order = with_sender(asked.order, asked.site)
    raw: Raw = _plain(replace(order, products=(), parcels=()))
    raw["lines"] = lines
    if not _all_of(order, lines):
        # What was paid, or declared, is for all of the order as it was sold.
        raw["payment"] = raw["declared_total"] = None
    raw["products"] = [_product(one) for one in _products(asked, lines)]
    raw["parcels"] = [
        _parcel(parcel, inside, closing=asked.closing)
        for parcel, inside in zip(asked.session.parcels, boxes, strict=True)
        if inside and not asked.whole
    ]
    raw["rates"] = _plain((*asked.order.rates, *asked.rates))
    if asked.service is not None:
        raw["carrier"], raw["service"] = asked.service.carrier, asked.service.service
        raw["service_class"] = asked.service.channel
    if asked.signer is not None:
        raw["signer"] = {"name": asked.signer.name, "authorised": asked.signer.may}
    raw["requirements"] = _requirements(asked)
    raw["bench"] = _bench(asked, lines, boxes)
    return raw


def _plain(what: object) -> Any:  # noqa: ANN401 - as JSON has it
    """JSON values: lists where the shapes have tuples, amounts as text."""
    return msgspec.json.decode(msgspec.json.encode(what))


# --- lines and boxes ----------------------------------------------------------------------


def _packed(asked: CaseAsked) -> tuple[list[Raw], list[list[Raw]]]:
    """The lines as packed, and what of them lies in each parcel."""
    session = asked.session
    extra: dict[tuple[int, str, bool], int] = {}
    last = max((line.line for line in asked.order.lines), default=0)
    boxes: list[list[Raw]] = []
    for parcel in session.parcels:
        inside = [_content(number, n) for number, n in order_contents(session, parcel)]
        for one in packed_instead(session, parcel):
            key = (one.line, one.sku, one.part)
            number = extra.setdefault(key, last + len(extra) + 1)
            inside.append(_content(number, one.quantity))
        boxes.append(inside)
    return list(_lines(asked, boxes, extra)), boxes


def _all_of(order: Order, lines: Sequence[Raw]) -> bool:
    """Whether these are the order's lines, no more and no less."""
    told = [(line["line"], line["quantity"]) for line in lines]
    return told == [(line.line, line.quantity) for line in order.lines]


def _content(number: int, quantity: int) -> Raw:
    return {"line": number, "quantity": quantity}


def _lines(
    asked: CaseAsked, boxes: list[list[Raw]], extra: Mapping[tuple[int, str, bool], int]
) -> Iterator[Raw]:
    counted: dict[int, int] = {}
    for one in (one for inside in boxes for one in inside):
        counted[one["line"]] = counted.get(one["line"], 0) + one["quantity"]
    rows: dict[int, Raw] = {x.line: _plain(x) for x in asked.order.lines}
    for number, row in rows.items():
        left = left_of(asked.session, number) if asked.whole else 0
        quantity = counted.get(number, 0) + left
        if quantity:
            yield {**row, "quantity": quantity}
    for (number, sku, part), fresh in extra.items():
        price = None if part or number not in rows else rows[number]["unit_price"]
        told = {"line": fresh, "sku": sku, "quantity": counted[fresh], "unit_price": price}
        yield {**told, "substitutes": []}


def _products(asked: CaseAsked, lines: Sequence[Raw]) -> Iterator[Product]:
    for sku in dict.fromkeys(line["sku"] for line in lines):
        if sku in asked.products:
            yield asked.products[sku]


def _product(product: Product) -> Raw:
    """Without what no rule and no paper looks at."""
    bare = replace(
        product, image=None, codes=(), tracking=Tracking(), packing=Packing(), kit=(), supplier=None
    )
    raw: Raw = _plain(bare)
    return {name: raw[name] for name in ("sku", "names", "weight_g", "goods", "customs")}


def _parcel(parcel: Parcel, inside: list[Raw], *, closing: bool) -> Raw:
    length, width, height = parcel.size_mm if len(parcel.size_mm) == 3 else (None, None, None)
    return {
        "carton": parcel.carton,
        "gross_g": parcel.gross_g,
        "length_mm": length,
        "width_mm": width,
        "height_mm": height,
        # Not known before the label is asked for: what was checked then must stay the same.
        "waybill": parcel.label.waybill if closing and parcel.label else "",
        "contents": inside,
    }


def _requirements(asked: CaseAsked) -> list[Raw]:
    """What the marketplace wants to know; the first value that was given for a unit."""
    given = {(item.sku, one.kind): one.value for item in asked.session.packed for one in item.given}
    return [
        {**row, "value": row.get("value") or given.get((str(row.get("sku")), str(row.get("kind"))))}
        for row in asked.order.requirements
    ]


# --- the bench ------------------------------------------------------------------------------


def _bench(asked: CaseAsked, lines: Sequence[Raw], boxes: list[list[Raw]]) -> Raw:
    """What only this bench knows; what is left out is not known, and let pass."""
    session, found = asked.session, Raw()
    if not asked.whole:
        found["scanned"] = _scanned(lines, boxes)
    if session.parcel.gross_g is not None:
        # Whether the weight is the expected one the scale's own guard has judged, closer.
        found["gross"] = {"stable": True, "tare_g": session.parcel.tare_g, "learning": True}
    if asked.stock is not None:
        found["stock"] = {"width_mm": asked.stock.width_mm, "height_mm": asked.stock.height_mm}
    if asked.signer is not None:
        found["signer_right"] = asked.signer.may
    if asked.synced_at is not None:
        found["synced_at"] = asked.synced_at.isoformat()
    if asked.lists:
        found["party_lists"] = [dict(one) for one in asked.lists]
    return found | (_closing(session, counted=asked.counted) if asked.closing else {})


def _scanned(lines: Sequence[Raw], boxes: list[list[Raw]]) -> list[Raw]:
    skus = {line["line"]: line["sku"] for line in lines}
    counted: dict[str, int] = {}
    for one in (one for inside in boxes for one in inside):
        sku = skus[one["line"]]
        counted[sku] = counted.get(sku, 0) + one["quantity"]
    return [{"sku": sku, "quantity": quantity} for sku, quantity in counted.items()]


def _closing(session: Session, *, counted: bool) -> Raw:
    """Copies that came out, what a person put in place, numbers of the boxes before."""
    papers = session.parcel.papers
    printed = {one.document: one.copies for one in papers if one.status == "printed"}
    return {
        **({"printed": printed} if counted else {}),
        "confirmed": [MARKS.get(one.document, one.document) for one in papers if one.confirmed],
        "used_waybills": [
            parcel.label.waybill for parcel in session.parcels[:-1] if parcel.label is not None
        ],
    }
