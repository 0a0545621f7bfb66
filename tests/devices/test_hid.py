"""HID scales through hidapi's shape: a scripted device stands in for the kernel's hidraw."""

from __future__ import annotations

import errno
import queue
import time
from pathlib import Path
from typing import Any

import pytest

from packstation.devices import discovery, hid
from packstation.devices.bench import DeviceConfig, open_devices
from packstation.devices.catalogue import scale_model
from packstation.devices.health import Reporter
from packstation.devices.hid import (
    SCALE_USE,
    SCALES_PAGE,
    HidPort,
    RawDevice,
    hid_opener,
    list_scales,
)
from packstation.devices.identity import UsbAddress
from packstation.devices.link import Link
from packstation.devices.ports import PortLost
from packstation.devices.weighing import ScaleConversation, ScaleTiming
from packstation.domain.errors import SettingsError
from packstation.domain.weights import ScaleState
from packstation.station.ports import DeviceHealth, DeviceState, ScaleRead
from tests.devices.rigs import LINK, Recorder

DYMO = UsbAddress(0x0922, 0x8003, "")
STABLE = bytes.fromhex("03 04 02 00 2C 01")
TIMING = ScaleTiming(period_s=0.02, asleep_s=0.3, nudge_s=0.05)


class Scripted:
    """A device that gives the reports that were put in, then silence, then may be gone."""

    def __init__(self) -> None:
        self.reports: queue.Queue[bytes] = queue.Queue()
        self.streamed = b""
        self.gone = False
        self.refusing = False
        self.written: list[bytes] = []
        self.closed = False

    def read(self, max_length: int, timeout_ms: int) -> list[int]:
        if self.gone:
            raise OSError("read error")
        if self.streamed:
            time.sleep(0.002)  # as often as the scale reports
            return list(self.streamed)
        try:
            return list(self.reports.get(timeout=timeout_ms / 1000)[:max_length])
        except queue.Empty:
            return []

    def write(self, data: bytes) -> int:
        self.written.append(data)
        return -1 if self.gone else len(data)

    def send_feature_report(self, data: bytes) -> int:
        return self.write(data)

    def get_report_descriptor(self) -> list[int]:
        return []

    def open_path(self, path: bytes) -> None:
        if self.refusing:
            raise OSError("open failed")
        assert path

    def close(self) -> None:
        self.closed = True


class Hidapi:
    """Rows of devices, and the one that is opened."""

    def __init__(self, device: Scripted, *rows: dict[str, Any]) -> None:
        self.opened, self.rows = device, list(rows)

    def enumerate(self, vendor_id: int, product_id: int) -> list[dict[str, Any]]:
        wanted = {(vendor_id, product_id), (0, 0)}
        fit = [r for r in self.rows if (r["vendor_id"], r["product_id"]) in wanted]
        return fit or (self.rows if not vendor_id else [])

    def device(self) -> RawDevice:
        return self.opened


def row(path: str = "/dev/hidraw9", **more: object) -> dict[str, Any]:
    return {
        "path": path.encode(),
        "vendor_id": 0x0922,
        "product_id": 0x8003,
        "serial_number": "0012",
        "usage_page": SCALES_PAGE,
        "product_string": "M10",
        "manufacturer_string": "DYMO",
    } | more


def test_a_dymo_is_read_until_it_is_pulled() -> None:
    device, heard = Scripted(), Recorder()
    api = Hidapi(device, row())
    device.streamed = STABLE
    conversation = ScaleConversation(scale_model("hid-pos"), timing=TIMING)
    opener = hid_opener(DYMO, SCALE_USE, lambda: api)
    link = Link(Reporter("device", heard, seen_gap_s=0.0), opener, conversation.converse, LINK)
    link.start()
    reading = heard.next(ScaleRead, lambda one: one.reading.grams == 300).reading
    assert (reading.state, reading.unit, reading.stability) == (ScaleState.STABLE, "g", "device")
    mark = heard.mark
    device.gone = True
    api.rows.clear()
    gone = heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT, after=mark)
    assert gone.cause == "device.unplugged"
    assert heard.of(ScaleRead)[-1].reading.value is None
    link.close()
    assert device.closed


def test_a_port_gives_one_report_and_can_be_woken() -> None:
    device = Scripted()
    port = HidPort(device)
    device.reports.put(STABLE)
    assert port.receive(1.0) == STABLE
    assert port.receive(0.0) == b""
    port.wake()
    assert port.receive(60.0) == b""
    assert port.send(b"\x02\x02", 1.0) == 2
    device.gone = True
    with pytest.raises(PortLost):
        port.send(b"\x02\x02", 1.0)


@pytest.mark.parametrize(
    ("rows", "serial", "number"),
    [
        ((), "", errno.ENOENT),
        ((row(usage_page=1),), "", errno.ENOENT),
        ((row(), row("/dev/hidraw8", serial_number="0013")), "", errno.ENOTUNIQ),
        ((row(),), "0013", errno.ENOENT),
    ],
)
def test_why_there_is_no_port(rows: tuple[dict[str, Any], ...], serial: str, number: int) -> None:
    address = UsbAddress(DYMO.vid, DYMO.pid, serial)
    with pytest.raises(OSError, match="Errno") as caught:
        hid_opener(address, SCALE_USE, lambda: Hidapi(Scripted(), *rows))()
    assert caught.value.errno == number


def test_a_device_that_does_not_open_is_somebody_elses(tmp_path: Path) -> None:
    device = Scripted()
    device.refusing = True
    node = tmp_path / "hidraw9"
    node.touch()
    with pytest.raises(OSError, match="Errno") as caught:
        hid_opener(DYMO, SCALE_USE, lambda: Hidapi(device, row(str(node))))()
    assert caught.value.errno == errno.EBUSY  # tests run as root: nothing is denied


def test_one_of_two_scales_is_found_by_its_serial_number() -> None:
    rows = (row(), row("/dev/hidraw8", serial_number="0013"))
    address = UsbAddress(DYMO.vid, DYMO.pid, "0013")
    port = hid_opener(address, SCALE_USE, lambda: Hidapi(Scripted(), *rows))()
    assert port.receive(0.0) == b""


def test_the_socket_of_a_scale_is_read_from_the_kernel(tmp_path: Path) -> None:
    node = tmp_path / "devices/pci0/usb1/1-1/1-1.4/1-1.4:1.0/0003:0922:8003.0001/hidraw/hidraw9"
    node.mkdir(parents=True)
    (node / "device").symlink_to(node.parent.parent)
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "hidraw9").symlink_to(node)
    found = hid.usb_port(row(), tmp_path / "class")
    assert (found.path, found.serial, found.interface) == ("1-1.4", "0012", None)
    assert hid.usb_port(row("/dev/hidraw8"), tmp_path / "class").path == ""


def test_scales_are_listed_with_the_address_that_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    api = Hidapi(Scripted(), row(), row("/dev/hidraw7", usage_page=1))
    (found,) = list_scales(lambda: api)
    assert (found["address"], found["port"]) == ("usb:0922:8003:0012", "/dev/hidraw9")
    monkeypatch.setattr(hid, "list_scales", lambda: [found])
    assert found in discovery.list_ports()

    def broken() -> hid.Api:
        raise ImportError

    assert list_scales(broken) == []


def test_the_systems_own_hidapi_can_be_asked() -> None:
    assert isinstance(hid.system_api().enumerate(0x0922, 0xFFFF), list)


def test_a_hid_scale_wants_an_identity_for_its_address() -> None:
    heard = Recorder()
    with pytest.raises(SettingsError) as caught:
        open_devices([DeviceConfig("scale", "hid-pos", "tcp://127.0.0.1:9")], heard)
    assert caught.value.fields["allowed"] == "usb:VID:PID or usb:VID:PID:SERIAL"
    bench = open_devices([DeviceConfig("scale", "hid-pos", "usb:0922:FFFF")], heard)
    assert heard.next(DeviceHealth).cause == "port.missing"
    bench.close()
