"""Consignments: orders that go through customs together, handed over to a broker.

A broker sees those that were handed over to them and nothing else: every way to one goes through
``need``, which answers another's as if there were none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from packstation.domain.customs.checking import digest
from packstation.domain.customs.clearance import LEGS, Side
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.customs import brokers, handings, manifests
from packstation.server.customs.cases import STOPS, Desk, Raw, cases, desk
from packstation.server.customs.handings import Times
from packstation.server.customs.tables import CONSIGNMENT, DECLARATION, NOTE, PART, STEP
from packstation.server.moments import stamp
from packstation.server.problems import Problem

MOST_ORDERS: Final = 500
_KEY: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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
    mine = _own_broker(connection, site, caller)
    if not mine:
        return where
    return and_(where, CONSIGNMENT.c.broker == mine, CONSIGNMENT.c.handed != "")


def _own_broker(connection: Connection, site: str, caller: PersonCaller) -> str:
    """The broker that a caller speaks for; "" for the office, which sees everything."""
    return "" if side_of(caller) == "office" else brokers.broker_of(connection, site, caller)


def need(connection: Connection, site: str, caller: PersonCaller, key: str) -> Consignment:
    """One that a caller may see.

    Raises:
        Problem: 404 there is none, or it is not theirs; 409 ``no_broker``.
    """
    where = and_(_seen(connection, site, caller), CONSIGNMENT.c.consignment == key)
    row = connection.execute(select(CONSIGNMENT).where(where)).one_or_none()
    if row is None:
        raise Problem(404, "unknown_consignment")
    return _whole(connection, site, row, _own_broker(connection, site, caller))


def whole(connection: Connection, site: str, key: str) -> Consignment | None:
    """One, for the server itself; None where there is none."""
    row = connection.execute(
        select(CONSIGNMENT).where(where_of(CONSIGNMENT, site, key))
    ).one_or_none()
    return _whole(connection, site, row) if row else None


def all_of(connection: Connection, site: str, caller: PersonCaller) -> tuple[Consignment, ...]:
    """All that a caller may see, the newest first."""
    query = select(CONSIGNMENT).where(_seen(connection, site, caller))
    rows = connection.execute(query.order_by(CONSIGNMENT.c.made.desc()).limit(MOST_ORDERS)).all()
    mine = _own_broker(connection, site, caller)
    return tuple(_whole(connection, site, row, mine) for row in rows)


def _whole(connection: Connection, site: str, row: Any, broker: str = "") -> Consignment:  # noqa: ANN401 - a row
    """All of it, or what ``broker`` may see of it."""
    key = row.consignment
    seen = handings.times(connection, site, row, broker) if broker else None
    parts = connection.execute(select(PART).where(where_of(PART, site, key)).order_by(PART.c.order))
    notes = connection.execute(select(NOTE).where(where_of(NOTE, site, key)).order_by(NOTE.c.n))
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
            if seen is None or seen.sees("notes", one.n, one.side)
        ),
        legs=_legs(connection, site, key, seen),
    )


def _legs(
    connection: Connection, site: str, key: str, seen: Times | None
) -> tuple[Declaration, ...]:
    """The declarations; how far each is everybody knows, what was said of it who was there."""
    found = {
        row.leg: row
        for row in connection.execute(select(DECLARATION).where(where_of(DECLARATION, site, key)))
    }
    steps: dict[str, list[Move]] = {leg: [] for leg in LEGS}
    for row in connection.execute(select(STEP).where(where_of(STEP, site, key)).order_by(STEP.c.n)):
        if seen is None or seen.sees("steps", row.n, row.side):
            columns = {name: getattr(row, name) for name in Move.__struct_fields__}
            steps.setdefault(row.leg, []).append(Move(**columns))
    return tuple(_leg(leg, found.get(leg), steps[leg], seen) for leg in LEGS)


def _leg(leg: str, row: Any, steps: Sequence[Move], seen: Times | None) -> Declaration:  # noqa: ANN401 - a row
    if row is None:
        return Declaration(leg=leg)
    told = Declaration(leg=leg, state=row.state, changed=row.changed, steps=tuple(steps))
    if seen is not None and row.reference not in {one.reference for one in steps}:
        return told  # another broker's channel and number
    return replace(told, channel=row.channel, reference=row.reference)


# --- what the office does --------------------------------------------------------------------


def make(
    server: Server,
    caller: PersonCaller,
    site: str,
    name: str,
    orders: Sequence[str],
    key: str = "",
) -> str:
    """Put orders together; answers the consignment's id.

    ``key``: the id that the caller gives it, so that asking twice makes one.

    Raises:
        Problem: 422 ``no_orders``, ``unknown_orders`` with their ids.
    """
    wanted = list(dict.fromkeys(order.strip() for order in orders if order.strip()))
    if not wanted or len(wanted) > MOST_ORDERS:
        raise Problem(422, "no_orders", f"1 to {MOST_ORDERS} orders")
    key, now = key if _KEY.fullmatch(key) else server.ids.new(), stamp(server.clock.now())
    with server.store.write() as connection:
        if whole(connection, site, key) is not None:
            return key
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


def hand_over(
    server: Server,
    caller: PersonCaller,
    site: str,
    key: str,
    broker: str,
    seen: str | None = None,
) -> None:
    """Give a checked set to a broker; "" takes it back.

    ``seen``: when it was handed over as far as the caller knows ("" not yet); None: whatever.

    Raises:
        Problem: 404; 422 no such broker; 409 ``blocked`` with the orders that rules stop,
            ``moved`` somebody else was faster.
    """
    now = server.clock.now()
    with server.store.write() as connection:
        found = need(connection, site, caller, key)
        if seen is not None and seen != found.handed:
            if found.broker == broker:
                return  # pressed twice
            raise Problem(409, "moved", found.broker)
        if broker and not brokers.known(connection, site, broker):
            raise Problem(422, "unknown_broker", broker)
        digests = checked(server, connection, site, found) if broker else {}
        handings.keep(connection, site, key, stamp(now), (broker, caller.name))
        manifests.use(connection, site, key, _checked_raws(server, connection, site, digests))
        columns = {"broker": broker, "handed": stamp(now) if broker else ""}
        where = where_of(CONSIGNMENT, site, key)
        connection.execute(
            update(CONSIGNMENT).where(where).values(**columns, handed_by=caller.name)
        )
        for order, told in digests.items():
            mine = and_(where_of(PART, site, key), PART.c.order == order)
            connection.execute(update(PART).where(mine).values(digest=told))
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
    told = manifests.told(connection, site, raws)
    digests, blocked = {}, {}
    for part in found.orders:
        raw = raws.get(part.order)
        rules = _stopping(at, raw, told[part.order]) if raw is not None else ("?",)
        if raw is None or rules:
            blocked[part.order] = " ".join((part.order, *rules))
        else:
            digests[part.order] = digest(raw)  # rates of the day are not handed over
    if blocked:
        detail = ", ".join(list(blocked.values())[:20])
        raise Problem(409, "blocked", detail, orders=list(blocked)[:20])
    return digests


def _stopping(at: Desk, raw: Raw, told: Raw) -> tuple[str, ...]:
    """The rules that stop an order beside the others of its consignment."""
    found = (at.check({**raw, "bench": told}, one).of(STOPS) for one in manifests.MOMENTS)
    return tuple(dict.fromkeys(one.rule for some in found for one in some))


def _checked_raws(
    server: Server, connection: Connection, site: str, orders: Iterable[str]
) -> Mapping[str, Raw]:
    """Orders as they were checked; of none, none."""
    return cases(connection, desk(connection, site, server.clock.now()).site, orders)


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


def next_number(connection: Connection, table: Any, site: str, key: str) -> int:  # noqa: ANN401
    """The number of the next row of a consignment."""
    return (
        connection.scalar(select(func.max(table.c.n)).where(where_of(table, site, key))) or 0
    ) + 1


def where_of(table: Any, site: str, key: str) -> ColumnElement[bool]:  # noqa: ANN401 - SQLAlchemy
    """Rows of a consignment."""
    return and_(table.c.site == site, table.c.consignment == key)
