"""What the office sees of hand-overs: what waits, the lists, one list with its papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, insert, select

from packstation.domain.handover import manifests as m
from packstation.domain.handover import signature as s
from packstation.domain.handover.papers import ListedParcel, ListedUnit, ManifestPaper
from packstation.domain.handover.parcels import ROW, Due, forgotten
from packstation.server import blobs, evidence
from packstation.server.core import Server
from packstation.server.handover.noting import known
from packstation.server.handover.tables import LIST, PAPER
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.shelves import order_body
from packstation.server.sites import need_site, zone
from packstation.server.tables import ROW as ROWS
from packstation.server.tables import STATION

SHOWN_DAYS: Final = 14
MOST: Final = 200
OPTIONS: Final = ("signature", "insurance", "pickup", "saturday", "fragile")


class Listed(Struct, frozen=True, kw_only=True):
    """A list as a row of the page; ``bench`` by name, times RFC 3339."""

    manifest: str
    code: str
    carrier: str
    service: str
    state: str
    bench: str = ""
    opened: str = ""
    changed: str = ""
    cutoff: str = ""
    mode: str = ""
    parcels: int = 0
    units: int = 0
    gross_g: int = 0
    missing: tuple[str, ...] = ()
    refused: int = 0
    off: int = 0


class Waiting(Struct, frozen=True, kw_only=True):
    """Parcels of a service on no list; ``old``: packed before today, the oldest first."""

    carrier: str
    service: str
    parcels: int
    gross_g: int
    oldest: str
    old: tuple[str, ...] = ()


class Page(Struct, frozen=True, kw_only=True):
    """All of a site."""

    site: str
    waiting: tuple[Waiting, ...]
    lists: tuple[Listed, ...]


class Document(Struct, frozen=True, kw_only=True):
    """A paper that a carrier gave for a list."""

    sha256: str
    name: str
    stored: str


class Whole(Struct, frozen=True, kw_only=True):
    """One list with all that is known of it."""

    listed: Listed
    manifest: m.Manifest
    papers: tuple[Document, ...] = ()
    signature: s.Signature | None = None
    path: str = ""


def page(connection: Connection, site: str, now: datetime) -> Page:
    """What waits and the lists of the last `SHOWN_DAYS` days, the latest first."""
    place = zone(need_site(connection, site))
    since = stamp(now - timedelta(days=SHOWN_DAYS))
    query = (
        select(LIST, STATION.c.name.label("bench"))
        .join_from(
            LIST,
            STATION,
            and_(STATION.c.site == LIST.c.site, STATION.c.station == LIST.c.station),
            isouter=True,
        )
        .where(and_(LIST.c.site == site, LIST.c.changed >= since, LIST.c.state != m.DROPPED))
        .order_by(LIST.c.changed.desc(), LIST.c.manifest)
    )
    found = connection.execute(query.limit(MOST)).all()
    return Page(
        site=site,
        waiting=_waiting(_dues(connection, site), now, place),
        lists=tuple(
            _listed(
                msgspec.json.decode(row.body, type=m.Manifest),
                row.bench or "",
                row.opened,
                row.changed,
            )
            for row in found
        ),
    )


def _listed(one: m.Manifest, bench: str, opened: str, changed: str) -> Listed:
    return Listed(
        manifest=one.id,
        code=one.code,
        carrier=one.carrier,
        service=one.service,
        state=one.state,
        bench=bench,
        opened=opened,
        changed=changed,
        cutoff=one.cutoff,
        mode=one.mode,
        parcels=len(one.loaded),
        units=len(one.units),
        gross_g=one.gross_g,
        missing=one.missing,
        refused=len(one.refused),
        off=sum(bool(unit.off_g) for unit in one.units.values()),
    )


def _dues(connection: Connection, site: str) -> list[Due]:
    where = and_(ROWS.c.site == site, ROWS.c.t == ROW, ROWS.c.op == "put")
    bodies = connection.scalars(select(ROWS.c.body).where(where))
    return [due for body in bodies if (due := msgspec.json.decode(body, type=Due)).waits]


def _waiting(dues: Iterable[Due], now: datetime, place: ZoneInfo) -> tuple[Waiting, ...]:
    """By service, those with the oldest parcel first."""
    groups: dict[tuple[str, str], list[Due]] = defaultdict(list)
    for due in dues:
        groups[due.carrier, due.service].append(due)
    today = now.astimezone(place).date()
    rows = (
        Waiting(
            carrier=carrier,
            service=service,
            parcels=len(own),
            gross_g=sum(due.gross_g for due in own),
            oldest=min(due.closed for due in own),
            old=tuple(due.waybill for due in forgotten(own, today, place)),
        )
        for (carrier, service), own in groups.items()
    )
    return tuple(sorted(rows, key=lambda row: (row.oldest, row.carrier, row.service)))


# --- one list ----------------------------------------------------------------------------------


def whole(server: Server, connection: Connection, site: str, manifest: str) -> Whole:
    """A list.

    Raises:
        Problem: 404.
    """
    one = known(connection, site, manifest)
    where = and_(LIST.c.site == site, LIST.c.manifest == manifest)
    row = connection.execute(
        select(LIST.c.station, LIST.c.opened, LIST.c.changed).where(where)
    ).one_or_none()
    if one is None or row is None:
        raise Problem(404, "unknown_list")
    own = and_(STATION.c.site == site, STATION.c.station == row.station)
    bench = connection.scalar(select(STATION.c.name).where(own)) or ""
    papers = connection.execute(
        select(PAPER)
        .where(and_(PAPER.c.site == site, PAPER.c.manifest == manifest))
        .order_by(PAPER.c.stored)
    )
    signature = _signature(server, site, one.signature)
    return Whole(
        listed=_listed(one, bench, row.opened, row.changed),
        manifest=one,
        papers=tuple(
            Document(sha256=paper.sha256, name=paper.name, stored=paper.stored) for paper in papers
        ),
        signature=signature,
        path=s.path(signature) if signature else "",
    )


def _signature(server: Server, site: str, sha256: str) -> s.Signature | None:
    """Its file, where the bench has sent it by now."""
    try:
        return s.decode(evidence.file_of(server, site, sha256).read_bytes()) if sha256 else None
    except Problem:
        return None


def paper(connection: Connection, site: str, found: Whole) -> ManifestPaper:
    """The list as it is printed."""
    one, body = found.manifest, need_site(connection, site)
    place, signature = zone(body), found.signature
    codes = {unit.id: unit.code for unit in one.units.values()}
    sender = body.sender
    town = " ".join(part for part in (sender.postcode, sender.city, sender.country) if part)
    lines = (sender.company or sender.name, *sender.lines, town)
    return ManifestPaper(
        code=one.code,
        carrier=one.carrier,
        service=one.service,
        day=_local(found.listed.changed, place)[:10],
        site=body.name or site,
        bench=found.listed.bench,
        cutoff=_local(one.cutoff, place),
        mode=one.mode,
        sender=tuple(line for line in lines if line),
        units=tuple(_unit(one, unit) for unit in one.units.values() if one.inside(unit.id)),
        parcels=tuple(_parcel(connection, site, row, codes) for row in one.loaded.values()),
        missing=one.missing,
        signature=signature,
        signed_at=_local(signature.at, place) if signature else "",
    )


def _local(at: str, place: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(at).astimezone(place):%Y-%m-%d %H:%M}" if at else ""


def _unit(one: m.Manifest, unit: m.Unit) -> ListedUnit:
    return ListedUnit(
        code=unit.code,
        kind=unit.kind,
        count=len(one.inside(unit.id)),
        expected_g=unit.expected_g,
        gross_g=unit.gross_g,
    )


def _parcel(
    connection: Connection, site: str, row: m.Loaded, codes: dict[str, str]
) -> ListedParcel:
    body = order_body(connection, site, row.order_id) if row.order_id else None
    order = body.order if body else None
    options = tuple(name for name in (order.options if order else ()) if name in OPTIONS)
    if order is not None and order.cod is not None:
        options = (*options, f"cod {order.cod.amount} {order.cod.currency}")
    return ListedParcel(
        waybill=row.waybill,
        order_id=row.order_id,
        unit=codes.get(row.unit, ""),
        country=order.ship_to.country if order else "",
        gross_g=row.gross_g,
        options=options,
    )


def keep_paper(
    server: Server, connection: Connection, site: str, manifest: str, name: str, data: bytes
) -> str:
    """Store a paper that a carrier gave, once; its hash.

    Raises:
        Problem: 404 no such list; 415 neither PDF nor a picture.
    """
    if known(connection, site, manifest) is None:
        raise Problem(404, "unknown_list")
    media = next((media for head, media in _MEDIA if data.startswith(head)), "")
    if not media:
        raise Problem(415, "media", "PDF, PNG or JPEG")
    sha256 = blobs.keep(server, connection, site, data, media)
    key = {"site": site, "manifest": manifest, "sha256": sha256}
    where = and_(*(PAPER.c[column] == value for column, value in key.items()))
    if connection.scalar(select(PAPER.c.sha256).where(where)) is None:
        now = stamp(server.clock.now())
        connection.execute(insert(PAPER).values(**key, name=name[:120] or "manifest", stored=now))
    return sha256


_MEDIA: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
