"""Packages on their way to a broker by e-mail: an outbox, each row sent once or not at all.

waiting -> sending -> handing -> sent; back to waiting where the mail server cannot now and nothing
arrived; failed where it never will; unsure where the server fell silent after the content went:
it may have arrived, so only a person sends it again; withdrawn where it is no longer the broker's.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.customs import brokers, consignments
from packstation.server.customs.consignments import Consignment, side_of
from packstation.server.customs.tables import MAIL
from packstation.server.moments import moment, stamp
from packstation.server.problems import Problem

UNDER_WAY: Final = frozenset({"waiting", "sending", "handing"})
MINUTES: Final = (1, 2, 4, 8, 15, 30, 60)
PATIENCE: Final = timedelta(hours=24)


class Mail(Struct, frozen=True, kw_only=True):
    """A package by e-mail: who asked when, to whom, and what became of it.

    ``form``: package, or link where it is too large; ``next``: when it is tried again.
    """

    n: int
    asked: str
    who: str
    side: str
    broker: str
    address: str
    handed: str
    message: str
    state: str
    tries: int = 0
    next: str = ""
    changed: str = ""
    form: str = ""
    bytes: int = 0
    sha256: str = ""
    why: str = ""


class Due(Struct, frozen=True, kw_only=True):
    """A row that is being sent."""

    site: str
    consignment: str
    mail: Mail


def of(connection: Connection, site: str, key: str) -> tuple[Mail, ...]:
    """All of a consignment, the first first."""
    rows = connection.execute(select(MAIL).where(_of(site, key)).order_by(MAIL.c.n))
    return tuple(_mail(row) for row in rows)


def shown(
    connection: Connection, site: str, caller: PersonCaller, found: Consignment
) -> tuple[Mail, ...]:
    """Those that the caller may see: a broker's are the ones that went to them."""
    known = of(connection, site, found.id)
    office = side_of(caller) == "office"
    return known if office else tuple(one for one in known if one.broker == found.broker)


def _mail(row: Any) -> Mail:  # noqa: ANN401 - a row of SQLAlchemy
    return Mail(**{name: getattr(row, name) for name in Mail.__struct_fields__})


def ask(server: Server, caller: PersonCaller, site: str, key: str, seen: int) -> int:
    """Put a package into the outbox; answers its number. ``seen``: how many the caller knew of.

    Raises:
        Problem: 404; 409 ``not_handed``, ``no_mail`` (no mail server), ``no_address``,
            ``mail_known`` there are others than the caller knew of, or one is under way.
    """
    now = stamp(server.clock.now())
    with server.store.write() as connection:
        found = consignments.need(connection, site, caller, key)
        known = shown(connection, site, caller, found)
        address = brokers.address_of(connection, site, found.broker)
        _allowed(server, found.handed, address, known, seen)
        number = len(of(connection, site, key)) + 1
        connection.execute(
            insert(MAIL).values(
                site=site,
                consignment=key,
                n=number,
                asked=now,
                who=caller.name,
                side=side_of(caller),
                broker=found.broker,
                address=address,
                handed=found.handed,
                message=server.ids.new(),
                state="waiting",
                next=now,
                changed=now,
            )
        )
    server.bell.ring()
    return number


def _allowed(server: Server, handed: str, address: str, known: tuple[Mail, ...], seen: int) -> None:
    if not handed:
        raise Problem(409, "not_handed")
    if server.smtp is None:
        raise Problem(409, "no_mail", "this server has no mail server")
    if not address:
        raise Problem(409, "no_address", "the broker has no e-mail address")
    if len(known) != seen or any(one.state in UNDER_WAY for one in known):
        raise Problem(409, "mail_known", "an e-mail was asked for already", known=len(known))


# --- the worker's side -----------------------------------------------------------------------


def take(server: Server) -> Due | None:
    """The next row that is due; it is ours from now on."""
    now = stamp(server.clock.now())
    with server.store.write() as connection:
        where = and_(MAIL.c.state == "waiting", MAIL.c.next <= now)
        row = connection.execute(select(MAIL).where(where).order_by(MAIL.c.next).limit(1)).first()
        if row is None:
            return None
        due = Due(site=row.site, consignment=row.consignment, mail=_mail(row))
        _put(connection, due, state="sending", tries=row.tries + 1, changed=now, why="")
    return due


def waits(server: Server) -> bool:
    """Whether anything is still to be sent, now or later."""
    with server.store.read() as connection:
        where = MAIL.c.state == "waiting"
        return connection.scalar(select(func.count()).select_from(MAIL).where(where)) != 0


def mark(server: Server, due: Due, state: str, **columns: Any) -> None:  # noqa: ANN401 - columns
    """What became of a row that is ours."""
    with server.store.write() as connection:
        _put(connection, due, state=state, changed=stamp(server.clock.now()), **columns)
    server.bell.ring()


def later(server: Server, due: Due, why: str) -> None:
    """Try again after a while; no longer than a day after it was asked for."""
    now, tries = server.clock.now(), due.mail.tries + 1
    if now - moment(due.mail.asked) >= PATIENCE:
        mark(server, due, "failed", why=why)
    else:
        mark(server, due, "waiting", why=why, next=stamp(now + _pause(tries)))


def broke(server: Server, due: Due) -> None:
    """Something of ours broke: what had begun to go is not sent again by itself."""
    with server.store.read() as connection:
        where = and_(_of(due.site, due.consignment), MAIL.c.n == due.mail.n)
        state = connection.scalar(select(MAIL.c.state).where(where))
    if state == "sending":
        later(server, due, "internal")
    else:
        mark(server, due, "unsure", why="internal")


def _pause(tries: int) -> timedelta:
    return timedelta(minutes=MINUTES[min(tries, len(MINUTES)) - 1])


def after_a_crash(connection: Connection, now: datetime) -> None:
    """Rows that a server which died was at: what had not begun to go is sent again."""
    began = MAIL.c.state == "sending"
    gone = MAIL.c.state == "handing"
    at = stamp(now)
    connection.execute(update(MAIL).where(gone).values(state="unsure", why="no_answer", changed=at))
    connection.execute(update(MAIL).where(began).values(state="waiting", next=at, changed=at))


def _put(connection: Connection, due: Due, **columns: Any) -> None:  # noqa: ANN401 - columns
    where = and_(_of(due.site, due.consignment), MAIL.c.n == due.mail.n)
    connection.execute(update(MAIL).where(where).values(**columns))


def _of(site: str, key: str) -> ColumnElement[bool]:
    return and_(MAIL.c.site == site, MAIL.c.consignment == key)
