"""What device tests share: a recorder of happenings, fast timings, faces of both kinds."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from packstation.devices.health import Reporter
from packstation.devices.link import Line, Link, LinkTiming
from packstation.devices.opening import LineSettings, opener
from packstation.devices.scanners import ScannerTiming
from packstation.devices.sim.faces import Face, PtyFace, StreamFace, TcpFace
from packstation.devices.sim.faults import FaultTiming
from packstation.devices.sim.pan import ScaleFacts
from packstation.devices.sim.scale import ScaleSim
from packstation.devices.sim.speeches import SPEECHES
from packstation.devices.weighing import ScaleTiming
from packstation.station.ports import DeviceHealth, DeviceState, Happening

LINK = LinkTiming(first_pause_s=0.01, longest_pause_s=0.05, drain_s=0.02, steady_s=0.05)
SCANNER = ScannerTiming(idle_s=0.05, torn_s=0.1, again_s=0.3, rest_s=5.0)
SCALE = ScaleTiming(period_s=0.01, asleep_s=0.1, nudge_s=0.03, reopen_s=0.5)
FAULT = FaultTiming(split_s=0.001, merge_s=0.05, delay_s=0.05)

Found = TypeVar("Found", bound=Happening)


class Recorder:
    """Keeps what was posted, and waits for what is to come."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self.happenings: list[Happening] = []

    def __call__(self, happening: Happening) -> None:
        with self._change:
            self.happenings.append(happening)
            self._change.notify_all()

    def of(self, kind: type[Found]) -> list[Found]:
        with self._change:
            return [one for one in self.happenings if isinstance(one, kind)]

    def next(
        self,
        kind: type[Found],
        fits: Callable[[Found], bool] = lambda _one: True,
        *,
        after: int = 0,
        timeout: float = 5.0,
    ) -> Found:
        """The first of ``kind`` that fits, from place ``after`` in the record on."""
        deadline = time.monotonic() + timeout
        with self._change:
            while True:
                for one in self.happenings[after:]:
                    if isinstance(one, kind) and fits(one):
                        return one
                left = deadline - time.monotonic()
                if left <= 0 or not self._change.wait(left):
                    raise AssertionError(f"no {kind.__name__} in {self.happenings[after:][-10:]}")

    @property
    def mark(self) -> int:
        """The place where the record ends now."""
        with self._change:
            return len(self.happenings)

    def healthy(self, *, after: int = 0) -> DeviceHealth:
        return self.next(DeviceHealth, lambda one: one.state is DeviceState.OK, after=after)


def chance() -> random.Random:
    return random.Random(7)


def scale_sim(
    face: Face,
    facts: ScaleFacts | None = None,
    timing: FaultTiming | None = None,
    model: str = "mt-sics",
) -> ScaleSim:
    return ScaleSim(face, chance(), SPEECHES[model], facts, timing)


def face_of(kind: str, folder: Path) -> StreamFace:
    return PtyFace(folder / "port") if kind == "pty" else TcpFace()


@contextmanager
def linked(
    address: str, converse: Callable[[Line], None], timing: LinkTiming = LINK
) -> Iterator[Recorder]:
    """A link at work on an address."""
    recorder = Recorder()
    link = Link(
        Reporter("device", recorder, seen_gap_s=0.0),
        opener(address, LineSettings()),
        converse,
        timing,
        lambda: 0.5,
    )
    link.start()
    try:
        yield recorder
    finally:
        link.close()
