"""A simulated lamp on a relay board: it obeys LCUS frames, and its state can be read."""

from __future__ import annotations

import random
import threading
from collections import deque
from typing import Final

from packstation.devices.lights.frames import CHANNELS, relay_frame
from packstation.devices.sim.device import SimDevice
from packstation.devices.sim.faces import Face
from packstation.devices.sim.faults import FAULTS, FaultTiming

_FRAME: Final = 4


class RelayLightSim(SimDevice):
    """Channels 1 to 3 are green, amber and red, as where a row says nothing else."""

    def __init__(
        self, face: Face, chance: random.Random, timing: FaultTiming | None = None
    ) -> None:
        self._names = {number: name for name, number in CHANNELS.items()}
        self._on: set[str] = set()
        self._shown: deque[frozenset[str]] = deque(maxlen=100)
        self._begun = b""
        self._change = threading.Condition()
        super().__init__(face, FAULTS["light"], chance, timing)

    @property
    def lit(self) -> frozenset[str]:
        """The colours that shine now."""
        with self._change:
            return frozenset(self._on)

    def wait_for_tour(self, *names: str, timeout: float = 5.0) -> bool:
        """Until each of these has shone alone, in this order, however shortly."""
        wanted = [frozenset({name}) for name in names]

        def shown() -> bool:
            since = iter(self._shown)
            return all(one in since for one in wanted)

        with self._change:
            return self._change.wait_for(shown, timeout)

    def wait_for(self, *names: str, timeout: float = 5.0) -> bool:
        """Until exactly these colours shine; False where they do not."""
        with self._change:
            return self._change.wait_for(lambda: self._on == set(names), timeout)

    def hear(self, data: bytes) -> None:
        """Switch what whole and right frames say; a fault "stuck" relay stays as it is."""
        with self._change:
            self._begun += data
            while len(self._begun) >= _FRAME:
                frame, rest = self._begun[:_FRAME], self._begun[_FRAME:]
                good = frame == relay_frame(frame[1], on=bool(frame[2]))
                self._begun = rest if good else self._begun[1:]
                if good and not self.faults.has("stuck"):
                    self._switch(frame)
            self._change.notify_all()

    def _switch(self, frame: bytes) -> None:
        name = self._names.get(frame[1], str(frame[1]))
        (self._on.add if frame[2] else self._on.discard)(name)
        self._shown.append(frozenset(self._on))
