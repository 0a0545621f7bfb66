"""Rule packs of a site: the one that holds, those that came before, a new one beside it.

Without an activation the pack that came with the program holds.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, func, insert, select

from packstation.assets import resource
from packstation.customs.packs import pack_of, publishers, read_folder
from packstation.customs.signing import verify
from packstation.customs.tables import Tables
from packstation.domain.customs.pack import Pack
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.customs import due, signed
from packstation.server.customs.tables import ACTIVATION, PACK
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.rows import delete_row, put_row, row_body

# Of no upload: the pack that came with the program.
BUILT_IN: Final = ""
ROW: Final = "customs-pack"


class Kept(Struct, frozen=True, kw_only=True):
    """A pack of the site: who brought it; ``active``: it holds now."""

    sha256: str
    version: str
    signer: str = ""
    at: str = ""
    who: str = ""
    active: bool = False


class Activation(Struct, frozen=True, kw_only=True):
    """That a pack began to hold."""

    sha256: str
    version: str
    at: str
    who: str
    why: str


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
    return pack_of(json.loads(document, parse_float=Decimal)["pack"])


def active(connection: Connection, site: str) -> Pack:
    """The pack that holds at a site."""
    chosen = active_sha256(connection, site)
    kept = document_of(connection, site, chosen) if chosen else None
    return read(kept) if kept else built_in()


def active_sha256(connection: Connection, site: str) -> str:
    """Which one was activated last; ``BUILT_IN`` where none was."""
    query = select(ACTIVATION.c.sha256).where(ACTIVATION.c.site == site)
    return connection.scalar(query.order_by(ACTIVATION.c.n.desc()).limit(1)) or BUILT_IN


def trusted(server: Server) -> tuple[str, ...]:
    """Keys whose packs are taken: those who made the program, and those that IT has named."""
    return (*publishers(), *server.customs_keys)


def document_of(connection: Connection, site: str, sha256: str) -> str | None:
    """A kept pack as it was signed; None where there is none."""
    where = and_(PACK.c.site == site, PACK.c.sha256 == sha256)
    return connection.scalar(select(PACK.c.body).where(where))


def upload(server: Server, caller: PersonCaller, site: str, content: bytes) -> str:
    """Keep a signed pack beside the others; answers its hash. It does not hold yet.

    Raises:
        Problem, InputInvalid: see ``signed.opened``.
    """
    opened = signed.opened(content, trusted(server), verify)
    sha256 = hashlib.sha256(content).hexdigest()
    with server.store.write() as connection:
        if document_of(connection, site, sha256) is None:
            connection.execute(
                insert(PACK).values(
                    site=site,
                    sha256=sha256,
                    version=opened.pack.version,
                    signer=opened.signer,
                    body=opened.body,
                    at=stamp(server.clock.now()),
                    who=caller.name,
                )
            )
    return sha256


def activate(server: Server, caller: PersonCaller, site: str, sha256: str, why: str) -> str:
    """Let a kept pack hold from now on, here and at the benches; answers its version.

    Raises:
        Problem: 404 no such pack; 422 ``reason`` none is given.
    """
    if not why.strip():
        raise Problem(422, "reason", "say why")
    with server.store.write() as connection:
        version = pack_at(connection, site, sha256).version
        if active_sha256(connection, site) == sha256:
            return version  # it holds: pressed twice, or by two people
        last = select(func.max(ACTIVATION.c.n)).where(ACTIVATION.c.site == site)
        connection.execute(
            insert(ACTIVATION).values(
                site=site,
                n=(connection.scalar(last) or 0) + 1,
                sha256=sha256,
                version=version,
                at=stamp(server.clock.now()),
                who=caller.name,
                why=why.strip()[:500],
            )
        )
        _send(server, connection, site, sha256)
        due.everything(connection, site)
    server.bell.ring()
    return version


def _send(server: Server, connection: Connection, site: str, sha256: str) -> None:
    document = document_of(connection, site, sha256) if sha256 else None
    if document is not None:
        # As it was signed: numbers stay numbers.
        body = msgspec.Raw(json.dumps(json.loads(document)).encode())
        put_row(server, connection, site, ROW, ROW, body)
    elif row_body(connection, site, ROW, ROW) is not None:
        delete_row(server, connection, site, ROW, ROW)


def pack_at(connection: Connection, site: str, sha256: str) -> Pack:
    """A kept pack, or the program's own.

    Raises:
        Problem: 404.
    """
    if sha256 == BUILT_IN:
        return built_in()
    document = document_of(connection, site, sha256)
    if document is None:
        raise Problem(404, "unknown_pack", sha256)
    return read(document)


def kept(connection: Connection, site: str) -> tuple[Kept, ...]:
    """All packs of a site, the newest version first."""
    now = active_sha256(connection, site)
    query = select(PACK).where(PACK.c.site == site)
    found = [
        Kept(
            sha256=row.sha256,
            version=row.version,
            signer=row.signer,
            at=row.at,
            who=row.who,
            active=row.sha256 == now,
        )
        for row in connection.execute(query)
    ]
    found.append(Kept(sha256=BUILT_IN, version=built_in().version, active=now == BUILT_IN))
    return tuple(sorted(found, key=lambda one: (one.version, one.at), reverse=True))


def activations(connection: Connection, site: str) -> tuple[Activation, ...]:
    """Which pack held since when, the newest first."""
    query = select(ACTIVATION).where(ACTIVATION.c.site == site).order_by(ACTIVATION.c.n.desc())
    return tuple(
        Activation(sha256=row.sha256, version=row.version, at=row.at, who=row.who, why=row.why)
        for row in connection.execute(query)
    )
