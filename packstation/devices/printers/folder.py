"""A printer that lays papers into a folder, one file a job; the paper printer of the demo."""

from __future__ import annotations

import glob
import os
import queue
import threading
from pathlib import Path
from typing import Final
from urllib.parse import quote

from packstation.devices.health import Reporter
from packstation.devices.leaving import joined
from packstation.station.ports import DeviceState, PrintJob, PrintProgress

_JOIN_S: Final = 10.0
_PART: Final = ".part"  # a file that is being written, or was when the power went


def file_name(job: str, media: str) -> str:
    """The file of a job: its id with what a file name cannot hold quoted, so ids never collide."""
    return f"{quote(job, safe=' ()+,@')}.{quote(media, safe='')}"


class FolderPrinter:
    """`packstation.station.ports.Printer` into ``folder``; never writes a job twice."""

    def __init__(self, reporter: Reporter, folder: Path) -> None:
        self._reporter = reporter
        self._folder = folder
        self._jobs: queue.SimpleQueue[PrintJob | None] = queue.SimpleQueue()
        self._thread = threading.Thread(
            target=self._run, name=f"printer-{reporter.device}", daemon=True
        )
        self._thread.start()

    def submit(self, job: PrintJob) -> None:
        self._progress(job, "spooled")
        self._jobs.put(job)

    def came_out(self, job: str) -> bool | None:
        """A file is written whole or not at all, so its name tells."""
        found = self._folder.glob(f"{glob.escape(file_name(job, ''))}*")
        return any(path.suffix != _PART for path in found)

    def withdraw(self, job: str) -> bool:  # noqa: ARG002 - nothing ever waits here
        """A folder takes every job at once."""
        return False

    def end(self) -> None:
        """Let it end once the files that wait are written."""
        self._reporter.hush()
        self._jobs.put(None)

    def join(self, timeout: float) -> bool:
        """Wait for the thread, seconds."""
        return joined(self._thread, timeout)

    def close(self) -> None:
        self.end()
        self.join(_JOIN_S)
        self._reporter.mute()

    def _run(self) -> None:
        self._look()
        while (job := self._jobs.get()) is not None:
            self._print(job)

    def _look(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as failure:
            self._reporter.health(DeviceState.FAULT, "printer.folder", str(failure))
        else:
            self._reporter.well()

    def _print(self, job: PrintJob) -> None:
        try:
            write_once(self._folder / file_name(job.job, job.media), job.payload)
        except OSError as failure:
            self._reporter.health(DeviceState.FAULT, "printer.folder", str(failure))
            self._progress(job, "failed", "printer.folder")
        else:
            self._reporter.well()
            self._progress(job, "accepted")
            self._progress(job, "printed")

    def _progress(self, job: PrintJob, outcome: str, cause: str = "") -> None:
        self._reporter.post(
            PrintProgress(job.job, job.document, outcome, self._reporter.device, cause)
        )


def write_once(path: Path, payload: bytes) -> bool:
    """Write a whole file that survives a crash, or find it there already (False)."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + _PART)
    with fresh.open("wb") as file:
        file.write(payload)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable; Windows does that by itself and cannot be asked."""
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
