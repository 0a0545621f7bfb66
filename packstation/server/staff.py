"""What the office does with people: add, revoke, a temporary PIN, a new badge for a lost one.

Each act moves the person's row, which wakes the long polls of all benches of the site. PINs
and badge numbers are made here, are shown once and are kept as hashes; nobody chooses them.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from itertools import pairwise
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Row, and_, delete, func, insert, select, update

from packstation.domain.psp import PersonBody
from packstation.server import audit
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.people import Role
from packstation.server.problems import Problem
from packstation.server.roles import may_give
from packstation.server.rows import delete_row, put_row, row_body
from packstation.server.tables import GONE, PERSON, TEMPORARY, WEB_SESSION
from packstation.server.visits import IDLE, LONGEST, hashed

PIN_DIGITS: Final = 6
BADGE_DIGITS: Final = 8
# A shift, and the longest: until Monday.
HOURS: Final = 12
MOST_HOURS: Final = 72
_SHOWN_GONE: Final = 50


class NewPerson(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Someone new; the server makes badge and PIN."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    role: Role
    language: Annotated[str, Meta(max_length=10)] = "en"


class Why(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The reason of an act, kept with it."""

    reason: Annotated[str, Meta(max_length=300)] = ""


class Temporary(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a temporary PIN counts; 0 hours: it is their own PIN from now on."""

    hours: Annotated[int, Meta(ge=0, le=MOST_HOURS)] = HOURS


class Issued(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """Shown once: the badge's number and a PIN; ``until`` "" where the PIN has no end."""

    badge: str
    name: str
    role: str
    pin: str
    until: str = ""


class Ended(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """Visits of the web that were ended."""

    badge: str
    ended: int


class Member(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """Someone as the office sees them; ``visits``: open sign-ins on the web."""

    badge: str
    name: str
    role: str
    language: str
    pin: bool
    password: bool
    until: str = ""
    visits: int = 0


class Former(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """A badge that was revoked."""

    badge: str
    name: str
    role: str
    at: str
    who: str
    why: str


class Staff(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """All of a site, by name, and the badges revoked last."""

    people: tuple[Member, ...] = ()
    gone: tuple[Former, ...] = ()


def listed(server: Server, connection: Connection, site: str) -> Staff:
    """Who may sign in at a site, and who may not any more."""
    now = server.clock.now()
    alive = and_(
        WEB_SESSION.c.site == site,
        WEB_SESSION.c.seen > stamp(now - IDLE),
        WEB_SESSION.c.made > stamp(now - LONGEST),
    )
    count = select(WEB_SESSION.c.badge, func.count().label("n")).where(alive)
    visits = {row.badge: row.n for row in connection.execute(count.group_by(WEB_SESSION.c.badge))}
    until = {
        row.badge: row.until
        for row in connection.execute(select(TEMPORARY).where(TEMPORARY.c.site == site))
        if row.until > stamp(now)
    }
    people = connection.execute(select(PERSON).where(PERSON.c.site == site)).all()
    gone = connection.execute(
        select(GONE)
        .where(GONE.c.site == site)
        .order_by(GONE.c.at.desc(), GONE.c.badge)
        .limit(_SHOWN_GONE)
    )
    return Staff(
        people=tuple(
            Member(
                badge=row.badge,
                name=row.name,
                role=row.role,
                language=row.language,
                pin=bool(row.pin_hash),
                password=bool(row.password_hash),
                until=until.get(row.badge, ""),
                visits=visits.get(row.badge, 0),
            )
            for row in sorted(people, key=lambda row: (row.name, row.badge))
        ),
        gone=tuple(
            Former(
                badge=row.badge, name=row.name, role=row.role, at=row.at, who=row.who, why=row.why
            )
            for row in gone
        ),
    )


def add(server: Server, caller: PersonCaller, site: str, given: NewPerson) -> Issued:
    """Let someone in.

    Raises:
        Problem: 403 the caller may not give this role.
    """
    _may(caller, given.role)
    pin = new_pin()
    pin_hash = hashed(pin)
    with server.store.write() as connection:
        badge = _new_badge(connection, site)
        body = PersonBody(
            badge=badge,
            name=given.name.strip(),
            role=given.role,
            pin_hash=pin_hash,
            language=given.language,
        )
        _keep(server, connection, site, body, password_hash="")
        change = (None, body)
        audit.note(server, connection, caller, "person.add", badge, change=change, site=site)
    server.bell.ring()
    return Issued(badge=badge, name=body.name, role=body.role, pin=pin)


def revoke(server: Server, caller: PersonCaller, site: str, badge: str, why: str) -> Former:
    """A badge opens nothing any more, on the web from now on, at benches when they hear it.

    Raises:
        Problem: 403 of a role that the caller may not give; 404 nobody has it; 409 their own.
    """
    with server.store.write() as connection:
        row = _theirs(connection, caller, site, badge)
        if caller.visit is not None and caller.visit.badge == badge:
            raise Problem(409, "own_badge", "somebody else has to revoke your own badge")
        done = _drop(server, connection, caller, row, why)
        audit.note(server, connection, caller, "person.revoke", badge, site=site, why=why)
    server.bell.ring()
    return done


def give_pin(
    server: Server, caller: PersonCaller, site: str, badge: str, given: Temporary
) -> Issued:
    """A temporary PIN beside their own, or, for no hours, a new one of their own.

    Raises:
        Problem: 403 of a role that the caller may not give; 404 nobody has this badge.
    """
    pin = new_pin()
    pin_hash = hashed(pin)
    until = stamp(server.clock.now() + timedelta(hours=given.hours)) if given.hours else ""
    with server.store.write() as connection:
        row = _theirs(connection, caller, site, badge)
        body = _body(connection, row)
        _forget_temporary(connection, site, badge)
        if until:
            temporary = {"site": site, "badge": badge, "pin_hash": pin_hash, "until": until}
            connection.execute(insert(TEMPORARY).values(**temporary))
            body = replace(body, temporary_hash=pin_hash, temporary_until=until)
        else:
            where = and_(PERSON.c.site == site, PERSON.c.badge == badge)
            connection.execute(update(PERSON).where(where).values(pin_hash=pin_hash))
            body = replace(body, pin_hash=pin_hash, temporary_hash="", temporary_until="")
            _end(connection, site, badge)
        put_row(server, connection, site, "user", badge, body)
        audit.note(server, connection, caller, "person.pin", badge, site=site, until=until)
    server.bell.ring()
    return Issued(badge=badge, name=row.name, role=row.role, pin=pin, until=until)


def replace_badge(server: Server, caller: PersonCaller, site: str, badge: str, why: str) -> Issued:
    """The badge is lost: it ends, a new number takes its place, with a PIN for this shift.

    Own PIN, password and language stay; the numbers of radio cards do not.

    Raises:
        Problem: 403 of a role that the caller may not give; 404 nobody has this badge.
    """
    pin = new_pin()
    pin_hash = hashed(pin)
    until = stamp(server.clock.now() + timedelta(hours=HOURS))
    with server.store.write() as connection:
        row = _theirs(connection, caller, site, badge)
        body = _body(connection, row)
        _drop(server, connection, caller, row, why)
        fresh = _new_badge(connection, site)
        prefs = {name: value for name, value in body.prefs.items() if name != "card"}
        new = replace(
            body, badge=fresh, prefs=prefs, temporary_hash=pin_hash, temporary_until=until
        )
        connection.execute(
            insert(TEMPORARY).values(site=site, badge=fresh, pin_hash=pin_hash, until=until)
        )
        _keep(server, connection, site, new, password_hash=row.password_hash)
        act = "person.replace"
        audit.note(server, connection, caller, act, badge, site=site, new=fresh, why=why)
    server.bell.ring()
    return Issued(badge=fresh, name=row.name, role=row.role, pin=pin, until=until)


def end_visits(server: Server, caller: PersonCaller, site: str, badge: str) -> Ended:
    """Sign somebody out of the web everywhere.

    Raises:
        Problem: 403 of a role that the caller may not give; 404 nobody has this badge.
    """
    with server.store.write() as connection:
        _theirs(connection, caller, site, badge)
        done = Ended(badge=badge, ended=_end(connection, site, badge))
        audit.note(
            server, connection, caller, "person.sign_out", badge, site=site, ended=done.ended
        )
        return done


def card_of(connection: Connection, site: str, badge: str) -> PersonBody:
    """Whose card is printed.

    Raises:
        Problem: 404 nobody has this badge.
    """
    return _body(connection, _need(connection, site, badge))


def new_pin() -> str:
    """Six digits at random; none that fingers type by themselves."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
        if not is_plain(pin):
            return pin


def is_plain(pin: str) -> bool:
    """Whether a PIN is one of the first that somebody tries: few digits, or a run of them."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(set(pin)) < PIN_DIGITS // 2 or len(steps) == 1


# --- rows ------------------------------------------------------------------------------------


def _may(caller: PersonCaller, role: str) -> None:
    if not may_give(caller.role, role):
        raise Problem(403, "role", f"{caller.role} may not decide about {role}", role=caller.role)


def _need(connection: Connection, site: str, badge: str) -> Row[Any]:
    where = and_(PERSON.c.site == site, PERSON.c.badge == badge)
    row = connection.execute(select(PERSON).where(where)).one_or_none()
    if row is None:
        raise Problem(404, "unknown_person", f"nobody here has the badge {badge[:64]!r}")
    return row


def _theirs(connection: Connection, caller: PersonCaller, site: str, badge: str) -> Row[Any]:
    """Someone about whom the caller may decide."""
    row = _need(connection, site, badge)
    _may(caller, row.role)
    return row


def _body(connection: Connection, row: Row[Any]) -> PersonBody:
    kept = row_body(connection, row.site, "user", row.badge)
    if kept is not None:
        return msgspec.json.decode(kept, type=PersonBody)
    return PersonBody(
        badge=row.badge,
        name=row.name,
        role=row.role,
        pin_hash=row.pin_hash,
        language=row.language,
    )


def _keep(
    server: Server, connection: Connection, site: str, body: PersonBody, password_hash: str
) -> None:
    connection.execute(
        insert(PERSON).values(
            site=site,
            badge=body.badge,
            name=body.name,
            role=body.role,
            pin_hash=body.pin_hash,
            password_hash=password_hash,
            language=body.language,
        )
    )
    put_row(server, connection, site, "user", body.badge, body)


def _drop(
    server: Server, connection: Connection, caller: PersonCaller, row: Row[Any], why: str
) -> Former:
    site, badge = row.site, row.badge
    done = Former(
        badge=badge,
        name=row.name,
        role=row.role,
        at=stamp(server.clock.now()),
        who=caller.name,
        why=why.strip(),
    )
    connection.execute(insert(GONE).values(site=site, **msgspec.structs.asdict(done)))
    connection.execute(delete(PERSON).where(PERSON.c.site == site, PERSON.c.badge == badge))
    _forget_temporary(connection, site, badge)
    _end(connection, site, badge)
    delete_row(server, connection, site, "user", badge)
    return done


def _forget_temporary(connection: Connection, site: str, badge: str) -> None:
    mine = and_(TEMPORARY.c.site == site, TEMPORARY.c.badge == badge)
    connection.execute(delete(TEMPORARY).where(mine))


def _end(connection: Connection, site: str, badge: str) -> int:
    mine = and_(WEB_SESSION.c.site == site, WEB_SESSION.c.badge == badge)
    return connection.execute(delete(WEB_SESSION).where(mine)).rowcount


def _new_badge(connection: Connection, site: str) -> str:
    """A number that nobody of the site has or had."""
    while True:
        badge = str(secrets.randbelow(9 * 10 ** (BADGE_DIGITS - 1)) + 10 ** (BADGE_DIGITS - 1))
        taken = (
            connection.scalar(
                select(func.count())
                .select_from(table)
                .where(table.c.site == site, table.c.badge == badge)
            )
            for table in (PERSON, GONE)
        )
        if not any(taken):
            return badge
