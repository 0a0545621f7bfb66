"""Fakes for station tests; each passes the contract tests of the real thing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from decimal import Decimal

from packstation.domain.weights import Reading, ScaleState
from packstation.station.ports import (
    DeviceHealth,
    DeviceState,
    Post,
    PrintJob,
    PrintProgress,
    ScaleRead,
)
from tests.fake_storage import FakeClock, FakeEventStore, FakeIds, FakeOrderCache

# Those of storage, so that station tests find every fake here.
__all__ = ["FakeClock", "FakeEventStore", "FakeIds", "FakeOrderCache"]


class FakePrinter:
    """A printer that prints at once and keeps what it printed; faults by attribute.

    ``blocked`` is a message key while it waits for a hand; ``torn`` makes the next job
    uncertain.
    """

    def __init__(self, post: Post, device: str = "label") -> None:
        self.jobs: list[PrintJob] = []
        self.torn = False
        self._post = post
        self._device = device
        self._blocked = ""
        self._waiting: list[PrintJob] = []
        self._closed = False
        self._health: tuple[DeviceState, str] | None = None
        self._report(DeviceState.OK)

    @property
    def blocked(self) -> str:
        return self._blocked

    @blocked.setter
    def blocked(self, cause: str) -> None:
        self._blocked = cause
        self._report(DeviceState.FAULT if cause else DeviceState.OK, cause)
        self._work()

    def submit(self, job: PrintJob) -> None:
        self._progress(job, "spooled")
        self._waiting.append(job)
        self._work()

    def came_out(self, job: str) -> bool | None:
        return None

    def withdraw(self, job: str) -> bool:
        waiting = [one for one in self._waiting if one.job != job]
        found = len(waiting) < len(self._waiting)
        self._waiting = waiting
        return found

    def close(self) -> None:
        self._closed = True

    def _work(self) -> None:
        while self._waiting and not self._blocked and not self._closed:
            self._print(self._waiting.pop(0))

    def _print(self, job: PrintJob) -> None:
        self._progress(job, "accepted")
        if self.torn:
            self.torn = False
            self._progress(job, "uncertain", "printer.lost")
            return
        self.jobs.append(job)
        self._progress(job, "idle")
        self._progress(job, "printed")

    def _progress(self, job: PrintJob, outcome: str, cause: str = "") -> None:
        self._post(PrintProgress(job.job, job.document, outcome, self._device, cause))

    def _report(self, state: DeviceState, cause: str = "") -> None:
        if self._health != (state, cause):
            self._health = (state, cause)
            self._post(DeviceHealth(self._device, state, cause))


def _ticks() -> Callable[[], int]:
    counter: Iterator[int] = itertools.count(1_000_000, 1_000_000)
    return lambda: next(counter)


class FakeScale:
    """A scale that reports on command, first moving, then stable."""

    def __init__(
        self, post: Post, device: str = "scale", mono_ns: Callable[[], int] | None = None
    ) -> None:
        self._post = post
        self._device = device
        self._mono_ns = mono_ns or _ticks()
        self._load_g = 0
        self._post(DeviceHealth(device, DeviceState.OK))

    def place(self, grams: int) -> None:
        """Put this much on it: one reading in motion, one stable."""
        self._load_g = grams
        self.read(ScaleState.MOTION)
        self.read(ScaleState.STABLE)

    def read(self, state: ScaleState = ScaleState.STABLE) -> None:
        """Report what lies there; states without a weight carry none."""
        weighed = state in {ScaleState.STABLE, ScaleState.MOTION}
        value = Decimal(self._load_g) / 1000 if weighed else None
        reading = Reading(state=state, value=value, unit="kg" if weighed else "")
        self._post(ScaleRead(self._device, reading, self._mono_ns()))
