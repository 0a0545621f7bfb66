"""A printer of another bench: jobs wait here until the owner says that it is their turn.

What has been handed over is the owner's to tell about. Where the connection ends in between,
the job is uncertain; the owner is asked what became of it as soon as it can be reached.
"""

from __future__ import annotations

import errno
import logging
import socket
import threading
import time
from collections import deque
from contextlib import suppress
from typing import Final

from msgspec import Struct

from packstation.devices.health import Reporter
from packstation.devices.leaving import joined
from packstation.devices.link import LinkTiming
from packstation.devices.printers.share_wire import BEAT_S, Message, NotTrusted, Wire, greet
from packstation.devices.printers.shared import ENDS, LAST_WORD_S, message_of
from packstation.station.ports import DeviceState, PrinterQueue, PrintJob, PrintProgress

log = logging.getLogger(__name__)

CONNECT_S: Final = 2.0


class BorrowConfig(Struct, frozen=True):
    """Where the owner listens, who we are, and the key we share."""

    bench: str
    host: str
    port: int
    key: bytes
    lies: str = "zpl"


class OtherStock(OSError):
    """What lies in the owner's printer is not what this bench draws for."""


class BorrowedPrinter:
    """`packstation.station.ports.Printer` over the owner's door."""

    def __init__(
        self, config: BorrowConfig, reporter: Reporter, timing: LinkTiming | None = None
    ) -> None:
        self._config, self._reporter = config, reporter
        self._timing = timing or LinkTiming()
        self._guard = threading.Lock()
        self._waiting: deque[PrintJob] = deque()
        self._handed: PrintJob | None = None
        self._doubtful: dict[str, PrintJob] = {}
        self._wire: Wire | None = None
        self._plug: socket.socket | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name=f"borrow-{reporter.device}", daemon=True
        )
        self._thread.start()

    def submit(self, job: PrintJob) -> None:
        self._progress(job, "spooled")
        with self._guard:
            self._waiting.append(job)
            self._send(want=job.job, doubtful=job.doubtful)

    def withdraw(self, job: str) -> bool:
        """Take a job back that was not handed over; False where it is too late.

        The owner is asked for one that was: he says failed where no byte of it has left.
        """
        with self._guard:
            left = deque(one for one in self._waiting if one.job != job)
            found = len(left) < len(self._waiting)
            self._waiting = left
            self._send(drop=job)
            return found

    def came_out(self, job: str) -> bool | None:  # noqa: ARG002 - the owner tells once it is reached
        return None

    def end(self) -> None:
        """Let it end; what was handed over becomes uncertain, which is told yet."""
        self._reporter.hush()
        self._closing.set()
        with self._guard:
            if self._wire is not None:
                self._wire.close()
            elif self._plug is not None:
                # An owner that does not greet is not waited for.
                with suppress(OSError):
                    self._plug.shutdown(socket.SHUT_RDWR)

    def join(self, timeout: float) -> bool:
        """Wait, seconds, until the connection has ended."""
        return joined(self._thread, timeout)

    def close(self) -> None:
        """What was handed over becomes uncertain."""
        self.end()
        self.join(self._timing.join_s)
        self._reporter.mute()

    # --- the connection -----------------------------------------------------------------

    def _run(self) -> None:
        pause, was_open = self._timing.first_pause_s, False
        while not self._closing.is_set():
            begun = time.monotonic()
            try:
                wire = self._connect()
                was_open = True
                self._converse(wire)
            except OtherStock as exc:
                told = str(exc)
                self._reporter.health(DeviceState.FAULT, "printer.other_stock", told)
            except NotTrusted:
                self._reporter.health(DeviceState.FAULT, "printer.not_shared")
            except OSError as exc:
                self._reporter.lost(exc, was_open=was_open)
            except (TypeError, ValueError) as exc:
                # An owner of another version: what it says must not end this thread.
                log.warning("the owner of %s said what is none: %s", self._reporter.device, exc)
                self._reporter.health(DeviceState.FAULT, "device.internal", repr(exc))
            finally:
                self._cut()
            steady = time.monotonic() - begun > self._timing.steady_s
            pause = self._timing.first_pause_s if steady else pause
            self._closing.wait(pause)
            pause = min(pause * 2, self._timing.longest_pause_s)

    def _connect(self) -> Wire:
        where = (self._config.host, self._config.port)
        plug = socket.create_connection(where, CONNECT_S)
        with self._guard:
            self._plug = plug
        if self._closing.is_set():
            plug.close()
            raise ConnectionAbortedError(errno.ECONNABORTED, "closed")
        try:
            wire, lies = greet(plug, self._config.key, self._config.bench)
        except OSError:
            plug.close()
            raise
        if lies != self._config.lies:
            wire.close()
            wire.join(LAST_WORD_S)
            raise OtherStock(lies)
        return wire

    def _converse(self, wire: Wire) -> None:
        with self._guard:
            self._wire = wire
            for job in self._doubtful:
                self._send(ask=job)
            for one in self._waiting:
                self._send(want=one.job, doubtful=one.doubtful)
        beaten = time.monotonic()
        while not self._closing.is_set():
            self._heard(wire.receive())
            if time.monotonic() - beaten > BEAT_S:
                beaten = time.monotonic()
                wire.send(beat=1)

    def _cut(self) -> None:
        """What was handed over and not answered for is uncertain; the rest waits here."""
        with self._guard:
            wire, self._wire = self._wire, None
            handed, self._handed = self._handed, None
            if handed is not None:
                self._doubtful[handed.job] = handed
        if wire is not None:
            wire.close()
            wire.join(LAST_WORD_S)
            self._reporter.post(PrinterQueue(self._reporter.device, ()))
        if handed is not None:
            cause = "printer.closed" if self._closing.is_set() else "printer.lost"
            self._progress(handed, "uncertain", cause)

    def _heard(self, message: Message) -> None:
        match message:
            case {"go": str(job)}:
                self._hand_over(job)
            case {"progress": [str(job), str(document), str(outcome), str(cause)]}:
                self._told(job, document, outcome, cause)
            case {"health": [str(state), str(cause)]} if state in set(DeviceState):
                self._reporter.health(DeviceState(state), cause)
            case {"queue": list(rows)}:
                waiting = tuple((str(bench), int(jobs)) for bench, jobs in rows)
                self._reporter.post(PrinterQueue(self._reporter.device, waiting))

    def _hand_over(self, job: str) -> None:
        """Our turn: from the first byte on the job is no longer ours to take back."""
        with self._guard:
            found = next((one for one in self._waiting if one.job == job), None)
            if found is None or self._wire is None:
                self._send(drop=job)
                return
            self._waiting.remove(found)
            self._handed = found
            self._wire.send(**message_of(found))

    def _told(self, job: str, document: str, outcome: str, cause: str) -> None:
        with self._guard:
            handed = self._handed is not None and self._handed.job == job
            if not handed and job not in self._doubtful:
                return
            if outcome in ENDS:
                self._doubtful.pop(job, None)
                self._handed = None if handed else self._handed
        device = self._reporter.device
        self._reporter.post(PrintProgress(job, document, outcome, device, cause))

    def _send(self, **message: object) -> None:
        """With the guard held; what does not go out is said again on the next connection."""
        if self._wire is not None:
            with suppress(OSError):
                self._wire.send(**message)

    def _progress(self, job: PrintJob, outcome: str, cause: str = "") -> None:
        device = self._reporter.device
        self._reporter.post(PrintProgress(job.job, job.document, outcome, device, cause))
