"""The cable pulled at every moment: while opening, asking, in a frame, in a write."""

from __future__ import annotations

import errno
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import serial

from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
from packstation.devices.health import Reporter
from packstation.devices.link import Line, Link
from packstation.devices.opened import OpenBench
from packstation.devices.opening import LineSettings, opener
from packstation.devices.ports import LINK_ERRORS, Port
from packstation.devices.printers.timing import PrinterTiming
from packstation.devices.sim.faces import PtyFace
from packstation.station.ports import (
    CodeScanned,
    DeviceHealth,
    DeviceState,
    PrintJob,
    PrintProgress,
    ScaleRead,
)
from tests.devices.rigs import LINK, SCALE, SCANNER, Recorder, scale_sim

TIMINGS = DeviceTimings(
    link=LINK,
    scale=SCALE,
    scanner=SCANNER,
    printer=PrinterTiming(
        settle_s=0.02, watch_s=0.03, answer_s=0.1, odometer_s=0.05, write_s=0.1, give_up_s=0.4
    ),
)


def at_work(kind: str, model: str, address: str) -> tuple[OpenBench, Recorder]:
    heard = Recorder()
    return open_devices([DeviceConfig(kind, model, address)], heard, timings=TIMINGS), heard


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def gone(heard: Recorder, after: int) -> str:
    return heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT, after=after).cause


@pytest.mark.parametrize("cut", range(1, 18))
def test_a_cable_pulled_after_any_byte_of_a_frame_is_no_weight(cut: int, tmp_path: Path) -> None:
    frame = b"S S      1.250 kg\r\n"
    face = PtyFace(tmp_path / "scale")
    whole = threading.Event()

    def hear(data: bytes) -> None:
        if b"SI" in data:
            face.send(frame if whole.is_set() else frame[:cut])

    face.start(hear)
    bench, heard = at_work("scale", "mt-sics", face.address)
    heard.next(ScaleRead)  # silent: half a frame is none
    face.unplug()
    assert gone(heard, 0) == "device.unplugged"
    assert all(one.reading.grams is None for one in heard.of(ScaleRead))
    mark = heard.mark
    whole.set()
    face.plug()
    weighed = heard.next(ScaleRead, lambda one: one.reading.grams is not None, after=mark)
    assert weighed.reading.grams == 1250
    bench.close()
    face.close()


@pytest.mark.parametrize("cut", [1, 5, 12])
def test_a_code_that_a_pull_tore_is_torn_and_the_next_is_whole(cut: int, tmp_path: Path) -> None:
    face = PtyFace(tmp_path / "scanner")
    face.start(lambda _data: None)
    bench, heard = at_work("scanner", "serial", face.address)
    heard.healthy()
    face.send(b"6901234567892\r"[:cut])
    time.sleep(0.02)
    face.unplug()
    gone(heard, 0)
    scans = heard.of(CodeScanned)
    assert all(one.error == "torn" or one.text == "6901234567892"[:cut] for one in scans)
    mark = heard.mark
    face.plug()
    heard.healthy(after=mark)
    face.send(b"4006381333931\r")
    assert heard.next(CodeScanned, after=mark).text == "4006381333931"
    bench.close()
    face.close()


def test_a_modem_manager_in_the_first_seconds_is_never_a_scan(tmp_path: Path) -> None:
    face = PtyFace(tmp_path / "scanner")
    face.start(lambda _data: None)
    bench, heard = at_work("scanner", "serial", face.address)
    heard.healthy()
    for probe in (b"AT\r", b"AT+GCAP\r\n", b"ATI\r\n", b"\x7e\x00\x78\xf0\x7e\r", b"AT+CGMI\r"):
        face.send(probe)
    face.send(b"6901234567892\r")
    assert heard.next(CodeScanned).text == "6901234567892"
    assert len(heard.of(CodeScanned)) == 1
    bench.close()
    face.close()


def test_a_pull_inside_a_label_leaves_it_uncertain_and_before_it_waiting(tmp_path: Path) -> None:
    face, heard_xa = PtyFace(tmp_path / "label"), threading.Event()
    idle = (
        b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,6,0,00000000,1,000\x03\r\n"
    )

    def hear(data: bytes) -> None:
        if b"~HS" in data:
            face.send(idle + b"\x021234,0\x03\r\n")
        if b"^XA" in data:
            heard_xa.set()

    face.start(hear)
    bench, heard = at_work("label", "zpl", face.address)
    heard.healthy()
    long = b"^XA^FO50,50^FDx^FS" + b"^FX long ^FS" * 20_000 + b"^XZ"
    bench.printers["label"].submit(PrintJob("j1", "label", long, "zpl"))
    assert heard_xa.wait(5)
    face.unplug()
    ended = heard.next(PrintProgress, lambda one: one.outcome in {"uncertain", "printed"})
    assert (ended.job, ended.outcome, ended.cause) == ("j1", "uncertain", "printer.lost")
    bench.printers["label"].submit(PrintJob("j2", "label", b"^XA^FDy^FS^XZ", "zpl"))
    mark = heard.mark
    face.plug()
    assert heard.next(PrintProgress, after=mark).job == "j2"
    bench.close()
    face.close()


class Failing:
    """A port of which one call fails, as it may when a cable goes."""

    def __init__(self, call: str, failure: Exception) -> None:
        self._call, self._failure = call, failure

    def _do(self, call: str) -> None:
        if call == self._call:
            raise self._failure

    def receive(self, timeout: float) -> bytes:
        time.sleep(min(timeout, 0.001))
        self._do("receive")
        return b""

    def send(self, data: bytes, timeout: float) -> int:
        del timeout
        self._do("send")
        return len(data)

    def wake(self) -> None:
        self._do("wake")

    def close(self) -> None:
        self._do("close")


FAILURES: tuple[Callable[[], Exception], ...] = (
    lambda: OSError(errno.EIO, "io"),
    lambda: OSError(errno.ENXIO, "no device"),
    lambda: OSError(errno.ENODEV, "no device"),
    lambda: termios.error(5, "io"),
    lambda: TypeError("fd is None"),
    lambda: ValueError("closed"),
    lambda: serial.SerialException("device reports readiness to read but returned no data"),
)


@pytest.mark.parametrize("make", FAILURES)
@pytest.mark.parametrize("call", ["open", "receive", "send", "close"])
def test_a_failure_of_any_call_is_an_outage_and_not_the_end(
    call: str, make: Callable[[], Exception]
) -> None:
    ports: list[Port | None] = [Failing(call, make()), Failing("", make())]
    heard = Recorder()

    def open_port() -> Port:
        port = ports.pop(0) if len(ports) > 1 else ports[0]
        assert port is not None
        if call == "open" and len(ports) == 1 and not heard.happenings:
            raise make()
        return port

    def converse(line: Line) -> None:
        line.command(b"?", 0.1)
        line.reporter.well()
        while line.alive():
            line.receive(0.01)
            if call == "close" and len(heard.of(DeviceHealth)) < 2:
                raise make()

    link = Link(Reporter("device", heard), open_port, converse, LINK)
    link.start()
    fault = heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
    assert fault.cause != "device.internal"
    heard.healthy(after=heard.happenings.index(fault))
    link.close()
    assert not link._thread.is_alive()


def test_a_port_that_vanishes_while_it_is_opened_is_missing_until_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is there, the device is not any more: what a pull in mid-open looks like."""
    face = PtyFace(tmp_path / "scanner")
    face.start(lambda _data: None)
    torn = [termios.error(5, "Input/output error"), OSError(errno.EIO, "io"), TypeError("fd")]
    line_type: Any = serial.Serial
    reconfigure = line_type._reconfigure_port

    def pulled(line: serial.Serial, force_update: bool = False) -> None:
        if torn:
            raise torn.pop()
        reconfigure(line, force_update)

    before = open_files()
    monkeypatch.setattr(serial.Serial, "_reconfigure_port", pulled)
    bench, heard = at_work("scanner", "serial", face.address)
    heard.healthy()
    assert not torn
    bench.close()
    face.close()
    with pytest.raises(LINK_ERRORS):
        opener(str(tmp_path / "scanner"), LineSettings())()
    assert open_files() <= before


def test_many_pulls_leave_nothing_open(tmp_path: Path) -> None:
    scale = scale_sim(PtyFace(tmp_path / "scale"))
    bench, heard = at_work("scale", "mt-sics", scale.address)
    heard.healthy()
    threads, files = threading.active_count(), open_files()
    for turn in range(60):
        scale.set_fault("unplug", on=True)
        time.sleep(0.001 * (turn % 7))
        scale.set_fault("unplug", on=False)
        time.sleep(0.001 * (turn % 11))
    mark = heard.mark
    heard.next(ScaleRead, lambda one: one.reading.value is not None, after=mark)
    assert threading.active_count() <= threads
    assert open_files() <= files + 2  # a port that is being opened
    bench.close()
    scale.close()
