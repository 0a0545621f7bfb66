"""``/dev/usb/lpN``: a pty or a FIFO stands in for the device, a folder for sysfs.

What cannot be had without the kernel's driver (an empty packet, "out of paper") is made with
descriptors that answer the same.
"""

from __future__ import annotations

import errno
import os
import pty
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.devices import discovery, opening, usblp
from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
from packstation.devices.health import cause_of
from packstation.devices.link import Line
from packstation.devices.opening import LineSettings, opener
from packstation.devices.ports import PortRefused
from packstation.devices.printers.timing import PrinterTiming
from packstation.devices.usblp import (
    LP_PATH,
    LpPort,
    decode_port_status,
    lp_printers,
    open_lp,
    printer_row,
)
from packstation.station.ports import DeviceHealth, DeviceState
from tests.devices.rigs import LINK, Recorder, linked


class Device:
    """A pty behind the path of a USB printer."""

    def __init__(self, folder: Path, name: str = "lp0") -> None:
        self.master, slave = pty.openpty()
        tty.setraw(slave)
        self._slave = slave
        self.path = folder / "usb" / name
        self.path.parent.mkdir(exist_ok=True)
        self.path.symlink_to(os.ttyname(slave))

    def unplug(self) -> None:
        self.path.unlink()
        self.close()

    def close(self) -> None:
        for number in (self.master, self._slave):
            if number >= 0:
                os.close(number)
        self.master = self._slave = -1


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path)
    yield device
    device.close()


def test_bytes_go_both_ways(device: Device) -> None:
    port = opener(str(device.path), LineSettings())()
    assert isinstance(port, LpPort)
    assert port.send(b"~HS", 1.0) == 3
    assert os.read(device.master, 10) == b"~HS"
    os.write(device.master, b"answer")
    assert port.receive(1.0) == b"answer"
    assert port.receive(0.01) == b""
    assert port.port_status() is None  # a pty has no such signals
    port.close()


def test_a_waiting_port_wakes(device: Device) -> None:
    port = open_lp(str(device.path))
    waker = threading.Timer(0.05, port.wake)
    waker.start()
    begun = time.monotonic()
    assert port.receive(10.0) == b""
    assert time.monotonic() - begun < 5
    waker.join()
    port.close()


def test_a_printer_that_takes_nothing_blocks_nobody(tmp_path: Path) -> None:
    path = tmp_path / "usb" / "lp1"
    path.parent.mkdir()
    os.mkfifo(path)
    port = open_lp(str(path))
    sent = 0
    while taken := port.send(b"x" * 4096, 0.05):
        sent += taken
    assert sent >= 4096
    assert port.receive(1.0) != b""  # a FIFO opened both ways holds what was written
    port.close()


def test_one_program_at_a_time(device: Device) -> None:
    port = open_lp(str(device.path))
    with pytest.raises(PortRefused) as refused:
        open_lp(str(device.path))
    assert cause_of(refused.value, was_open=False) == "printer.port_busy"
    port.close()
    open_lp(str(device.path)).close()


@pytest.mark.parametrize(
    ("number", "cause", "later"),
    [
        (errno.ENOENT, "printer.port_missing", "device.unplugged"),
        (errno.ENODEV, "printer.port_missing", "device.unplugged"),
        (errno.EACCES, "printer.port_denied", "printer.port_denied"),
        (errno.EBUSY, "printer.port_busy", "printer.port_busy"),
        (errno.EIO, "device.unplugged", "device.unplugged"),
    ],
)
def test_reasons_are_told_apart(
    monkeypatch: pytest.MonkeyPatch, number: int, cause: str, later: str
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        with pytest.raises(OSError, match=os.strerror(number)) as got:
            open_lp("/dev/usb/lp0")
    assert cause_of(got.value, was_open=False) == cause
    assert cause_of(got.value, was_open=True) == later


def test_a_link_tells_of_the_cable(tmp_path: Path) -> None:
    device = Device(tmp_path)

    def converse(line: Line) -> None:
        line.reporter.well()
        while line.alive():
            line.receive(0.05)

    with linked(str(device.path), converse) as heard:
        heard.healthy()
        device.unplug()
        lost = heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
        assert lost.cause == "device.unplugged"
        mark = heard.mark
        again = Device(tmp_path)
        heard.healthy(after=mark)
        again.close()


def test_an_empty_packet_is_silence_and_not_the_end() -> None:
    number = os.open(os.devnull, os.O_RDWR)  # /dev/null reads as nothing, at once
    port = object.__new__(LpPort)
    port._number = number
    with pytest.raises(BlockingIOError):
        port._read(10)
    os.close(number)


def test_out_of_paper_is_waiting_and_not_a_loss() -> None:
    number = os.open("/dev/full", os.O_RDWR)
    port = object.__new__(LpPort)
    port._number = number
    with pytest.raises(BlockingIOError):
        port._write(b"x")
    os.close(number)


def test_a_write_after_the_cable_is_a_loss(device: Device) -> None:
    port = open_lp(str(device.path))
    device.close()
    with pytest.raises(OSError, match="error"):
        port.send(b"x", 0.1)
    port.close()


@pytest.mark.parametrize(
    ("byte", "cause"),
    [
        (0x18, ""),
        (0x38, "printer.paper_out"),
        (0x08, "printer.offline"),
        (0x10, "printer.error"),
        (0xDF, ""),
    ],
)
def test_the_signals_of_the_port(byte: int, cause: str) -> None:
    assert decode_port_status(byte).cause == cause


def test_the_signals_are_asked_for(monkeypatch: pytest.MonkeyPatch, device: Device) -> None:
    import fcntl

    def answer(_: int, request: int, into: bytearray) -> int:
        assert request == 0x060B
        into[0] = 0x38
        return 0

    port = open_lp(str(device.path))
    monkeypatch.setattr(fcntl, "ioctl", answer)
    status = port.port_status()
    assert status is not None
    assert status.cause == "printer.paper_out"
    port.close()


def test_a_printer_that_answers_nothing_is_known_by_its_port(
    monkeypatch: pytest.MonkeyPatch, device: Device
) -> None:
    monkeypatch.setattr(LpPort, "port_status", lambda _: decode_port_status(0x38))
    heard = Recorder()
    timing = PrinterTiming(answer_s=0.05, odometer_s=0.05, watch_s=0.05, settle_s=0.01)
    row = DeviceConfig("label", "zpl", str(device.path))
    bench = open_devices([row], heard, timings=DeviceTimings(link=LINK, printer=timing))
    told = heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
    bench.close()
    assert told.cause == "printer.paper_out"


# --- which printers there are --------------------------------------------------------------


def plug(sysfs: Path, name: str, **files: str) -> None:
    """A printer in a tree as the kernel makes it: class entry -> interface -> USB device."""
    usb = sysfs.parent / "devices" / f"1-{name[2:]}"
    interface = usb / f"{usb.name}:1.0"
    interface.mkdir(parents=True)
    for key, text in files.items():
        folder = interface if key == "ieee1284_id" else usb
        (folder / key).write_text(f"{text}\n", "utf-8")
    entry = sysfs / name
    entry.mkdir(parents=True)
    (entry / "device").symlink_to(interface)


ZEBRA = {
    "idVendor": "0a5f",
    "idProduct": "0120",
    "serial": "28J154201234",
    "manufacturer": "Zebra Tech",
    "product": "ZTC GK420d",
    "ieee1284_id": "MFG:Zebra Technologies ;CMD:EPL,ZPL;MDL:ZTC GK420d;CLS:PRINTER;",
}


@pytest.fixture
def sysfs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sysfs = tmp_path / "class" / "usbmisc"
    sysfs.mkdir(parents=True)

    def found() -> list[usblp.LpPrinter]:
        return lp_printers(sysfs, tmp_path / "usb")

    for module in (opening, discovery):
        monkeypatch.setattr(module, "lp_printers", found)
    return sysfs


def test_a_printer_is_listed_with_its_identity(sysfs: Path, tmp_path: Path) -> None:
    plug(sysfs, "lp0", **ZEBRA)
    rows = [row for row in discovery.list_ports() if row.get("kind") == "printer"]
    assert rows == [
        {
            "port": str(tmp_path / "usb" / "lp0"),
            "address": "usb:0A5F:0120:28J154201234",
            "by_path": "usb:0A5F:0120@1-0",
            "description": "ZTC GK420d",
            "manufacturer": "Zebra Technologies",
            "vid": "0A5F",
            "pid": "0120",
            "serial": "28J154201234",
            "location": "1-0",
            "kind": "printer",
            "model": "zpl",
            "commands": "EPL,ZPL",
        }
    ]


def test_a_printer_says_what_it_is_without_a_byte_sent(sysfs: Path) -> None:
    plug(sysfs, "lp0", **ZEBRA)
    for address in ("usb:0a5f:0120", "usb:0A5F:0120:28J154201234"):
        assert discovery.identify(address) == {
            "port": address,
            "found": True,
            "kind": "label",
            "model": "zpl",
            "identity": "Zebra Technologies ZTC GK420d 28J154201234",
            "baud": None,
        }


def test_it_is_opened_by_its_identity_wherever_it_is(sysfs: Path, tmp_path: Path) -> None:
    plug(sysfs, "lp3", **ZEBRA)
    device = Device(tmp_path, "lp3")
    port = opener("usb:0A5F:0120:28J154201234", LineSettings())()
    assert isinstance(port, LpPort)
    port.close()
    device.close()


def test_two_alike_are_ambiguous_without_a_serial_number(sysfs: Path) -> None:
    plug(sysfs, "lp0", **ZEBRA)
    plug(sysfs, "lp1", **{**ZEBRA, "serial": "other"})
    with pytest.raises(OSError, match=os.strerror(errno.ENOTUNIQ)) as refused:
        opener("usb:0A5F:0120", LineSettings())()
    assert cause_of(refused.value, was_open=False) == "port.ambiguous"


def test_a_printer_that_says_nothing_is_known_by_its_path(sysfs: Path, tmp_path: Path) -> None:
    plug(sysfs, "lp0", idVendor="zz", product="X\x07Y")
    (sysfs / "lp9").mkdir()  # gone while it is read
    (printer,) = lp_printers(sysfs, tmp_path)
    row = printer_row(printer, ())
    assert row["address"] == row["port"] == str(tmp_path / "lp0")
    assert (row["vid"], row["model"], row["description"]) == (None, "", "XY")


@pytest.mark.parametrize("path", ["/dev/usb/lp0", "/dev/usb/lp12", "/dev/usblp1"])
def test_paths_of_usb_printers(path: str) -> None:
    assert LP_PATH.fullmatch(path)


@pytest.mark.parametrize("path", ["/dev/lp0", "/dev/ttyUSB0", "/dev/usb/hiddev0", "/dev/usb/lp"])
def test_other_paths(path: str) -> None:
    assert not LP_PATH.fullmatch(path)
