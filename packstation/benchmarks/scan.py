"""Bytes on a pty to the painted verdict, the durable commit in between.

The product's window at 1920 x 1080 on the scanning stage, its scale streaming and its printer
asked as on a real bench; beside it the least that can show a scan: a pyserial thread that gives
its lines to a QLabel. Both run all the time in processes of their own, and are scanned into by
turns. Scans are written at set moments whether or not the one before was answered.

The verdict (strip, tone, words) is painted and flushed first: p50, p99. ``whole`` is when all
other regions that a scan changes have followed. ``commit`` is a bare transaction of one row on
the same disk, of the same size and durability, measured in the same turns.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from packstation.benchmarks import shop
from packstation.benchmarks.children import start
from packstation.benchmarks.figures import Result, median, spread
from packstation.benchmarks.place import configure
from packstation.benchmarks.wire import Seat, Wire
from packstation.devices.sim.bench import SimBench
from packstation.settings import DeviceSection
from packstation.storage.database import Database

FRAME_MS: Final = 16.7  # one frame at 60 Hz
TIMES: Final = 4.0  # of the bare loop's median
WARM_UP: Final = 24
ROUND: Final = 20  # scans into one program before it is the other's turn
RECORD: Final = 600  # bytes
COMMIT_GAP_S: Final = 0.005
SETTLE_S: Final = 0.1  # the last scan of a turn is followed by the rest of its screen
BARE_SIZE: Final = (480, 120)


class Pace(Struct, frozen=True):
    """``count`` scans, the next ``least`` to ``most`` seconds after the one before."""

    name: str
    count: int
    least: float
    most: float


PACES: Final = (Pace("12-30 ms apart", 400, 0.012, 0.030), Pace("150 ms apart", 300, 0.150, 0.150))
QUICK: Final = (Pace("12-30 ms apart", 12, 0.012, 0.030),)


def measure(*, quick: bool = False) -> list[Result]:
    """A row a pace."""
    paces = QUICK if quick else PACES
    with tempfile.TemporaryDirectory(prefix="packstation-scan-") as name:
        folder = Path(name)
        units = WARM_UP + sum(pace.count for pace in paces)
        codes = shop.furnish(folder, units + 1)  # one stays due, so the stage stays
        devices = SimBench(folder / "tray")
        try:
            return _run(folder, devices, codes, paces)
        finally:
            devices.close()


def _run(
    folder: Path, devices: SimBench, codes: Sequence[str], paces: Sequence[Pace]
) -> list[Result]:
    bench, bare = _bench(folder, devices), _bare(folder)
    try:
        _to_the_scanning_stage(bench)
        devices.place(250)
        pair = _Pair(bench, bare, codes, Database(folder / "bare.sqlite3"))
        pair.scan(Pace("warm-up", WARM_UP, 0.05, 0.05))
        measured = [pair.scan(pace) for pace in paces]
        pair.close()
    finally:
        rss = [seat.end() for seat in (bench, bare)]
    return [_result(pace, taken, rss) for pace, taken in zip(paces, measured, strict=True)]


def _bench(folder: Path, devices: SimBench) -> Seat:
    """The product; its scanner takes the same code again at once, which the pace needs."""
    wire = Wire()
    scanner = DeviceSection("scanner", "serial", wire.path, options={"again_ms": 1, "twice_ms": 0})
    others = (DeviceSection(d.kind, d.model, d.address) for d in devices.configs()[1:])
    configure(folder, [scanner, *others])
    asked = json.dumps({"data": str(folder)})
    return Seat(start(["-m", "packstation.benchmarks.seat", "bench", asked], folder), wire)


def _bare(folder: Path) -> Seat:
    wire = Wire()
    asked = json.dumps({"port": wire.path, "size": BARE_SIZE})
    return Seat(start(["-m", "packstation.benchmarks.seat", "bare", asked], folder), wire)


def _to_the_scanning_stage(bench: Seat) -> None:
    """Sign in and open the long order."""
    bench.until("sign_in")
    bench.wire.scan(f"%PB:{shop.badge()}")
    bench.until("queue")
    bench.wire.scan(shop.ORDER)
    bench.until("scanning")


class _Taken(Struct, frozen=True):
    """Milliseconds, scan by scan."""

    verdict: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    commit: list[float] = field(default_factory=list)


class _Pair:
    """Both programs and a bare database, by turns."""

    def __init__(self, bench: Seat, bare: Seat, codes: Sequence[str], database: Database) -> None:
        self._bench, self._bare, self._codes = bench, bare, codes
        self._next = 0
        self._chance = random.Random(20)
        self._database = database
        with database.transaction() as raw:
            raw.execute("CREATE TABLE row (n INTEGER PRIMARY KEY, body TEXT)")

    def close(self) -> None:
        """Give the database back."""
        self._database.close()

    def scan(self, pace: Pace) -> _Taken:
        """``pace.count`` scans into each."""
        taken, left = _Taken(), pace.count
        while left:
            count = min(left, ROUND)
            for verdict, whole in self._round(self._bench, "scanning", count, pace):
                taken.verdict.append(verdict)
                taken.whole.append(whole)
            taken.bare.extend(time[0] for time in self._round(self._bare, "ready", count, pace))
            taken.commit.extend(self._commit() for _ in range(count))
            self._next += count
            left -= count
        return taken

    def _round(self, seat: Seat, step: str, count: int, pace: Pace) -> list[tuple[float, ...]]:
        begun: list[int] = []
        due = time.monotonic()
        for code in self._codes[self._next : self._next + count]:
            due += self._chance.uniform(pace.least, pace.most)
            time.sleep(max(0.0, due - time.monotonic()))
            begun.append(seat.wire.scan(code))
        seat.until(step, self._next + count)
        time.sleep(SETTLE_S)
        return [
            tuple((at - ns) / 1e6 for at in seat.painted_ns(self._next + number))
            for number, ns in enumerate(begun, 1)
        ]

    def _commit(self) -> float:
        """A row as large as a fact's, durable when this returns."""
        begun = time.perf_counter_ns()
        with self._database.transaction() as raw:
            raw.execute("INSERT INTO row VALUES (NULL, ?)", ("x" * RECORD,))
        taken = (time.perf_counter_ns() - begun) / 1e6
        time.sleep(COMMIT_GAP_S)
        return taken


def _result(pace: Pace, taken: _Taken, rss: Sequence[int]) -> Result:
    return Result(
        name=f"scan, {pace.name}",
        figures=spread(taken.verdict) | spread(taken.whole, "whole_"),
        reference=spread(taken.bare) | spread(taken.commit, "commit_"),
        ratio=round(median(taken.verdict) / median(taken.bare), 2),
        goal={"p99_ms": FRAME_MS, "ratio": TIMES},
        note="byte on the port to painted verdict with the commit; a bare pyserial-QLabel loop",
        shape={"scans": pace.count, "rss_kb": list(rss)},
    )
