"""Files by the SHA-256 of their content: labels, photos, documents."""

from __future__ import annotations

import hashlib

from msgspec import Struct
from sqlalchemy import Connection, and_, insert, select

from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.tables import BLOB


class Blob(Struct, frozen=True, kw_only=True):
    """A file."""

    media: str
    content: bytes


def get(server: Server, site: str, sha256: str) -> Blob:
    """The file of this site.

    Raises:
        Problem: 404.
    """
    where = and_(BLOB.c.site == site, BLOB.c.sha256 == sha256)
    with server.store.read() as connection:
        row = connection.execute(select(BLOB).where(where)).one_or_none()
    if row is None:
        raise Problem(404, "unknown_blob")
    return Blob(media=row.media, content=bytes(row.content))


def put(server: Server, site: str, sha256: str, content: bytes, media: str) -> None:
    """Store a file under its hash.

    Raises:
        Problem: 422, the content has another hash.
    """
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Problem(422, "other_hash")
    with server.store.write() as connection:
        keep(server, connection, site, content, media)


def keep(server: Server, connection: Connection, site: str, content: bytes, media: str) -> str:
    """Store a file, once; answer its hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    where = and_(BLOB.c.site == site, BLOB.c.sha256 == sha256)
    if connection.scalar(select(BLOB.c.sha256).where(where)) is None:
        now = stamp(server.clock.now())
        connection.execute(
            insert(BLOB).values(site=site, sha256=sha256, media=media, content=content, stored=now)
        )
    return sha256
