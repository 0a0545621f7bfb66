"""Consignments: orders that go through customs together, handed over to a broker.

A broker sees those that were handed over to them and nothing else: every way to one goes through
``need``, which answers another's as if there were none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from packstation.domain.customs.clearance import LEGS, Record, Side, StepRefused, after
from packstation.domain.customs.clearance import Step as Said
from packstation.server import blobs
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.customs import brokers
from packstation.server.customs.cases import STOPS, cases, desk
from packstation.server.customs.tables import CONSIGNMENT, DECLARATION, NOTE, PART, STEP
from packstation.server.moments import stamp
from packstation.server.problems import Problem

MOST_ORDERS: Final = 500
LONGEST: Final = 2000
Kind = Literal["question", "answer", "note"]
KINDS: Final = ("question", "answer", "note")


class Part(Struct, frozen=True, kw_only=True):
    """An order of a consignment; ``digest`` of its data as handed over, "" before."""

    order: str
    digest: str = ""


class Told(Struct, frozen=True, kw_only=True):
    """A word between office and broker."""

    at: str
    who: str
    side: str
    kind: str
    words: str


class Move(Struct, frozen=True, kw_only=True):
    """A step of a declaration; ``file`` is the SHA-256 of what came with it."""

    at: str
    who: str
    side: str
    came_from: str
    state: str
    channel: str = ""
    reference: str = ""
    words: str = ""
    file: str = ""
    file_name: str = ""


class Declaration(Struct, frozen=True, kw_only=True):
    """The declaration of one leg, its steps from the first on."""

    leg: str
    state: str = ""
    channel: str = ""
    reference: str = ""
    changed: str = ""
    steps: tuple[Move, ...] = ()


class Consignment(Struct, frozen=True, kw_only=True):
    """One with all that belongs to it."""

    id: str
    name: str
    made: str
    who: str
    broker: str = ""
    handed: str = ""
    orders: tuple[Part, ...] = ()
    notes: tuple[Told, ...] = ()
    legs: tuple[Declaration, ...] = ()

    @property
    def open_questions(self) -> int:
        """Questions that nobody has answered since."""
        kinds = [note.kind for note in self.notes]
        last = max((n for n, kind in enumerate(kinds) if kind == "answer"), default=-1)
        return kinds[last + 1 :].count("question")


def side_of(caller: PersonCaller) -> Side:
    """For whom a caller speaks."""
    return "broker" if caller.role == "broker" else "office"


def _seen(connection: Connection, site: str, caller: PersonCaller) -> ColumnElement[bool]:
    """Which consignments a caller may see."""
    where = CONSIGNMENT.c.site == site
    if side_of(caller) == "office":
        return where
    mine = brokers.broker_of(connection, site, caller)
    return and_(where, CONSIGNMENT.c.broker == mine, CONSIGNMENT.c.handed != "")


def need(connection: Connection, site: str, caller: PersonCaller, key: str) -> Consignment:
    """One that a caller may see.

    Raises:
        Problem: 404 there is none, or it is not theirs; 409 ``no_broker``.
    """
    where = and_(_seen(connection, site, caller), CONSIGNMENT.c.consignment == key)
    row = connection.execute(select(CONSIGNMENT).where(where)).one_or_none()
    if row is None:
        raise Problem(404, "unknown_consignment")
    return _whole(connection, site, row)


def all_of(connection: Connection, site: str, caller: PersonCaller) -> tuple[Consignment, ...]:
    """All that a caller may see, the newest first."""
    query = select(CONSIGNMENT).where(_seen(connection, site, caller))
    rows = connection.execute(query.order_by(CONSIGNMENT.c.made.desc()).limit(MOST_ORDERS)).all()
    return tuple(_whole(connection, site, row) for row in rows)


def _whole(connection: Connection, site: str, row: Any) -> Consignment:  # noqa: ANN401 - a row
    key = row.consignment
    parts = connection.execute(select(PART).where(_of(PART, site, key)).order_by(PART.c.order))
    notes = connection.execute(select(NOTE).where(_of(NOTE, site, key)).order_by(NOTE.c.n))
    return Consignment(
        id=key,
        name=row.name,
        made=row.made,
        who=row.who,
        broker=row.broker,
        handed=row.handed,
        orders=tuple(Part(order=one.order, digest=one.digest) for one in parts),
        notes=tuple(
            Told(at=one.at, who=one.who, side=one.side, kind=one.kind, words=one.words)
            for one in notes
        ),
        legs=_legs(connection, site, key),
    )


def _legs(connection: Connection, site: str, key: str) -> tuple[Declaration, ...]:
    found = {
        row.leg: row
        for row in connection.execute(select(DECLARATION).where(_of(DECLARATION, site, key)))
    }
    steps: dict[str, list[Move]] = {leg: [] for leg in LEGS}
    for row in connection.execute(select(STEP).where(_of(STEP, site, key)).order_by(STEP.c.n)):
        columns = {name: getattr(row, name) for name in Move.__struct_fields__}
        steps.setdefault(row.leg, []).append(Move(**columns))
    return tuple(
        Declaration(
            leg=leg,
            state=found[leg].state if leg in found else "",
            channel=found[leg].channel if leg in found else "",
            reference=found[leg].reference if leg in found else "",
            changed=found[leg].changed if leg in found else "",
            steps=tuple(steps[leg]),
        )
        for leg in LEGS
    )


# --- what the office does --------------------------------------------------------------------


def make(server: Server, caller: PersonCaller, site: str, name: str, orders: Sequence[str]) -> str:
    """Put orders together; answers the consignment's id.

    Raises:
        Problem: 422 ``no_orders``, ``unknown_orders`` with their ids.
    """
    wanted = list(dict.fromkeys(order.strip() for order in orders if order.strip()))
    if not wanted or len(wanted) > MOST_ORDERS:
        raise Problem(422, "no_orders", f"1 to {MOST_ORDERS} orders")
    key, now = server.ids.new(), stamp(server.clock.now())
    with server.store.write() as connection:
        at = desk(connection, site, server.clock.now())
        known = cases(connection, at.site, wanted)
        unknown = [order for order in wanted if order not in known]
        if unknown:
            raise Problem(422, "unknown_orders", ", ".join(unknown[:20]), orders=unknown[:20])
        told = name.strip()[:100] or now[:10]
        row = {"site": site, "consignment": key, "name": told, "made": now, "who": caller.name}
        connection.execute(insert(CONSIGNMENT).values(**row))
        place = {"site": site, "consignment": key}
        connection.execute(insert(PART), [{**place, "order": order} for order in wanted])
    return key


def hand_over(server: Server, caller: PersonCaller, site: str, key: str, broker: str) -> None:
    """Give a checked set to a broker; "" takes it back.

    Raises:
        Problem: 404; 422 no such broker; 409 ``blocked`` with the orders that rules stop.
    """
    now = server.clock.now()
    with server.store.write() as connection:
        found = need(connection, site, caller, key)
        if broker and not brokers.known(connection, site, broker):
            raise Problem(422, "unknown_broker", broker)
        digests = checked(server, connection, site, found) if broker else {}
        columns = {"broker": broker, "handed": stamp(now) if broker else ""}
        where = _of(CONSIGNMENT, site, key)
        connection.execute(
            update(CONSIGNMENT).where(where).values(**columns, handed_by=caller.name)
        )
        for order, digest in digests.items():
            mine = and_(_of(PART, site, key), PART.c.order == order)
            connection.execute(update(PART).where(mine).values(digest=digest))
    server.bell.ring()


def checked(
    server: Server, connection: Connection, site: str, found: Consignment
) -> Mapping[str, str]:
    """The digest of each order as it stands.

    Raises:
        Problem: 409 ``blocked``: customs rules stop some of them, or they are gone.
    """
    at = desk(connection, site, server.clock.now())
    raws = cases(connection, at.site, [part.order for part in found.orders])
    digests, blocked = {}, []
    for part in found.orders:
        looked = at.check(raws[part.order]) if part.order in raws else None
        if looked is None or looked.of(STOPS):
            blocked.append(part.order)
        else:
            digests[part.order] = looked.digest
    if blocked:
        raise Problem(409, "blocked", ", ".join(blocked[:20]), orders=blocked[:20])
    return digests


# --- what both do ----------------------------------------------------------------------------


def say(server: Server, caller: PersonCaller, site: str, key: str, kind: str, words: str) -> None:
    """A question, an answer or a note.

    Raises:
        Problem: 404; 422 no words.
    """
    if kind not in KINDS or not words.strip():
        raise Problem(422, "no_words", f"kind: {' '.join(KINDS)}; words are allowed")
    with server.store.write() as connection:
        need(connection, site, caller, key)
        connection.execute(
            insert(NOTE).values(
                site=site,
                consignment=key,
                n=_next(connection, NOTE, site, key),
                at=stamp(server.clock.now()),
                who=caller.name,
                side=side_of(caller),
                kind=kind,
                words=words.strip()[:LONGEST],
            )
        )
    server.bell.ring()


class Paper(Struct, frozen=True):
    """A file that comes with a step."""

    name: str = ""
    content: bytes = b""


def declare(
    server: Server,
    caller: PersonCaller,
    site: str,
    key: str,
    leg: str,
    said: Said,
    paper: Paper = Paper(),  # noqa: B008 - frozen
) -> Record:
    """A step of a declaration.

    Raises:
        Problem: 404; 409 ``step`` it does not follow, with ``why`` and what is ``allowed``.
    """
    if leg not in LEGS:
        raise Problem(404, "unknown_leg", leg)
    side = side_of(caller)
    with server.store.write() as connection:
        found = need(connection, site, caller, key)
        before = next(one for one in found.legs if one.leg == leg)
        record = Record(before.state, before.channel, before.reference)  # type: ignore[arg-type]
        try:
            record_after = after(record, _own(said, side))
        except StepRefused as exc:
            why, allowed = str(exc.fields["why"]), str(exc.fields["allowed"])
            raise Problem(409, "step", f"{why}: {allowed}", why=why, allowed=allowed) from exc
        sha256 = ""
        if paper.content:
            media = "application/octet-stream"
            sha256 = blobs.keep(server, connection, site, paper.content, media)
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
    number = _next(connection, STEP, site, key)
    columns = {name: getattr(move, name) for name in Move.__struct_fields__}
    connection.execute(insert(STEP).values(**place, n=number, **columns))
    now = {
        "state": move.state,
        "channel": move.channel,
        "reference": move.reference,
        "changed": move.at,
    }
    where = and_(_of(DECLARATION, site, key), DECLARATION.c.leg == leg)
    if connection.execute(update(DECLARATION).where(where).values(**now)).rowcount == 0:
        connection.execute(insert(DECLARATION).values(**place, **now))


def file_of(found: Consignment, sha256: str) -> str:
    """The name of a file of a consignment.

    Raises:
        Problem: 404 it has none such.
    """
    for leg in found.legs:
        for move in leg.steps:
            if sha256 and move.file == sha256:
                return move.file_name or sha256
    raise Problem(404, "unknown_file")


def _next(connection: Connection, table: Any, site: str, key: str) -> int:  # noqa: ANN401
    return (connection.scalar(select(func.max(table.c.n)).where(_of(table, site, key))) or 0) + 1


def _of(table: Any, site: str, key: str) -> ColumnElement[bool]:  # noqa: ANN401 - SQLAlchemy
    return and_(table.c.site == site, table.c.consignment == key)
