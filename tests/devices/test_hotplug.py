"""Word that a port is back: from udev, from the list of ports, from a name that appears."""

from __future__ import annotations

import os
import queue
import socket
import threading
import time
from pathlib import Path

import pytest
from msgspec.structs import replace
from serial.tools import list_ports

from packstation.devices import hotplug
from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
from packstation.devices.hotplug import Hotplug, HotplugTiming, present_ports
from packstation.devices.link import LinkTiming
from packstation.devices.scanners import Scanner
from packstation.devices.sim.faces import PtyFace, TcpFace
from packstation.station.ports import DeviceHealth, DeviceState
from tests.devices.rigs import Recorder

NEVER = HotplugTiming(names_s=60.0, list_s=60.0, beside_s=60.0)
OFTEN = HotplugTiming(names_s=0.01, list_s=0.01, beside_s=0.01)


class Told:
    """A message of udev."""

    def __init__(self, action: str) -> None:
        self.action = action


class Udev:
    """Messages as pyudev hands them on: a descriptor to wait on, then one after the other."""

    def __init__(self) -> None:
        self._out, self._in = socket.socketpair()
        self._told: queue.SimpleQueue[Told | Exception] = queue.SimpleQueue()

    def tell(self, *messages: Told | Exception) -> None:
        for message in messages:
            self._told.put(message)
        self._in.send(b"x")

    def fileno(self) -> int:
        return self._out.fileno()

    def poll(self, timeout: float | None) -> Told | None:
        assert timeout == 0
        if self._told.empty():
            self._out.recv(100)
            return None
        message = self._told.get()
        if isinstance(message, Exception):
            raise message
        return message

    def close(self) -> None:
        self._out.close()
        self._in.close()


def nothing() -> frozenset[str]:
    return frozenset()


def test_what_is_plugged_in_wakes_all_who_wait_and_what_is_pulled_nobody() -> None:
    udev, first, second = Udev(), threading.Semaphore(0), threading.Semaphore(0)
    watch = Hotplug(lambda: udev, nothing, NEVER)
    watch.add(first.release)
    watch.add(second.release)
    udev.tell(Told("remove"))
    udev.tell(Told("add"), Told("remove"), Told("bind"))
    assert first.acquire(timeout=5)
    assert second.acquire(timeout=5)
    udev.tell(ValueError("cut short"))
    udev.tell(Told("change"))
    assert first.acquire(timeout=5)
    watch.close()
    assert not first.acquire(blocking=False)  # the removal alone woke nobody
    udev.close()


def test_without_udev_the_list_is_read() -> None:
    seen = [frozenset(("a",)), frozenset(("a",)), nothing(), frozenset(("a",))]
    woken = threading.Semaphore(0)
    watch = Hotplug(lambda: None, lambda: seen.pop(0) if len(seen) > 1 else seen[0], OFTEN)
    watch.add(woken.release)
    assert woken.acquire(timeout=5)
    watch.close()
    assert not woken.acquire(blocking=False)  # going and staying are no news


def test_a_name_that_comes_back_wakes_its_own_link_only(tmp_path: Path) -> None:
    mine, other = threading.Semaphore(0), threading.Semaphore(0)
    watch = Hotplug(lambda: None, nothing, OFTEN)
    watch.add(mine.release, str(tmp_path / "mine"))
    watch.add(other.release, str(tmp_path / "other"))
    watch.add(other.release, "nothing\0here")
    time.sleep(0.05)
    (tmp_path / "mine").touch()
    assert mine.acquire(timeout=5)
    watch.close()
    assert not other.acquire(blocking=False)


def test_closing_does_not_wait_for_the_next_look_and_may_come_before_the_start() -> None:
    watch = Hotplug(lambda: None, nothing, NEVER)
    watch.add(lambda: None)
    begun = time.monotonic()
    watch.close()
    assert time.monotonic() - begun < 2
    Hotplug(lambda: None, nothing, NEVER).close()


def test_all_ports_are_listed_and_trouble_with_the_list_is_survived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def comports() -> list[object]:
        raise TypeError("unplugged while it was read")

    monkeypatch.setattr(list_ports, "comports", comports)
    (tmp_path / "usb").mkdir()
    for name in ("hidraw0", "usb/lp0", "tty0"):
        (tmp_path / name).touch()
    assert {Path(name).name for name in present_ports(tmp_path)} == {"hidraw0", "lp0"}


def test_without_a_daemon_nothing_is_expected_of_udev(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hotplug, "UDEV", tmp_path / "control")
    assert hotplug.udev_events() is None
    (tmp_path / "control").touch()
    assert hotplug.udev_events() is not None  # netlink is there in any case

    def refused() -> object:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("pyudev.Context", refused)
    assert hotplug.udev_events() is None


def test_a_scanner_on_a_bench_is_back_at_once_when_its_cable_is(tmp_path: Path) -> None:
    face, heard, others = PtyFace(tmp_path / "scanner"), Recorder(), set(threading.enumerate())
    link = LinkTiming(first_pause_s=60.0, longest_pause_s=60.0, drain_s=0.01)
    timings = DeviceTimings(link=link, hotplug=HotplugTiming(names_s=0.02))
    bench = open_devices([DeviceConfig("scanner", "serial", face.address)], heard, timings=timings)
    heard.next(DeviceHealth, lambda one: one.cause == "port.missing")
    time.sleep(0.05)
    face.start(lambda _data: None)
    heard.healthy()
    mark = heard.mark
    face.unplug()
    heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT, after=mark)
    face.plug()
    heard.healthy(after=mark)
    watching = {one for one in set(threading.enumerate()) - others if one.name == "hotplug"}
    assert len(watching) == 1
    bench.close()
    assert not watching & set(threading.enumerate())
    face.close()
    assert os.path.lexists(tmp_path)


def test_a_printer_of_the_network_is_called_again_within_two_seconds(tmp_path: Path) -> None:
    face, heard = TcpFace(), Recorder()
    face.start(lambda _data: None)
    link = LinkTiming(first_pause_s=60.0, longest_pause_s=60.0, drain_s=0.01)
    row = DeviceConfig("scanner", "serial", face.address)
    bench = open_devices([row], heard, timings=DeviceTimings(link=link))
    reporter_link = bench.handles["scanner"]
    assert isinstance(reporter_link, Scanner)
    assert reporter_link._link._timing.longest_pause_s * (1 + link.jitter) < 2.0
    heard.healthy()
    bench.close()
    face.close()
    bench = open_devices([replace(row, address=str(tmp_path / "x"))], heard)
    local = bench.handles["scanner"]
    assert isinstance(local, Scanner)
    assert local._link._timing == LinkTiming()
    bench.close()
