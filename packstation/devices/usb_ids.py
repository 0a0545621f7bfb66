"""USB ids of what stands on a bench, and the udev rules made of them. Pure.

One table for the rules that are installed, for `doctor`, and for docs/devices.md ("Rights"). Ids of
scales: reference/devices.md section 1.8; of lights: busylight-core; of makers: the USB ID list.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

RULES_NAME: Final = "70-packstation.rules"


class UsbId(Struct, frozen=True):
    """A maker's devices: ``node`` is what Linux makes of them, tty, hidraw or usbmisc.

    No ``products`` are all of the maker's; they are named where a vendor id is shared.
    """

    vid: str
    node: str
    kind: str
    name: str
    products: tuple[str, ...] = ()


USB_IDS: Final = (
    UsbId("0403", "tty", "adapter", "FTDI"),
    UsbId("067b", "tty", "adapter", "Prolific"),
    UsbId("10c4", "tty", "adapter", "Silicon Labs"),
    UsbId("1a86", "tty", "adapter", "WCH"),
    UsbId("0922", "hidraw", "scale", "Dymo", ("8003", "8004", "8009")),
    UsbId("0b67", "hidraw", "scale", "Fairbanks", ("555e",)),
    UsbId("0d8f", "hidraw", "scale", "HID scale", ("0200",)),
    UsbId("0eb8", "hidraw", "scale", "Mettler Toledo", ("f000",)),
    UsbId("1446", "hidraw", "scale", "HID scale", ("6a73",)),
    UsbId("2474", "hidraw", "scale", "Stamps.com", ("0550", "3550")),
    UsbId("6096", "hidraw", "scale", "HID scale", ("0158",)),
    UsbId("7b7c", "hidraw", "scale", "HID scale", ("0100",)),
    UsbId("05e0", "hidraw", "scanner", "Zebra"),
    UsbId("05f9", "hidraw", "scanner", "Datalogic"),
    UsbId("0c2e", "hidraw", "scanner", "Honeywell"),
    UsbId("1eab", "hidraw", "scanner", "Newland"),
    UsbId("04d8", "hidraw", "light", "Luxafor, Busylight", ("f372", "f848")),
    UsbId("0e53", "hidraw", "light", "Blynclight", ("2516", "2517", "2519")),
    UsbId("20a0", "hidraw", "light", "BlinkStick, MuteMe", ("41e5", "42da", "42db")),
    UsbId("27b8", "hidraw", "light", "blink(1)", ("01ed",)),
    UsbId("27bb", "hidraw", "light", "Busylight"),
    UsbId("2c0d", "hidraw", "light", "Blynclight"),
    UsbId("04b8", "usbmisc", "printer", "Epson"),
    UsbId("04f9", "usbmisc", "printer", "Brother"),
    UsbId("0a5f", "usbmisc", "printer", "Zebra"),
    UsbId("1203", "usbmisc", "printer", "TSC"),
    UsbId("1504", "usbmisc", "printer", "Bixolon"),
    UsbId("1d90", "usbmisc", "printer", "Citizen"),
)

# brltty takes every CH340 with these ids for a braille display (reference/devices.md section 6).
CH340: Final = ("1a86", "7523")

_HEAD: Final = """\
# Ports of a packing bench. The name sorts before 73-seat-late.rules, which acts on `uaccess`; the
# groups serve a bench that runs as a service or over SSH, where nobody has the seat.
# Made by `packstation devices rules` from the table of packstation/devices/usb_ids.py.
ACTION=="remove", GOTO="packstation_end"

# Never probed by ModemManager, which writes AT commands to new serial ports for ten seconds.
"""
_SERIAL: Final = """
# Serial adapters, and devices that are one.
SUBSYSTEM=="tty", SUBSYSTEMS=="usb", GROUP="dialout", MODE="0660", TAG+="uaccess"
# A name that stays when the adapter moves to another socket.
SUBSYSTEM=="tty", SUBSYSTEMS=="usb", ATTRS{serial}=="?*", \
SYMLINK+="packstation/serial-$attr{serial}"
# FTDI adapters hold short answers back for 16 ms by default.
SUBSYSTEM=="usb-serial", DRIVER=="ftdi_sio", ATTR{latency_timer}="1"
"""
_PRINTERS: Final = """
# Label printers of the printer class, whoever made them.
SUBSYSTEM=="usbmisc", KERNEL=="lp[0-9]*", GROUP="lp", MODE="0660", TAG+="uaccess"

LABEL="packstation_end"
"""


def rules() -> str:
    """The file of rules, as it is installed."""
    serial = sorted({row.vid for row in USB_IDS if row.node == "tty"})
    others = sorted({row.vid for row in USB_IDS if row.kind in {"scale", "scanner", "printer"}})
    ignored = "".join(_ignored(vids) for vids in (serial, others))
    return _HEAD + ignored + _SERIAL + "".join(_hid_rules()) + _PRINTERS


def table() -> str:
    """The rows for docs/devices.md."""
    return "".join(
        f"| {row.kind} | {row.name} | `{row.vid}` | {_products(row)} | {row.node} |\n"
        for row in USB_IDS
    )


def _ignored(vids: Iterable[str]) -> str:
    """A composite device has its serial port beside others: all of it is left alone."""
    return (
        f'SUBSYSTEM=="usb", ENV{{DEVTYPE}}=="usb_device", ATTR{{idVendor}}=="{"|".join(vids)}", '
        'ENV{ID_MM_DEVICE_IGNORE}="1"\n'
        f'SUBSYSTEM=="tty", ATTRS{{idVendor}}=="{"|".join(vids)}", ENV{{ID_MM_PORT_IGNORE}}="1"\n'
    )


def _hid_rules() -> list[str]:
    lines = []
    for kind in ("scale", "scanner", "light"):
        lines.append(f"\n# HID {kind}s.\n")
        lines += [_hid(row) for row in USB_IDS if (row.kind, row.node) == (kind, "hidraw")]
    return lines


def _hid(row: UsbId) -> str:
    products = f', ATTRS{{idProduct}}=="{"|".join(row.products)}"' if row.products else ""
    return (
        f'SUBSYSTEM=="hidraw", ATTRS{{idVendor}}=="{row.vid}"{products}, '
        'GROUP="plugdev", MODE="0660", TAG+="uaccess"\n'
    )


def _products(row: UsbId) -> str:
    return ", ".join(f"`{one}`" for one in row.products) or "all"
