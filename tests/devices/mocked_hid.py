"""Run under ``umockdev-wrapper``: a HID scale and a HID-POS scanner behind hidraw nodes.

The real hidapi lists them by their report descriptors in sysfs, opens the nodes, asks for the
descriptor by ioctl and reads reports; umockdev stands in for the kernel. Says one JSON document.
"""

from __future__ import annotations

import ctypes
import json
import queue
import sys
import tempfile

from tests.devices.mocked import HOST, Testbed, usb

SCALE, SCANNER = "/dev/hidraw0", "/dev/hidraw1"
WEIGHTS = tuple(
    bytes.fromhex(report)
    for report in ("03 02 02 00 00 00", "03 03 02 00 90 00", *["03 04 02 00 2C 01"] * 8)
)


def hid(socket: str, vid: str, pid: str, name: str, descriptor: bytes) -> str:
    number = f"0003:0000{vid.upper()}:0000{pid.upper()}"
    above = f"{HOST}/{socket}/{socket}:1.0/0003:{vid.upper()}:{pid.upper()}.0001"
    return (
        usb(socket, vid, pid, "0012")
        + f"P: {above}\nE: SUBSYSTEM=hid\nE: HID_ID={number}\nE: HID_NAME=Adapter\n"
        + "E: HID_UNIQ=0012\n"
        + f"A: uevent=HID_ID={number}\\nHID_NAME=Adapter\\nHID_UNIQ=0012\\n\n"
        + f"H: report_descriptor={descriptor.hex().upper()}\n\n"
        + f"P: {above}/hidraw/{name}\nN: {name}\nE: SUBSYSTEM=hidraw\nE: DEVNAME=/dev/{name}\n"
        + "L: device=../../\n\n"
    )


def ioctls(node: str, descriptor: bytes) -> str:
    size = len(descriptor).to_bytes(4, "little")
    told = size + descriptor + bytes(4096 - len(descriptor))
    return (
        f"@DEV {node}\nHIDIOCGRDESCSIZE 0 {size.hex().upper()}\n"
        f"HIDIOCGRDESC 0 {told.hex().upper()}\n"
    )


def script(reports: tuple[bytes, ...], first_ms: int = 400) -> bytes:
    """Reports as umockdev-record(1) writes what was read: control characters after a ``^``."""
    lines = []
    for number, report in enumerate(reports):
        quoted = b"".join(
            b"^" + bytes((byte + 64,)) if byte < 32 else b"^`" if byte == 0x5E else bytes((byte,))
            for byte in report
        )
        lines.append(b"r %d " % (100 if number else first_ms) + quoted + b"\n")
    return b"".join(lines)


class HidBed(Testbed):
    """A testbed with devices that speak HID."""

    def plug(self, socket: str, ids: str, node: str, descriptor: bytes) -> None:
        vid, pid = ids.split(":")
        self.add(hid(socket, vid, pid, node.rpartition("/")[2], descriptor))
        self._load("umockdev_testbed_load_ioctl", node, ioctls(node, descriptor).encode())

    def say(self, node: str, reports: tuple[bytes, ...]) -> None:
        self._load("umockdev_testbed_load_script", node, script(reports))

    def _load(self, what: str, node: str, text: bytes) -> None:
        error = ctypes.c_void_p()
        with tempfile.NamedTemporaryFile() as file:
            file.write(text)
            file.flush()
            load = getattr(self._lib, what)
            assert load(self._bed, node.encode(), file.name.encode(), ctypes.byref(error)), what


def main() -> None:
    from packstation.devices import hid as hids
    from packstation.devices.bench import DeviceConfig, open_devices
    from packstation.devices.hid_scanner import HONEYWELL_LAYOUT
    from packstation.devices.sim.hid_scale import DESCRIPTOR
    from packstation.devices.sim.hid_scanner import (
        HONEYWELL_DESCRIPTOR,
        scan_reports,
    )
    from packstation.station.ports import CodeScanned, DeviceHealth, Happening, ScaleRead

    bed = HidBed()
    bed.plug("1-1", "0922:8003", SCALE, DESCRIPTOR)
    bed.plug("1-2", "0c2e:0b6a", SCANNER, HONEYWELL_DESCRIPTOR)
    said: dict[str, object] = {"scales": hids.list_scales(), "scanners": hids.list_scanners()}
    bed.say(SCALE, WEIGHTS)
    long = b"https://id.gs1.org/01/09521234543213/10/ABC1/21/12345678901234567890?17=270101"
    codes = scan_reports(HONEYWELL_LAYOUT, b"6901234567892", "]E0")
    bed.say(SCANNER, (*codes, *scan_reports(HONEYWELL_LAYOUT, long, "]Q1")))
    heard: queue.SimpleQueue[Happening] = queue.SimpleQueue()
    rows = (
        DeviceConfig("scale", "hid-pos", "usb:0922:8003:0012"),
        DeviceConfig("scanner", "hid-pos", "usb:0C2E:0B6A:0012"),
    )
    bench = open_devices(rows, heard.put)
    told: dict[str, list[list[object]]] = {"scale": [], "scanner": [], "health": []}
    while len(told["scanner"]) < 2 or not any(one[1] == 300 for one in told["scale"]):
        match heard.get(timeout=10):
            case ScaleRead(_, reading):
                told["scale"].append([str(reading.state), reading.grams])
            case CodeScanned(text, aim):
                told["scanner"].append([text, aim])
            case DeviceHealth(device, state, cause):
                told["health"].append([device, str(state), cause])
    bed.remove(f"{HOST}/1-1")
    said["gone"] = hids.list_scales()
    bench.close()
    sys.stdout.write(json.dumps(said | told))


if __name__ == "__main__":
    main()
