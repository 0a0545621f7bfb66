"""Rows that stations pull: newest image of each thing, in the order of change.

One counter orders all changes; a row that changes again moves to the end of the feed, so a
station that was away gets each thing once. Deleted things stay as tombstones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, and_, insert, select, update

from packstation.domain.psp import MAX_ROWS, ChangedRow, ChangesAnswer
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.privacy import sealing
from packstation.server.problems import Problem
from packstation.server.store import counted, generation
from packstation.server.tables import ROW

# ``aged``: the server still has it, and benches do not any more.
PUT, DEL, AGED = "put", "del", "aged"
THERE: Final = (PUT, AGED)
# Bodies of one answer of changes; a bench refuses one of 32 MiB.
MAX_BYTES: Final = 8 * 1024 * 1024


def put_row(
    server: Server, connection: Connection, site: str, t: str, key: str, body: object
) -> tuple[str, int]:
    """Store the image of a thing; answer "accepted", "changed" or "unchanged", and its rev.

    ``rev`` rises with every change of the image.
    """
    text = msgspec.json.encode(body, order="deterministic").decode()
    where = and_(ROW.c.site == site, ROW.c.t == t, ROW.c.id == key)
    row = connection.execute(select(ROW.c.rev, ROW.c.op, ROW.c.body).where(where)).one_or_none()
    if row and row.op in THERE and _is_same(connection, (site, t, key), row.body, text):
        return "unchanged", row.rev
    rev = row.rev + 1 if row else 1
    _move(server, connection, (site, t, key), {"rev": rev, "op": "put", "body": text}, new=not row)
    return ("accepted" if row is None or row.op == "del" else "changed"), rev


def touch_row(
    server: Server, connection: Connection, site: str, t: str, key: str, body: object
) -> None:
    """Store an image that says something new about the same revision of a thing."""
    text = msgspec.json.encode(body, order="deterministic").decode()
    _move(server, connection, (site, t, key), {"body": text}, new=False)


def delete_row(server: Server, connection: Connection, site: str, t: str, key: str) -> None:
    """Leave a tombstone of a thing that was there."""
    image: dict[str, Any] = {"op": "del", "body": "{}", "rev": ROW.c.rev + 1}
    _move(server, connection, (site, t, key), image, new=False)


def _move(
    server: Server,
    connection: Connection,
    key: tuple[str, str, str],
    image: dict[str, Any],
    *,
    new: bool,
) -> None:
    site, t, name = key
    if t == sealing.ORDER and image.get("op", PUT) == PUT:
        image = {**image, "body": sealing.sealed(connection, site, name, image["body"])}
    place = {"change": counted(connection, "change"), "changed": stamp(server.clock.now())}
    if new:
        connection.execute(insert(ROW).values(site=site, t=t, id=name, **image, **place))
    else:
        where = and_(ROW.c.site == site, ROW.c.t == t, ROW.c.id == name)
        connection.execute(update(ROW).where(where).values(**image, **place))


def row_body(connection: Connection, site: str, t: str, key: str) -> str | None:
    """The JSON image of a thing; None when there is none."""
    where = and_(ROW.c.site == site, ROW.c.t == t, ROW.c.id == key, ROW.c.op.in_(THERE))
    body = connection.scalar(select(ROW.c.body).where(where))
    if body is None or t != sealing.ORDER:
        return body
    return sealing.opened(connection, site, {key: body})[key]


def row_rev(connection: Connection, site: str, t: str, key: str) -> int | None:
    """The revision of a thing; None when there is none."""
    where = and_(ROW.c.site == site, ROW.c.t == t, ROW.c.id == key)
    return connection.scalar(select(ROW.c.rev).where(where))


def changes(server: Server, site: str, cursor: str, limit: int) -> ChangesAnswer:
    """Rows after ``cursor`` ("" = all), at most ``limit`` and some `MAX_BYTES` of bodies.

    Raises:
        Problem: 410 for a cursor of another generation or of no shape.
    """
    limit = max(1, min(limit, MAX_ROWS))
    with server.store.read() as connection:
        gen = generation(connection)
        after = _place(cursor, gen)
        where = and_(ROW.c.site == site, ROW.c.change > after)
        found = connection.execute(
            select(ROW, ROW.c.t.label("thing")).where(where).order_by(ROW.c.change).limit(limit + 1)
        ).all()
        told = found[: _few(found[:limit])]
        orders = {row.id: row.body for row in told if row.thing == sealing.ORDER and row.op == PUT}
        plain = sealing.opened(connection, site, orders)
    rows = tuple(_told(row, plain) for row in told)
    last = found[: len(rows)][-1].change if rows else after
    return ChangesAnswer(gen=gen, cursor=f"{gen}.{last}", more=len(found) > len(rows), rows=rows)


def _told(row: Any, orders: Mapping[str, str]) -> ChangedRow:  # noqa: ANN401 - a row of ROW
    """A row as benches get it: what only the server still has is deleted for them."""
    if row.op not in {PUT, DEL}:
        return ChangedRow(t=row.thing, id=row.id, rev=row.rev, op=DEL)
    text = orders.get(row.id, row.body) if row.thing == sealing.ORDER else row.body
    body = msgspec.json.decode(text)
    return ChangedRow(t=row.thing, id=row.id, rev=row.rev, op=row.op, body=body)


def _is_same(connection: Connection, key: tuple[str, str, str], before: str, text: str) -> bool:
    """Whether a kept image says what ``text`` does; of an erased order, but for the buyer."""
    site, t, name = key
    if t != sealing.ORDER:
        return before == text
    plain = sealing.opened(connection, site, {name: before})[name]
    return sealing.same(plain, sealing.allowed(connection, site, name, text))


def age_row(connection: Connection, site: str, t: str, key: str) -> None:
    """Benches forget a thing that the server still has; its image and revision stay."""
    where = and_(ROW.c.site == site, ROW.c.t == t, ROW.c.id == key)
    change = counted(connection, "change")  # not `changed`: the thing itself is as it was
    connection.execute(update(ROW).where(where).values(op=AGED, change=change))


def _few(found: Sequence[Any]) -> int:
    """How many rows go into an answer that a bench still takes; pictures make some large."""
    size = 0
    for count, row in enumerate(found):
        size += len(row.body)
        if count and size > MAX_BYTES:
            return count
    return len(found)


def _place(cursor: str, gen: int) -> int:
    """The change number of a cursor; one from before a restore means nothing any more."""
    if cursor == "":
        return 0
    made, _, change = cursor.partition(".")
    if made != str(gen) or not (change.isascii() and change.isdigit()):
        raise Problem(410, "resync", gen=gen)
    return int(change)
