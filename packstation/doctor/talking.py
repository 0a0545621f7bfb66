"""A device is opened as the bench would open it, and heard for a few seconds.

The bench's own drivers do the asking: a scale is asked for its weight and who it is, a printer
how it is. Nothing is printed, zeroed, tared, measured or lit; doors for other benches stay shut.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from msgspec import Struct

from packstation.domain.weights import Reading, ScaleState
from packstation.settings import DeviceSection
from packstation.station.ports import DeviceHealth, DeviceState, Happening, ScaleRead

LISTEN_S: Final = 4.0
# Opening, listening, closing: a device that hangs in one of them keeps no other waiting.
WHOLE_S: Final = 9.0
PRINTERS: Final = frozenset(("label", "papers"))
# Doors for others, and files, are the running bench's.
_NOT_HERE: Final = ("share_", "record")

Result = TypeVar("Result")


class Heard(Struct, frozen=True):
    """``cause`` of its trouble, or "" and ``told``: what it said, "" where it cannot be asked."""

    cause: str = ""
    told: str = ""


def listen(row: DeviceSection, seconds: float = LISTEN_S) -> Heard:
    """Open it, hear it, close it; raises `SettingsError` for a row that cannot be used."""
    from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
    from packstation.devices.weighing import ScaleTiming

    said: queue.SimpleQueue[Happening] = queue.SimpleQueue()
    options = {name: v for name, v in row.options.items() if not name.startswith(_NOT_HERE)}
    config = DeviceConfig(row.kind, row.model, row.address, row.id, options)
    timings = DeviceTimings(scale=ScaleTiming(confirm=1))
    bench = open_devices([config], said.put, timings=timings)
    try:
        return _heard(said, row.kind, time.monotonic() + seconds)
    finally:
        bench.close()


def _heard(said: queue.SimpleQueue[Happening], kind: str, until: float) -> Heard:
    """The first word that settles it; being well settles it for all but a scale."""
    opened = False
    while (left := until - time.monotonic()) > 0:
        try:
            happening = said.get(timeout=left)
        except queue.Empty:
            break
        match happening:
            case DeviceHealth(state=DeviceState.OK, detail=detail):
                opened = True
                if kind != "scale":
                    return Heard(told=detail)
            case DeviceHealth(cause=cause) if cause:
                return Heard(cause)
            case ScaleRead(reading=reading) if _is_word(reading):
                return Heard(told=_weight(reading))
    # Whoever could not connect has said so by now; a printer is asked several things in turn.
    silent = "printer.silent" if kind in PRINTERS else "port.unreachable"
    return Heard("" if opened else silent)


def _is_word(reading: Reading) -> bool:
    """Whether the scale itself said this: not a weight that was cleared, nor a torn frame."""
    own = reading.error in {"unknown", "offline", "silent"}
    return reading.state is not ScaleState.FAULT and not own


def _weight(reading: Reading) -> str:
    value = f" {reading.value} {reading.unit}" if reading.value is not None else ""
    return f"{reading.state.value}{value}"


def side_by_side(
    work: Sequence[Callable[[], Result]], late: Result, seconds: float = WHOLE_S
) -> list[Result]:
    """What each answers, in their order; ``late`` for one that has not by then."""
    results = [late] * len(work)

    def run(place: int, one: Callable[[], Result]) -> None:
        results[place] = one()

    threads = [
        threading.Thread(target=run, args=pair, name=f"doctor-{pair[0]}", daemon=True)
        for pair in enumerate(work)
    ]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return list(results)
