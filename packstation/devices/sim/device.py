"""What every simulated device has: a face, faults, and a mouth that a bad line can distort."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import TypeVar

from packstation.devices.sim.faces import Face, Sender
from packstation.devices.sim.faults import FaultSet, FaultTiming, Mangler

_Result = TypeVar("_Result")


class SimDevice:
    """A device on a cable. ``plug`` faults act on the cable, the others on what is said."""

    def __init__(
        self,
        face: Face,
        known_faults: tuple[str, ...],
        chance: random.Random,
        timing: FaultTiming | None = None,
    ) -> None:
        self.faults = FaultSet(known_faults)
        self._face = face
        self._timing = timing or FaultTiming()
        self._mangler = Mangler(self.faults, chance, self._timing)
        self._guard = threading.RLock()
        self._held: list[tuple[float, bytes]] = []
        self._release: threading.Timer | None = None
        self._sender = Sender(face)
        face.start(self.hear)

    @property
    def address(self) -> str:
        """Where a host finds it."""
        return self._face.address

    def hear(self, data: bytes) -> None:
        """Bytes from the host; devices that only talk ignore them."""

    def set_fault(self, fault: str, *, on: bool) -> None:
        """Switch a fault; ``unplug`` takes the cable out and puts it in again."""
        self.faults.set(fault, on=on)
        if fault == "unplug":
            (self._face.unplug if on else self._face.plug)()

    def say(self, frame: bytes) -> None:
        """Send one frame as the line's faults allow."""
        with self._guard:
            chunks = self._mangler.chunks(frame)
            if not self.faults.has("merge"):
                self._flush()
                self._sender.send(chunks)
                return
            self._held += chunks
            if self._release is None:
                self._release = threading.Timer(self._timing.merge_s, self._locked(self._flush))
                self._release.daemon = True
                self._release.start()

    def close(self) -> None:
        """Unplug and end the threads."""
        with self._guard:
            if self._release is not None:
                self._release.cancel()
        self._sender.close()
        self._face.close()

    def _locked(self, act: Callable[[], _Result]) -> Callable[[], _Result]:
        def locked() -> _Result:
            with self._guard:
                return act()

        return locked

    def _flush(self) -> None:
        """What merging held back leaves in one piece."""
        self._release = None
        held, self._held = self._held, []
        if held:
            self._sender.send([(held[0][0], b"".join(chunk for _, chunk in held))])
