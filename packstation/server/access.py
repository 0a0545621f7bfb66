"""Who calls, and whether they may: deny by default.

Every route stands in ``RULES`` or is refused. A station is known by the Ed25519 signature
of its request, an integration by an API token, a person by the session cookie of the web
pages. A caller belongs to one site; ``*`` is a token for all of them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Request
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import and_, insert, select, update
from starlette.concurrency import run_in_threadpool

from packstation.domain import psp
from packstation.server.core import Server
from packstation.server.moments import moment, stamp
from packstation.server.problems import Problem
from packstation.server.roles import PUBLIC, RULES, STATION_ONLY
from packstation.server.tables import API_TOKEN, STATION, TOKEN_USE
from packstation.server.visits import COOKIE, Visit, visit_of

EVERY_SITE: Final = "*"
# The chain head already makes a replayed push harmless, and a bench with a wrong clock must
# still be able to send what it did.
UNDATED: Final = frozenset({"/v1/journal"})
# A token's name in the office: as much of its hash.
TOKEN_KEY: Final = 12
USE_EVERY: Final = timedelta(minutes=1)
MAX_BODY: Final = 16 * 1024 * 1024


class StationCaller(Struct, frozen=True, kw_only=True):
    """A bench, proven by its signature."""

    site: str
    station: str
    epoch: str
    gen: int


class PersonCaller(Struct, frozen=True, kw_only=True):
    """A person or an integration; ``visit`` where they come through the web pages.

    ``address``: where the request came from. ``token``: which token they came with.
    """

    site: str
    name: str
    role: str
    visit: Visit | None = None
    address: str = ""
    token: str = ""


Caller = StationCaller | PersonCaller | None


async def guard(request: Request) -> None:
    """Let a request pass or refuse it; leaves ``request.state.caller``.

    Raises:
        Problem: 401 nobody known, 403 known but not allowed, 429 they ask too much.
    """
    route = getattr(request.scope.get("route"), "path", "")
    rule = RULES.get((request.method, route))
    if rule is None:
        raise Problem(403, "forbidden", "no rule lets anyone in here")
    server: Server = request.app.state.server
    request.state.caller = None
    if rule is PUBLIC:
        return
    if rule is STATION_ONLY:
        body = await limited(request, MAX_BODY)
        bench = await run_in_threadpool(signed, server, request, body)
        server.rates.spend(f"station:{bench.station}", server.rates.limits.station)
        request.state.caller = bench
        return
    caller = await run_in_threadpool(person, server, request)
    host = request.client.host if request.client else ""
    _within(server, caller, host)
    if caller is None and rule.pages:
        raise Problem(303, "sign_in", headers={"Location": "/sign-in"})
    if caller is None:
        raise Problem(401, "unauthorised", headers={"WWW-Authenticate": "Bearer"})
    if caller.role not in rule.roles:
        raise Problem(403, "forbidden", f"role {caller.role} may not do this", role=caller.role)
    if caller.visit is not None and request.method not in {"GET", "HEAD"}:
        await _own_form(request, caller.visit)
    request.state.caller = replace(caller, address=host)


def _within(server: Server, caller: PersonCaller | None, host: str) -> None:
    """Whether the caller may ask once more; who is not known counts by address."""
    rates = server.rates
    if caller is None:
        rates.spend(f"address:{host}", rates.limits.unknown)
    elif caller.visit is not None:
        rates.spend(f"visit:{caller.visit.key}", rates.limits.person)
    else:
        rates.spend(f"token:{caller.token}", rates.limits.token)


async def limited(request: Request, limit: int) -> bytes:
    """The body as sent, at most ``limit`` bytes; kept for whoever reads it again."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise Problem(413, "too_large", limit=limit)
        chunks.append(chunk)
    request._body = b"".join(chunks)  # noqa: SLF001 - where Starlette keeps a body it has read
    return request._body  # noqa: SLF001


# --- stations ------------------------------------------------------------------------------


def signed(server: Server, request: Request, body: bytes) -> StationCaller:
    """The station whose pinned key signed this request."""
    headers = request.headers
    station = headers.get(psp.STATION_HEADER, "")
    with server.store.read() as connection:
        row = connection.execute(select(STATION).where(STATION.c.station == station)).one_or_none()
    if row is None:
        raise Problem(401, "unknown_station")
    if row.revoked:
        raise Problem(403, "revoked", since=row.revoked)
    given = read_stamp(request)
    check_signature(row.pubkey, request, body, given)
    if request.url.path not in UNDATED:
        check_date(server, given.date)
    return StationCaller(site=row.site, station=station, epoch=given.epoch, gen=given.gen)


def read_stamp(request: Request) -> psp.Stamp:
    """The ``PS-*`` headers."""
    headers = request.headers
    gen = headers.get(psp.GENERATION_HEADER, "")
    if not gen.isascii() or not gen.isdigit():
        raise Problem(401, "unsigned", psp.GENERATION_HEADER)
    return psp.Stamp(
        station=headers.get(psp.STATION_HEADER, ""),
        epoch=headers.get(psp.EPOCH_HEADER, ""),
        gen=int(gen),
        date=headers.get(psp.DATE_HEADER, ""),
    )


def check_signature(pubkey: str, request: Request, body: bytes, given: psp.Stamp) -> None:
    """Refuse a request that ``pubkey`` (base64, raw Ed25519) did not sign."""
    query = request.scope["query_string"].decode("latin-1")
    path = request.scope.get("raw_path", request.url.path.encode()).decode("latin-1")
    target = f"{path}?{query}" if query else path
    base = psp.signing_base(request.method, target, body, given)
    try:
        signature = base64.b64decode(request.headers.get(psp.SIGNATURE_HEADER, ""), validate=True)
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(pubkey, validate=True))
        key.verify(signature, base)
    except (InvalidSignature, binascii.Error, ValueError):
        raise Problem(401, "bad_signature") from None


def check_date(server: Server, date: str) -> None:
    """Refuse a request that is older, or newer, than the protocol's window."""
    now = server.clock.now()
    try:
        off = abs(now - moment(date))
    except ValueError:
        raise Problem(401, "clock", "no date", now=stamp(now)) from None
    if off > timedelta(seconds=psp.CLOCK_WINDOW_S):
        raise Problem(401, "clock", f"{int(off.total_seconds())} s off", now=stamp(now))


# --- people and integrations ---------------------------------------------------------------


def token_hash(token: str) -> str:
    """How a secret of 128 random bits is kept: SHA-256, lower-case hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def person(server: Server, request: Request) -> PersonCaller | None:
    """Who holds this request's API token or session cookie."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _token_holder(server, token.strip())
    visit = visit_of(server, request.cookies.get(COOKIE[server.secure], ""))
    if visit is None:
        return None
    return PersonCaller(site=visit.site, name=visit.name, role=visit.role, visit=visit)


def _token_holder(server: Server, token: str) -> PersonCaller | None:
    held = and_(API_TOKEN.c.token_hash == token_hash(token), API_TOKEN.c.revoked.is_(None))
    mine = and_(
        TOKEN_USE.c.site == API_TOKEN.c.site, TOKEN_USE.c.token_hash == API_TOKEN.c.token_hash
    )
    used = select(API_TOKEN, TOKEN_USE.c.at, TOKEN_USE.c.until).join(TOKEN_USE, mine, isouter=True)
    with server.store.read() as connection:
        row = connection.execute(used.where(held)).one_or_none()
    now = server.clock.now()
    if row is None or (row.until and row.until < stamp(now)):
        return None
    if not row.at or now - moment(row.at) > USE_EVERY:
        _used(server, row.site, row.token_hash, stamp(now))
    key = row.token_hash[:TOKEN_KEY]
    return PersonCaller(site=row.site, name=row.name, role=row.role, token=key)


def _used(server: Server, site: str, hashed: str, now: str) -> None:
    """Note when a token was used last, a minute apart at the least."""
    mine = and_(TOKEN_USE.c.site == site, TOKEN_USE.c.token_hash == hashed)
    with server.store.write() as connection:
        if connection.execute(update(TOKEN_USE).where(mine).values(at=now)).rowcount == 0:
            connection.execute(insert(TOKEN_USE).values(site=site, token_hash=hashed, at=now))


async def _own_form(request: Request, visit: Visit) -> None:
    """A change through a cookie must come from our own page, with its secret."""
    same_origin(request)
    await limited(request, MAX_BODY)
    form = await request.form()
    given = request.headers.get("x-csrf", "") or str(form.get("csrf", ""))
    if not hmac.compare_digest(given.encode(), visit.csrf.encode()):
        await form.close()
        raise Problem(403, "csrf")


def same_origin(request: Request) -> None:
    """Refuse what another site's page sends; browsers say so by themselves."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Problem(403, "cross_site")
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("host", ""):
        raise Problem(403, "cross_site")
