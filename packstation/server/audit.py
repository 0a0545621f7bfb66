"""The trail of office acts: who did what, when, from where; each entry chained to the last.

A chain for each site, and one (``*``) for what is of the whole server. What a thing was before
and after stands as SHA-256 of its canonical JSON only: the trail shows that it changed, and
holds no secret and nobody's address.
"""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, insert, select

from packstation.domain import canonical
from packstation.domain.events import GENESIS
from packstation.server.access import EVERY_SITE, Caller, PersonCaller
from packstation.server.core import Server
from packstation.server.keeping.tables import AUDIT
from packstation.server.moments import stamp

SAID: Final = ("at", "who", "role", "address", "act", "thing", "before", "after", "more")
_PAGE: Final = 1000


class Act(Struct, frozen=True, kw_only=True):
    """One entry; ``more`` is JSON of plain words, ``address`` where the request came from."""

    site: str
    n: int
    at: str
    who: str
    role: str
    address: str
    act: str
    thing: str
    before: str
    after: str
    more: str
    prev: str
    hash: str


def at_the_machine() -> PersonCaller:
    """Whoever runs a command on the server's own machine."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a user id without a name
        name = "?"
    return PersonCaller(site=EVERY_SITE, name=name, role="it", address="command line")


def note(
    server: Server,
    connection: Connection,
    caller: Caller,
    act: str,
    thing: str,
    *,
    change: tuple[object, object] = (None, None),
    site: str = "",
    **more: object,
) -> int:
    """Write down inside a writing transaction what ``caller`` does; answers the entry's number.

    ``act`` is a word like ``person.put``, ``thing`` what it was done to. ``change``: what it was
    and what it is now, anything that msgspec writes; None is "not there". ``more``: words that
    may be shown to every auditor. ``site`` else the caller's own.
    """
    place = site or (caller.site if caller else EVERY_SITE)
    last = connection.execute(
        select(AUDIT.c.n, AUDIT.c.hash)
        .where(AUDIT.c.site == place)
        .order_by(AUDIT.c.n.desc())
        .limit(1)
    ).one_or_none()
    who, role, address = _caller(caller)
    words: dict[str, Any] = {
        "site": place,
        "n": last.n + 1 if last else 1,
        "at": stamp(server.clock.now()),
        "who": who,
        "role": role,
        "address": address,
        "act": act,
        "thing": thing,
        "before": digest(change[0]),
        "after": digest(change[1]),
        "more": msgspec.json.encode(more, order="deterministic").decode() if more else "",
        "prev": last.hash if last else GENESIS,
    }
    connection.execute(insert(AUDIT).values(**words, hash=hash_of(words)))
    return int(words["n"])


def _caller(caller: Caller) -> tuple[str, str, str]:
    if caller is None:
        return "", "server", ""
    if isinstance(caller, PersonCaller):
        return caller.name, caller.role, caller.address
    return caller.station, "station", ""


def digest(thing: object) -> str:
    """SHA-256 of a thing's canonical JSON; "" of None."""
    if thing is None:
        return ""
    plain = msgspec.to_builtins(thing, enc_hook=str, str_keys=True)
    try:
        form = canonical.dumps(plain)
    except (ValueError, RecursionError):  # no canonical form: half a character, an endless number
        form = repr(plain).encode(errors="backslashreplace")
    return hashlib.sha256(form).hexdigest()


def hash_of(words: Mapping[str, Any]) -> str:
    """An entry's own hash, over all else of it."""
    form = {name: words[name] for name in ("site", "n", *SAID, "prev")}
    return hashlib.sha256(msgspec.json.encode(form, order="deterministic")).hexdigest()


def acts(connection: Connection, site: str, after: int = 0) -> Iterator[Act]:
    """A site's entries from number ``after`` on, oldest first."""
    while True:
        where = (AUDIT.c.site == site, AUDIT.c.n > after)
        page = connection.execute(select(AUDIT).where(*where).order_by(AUDIT.c.n).limit(_PAGE))
        rows = page.all()
        yield from (Act(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name
        if len(rows) < _PAGE:
            return
        after = rows[-1].n


def latest(connection: Connection, site: str, count: int = 50) -> tuple[Act, ...]:
    """The last entries of a site, the newest first."""
    newest = select(AUDIT).where(AUDIT.c.site == site).order_by(AUDIT.c.n.desc()).limit(count)
    return tuple(Act(**row._mapping) for row in connection.execute(newest))  # noqa: SLF001
