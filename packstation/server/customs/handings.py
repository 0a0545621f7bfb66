"""In whose hands a consignment was when something was said of it.

A broker sees what was said in their own time, and what the office said just before it, to them.
What another broker wrote, filed or was told stays between that one and the office.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, func, insert, select

from packstation.server.customs.tables import CONSIGNMENT, HANDING, NOTE, STEP

Thing = Literal["notes", "steps"]


class Handing(Struct, frozen=True):
    """From when on somebody had it; ``notes``, ``steps``: those up to these numbers were before."""

    broker: str
    notes: int = 0
    steps: int = 0


class Times(Struct, frozen=True):
    """All hand-overs of a consignment as ``broker`` may look at them."""

    broker: str
    handings: tuple[Handing, ...]

    def sees(self, thing: Thing, number: int, side: str) -> bool:
        """Whether the note or step ``number`` is the broker's to see."""
        held = [one for one in self.handings if getattr(one, thing) < number]
        holder = held[-1].broker if held else ""
        if holder:
            return holder == self.broker
        after = self.handings[len(held) :]
        return side == "office" and bool(after) and after[0].broker == self.broker


def times(connection: Connection, site: str, row: Any, broker: str) -> Times:  # noqa: ANN401 - a row
    """What ``broker`` may see of a consignment."""
    where = _of(HANDING, site, row.consignment)
    rows = connection.execute(select(HANDING).where(where).order_by(HANDING.c.n)).all()
    known = tuple(Handing(one.broker, one.notes, one.steps) for one in rows)
    return Times(broker, known or _by_clock(connection, site, row))


def _by_clock(connection: Connection, site: str, row: Any) -> tuple[Handing, ...]:  # noqa: ANN401
    """Handed over before hand-overs were kept: what is older was for nobody knows whom."""
    counts = [
        connection.scalar(
            select(func.max(table.c.n)).where(
                and_(_of(table, site, row.consignment), table.c.at < row.handed)
            )
        )
        for table in (NOTE, STEP)
    ]
    return Handing("?"), Handing(row.broker, counts[0] or 0, counts[1] or 0)


def keep(connection: Connection, site: str, key: str, at: str, said: tuple[str, str]) -> None:
    """A hand-over at ``at``; ``said``: the broker ("" took it back) and who did it."""
    where = _of(HANDING, site, key)
    number = connection.scalar(select(func.max(HANDING.c.n)).where(where)) or 0
    if not number:
        old = connection.execute(
            select(CONSIGNMENT).where(_of(CONSIGNMENT, site, key), CONSIGNMENT.c.handed != "")
        ).one_or_none()
        before: Sequence[Handing] = _by_clock(connection, site, old) if old else ()
        for number, one in enumerate(before, start=1):
            _put(connection, site, key, number, one, (at, ""))
    notes, steps = (
        connection.scalar(select(func.max(table.c.n)).where(_of(table, site, key))) or 0
        for table in (NOTE, STEP)
    )
    _put(connection, site, key, number + 1, Handing(said[0], notes, steps), (at, said[1]))


def _put(
    connection: Connection, site: str, key: str, number: int, one: Handing, by: tuple[str, str]
) -> None:
    place = {"site": site, "consignment": key, "n": number, "at": by[0], "who": by[1]}
    told = {"broker": one.broker, "notes": one.notes, "steps": one.steps}
    connection.execute(insert(HANDING).values(**place, **told))


def _of(table: Any, site: str, key: str) -> ColumnElement[bool]:  # noqa: ANN401 - SQLAlchemy
    return and_(table.c.site == site, table.c.consignment == key)
