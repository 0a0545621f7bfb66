"""API tokens of integrations: shown once, kept as a hash, bound to a role and a site.

In the office a token is named by the first characters of its hash (``access.TOKEN_KEY``).
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated, Any, Final

from msgspec import Meta, Struct
from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from packstation.server import audit
from packstation.server.access import EVERY_SITE, TOKEN_KEY, PersonCaller, token_hash
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.people import Role
from packstation.server.problems import Problem
from packstation.server.roles import ROLES
from packstation.server.tables import API_TOKEN, TOKEN_USE

MOST_DAYS: Final = 3650


class NewToken(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token for an integration; ``days`` 0: it has no end."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    role: Role
    days: Annotated[int, Meta(ge=0, le=MOST_DAYS)] = 0


class Made(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """The token itself, shown this once."""

    token: str
    key: str
    name: str
    role: str
    site: str
    until: str = ""


class Held(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """A token as the office sees it; ``used``, ``until``, ``revoked`` "" where there is none."""

    key: str
    name: str
    role: str
    site: str
    made: str
    used: str = ""
    until: str = ""
    revoked: str = ""


class Tokens(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """Those that the caller may decide about; the revoked last."""

    tokens: tuple[Held, ...] = ()


def make_token(server: Server, role: str, site: str = EVERY_SITE, name: str = "") -> str:
    """A fresh token.

    Raises:
        Problem: 422, no such role.
    """
    if role not in ROLES:
        raise Problem(422, "unknown_role", allowed=ROLES)
    token = secrets.token_urlsafe(32)
    with server.store.write() as connection:
        _keep(server, connection, token, (role, site, name or role))
        thing = token_hash(token)[:TOKEN_KEY]
        by = audit.at_the_machine()
        audit.note(server, connection, by, "token.make", thing, site=site, role=role)
    return token


def make(server: Server, caller: PersonCaller, site: str, given: NewToken) -> Made:
    """A token of ``site`` by someone of the office."""
    token, now = secrets.token_urlsafe(32), server.clock.now()
    until = stamp(now + timedelta(days=given.days)) if given.days else ""
    hashed = token_hash(token)
    key = hashed[:TOKEN_KEY]
    with server.store.write() as connection:
        _keep(server, connection, token, (given.role, site, given.name.strip()))
        if until:
            use = {"site": site, "token_hash": hashed, "at": "", "until": until}
            connection.execute(insert(TOKEN_USE).values(**use))
        about = (None, given)
        audit.note(server, connection, caller, "token.make", key, change=about, site=site)
    return Made(token=token, key=key, name=given.name, role=given.role, site=site, until=until)


def listed(connection: Connection, caller: PersonCaller, site: str) -> Tokens:
    """Tokens of a site; those of every site too for who has them all."""
    mine = and_(
        TOKEN_USE.c.site == API_TOKEN.c.site, TOKEN_USE.c.token_hash == API_TOKEN.c.token_hash
    )
    query = select(API_TOKEN, TOKEN_USE.c.at, TOKEN_USE.c.until).join(TOKEN_USE, mine, isouter=True)
    rows = connection.execute(query.where(_theirs(caller, site))).all()
    held = (
        Held(
            key=row.token_hash[:TOKEN_KEY],
            name=row.name,
            role=row.role,
            site=row.site,
            made=row.made,
            used=row.at or "",
            until=row.until or "",
            revoked=row.revoked or "",
        )
        for row in rows
    )
    return Tokens(tokens=tuple(sorted(held, key=lambda one: (one.revoked, one.name, one.key))))


def revoke(server: Server, caller: PersonCaller, site: str, key: str) -> Held:
    """A token opens nothing any more.

    Raises:
        Problem: 404 no such token of this site.
    """
    with server.store.write() as connection:
        row = _need(connection, caller, site, key)
        now = stamp(server.clock.now())
        where = API_TOKEN.c.token_hash == row.token_hash
        connection.execute(update(API_TOKEN).where(where).values(revoked=row.revoked or now))
        audit.note(server, connection, caller, "token.revoke", key, site=site, name=row.name)
        return next(one for one in listed(connection, caller, site).tokens if one.key == key)


def _theirs(caller: PersonCaller, site: str) -> Any:  # noqa: ANN401 - a condition of SQL
    own = API_TOKEN.c.site == site
    return or_(own, API_TOKEN.c.site == EVERY_SITE) if caller.site == EVERY_SITE else own


def _need(connection: Connection, caller: PersonCaller, site: str, key: str) -> Row[Any]:
    found = connection.execute(select(API_TOKEN).where(_theirs(caller, site))).all()
    row = next((row for row in found if row.token_hash[:TOKEN_KEY] == key), None)
    if row is None:
        raise Problem(404, "unknown_token", f"no token {key[:TOKEN_KEY]!r} here")
    return row


def accept_first(server: Server, token: str) -> bool:
    """Let a server that has no token yet accept this one, with the role ``it``.

    Answers whether this token is taken, now or since an earlier start.
    """
    with server.store.write() as connection:
        if not token or connection.scalar(select(func.count()).select_from(API_TOKEN)):
            return bool(token) and _known(connection, token)
        _keep(server, connection, token, ("it", EVERY_SITE, "integration"))
    return True


def _known(connection: Connection, token: str) -> bool:
    same = and_(API_TOKEN.c.token_hash == token_hash(token), API_TOKEN.c.revoked.is_(None))
    return bool(connection.scalar(select(func.count()).select_from(API_TOKEN).where(same)))


def _keep(server: Server, connection: Connection, token: str, holder: tuple[str, str, str]) -> None:
    role, site, name = holder
    made = stamp(server.clock.now())
    connection.execute(
        insert(API_TOKEN).values(
            token_hash=token_hash(token), site=site, name=name, role=role, made=made
        )
    )
