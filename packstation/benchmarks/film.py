"""Scans while the bench is filmed, and while it is not: the same window, camera and order.

Both run the scan benchmark's way (bytes on a pty to the painted verdict, the commit in between)
with a simulated camera of 1280 x 720 at 12 pictures a second; one has films switched on, so that
its recorder encodes H.264 in a process of its own all the time. They run one after the other, in
turns, for a recorder that works in the background would slow both down. ``recorder_ms`` is what the
recorder's process and its threads at the bench cost in CPU for each second.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from msgspec import Struct

from packstation.benchmarks import shop
from packstation.benchmarks.children import start
from packstation.benchmarks.figures import Result, median, spread
from packstation.benchmarks.place import configure
from packstation.benchmarks.wire import Seat, Wire
from packstation.devices.sim.bench import SimBench
from packstation.devices.sim.camera import CameraSim
from packstation.settings import DeviceSection

FRAME_MS: Final = 16.7
TIMES: Final = 1.5  # of the median without films
FPS: Final = 12
GAP_S: Final = (0.08, 0.16)
WARM_UP: Final = 20


class Plan(Struct, frozen=True):
    """``turns`` of ``scans`` with films and as many without; seconds for a recorder to come up."""

    turns: int = 3
    scans: int = 150
    ready_s: float = 3.0


def measure(*, quick: bool = False) -> list[Result]:
    """One row: filmed, beside not filmed."""
    plan = Plan(1, 6, 1.0) if quick else Plan()
    filmed: list[float] = []
    plain: list[float] = []
    for turn in range(plan.turns):
        plain += _turn(plan, turn, films=False)
        filmed += _turn(plan, turn, films=True)
    result = Result(
        name="scan while filmed",
        figures=spread(filmed),
        reference=spread(plain),
        ratio=round(median(filmed) / median(plain), 2),
        goal={"p99_ms": FRAME_MS, "ratio": TIMES},
        note="byte on the port to painted verdict; the same bench and camera without films",
        shape={"scans": len(filmed), "fps": FPS, "size": "1280x720"},
    )
    return [result]


def _turn(plan: Plan, turn: int, *, films: bool) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="packstation-film-") as name:
        folder = Path(name)
        codes = shop.furnish(folder, WARM_UP + plan.scans + 1)
        video = {"on": films, "fps": FPS}
        (folder / "evidence.json").write_text(json.dumps({"video": video}))
        with _seat(folder) as seat:
            time.sleep(plan.ready_s)
            _scan(seat, codes[:WARM_UP], 0, turn)
            times = _scan(seat, codes[WARM_UP:-1], WARM_UP, turn)
        if films and not list((folder / "evidence").glob("*/*.mp4")):
            raise TimeoutError("no film was made: is OpenH264 installed?")
        return times


@contextmanager
def _seat(folder: Path) -> Iterator[Seat]:
    """The product on the scanning stage of its long order."""
    devices, camera = SimBench(folder / "tray"), CameraSim(size=(1280, 720), fps=FPS)
    wire = Wire()
    scanner = DeviceSection("scanner", "serial", wire.path, options={"again_ms": 1, "twice_ms": 0})
    others = [DeviceSection(d.kind, d.model, d.address) for d in devices.configs()[1:]]
    look = DeviceSection("camera", "mjpeg", camera.address, options={"use": "look"})
    configure(folder, [scanner, *others, look])
    asked = json.dumps({"data": str(folder)})
    seat = Seat(start(["-m", "packstation.benchmarks.seat", "bench", asked], folder), wire)
    try:
        seat.until("sign_in")
        wire.scan(f"%PB:{shop.badge()}")
        seat.until("queue")
        wire.scan(shop.ORDER)
        seat.until("scanning")
        devices.place(250)
        yield seat
    finally:
        seat.end()
        camera.close()
        devices.close()


def _scan(seat: Seat, codes: list[str], done: int, turn: int) -> list[float]:
    chance, begun = random.Random(turn), []
    for code in codes:
        time.sleep(chance.uniform(*GAP_S))
        begun.append(seat.wire.scan(code))
    seat.until("scanning", done + len(codes))
    time.sleep(0.1)
    return [(seat.painted_ns(done + n)[0] - ns) / 1e6 for n, ns in enumerate(begun, 1)]
