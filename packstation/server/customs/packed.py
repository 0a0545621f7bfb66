"""An order as it lies in its boxes: what a broker declares is what a bench packed.

A substitute stands as itself, of a kit that is not whole its parts, nothing of what was short.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, and_, select

from packstation.domain.orders import OrderLine
from packstation.domain.packing.inside import all_of, packed_lines
from packstation.domain.packing.session import Parcel, Session
from packstation.domain.psp import SiteBody
from packstation.server import folds
from packstation.server.customs.cases import Raw, complete, goods
from packstation.server.tables import ORDERS


def as_packed(connection: Connection, site: SiteBody, order: str, raw: Raw) -> Raw:
    """``raw`` with lines, goods and boxes as packed at a bench; else those it came with."""
    where = and_(ORDERS.c.site == site.code, ORDERS.c.order == order)
    session = connection.scalar(select(ORDERS.c.session).where(where))
    packed = folds.kept(connection, site.code, session) if session else None
    told = declared(raw, packed) if packed else None
    if told is None:
        return {**raw, "parcels": list(raw.get("parcels") or ())}
    skus = {line["sku"] for line in told["lines"]}
    return complete({**raw, **told}, goods(connection, site.code, skus), site)


def declared(raw: Raw, session: Session) -> dict[str, Any] | None:
    """Lines and parcels of the boxes that have a label; None where none has."""
    ordered = msgspec.convert(raw["lines"], tuple[OrderLine, ...])
    labelled = [one for one in session.parcels if _waybill(one)]
    lines, inside = packed_lines(ordered, session, labelled)
    if not lines:
        return None
    boxes = [_box(one, some) for one, some in zip(labelled, inside, strict=True) if some]
    told: dict[str, Any] = {"lines": lines, "parcels": boxes}
    if not all_of(ordered, lines):
        # What was paid, or declared, is for all of the order as it was sold.
        told |= {"payment": None, "declared_total": None}
    return told


def _waybill(parcel: Parcel) -> str:
    return parcel.label.waybill if parcel.label and parcel.label.live else ""


def _box(parcel: Parcel, inside: list[Raw]) -> Raw:
    sizes = parcel.size_mm or parcel.outer_mm
    return {
        "carton": parcel.carton,
        "gross_g": parcel.gross_g,
        **dict(zip(("length_mm", "width_mm", "height_mm"), sizes, strict=False)),
        "waybill": _waybill(parcel),
        "contents": inside,
    }
