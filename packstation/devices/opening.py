"""From an address to an open port.

Addresses (FORMATS.md "Commands"): ``tcp://host:port``, a device path or ``COMn``,
``/dev/usb/lpN`` (a USB printer), and ``usb:VID:PID[:SERIAL]`` (hex; `identity` has all forms),
which is looked up at every opening because a device keeps its identity and not its name
(reference/devices.md section 6).
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import serial
from msgspec import Struct
from msgspec.structs import replace
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from packstation.devices.identity import (
    UsbAddress,
    UsbPort,
    by_path,
    choose,
    parse_location,
    parse_usb,
)
from packstation.devices.ports import LINK_ERRORS, CancellablePort, Port, serial_port, socket_port
from packstation.devices.usblp import LP_PATH, lp_printers, open_lp
from packstation.domain.errors import SettingsError

_TCP: Final = re.compile(r"tcp://(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/\s\[\]]+):(?P<port>\d{1,5})")
_REPLAY: Final = re.compile(r"replay(?:@(?P<speed>[1-9]\d{0,3}))?:(?P<path>.+)")
_ALLOWED: Final = "tcp://HOST:PORT, /dev/..., COMn, usb:VID:PID:SERIAL, usb:VID:PID@SOCKET"
# No name of a port begins so: not COM5:, not /dev/..., not a drive.
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z+.-]+:|replay@")
# Where papers and labels go, and nothing can be read from.
_QUEUES: Final = ("cups:", "ipp:", "ipps:", "spool:", "folder:", "bench:")
# A pty knows no parity, and refuses to be set to one by itself (EINVAL) once it is raw.
_PTYS: Final = "/dev/pts/"
_SEND_BUFFER: Final = 16_384
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


class ReplayAddress(Struct, frozen=True):
    """A recording, played in place of a device; ``speed`` 10 plays ten times as fast."""

    path: str
    speed: float


Address = TcpAddress | SerialAddress | UsbAddress | ReplayAddress


def parse_address(text: str) -> Address:
    """Read an address; raises `SettingsError` for what is none."""
    if found := _TCP.fullmatch(text):
        port = int(found["port"])
        if 0 < port < 65536:
            return TcpAddress(found["host"].strip("[]"), port)
    elif usb := parse_usb(text):
        return usb
    elif found := _REPLAY.fullmatch(text):
        return ReplayAddress(found["path"], float(found["speed"] or 1))
    elif text.strip() and text.isprintable() and not _SCHEME.match(text):
        return SerialAddress(text)
    key = "error.setting.queue" if text.startswith(_QUEUES) else None
    raise SettingsError(key, name="address", value=text, allowed=_ALLOWED)


def replay_speed(text: str) -> float | None:
    """How fast the address plays a recording; None for one of a device."""
    address = parse_address(text)
    return address.speed if isinstance(address, ReplayAddress) else None


def usb_address(text: str) -> UsbAddress:
    """An address of a HID device, which is known by its identity alone; else `SettingsError`."""
    address = parse_address(text)
    if isinstance(address, UsbAddress):
        return address
    allowed = "usb:VID:PID or usb:VID:PID:SERIAL"
    raise SettingsError(name="address", value=text, allowed=allowed)


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
        case ReplayAddress(path, speed):
            from packstation.devices.sim.replay import replay_opener

            return replay_opener(Path(path), speed=speed)


def serial_ports() -> list[ListPortInfo]:
    """The serial ports of this machine, by name."""
    for _ in range(_SCANS):
        with contextlib.suppress(*LINK_ERRORS):
            return sorted(list_ports.comports())
    return []


def usb_ports() -> list[UsbPort]:
    """The ports that are on USB: serial ones and printers."""
    serials = [usb_port(port) for port in serial_ports()]
    printers = [printer.usb for printer in lp_printers()]
    return [port for port in (*serials, *printers) if port is not None]


def usb_port(port: ListPortInfo) -> UsbPort | None:
    """The identity of a serial port; None where it is not on USB."""
    if port.vid is None or port.pid is None:
        return None
    path, interface = parse_location(port.location or "")
    return UsbPort(port.device, port.vid, port.pid, port.serial_number or "", path, interface)


def find_usb(address: UsbAddress) -> str:
    """The present name of the port; OSError ENOENT where there is none, ENOTUNIQ where several.

    The latter names the addresses that tell them apart.
    """
    found = choose(address, usb_ports())
    if len(found) == 1:
        return found[0].name
    number = errno.ENOTUNIQ if found else errno.ENOENT
    which = ", ".join(by_path(port) or port.name for port in found) or str(address)
    raise OSError(number, os.strerror(number), which)


def _connect(address: TcpAddress, *, connect_s: float, keepalive: bool) -> Port:
    connection = socket.create_connection((address.host, address.port), timeout=connect_s)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # What waits in this system's own buffer looks as if the device had taken it.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
    if keepalive:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return socket_port(connection)


def _open_line(path: str, settings: LineSettings) -> Port:
    if LP_PATH.fullmatch(path):
        return open_lp(path)
    if os.path.realpath(path).startswith(_PTYS):
        settings = replace(settings, bytesize=8, parity="N")
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
