"""A simulated ZPL printer that tears off real files: ``printed/000001.zpl`` and so on.

Each label that came out is one file, synced to the disk before the printer says that it is
idle, so that a run that was killed can be audited; the odometer is the number of files.
"""

from __future__ import annotations

import random
import re
import threading
from collections import deque
from pathlib import Path
from typing import Final

from packstation.devices.printers.folder import write_once
from packstation.devices.printers.status import HOST_IDENTITY, HOST_STATUS, ODOMETER
from packstation.devices.sim.device import SimDevice
from packstation.devices.sim.faces import Face
from packstation.devices.sim.faults import FAULTS, FaultTiming

_COMMANDS: Final = (HOST_STATUS, HOST_IDENTITY, ODOMETER)
_COMMAND: Final = re.compile(b"|".join(re.escape(one) for one in _COMMANDS))
_FORMAT: Final = re.compile(rb"\^XA(?:(?!\^XA).)*?\^XZ", re.DOTALL)
_QUANTITY: Final = re.compile(rb"\^PQ\s*(\d+)")
_BLOCKING: Final = ("paper_out", "head_open", "pause")
# A longer format without an end is no label.
_MOST: Final = 4_000_000


class ZplPrinterSim(SimDevice):
    """Takes formats, prints one every ``print_s``; answers ~HS, ~HI and the SGD odometer."""

    def __init__(
        self,
        face: Face,
        chance: random.Random,
        folder: Path,
        *,
        print_s: float = 0.05,
        timing: FaultTiming | None = None,
    ) -> None:
        self.folder = folder
        self._print_s = print_s
        self._input = bytearray()
        self._waiting: deque[bytes] = deque()
        self._printed = self._count_files()
        self._change = threading.Condition()
        self._ending = False
        super().__init__(face, FAULTS["label"], chance, timing)
        self._press = threading.Thread(target=self._run, name="sim-press", daemon=True)
        self._press.start()

    @property
    def printed(self) -> int:
        """How many labels have ever come out."""
        with self._change:
            return self._printed

    def label(self, number: int) -> bytes:
        """The bytes of a label that came out; numbers start at 1."""
        return self._path(number).read_bytes()

    def set_fault(self, fault: str, *, on: bool) -> None:
        super().set_fault(fault, on=on)
        with self._change:
            if fault == "unplug" and on:
                self._input.clear()
            self._change.notify_all()

    def close(self) -> None:
        with self._change:
            self._ending = True
            self._change.notify_all()
        self._press.join()
        super().close()

    def hear(self, data: bytes) -> None:
        with self._change:
            self._input += data
            while (item := self._next_item()) is not None:
                self._obey(item)

    def _next_item(self) -> bytes | None:
        """The next whole format or command, in the order in which they were completed.

        A command is obeyed at once, also in the middle of a format that still comes in.
        """
        text = bytes(self._input)
        found = [one for one in (_FORMAT.search(text), _COMMAND.search(text)) if one]
        if not found:
            whole = b"^XA" in text and len(text) <= _MOST
            del self._input[: 0 if whole else max(0, len(text) - len(ODOMETER))]
            return None
        first = min(found, key=lambda one: one.end())
        del self._input[slice(*first.span())]
        return first[0]

    def _obey(self, item: bytes) -> None:
        if item in _COMMANDS:
            self._answer(item)
        elif self.faults.has("half_label"):
            # The label tears: taken, never out, and the connection goes with it.
            self._face.hang_up()
        else:
            found = _QUANTITY.search(item)
            self._waiting.extend([item] * (int(found[1]) if found else 1))
            self._change.notify_all()

    def _answer(self, command: bytes) -> None:
        if self.faults.has("silent"):
            return
        answers = {
            HOST_STATUS: self._status(),
            HOST_IDENTITY: b"\x02SIM-203,V1.0,8,8192KB\x03\r\n",
            ODOMETER: f'"{self._printed}"\r\n'.encode(),
        }
        self.say(answers[command])

    def _status(self) -> bytes:
        paper, head, pause = (
            int(self.faults.has(one)) for one in ("paper_out", "head_open", "pause")
        )
        partial = int(b"^XA" in self._input)
        first = f"030,{paper},{pause},1218,{len(self._waiting):03d},0,0,{partial},000,0,0,0"
        second = f"000,0,{head},0,0,2,4,0,00000000,1,000"
        return "".join(f"\x02{line}\x03\r\n" for line in (first, second, "1234,0")).encode()

    def _blocked(self) -> bool:
        return any(self.faults.has(one) for one in _BLOCKING)

    def _run(self) -> None:
        with self._change:
            while not self._ending:
                if not self._waiting or self._blocked():
                    self._change.wait()
                    continue
                self._change.wait_for(lambda: self._ending, self._print_s)
                if self._waiting and not self._blocked() and not self._ending:
                    self._emit()

    def _emit(self) -> None:
        """A label comes out whole before the buffer counts as empty."""
        write_once(self._path(self._printed + 1), self._waiting[0])
        self._waiting.popleft()
        self._printed += 1

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06d}.zpl"

    def _count_files(self) -> int:
        return max((int(path.stem) for path in self.folder.glob("[0-9]*.zpl")), default=0)
