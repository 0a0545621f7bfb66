"""Devices on cables that come and go: time to a reading, time to come back, what leaks.

``reading``: from the last byte of a frame on the wire to the reading that is posted, decoded and
judged, beside a bare pyserial loop that gets the same frames on another pty, by turns.
``back``: from the moment the port is there again to the device in use (its first 100 ms are thrown
away), by udev's word, by a look at the port's name, and by the list of ports; beside the link's
own pauses alone.
``cycles``: plugged in, garbage, pulled out, five devices at once in a process with a Qt event
loop; threads, open files and memory before and after, and the loop's longest gap (``own``:
without the time in which the system had no core for it).
"""

from __future__ import annotations

import itertools
import json
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import serial

from packstation.benchmarks.children import end, start
from packstation.benchmarks.figures import Result, median, spread
from packstation.devices.bench import DeviceConfig, open_devices
from packstation.devices.health import Reporter
from packstation.devices.hotplug import Hotplug, HotplugTiming
from packstation.devices.link import Line, Link
from packstation.devices.opening import LineSettings, opener
from packstation.devices.sim.faces import PtyFace
from packstation.station.ports import DeviceHealth, DeviceState, Happening, ScaleRead

FRAME: Final = b"ST,GS,+0001.250kg\r\n"
FRAMES: Final = 1000
GAP_S: Final = 0.02
ROUND: Final = 50
RETURNS: Final = 12
WAITS: Final = (0.2, 1.0, 3.0, 12.0)
CYCLES: Final = 10_000
GOAL_MS: Final = 1.0
BACK_MS: Final = 2000.0
STALL_MS: Final = 100.0
PATIENCE_S: Final = 30.0


def measure(*, quick: bool = False) -> list[Result]:
    """A row a figure."""
    with tempfile.TemporaryDirectory(prefix="packstation-devices-") as name:
        folder = Path(name)
        return [
            _reading(folder, 20 if quick else FRAMES),
            _back(folder, 2 if quick else RETURNS, WAITS[:1] if quick else WAITS),
            _cycles(folder, 50 if quick else CYCLES),
        ]


# --- wire to reading ----------------------------------------------------------------------------


class _Clock:
    """When the last thing arrived."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._times: list[int] = []

    def mark(self) -> None:
        now = time.monotonic_ns()
        with self._change:
            self._times.append(now)
            self._change.notify_all()

    def clear(self) -> None:
        with self._change:
            self._times.clear()

    def take(self) -> int:
        with self._change:
            if not self._change.wait_for(lambda: self._times, PATIENCE_S):
                raise TimeoutError
            return self._times[-1]


def _reading(folder: Path, count: int) -> Result:
    ours, bare = PtyFace(folder / "ours"), PtyFace(folder / "bare")
    came, read = _Clock(), _Clock()
    for face in (ours, bare):
        face.start(lambda _data: None)

    def post(happening: Happening) -> None:
        if isinstance(happening, ScaleRead) and happening.reading.raw:
            came.mark()

    bench = open_devices([DeviceConfig("scale", "st-gs", ours.address)], post)
    line = serial.Serial(bare.address, timeout=None)
    loop = threading.Thread(target=_bare_loop, args=(line, read), name="bare", daemon=True)
    loop.start()
    time.sleep(0.5)
    taken: dict[str, list[float]] = {"ours": [], "bare": []}
    try:
        for begun in range(0, count, ROUND):
            for name, face, clock in (("ours", ours, came), ("bare", bare, read)):
                taken[name] += _frames(face, clock, min(ROUND, count - begun))
    finally:
        bench.close()
        line.cancel_read()
        loop.join(1.0)
        line.close()
        for face in (ours, bare):
            face.close()
    return Result(
        name="devices, wire to reading",
        figures=spread(taken["ours"]),
        reference=spread(taken["bare"]),
        ratio=round(median(taken["ours"]) / median(taken["bare"]), 2),
        goal={"p50_ms": GOAL_MS},
        note="last byte of a frame to the reading posted; a bare pyserial loop",
        shape={"frames": count},
    )


def _bare_loop(line: serial.Serial, read: _Clock) -> None:
    buffer = b""
    while True:
        data = line.read(max(1, line.in_waiting))
        if not data:
            return  # cancelled
        buffer += data
        *whole, buffer = buffer.split(b"\n")
        for _ in whole:
            read.mark()


def _frames(face: PtyFace, clock: _Clock, count: int) -> list[float]:
    times = []
    for _ in range(count):
        time.sleep(GAP_S)
        clock.clear()
        begun = time.monotonic_ns()
        face.send(FRAME)
        times.append((clock.take() - begun) / 1e6)
    return times


# --- the way back -------------------------------------------------------------------------------


class _Word:
    """Word of udev, from a socket as its own comes from one."""

    action = "add"

    def __init__(self) -> None:
        self._out, self._in = os.pipe()
        os.set_blocking(self._out, False)

    def tell(self) -> None:
        os.write(self._in, b"x")

    def fileno(self) -> int:
        return self._out

    def poll(self, timeout: float | None) -> _Word | None:
        del timeout
        try:
            return self if os.read(self._out, 1) else None
        except BlockingIOError:
            return None

    def close(self) -> None:
        os.close(self._out)
        os.close(self._in)


def _back(folder: Path, count: int, waits: Sequence[float]) -> Result:
    never = HotplugTiming(names_s=600, list_s=600, beside_s=600)
    pauses = _Pauses(waits)
    word = _Word()
    by_udev = Hotplug(lambda: word, frozenset, never)
    by_name = Hotplug(lambda: None, frozenset, HotplugTiming(list_s=600))
    path = folder / "list"
    by_list = Hotplug(lambda: None, lambda: _names(path), HotplugTiming(names_s=0.5))
    figures = spread(_returns(folder / "udev", by_udev, count, pauses, tell=word.tell), "udev_")
    figures |= spread(_returns(folder / "name", by_name, count, pauses, named=True), "name_")
    figures |= spread(_returns(path, by_list, count, pauses), "list_")
    alone = spread(_returns(folder / "alone", None, max(2, count // 3), pauses), "alone_")
    word.close()
    return Result(
        name="devices, port back to use",
        figures=figures,
        reference=alone,
        ratio=round(figures["udev_p50_ms"] / alone["alone_p50_ms"], 2),
        goal={"udev_max_ms": BACK_MS, "name_max_ms": BACK_MS, "list_max_ms": BACK_MS},
        note="unplugged for 0.2 to 12 s; the link's own pauses alone as reference",
        shape={"returns": count},
    )


class _Pauses:
    """How long a port is away: each of the times in turn, a little more or less."""

    def __init__(self, waits: Sequence[float]) -> None:
        self._waits, self._chance = itertools.cycle(waits), random.Random(4)

    def next(self) -> float:
        return next(self._waits) * self._chance.uniform(0.9, 1.1)


def _names(path: Path) -> frozenset[str]:
    return frozenset([str(path)] if path.exists() else [])


def _returns(
    path: Path,
    hotplug: Hotplug | None,
    count: int,
    pauses: _Pauses,
    *,
    tell: Callable[[], None] = lambda: None,
    named: bool = False,
) -> list[float]:
    face, up, down = PtyFace(path), _Clock(), _Clock()
    face.start(lambda _data: None)

    def post(happening: Happening) -> None:
        if isinstance(happening, DeviceHealth):
            (up if happening.state is DeviceState.OK else down).mark()

    link = Link(Reporter("port", post), opener(face.address, LineSettings()), _listen)
    link.start()
    if hotplug is not None:
        hotplug.add(link.retry_now, face.address if named else "")
    up.take()
    times = []
    for _ in range(count):
        down.clear()
        face.unplug()
        down.take()
        up.clear()
        time.sleep(pauses.next())
        begun = time.monotonic_ns()
        face.plug()
        tell()
        times.append((up.take() - begun) / 1e6)
    if hotplug is not None:
        hotplug.close()
    link.close()
    face.close()
    return times


def _listen(line: Line) -> None:
    line.reporter.well()
    while line.alive():
        line.receive(5.0)


# --- cycles -------------------------------------------------------------------------------------


def _cycles(folder: Path, count: int) -> Result:
    asked = json.dumps({"folder": str(folder), "cycles": count})
    process = start(["-m", "packstation.benchmarks.plugging", asked], folder)
    try:
        said = (process.stdout.readline() if process.stdout else "").split(maxsplit=1)
        if len(said) != 2:
            raise TimeoutError((folder / "complaints.log").read_text("utf-8")[-2000:])
        found = json.loads(said[1])
    finally:
        end(process, PATIENCE_S)
    before, after = found["before"], found["after"]
    return Result(
        name="devices, plugged and pulled",
        figures={
            "leaked_threads": max(0, after["threads"] - before["threads"]),
            "leaked_files": max(0, after["files"] - before["files"]),
            "grown_mb": round(max(0, after["rss_kb"] - before["rss_kb"]) / 1024, 2),
            "stall_ms": round(found["stall_ms"], 1),
            "own_stall_ms": round(found["own_ms"], 1),
        },
        reference={"idle_stall_ms": round(found["idle_ms"], 1)},
        ratio=round(found["stall_ms"] / max(found["idle_ms"], 0.1), 2),
        goal={"leaked_threads": 0, "leaked_files": 0, "grown_mb": 1.0, "stall_ms": STALL_MS},
        note="five devices pulled at any moment, garbage between; an idle event loop",
        shape=found,
    )
