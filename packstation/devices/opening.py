"""From an address to an open port.

Addresses (FORMATS.md "Commands"): ``tcp://host:port``, a device path or ``COMn``,
``/dev/usb/lpN`` (a USB printer), and ``usb:VID:PID[:SERIAL]`` (hex), which is looked up at
every opening because a device keeps its identity and not its name (reference/devices.md
section 6).
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import socket
from collections.abc import Callable
from typing import Final

import serial
from msgspec import Struct
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from packstation.devices.ports import LINK_ERRORS, CancellablePort, Port, serial_port, socket_port
from packstation.devices.usblp import LP_PATH, lp_printers, open_lp
from packstation.domain.errors import SettingsError

_TCP: Final = re.compile(r"tcp://(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/\s\[\]]+):(?P<port>\d{1,5})")
_USB: Final = re.compile(r"usb:(?P<vid>[0-9A-Fa-f]{4}):(?P<pid>[0-9A-Fa-f]{4})(?::(?P<serial>.+))?")
_ALLOWED: Final = "tcp://host:port, a device path, COMn or usb:VID:PID:SERIAL"
# A scan of the ports can trip over a device that vanishes while it is read.
_SCANS: Final = 3

Opener = Callable[[], Port]


class LineSettings(Struct, frozen=True):
    """How a serial line is set; ``parity`` is pyserial's letter: N, E or O."""

    baud: int = 9600
    bytesize: int = 8
    parity: str = "N"
    stopbits: int = 1


class TcpAddress(Struct, frozen=True):
    """A device behind a network socket."""

    host: str
    port: int


class SerialAddress(Struct, frozen=True):
    """A port by the system's name for it."""

    path: str


class UsbAddress(Struct, frozen=True):
    """A port by the identity of its adapter; an empty serial fits any."""

    vid: int
    pid: int
    serial: str


Address = TcpAddress | SerialAddress | UsbAddress


def parse_address(text: str) -> Address:
    """Read an address; raises `SettingsError` for what is none."""
    if found := _TCP.fullmatch(text):
        port = int(found["port"])
        if 0 < port < 65536:
            return TcpAddress(found["host"].strip("[]"), port)
    elif found := _USB.fullmatch(text):
        return UsbAddress(int(found["vid"], 16), int(found["pid"], 16), found["serial"] or "")
    elif text.strip() and not text.startswith(("tcp:", "usb:")):
        return SerialAddress(text)
    raise SettingsError(name="address", value=text, allowed=_ALLOWED)


def opener(
    text: str, line: LineSettings, *, connect_s: float = 2.0, keepalive: bool = False
) -> Opener:
    """What opens the address; the address itself is checked now (`SettingsError`)."""
    match parse_address(text):
        case TcpAddress() as tcp:
            return lambda: _connect(tcp, connect_s=connect_s, keepalive=keepalive)
        case SerialAddress(path):
            return lambda: _open_line(path, line)
        case UsbAddress() as usb:
            return lambda: _open_line(find_usb(usb), line)


def serial_ports() -> list[ListPortInfo]:
    """The serial ports of this machine, by name."""
    for _ in range(_SCANS):
        with contextlib.suppress(*LINK_ERRORS):
            return sorted(list_ports.comports())
    return []


def find_usb(address: UsbAddress) -> str:
    """The present name of the port; OSError ENOENT where there is none, ENOTUNIQ where several."""
    ports = [(one.device, one.vid, one.pid, one.serial_number) for one in serial_ports()]
    ports += [(one.path, one.vid, one.pid, one.serial) for one in lp_printers()]
    names = [
        name
        for name, vid, pid, number in ports
        if (vid, pid) == (address.vid, address.pid) and address.serial in {"", number}
    ]
    if len(names) == 1:
        return str(names[0])
    number = errno.ENOTUNIQ if names else errno.ENOENT
    raise OSError(number, os.strerror(number), str(address))


def _connect(address: TcpAddress, *, connect_s: float, keepalive: bool) -> Port:
    connection = socket.create_connection((address.host, address.port), timeout=connect_s)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if keepalive:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return socket_port(connection)


def _open_line(path: str, settings: LineSettings) -> Port:
    if LP_PATH.fullmatch(path):
        return open_lp(path)
    line = serial.Serial(
        path,
        baudrate=settings.baud,
        bytesize=settings.bytesize,
        parity=settings.parity,
        stopbits=settings.stopbits,
        timeout=CancellablePort.TICK,
        write_timeout=CancellablePort.TICK,
        exclusive=True,
    )
    # An FTDI adapter holds short replies back for 16 ms otherwise; a pty knows no such mode.
    with contextlib.suppress(*LINK_ERRORS, AttributeError, NotImplementedError):
        line.set_low_latency_mode(True)
    return serial_port(line)
