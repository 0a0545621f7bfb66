"""A seeded bench at its database: everything that writes it, through the station's own code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec
from msgspec import Struct

from packstation.domain.orders import Address, Deadline, Order, OrderLine
from packstation.domain.packing.facts import (
    Fact,
    ItemVerified,
    LabelIssued,
    LinePlan,
    SessionCancelled,
    SessionCompleted,
    SessionOpened,
)
from packstation.domain.packing.weight_facts import UnitMeasured
from packstation.station.ports import Draft, Row
from packstation.storage.database import Raw, connect
from packstation.storage.store import FILE, Store, open_store

STATION: Final = "B-01"
AGAIN: Final = "again"  # what ids begin with that are made by whoever opens the disk after a cut
_START: Final = datetime(2026, 11, 21, 8, tzinfo=UTC)
MANY: Final = 100
# One thing after the other, by its weight.
_STEPS: Final = (
    *[("scan", 10), ("open", 4), ("finish", 4), ("acknowledge", 4), ("pull", 4)],
    *[("measure", 1), ("note", 1), ("rewind", 1), ("fork", 1), ("reopen", 1)],
)
_SHOWN: Final = """SELECT
    (SELECT json_group_array(epoch || ':' || hw) FROM (SELECT * FROM cursor ORDER BY epoch)),
    (SELECT count(*) FROM event), (SELECT count(*) FROM quarantine),
    (SELECT json_group_array(session || state) FROM (SELECT * FROM session ORDER BY session)),
    (SELECT json_group_array(order_id || rev) FROM (SELECT * FROM order_row ORDER BY order_id)),
    (SELECT json_group_array(order_id || rev) FROM (SELECT * FROM held_row ORDER BY order_id)),
    (SELECT count(*) FROM waybill), (SELECT count(*) FROM unit_code),
    (SELECT count(*) FROM order_code), (SELECT count(*) FROM order_sku),
    (SELECT json_group_array(key || doc) FROM (SELECT * FROM weight ORDER BY key)),
    (SELECT json_group_array(t || id || doc) FROM (SELECT * FROM row_image ORDER BY t, id)),
    (SELECT json_group_array(name || value) FROM (SELECT * FROM meta ORDER BY name))"""


class Shown(Struct, frozen=True):
    """All that an opened database answers for: the journal's end, and every projection."""

    epoch: str
    seq: int
    hash: str
    rest: tuple[Any, ...]


class CountedTime:
    """``Clock``: a second passes at every look."""

    def __init__(self) -> None:
        """Eight in the morning."""
        self._looks = 0

    def now(self) -> datetime:
        """UTC."""
        self._looks += 1
        return _START + timedelta(seconds=self._looks)

    def mono_ns(self) -> int:
        """Nanoseconds of the same."""
        return self._looks * 1_000_000_000


class CountedIds:
    """``Ids``: 1, 2, 3, ..."""

    def __init__(self, of: str = "id") -> None:
        """Ids of ``of``."""
        self._of, self._count = of, 0

    def new(self) -> str:
        """The next."""
        self._count += 1
        return f"{self._of}-{self._count:06d}"


def opened(folder: Path, by: Callable[..., Raw] = connect, ids: CountedIds | None = None) -> Store:
    """The station's database in ``folder``, as a bench opens it.

    Raises:
        StorageError: it does not open.
    """
    kept = ids or CountedIds(AGAIN)
    return open_store(folder / FILE, station=STATION, clock=CountedTime(), ids=kept, by=by)


def shown(store: Store) -> Shown:
    """What ``store`` holds."""
    head = store.events.head()
    rest = store.database.raw.execute(_SHOWN).fetchone() or ()
    return Shown(head.epoch, head.seq, head.hash, rest)


def work(
    folder: Path, by: Callable[..., Raw], random: Random, steps: int, goods: int
) -> Iterator[Shown]:
    """Work ``steps`` long; yields what was promised each time that the station was told "done".

    ``goods``: orders of one pull, at most; a bench with `MANY` is never closed meanwhile.
    """
    ids = CountedIds()
    bench = _Bench(opened(folder, by, ids), random, ids, goods)
    try:
        yield shown(bench.store)
        steady = goods >= MANY
        names, weights = zip(*[s for s in _STEPS if not (steady and s[0] == "reopen")], strict=True)
        for name in random.choices(names, weights, k=steps):
            if name == "reopen":
                bench.store.close()
                bench.store = opened(folder, by, ids)
            else:
                getattr(bench, name)()
            yield shown(bench.store)
    finally:
        bench.store.close()


class _Bench:
    """What a packer and a server make it write."""

    def __init__(self, store: Store, random: Random, ids: CountedIds, goods: int) -> None:
        self.store, self._random, self._ids, self._goods = store, random, ids, goods
        self._packing: list[tuple[str, str]] = []
        self._pulls = 0

    def _write(self, session: str, order: str, *facts: Fact) -> None:
        self.store.events.append(
            [Draft(fact=f, session=session, actor="P-1", parcel="p-1", order=order) for f in facts]
        )

    def open(self) -> None:
        session, order = self._ids.new(), f"O-{self._random.randrange(40)}"
        plan = (LinePlan(line=1, sku="SKU-A", quantity=2),)
        self._packing.append((session, order))
        self._write(session, order, SessionOpened(order_id=order, rev=1, lines=plan, parcel_id="p"))

    def scan(self) -> None:
        if not self._packing:
            self.open()
            return  # one transaction a step: what was promised is known after each
        session, order = self._random.choice(self._packing)
        serial = self._ids.new() if self._random.random() < 0.5 else ""
        self._write(session, order, ItemVerified(line=1, sku="SKU-A", units=1, serial=serial))

    def finish(self) -> None:
        if not self._packing:
            self.open()
            return
        session, order = self._packing.pop(self._random.randrange(len(self._packing)))
        if self._random.random() < 0.2:
            self._write(session, order, SessionCancelled(reason="other"))
            return
        label = LabelIssued(key=f"{session}/1", waybill=f"RB{self._ids.new()}CN")
        self._write(session, order, label, SessionCompleted())

    def measure(self) -> None:
        weight = 1000 * self._random.randrange(100, 900)
        fact = UnitMeasured(sku="SKU-A", weight_mg=weight, units=1, digit_mg=1000)
        self._write("", "", fact)

    def acknowledge(self) -> None:
        events = self.store.events
        left = events.head().seq - events.acknowledged()
        events.acknowledge(events.acknowledged() + self._random.randint(0, left))

    def rewind(self) -> None:
        self.store.events.rewind(self._random.randint(0, self.store.events.acknowledged()))

    def fork(self) -> None:
        events = self.store.events
        if events.acknowledged() < events.head().seq:
            events.begin_epoch(events.acknowledged() + 1)

    def note(self) -> None:
        self.store.orders.leave_note(self._ids.new())

    def pull(self) -> None:
        self._pulls += 1
        rows = [self._row() for _ in range(self._random.randint(1, self._goods))]
        self.store.orders.apply(rows, str(self._pulls))

    def _row(self) -> Row:
        number = self._random.randrange(self._goods * 2)
        key = f"O-{number}"
        if self._random.random() < 0.1:
            return Row(t="order", id=key, rev=self._pulls, op="del", body={})
        order = Order(
            order_id=key,
            deadlines=(Deadline(kind="handover", at=_START + timedelta(hours=number)),),
            ship_to=Address(name="Зоя Лунёва", country="RU", city="Тверь"),
            lines=(OrderLine(line=1, sku="SKU-A", quantity=2),),
            totes=(f"T-{number}",),
        )
        body = {"order": msgspec.to_builtins(order), "bench": "", "hold": ""}
        return Row(t="order", id=key, rev=self._pulls, op="put", body=body)
