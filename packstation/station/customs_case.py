"""A parcel as the customs rules see it: an order/1 document with what the bench knows; pure.

Before its label an order's lines are what really lies in its boxes so far: a substitute as
itself, of a kit that is not whole its parts, nothing of what was short. So the same document gives
the same papers, and its hash tells whether they would say anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.catalog import Packing, Product, Tracking
from packstation.domain.customs.same import Same
from packstation.domain.orders import Order, Rate
from packstation.domain.packing.inside import all_of, packed_lines
from packstation.domain.packing.plan import PaperDue
from packstation.domain.packing.session import Paper, Parcel, Session
from packstation.domain.printers import Stock
from packstation.station.desk import ServiceProfile
from packstation.station.planning import with_sender

Raw = dict[str, Any]
# Lists of restricted parties, read when they are asked for: that may take long.
Lists = Callable[[], tuple[Mapping[str, object], ...]]
# As the rules call what a person confirms (FORMATS.md, Confirmation), where the parcel was
# begun before its papers told.
_BEFORE: Final[Mapping[str, str]] = {"battery": "battery-mark"}


class Signer(Struct, frozen=True):
    """Who packs, and so signs the papers; ``may`` by their row."""

    name: str
    may: bool = True


class CaseAsked(Struct, frozen=True, kw_only=True):
    """All that the document of a parcel is made of.

    ``whole``: the order with what is still to be packed, its boxes not known yet; ``service`` is
    the one chosen, if any; ``closing``: the number of the parcel and what was printed of it count
    as well, its copies where they are ``counted`` here. ``larger``: a CN 22 has no room for it.
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
    lists: Lists = tuple
    closing: bool = False
    counted: bool = True
    whole: bool = False
    larger: bool = False


def document(asked: CaseAsked) -> Raw:
    """The order/1 document of the session's order, ``bench`` included, as JSON values."""
    lines, boxes = _packed(asked)
    order = with_sender(asked.order, asked.site)
    raw: Raw = _plain(replace(order, products=(), parcels=()))
    raw["lines"] = lines
    if not all_of(order.lines, lines):
        # What was paid, or declared, is for all of the order as it was sold.
        raw["payment"] = raw["declared_total"] = None
    raw["products"] = [_product(one, asked.products) for one in _products(asked, lines)]
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
    if raw["parcels"] and boxes[-1]:
        raw["bench"]["parcel"] = len(raw["parcels"])
    return raw


def told_of(asked: CaseAsked) -> tuple[object, ...]:
    """What its document is made of, ``bench`` left out: equal where it is the very same.

    By what the parts are and not by what they hold: they are never changed, only replaced.
    """
    session = asked.session
    boxes = ((one.carton, one.gross_g, one.size_mm) for one in session.parcels)
    parts = (asked.order, asked.site, asked.rates, asked.service, session.lines)
    several = (*asked.products.values(), *(one.contents for one in session.parcels))
    values = (asked.signer, asked.whole, asked.closing, *boxes)
    return (*map(Same, parts), *map(Same, several), *values)


def _plain(what: object) -> Any:  # noqa: ANN401 - as JSON has it
    """JSON values: lists where the shapes have tuples, amounts as text."""
    return msgspec.json.decode(msgspec.json.encode(what))


# --- lines and boxes ----------------------------------------------------------------------


def _packed(asked: CaseAsked) -> tuple[list[Raw], list[list[Raw]]]:
    """The lines as packed, and what of them lies in each parcel."""
    session = asked.session
    return packed_lines(asked.order.lines, session, session.parcels, whole=asked.whole)


def _products(asked: CaseAsked, lines: Sequence[Raw]) -> Iterator[Product]:
    """Those of the lines, of kits with their parts: a battery in one is a battery in the box."""
    skus = dict.fromkeys(str(line["sku"]) for line in lines)
    todo = list(skus)
    for sku in todo:
        if sku not in asked.products:
            continue
        yield asked.products[sku]
        fresh = dict.fromkeys(part.sku for part in asked.products[sku].kit)
        todo += [part for part in fresh if part not in skus]
        skus |= fresh


def _product(product: Product, known: Mapping[str, Product]) -> Raw:
    """Without what no rule and no paper looks at, and without parts that nobody knows."""
    kit = tuple(part for part in product.kit if part.sku in known)
    bare = replace(
        product,
        image=None,
        codes=(),
        tracking=Tracking(),
        packing=Packing(),
        kit=kit,
        supplier=None,
    )
    raw: Raw = _plain(bare)
    return {name: raw[name] for name in ("sku", "names", "weight_g", "goods", "customs", "kit")}


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
    if asked.larger:
        found["larger"] = True
    if asked.synced_at is not None:
        found["synced_at"] = asked.synced_at.isoformat()
    if lists := asked.lists():
        found["party_lists"] = [dict(one) for one in lists]
    return found | (_closing(session, counted=asked.counted) if asked.closing else {})


def _scanned(lines: Sequence[Raw], boxes: list[list[Raw]]) -> list[Raw]:
    skus = {line["line"]: line["sku"] for line in lines}
    counted: dict[str, int] = {}
    for one in (one for inside in boxes for one in inside):
        sku = skus[one["line"]]
        counted[sku] = counted.get(sku, 0) + one["quantity"]
    return [{"sku": sku, "quantity": quantity} for sku, quantity in counted.items()]


def carried(session: Session) -> tuple[PaperDue, ...]:
    """The forms that the label of the parcel carries."""
    service = session.parcel.service
    return tuple(one for one in (service.papers if service else ()) if one.on_label)


def _closing(session: Session, *, counted: bool) -> Raw:
    """Copies that came out, and what a person put in place."""
    papers = session.parcel.papers
    printed = {one.document: one.copies for one in papers if one.status == "printed"}
    if "label" in printed:
        printed |= {one.document: one.copies for one in carried(session)}
    return {
        **({"printed": printed} if counted else {}),
        "confirmed": [_mark(one) for one in papers if one.confirmed],
    }


def _mark(paper: Paper) -> str:
    return paper.mark or _BEFORE.get(paper.document, paper.document)
