"""Finds out what an unknown scale speaks: listens, then asks, at one setting after another.

On a person's request only. Nothing that is sent zeroes, tares or prints on any protocol of
reference/devices.md section 1, whichever scale it is that hears it: no question holds the letters
Z, T or C, which the 8217 obeys without a line end. Adam's ``P`` is left out for the same reason:
its own print key makes it speak while it is listened to.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from packstation.devices.catalogue import scale_model
from packstation.devices.health import cause_of
from packstation.devices.leaving import joined
from packstation.devices.opening import LineSettings, TcpAddress, opener, parse_address
from packstation.devices.ports import LINK_ERRORS, Port
from packstation.devices.recognise import Capture, line_of, recognise, settle
from packstation.domain.recognition import Candidate, Finding, Recognition
from packstation.station.ports import Post
from packstation.station.workshop import ProbeEnded, ProbeHeard, ProbeSettled, ProbeStepped

_LOG = logging.getLogger(__name__)

# The settings that scales leave the factory with, the commonest first.
LINES: Final = (
    LineSettings(9600),
    LineSettings(9600, 7, "E"),
    LineSettings(2400, 7, "E"),
    LineSettings(4800),
    LineSettings(9600, 8, "O"),
    LineSettings(19200),
    LineSettings(1200, 7, "O"),
    LineSettings(2400),
    LineSettings(115200),
)
# Questions with a line end first: what has none would else begin the next one.
_ASKED: Final = (
    "mt-sics",
    "nci-scp01",
    "sma",
    "and-standard",
    "ohaus",
    "sartorius-sbi",
    "toledo-8217",
)
ASKS: Final = tuple(scale_model(name).ask for name in _ASKED)
_ENDS: Final = frozenset(b"\r\n")


class ProbeTiming(Struct, frozen=True):
    """Seconds: to listen at a setting, and longer where something comes; to wait for answers.

    A question that is answered is asked ``repeats`` times; ``gap_s`` is the shortest time
    between two reports of bytes; ``weigh_s`` how long a known weight is read.
    """

    listen_s: float = 1.0
    longer_s: float = 2.5
    answer_s: float = 0.4
    rest_s: float = 0.08
    repeats: int = 3
    drain_s: float = 0.1
    send_s: float = 1.0
    gap_s: float = 0.2
    weigh_s: float = 1.6
    join_s: float = 3.0


class _Cancelled(Exception):
    """The person left."""


class ScaleProbe:
    """``station.workshop.Probe`` of one port: one thread, cancelled by ``close``."""

    def __init__(
        self,
        address: str,
        post: Post,
        *,
        timing: ProbeTiming | None = None,
        lines: Sequence[LineSettings] = LINES,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin at once; raises `SettingsError` for an address that is none.

        ``before`` is called in the thread of this before the port is opened for the first time.
        """
        network = isinstance(parse_address(address), TcpAddress)
        self._lines: tuple[LineSettings | None, ...] = (None,) if network else tuple(lines)
        self._address, self._post, self._before = address, post, before
        self._timing = timing or ProbeTiming()
        self._captures: list[Capture] = []
        self._change = threading.Condition()
        self._known: Decimal | None = None
        self._closing = False
        self._port: Port | None = None
        self._was_open = False
        self._told = 0.0
        self._thread = threading.Thread(target=self._run, name="probe", daemon=True)
        self._thread.start()

    def settle(self, grams: int) -> None:
        """From any thread: a known weight is on the pan."""
        with self._change:
            self._known = Decimal(grams)
            self._wake()

    def end(self) -> None:
        """Let the thread end; returns at once."""
        with self._change:
            self._closing = True
            self._wake()

    def join(self, timeout: float) -> bool:
        """Wait, seconds, until the port is given back."""
        return joined(self._thread, timeout)

    def close(self) -> None:
        """End the thread and give the port back."""
        self.end()
        self.join(self._timing.join_s)

    def _wake(self) -> None:
        self._change.notify_all()
        if self._port is not None:
            self._port.wake()

    # --- the thread ---------------------------------------------------------------------

    def _run(self) -> None:
        with contextlib.suppress(_Cancelled):
            try:
                self._probe()
            except _Cancelled:
                raise
            except LINK_ERRORS as failure:
                self._end(Recognition(Finding.NOTHING), cause_of(failure, was_open=self._was_open))
            except Exception:  # noqa: BLE001 - a bug in a decoder must not leave the page waiting
                _LOG.exception("probe of %s failed", self._address)
                self._end(Recognition(Finding.NOTHING), "device.internal")

    def _probe(self) -> None:
        self._before()
        found = self._listen_everywhere()
        if not _enough(found):
            found = self._ask_everywhere()
        self._end(found, "")
        while found.candidates:
            weighed = settle(self._weigh(found.candidates), found.candidates, self._wanted())
            self._known = None
            self._post_open(ProbeSettled(self._address, weighed))

    def _end(self, found: Recognition, cause: str) -> None:
        self._post_open(ProbeEnded(self._address, found, cause))

    def _listen_everywhere(self) -> Recognition:
        found = Recognition(Finding.NOTHING)
        for number, line in enumerate(self._lines):
            self._step(number, line)
            with self._settable(line), self._opened(line) as port:
                self._listen(port, line)
            found = recognise(self._captures)
            if _enough(found):
                break
        return found

    def _listen(self, port: Port, line: LineSettings | None) -> None:
        data = self._receive(port, self._timing.listen_s)
        if data and recognise([Capture((data,), b"", line)]).finding is not Finding.FOUND:
            data += self._receive(port, self._timing.longer_s - self._timing.listen_s)
        self._captures.append(Capture((data,), b"", line))

    def _ask_everywhere(self) -> Recognition:
        found = Recognition(Finding.NOTHING)
        for number, line in enumerate(self._lines, start=len(self._lines)):
            with self._settable(line), self._opened(line) as port:
                for ask in ASKS:
                    self._step(number, line, ask)
                    self._captures.append(Capture((self._asked(port, ask),), ask, line))
            found = recognise(self._captures)
            if _enough(found):
                break
        return found

    def _asked(self, port: Port, ask: bytes) -> bytes:
        """All answers to one question; again where there is one, to have more than one weight."""
        heard = b""
        for _ in range(self._timing.repeats):
            port.send(ask, self._timing.send_s)
            answer = self._receive(port, self._timing.answer_s, rest_s=self._timing.rest_s)
            heard += answer
            if not answer:
                break
        if ask[-1] not in _ENDS:
            port.send(b"\r\n", self._timing.send_s)
            heard += self._receive(port, self._timing.rest_s)
        return heard

    def _weigh(self, candidates: Sequence[Candidate]) -> list[Capture]:
        """Show what comes until a known weight is on, then read it as each candidate would."""
        first = candidates[0]
        with self._opened(line_of(first)) as port:
            while self._known is None:
                self._spoken(port, first)
        captures = []
        ways = {(line_of(one), scale_model(one.model).ask): one for one in candidates}
        for (line, ask), candidate in ways.items():
            until = time.monotonic() + self._timing.weigh_s
            chunks = []
            with self._opened(line) as port:
                while time.monotonic() < until:
                    chunks.append(self._spoken(port, candidate))
            captures.append(Capture(tuple(chunks), ask, line))
        return captures

    def _wanted(self) -> Decimal:
        with self._change:
            return self._known or Decimal(0)

    def _spoken(self, port: Port, candidate: Candidate) -> bytes:
        model = scale_model(candidate.model)
        if model.ask and model.once is None:
            port.send(model.ask, self._timing.send_s)
        return self._receive(port, self._timing.answer_s, rest_s=self._timing.rest_s)

    # --- the port -----------------------------------------------------------------------

    @contextlib.contextmanager
    def _settable(self, line: LineSettings | None) -> Iterator[None]:
        """Some adapters cannot be set to seven bits or parity: they are asked at the others."""
        try:
            yield
        except LINK_ERRORS as failure:
            number = failure.args[0] if failure.args else None
            if line in {None, self._lines[0]} or number != errno.EINVAL:
                raise

    @contextlib.contextmanager
    def _opened(self, line: LineSettings | None) -> Iterator[Port]:
        self._check()
        port = opener(self._address, line or LineSettings())()
        with self._change:
            self._port = port
        self._was_open = True
        try:
            self._receive(port, self._timing.drain_s, show=False)
            yield port
        finally:
            with self._change:
                self._port = None
            with contextlib.suppress(*LINK_ERRORS):
                port.close()

    def _receive(self, port: Port, time_s: float, *, rest_s: float = 0, show: bool = True) -> bytes:
        """What comes in ``time_s``; with ``rest_s`` it ends that long after the last byte."""
        until, heard = time.monotonic() + time_s, b""
        while (left := until - time.monotonic()) > 0:
            data = port.receive(left)
            self._check()
            heard += data
            if data and rest_s:
                until = min(until, time.monotonic() + rest_s)
            if data and show:
                self._show(heard[-64:])
        return heard

    def _show(self, raw: bytes) -> None:
        now = time.monotonic()
        if now - self._told >= self._timing.gap_s:
            self._told = now
            self._post_open(ProbeHeard(self._address, raw))

    def _step(self, number: int, line: LineSettings | None, ask: bytes = b"") -> None:
        steps = 2 * len(self._lines)
        self._post_open(ProbeStepped(self._address, number + 1, steps, line_text(line), ask))

    def _check(self) -> None:
        with self._change:
            if self._closing:
                raise _Cancelled

    def _post_open(self, happening: ProbeEnded | ProbeHeard | ProbeSettled | ProbeStepped) -> None:
        self._check()
        self._post(happening)


def line_text(line: LineSettings | None) -> str:
    """A setting as people write it: 9600 8N1; "" for a network."""
    if line is None:
        return ""
    return f"{line.baud} {line.bytesize}{line.parity}{line.stopbits}"


def _enough(found: Recognition) -> bool:
    """Whether going on could only disturb: sure, or weights are read and a known one decides."""
    first = found.first
    if first is None:
        return False
    return found.finding is Finding.FOUND or (bool(first.shown) and first.good > 1)
