"""Who may sign in: at a bench by badge and PIN, at the web pages by name and PIN or password.

Benches get badge, name, role and the argon2id hash of the PIN; a password stays here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Meta, Struct
from msgspec.structs import replace
from sqlalchemy import Connection, and_, delete, insert, select, update

from packstation.domain import records, sheets
from packstation.domain.person_settings import carried
from packstation.domain.psp import PersonBody
from packstation.domain.records import Decoded
from packstation.server.core import Server
from packstation.server.judging import judged
from packstation.server.rows import put_row, row_body
from packstation.server.tables import GONE, PERSON, WEB_SESSION
from packstation.server.visits import HASHER, hashed

SCHEMA = "packstation.people/1"
Role = Literal[
    "packer",
    "lead",
    "supervisor",
    "customs_clerk",
    "broker",
    "supplier",
    "it",
    "auditor",
    "service",
]


class PersonRecord(Struct, frozen=True, kw_only=True):
    """Someone, as imported: ``pin`` and ``password`` in the clear, or hashes made elsewhere."""

    badge: Annotated[str, Meta(min_length=1, max_length=64)]
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    role: Role
    pin: Annotated[str, Meta(pattern="^([0-9]{4,12})?$")] = ""
    pin_hash: Annotated[str, Meta(max_length=300)] = ""
    password: Annotated[str, Meta(max_length=200)] = ""
    password_hash: Annotated[str, Meta(max_length=300)] = ""
    language: str = "en"
    prefs: dict[str, Any] = {}


def decode(body: bytes) -> Decoded[PersonRecord]:
    """People of a people/1 document, or of a plain list.

    Raises:
        InputInvalid: the file is no JSON.
    """
    document = records.read_json(body)
    inner = document.get("people", [document]) if isinstance(document, dict) else document
    return judged(inner if isinstance(inner, list) else [inner], PersonRecord, secret=True)


def decode_sheet(body: bytes) -> Decoded[PersonRecord]:
    """People of a CSV table: badge, name, role, and pin, password, language where wanted.

    Raises:
        InputInvalid: the file is no such table.
    """
    rows = sheets.read_rows(body, ("badge", "name", "role"))
    return judged(rows, PersonRecord, secret=True)


def put(server: Server, connection: Connection, site: str, record: PersonRecord) -> str:
    """Store someone; "accepted", "changed" or "unchanged".

    A new PIN, password or role ends the visits that were signed in with the old one.

    Raises:
        ValueError: "badge: ...", it was revoked: a lost badge does not come back by an import.
    """
    where = and_(PERSON.c.site == site, PERSON.c.badge == record.badge)
    mine = and_(GONE.c.site == site, GONE.c.badge == record.badge)
    if connection.scalar(select(GONE.c.at).where(mine)):
        raise ValueError(f"badge: {record.badge!r} was revoked; a new card has a new number")
    known = connection.execute(select(PERSON).where(where)).one_or_none()
    columns = {
        "name": record.name,
        "role": record.role,
        "language": record.language,
        "pin_hash": _kept(record.pin, record.pin_hash, known.pin_hash if known else ""),
        "password_hash": _kept(
            record.password, record.password_hash, known.password_hash if known else ""
        ),
    }
    body = PersonBody(
        badge=record.badge,
        name=record.name,
        role=record.role,
        pin_hash=columns["pin_hash"],
        language=record.language,
        prefs=record.prefs,
    )
    before = row_body(connection, site, "user", record.badge)
    if before is not None:
        theirs = msgspec.json.decode(before, type=PersonBody)
        body = carried(body, theirs)
        body = replace(
            body,
            temporary_hash=theirs.temporary_hash,
            temporary_until=theirs.temporary_until,
        )
    verdict, _ = put_row(server, connection, site, "user", record.badge, body)
    if known is None:
        connection.execute(insert(PERSON).values(site=site, badge=record.badge, **columns))
        return "accepted"
    if all(getattr(known, name) == value for name, value in columns.items()):
        return verdict
    connection.execute(update(PERSON).where(where).values(**columns))
    visits = and_(WEB_SESSION.c.site == site, WEB_SESSION.c.badge == record.badge)
    connection.execute(delete(WEB_SESSION).where(visits))
    return "changed"


def role_of(connection: Connection, site: str, badge: str) -> str:
    """What somebody is already; "" for someone new."""
    where = and_(PERSON.c.site == site, PERSON.c.badge == badge)
    return connection.scalar(select(PERSON.c.role).where(where)) or ""


def _kept(secret: str, given_hash: str, known: str) -> str:
    """The hash to keep: of a new secret, as given, or the known one."""
    if not secret:
        return given_hash or known
    try:
        if known and HASHER.verify(known, secret):
            return known
    except (VerificationError, InvalidHashError):
        pass
    return hashed(secret)
