"""A port: bytes in, bytes out, one thread at work in it, and a way to wake that thread.

A serial line and a TCP connection are the same thing here; what differs is how
they are opened (`opening`). Failures arrive as one of `LINK_ERRORS`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import selectors
import socket
from collections.abc import Callable
from typing import Final, Protocol

import serial
from msgspec import Struct

_BASE_ERRORS: Final = (serial.SerialException, OSError, TypeError, ValueError)
try:
    import termios
except ImportError:  # Windows
    LINK_ERRORS: tuple[type[Exception], ...] = _BASE_ERRORS
else:
    # pyserial lets all of these through when a cable goes (reference/devices.md section 6).
    LINK_ERRORS = (*_BASE_ERRORS, termios.error)

CHUNK: Final = 4096


class PortLost(OSError):
    """The other end is gone; ``polite`` when it ended a network connection, as servers do."""

    def __init__(self, *, polite: bool = False) -> None:
        """Look like an input/output error of the system."""
        super().__init__(errno.ECONNRESET if polite else errno.EIO, "port lost")
        self.polite = polite


class PortRefused(OSError):
    """A port that does not open, with the message key of the very ``cause``."""

    def __init__(self, number: int | None, text: str | None, path: str, *, cause: str) -> None:
        """Look like the system's error, and say more."""
        super().__init__(number, text, path)
        self.cause = cause


class Port(Protocol):
    """An open line; all but ``wake`` belong to the thread that opened it."""

    def receive(self, timeout: float) -> bytes:
        """What has come, at most ``timeout`` seconds later; empty on silence or ``wake``."""

    def send(self, data: bytes, timeout: float) -> int:
        """How many bytes the line took; 0 when it took none in ``timeout`` seconds or on wake."""

    def wake(self) -> None:
        """Make ``receive`` or ``send`` return at once; from any thread."""

    def close(self) -> None:
        """Give the line back."""


class Handle(Struct, frozen=True):
    """The system's side of a line: a non-blocking descriptor and what to do with it.

    ``polite`` tells that an empty read is a connection closed in good order.
    """

    fileno: int
    read: Callable[[int], bytes]
    write: Callable[[bytes], int]
    close: Callable[[], None]
    polite: bool


class Waker:
    """A pair of sockets: a byte in one makes the other readable, on every system."""

    def __init__(self) -> None:
        self._out, self._in = socket.socketpair()
        self._out.settimeout(0)
        self._in.settimeout(0)

    def fileno(self) -> int:
        """The side to wait on."""
        return self._out.fileno()

    def wake(self) -> None:
        """Make it readable; a full or closed pair has woken already."""
        with contextlib.suppress(OSError):
            self._in.send(b"x")

    def clear(self) -> None:
        """Take all wakes so far."""
        with contextlib.suppress(BlockingIOError):
            self._out.recv(CHUNK)

    def close(self) -> None:
        """Give both ends back."""
        self._out.close()
        self._in.close()


class DescriptorPort:
    """A port over a descriptor that the system can wait on: POSIX serial lines, any socket."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._waker = Waker()
        self._selector = selectors.DefaultSelector()
        self._selector.register(handle.fileno, selectors.EVENT_READ)
        self._selector.register(self._waker, selectors.EVENT_READ)

    def receive(self, timeout: float) -> bytes:
        if not self._ready(selectors.EVENT_READ, timeout):
            return b""
        try:
            data = self._handle.read(CHUNK)
        except BlockingIOError:
            return b""
        except ConnectionError as failure:
            raise PortLost(polite=True) from failure
        if not data:
            raise PortLost(polite=self._handle.polite)
        return data

    def send(self, data: bytes, timeout: float) -> int:
        if not self._ready(selectors.EVENT_WRITE, timeout):
            return 0
        try:
            return self._handle.write(data)
        except BlockingIOError:
            return 0
        except ConnectionError as failure:
            raise PortLost(polite=True) from failure

    def wake(self) -> None:
        self._waker.wake()

    def close(self) -> None:
        self._selector.close()
        self._waker.close()
        self._handle.close()

    def _ready(self, event: int, timeout: float) -> bool:
        self._selector.modify(self._handle.fileno, event)
        ready = False
        for key, _ in self._selector.select(max(timeout, 0)):
            if key.fileobj is self._waker:
                self._waker.clear()
            else:
                ready = True
        return ready


class CancellablePort:
    """A port over pyserial alone, for Windows: no descriptors there, but ``cancel_read``.

    The line's timeouts are fixed when it is opened (``TICK``): changing them later
    fails on some lines.
    """

    TICK: Final = 0.1

    def __init__(self, line: serial.Serial) -> None:
        self._line = line
        self._woken = False

    def receive(self, timeout: float) -> bytes:
        for _ in range(max(1, round(timeout / self.TICK))):
            data = self._line.read(1)
            if data:
                return bytes(data) + bytes(self._line.read(self._line.in_waiting))
            if self._take_wake():
                break
        return b""

    def send(self, data: bytes, timeout: float) -> int:
        for _ in range(max(1, round(timeout / self.TICK))):
            with contextlib.suppress(serial.SerialTimeoutException):
                return self._line.write(data[:64]) or 0
            if self._take_wake():
                break
        return 0

    def wake(self) -> None:
        self._woken = True
        with contextlib.suppress(*LINK_ERRORS):
            self._line.cancel_read()

    def close(self) -> None:
        self._line.close()

    def _take_wake(self) -> bool:
        woken, self._woken = self._woken, False
        return woken


def serial_port(line: serial.Serial) -> Port:
    """The port of an open pyserial line."""
    if os.name != "posix":
        return CancellablePort(line)
    number = line.fileno()
    return DescriptorPort(
        Handle(
            fileno=number,
            read=lambda size: os.read(number, size),
            write=lambda data: os.write(number, data),
            close=line.close,
            polite=False,
        )
    )


def socket_port(connection: socket.socket) -> Port:
    """The port of a connected socket."""
    connection.settimeout(0)
    return DescriptorPort(
        Handle(
            fileno=connection.fileno(),
            read=connection.recv,
            write=connection.send,
            close=connection.close,
            polite=True,
        )
    )
