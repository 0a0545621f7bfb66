"""A link outlives its cable: one thread per port, which opens it again and again.

The thread runs the device's conversation while the port is open. When the port
fails it reports that once, waits (0.25 s, doubling to 8 s, with jitter) and opens
it anew; a port that worked for a while starts from the short pause again, and so does
one of which word comes that it is back (`hotplug`).
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable

from msgspec import Struct

from packstation.devices.health import Reporter
from packstation.devices.leaving import joined
from packstation.devices.opening import Opener
from packstation.devices.ports import LINK_ERRORS, Port, PortLost
from packstation.station.ports import DeviceState

_LOG = logging.getLogger(__name__)


class LinkTiming(Struct, frozen=True):
    """Seconds: first and longest pause, share of jitter, garbage drain, when a port is steady.

    ``drain_s`` is how long bytes are thrown away after opening: modem probes and
    half frames (reference/devices.md section 6).
    """

    first_pause_s: float = 0.25
    longest_pause_s: float = 8.0
    jitter: float = 0.25
    drain_s: float = 0.1
    steady_s: float = 2.0
    join_s: float = 3.0


class Line:
    """An open port as a conversation sees it."""

    def __init__(self, port: Port, reporter: Reporter, closing: threading.Event) -> None:
        self.port = port
        self.reporter = reporter
        self._closing = closing
        self._untold = b""
        self._within: float | None = None
        self._opened = self._last = time.monotonic()
        reporter.note("open")
        self.heard = False

    def alive(self) -> bool:
        """False once the link is being closed; the conversation then ends."""
        return not self._closing.is_set()

    def age(self) -> float:
        """Seconds since the port was opened."""
        return time.monotonic() - self._opened

    def expect(self, within_s: float | None) -> None:
        """From now on a port that is silent for so long is dead; None: silence is normal.

        Some adapters, and connections whose peer was switched off, stay open and say nothing
        for good: only the age of the data tells (reference/devices.md section 6).
        """
        self._within, self._last = within_s, time.monotonic()

    def receive(self, timeout: float) -> bytes:
        """As `Port.receive`; what came is reported as seen, but only at the next call.

        So a scan reaches the station before the news for the Devices screen. A silence that
        is longer than expected is a lost port, which is opened anew.
        """
        if self._untold:
            self.reporter.seen(self._untold)
        data = self._untold = self.port.receive(timeout)
        if data:
            self.heard, self._last = True, time.monotonic()
            self.reporter.note("in", data)
        elif self._within is not None and time.monotonic() - self._last >= self._within:
            raise PortLost(polite=True)
        return data

    def send(self, data: bytes, timeout: float) -> int:
        """As `Port.send`, for what a recording must not hold: pieces of print jobs."""
        taken = self.port.send(data, timeout)
        self.reporter.note("out", data[:taken], job=True)
        return taken

    def ask(self, data: bytes, timeout: float) -> int:
        """As `Port.send`, for questions and commands."""
        taken = self.port.send(data, timeout)
        self.reporter.note("out", data[:taken])
        return taken

    def command(self, data: bytes, timeout: float) -> None:
        """Send a short command as a whole; a line that does not take it in time is lost."""
        deadline = time.monotonic() + timeout
        while data and self.alive():
            data = data[self.ask(data, timeout) :]
            if data and time.monotonic() >= deadline:
                raise PortLost


class Link:
    """The thread of one port.

    ``converse`` talks over the open `Line` until it is not alive any more, and says
    itself when the device is well; whatever of `LINK_ERRORS` it raises means that
    the port is lost.
    """

    def __init__(
        self,
        reporter: Reporter,
        opener: Opener,
        converse: Callable[[Line], None],
        timing: LinkTiming | None = None,
        chance: Callable[[], float] | None = None,
    ) -> None:
        self._reporter = reporter
        self._opener = opener
        self._converse = converse
        self._timing = timing or LinkTiming()
        self._chance = chance or random.SystemRandom().random
        self._closing = threading.Event()
        self._nudge = threading.Event()
        self._guard = threading.Lock()
        self._port: Port | None = None
        self._pause = self._timing.first_pause_s
        self._was_open = False
        self._thread = threading.Thread(
            target=self._run, name=f"link-{reporter.device}", daemon=True
        )

    def start(self) -> None:
        """Begin to open the port."""
        self._thread.start()

    def wake(self) -> None:
        """Let the conversation's waiting return at once; from any thread."""
        with self._guard:
            if self._port is not None:
                self._port.wake()

    def retry_now(self) -> None:
        """The port may be back: a pause between two attempts ends at once; from any thread."""
        self._nudge.set()

    def end(self) -> None:
        """Let the conversation and the thread end; only a job under way is told of afterwards."""
        self._reporter.hush()
        self._closing.set()
        self._nudge.set()
        self.wake()

    def join(self, timeout: float) -> bool:
        """Wait for the thread, seconds; whether it has ended and the port is given back."""
        return joined(self._thread, timeout)

    def close(self) -> None:
        """End the conversation and the thread; nothing is reported afterwards."""
        self.end()
        self.join(self._timing.join_s)
        self._reporter.mute()

    def _run(self) -> None:
        while not self._closing.is_set():
            if not self._attempt():
                self._rest(self._next_pause())

    def _rest(self, pause: float) -> None:
        if self._nudge.wait(pause):
            self._nudge.clear()
            self._pause = self._timing.first_pause_s

    def _next_pause(self) -> float:
        pause = self._pause
        self._pause = min(pause * 2, self._timing.longest_pause_s)
        return pause * (1 + self._timing.jitter * self._chance())

    def _attempt(self) -> bool:
        """Open and converse once; True to open again without a pause or a report."""
        line: Line | None = None
        since = time.monotonic()
        failure: BaseException | None = None
        try:
            line = self._open()
            since = time.monotonic()
            self._converse(line)
        except LINK_ERRORS as raised:
            failure = raised
        except Exception as raised:  # noqa: BLE001 - a bug in a decoder must not end the device
            _LOG.exception("device %s: conversation failed", self._reporter.device)
            self._reporter.health(DeviceState.FAULT, "device.internal", repr(raised))
        finally:
            self._shut()
        steady = line is not None and time.monotonic() - since >= self._timing.steady_s
        if line is not None and (steady or line.heard):
            self._pause = self._timing.first_pause_s
        return self._closing.is_set() or self._forgiven(failure, steady=steady)

    def _forgiven(self, failure: BaseException | None, *, steady: bool) -> bool:
        """A peer that hung up in good order after a while is called again before a word."""
        if failure is None:
            return False
        if isinstance(failure, PortLost) and failure.polite and steady:
            return True
        self._reporter.lost(failure, was_open=self._was_open)
        return False

    def _open(self) -> Line:
        port = self._opener()
        self._nudge.clear()
        with self._guard:
            self._port = port
        self._was_open = True
        self._drain(port)
        return Line(port, self._reporter, self._closing)

    def _drain(self, port: Port) -> None:
        until = time.monotonic() + self._timing.drain_s
        while (left := until - time.monotonic()) > 0 and not self._closing.is_set():
            port.receive(left)

    def _shut(self) -> None:
        with self._guard:
            port, self._port = self._port, None
        if port is None:
            return
        try:
            port.close()
        except LINK_ERRORS:
            _LOG.info("device %s: port closed with a failure", self._reporter.device)


class Linked:
    """An open device on a link; close it once."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def retry_now(self) -> None:
        """The port may be back: try at once."""
        self._link.retry_now()

    def end(self) -> None:
        """Let it end; returns at once."""
        self._link.end()

    def join(self, timeout: float) -> bool:
        """Wait until its port is given back, seconds."""
        return self._link.join(timeout)

    def close(self) -> None:
        """End the conversation, and give the port back."""
        self._link.close()
