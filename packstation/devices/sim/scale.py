"""A simulated bench scale: a pan, and a speech that says what is on it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

from msgspec import Struct

from packstation.devices.framing import Framer
from packstation.devices.sim.device import SimDevice
from packstation.devices.sim.faces import Face
from packstation.devices.sim.faults import FAULTS, FaultTiming
from packstation.devices.sim.pan import Pan, ScaleFacts


class Speech(Struct, frozen=True):
    """How a model speaks: ``answer`` to one command (b"" for none), or a stream of ``frame``.

    ``heard`` cuts commands; ``facts`` is a scale that the protocol can show. ``once``: a weight is
    told one time, at rest, and no other before the pan was empty.
    """

    model: str
    heard: Callable[[], Framer]
    answer: Callable[[bytes, Pan], bytes] = lambda _command, _pan: b""
    frame: Callable[[Pan], bytes] | None = None
    stream_s: float = 0.1
    facts: ScaleFacts = ScaleFacts()
    once: bool = False


class ScaleSim(SimDevice):
    """A scale that answers or streams as its ``speech`` does."""

    known: tuple[str, ...] = FAULTS["scale"]

    def __init__(
        self,
        face: Face,
        chance: random.Random,
        speech: Speech,
        facts: ScaleFacts | None = None,
        timing: FaultTiming | None = None,
    ) -> None:
        self._speech = speech
        self._framer = speech.heard()
        self._closing = threading.Event()
        self._streaming: threading.Thread | None = None
        self._told = False
        self.pan = Pan(facts or speech.facts, chance, lambda: self.faults.has("unstable"))
        super().__init__(face, self.known, chance, timing)
        if speech.frame is not None:
            self._streaming = threading.Thread(target=self._stream, name="sim-scale", daemon=True)
            self._streaming.start()

    @property
    def load_g(self) -> int:
        """Grams on the pan."""
        with self._guard:
            return self.pan.load_g

    def place(self, grams: int) -> None:
        """Put this much on the empty pan; 0 takes everything off."""
        with self._guard:
            self.pan.place(grams)
            self._told = self._told and grams != 0

    def hear(self, data: bytes) -> None:
        with self._guard:
            for frame in self._framer.feed(data):
                if self._speech.once and (self._told or self.pan.moving):
                    continue
                answer = self._speech.answer(frame.data, self.pan)
                if answer and not self.faults.has("stale"):
                    self._told = True
                    self.say(answer)

    def close(self) -> None:
        """Fall silent, then as every device."""
        self._closing.set()
        if self._streaming is not None:
            self._streaming.join()
        super().close()

    def _stream(self) -> None:
        frame = self._speech.frame
        while frame is not None and not self._closing.wait(self._speech.stream_s):
            with self._guard:
                if not self.faults.has("stale"):
                    self.say(frame(self.pan))
