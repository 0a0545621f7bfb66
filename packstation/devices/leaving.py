"""Devices on their way out: nobody who may not wait joins a thread, and no port is opened twice.

A device is told to end at once and from any thread; its own thread may sit in a call that takes
its time (a connection that is not answered, a camera that opens), and holds its port until then.
Who opens the same device or the same port next waits for that, in its own thread.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeVar

from msgspec import Struct

_LOG = logging.getLogger(__name__)

# All devices of a bench together, at the program's end.
CLOSE_S: Final = 5.0
# How long an opener waits for a port that another is giving back; over the longest connect.
LET_GO_S: Final = 4.0

T = TypeVar("T")


class Leaver(Protocol):
    """What ends in two steps: told so, and gone."""

    def end(self) -> None:
        """Say nothing more and go; returns at once, from any thread."""

    def join(self, timeout: float) -> bool:
        """Wait for it, seconds; whether its threads have ended and its port is given back."""


def joined(thread: threading.Thread, timeout: float) -> bool:
    """Wait for a thread that may not have been started; whether it runs no more."""
    if thread.is_alive() and thread is not threading.current_thread():
        thread.join(max(timeout, 0.0))
    return not thread.is_alive()


def join_all(leavers: Sequence[Leaver], limit_s: float) -> bool:
    """Wait for all of them within one limit."""
    until = time.monotonic() + limit_s
    ended = [one.join(max(until - time.monotonic(), 0.0)) for one in leavers]
    return all(ended)


def after(
    before: Callable[[], None], opening: Callable[[], T], ended: Callable[[], bool]
) -> Callable[[], T]:
    """The opener that first waits until its port is free; who has ``ended`` meanwhile opens none.

    Raises OSError ECANCELED then.
    """

    def opened() -> T:
        before()
        if ended():
            raise OSError(errno.ECANCELED, os.strerror(errno.ECANCELED))
        return opening()

    return opened


class Left(Struct, frozen=True):
    """A device that was told to end: its id, the port it may still hold, and what is left to do.

    ``done`` is called once it is gone or the limit has passed: its files are closed then.
    """

    device: str
    address: str
    leaver: Leaver
    done: Callable[[], None] = lambda: None


class Leaving:
    """Joins what was told to end, in threads of its own; used by the main thread."""

    def __init__(self, limit_s: float = CLOSE_S) -> None:
        self._limit_s = limit_s
        self._guard = threading.Lock()
        self._left: list[Left] = []
        self._hands: list[threading.Thread] = []

    def take(self, left: Sequence[Left]) -> None:
        """Tell them to end, all before the first is waited for; returns at once."""
        for one in left:
            one.leaver.end()
        if not left:
            return
        hand = threading.Thread(target=self._see_off, args=(tuple(left),), name="leaving")
        hand.daemon = True
        with self._guard:
            self._left = [*self._left, *left]
            self._hands = [*(one for one in self._hands if one.is_alive()), hand]
            hand.start()

    def wait_for(self, device: str, address: str) -> Callable[[], None]:
        """For the opener of the next device: returns once those that left before it are gone.

        Only what has left until now is waited for. The answer raises OSError EBUSY where one
        does not let go in `LET_GO_S`; called again it waits again.
        """
        with self._guard:
            mine = [one.leaver for one in self._left if _same(one, device, address)]

        def wait() -> None:
            if not join_all(mine, LET_GO_S):
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), address)
            mine.clear()

        return wait

    def join(self, timeout: float) -> bool:
        """Wait for all that has left; whether all is gone."""
        until = time.monotonic() + timeout
        with self._guard:
            hands = tuple(self._hands)
        ended = [joined(hand, until - time.monotonic()) for hand in hands]
        return all(ended)

    def _see_off(self, left: Sequence[Left]) -> None:
        until = time.monotonic() + self._limit_s
        for one in left:
            if not one.leaver.join(max(until - time.monotonic(), 0.0)):
                _LOG.warning("device %s has not ended in %s s", one.device, self._limit_s)
            one.done()
        for one in left:
            # A thread that hangs in the system for good still holds its port.
            if one.leaver.join(0.0):
                self._forget(one)

    def _forget(self, one: Left) -> None:
        with self._guard:
            self._left = [other for other in self._left if other is not one]


def _same(left: Left, device: str, address: str) -> bool:
    if device and device == left.device:
        return True
    return bool(address) and place_of(address) == place_of(left.address)


def place_of(address: str) -> str:
    """The address, and of a link in the system's folder of devices what it stands for."""
    return os.path.realpath(address) if address.startswith("/") else address
