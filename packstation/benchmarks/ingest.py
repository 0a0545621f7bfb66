"""The journal endpoint beside bare COPY into the same table, by turns in one run.

Signed pushes of BENCHES benches over as many connections into a server of its own process on a
PostgreSQL cluster of its own (fsync on), nothing projected meanwhile; the reference is asyncpg's
``copy_records_to_table`` over COPIERS connections into a table with the journal's columns and
indexes, one transaction a batch. Each size takes ROUNDS turns; ratios are of the medians.

``cpu``: of the server's process an event: HTTP, signature, decoding, hashes, statement, answer.
``share``: of COPY's events a second. Projecting a backlog is measured before.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from subprocess import Popen
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]  # it has no types
from msgspec import Struct

from packstation.benchmarks import children
from packstation.benchmarks.figures import Result, median
from packstation.benchmarks.ingest_load import Sender, enrol, send
from packstation.fleet.postgres import OwnCluster
from packstation.server.databases import parsed
from packstation.server.ingest.hot import address
from packstation.server.ingest.writing import ROW

BENCHES: Final = 16
COPIERS: Final = 8
ROUNDS: Final = 5
# Events of a push: pushes of each bench in a turn, goals.
SIZES: Final = {
    1: (40, {}),
    50: (20, {"ratio": 1 / 0.50, "cpu_us": 25.0}),
    500: (4, {"ratio": 1 / 0.40}),
}
_WARM: Final = 2
BACKLOG: Final = 20  # pushes of 50 a bench, for the projection


def measure(*, quick: bool = False) -> list[Result]:
    """One result for each size of push, and the projection of all."""
    with tempfile.TemporaryDirectory(prefix="ps-ingest-", dir="/var/tmp") as folder:
        scratch = Path(folder)
        scratch.chmod(0o755)  # PostgreSQL is another user
        cluster = OwnCluster(scratch / "cluster", durable=True).create()
        cluster.start()
        try:
            return _measured(cluster.create_database("ingest"), scratch, quick=quick)
        finally:
            cluster.stop()


def _measured(url: str, scratch: Path, *, quick: bool) -> list[Result]:
    benches = [Sender(number) for number in range(BENCHES)]
    copied = [Sender(BENCHES + number) for number in range(COPIERS)]
    enrol(url, benches)
    seat = children.start(("-m", "packstation.benchmarks.ingest_seat", url), scratch)
    try:
        port = int(_said(seat))
        asyncio.run(_prepare(url))
        batches = _WARM if quick else BACKLOG
        send(port, [[one.request(one.push(50)) for _ in range(batches)] for one in benches])
        projection = _projected(seat, batches * 50 * BENCHES)
        ground = _Ground(seat, port, url, benches, copied)
        results = []
        for size, (pushes, goal) in SIZES.items():
            turns = 1 if quick else ROUNDS
            found = _size(ground, size, 1 if quick else pushes, turns)
            results.append(_result(size, found, goal))
        return [*results, projection]
    finally:
        children.end(seat, 60)


Turn = tuple[float, float, float]  # events a second of ours, of COPY, CPU us an event


class _Ground(Struct, frozen=True):
    """Where it is measured: the server, its database, who pushes and who copies."""

    seat: Any
    port: int
    url: str
    benches: Sequence[Sender]
    copied: Sequence[Sender]


def _size(ground: _Ground, size: int, pushes: int, rounds: int) -> list[Turn]:
    seat, benches, copied = ground.seat, ground.benches, ground.copied
    turns = []
    each = pushes * BENCHES // COPIERS
    for _ in range(rounds):
        rows = [[one.rows(one.push(size)) for _ in range(each)] for one in copied]
        began = asyncio.run(_copy(ground.url, rows))
        bare = each * COPIERS * size / began
        lines = [[one.request(one.push(size)) for _ in range(pushes)] for one in benches]
        events = pushes * BENCHES * size
        cpu, start = _asked(seat, "cpu"), time.monotonic()
        send(ground.port, lines)
        took = time.monotonic() - start
        turns.append((events / took, bare, (_asked(seat, "cpu") - cpu) / events * 1e6))
    return turns


async def _prepare(url: str) -> None:
    connection = await asyncpg.connect(**address(parsed(url)))
    await connection.execute("CREATE TABLE plain (LIKE journal INCLUDING ALL)")
    await connection.close()


async def _copy(url: str, lines: Sequence[Sequence[Sequence[tuple[Any, ...]]]]) -> float:
    """Each line's batches over a connection of its own; how many seconds it took."""
    where = address(parsed(url))
    connections = [await asyncpg.connect(**where) for _ in lines]

    async def one(connection: Any, batches: Sequence[Sequence[tuple[Any, ...]]]) -> None:  # noqa: ANN401
        for batch in batches:
            await connection.copy_records_to_table("plain", records=batch, columns=ROW)

    start = time.monotonic()
    await asyncio.gather(*map(one, connections, lines))
    took = time.monotonic() - start
    for connection in connections:
        await connection.close()
    return took


def _result(size: int, turns: Sequence[Turn], goal: dict[str, float]) -> Result:
    ours, bare = median([turn[0] for turn in turns]), median([turn[1] for turn in turns])
    return Result(
        name=f"ingest, pushes of {size}",
        figures={
            "events_a_second": round(ours),
            "share_percent": round(100 * ours / bare, 1),
            "cpu_us": round(median([turn[2] for turn in turns]), 1),
        },
        reference={"events_a_second": round(bare)},
        ratio=bare / ours,
        goal=goal,
        note="reference: asyncpg COPY into the same table",
        shape={"benches": BENCHES, "copiers": COPIERS, "rounds": ROUNDS, "cores": os.cpu_count()},
    )


def _projected(seat: Popen[str], events: int) -> Result:
    cpu = _asked(seat, "cpu")
    took = _asked(seat, "project")
    used = _asked(seat, "cpu") - cpu
    figures = {
        "events_a_second": round(events / took),
        "cpu_us": round(used / events * 1e6, 1),
    }
    return Result(name="projection of a backlog", figures=figures, reference={}, ratio=0.0, goal={})


def _asked(seat: Popen[str], what: str) -> float:
    assert seat.stdin is not None  # noqa: S101 - `children.start` makes pipes
    seat.stdin.write(f"{what}\n")
    seat.stdin.flush()
    return float(_said(seat))


def _said(seat: Popen[str]) -> str:
    assert seat.stdout is not None  # noqa: S101 - `children.start` makes pipes
    return seat.stdout.readline().strip()
