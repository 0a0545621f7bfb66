"""What a broker takes: data and papers of a consignment in one file, with their hashes.

The data are those that were handed over: where something changed since, nothing is given until
the office hands over again. The same consignment gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, select

from packstation.assets import resource
from packstation.documents.fonts import Fonts
from packstation.documents.label.orders import parcels_of
from packstation.documents.papers.making import PAPERS, PaperAsked, make_paper
from packstation.domain.customs.checking import digest
from packstation.domain.customs.registry import case_of
from packstation.domain.customs.wanted import PaperWanted, paper_set
from packstation.domain.errors import PackstationError
from packstation.domain.labels import Media
from packstation.domain.orders import Order
from packstation.domain.packing import Session
from packstation.server import folds
from packstation.server.core import Server
from packstation.server.customs.cases import Desk, Raw, cases, desk
from packstation.server.customs.consignments import Consignment
from packstation.server.customs.packs import tables
from packstation.server.problems import Problem
from packstation.server.tables import ORDERS

SCHEMA: Final = "packstation.customs-package/1"
# What no declaration asks for stays here.
PRIVATE: Final = (
    "buyer",
    "channel_status",
    "cod",
    "delivery",
    "gift_message",
    "labels",
    "note",
    "payment",
    "tags",
    "totes",
)
# Papers for the consignment's way through customs, not for its box.
WANTED: Final = frozenset({"cn22", "cn23", "invoice", "proforma", "packing-list", "origin", "sli"})
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)


class File(Struct, frozen=True, kw_only=True):
    """A file of the package; ``kind``: data, or of the paper."""

    path: str
    kind: str
    order: str
    sha256: str
    bytes: int


class NotMade(Struct, frozen=True, kw_only=True):
    """A paper that is wanted and is not in the package, and why."""

    order: str
    kind: str
    why: str
    field: str = ""


class Manifest(Struct, frozen=True, kw_only=True):
    """``manifest.json`` of a package."""

    consignment: str
    name: str
    site: str
    broker: str
    handed: str
    pack: str
    files: tuple[File, ...]
    not_made: tuple[NotMade, ...] = ()
    schema: str = SCHEMA


def package(server: Server, connection: Connection, site: str, found: Consignment) -> bytes:
    """The package as ZIP.

    Raises:
        Problem: 409 ``not_handed``; ``data_changed`` with the orders that are others by now.
    """
    if not found.handed:
        raise Problem(409, "not_handed")
    at = desk(connection, site, server.clock.now())
    raws = cases(connection, at.site, [part.order for part in found.orders])
    _same(found, raws)
    contents: dict[str, bytes] = {}
    files: list[File] = []
    missing: list[NotMade] = []
    fonts = Fonts(resource("fonts"))
    for number, part in enumerate(found.orders, start=1):
        folder = f"{number:03}-{_safe(part.order)}"
        raw = raws[part.order] | {
            "parcels": _parcels(connection, site, part.order, raws[part.order])
        }
        told = {name: value for name, value in raw.items() if name not in PRIVATE}
        made = [("data", "order.json", _json(told)), *_papers(at, raw, fonts, part.order, missing)]
        for kind, name, content in made:
            path = f"{folder}/{name}"
            contents[path] = content
            files.append(_file(path, kind, part.order, content))
    manifest = Manifest(
        consignment=found.id,
        name=found.name,
        site=site,
        broker=found.broker,
        handed=found.handed,
        pack=at.pack.version,
        files=tuple(files),
        not_made=tuple(missing),
    )
    return _zip({"manifest.json": _json(manifest), **contents})


def _same(found: Consignment, raws: Mapping[str, Raw]) -> None:
    changed = [
        part.order
        for part in found.orders
        if part.order not in raws or digest(raws[part.order]) != part.digest
    ]
    if changed:
        raise Problem(409, "data_changed", ", ".join(changed[:20]), orders=changed[:20])


def _file(path: str, kind: str, order: str, content: bytes) -> File:
    sha256 = hashlib.sha256(content).hexdigest()
    return File(path=path, kind=kind, order=order, sha256=sha256, bytes=len(content))


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1)


def _safe(name: str) -> str:
    """A part of a path that is one on every system, whatever an order is called."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", name)[:60].strip(".") or "_"


def _zip(contents: Mapping[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        for path, content in contents.items():
            file.writestr(zipfile.ZipInfo(path, _EARLIEST), content, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


# --- papers ----------------------------------------------------------------------------------


def _papers(
    at: Desk, raw: Raw, fonts: Fonts, order: str, missing: list[NotMade]
) -> Iterator[tuple[str, str, bytes]]:
    """Kind, file and content of each paper that the rules want and that can be made."""
    try:
        wanted = paper_set(case_of(raw, at.pack, tables(), at.now))
    except PackstationError as exc:
        missing.append(NotMade(order=order, kind="papers", why=exc.key))
        return
    for one in wanted:
        if one.kind not in WANTED or one.electronic:
            continue
        if one.kind not in PAPERS:
            missing.append(NotMade(order=order, kind=one.kind, why="no_maker"))
            continue
        try:
            yield one.kind, f"{one.kind}.pdf", _made(at, raw, fonts, one)
        except PackstationError as exc:
            field = str(exc.fields.get("field", ""))
            missing.append(NotMade(order=order, kind=one.kind, why=exc.key, field=field))


def _made(at: Desk, raw: Raw, fonts: Fonts, one: PaperWanted) -> bytes:
    known = {name: raw[name] for name in Order.__struct_fields__ if name in raw}
    order = msgspec.convert(known, Order)
    asked = PaperAsked(
        kind=one.kind,
        parcels=tuple(parcels_of(order, on=at.day)),
        media=Media(one.width_mm, one.height_mm, 300),
        language="en",
        today=at.day,
        tables=at.pack.tables,
    )
    return make_paper(asked, fonts)


def _parcels(connection: Connection, site: str, order: str, raw: Raw) -> list[Any]:
    """The boxes as packed at a bench, else as they came with the order."""
    where = and_(ORDERS.c.site == site, ORDERS.c.order == order)
    session = connection.scalar(select(ORDERS.c.session).where(where))
    packed = folds.kept(connection, site, session) if session else None
    boxes = [_box(packed, at) for at in range(len(packed.parcels))] if packed else []
    return [box for box in boxes if box["waybill"]] or list(raw.get("parcels") or ())


def _box(session: Session, at: int) -> dict[str, Any]:
    parcel = session.parcels[at]
    sides = dict(
        zip(("length_mm", "width_mm", "height_mm"), parcel.size_mm or parcel.outer_mm, strict=False)
    )
    return {
        "carton": parcel.carton,
        "gross_g": parcel.gross_g,
        **sides,
        "waybill": parcel.label.waybill if parcel.label and parcel.label.live else "",
        "contents": [{"line": one.line, "quantity": one.units} for one in parcel.contents],
    }
