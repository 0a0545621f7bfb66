"""Both kinds of port keep the same contract; the one for Windows is driven over a pty."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from packstation.devices.opening import LineSettings, opener
from packstation.devices.ports import LINK_ERRORS, CancellablePort, Port, PortLost
from packstation.devices.sim.faces import Face, PtyFace
from tests.devices.rigs import face_of


class Rig:
    def __init__(self, face: Face, port: Port, got: bytearray, arrived: threading.Event) -> None:
        self.face = face
        self.port = port
        self.got = got
        self.arrived = arrived


@pytest.fixture(params=["pty", "tcp", "cancellable"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    face = face_of("tcp" if request.param == "tcp" else "pty", tmp_path)
    got, arrived = bytearray(), threading.Event()

    def hear(data: bytes) -> None:
        got.extend(data)
        arrived.set()

    face.start(hear)
    if request.param == "cancellable":
        tick = CancellablePort.TICK
        line = serial.Serial(face.address, timeout=tick, write_timeout=tick, exclusive=True)
        port: Port = CancellablePort(line)
    else:
        port = opener(face.address, LineSettings())()
    # A TCP client is served once the server has taken it.
    port.send(b"?", 1.0)
    assert arrived.wait(5)
    yield Rig(face, port, got, arrived)
    port.close()
    face.close()


def receive(port: Port, size: int) -> bytes:
    got, until = b"", time.monotonic() + 5
    while len(got) < size and time.monotonic() < until:
        got += port.receive(0.5)
    return got


def test_bytes_come_and_go(rig: Rig) -> None:
    rig.face.send(b"6901234567892\r")
    assert receive(rig.port, 14) == b"6901234567892\r"
    rig.arrived.clear()
    assert rig.port.send(b"~HS", 1.0) == 3
    assert rig.arrived.wait(5)
    assert rig.got.endswith(b"~HS")


def test_silence_is_empty(rig: Rig) -> None:
    assert rig.port.receive(0.01) == b""


def test_a_wake_before_waiting_is_not_lost(rig: Rig) -> None:
    rig.port.wake()
    start = time.monotonic()
    assert rig.port.receive(30.0) == b""
    assert time.monotonic() - start < 5


def test_a_wake_from_another_thread_ends_the_waiting(rig: Rig) -> None:
    waker = threading.Timer(0.02, rig.port.wake)
    waker.start()
    start = time.monotonic()
    assert rig.port.receive(30.0) == b""
    assert time.monotonic() - start < 5
    waker.join()


def test_an_unplugged_line_raises_one_of_the_link_errors(rig: Rig) -> None:
    rig.face.unplug()
    with pytest.raises(LINK_ERRORS):
        receive(rig.port, 1)


def fill(port: Port) -> None:
    """Write until the line takes no more; the kernel may make room once or twice meanwhile."""
    refused = 0
    while refused < 3:
        refused = 0 if port.send(b"x" * 4096, 0.02) else refused + 1


def test_a_line_that_nobody_reads_takes_no_more() -> None:
    master, slave = os.openpty()
    port = opener(os.ttyname(slave), LineSettings())()
    fill(port)
    assert port.send(b"x", 0.01) == 0
    port.close()
    os.close(slave)
    os.close(master)


def test_a_stalled_line_for_windows_takes_nothing_and_can_be_woken() -> None:
    master, slave = os.openpty()
    tick = CancellablePort.TICK
    port = CancellablePort(serial.Serial(os.ttyname(slave), timeout=tick, write_timeout=tick))
    fill(port)
    port.wake()
    assert port.send(b"x", 30.0) == 0
    port.close()
    os.close(slave)
    os.close(master)


def test_a_network_connection_that_was_ended_is_told_apart(tmp_path: Path) -> None:
    face = face_of("tcp", tmp_path)
    face.start(lambda _data: None)
    port = opener(face.address, LineSettings())()
    port.send(b"?", 1.0)
    face.unplug()
    with pytest.raises(PortLost) as lost:
        receive(port, 1)
    assert lost.value.polite
    port.close()
    face.close()


def test_a_pty_can_be_plugged_again_under_the_same_name(tmp_path: Path) -> None:
    face = PtyFace(tmp_path / "port")
    face.start(lambda _data: None)
    face.plug()
    face.hang_up()
    port = opener(face.address, LineSettings())()
    face.send(b"again")
    assert receive(port, 5) == b"again"
    port.close()
    face.close()
    assert not (tmp_path / "port").exists()
