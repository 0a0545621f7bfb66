"""A simulated label printer that tears off real files: ``printed/000001.zpl`` and so on.

Each label that came out is one file, synced to the disk before the printer says that it is
idle, so that a run that was killed can be audited; the odometer is the number of files.
"""

from __future__ import annotations

import random
import threading
from collections import deque
from pathlib import Path
from typing import Final

from packstation.devices.printers.folder import write_once
from packstation.devices.sim.device import SimDevice
from packstation.devices.sim.faces import StreamFace
from packstation.devices.sim.faults import FAULTS, FaultTiming
from packstation.devices.sim.printers.dialect import Asked, Dialect, Forget, Item, PressState, Sheet

BLOCKING: Final = ("paper_out", "head_open", "ribbon_out", "pause", "overheat", "cutter")
_MOST_COPIES: Final = 9999
# How long a printer whose labels have no end of their own waits for more of one.
_REST_S: Final = 0.1


class LabelPrinterSim(SimDevice):
    """Takes labels, prints one every ``print_s``, answers as its ``dialect`` does."""

    def __init__(
        self,
        face: StreamFace,
        chance: random.Random,
        folder: Path,
        dialect: Dialect,
        *,
        print_s: float = 0.05,
        timing: FaultTiming | None = None,
    ) -> None:
        self.folder = folder
        self._stream = face
        self._dialect = dialect
        self._print_s = print_s
        self._waiting: deque[Sheet | Asked] = deque()
        self._working = False
        self._sticking = False
        self._printed = self._count_files()
        self._change = threading.Condition()
        self._ending = False
        super().__init__(face, FAULTS["label"], chance, timing)
        self._press = threading.Thread(target=self._run, name="sim-press", daemon=True)
        self._press.start()

    @property
    def suffix(self) -> str:
        """The language, as the end of its files' names."""
        return self._dialect.suffix

    @property
    def printed(self) -> int:
        """How many labels have ever come out."""
        with self._change:
            return self._printed

    def label(self, number: int) -> bytes:
        """The bytes of a label that came out; numbers start at 1."""
        return self._path(number).read_bytes()

    def take_label(self) -> None:
        """A hand takes the label that waits at the peeler."""
        with self._change:
            self._sticking = False
            self._change.notify_all()

    def set_fault(self, fault: str, *, on: bool) -> None:
        super().set_fault(fault, on=on)
        if fault == "stalled":
            self._stream.ignore(on=on)
        with self._change:
            if fault == "unplug" and on:
                self._dialect.reset()
            if fault == "label_waiting" and not on:
                self._sticking = False
            if fault in BLOCKING:
                self._say(self._dialect.troubled(self._state()))
            self._change.notify_all()

    def power_cycle(self) -> None:
        """Off and on: what lies in its buffer is gone, and so is the connection."""
        with self._change:
            self._waiting.clear()
            self._dialect.reset()
            self._working = False
        self._stream.hang_up()

    def close(self) -> None:
        with self._change:
            self._ending = True
            self._change.notify_all()
        self._press.join()
        super().close()

    def hear(self, data: bytes) -> None:
        with self._change:
            for item in self._dialect.feed(data):
                self._obey(item)
            self._change.notify_all()

    def _obey(self, item: Item) -> None:
        if isinstance(item, Sheet) and self.faults.has("half_label"):
            # The label tears: taken, never out, and the connection goes with it.
            self._face.hang_up()
        elif isinstance(item, Forget):
            printing = self._working and not self._blocked()
            self._waiting = deque(list(self._waiting)[: int(printing)])
            self._working = printing
        elif isinstance(item, Sheet):
            self._waiting.extend([item] * min(item.copies, _MOST_COPIES))
        elif (item.in_turn and self._waiting) or (item.ready and self._blocked()):
            self._waiting.append(item)
        else:
            self._answer(item)

    def _answer(self, asked: Asked) -> None:
        self._say(self._dialect.answer(asked.question, self._state()))

    def _say(self, words: bytes) -> None:
        if words and not self.faults.has("silent"):
            self.say(words)

    def _state(self) -> PressState:
        return PressState(
            faults=self.faults.all(),
            waiting=sum(isinstance(one, Sheet) for one in self._waiting),
            working=self._working,
            printed=self._printed,
            sticking=self._sticking,
            partial=self._dialect.partial,
        )

    def _blocked(self) -> bool:
        return self._sticking or any(self.faults.has(one) for one in BLOCKING)

    def _run(self) -> None:
        with self._change:
            while not self._ending:
                if self._waiting and not self._blocked():
                    self._next()
                elif not self._change.wait(_REST_S if self._dialect.partial else None):
                    for item in self._dialect.rest():
                        self._obey(item)

    def _next(self) -> None:
        """Work on what is first in the line."""
        item = self._waiting[0]
        if isinstance(item, Asked):
            self._waiting.popleft()
            self._answer(item)
            return
        if not self._working:
            self._working = True
            self._say(self._dialect.began(self._state()))
        self._change.wait_for(lambda: self._ending, self._print_s)
        if self._waiting and self._waiting[0] is item and not self._blocked() and not self._ending:
            self._emit(item)

    def _emit(self, sheet: Sheet) -> None:
        """A label comes out whole before the buffer counts as empty."""
        write_once(self._path(self._printed + 1), sheet.payload)
        self._waiting.popleft()
        self._working = False
        self._printed += 1
        self._sticking = self.faults.has("label_waiting")
        self._say(self._dialect.ended(self._state()))

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06d}.{self._dialect.suffix}"

    def _count_files(self) -> int:
        found = self.folder.glob(f"[0-9]*.{self._dialect.suffix}")
        return max((int(path.stem) for path in found), default=0)
