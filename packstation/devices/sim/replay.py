"""A device that says again what it said when it was recorded.

What it says unasked comes when it came then (or sooner, by ``speed``); what was an answer comes
as long after the bench's next words as it came after the words that were recorded. The words
are not compared: whoever replays may ask in another order.
"""

from __future__ import annotations

import errno
import os
import random
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from packstation.devices.ports import Port, PortLost
from packstation.devices.recording import Step, read_recording
from packstation.devices.sim.device import SimDevice
from packstation.devices.sim.faces import Face
from packstation.devices.sim.faults import LINE_FAULTS

# A bench that asks less than the one that was recorded is not waited for longer than this
# beyond the time that the recording has between its words.
_PATIENCE_S: Final = 2.0
# What is said while the link still throws away what comes would be lost.
_LEAD_S: Final = 0.25
_TICK_S: Final = 0.05
# A scanner that sends no end ends its code by silence: also the last one of a recording.
_TAIL_S: Final = 0.3


class Playback:
    """Where a recording stands. Pure: times are handed in, in seconds."""

    def __init__(self, steps: Sequence[Step], now: float, *, speed: float = 1.0) -> None:
        """``speed`` 10 plays ten times as fast."""
        self._steps = [step for step in steps if step.way != "open"]
        self._speed = speed
        self._at = 0
        self._base = (now, self._steps[0].t_ms if self._steps else 0.0)
        self._heard = 0

    @property
    def over(self) -> bool:
        """Whether all was said."""
        return self._at >= len(self._steps)

    def heard(self, count: int, now: float) -> None:
        """``count`` bytes came from the bench."""
        self._heard += count
        self._pass_words(now)

    def due(self, now: float) -> tuple[bytes, float]:
        """What is to be said by now, and how many seconds it is until there may be more."""
        said = b""
        self._pass_words(now)
        while not self.over and self._left(now) <= 0:
            step = self._steps[self._at]
            if step.way == "out":
                # Nobody asked: go on as if, from here.
                self._base = (now, step.t_ms)
            said += step.data if step.way == "in" else b""
            self._at += 1
            self._pass_words(now)
        return said, _TICK_S if self.over else max(0.0, self._left(now))

    def _left(self, now: float) -> float:
        step = self._steps[self._at]
        since, moment = self._base
        due = since + (step.t_ms - moment) / 1000 / self._speed
        return due + (_PATIENCE_S if step.way == "out" else 0.0) - now

    def _pass_words(self, now: float) -> None:
        """The bench's words move the recording on, whenever they come."""
        while not self.over and self._heard > 0 and self._steps[self._at].way == "out":
            step = self._steps[self._at]
            self._heard = max(0, self._heard - max(1, step.size))
            self._base = (now, step.t_ms)
            self._at += 1


class ReplayPort:
    """`packstation.devices.ports.Port` over a recording: no cable, on every system."""

    def __init__(self, steps: Sequence[Step], *, speed: float = 1.0) -> None:
        self._change = threading.Condition()
        self._woken = False
        self._ends = 0.0
        self._playback = Playback(steps, time.monotonic() + _LEAD_S, speed=speed)

    def receive(self, timeout: float) -> bytes:
        until = time.monotonic() + timeout
        with self._change:
            while True:
                now = time.monotonic()
                said, wait = self._playback.due(now)
                woken, self._woken = self._woken, False
                if said or woken:
                    return said
                if self._playback.over:
                    self._ends = self._ends or now + _TAIL_S
                    wait = self._ends - now
                    if wait <= 0:
                        raise PortLost
                if now >= until:
                    return b""
                self._change.wait(min(wait, until - now))

    def send(self, data: bytes, timeout: float) -> int:
        del timeout
        with self._change:
            self._playback.heard(len(data), time.monotonic())
        return len(data)

    def wake(self) -> None:
        with self._change:
            self._woken = True
            self._change.notify_all()

    def close(self) -> None:
        self.wake()


def replay_opener(path: Path, *, speed: float = 1.0) -> Callable[[], Port]:
    """What opens a recording, once: its end looks like a cable that was pulled.

    The opener raises OSError for a file that is not there, and ENODEV after the end; `InputInvalid`
    for a file that is no recording comes at once.
    """
    steps = read_recording(path).steps if path.exists() else None
    played = False

    def open_port() -> Port:
        nonlocal played
        if steps is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        if played:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), str(path))
        played = True
        return ReplayPort(steps, speed=speed)

    return open_port


class ReplaySim(SimDevice):
    """A recording on a cable, again and again until it is closed.

    A cable that is put in again begins it anew.
    """

    def __init__(
        self, face: Face, chance: random.Random, steps: Sequence[Step], *, speed: float = 1.0
    ) -> None:
        self._steps, self._speed = steps, speed
        self._closing = threading.Event()
        self._turn = threading.Condition()
        self._playback = Playback(steps, time.monotonic() + _LEAD_S, speed=speed)
        self._player = threading.Thread(target=self._play, name="sim-replay", daemon=True)
        super().__init__(face, LINE_FAULTS, chance)
        self._player.start()

    def hear(self, data: bytes) -> None:
        with self._turn:
            self._playback.heard(len(data), time.monotonic())
            self._turn.notify_all()

    def set_fault(self, fault: str, *, on: bool) -> None:
        super().set_fault(fault, on=on)
        if fault == "unplug" and not on:
            with self._turn:
                self._begin()

    def close(self) -> None:
        """Fall silent, then as every device."""
        self._closing.set()
        with self._turn:
            self._turn.notify_all()
        self._player.join()
        super().close()

    def _play(self) -> None:
        while not self._closing.is_set():
            with self._turn:
                said, wait = self._playback.due(time.monotonic())
                if not said:
                    if self._playback.over:
                        self._begin()
                    self._turn.wait(min(wait, 1.0))
            if said:
                self.say(said)

    def _begin(self) -> None:
        again = time.monotonic() + _LEAD_S
        self._playback = Playback(self._steps, again, speed=self._speed)
        self._turn.notify_all()


class PlayedScale(ReplaySim):
    """A recorded scale on a simulated bench: nothing that is put on it changes what it says."""

    load_g = 0

    def place(self, grams: int) -> None:
        """Its weights are those of the recording."""
