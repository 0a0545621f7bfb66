"""Five devices whose cables are pulled again and again, beside a Qt event loop.

``-m packstation.benchmarks.plugging {"folder": ..., "cycles": N}`` says one line, ``done`` and
what it found as JSON, and ends when its standard input does.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import random
import select
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from packstation.benchmarks.spoken import at_end, say
from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
from packstation.devices.hotplug import HotplugTiming
from packstation.devices.link import LinkTiming
from packstation.devices.opened import OpenBench

if TYPE_CHECKING:
    from packstation.station.ports import Happening, Post
    from packstation.ui.pulse import Pulse

# As on a bench, but for pauses that ten thousand cycles cannot wait for.
TIMINGS: Final = DeviceTimings(
    link=LinkTiming(first_pause_s=0.01, longest_pause_s=0.05, drain_s=0.01),
    hotplug=HotplugTiming(names_s=0.05),
)
DEVICES: Final = (
    ("scanner", "serial"),
    ("scale", "mt-sics"),
    ("scale", "st-gs"),
    ("dimensioner", "cubiscan"),
    ("label", "zpl"),
)
ANSWERS: Final = (
    b"6901234567892\r",
    b'S S      1.250 kg\r\nI4 A "SIM0001"\r\n',
    b"ST,GS,+0001.250kg\r\n",
    b"\x02MAH000000,L040.0,W030.0,H020.0,M,K012.34,D004.80,M,F5000,I\x03\r\n",
    (
        b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n"
        b"\x02000,0,0,0,0,2,6,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
    ),
)
WARM: Final = 300


class Cable:
    """A pty behind a name; pulled and plugged in without threads of its own."""

    def __init__(self, link: Path, answer: bytes, chance: random.Random) -> None:
        self.link, self._answer, self._chance = link, answer, chance
        self._ends: tuple[int, int] | None = None

    def plug(self) -> None:
        import tty

        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._ends = (master, slave)
        fresh = self.link.with_suffix(".new")
        fresh.symlink_to(os.ttyname(slave))
        fresh.replace(self.link)

    def pull(self) -> None:
        ends, self._ends = self._ends, None
        self.link.unlink(missing_ok=True)
        for number in ends or ():
            os.close(number)

    def say(self) -> None:
        """Garbage, an answer, half an answer, or what modem managers ask."""
        garbage = self._chance.randbytes(self._chance.randint(1, 200))
        half = self._answer[: self._chance.randrange(len(self._answer))]
        self._write(self._chance.choice((garbage, self._answer, half, b"AT+GCAP\r\n")))

    def answered(self, patience_s: float) -> None:
        """Say the true answer until the time is over; what is asked is read."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            self._write(self._answer)
            self._drop()
            time.sleep(0.02)

    def _write(self, data: bytes) -> None:
        if self._ends is not None:
            try:
                os.write(self._ends[0], data)
            except BlockingIOError:
                self._drop()

    def _drop(self) -> None:
        if self._ends is not None and select.select([self._ends[0]], [], [], 0)[0]:
            os.read(self._ends[0], 65_536)


class Hands:
    """Pulls all cables at their own moments."""

    def __init__(self, folder: Path, post: Post) -> None:
        self._chance = random.Random(9)
        self._cables = [
            Cable(folder / f"port-{number}", answer, self._chance)
            for number, answer in enumerate(ANSWERS)
        ]
        rows = [
            DeviceConfig(kind, model, str(cable.link), f"{kind}-{number}")
            for number, ((kind, model), cable) in enumerate(zip(DEVICES, self._cables, strict=True))
        ]
        self.bench: OpenBench = open_devices(rows, post, timings=TIMINGS)

    def cycle(self, count: int) -> None:
        """``count`` times over all cables together: in, some bytes, out."""
        for _ in range(count // len(self._cables)):
            for cable in self._cables:
                cable.plug()
            for _ in range(self._chance.randint(0, 10)):
                time.sleep(self._chance.random() * 0.012)
                for cable in self._cables:
                    cable.say()
            for cable in self._cables:
                cable.pull()
            time.sleep(self._chance.random() * 0.012)

    def settle(self) -> None:
        """All plugged in and well for a while."""
        for cable in self._cables:
            cable.plug()
        for _ in range(10):
            for cable in self._cables:
                cable.answered(0.05)

    def unplug(self) -> None:
        """Pull all."""
        for cable in self._cables:
            cable.pull()

    def end(self) -> None:
        """Pull all, close the devices."""
        self.unplug()
        self.bench.close()


def held() -> dict[str, int]:
    """Threads, open files and resident memory of this process."""
    gc.collect()
    status = Path("/proc/self/status").read_text("ascii")
    return {
        "threads": threading.active_count(),
        "files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 - no objects where memory counts
        "rss_kb": int(status.partition("VmRSS:")[2].split()[0]),
    }


def run(asked: Mapping[str, Any]) -> None:
    """Warm up, look, cycle, look again."""
    from packstation.bootstrap.interpreter import settle, short_turns
    from packstation.ui.app import quit_soon
    from packstation.ui.pulse import run_pulse

    short_turns()  # as every bench
    logging.getLogger("packstation").addHandler(logging.NullHandler())
    logging.getLogger("packstation").propagate = False
    counts: dict[str, int] = {}

    def handle(happening: Happening) -> None:
        name = type(happening).__name__
        counts[name] = counts.get(name, 0) + 1

    def work(pulse: Pulse, post: Post) -> None:
        hands = Hands(Path(asked["folder"]), post)
        hands.cycle(min(WARM, asked["cycles"]))
        hands.settle()
        time.sleep(0.5)
        before = held()
        pulse.forget()
        time.sleep(1.0)
        idle_ms = pulse.longest_ms
        settle()
        hands.unplug()
        pulse.forget()
        begun = time.monotonic()
        hands.cycle(asked["cycles"])
        took = time.monotonic() - begun
        stalls = {"stall_ms": pulse.longest_ms, "own_ms": pulse.own_ms}
        hands.settle()
        time.sleep(0.5)
        after = held()
        hands.end()
        closed = held()
        found = {"before": before, "after": after, "closed": closed, "idle_ms": idle_ms}
        found |= stalls | {"seconds": round(took, 1), "happenings": dict(counts)}
        say("done", json.dumps(found))

    def ready(pulse: Pulse, post: Post) -> None:
        threading.Thread(target=work, args=(pulse, post), name="hands", daemon=True).start()
        at_end(quit_soon)

    run_pulse(ready, handle)


if __name__ == "__main__":
    run(json.loads(sys.argv[1]))
