"""Plays earcons: a mixer that counts in samples, and a thread that owns the sound device."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Generator
from queue import SimpleQueue
from types import ModuleType
from typing import Protocol

from msgspec import Struct, field

from packstation.ui import tones
from packstation.ui.tones import EARCONS, RATE

_log = logging.getLogger(__name__)
_WIDTH = 2  # bytes of a sample
_PERIOD_MS = 10
Read = Callable[[int], bytes]


class Player(Protocol):
    """What the window asks of sound; no call blocks."""

    def tune(self, sounds: str, volume: int) -> None:
        """The person's set of sounds and volume in per cent, from now on."""

    def play(self, name: str) -> None:
        """Once, now. A name that is no earcon is silent."""

    def repeat(self, name: str) -> None:
        """Now, and again until `stop` or 60 s; an earcon that does not repeat sounds once."""

    def stop(self) -> None:
        """Ends what repeats."""

    def test(self) -> None:
        """The volume test: ok, wrong, stopped."""

    def close(self) -> None:
        """Gives the device back."""


class NullPlayer(Struct):
    """Plays nothing and remembers what it was asked, for tests and for benches without sound."""

    played: list[str] = field(default_factory=list)
    repeating: str = ""
    tuned: tuple[str, int] = ("standard", 100)

    def tune(self, sounds: str, volume: int) -> None:
        """Remembered."""
        self.tuned = (sounds, volume)

    def play(self, name: str) -> None:
        """Remembered."""
        self.played.append(name)

    def repeat(self, name: str) -> None:
        """Remembered."""
        self.played.append(name)
        self.repeating = name

    def stop(self) -> None:
        """Nothing repeats any more."""
        self.repeating = ""

    def test(self) -> None:
        """Remembered."""
        self.played.extend(tones.VOLUME_TEST)

    def close(self) -> None:
        """Nothing to give back."""
        self.stop()


class Mixer:
    """One sound at a time: the newest wins, and what repeats comes back after it.

    All times are counted in samples, so that a test needs no clock and no device.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = b""
        self._at = 0
        self._again = b""
        self._every = 0
        self._wait = 0
        self._left = 0

    def play(self, pcm: bytes) -> None:
        """Sounds once, in place of what sounds."""
        with self._lock:
            self._now, self._at = pcm, 0

    def repeat(self, pcm: bytes, every_s: float, most_s: float = tones.LONGEST_REPEAT_S) -> None:
        """Sounds now and every ``every_s`` seconds from start to start, for ``most_s`` at most."""
        with self._lock:
            self._now, self._at = pcm, 0
            self._again, self._every = pcm, round(every_s * RATE)
            self._wait, self._left = self._every, round(most_s * RATE)

    def stop(self) -> None:
        """Ends what repeats and cuts it short."""
        with self._lock:
            if self._now == self._again:
                self._now = b""
            self._again = b""

    def read(self, count: int) -> bytes:
        """The next ``count`` samples; silence where nothing sounds."""
        with self._lock:
            self._schedule(count)
            part = self._now[self._at * _WIDTH : (self._at + count) * _WIDTH]
            self._at += count
            if self._at * _WIDTH >= len(self._now):
                self._now, self._at = b"", 0
            return part + bytes(count * _WIDTH - len(part))

    def _schedule(self, count: int) -> None:
        """Starts the next round at the edge of a block: 10 ms early or late is not heard."""
        if not self._again:
            return
        self._left -= count
        if self._left <= 0:
            self._again = b""
            return
        self._wait -= count
        if self._wait <= 0:
            self._wait += self._every
            self._now, self._at = self._again, 0


class Device(Protocol):
    """An open sound device."""

    def close(self) -> None:
        """Stops and gives it back."""


def open_miniaudio(read: Read) -> Device:
    """The system's default output, pulling from ``read``; raises miniaudio.MiniaudioError."""
    miniaudio = _miniaudio()
    device = miniaudio.PlaybackDevice(
        output_format=miniaudio.SampleFormat.SIGNED16,
        nchannels=1,
        sample_rate=RATE,
        buffersize_msec=_PERIOD_MS,
        app_name="packstation",
    )
    source = _pull(read)
    next(source)
    device.start(source)
    opened: Device = device
    return opened


def _miniaudio() -> ModuleType:
    """Without numpy, which it takes where there is one and needs for nothing that is used here.

    It would keep 20 MB of a bench that has no camera.
    """
    absent = "numpy" not in sys.modules
    if absent:
        sys.modules["numpy"] = None  # type: ignore[assignment]  # how an import is told "not there"
    try:
        import miniaudio
    finally:
        if absent:
            del sys.modules["numpy"]
    made: ModuleType = miniaudio
    return made


def _pull(read: Read) -> Generator[bytes, int, None]:
    wanted = yield b""
    while True:
        wanted = yield read(wanted)


class ThreadPlayer:
    """A thread of its own opens the device and renders; without a device it stays silent."""

    def __init__(self, opener: Callable[[Read], Device] = open_miniaudio) -> None:
        self._opener = opener
        self._mixer = Mixer()
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._rendered: dict[str, bytes] = {}
        self._voice = ("standard", 100)
        self._asked = self._voice
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()

    def tune(self, sounds: str, volume: int) -> None:
        """Another set or volume: all is rendered anew, beside what sounds."""
        if (sounds, volume) != self._asked:
            self._asked = (sounds, volume)
            self._jobs.put(lambda: self._tune(sounds, volume))

    def _tune(self, sounds: str, volume: int) -> None:
        self._voice = (sounds, volume)
        self._rendered.clear()
        self._keep_all()

    def play(self, name: str) -> None:
        """Once, now."""
        self._jobs.put(lambda: self._mixer.play(self._pcm(name)))

    def repeat(self, name: str) -> None:
        """Until `stop`, 60 s at most."""
        self._jobs.put(lambda: self._repeat(name))

    def stop(self) -> None:
        """Ends what repeats."""
        self._jobs.put(self._mixer.stop)

    def test(self) -> None:
        """Ok, wrong, stopped, half a second apart."""
        pause = bytes(RATE // 2 * _WIDTH)
        self._jobs.put(
            lambda: self._mixer.play(pause.join(self._pcm(name) for name in tones.VOLUME_TEST))
        )

    def close(self) -> None:
        """Ends the thread; a sound under way is cut."""
        self._jobs.put(None)
        self._thread.join(timeout=2)

    def _repeat(self, name: str) -> None:
        every = EARCONS[name].every_s if name in EARCONS else None
        if every is None:
            self._mixer.play(self._pcm(name))
        else:
            self._mixer.repeat(self._pcm(name), every)

    def _pcm(self, name: str) -> bytes:
        if name not in self._rendered:
            self._rendered[name] = (
                tones.render(tones.voiced(EARCONS[name], *self._voice)) if name in EARCONS else b""
            )
        return self._rendered[name]

    def _run(self) -> None:
        device = self._open()
        self._keep_all()
        while (job := self._jobs.get()) is not None:
            job()
        if device is not None:
            device.close()

    def _keep_all(self) -> None:
        for name in EARCONS:
            self._jobs.put(lambda name=name: self._keep(name))  # type: ignore[misc]

    def _keep(self, name: str) -> None:
        self._pcm(name)

    def _open(self) -> Device | None:
        try:
            return self._opener(self._mixer.read)
        except Exception as problem:  # noqa: BLE001 - whatever the driver says, packing goes on
            _log.warning("sound.silent", extra={"cause": type(problem).__name__})
            return None
