"""What a broker takes: data and papers of a consignment in one file, with their hashes.

The data are those that were handed over: where something changed since, nothing is given until
the office hands over again. The same consignment and letterheads give the same bytes on the same
day. What is needed is gathered from the database first (`gathered`); pages are drawn without it.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from packstation.assets import resource
from packstation.documents.fonts import Fonts
from packstation.documents.label.orders import parcels_of
from packstation.documents.papers.sets import Consignment as Papers
from packstation.domain.customs.checking import digest
from packstation.domain.customs.registry import case_of
from packstation.domain.customs.wanted import paper_set
from packstation.domain.errors import PackstationError
from packstation.domain.orders import Order
from packstation.domain.templates import Template
from packstation.server.core import Server
from packstation.server.customs import templates
from packstation.server.customs.cases import Desk, Raw, cases, desk
from packstation.server.customs.consignments import Consignment
from packstation.server.customs.package_data import data_sets, said
from packstation.server.customs.package_papers import NOTHING, Missed, Said, papers
from packstation.server.customs.packed import as_packed
from packstation.server.customs.packs import tables
from packstation.server.problems import Problem

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
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)


class File(Struct, frozen=True, kw_only=True):
    """A file of the package; ``kind``: order, the data set's, or the paper's."""

    path: str
    kind: str
    order: str
    sha256: str
    bytes: int


class NotMade(Struct, frozen=True, kw_only=True):
    """A paper or data set that is wanted and is not whole in the package, and why.

    ``said``: what lacks of a data set, by language (en, zh_Hans, ru).
    """

    order: str
    kind: str
    why: str
    field: str = ""
    said: Said = NOTHING


class Pen(Struct, frozen=True):
    """What papers are drawn with; ``templates`` are those in use at the site."""

    fonts: Fonts
    templates: tuple[Template, ...] = ()


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


class Gathered(Struct, frozen=True):
    """All that a package is made from; ``raws`` by order, with their parcels.

    ``templates`` are the letterheads in use at the site.
    """

    consignment: Consignment
    at: Desk
    raws: Mapping[str, Raw]
    templates: tuple[Template, ...] = ()


def gathered(server: Server, connection: Connection, site: str, found: Consignment) -> Gathered:
    """What the package of a consignment is made from.

    Raises:
        Problem: 409 ``not_handed``; ``data_changed`` with the orders that are others by now.
    """
    if not found.handed:
        raise Problem(409, "not_handed")
    at = desk(connection, site, server.clock.now())
    raws = cases(connection, at.site, [part.order for part in found.orders])
    _same(found, raws)
    packed = {
        order: at.dressed(as_packed(connection, at.site, order, raw)) for order, raw in raws.items()
    }
    return Gathered(found, at, packed, templates.active(connection, site))


def package(given: Gathered) -> bytes:
    """The package as ZIP; no database is asked."""
    found, contents = given.consignment, dict[str, bytes]()
    files: list[File] = []
    missing: list[NotMade] = []
    pen = Pen(Fonts(resource("fonts")), given.templates)
    for number, part in enumerate(found.orders, start=1):
        folder = f"{number:03}-{_safe(part.order)}"
        for kind, name, content in _order(given.at, given.raws[part.order], pen, missing):
            path = f"{folder}/{name}"
            contents[path] = content
            files.append(_file(path, kind, part.order, content))
    manifest = Manifest(
        consignment=found.id,
        name=found.name,
        site=given.at.site.code,
        broker=found.broker,
        handed=found.handed,
        pack=given.at.pack.version,
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


# --- an order ---------------------------------------------------------------------------------


def _order(
    at: Desk, raw: Raw, pen: Pen, missing: list[NotMade]
) -> Iterator[tuple[str, str, bytes]]:
    """Kind, file and content of all that belongs to an order."""
    yield "order", "order.json", _json({n: v for n, v in raw.items() if n not in PRIVATE})
    order, missed = str(raw["order_id"]), list[Missed]()
    try:
        yield from _made(at, raw, pen, missed)
    except PackstationError as exc:
        missed.append(Missed("papers", exc.key, str(exc.fields.get("field", ""))))
    missing += [NotMade(order=order, **one._asdict()) for one in missed]


def _made(at: Desk, raw: Raw, pen: Pen, missed: list[Missed]) -> Iterator[tuple[str, str, bytes]]:
    case = case_of(raw, at.pack, tables(), at.now)
    known = {name: raw[name] for name in Order.__struct_fields__ if name in raw}
    known["site"] = at.site.code  # whose letterheads are looked for
    parcels = tuple(parcels_of(msgspec.convert(known, Order), on=at.day))
    for kind, files, lacks in data_sets(case, parcels, at.day):
        yield from ((kind, name, content) for name, content in files)
        missed += [Missed(kind, "lack", one.field, said(one)) for one in lacks]
    wanted, tables_of = paper_set(case), at.pack.tables
    along = tuple(one.kind for one in wanted if not one.electronic)
    consignment = Papers(parcels, at.day, templates=pen.templates, tables=tables_of, along=along)
    yield from papers(consignment, wanted, pen.fonts, missed)
