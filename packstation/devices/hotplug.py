"""Ports that come back are opened at once: one thread that watches for all waiting links.

On Linux udev tells of what was plugged in, after its rules have given the rights. Where there is
no udev, the list of ports is read every one and a half seconds. Names that links wait for by
themselves (a link in /dev that a person or a simulator made) are looked at every second in
either case.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import selectors
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, Protocol

from msgspec import Struct

from packstation.devices.leaving import joined
from packstation.devices.opening import serial_ports
from packstation.devices.ports import Waker

_LOG = logging.getLogger(__name__)

SUBSYSTEMS: Final = ("tty", "hidraw", "usbmisc", "video4linux")
UDEV: Final = Path("/run/udev/control")
_JOIN_S: Final = 3.0
_NODES: Final = ("hidraw*", "usb/lp*", "video*")
_GONE: Final = frozenset(("remove", "unbind", "offline"))

Signature = tuple[int, int, int]


class HotplugTiming(Struct, frozen=True):
    """Seconds between two looks: at names, at the list without udev, at the list beside udev."""

    names_s: float = 1.0
    list_s: float = 1.5
    beside_s: float = 10.0


class Events(Protocol):
    """The part of `pyudev.Monitor` that is used."""

    def fileno(self) -> int: ...
    def poll(self, timeout: float | None) -> Any: ...  # noqa: ANN401 - pyudev has no types


def udev_events() -> Events | None:
    """What udev tells of devices from now on; None where there is no udev."""
    if not UDEV.exists():
        return None
    return netlink_events()


def netlink_events() -> Events | None:
    """As `udev_events`, whether or not its daemon is there."""
    try:
        import pyudev  # type: ignore[import-untyped]  # it has no types

        monitor = pyudev.Monitor.from_netlink(pyudev.Context())
        for subsystem in SUBSYSTEMS:
            monitor.filter_by(subsystem)
        monitor.start()
    except Exception as failure:  # noqa: BLE001 - no library, no right, no netlink: the list is read instead
        _LOG.info("no word of udev: %s", failure)
        return None
    events: Events = monitor
    return events


def present_ports(folder: Path = Path("/dev")) -> frozenset[str]:
    """Names of all ports there are: serial ones, and on Linux HID devices, printers, cameras."""
    names = {f"{port.device} {port.hwid}" for port in serial_ports()}
    names |= {str(path) for pattern in _NODES for path in folder.glob(pattern)}
    return frozenset(names)


class _Waiting(Struct, frozen=True):
    """A link, and the name it waits for where it has one."""

    retry: Callable[[], None]
    path: str = ""


class Hotplug:
    """Wakes waiting links; started with the first of them, closed once."""

    def __init__(
        self,
        events: Callable[[], Events | None] = udev_events,
        present: Callable[[], frozenset[str]] = present_ports,
        timing: HotplugTiming | None = None,
    ) -> None:
        self._source, self._present = events, present
        self._timing = timing or HotplugTiming()
        self._links: list[_Waiting] = []
        self._names: dict[str, Signature | None] = {}
        self._ports: frozenset[str] = frozenset()
        self._closing = threading.Event()
        self._waker: Waker | None = None
        self._thread: threading.Thread | None = None

    def add(self, retry: Callable[[], None], path: str = "") -> None:
        """``retry`` is called, in the thread of this, whenever the port may be back."""
        self._links = [*self._links, _Waiting(retry, path)]
        if self._waker is None:
            self._waker = Waker()
            run = functools.partial(self._run, self._waker)
            self._thread = threading.Thread(target=run, name="hotplug", daemon=True)
            self._thread.start()

    def drop(self, retry: Callable[[], None]) -> None:
        """The link is being closed: it waits for nothing more."""
        self._links = [one for one in self._links if one.retry != retry]

    def end(self) -> None:
        """Let the thread end; returns at once."""
        self._closing.set()
        if self._waker is not None:
            self._waker.wake()

    def join(self, timeout: float) -> bool:
        """Wait for the thread, seconds."""
        return self._thread is None or joined(self._thread, timeout)

    def close(self) -> None:
        """End the thread."""
        self.end()
        self.join(_JOIN_S)

    def _run(self, waker: Waker) -> None:
        try:
            self._watch(waker)
        finally:
            waker.close()

    def _watch(self, waker: Waker) -> None:
        events = self._source()
        list_s = self._timing.beside_s if events else self._timing.list_s
        self._ports, due = self._present(), time.monotonic() + list_s
        with selectors.DefaultSelector() as selector:
            selector.register(waker, selectors.EVENT_READ)
            if events is not None:
                selector.register(events.fileno(), selectors.EVENT_READ)
            while not self._closing.is_set():
                heard = selector.select(self._timing.names_s)
                self._look_at_names()
                if any(key.fileobj is not waker for key, _ in heard) and events is not None:
                    self._hear(events)
                if time.monotonic() >= due:
                    due = time.monotonic() + list_s
                    self._look_at_list()

    def _hear(self, events: Events) -> None:
        """All that udev has to tell; one arrival is reason enough to try all that wait."""
        arrived = False
        with contextlib.suppress(Exception):  # a message that is cut short or of no device
            while (device := events.poll(0)) is not None:
                arrived = arrived or device.action not in _GONE
        if arrived:
            self._retry(self._links)

    def _look_at_list(self) -> None:
        ports = self._present()
        if ports - self._ports:
            self._retry(self._links)
        self._ports = ports

    def _look_at_names(self) -> None:
        for link in self._links:
            if link.path:
                signature = _signature(link.path)
                if signature and self._names.get(link.path, signature) != signature:
                    link.retry()
                self._names[link.path] = signature

    def _retry(self, links: Iterable[_Waiting]) -> None:
        for link in links:
            link.retry()


def _signature(path: str) -> Signature | None:
    """What stands behind a name: another adapter, or the same one again, is another."""
    try:
        found = os.stat(path)  # noqa: PTH116 - called for every name, every second
    except (OSError, ValueError):
        return None
    return found.st_rdev, found.st_ino, found.st_ctime_ns
