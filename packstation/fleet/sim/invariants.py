"""What must be true once everything is healed (reference/sync.md section 1.1, I1 to I7).

I8: rows under facts that wait stay, and every bench ends with the server's rows. I9: nothing of
the real code fails in a way that it does not itself answer for. I10: a bench begins a new epoch
only where its journal really is another than the server's. I11: nothing
of a revoked bench or a closed epoch counts.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, func, select

from packstation.domain.events import GENESIS, Event, record_hash
from packstation.fleet.sim.backend import station_of
from packstation.server.tables import JOURNAL, QUARANTINE, ROW, SESSION, STREAM, TALLY

if TYPE_CHECKING:
    from packstation.fleet.sim.story import Scene


def has_epoch(connection: Connection, epoch: str) -> bool:
    """Whether the server knows a journal file."""
    return connection.scalar(select(STREAM.c.hw).where(STREAM.c.epoch == epoch)) is not None


def drained(scene: Scene, within_s: float) -> None:
    """I6: let time pass until every queue is empty."""
    world, start = scene.world, scene.world.now
    while world.now < start + within_s and not world.violations:
        if not (waiting := _waiting(scene)):
            break
        world.run(world.now + 1.0)
    else:
        waiting = _waiting(scene)
    scene.drained_s = world.now - start
    if waiting and not world.violations:
        world.wrong(f"I6 after {within_s:.0f} s: {waiting}")


def settled(scene: Scene, until: float) -> None:
    """Let time pass until every bench has the server's rows."""
    world = scene.world
    while world.now < until and not world.violations:
        with scene.backend.server.store.read() as connection:
            if not _odd_rows(scene, connection):
                return
        world.run(world.now + 5.0)


def _waiting(scene: Scene) -> list[str]:
    lines = []
    with scene.backend.server.store.read() as connection:
        for bench in living(scene):
            events = bench.store.events
            head = events.head()
            where = (STREAM.c.epoch == head.epoch, STREAM.c.station == station_of(bench.number))
            held = connection.scalar(select(STREAM.c.hw).where(*where)) or 0
            if events.acknowledged() < head.seq or held < head.seq:
                lines.append(f"{bench.name} {events.acknowledged()} {held} of {head.seq}")
    return lines


def living(scene: Scene) -> list[Any]:
    """Benches that the server takes facts of."""
    gone = scene.backend.revoked
    return [bench for bench in scene.benches if station_of(bench.number) not in gone]


def all_of(scene: Scene) -> None:
    """All but I6."""
    with scene.backend.server.store.read() as connection:
        journal = connection.execute(select(JOURNAL)).all()
        aside = connection.execute(select(QUARANTINE).where(QUARANTINE.c.problem != "fork")).all()
        _once(scene, journal, aside)
        _streams(scene, connection, journal, aside)
        _labels(scene, journal)
        _counts(scene, connection, journal, aside)
        _rows(scene, connection)
    _alarms(scene)


def _once(scene: Scene, journal: Any, aside: Any) -> None:  # noqa: ANN401 - rows
    """I1, I11: every fact that a packer saw green, exactly once."""
    places = {(row.station, row.epoch, row.seq): row.id for row in journal}
    for row in aside:
        places.setdefault(
            (row.station, row.epoch, row.seq), str(msgspec.json.decode(row.raw)["id"])
        )
    ids = Counter(places.values())
    if doubled := [key for key, count in ids.items() if count > 1]:
        scene.world.wrong(f"I1 more than once: {doubled[:3]}")
    for bench in living(scene):
        lost = [key for key in bench.green if key not in ids]
        if lost:
            scene.world.wrong(
                f"I1 {bench.name} green and not at the server: {lost[:3]} {len(lost)}"
            )
        gone = [key for key in bench.acked if key not in ids]
        if gone and not scene.backend.restored:
            scene.world.wrong(f"I1 {bench.name} acknowledged and gone: {gone[:3]}")


def _streams(scene: Scene, connection: Connection, journal: Any, aside: Any) -> None:  # noqa: ANN401
    """I2, I5: no gap up to the high-water mark, and every hash follows from the one before."""
    held: dict[tuple[str, str], dict[int, tuple[str, str]]] = {}
    for row in journal:
        event = msgspec.convert(_event_of(row), Event)
        digest = record_hash(row.station, row.epoch, row.seq, event)
        held.setdefault((row.station, row.epoch), {})[row.seq] = (row.prev, digest)
        if digest != row.hash:
            scene.world.wrong(f"I5 {row.station} {row.seq}: the hash is another")
    for row in aside:
        raw = msgspec.json.decode(row.raw)
        held.setdefault((row.station, row.epoch), {}).setdefault(row.seq, (raw["prev"], row.hash))
    for stream in connection.execute(select(STREAM)).all():
        ended = scene.backend.ended.get((stream.station, stream.epoch), stream.hw)
        if stream.hw != ended:
            scene.world.wrong(f"I11 {stream.station} grew from {ended} to {stream.hw}")
        records = held.pop((stream.station, stream.epoch), {})
        if sorted(records) != list(range(1, stream.hw + 1)):
            scene.world.wrong(f"I2 {stream.station} {stream.epoch}: not 1..{stream.hw}")
            continue
        prev = GENESIS
        for seq in range(1, stream.hw + 1):
            if records[seq][0] != prev:
                scene.world.wrong(f"I5 {stream.station} {stream.epoch} {seq}: another past")
                break
            prev = records[seq][1]
    if held:
        scene.world.wrong(f"I2 records of no stream: {sorted(held)[:2]}")


def _event_of(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row
    named = {name: getattr(row, name) for name in Event.__struct_fields__ if name != "body"}
    return {**named, "body": msgspec.json.decode(row.body)}


def _labels(scene: Scene, journal: Any) -> None:  # noqa: ANN401 - rows
    """I3: a number belongs to one parcel; I4 is looked at with the counts."""
    if any(bench.rolled_back for bench in scene.benches):
        return  # a disk that was put back has forgotten which numbers it burned
    owners: dict[str, set[str]] = {}
    for row in journal:
        if row.kind == "LabelIssued":
            body = msgspec.json.decode(row.body)
            owners.setdefault(body["waybill"], set()).add(body["key"].partition("/")[0])
    if shared := {number: sorted(of) for number, of in owners.items() if len(of) > 1}:
        scene.world.wrong(f"I3 one number, several parcels: {shared}")


def _counts(scene: Scene, connection: Connection, journal: Any, aside: Any) -> None:  # noqa: ANN401
    """I4: one winning pack an order; I7: the tallies are those of the journal."""
    done = select(SESSION.c.order).where(SESSION.c.state == "completed")
    packed = Counter(connection.scalars(done))
    if twice := [order for order, count in packed.items() if count > 1]:
        scene.world.wrong(f"I4 packed twice: {twice}")
    sums = select(func.sum(TALLY.c.orders), func.sum(TALLY.c.units), func.sum(TALLY.c.facts))
    orders, units, facts = (int(value or 0) for value in connection.execute(sums).one())
    poisoned = {(row.station, row.epoch, row.seq) for row in aside if "body" in row.problem}
    rows = [row for row in journal if (row.station, row.epoch, row.seq) not in poisoned]
    kinds = Counter(row.kind for row in rows)
    wanted = (kinds["SessionCompleted"], kinds["ItemVerified"], len(rows))
    if (orders, units, facts) != wanted:
        scene.world.wrong(f"I7 counted {(orders, units, facts)}, in the journal {wanted}")


def _odd_rows(scene: Scene, connection: Connection) -> list[str]:
    where = (ROW.c.t == "order", ROW.c.op == "put")
    rows = connection.execute(select(ROW.c.id, ROW.c.rev).where(*where)).all()
    wanted = {row.id: row.rev for row in rows}
    lines = []
    for bench in living(scene):
        have = dict(bench.query("SELECT order_id, rev FROM order_row"))
        odd = {key for key, rev in wanted.items() if have.get(key) != rev}
        if not scene.backend.restored:  # what a restored server has forgotten, benches keep
            odd |= have.keys() - wanted.keys()
        if odd:
            lines.append(f"I8 {bench.name} has other rows: {sorted(odd)[:3]} {len(odd)}")
    return lines


def _rows(scene: Scene, connection: Connection) -> None:
    """I8: every bench has the server's orders."""
    for line in _odd_rows(scene, connection):
        scene.world.wrong(line)


def _alarms(scene: Scene) -> None:
    """I10."""
    for bench in scene.benches:
        if bench.alarms and not bench.rolled_back:
            scene.world.wrong(f"I10 {bench.name} began a new epoch without a reason")
