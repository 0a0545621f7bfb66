"""Signing in to the web pages: name and PIN or password, a cookie, a throttle.

The cookie is a random value of which only the hash is kept; ``__Host-`` binds it to this
host where the pages are served over TLS. Ten failures of one name or address in a row wait
longer and longer; nobody else is locked out by them.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct
from sqlalchemy import and_, delete, insert, select, update

from packstation.server.core import Server
from packstation.server.moments import moment, stamp
from packstation.server.problems import Problem
from packstation.server.tables import PERSON, SIGN_IN_TRY, WEB_SESSION

COOKIE: Final = {False: "ps_visit", True: "__Host-ps_visit"}
IDLE: Final = timedelta(hours=2)
LONGEST: Final = timedelta(hours=12)
FREE_TRIES: Final = 5
LONGEST_WAIT_S: Final = 300
# OWASP: 19 MiB, two passes, one lane; 24 ms on the reference machine (server.md section 4).
HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Visit(Struct, frozen=True, kw_only=True):
    """Someone signed in to the web pages."""

    site: str
    badge: str
    name: str
    role: str
    language: str
    csrf: str
    key: str


def sign_in(server: Server, name: str, secret: str, address: str) -> str:
    """The value of a fresh cookie.

    Raises:
        Problem: 403 ``sign_in`` wrong name or secret; 429 too many tries, ``wait`` seconds.
    """
    for who in (f"name:{name}", f"address:{address}"):
        _patience(server, who)
    with server.store.read() as connection:
        rows = connection.execute(select(PERSON).where(PERSON.c.name == name)).all()
    holder = next((row for row in rows if _right(row.pin_hash, row.password_hash, secret)), None)
    if holder is None:
        if not rows:
            hashed(secret)  # an unknown name takes as long as a known one
        _failed(server, name, address)
        raise Problem(403, "sign_in")
    value = secrets.token_urlsafe(32)
    now = stamp(server.clock.now())
    with server.store.write() as connection:
        connection.execute(delete(SIGN_IN_TRY).where(SIGN_IN_TRY.c.who == f"name:{name}"))
        connection.execute(
            insert(WEB_SESSION).values(
                site=holder.site,
                token_hash=_hash(value),
                badge=holder.badge,
                csrf=secrets.token_urlsafe(24),
                made=now,
                seen=now,
            )
        )
    return value


def sign_out(server: Server, visit: Visit) -> None:
    """End a visit."""
    with server.store.write() as connection:
        connection.execute(delete(WEB_SESSION).where(WEB_SESSION.c.token_hash == visit.key))


def visit_of(server: Server, value: str) -> Visit | None:
    """Whose cookie this is, while it lasts."""
    if not value:
        return None
    now = server.clock.now()
    held = WEB_SESSION.c.token_hash == _hash(value)
    both = and_(PERSON.c.site == WEB_SESSION.c.site, PERSON.c.badge == WEB_SESSION.c.badge)
    with server.store.read() as connection:
        row = connection.execute(
            select(WEB_SESSION, PERSON.c.name, PERSON.c.role, PERSON.c.language)
            .join(PERSON, both)
            .where(held)
        ).one_or_none()
    if row is None or now - moment(row.seen) > IDLE or now - moment(row.made) > LONGEST:
        return None
    if now - moment(row.seen) > timedelta(minutes=1):
        with server.store.write() as connection:
            connection.execute(update(WEB_SESSION).where(held).values(seen=stamp(now)))
    return Visit(
        site=row.site,
        badge=row.badge,
        name=row.name,
        role=row.role,
        language=row.language,
        csrf=row.csrf,
        key=row.token_hash,
    )


def hashed(secret: str) -> str:
    """The argon2id hash of a PIN or password."""
    return HASHER.hash(secret)


def _right(pin_hash: str, password_hash: str, secret: str) -> bool:
    for kept in (pin_hash, password_hash):
        try:
            if kept and HASHER.verify(kept, secret):
                return True
        except (VerificationError, InvalidHashError):
            continue
    return False


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def _patience(server: Server, who: str) -> None:
    with server.store.read() as connection:
        until = connection.scalar(select(SIGN_IN_TRY.c.until).where(SIGN_IN_TRY.c.who == who))
    left = (moment(until) - server.clock.now()).total_seconds() if until else 0
    if left > 0:
        wait = int(left) + 1
        raise Problem(429, "too_many_tries", wait=wait, headers={"Retry-After": str(wait)})


def _failed(server: Server, name: str, address: str) -> None:
    now = server.clock.now()
    with server.store.write() as connection:
        for who in (f"name:{name}", f"address:{address}"):
            mine = SIGN_IN_TRY.c.who == who
            failures = (connection.scalar(select(SIGN_IN_TRY.c.failures).where(mine)) or 0) + 1
            over = failures - FREE_TRIES
            wait = min(2**over, LONGEST_WAIT_S) if over >= 0 else 0
            until = stamp(now + timedelta(seconds=wait)) if wait else ""
            connection.execute(delete(SIGN_IN_TRY).where(mine))
            connection.execute(insert(SIGN_IN_TRY).values(who=who, failures=failures, until=until))
