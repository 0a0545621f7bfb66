"""Who is on a port: identity of USB adapters, as addresses and as facts. Pure.

A port's name (ttyUSB0, COM5) says in which order things were plugged in. What lasts is vendor,
product and serial number, and, where an adapter has no serial number of its own, the socket it
is plugged into (reference/devices.md section 6). Adapters whose maker burned the same serial
number into all of them (CP210x "0001") are told apart by the socket too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

# A bus and the sockets on the way, then configuration ("x" on Windows) and interface.
_PATH: Final = r"(?P<path>\d+-[\d.]+)(?::[\dx]+\.(?P<at>\d+))?"
_USB: Final = re.compile(
    r"usb:(?P<vid>[0-9A-Fa-f]{4}):(?P<pid>[0-9A-Fa-f]{4})"
    rf"(?:@{_PATH}|(?::(?P<serial>[^@].*?))??(?::if(?P<number>\d{{1,2}}))?)"
)
_LOCATION: Final = re.compile(_PATH)


class UsbAddress(Struct, frozen=True):
    """The port of a USB device; an empty ``serial`` or ``path``, and no ``interface``, fit any.

    Written ``usb:VID:PID``, ``usb:VID:PID:SERIAL``, either with ``:ifNN`` where one device has
    several ports, and ``usb:VID:PID@1-1.4`` or ``usb:VID:PID@1-1.4:1.2`` by the socket.
    """

    vid: int
    pid: int
    serial: str = ""
    interface: int | None = None
    path: str = ""

    def __str__(self) -> str:
        """The address as it is written."""
        start = f"usb:{self.vid:04X}:{self.pid:04X}"
        if self.path:
            return f"{start}@{self.path}{_suffix(':1.{}', self.interface)}"
        return ":".join(part for part in (start, self.serial) if part) + _suffix(
            ":if{:02d}", self.interface
        )


class UsbPort(Struct, frozen=True):
    """A port that is there: the system's name for it, and what its USB device says of itself.

    ``interface`` is the number of the port's interface where the device has several.
    """

    name: str
    vid: int
    pid: int
    serial: str = ""
    path: str = ""
    interface: int | None = None


def parse_usb(text: str) -> UsbAddress | None:
    """Read an address; None for what is none."""
    found = _USB.fullmatch(text)
    if found is None:
        return None
    number = found["at"] or found["number"]
    return UsbAddress(
        vid=int(found["vid"], 16),
        pid=int(found["pid"], 16),
        serial=found["serial"] or "",
        interface=None if number is None else int(number),
        path=found["path"] or "",
    )


def parse_location(location: str) -> tuple[str, int | None]:
    """Socket and interface of what pyserial calls location: ``1-1.4`` or ``1-1.4:1.2``."""
    found = _LOCATION.fullmatch(location)
    if found is None:
        return location, None
    return found["path"], None if found["at"] is None else int(found["at"])


def fits(address: UsbAddress, port: UsbPort) -> bool:
    """Whether that port is meant; what either side does not tell is no obstacle."""
    return (
        (address.vid, address.pid) == (port.vid, port.pid)
        and address.serial in {"", port.serial}
        and address.path in {"", port.path}
        and (address.interface is None or port.interface in {None, address.interface})
    )


def by_path(port: UsbPort) -> str:
    """The address of whatever of its kind is plugged into this socket; "" where none is known."""
    if not port.path:
        return ""
    return str(UsbAddress(port.vid, port.pid, interface=port.interface, path=port.path))


def lasting(port: UsbPort, ports: Iterable[UsbPort]) -> str:
    """The address to remember: serial number, else kind, else socket; the first that fits no other.

    Twins without a socket that the system names keep the address that fits both.
    """
    others = [one for one in ports if one.name != port.name]
    plain = UsbAddress(port.vid, port.pid, port.serial)
    for address in (plain, replace(plain, interface=port.interface)):
        if not any(fits(address, other) for other in others):
            return str(address)
    return by_path(port) or str(plain)


def choose(address: UsbAddress, ports: Sequence[UsbPort]) -> tuple[UsbPort, ...]:
    """The ports that fit: one is found, none is missing, several are for a person to tell apart."""
    return tuple(port for port in ports if fits(address, port))


def _suffix(form: str, interface: int | None) -> str:
    return "" if interface is None else form.format(interface)
