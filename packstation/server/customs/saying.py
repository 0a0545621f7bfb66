"""What office and broker say of a consignment: questions, notes, and steps of its declarations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from msgspec import Struct
from sqlalchemy import Connection, and_, insert, select, update

from packstation.domain.customs.clearance import LEGS, Record, Side, StepRefused, after
from packstation.domain.customs.clearance import Step as Said
from packstation.server import blobs
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.customs.consignments import Move, need, next_number, side_of, where_of
from packstation.server.customs.tables import DECLARATION, NOTE, STEP
from packstation.server.moments import stamp
from packstation.server.problems import Problem

LONGEST: Final = 2000
Kind = Literal["question", "answer", "note"]
KINDS: Final = ("question", "answer", "note")


def say(
    server: Server,
    caller: PersonCaller,
    site: str,
    key: str,
    kind: str,
    words: str,
    seen: int | None = None,
) -> None:
    """A question, an answer or a note; ``seen``: how many the caller knew of.

    The same words of the same person that came since then are not said twice.

    Raises:
        Problem: 404; 422 no words.
    """
    if kind not in KINDS or not words.strip():
        raise Problem(422, "no_words", f"kind: {' '.join(KINDS)}; words are allowed")
    with server.store.write() as connection:
        found = need(connection, site, caller, key)
        told = words.strip()[:LONGEST]
        since = found.notes[seen:] if seen is not None else ()
        if any((one.who, one.kind, one.words) == (caller.name, kind, told) for one in since):
            return
        connection.execute(
            insert(NOTE).values(
                site=site,
                consignment=key,
                n=next_number(connection, NOTE, site, key),
                at=stamp(server.clock.now()),
                who=caller.name,
                side=side_of(caller),
                kind=kind,
                words=told,
            )
        )
    server.bell.ring()


class At(Struct, frozen=True):
    """The leg of a declaration, and ``seen``: how many of its steps the caller knew of."""

    leg: str
    seen: int | None = None


class Paper(Struct, frozen=True):
    """A file that comes with a step."""

    name: str = ""
    content: bytes = b""


def declare(
    server: Server,
    caller: PersonCaller,
    site: str,
    key: str,
    at: At,
    said: Said,
    paper: Paper = Paper(),  # noqa: B008 - frozen
) -> Record:
    """A step of a declaration.

    Raises:
        Problem: 404; 409 ``step`` it does not follow, with ``why`` and what is ``allowed``;
            ``stepped`` somebody else said something meanwhile.
    """
    leg, seen = at.leg, at.seen
    if leg not in LEGS:
        raise Problem(404, "unknown_leg", leg)
    side = side_of(caller)
    with server.store.write() as connection:
        found = need(connection, site, caller, key)
        before = next(one for one in found.legs if one.leg == leg)
        record = _record(connection, site, key, leg)
        if seen is not None and seen != len(before.steps):
            if _said(before.steps[seen:], caller, said):
                return record  # pressed twice
            raise Problem(409, "stepped", before.state)
        try:
            record_after = after(record, _own(said, side))
        except StepRefused as exc:
            why, allowed = str(exc.fields["why"]), str(exc.fields["allowed"])
            raise Problem(409, "step", f"{why}: {allowed}", why=why, allowed=allowed) from exc
        sha256 = _filed(server, connection, site, paper)
        move = Move(
            at=stamp(server.clock.now()),
            who=caller.name,
            side=side,
            came_from=record.state,
            state=record_after.state,
            channel=record_after.channel,
            reference=record_after.reference,
            words=said.words.strip()[:LONGEST],
            file=sha256,
            file_name=paper.name[:200] if sha256 else "",
        )
        _keep(connection, site, key, leg, move)
    server.bell.ring()
    return record_after


def _record(connection: Connection, site: str, key: str, leg: str) -> Record:
    """How far a declaration is, whoever said so."""
    where = and_(where_of(DECLARATION, site, key), DECLARATION.c.leg == leg)
    row = connection.execute(select(DECLARATION).where(where)).one_or_none()
    return Record(row.state, row.channel, row.reference) if row else Record()


def _filed(server: Server, connection: Connection, site: str, paper: Paper) -> str:
    """The SHA-256 of a file that is kept; "" where none came."""
    if not paper.content:
        return ""
    return blobs.keep(server, connection, site, paper.content, "application/octet-stream")


def _said(since: Sequence[Move], caller: PersonCaller, said: Said) -> bool:
    """Whether the caller has said just this meanwhile."""
    words = said.words.strip()[:LONGEST]
    return any((one.who, one.state, one.words) == (caller.name, said.to, words) for one in since)


def _own(said: Said, side: Side) -> Said:
    """What a side says is said by that side; a broker hands in as a broker."""
    channel = "broker" if side == "broker" and said.to == "submitted" else said.channel
    return Said(
        to=said.to,
        side=side,
        channel=channel.strip()[:20],
        reference=said.reference.strip()[:64],
        words=said.words,
    )


def _keep(connection: Connection, site: str, key: str, leg: str, move: Move) -> None:
    place = {"site": site, "consignment": key, "leg": leg}
    number = next_number(connection, STEP, site, key)
    columns = {name: getattr(move, name) for name in Move.__struct_fields__}
    connection.execute(insert(STEP).values(**place, n=number, **columns))
    now = {
        "state": move.state,
        "channel": move.channel,
        "reference": move.reference,
        "changed": move.at,
    }
    where = and_(where_of(DECLARATION, site, key), DECLARATION.c.leg == leg)
    if connection.execute(update(DECLARATION).where(where).values(**now)).rowcount == 0:
        connection.execute(insert(DECLARATION).values(**place, **now))
