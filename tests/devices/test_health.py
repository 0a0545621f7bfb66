from __future__ import annotations

import errno
import socket

import pytest
import serial

from packstation.devices.health import Reporter, cause_of
from packstation.devices.ports import PortLost
from packstation.station.ports import DeviceHealth, DeviceSeen, DeviceState
from tests.devices.rigs import Recorder


@pytest.mark.parametrize(
    ("failure", "cause"),
    [
        (FileNotFoundError(errno.ENOENT, "x"), "port.missing"),
        (PermissionError(errno.EACCES, "x"), "port.denied"),
        (OSError(errno.EBUSY, "x"), "port.busy"),
        (serial.SerialException(errno.EAGAIN, "locked"), "port.busy"),
        (OSError(errno.EIO, "x"), "device.unplugged"),
        (OSError(errno.ENOTUNIQ, "x"), "port.ambiguous"),
        (PortLost(), "device.unplugged"),
        (PortLost(polite=True), "port.lost"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "port.refused"),
        (TimeoutError("timed out"), "port.unreachable"),
        (socket.gaierror(-2, "unknown"), "port.unreachable"),
        (serial.SerialException("could not open: FileNotFoundError(2)"), "port.missing"),
        (serial.SerialException("could not open: PermissionError(13)"), "port.busy"),
        (TypeError("vanished"), "port.error"),
    ],
)
def test_the_cause_of_a_failure(failure: BaseException, cause: str) -> None:
    assert cause_of(failure, was_open=False) == cause


def test_a_port_that_was_there_was_unplugged() -> None:
    assert cause_of(FileNotFoundError(2, "x"), was_open=True) == "device.unplugged"
    assert cause_of(TypeError("vanished"), was_open=True) == "device.unplugged"
    assert cause_of(PermissionError(13, "x"), was_open=True) == "port.denied"


def test_health_is_reported_once_per_change() -> None:
    heard = Recorder()
    reporter = Reporter("scale", heard)
    reporter.well("SIM1")
    reporter.well()
    reporter.lost(PortLost(polite=True), was_open=True)
    reporter.lost(ConnectionRefusedError(errno.ECONNREFUSED, "x"), was_open=True)
    reporter.lost(PermissionError(errno.EACCES, "x"), was_open=True)
    reporter.health(DeviceState.ASLEEP, "scale.asleep")
    reporter.well()
    told = [(one.state.value, one.cause) for one in heard.of(DeviceHealth)]
    assert told == [
        ("ok", ""),
        ("fault", "port.lost"),
        ("fault", "port.denied"),
        ("asleep", "scale.asleep"),
        ("ok", ""),
    ]
    assert heard.of(DeviceHealth)[0].detail == "SIM1"


def test_last_bytes_are_shown_a_few_times_a_second() -> None:
    heard = Recorder()
    now = [0]
    reporter = Reporter("scale", heard, mono_ns=lambda: now[0], seen_gap_s=0.25)
    for now[0] in (0, 100_000_000, 249_999_999, 250_000_000):
        reporter.seen(b"%d" % now[0])
    assert [one.raw for one in heard.of(DeviceSeen)] == [b"0", b"250000000"]


def test_a_muted_reporter_says_nothing() -> None:
    heard = Recorder()
    reporter = Reporter("scale", heard)
    reporter.mute()
    reporter.well()
    assert heard.happenings == []
