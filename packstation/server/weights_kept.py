"""What a site has learned of weights: a list with its origins, and the same made again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, select

from packstation.domain.errors import StorageError
from packstation.domain.events import decode
from packstation.domain.learning.folding import LIMIT, TEACHES, keys_of, limit_of, taught
from packstation.domain.learning.listing import Told, told
from packstation.domain.packing.facts import Fact
from packstation.server import dialects
from packstation.server.core import Server
from packstation.server.rows import delete_row, put_row
from packstation.server.tables import JOURNAL, ROW, STATION
from packstation.server.weights import T

_KINDS: Final = tuple(kind.__name__ for kind in TEACHES)


class Rebuilt(Struct, frozen=True, kw_only=True):
    """How many estimates there are, and how many were other (or not there, or too much) before."""

    weights: int
    changed: int


def listed(server: Server, site: str, keys: tuple[str, ...] = ()) -> tuple[Told, ...]:
    """What was learned of ``keys``, of all without them; those that taught most first."""
    with server.store.read() as connection:
        origins: dict[str, dict[str, None]] = defaultdict(dict)
        names = _names(connection, site)
        for station, fact, _ in _teaching(connection, site):
            for key in keys_of(fact):
                origins[key][names.get(station, station)] = None
        docs = _rows(connection, site)
    found = (told(doc, tuple(origins[key])) for key, doc in docs.items() if key != LIMIT)
    wanted = (one for one in found if not keys or one.key in keys)
    return tuple(sorted(wanted, key=lambda one: (-one.seen, one.key)))


def limit(server: Server, site: str) -> dict[str, Any]:
    """The site's limit in standard deviations, and what it has seen."""
    with server.store.read() as connection:
        now = limit_of(_rows(connection, site).get(LIMIT))
    return {"z": round(now.z, 3), "parcels": now.parcels, "false": now.false}


def rebuild(server: Server, site: str) -> Rebuilt:
    """Fold the whole journal anew, in the order in which it came; rows that differ are replaced.

    The fold is the push's own, so a healthy server changes nothing (a test holds that).
    """
    with server.store.write() as connection:
        known = folded(connection, site)
        before = _rows(connection, site)
        gone = [key for key in before if key not in known]
        other = [key for key, doc in known.items() if _plain(before.get(key)) != _plain(doc)]
        for key in other:
            put_row(server, connection, site, T, key, msgspec.json.decode(known[key]))
        for key in gone:
            delete_row(server, connection, site, T, key)
    if other or gone:
        server.bell.ring()
    return Rebuilt(weights=len(known), changed=len(other) + len(gone))


def folded(connection: Connection, site: str) -> dict[str, str]:
    """All estimates by key, from the journal alone."""
    known: dict[str, str] = {}
    for _, fact, at in _teaching(connection, site):
        with suppress(ArithmeticError, ValueError, msgspec.MsgspecError):  # as in the push
            known.update((one.key, one.doc) for one in taught(fact, known, at))
    return known


def _teaching(connection: Connection, site: str) -> Iterator[tuple[str, Fact, str]]:
    """Station, fact and time of what teaches weights, as it was received."""
    found = connection.execute(
        select(JOURNAL.c.station, JOURNAL.c.kind, JOURNAL.c.v, JOURNAL.c.body, JOURNAL.c.at)
        .where(and_(JOURNAL.c.site == site, JOURNAL.c.kind.in_(_KINDS)))
        .order_by(*dialects.arrival(connection))
    )
    for row in found:
        with suppress(StorageError, KeyError):  # in the quarantine, hence in no fold
            yield row.station, decode(row.kind, row.v, msgspec.json.decode(row.body)), row.at


def _rows(connection: Connection, site: str) -> dict[str, str]:
    where = and_(ROW.c.site == site, ROW.c.t == T, ROW.c.op == "put")
    rows = connection.execute(select(ROW.c.id, ROW.c.body).where(where).order_by(ROW.c.id))
    return {row.id: row.body for row in rows}


def _names(connection: Connection, site: str) -> dict[str, str]:
    where = STATION.c.site == site
    rows = connection.execute(select(STATION.c.station, STATION.c.name).where(where))
    return {row.station: row.name or row.station for row in rows}


def _plain(doc: str | None) -> object:
    return None if doc is None else msgspec.json.decode(doc)
