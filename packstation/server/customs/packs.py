"""Rule packs of a site: the one that holds, those that came before, a new one beside it.

Without an activation the pack that came with the program holds.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import Connection, and_, select

from packstation.assets import resource
from packstation.customs.packs import pack_of, read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.pack import Pack
from packstation.server.customs.tables import ACTIVATION, PACK

BUILT_IN = ""


@lru_cache(maxsize=1)
def built_in() -> Pack:
    """The pack of this program."""
    return read_folder(resource("customs"))


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The published tables, once for all sites."""
    return Tables()


@lru_cache(maxsize=8)
def read(document: str) -> Pack:
    """The pack of a kept document.

    Raises:
        InputInvalid: it is no pack.
    """
    return pack_of(json.loads(document, parse_float=Decimal))


def active(connection: Connection, site: str) -> Pack:
    """The pack that holds at a site."""
    chosen = active_sha256(connection, site)
    kept = document_of(connection, site, chosen) if chosen else None
    return read(kept) if kept else built_in()


def active_sha256(connection: Connection, site: str) -> str:
    """Which one was activated last; ``BUILT_IN`` where none was."""
    query = select(ACTIVATION.c.sha256).where(ACTIVATION.c.site == site)
    return connection.scalar(query.order_by(ACTIVATION.c.n.desc()).limit(1)) or BUILT_IN


def document_of(connection: Connection, site: str, sha256: str) -> str | None:
    """A kept pack as JSON; None where there is none."""
    where = and_(PACK.c.site == site, PACK.c.sha256 == sha256)
    return connection.scalar(select(PACK.c.body).where(where))
