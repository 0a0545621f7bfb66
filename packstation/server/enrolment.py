"""A bench joins: a one-time token of 128 random bits, 15 minutes, bound to a site.

The bench makes its own Ed25519 key and signs the request with it; the server pins the
public part (reference/server.md section 4).
"""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, and_, insert, select, update

from packstation.domain.psp import EnrolAnswer, EnrolRequest
from packstation.server import audit, claims
from packstation.server.access import PersonCaller, StationCaller, token_hash
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.sites import found_site, need_site
from packstation.server.store import generation, meta, put_meta
from packstation.server.tables import ENROL_TOKEN, STATION, STREAM

LIFETIME: Final = timedelta(minutes=15)


def make_enrol_token(server: Server, site: str, caller: PersonCaller | None = None) -> str:
    """A fresh token for one bench of ``site``; it is shown once and kept as a hash.

    A server without any site, or without a name for its only one, takes this one.

    Raises:
        Problem: 404, no such site.
    """
    token = secrets.token_hex(16)
    with server.store.write() as connection:
        found_site(server, connection, site)
        need_site(connection, site)
        connection.execute(
            insert(ENROL_TOKEN).values(
                site=site,
                token_hash=token_hash(token),
                expires=stamp(server.clock.now() + LIFETIME),
            )
        )
        by = caller or audit.at_the_machine()
        audit.note(server, connection, by, "station.token", site, site=site)
    return token


def enrol(server: Server, asked: EnrolRequest, ca: str = "") -> EnrolAnswer:
    """Spend the token, pin the key. The caller has checked the request's signature.

    Raises:
        Problem: 403 for a token that is unknown, spent or too old; 409 for a station id
            that another key or another site holds.
    """
    now = stamp(server.clock.now())
    held = ENROL_TOKEN.c.token_hash == token_hash(asked.token)
    with server.store.write() as connection:
        token = connection.execute(select(ENROL_TOKEN).where(held)).one_or_none()
        if token is None or token.used_at or token.expires < now:
            raise Problem(403, "enrol_token", "ask for a fresh token")
        spent = {"used_at": now, "station": asked.station_id}
        connection.execute(update(ENROL_TOKEN).where(held).values(**spent))
        _pin(connection, token.site, asked, now)
        who = StationCaller(site=token.site, station=asked.station_id, epoch="", gen=0)
        pinned = {"pubkey": asked.pubkey, "name": asked.name}
        audit.note(server, connection, who, "station.enrol", asked.name, change=(None, pinned))
        gen = generation(connection)
        key = server_key(connection)
    server.keys.forget()
    server.bell.ring()
    return EnrolAnswer(server_key=key, ca=ca, gen=gen, site=token.site)


def _pin(connection: Connection, site: str, asked: EnrolRequest, now: str) -> None:
    known = connection.execute(
        select(STATION).where(STATION.c.station == asked.station_id)
    ).one_or_none()
    columns = {"name": asked.name, "app": asked.app, "schema": asked.schema}
    if known is None:
        connection.execute(
            insert(STATION).values(
                site=site, station=asked.station_id, pubkey=asked.pubkey, enrolled=now, **columns
            )
        )
    elif known.site == site and known.pubkey == asked.pubkey and not known.revoked:
        same = and_(STATION.c.site == site, STATION.c.station == asked.station_id)
        connection.execute(update(STATION).where(same).values(**columns))
    else:
        raise Problem(409, "station_taken", "this station id has another key; make a new one")


def server_key(connection: Connection) -> str:
    """The server's public key (base64, raw Ed25519), which benches get when they join."""
    return base64.b64encode(signing_key(connection).public_key().public_bytes_raw()).decode()


def signing_key(connection: Connection) -> Ed25519PrivateKey:
    """The server's own key, made at the first need; the caller may write."""
    kept = meta(connection, "server_key")
    if not kept:
        kept = base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
        put_meta(connection, "server_key", kept)
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(kept))


def revoke(server: Server, site: str, station: str, caller: PersonCaller | None = None) -> None:
    """From now on nothing that this bench signs is taken.

    Raises:
        Problem: 404, no such station at this site.
    """
    where = and_(STATION.c.site == site, STATION.c.station == station)
    with server.store.write() as connection:
        now = stamp(server.clock.now())
        if connection.execute(update(STATION).where(where).values(revoked=now)).rowcount == 0:
            raise Problem(404, "unknown_station")
        by = caller or audit.at_the_machine()
        audit.note(server, connection, by, "station.revoke", station, site=site)
        claims.drop(server, connection, site, station)
    server.keys.forget()
    server.bell.ring()


def close_epoch(
    server: Server, site: str, station: str, epoch: str, caller: PersonCaller | None = None
) -> None:
    """No more events of this journal file: a copy of it, or one that was given up.

    Raises:
        Problem: 404, no such epoch at this site.
    """
    where = and_(STREAM.c.site == site, STREAM.c.station == station, STREAM.c.epoch == epoch)
    with server.store.write() as connection:
        now = stamp(server.clock.now())
        if connection.execute(update(STREAM).where(where).values(closed=now)).rowcount == 0:
            raise Problem(404, "unknown_epoch")
        by = caller or audit.at_the_machine()
        audit.note(server, connection, by, "station.close", station, site=site, epoch=epoch)
