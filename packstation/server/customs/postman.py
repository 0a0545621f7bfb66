"""The thread that sends packages: one at a time, as long as any waits."""

from __future__ import annotations

import hashlib
import logging
import threading
from functools import partial
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection

from packstation.server.core import Server
from packstation.server.customs import brokers, consignments, letters, mails
from packstation.server.customs.background import started
from packstation.server.customs.letters import Letter
from packstation.server.customs.mails import Due
from packstation.server.customs.package import Gathered, gathered, package
from packstation.server.problems import Problem
from packstation.server.smtp import NotSent, Smtp, send
from packstation.server.words import Words, language_of

log = logging.getLogger(__name__)

BUSY: Final = "customs.mail"
LOOKS_S: Final = 0.5


class Withdrawn(Exception):
    """It is no longer what was asked for; ``args[0]`` says why."""


class Parcel(Struct, frozen=True):
    """What goes into a letter, read at one moment."""

    given: Gathered
    language: str


def at_start(server: Server) -> None:
    """Take up what a server before this one left."""
    with server.store.write() as connection:
        mails.after_a_crash(connection, server.clock.now())
    begin(server)


def begin(server: Server) -> threading.Thread | None:
    """Send what waits in a thread of its own; None where one is at it or nothing does."""
    smtp = server.smtp
    if smtp is None or not mails.waits(server):
        return None
    return started(server, BUSY, lambda: _all(server, smtp), lambda: begin(server))


def _all(server: Server, smtp: Smtp) -> None:
    pause = threading.Event()
    while not server.bell.closed and mails.waits(server):
        due = mails.take(server)
        if due is None:
            pause.wait(LOOKS_S)
        else:
            _deliver(server, smtp, due)


def _deliver(server: Server, smtp: Smtp, due: Due) -> None:
    try:
        with server.store.read() as connection:
            parcel = _parcel(server, connection, due)
        _send(server, smtp, due, parcel)
    except Withdrawn as exc:
        mails.mark(server, due, "withdrawn", why=str(exc.args[0]))
    except NotSent as exc:
        if exc.unsure:
            mails.mark(server, due, "unsure", why=exc.why)
        elif exc.later:
            mails.later(server, due, exc.why)
        else:
            mails.mark(server, due, "failed", why=exc.why)
    except Exception:  # whatever breaks of one e-mail must not stop the others
        log.exception("customs mail", extra={"consignment": due.consignment})
        mails.broke(server, due)


def _parcel(server: Server, connection: Connection, due: Due) -> Parcel:
    """The package's data, if it is still this broker's, at this address, as handed over."""
    found = consignments.whole(connection, due.site, due.consignment)
    if found is None or (found.broker, found.handed) != (due.mail.broker, due.mail.handed):
        raise Withdrawn("taken_back")
    if brokers.address_of(connection, due.site, found.broker) != due.mail.address:
        raise Withdrawn("address")
    try:
        given = gathered(server, connection, due.site, found)
    except Problem as problem:
        raise Withdrawn(problem.code) from problem
    return Parcel(given, letters.language(connection, due.site, found.broker))


def _send(server: Server, smtp: Smtp, due: Due, parcel: Parcel) -> None:
    content = package(parcel.given)
    sha256 = hashlib.sha256(content).hexdigest()
    letter = Letter(
        site=due.site,
        consignment=parcel.given.consignment,
        to=due.mail.address,
        message=due.mail.message,
        at=server.clock.now(),
        sha256=sha256,
        size=len(content),
    )
    words = Words(language_of("", parcel.language), parcel.given.at.now.tzinfo)  # type: ignore[arg-type]
    whole = letters.with_package(smtp, words, letter, content)
    columns = {"bytes": len(content), "sha256": sha256}
    link = letters.with_link(smtp, words, letter)
    try:
        message, form = (whole, "package") if len(whole) <= smtp.most_bytes else (link, "link")
        said = _handed(server, smtp, due, message, form=form, **columns)
    except NotSent as exc:
        if not exc.limit:
            raise
        said = _handed(server, smtp, due, link, form="link", **columns)
    mails.mark(server, due, "sent", why=said)


def _handed(server: Server, smtp: Smtp, due: Due, message: bytes, **columns: object) -> str:
    handing = partial(mails.mark, server, due, "handing", **columns)
    return send(smtp, message, due.mail.address, handing)
