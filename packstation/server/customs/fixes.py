"""What the office mended outlives the next import: a three-way merge by field.

The source of an import does not know what the office filled in, and sends the old value again
every night. As long as it sends what it had when we changed the field, ours stays; once it sends
something else, that is news and takes its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, delete, func, insert, or_, select

from packstation.server.customs import due
from packstation.server.customs.tables import FIX
from packstation.server.moments import stamp
from packstation.server.rows import THERE
from packstation.server.tables import ORDERS, ROW

T = TypeVar("T", bound=Struct)
KEPT: Final = timedelta(days=30)


def carried(connection: Connection, site: str, t: str, key: str, thing: T) -> T:
    """``thing`` as imported, with what the office mended of it."""
    rows = connection.execute(select(FIX).where(_of(site, t, key))).all()
    if not rows:
        return thing
    raw = msgspec.to_builtins(thing)
    for row in rows:
        field = row.field
        if text_of(value_at(raw, field)) == row.was:
            put_at(raw, field, msgspec.json.decode(row.put))
        elif text_of(value_at(raw, field)) != row.put:
            connection.execute(delete(FIX).where(and_(_of(site, t, key), FIX.c.field == field)))
    return msgspec.convert(raw, type(thing))


def keep(
    connection: Connection, site: str, t: str, key: str, changed: Mapping[str, tuple[Any, Any]]
) -> None:
    """Note what a field had and what it has now; what the source had at first stays known."""
    for field, (was, put) in changed.items():
        mine = and_(_of(site, t, key), FIX.c.field == field)
        before = connection.scalar(select(FIX.c.was).where(mine))
        connection.execute(delete(FIX).where(mine))
        row = {"was": text_of(was) if before is None else before, "put": text_of(put)}
        connection.execute(insert(FIX).values(site=site, t=t, id=key, field=field, **row))


def forget(connection: Connection, site: str, now: datetime) -> None:
    """What orders had before a change goes ``KEPT`` after their end: it is the buyers' data.

    Until then a parcel may be opened again, and an import still knows the old value.
    """
    same = and_(ROW.c.site == ORDERS.c.site, ROW.c.id == ORDERS.c.order, ROW.c.t == "order")
    ended = func.coalesce(func.nullif(ORDERS.c.finished, ""), ROW.c.changed)
    young = or_(due.is_open(site), and_(ORDERS.c.site == site, ended >= stamp(now - KEPT)))
    kept = select(ORDERS.c.order).select_from(ORDERS.join(ROW, same))
    others = FIX.c.id.not_in(kept.where(and_(ROW.c.op.in_(THERE), young)))
    connection.execute(delete(FIX).where(and_(FIX.c.site == site, FIX.c.t == "order", others)))


def value_at(raw: Mapping[str, Any], field: str) -> Any:  # noqa: ANN401 - any JSON value
    """What stands at ``a.b.c``; "" where nothing does, or null."""
    value: Any = raw
    for name in field.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return "" if value is None else value


def put_at(raw: dict[str, Any], field: str, value: object) -> None:
    """Put ``value`` at ``a.b.c``; "" takes away what stands there."""
    *above, last = field.split(".")
    for name in above:
        inner = raw.get(name)
        raw[name] = inner if isinstance(inner, dict) else {}
        raw = raw[name]
    if value == "":
        raw.pop(last, None)
    else:
        raw[last] = value


def text_of(value: object) -> str:
    """A JSON value as compared and kept."""
    return msgspec.json.encode(value, order="deterministic").decode()


def _of(site: str, t: str, key: str) -> Any:  # noqa: ANN401 - SQLAlchemy
    return and_(FIX.c.site == site, FIX.c.t == t, FIX.c.id == key)
