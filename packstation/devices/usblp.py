"""USB printers as Linux shows them: ``/dev/usb/lpN``, a line with a way back.

The kernel's driver (usblp) takes one program at a time, hands bytes both ways, and answers
LPGETSTATUS with the three signals of a parallel port (reference/devices.md section 3.6;
``include/linux/usb/g_printer.h``). Which printer stands behind a name is in sysfs.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import select
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec import Struct

from packstation.devices.identity import UsbPort, by_path, lasting
from packstation.devices.ports import DescriptorPort, Handle, Port, PortRefused
from packstation.devices.printers.ieee1284 import PrinterIdentity, parse_device_id

LP_PATH: Final = re.compile(r".*/usb/lp\d+|/dev/usblp\d+")
SYSFS: Final = Path("/sys/class/usbmisc")
FOLDER: Final = Path("/dev/usb")

_LPGETSTATUS: Final = 0x060B
_NOT_ERROR: Final = 0x08
_SELECTED: Final = 0x10
_PAPER_EMPTY: Final = 0x20
# How long a printer that answers with nothing, or that wants paper, is left alone.
_BREATH_S: Final = 0.02
_MOST: Final = 1024  # bytes of a file in sysfs

_CAUSES: Final = {
    errno.ENOENT: "printer.port_missing",
    errno.ENODEV: "printer.port_missing",
    errno.ENXIO: "printer.port_missing",
    errno.EACCES: "printer.port_denied",
    errno.EPERM: "printer.port_denied",
    errno.EBUSY: "printer.port_busy",
    errno.EAGAIN: "printer.port_busy",
}


class PortStatus(Struct, frozen=True):
    """The signals of the port: all a printer says when it answers no question."""

    paper_out: bool
    selected: bool
    error: bool

    @property
    def cause(self) -> str:
        """The message key of what wants a hand; "" where nothing does."""
        if self.paper_out:
            return "printer.paper_out"
        if not self.selected:
            return "printer.offline"
        return "printer.error" if self.error else ""


def decode_port_status(byte: int) -> PortStatus:
    """The byte of LPGETSTATUS: 20 paper empty, 10 selected, 08 no error."""
    return PortStatus(
        paper_out=bool(byte & _PAPER_EMPTY),
        selected=bool(byte & _SELECTED),
        error=not byte & _NOT_ERROR,
    )


class LpPort(DescriptorPort):
    """`packstation.devices.ports.Port` over an open ``/dev/usb/lpN``."""

    def __init__(self, number: int) -> None:
        """Take over the descriptor ``number``, open for reading and writing, non-blocking."""
        self._number = number
        super().__init__(
            Handle(
                fileno=number,
                read=self._read,
                write=self._write,
                close=lambda: os.close(number),
                polite=False,
            )
        )

    def port_status(self) -> PortStatus | None:
        """The port's signals; None where the system does not know them."""
        import fcntl

        answer = bytearray(4)
        try:
            fcntl.ioctl(self._number, _LPGETSTATUS, answer)
        except OSError:
            return None
        return decode_port_status(int.from_bytes(answer, sys.byteorder) & 0xFF)

    def _read(self, size: int) -> bytes:
        """An empty packet is no end of the line here, but it must not be read in circles."""
        data = os.read(self._number, size)
        if not data and not self._hung_up():
            time.sleep(_BREATH_S)
            raise BlockingIOError
        return data

    def _hung_up(self) -> bool:
        look = select.poll()
        look.register(self._number, 0)
        return any(events & (select.POLLHUP | select.POLLERR) for _, events in look.poll(0))

    def _write(self, data: bytes) -> int:
        try:
            return os.write(self._number, data)
        except OSError as failure:
            # Out of paper, says the driver: the printer takes more once it has some.
            if failure.errno != errno.ENOSPC:
                raise
            time.sleep(_BREATH_S)
            raise BlockingIOError from failure


def port_cause(port: Port) -> str:
    """What the signals of a printer's port say of it; "" for other ports and for nothing."""
    status = port.port_status() if isinstance(port, LpPort) else None
    return status.cause if status is not None else ""


def open_lp(path: str) -> LpPort:
    """Open a USB printer for ourselves alone; `PortRefused` names the cause where that fails."""
    import fcntl

    number = -1
    try:
        number = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return LpPort(number)
    except OSError as failure:
        if number >= 0:
            os.close(number)
        cause = _CAUSES.get(failure.errno or 0, "")
        if not cause:
            raise
        raise PortRefused(failure.errno, failure.strerror, path, cause=cause) from failure


class LpPrinter(Struct, frozen=True):
    """A USB printer of this machine: its present name, its identity, what it says of itself."""

    path: str
    vid: int | None
    pid: int | None
    serial: str
    description: str
    manufacturer: str
    identity: PrinterIdentity
    location: str

    @property
    def usb(self) -> UsbPort | None:
        """Its identity; None where the system does not know it."""
        if self.vid is None or self.pid is None:
            return None
        return UsbPort(self.path, self.vid, self.pid, self.serial, self.location)


def lp_printers(sysfs: Path = SYSFS, folder: Path = FOLDER) -> list[LpPrinter]:
    """The USB printers there are, by name; one that vanishes while it is read is left out."""
    found: list[LpPrinter] = []
    for entry in sorted(sysfs.glob("lp*")):
        with contextlib.suppress(OSError):
            found.append(_printer(entry, folder))
    return found


def printer_row(printer: LpPrinter, ports: Iterable[UsbPort]) -> dict[str, object]:
    """A printer as ``devices list`` shows it; ``ports`` are all USB printers there are."""
    usb = printer.usb
    return {
        "port": printer.path,
        "address": lasting(usb, ports) if usb else printer.path,
        "by_path": by_path(usb) if usb else "",
        "description": printer.description,
        "manufacturer": printer.manufacturer,
        "vid": f"{usb.vid:04X}" if usb else None,
        "pid": f"{usb.pid:04X}" if usb else None,
        "serial": printer.serial,
        "location": printer.location,
        "kind": "printer",
        "model": printer.identity.language,
        "commands": ",".join(printer.identity.commands),
    }


def _printer(entry: Path, folder: Path) -> LpPrinter:
    """``device`` is the interface; the USB device with its numbers stands above it."""
    interface = (entry / "device").resolve(strict=True)
    above = interface.parent
    identity = parse_device_id(_text(interface / "ieee1284_id"))
    return LpPrinter(
        path=str(folder / entry.name),
        vid=_hex(above / "idVendor"),
        pid=_hex(above / "idProduct"),
        serial=_text(above / "serial"),
        description=identity.model or _text(above / "product"),
        manufacturer=identity.maker or _text(above / "manufacturer"),
        identity=identity,
        location=above.name,
    )


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST)
    except OSError:
        return ""
    return "".join(sign for sign in raw.decode("utf-8", "replace") if sign.isprintable()).strip()


def _hex(path: Path) -> int | None:
    text = _text(path)
    return int(text, 16) if re.fullmatch(r"[0-9A-Fa-f]{4}", text) else None
