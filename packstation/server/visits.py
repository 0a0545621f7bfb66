"""Signing in to the web pages: name and PIN or password, a cookie, a throttle.

The cookie is a random value of which only the hash is kept; ``__Host-`` binds it to this
host where the pages are served over TLS. Who fails five times waits longer and longer, five
minutes at the most: one name at one address. Failures of a name from many addresses, or of many
names from one, make those wait that never signed in there before; nobody who works at a site
every day is locked out by what others do (`_Counter`).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct
from sqlalchemy import Connection, Row, and_, delete, insert, select, update

from packstation.server.core import Server
from packstation.server.moments import moment, stamp
from packstation.server.problems import Problem
from packstation.server.tables import PERSON, SIGN_IN_TRY, TEMPORARY, WEB_SESSION

COOKIE: Final = {False: "ps_visit", True: "__Host-ps_visit"}
IDLE: Final = timedelta(hours=2)
LONGEST: Final = timedelta(hours=12)
LONGEST_WAIT_S: Final = 300
# How long a name is remembered at an address where it signed in.
KNOWN_FOR: Final = timedelta(days=60)
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


class _Counter(Struct, frozen=True):
    """Failures counted under ``who`` after ``free`` of them; ``strangers``: asked of them only."""

    who: str
    free: int
    strangers: bool = False


def _counters(name: str, address: str) -> tuple[_Counter, ...]:
    """What one try counts in; names as hashes, for they may be of any length."""
    named, both = _hash(name)[:32], _hash(f"{name}\n{address}")[:32]
    return (
        _Counter(f"pair:{both}", 5),
        _Counter(f"name:{named}", 20, strangers=True),
        _Counter(f"address:{address}", 40, strangers=True),
    )


def _known(name: str, address: str) -> str:
    return f"known:{_hash(f'{name}{chr(10)}{address}')[:32]}"


def sign_in(server: Server, name: str, secret: str, address: str) -> str:
    """The value of a fresh cookie.

    Raises:
        Problem: 403 ``sign_in`` wrong name or secret; 429 too many tries, ``wait`` seconds.
    """
    _patience(server, name, address)
    now = stamp(server.clock.now())
    mine = and_(
        TEMPORARY.c.site == PERSON.c.site,
        TEMPORARY.c.badge == PERSON.c.badge,
        TEMPORARY.c.until > now,
    )
    temporary = TEMPORARY.c.pin_hash.label("temporary")
    with server.store.read() as connection:
        rows = connection.execute(
            select(PERSON, temporary)
            .join(TEMPORARY, mine, isouter=True)
            .where(PERSON.c.name == name)
            .order_by(PERSON.c.site, PERSON.c.badge)
        ).all()
    holder = next((row for row in rows if _right(row, secret)), None)
    if holder is None:
        if not rows:
            hashed(secret)  # an unknown name takes as long as a known one
        _failed(server, name, address)
        raise Problem(403, "sign_in")
    value = secrets.token_urlsafe(32)
    with server.store.write() as connection:
        _remember(connection, name, address, stamp(server.clock.now() + KNOWN_FOR))
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


def _right(row: Row[Any], secret: str) -> bool:
    for kept in (row.pin_hash, row.password_hash, row.temporary):
        try:
            if kept and HASHER.verify(kept, secret):
                return True
        except (VerificationError, InvalidHashError):
            continue
    return False


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def _remember(connection: Connection, name: str, address: str, until: str) -> None:
    """They are known here from now on, and their own failures are forgotten."""
    pair, known = _counters(name, address)[0].who, _known(name, address)
    connection.execute(delete(SIGN_IN_TRY).where(SIGN_IN_TRY.c.who.in_((pair, known))))
    connection.execute(insert(SIGN_IN_TRY).values(who=known, failures=0, until=until))


def _patience(server: Server, name: str, address: str) -> None:
    now = server.clock.now()
    counters, known = _counters(name, address), _known(name, address)
    with server.store.read() as connection:
        whos = (*(counter.who for counter in counters), known)
        rows = connection.execute(select(SIGN_IN_TRY).where(SIGN_IN_TRY.c.who.in_(whos)))
        until = {row.who: row.until for row in rows}
    stranger = until.get(known, "") < stamp(now)
    held = [until.get(one.who, "") for one in counters if stranger or not one.strangers]
    left = max((moment(one) - now).total_seconds() for one in held if one) if any(held) else 0
    if left > 0:
        wait = int(left) + 1
        raise Problem(429, "too_many_tries", wait=wait, headers={"Retry-After": str(wait)})


def _failed(server: Server, name: str, address: str) -> None:
    """Count; a count that nobody added to for a day begins anew."""
    now = server.clock.now()
    with server.store.write() as connection:
        old = SIGN_IN_TRY.c.until < stamp(now - timedelta(days=1))
        connection.execute(delete(SIGN_IN_TRY).where(old))
        for one in _counters(name, address):
            mine = SIGN_IN_TRY.c.who == one.who
            failures = (connection.scalar(select(SIGN_IN_TRY.c.failures).where(mine)) or 0) + 1
            over = failures - one.free
            wait = min(2 ** min(over, 10), LONGEST_WAIT_S) if over >= 0 else 0
            until = stamp(now + timedelta(seconds=wait))
            connection.execute(delete(SIGN_IN_TRY).where(mine))
            values = {"who": one.who, "failures": failures, "until": until}
            connection.execute(insert(SIGN_IN_TRY).values(**values))
