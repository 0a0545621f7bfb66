"""API tokens of integrations: shown once, kept as a hash, bound to a role and a site."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, and_, func, insert, select

from packstation.server.access import EVERY_SITE, token_hash
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.roles import ROLES
from packstation.server.tables import API_TOKEN


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
    return token


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
