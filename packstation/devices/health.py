"""What a device's thread tells the station: health once per change, last bytes now and then."""

from __future__ import annotations

import errno
import logging
import socket
import time
from collections.abc import Callable
from typing import Final

from msgspec import structs

from packstation.devices.known import InMind, Known
from packstation.devices.ports import PortRefused
from packstation.devices.recording import Tape
from packstation.domain.weights import Reading, ScaleState
from packstation.station.ports import (
    DeviceHealth,
    DeviceSeen,
    DeviceState,
    Happening,
    Post,
    PrintProgress,
    ScaleRead,
)

_LOG = logging.getLogger(__name__)

_BY_NUMBER: Final[dict[int, str]] = {
    errno.ENOENT: "port.missing",
    errno.EACCES: "port.denied",
    errno.EPERM: "port.denied",
    errno.EBUSY: "port.busy",
    errno.EAGAIN: "port.busy",  # somebody else holds the exclusive lock
    errno.EIO: "device.unplugged",
    errno.ENXIO: "device.unplugged",
    errno.ENODEV: "device.unplugged",
    errno.ENOTUNIQ: "port.ambiguous",
    errno.ECONNREFUSED: "port.refused",
    errno.ECONNRESET: "port.lost",
    errno.EPIPE: "port.lost",
    errno.ETIMEDOUT: "port.unreachable",
    errno.EHOSTUNREACH: "port.unreachable",
    errno.ENETUNREACH: "port.unreachable",
}
# Not there, in one way or another: one outage, whichever way the next attempt fails.
_GONE: Final = frozenset(
    (
        "device.unplugged",
        "port.lost",
        "port.missing",
        "port.refused",
        "port.unreachable",
        "printer.port_missing",
    )
)
# A name that is not there; once it was there, the device was unplugged.
_ABSENT: Final = frozenset(("port.missing", "port.error", "printer.port_missing"))
# pyserial on Windows packs the system's error into the text of its own.
_BY_WORD: Final[tuple[tuple[str, str], ...]] = (
    ("FileNotFoundError", "port.missing"),
    ("PermissionError", "port.busy"),
)


def cause_of(failure: BaseException, *, was_open: bool) -> str:
    """The message key for why a port does not open or was lost.

    A port that has been there before and is gone was unplugged; one that never was is missing.
    """
    cause = _plain_cause(failure)
    if was_open and cause in _ABSENT:
        return "device.unplugged"
    return cause


def _plain_cause(failure: BaseException) -> str:
    if isinstance(failure, PortRefused):
        return failure.cause
    if isinstance(failure, TimeoutError | socket.gaierror):
        return "port.unreachable"
    number = failure.errno if isinstance(failure, OSError) else None
    if number in _BY_NUMBER:
        return _BY_NUMBER[number]
    text = str(failure)
    return next((cause for word, cause in _BY_WORD if word in text), "port.error")


class Reporter:
    """One device's voice; used by its one thread, muted from another when the device closes.

    ``seen_gap_s`` is the shortest time between two `DeviceSeen`.
    """

    def __init__(
        self,
        device: str,
        post: Post,
        *,
        mono_ns: Callable[[], int] = time.monotonic_ns,
        seen_gap_s: float = 0.25,
        known: Known | None = None,
        place: str = "",
    ) -> None:
        """``known`` remembers, by ``place``, which device belongs here."""
        self.device = device
        self._known, self._place = known or InMind(), place or device
        self._other: tuple[str, str] | None = None
        self.tape: Tape | None = None
        self.mono_ns = mono_ns
        self._post = post
        self._gap_ns = int(seen_gap_s * 1e9)
        self._seen_ns: int | None = None
        self._health: tuple[DeviceState, str] | None = None
        self._muted = self._hushed = False

    def post(self, happening: Happening) -> None:
        """Pass it on, unless muted; a weight of a device that does not belong here is none."""
        if self._muted or (self._hushed and not isinstance(happening, PrintProgress)):
            return
        if self._other is not None and isinstance(happening, ScaleRead):
            reading = Reading(state=ScaleState.NOT_READY, error="other", raw=happening.reading.raw)
            happening = structs.replace(happening, reading=reading)
        self._post(happening)

    def take_over(self, hear: Post) -> Post:
        """From now on ``hear`` gets everything first; answers whoever got it so far."""
        post, self._post = self._post, hear
        return post

    def note(self, way: str, data: bytes = b"", *, job: bool = False) -> None:
        """Bytes passed, or the port was opened: for the recording, where there is one."""
        tape = self.tape
        if tape is not None and (data or way == "open"):
            tape.note(way, data, job=job)

    def hush(self) -> None:
        """The device is closing: say nothing more but what becomes of a job under way."""
        self._hushed = True

    @property
    def closing(self) -> bool:
        """Whether the device was told to end."""
        return self._hushed or self._muted

    def mute(self) -> None:
        """Say nothing more."""
        self._muted = True

    def health(self, state: DeviceState, cause: str = "", detail: str = "") -> None:
        """Report and log a change of state or cause; the same again is not news.

        Of a device that does not belong here nothing else is worth saying.
        """
        args: tuple[tuple[str, str], ...] = ()
        if self._other is not None:
            expected, found = self._other
            state, cause = DeviceState.FAULT, "device.other"
            args = (("expected", expected), ("found", found or "?"))
        if self._health == (state, cause) or self._hushed:
            return
        self._health = (state, cause)
        level = logging.WARNING if state is DeviceState.FAULT else logging.INFO
        _LOG.log(level, "device %s is %s %s %s", self.device, state.value, cause, detail)
        self.post(DeviceHealth(self.device, state, cause, detail, args))

    @property
    def expected(self) -> str:
        """The serial number of the device that belongs here; "" where none was told yet."""
        return self._known.serial(self._place)

    @property
    def strange(self) -> bool:
        """Whether another device than the one that belongs here is on the port."""
        return self._other is not None

    def introduced(self, serial: str) -> None:
        """The device told its own serial number ("": it has one no more)."""
        expected = self.expected
        if not expected:
            self._known.remember(self._place, serial)
        self._other = (expected, serial) if expected and serial != expected else None
        if self._other is not None:
            self.health(DeviceState.FAULT)

    def accept(self) -> tuple[str, str] | None:
        """The device on the port belongs here from now on; from any thread.

        Who was expected and who it is; None where it is no other.
        """
        accepted, self._other = self._other, None
        if accepted is not None:
            self._known.remember(self._place, accepted[1])
            self.well(accepted[1])
        return accepted

    def well(self, detail: str = "") -> None:
        """All is well."""
        self.health(DeviceState.OK, detail=detail)

    def lost(self, failure: BaseException, *, was_open: bool) -> None:
        """The port is gone or does not open; an outage is reported once, until it ends."""
        self._other = None
        cause = cause_of(failure, was_open=was_open)
        if cause in _GONE and self._health is not None and self._health[1] in _GONE:
            return
        self.health(DeviceState.FAULT, cause, str(failure))

    def seen(self, raw: bytes) -> None:
        """The device's last bytes, at most a few times a second."""
        now = self.mono_ns()
        if self._seen_ns is None or now - self._seen_ns >= self._gap_ns:
            self._seen_ns = now
            self.post(DeviceSeen(self.device, raw, now))
