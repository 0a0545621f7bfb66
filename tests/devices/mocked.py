"""Run under ``umockdev-wrapper``: USB devices that are plugged in and pulled out, as udev tells it.

Says one JSON document: what was listed, what was opened and answered, what word came of changes.
"""

from __future__ import annotations

import ctypes
import json
import sys
import tempfile
import threading
import time
from pathlib import Path

# What is written to the port, and what it answers: umockdev-record(1), "Record a script".
SCRIPT = 'w 0 I4^M^J\nr 20 I4 A "0123456"^M^J\nw 0 SI^M^J\nr 20 S S      1.250 kg^M^J\n'
HOST = "/devices/pci0000:00/0000:00:14.0/usb1"


class Testbed:
    """libumockdev's testbed, through its C interface: no bindings are needed."""

    def __init__(self) -> None:
        self._lib = ctypes.CDLL("libumockdev.so.0")
        self._lib.umockdev_testbed_new.restype = ctypes.c_void_p
        self._bed = ctypes.c_void_p(self._lib.umockdev_testbed_new())

    def add(self, description: str) -> None:
        error = ctypes.c_void_p()
        add = self._lib.umockdev_testbed_add_from_string
        assert add(self._bed, description.encode(), ctypes.byref(error)), description

    def script(self, node: str, path: Path) -> None:
        error = ctypes.c_void_p()
        load = self._lib.umockdev_testbed_load_script
        assert load(self._bed, node.encode(), str(path).encode(), ctypes.byref(error)), node

    def tell(self, path: str, action: str) -> None:
        self._lib.umockdev_testbed_uevent(self._bed, f"/sys{path}".encode(), action.encode())

    def remove(self, path: str) -> None:
        self._lib.umockdev_testbed_remove_device(self._bed, f"/sys{path}".encode())


def usb(socket: str, vid: str, pid: str, serial: str) -> str:
    number = f"A: serial={serial}\\n\n" if serial else ""
    return (
        f"P: {HOST}/{socket}\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\n"
        f"A: idVendor={vid}\\n\nA: idProduct={pid}\\n\nA: bNumInterfaces= 1\\n\n"
        f"A: product=Adapter\\n\nA: manufacturer=Maker\\n\n{number}\n"
        f"P: {HOST}/{socket}/{socket}:1.0\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_interface\n\n"
    )


def adapter(socket: str, vid: str, pid: str, serial: str, name: str) -> str:
    above = f"{HOST}/{socket}/{socket}:1.0/{name}"
    return (
        usb(socket, vid, pid, serial)
        + f"P: {above}\nE: SUBSYSTEM=usb-serial\n\n"
        + f"P: {above}/tty/{name}\nN: {name}\nE: SUBSYSTEM=tty\nE: DEVNAME=/dev/{name}\n"
        + "L: device=../../../"
        + name
        + "\n\n"
    )


def hid(socket: str, vid: str, pid: str, serial: str, name: str) -> str:
    above = f"{HOST}/{socket}/{socket}:1.0/0003:{vid.upper()}:{pid.upper()}.0001"
    return (
        usb(socket, vid, pid, serial)
        + f"P: {above}\nE: SUBSYSTEM=hid\nE: HID_ID=0003:0000{vid.upper()}:0000{pid.upper()}\n"
        + f"E: HID_NAME=DYMO M10\nE: HID_UNIQ={serial}\n"
        + f"A: uevent=HID_ID=0003:0000{vid.upper()}:0000{pid.upper()}\\nHID_NAME=DYMO M10\\n"
        + f"HID_UNIQ={serial}\\n\n\n"
        + f"P: {above}/hidraw/{name}\nN: {name}\nE: SUBSYSTEM=hidraw\nE: DEVNAME=/dev/{name}\n"
        + "L: device=../../\n\n"
    )


def main() -> None:
    bed = Testbed()
    bed.add(adapter("1-1.2", "0403", "6001", "A10K2X", "ttyUSB0"))
    bed.add(adapter("1-1.3", "1a86", "7523", "", "ttyUSB1"))
    bed.add(adapter("1-1.4", "1a86", "7523", "", "ttyUSB2"))
    bed.add(hid("1-2", "0922", "8003", "0012", "hidraw0"))
    from packstation.devices import commands, discovery
    from packstation.devices import hid as hids
    from packstation.devices.hotplug import Hotplug, HotplugTiming, netlink_events

    said: dict[str, object] = {"listed": discovery.list_ports()}
    said["hid"] = [
        {name: str(value) for name, value in row.items()}
        for row in hids.system_api().enumerate(0x0922, 0x8003)
    ]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "scale"
        script.write_text(SCRIPT, "ascii")
        bed.script("/dev/ttyUSB0", script)
        said["read"] = list(commands.read("usb:0403:6001:A10K2X", "mt-sics", count=1))
    never = HotplugTiming(names_s=600, list_s=600, beside_s=600)
    woken = threading.Semaphore(0)
    watch = Hotplug(netlink_events, frozenset, never)
    watch.add(woken.release)
    time.sleep(0.5)
    late = adapter("1-1.5", "10c4", "ea60", "0001", "ttyUSB3")
    bed.add(late)
    node = f"{HOST}/1-1.5/1-1.5:1.0/ttyUSB3/tty/ttyUSB3"
    said["added"] = woken.acquire(timeout=5)
    while woken.acquire(timeout=0.3):
        pass
    bed.tell(node, "remove")
    bed.remove(node)
    said["removed"] = woken.acquire(timeout=0.5)
    bed.tell(f"{HOST}/1-1.2/1-1.2:1.0/ttyUSB0/tty/ttyUSB0", "change")
    said["changed"] = woken.acquire(timeout=5)
    watch.close()
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
