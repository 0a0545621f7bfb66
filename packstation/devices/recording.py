r"""What a device and the bench said to each other, as lines of JSON, for support to replay.

The first line says what it is: ``{"recording": 1, "device", "kind", "model", "at"}``. Then
``{"t_ms": 12.4, "dir": "in", "hex": "53 20 ..."}`` for bytes of the device, "out" for ours, and
"open" when the port was opened (again). What goes to a printer as a job holds buyers' names and
addresses: of it only ``{"dir": "out", "bytes": 812, "sha256": "..."}`` is kept, unless it was
asked for. Questions to printers are kept.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote

import msgspec
from msgspec import Struct

from packstation.domain.errors import InputInvalid

_LOG = logging.getLogger(__name__)

MOST: Final = 8 * 1024 * 1024
"""Bytes of one file; the one before is kept, so a recording has at most twice as many."""
_ONE_LINE: Final = 16_384


class Subject(Struct, frozen=True):
    """What is recorded."""

    device: str
    kind: str
    model: str


class Step(Struct, frozen=True):
    """A moment of a recording: ``way`` "in", "out" or "open"; ``size`` also where no bytes are."""

    t_ms: float
    way: str
    data: bytes = b""
    size: int = 0


class Recording(Struct, frozen=True):
    """A recording as read."""

    subject: Subject
    steps: tuple[Step, ...]


class Tape:
    """Writes a recording; from the device's one thread, stopped from any."""

    def __init__(
        self,
        path: Path,
        subject: Subject,
        *,
        payloads: bool = False,
        seconds: float | None = None,
        most: int = MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin ``path``; ends by itself after ``seconds``. OSError where it cannot be written."""
        self.path = path
        self._subject, self._payloads, self._most = subject, payloads, most
        self._clock, self._since = clock, clock()
        self._until = None if seconds is None else self._since + seconds
        self._guard = threading.Lock()
        self._size = 0
        self._file: BinaryIO | None = self._begin()

    @property
    def running(self) -> bool:
        """Whether it still records."""
        return self._file is not None

    def note(self, way: str, data: bytes = b"", *, job: bool = False) -> None:
        """Keep what passed; ``job`` is a piece of a print job. A disk that refuses ends it."""
        now = self._clock()
        line: dict[str, object] = {"t_ms": round((now - self._since) * 1000, 1), "dir": way}
        if job and not self._payloads:
            line |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        elif data:
            line["hex"] = data.hex(" ")
        with self._guard:
            if self._until is not None and now >= self._until:
                self._end()
            self._write(line)

    def close(self) -> None:
        """End the recording."""
        with self._guard:
            self._end()

    def _begin(self) -> BinaryIO:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._size = 0
        at = datetime.now(UTC).isoformat(timespec="seconds")
        head = {"recording": 1, **msgspec.to_builtins(self._subject), "at": at}
        # Without a buffer: a killed program leaves whole lines, and closing cannot fail.
        file = self.path.open("wb", buffering=0)
        try:
            file.write(msgspec.json.encode(head) + b"\n")
        except OSError:
            file.close()
            raise
        return file

    def _write(self, line: dict[str, object]) -> None:
        if self._file is None:
            return
        try:
            if self._size >= self._most:
                self._end()
                self.path.replace(self.path.with_suffix(".before.jsonl"))
                self._file = self._begin()
            text = msgspec.json.encode(line) + b"\n"
            self._size += len(text)
            self._file.write(text)
        except OSError as failure:
            _LOG.warning("recording of %s ends: %s", self._subject.device, failure)
            self._end()

    def _end(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()


def tape_path(folder: Path, device: str, at: datetime) -> Path:
    """Where a recording of a device goes, by its begin."""
    return folder / f"{quote(device, safe='')}-{at:%Y%m%d-%H%M%S}.jsonl"


def read_recording(path: Path) -> Recording:
    """A recording of a file; `InputInvalid` names the line that is none, OSError for no file."""
    with path.open("r", encoding="utf-8", errors="replace") as file:
        head = _fields(file.readline(_ONE_LINE), 1)
        if head.get("recording") != 1:
            raise InputInvalid(path="line 1", value=str(head)[:80], allowed='{"recording": 1, ...}')
        subject = Subject(*(str(head.get(name, "")) for name in Subject.__struct_fields__))
        steps = [_step(line, number) for number, line in enumerate(file, 2) if line.strip()]
    return Recording(subject, tuple(steps))


def _step(line: str, number: int) -> Step:
    fields = _fields(line, number)
    moment, way, text = fields.get("t_ms"), fields.get("dir"), fields.get("hex", "")
    size = fields.get("bytes", 0)
    try:
        data = bytes.fromhex(text if isinstance(text, str) else "none")
    except ValueError:
        raise _invalid(line, number) from None
    right = isinstance(moment, int | float) and way in {"in", "out", "open"}
    if not right or not isinstance(size, int) or isinstance(moment, bool):
        raise _invalid(line, number)
    return Step(float(str(moment)), str(way), data, len(data) or size)


def _fields(line: str, number: int) -> dict[str, object]:
    try:
        found = msgspec.json.decode(line)
    except msgspec.DecodeError:
        found = None
    if not isinstance(found, dict):
        raise _invalid(line, number)
    return found


def _invalid(line: str, number: int) -> InputInvalid:
    allowed = '{"t_ms": 12.4, "dir": "in", "hex": "53 20"}'
    return InputInvalid(path=f"line {number}", value=line.strip()[:80], allowed=allowed)
