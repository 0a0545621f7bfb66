"""Tariffs of a site: every version that was published, signed, and never changed again.

Which version counts on a day its own ``valid_from`` says; of two with the same day the one whose
version sorts last (domain/rating). So a version that was wrong is replaced by another one, which
begins on a day of its own or bears a later version, and what was priced before can be proven.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, func, insert, select

from packstation.carriers.lint import Finding, lint
from packstation.carriers.tariff_signing import ROW, document, sign
from packstation.carriers.tariff_text import flat, plain, written
from packstation.carriers.tariffs import load_tariff
from packstation.domain.errors import InputInvalid
from packstation.domain.records import decode_one
from packstation.domain.tariffs import Tariff
from packstation.server import audit
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.enrolment import signing_key
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.rows import put_row
from packstation.server.sites import need_site, zone
from packstation.server.tables import TARIFF

# Seen in real tables, so that whoever publishes may say that they are meant.
WAIVABLE: Final = frozenset({"gap", "non_monotone", "expiring"})
_SHOWN: Final = 20


class Published(Struct, frozen=True, kw_only=True):
    """A version of a tariff; ``sha256`` is of what was signed."""

    carrier: str
    service: str
    version: str
    valid_from: str
    valid_to: str = ""
    sha256: str = ""
    at: str = ""
    who: str = ""


class Told(Struct, frozen=True, kw_only=True):
    """What lint found in it."""

    kind: str
    where: str
    message: str


class Answer(Struct, frozen=True, kw_only=True):
    """``verdict``: accepted, or unchanged where it was published before with the same figures."""

    verdict: str
    tariff: Published
    findings: tuple[Told, ...] = ()


class Listed(Struct, frozen=True, kw_only=True):
    """Versions of a site."""

    tariffs: tuple[Published, ...]


class Signed(Struct, frozen=True, kw_only=True):
    """A version as benches get it."""

    document: dict[str, Any]
    signature: str


def publish(
    server: Server, caller: PersonCaller, site: str, content: bytes, waived: frozenset[str]
) -> Answer:
    """Sign a tariff and keep it for ever; ``waived``: findings of `WAIVABLE` that are meant.

    Raises:
        Problem: 422 ``lint`` something is wrong with it, ``version`` it has none; 409
            ``published`` its version is out with other figures, ``version_order`` a version that
            begins on the same day sorts behind it.
    """
    with server.store.write() as connection:
        body = need_site(connection, site)
        today = server.clock.now().astimezone(zone(body)).date()
        tariff, findings = _linted(content, today, waived)
        found = kept(connection, site, tariff)
        if found is not None:
            return Answer(verdict="unchanged", tariff=found, findings=findings)
        _refuse_hidden(connection, site, tariff)
        done = _keep(server, connection, caller, site, tariff)
    server.bell.ring()
    return Answer(verdict="accepted", tariff=done, findings=findings)


def _linted(content: bytes, today: date, waived: frozenset[str]) -> tuple[Tariff, tuple[Told, ...]]:
    found = lint([("", content)], today)
    findings = tuple(_told(one) for one in found)
    refused = [one for one in findings if one.kind not in WAIVABLE & waived]
    if refused:
        first = refused[0]
        raise Problem(
            422,
            "lint",
            first.message,
            field=first.where or "body",
            findings=msgspec.to_builtins(findings),
        )
    try:
        tariff = load_tariff(content)
    except InputInvalid as exc:
        raise Problem(422, "invalid", str(exc.fields)) from exc
    if not tariff.version.strip():
        raise Problem(422, "version", "a version is needed: what is published has a name")
    return tariff, findings


def _told(one: Finding) -> Told:
    return Told(kind=one.kind, where=one.where, message=one.message)


def kept(connection: Connection, site: str, tariff: Tariff) -> Published | None:
    """The same version as it was published before, None where it is new.

    Raises:
        Problem: 409, it said something else.
    """
    row = _row(connection, site, tariff.carrier, tariff.service, tariff.version)
    if row is None:
        return None
    before = json.loads(row.document)["tariff"]
    if decode_one(before, Tariff) != tariff:
        changes = differences(before, plain(tariff))
        first = changes[0]
        words = f"{first['path']}: {first['published']} is published, {first['given']} was given"
        raise Problem(409, "published", words, differences=changes[:_SHOWN], of=len(changes))
    return _published(row)


def differences(before: object, now: object) -> list[dict[str, str]]:
    """Where two plain tariffs differ: path, what was published, what is given ("": nothing)."""
    old, new = dict(flat(before)), dict(flat(now))
    return [
        {"path": path, "published": old.get(path, ""), "given": new.get(path, "")}
        for path in dict.fromkeys((*old, *new))
        if old.get(path) != new.get(path)
    ]


def _refuse_hidden(connection: Connection, site: str, tariff: Tariff) -> None:
    """A version that none would ever be priced by, since another of that day stands before it."""
    same = and_(
        TARIFF.c.site == site,
        TARIFF.c.carrier == tariff.carrier,
        TARIFF.c.service == tariff.service,
        TARIFF.c.valid_from == tariff.valid_from.isoformat(),
    )
    last = connection.scalar(select(func.max(TARIFF.c.version)).where(same))
    if last is not None and last > tariff.version:
        words = f"{last} begins on {tariff.valid_from} too and sorts behind {tariff.version}"
        raise Problem(409, "version_order", words, last=last)


def _keep(
    server: Server, connection: Connection, caller: PersonCaller, site: str, tariff: Tariff
) -> Published:
    now = stamp(server.clock.now())
    signed = document(tariff, site, now)
    signature = sign(signed, signing_key(connection))
    connection.execute(
        insert(TARIFF).values(
            site=site,
            carrier=tariff.carrier,
            service=tariff.service,
            version=tariff.version,
            valid_from=tariff.valid_from.isoformat(),
            valid_to=tariff.valid_to.isoformat() if tariff.valid_to else "",
            sha256=hashlib.sha256(written(tariff)).hexdigest(),
            document=json.dumps(signed, ensure_ascii=False),
            signature=signature,
            at=now,
            who=caller.name,
        )
    )
    key = f"{tariff.carrier}/{tariff.service}/{tariff.version}"
    put_row(server, connection, site, ROW, key, Signed(document=signed, signature=signature))
    audit.note(server, connection, caller, "tariff.publish", key, change=(None, tariff), site=site)
    row = _row(connection, site, tariff.carrier, tariff.service, tariff.version)
    return _published(row)


def _row(connection: Connection, site: str, carrier: str, service: str, version: str) -> Any:  # noqa: ANN401 - a row
    same = and_(
        TARIFF.c.site == site,
        TARIFF.c.carrier == carrier,
        TARIFF.c.service == service,
        TARIFF.c.version == version,
    )
    return connection.execute(select(TARIFF).where(same)).one_or_none()


def _published(row: Any) -> Published:  # noqa: ANN401 - as above
    return Published(**{name: getattr(row, name) for name in Published.__struct_fields__})


def versions(connection: Connection, site: str, on: str = "") -> Listed:
    """All versions of a site, or those that hold on a day; by carrier, service and first day."""
    order = (TARIFF.c.carrier, TARIFF.c.service, TARIFF.c.valid_from, TARIFF.c.version)
    rows = connection.execute(select(TARIFF).where(TARIFF.c.site == site).order_by(*order))
    found = tuple(map(_published, rows))
    return Listed(tariffs=_holding(found, on) if on else found)


def _holding(found: Sequence[Published], on: str) -> tuple[Published, ...]:
    """Of each service the last that has begun by then and has not ended."""
    latest: dict[tuple[str, str], Published] = {}
    for one in found:
        if one.valid_from <= on and (not one.valid_to or on <= one.valid_to):
            latest[one.carrier, one.service] = one
    return tuple(latest.values())


def version_of(
    connection: Connection, site: str, carrier: str, service: str, version: str
) -> Signed:
    """A version as it was signed.

    Raises:
        Problem: 404.
    """
    row = _row(connection, site, carrier, service, version)
    if row is None:
        raise Problem(404, "unknown_tariff", f"{carrier} {service} {version}")
    return Signed(document=json.loads(row.document), signature=row.signature)
