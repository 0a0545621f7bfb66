"""Which ports there are and what hangs on one of them; asked by safe probes only.

A probe never zeroes, tares, prints or resets (reference/devices.md section 6): ``I4`` asks a
scale for its serial number, ``~HI`` and ``~HS`` a printer for its model and status. Probing
writes to a device that may be anything, so it is done on a person's request only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct
from serial.tools.list_ports_common import ListPortInfo

from packstation.devices.catalogue import SCALES
from packstation.devices.health import cause_of
from packstation.devices.identity import UsbAddress, UsbPort, by_path, fits, lasting
from packstation.devices.opening import (
    Address,
    LineSettings,
    SerialAddress,
    TcpAddress,
    opener,
    parse_address,
    serial_ports,
    usb_port,
)
from packstation.devices.ports import LINK_ERRORS, Port
from packstation.devices.printers.queues import identify_queue, is_queue, queues
from packstation.devices.printers.status import HOST_IDENTITY, HOST_STATUS, status_lines
from packstation.devices.usblp import LpPrinter, lp_printers, printer_row

BAUDS: Final = (9600, 115200, 19200, 38400, 57600)
_DRAIN_S: Final = 0.05
_SEND_S: Final = 1.0


class Probe(Struct, frozen=True):
    """A question, and how an answer is read: the identity, or None for no answer of its kind."""

    kind: str
    model: str
    ask: bytes
    read: Callable[[bytes], str | None]


def list_ports() -> list[dict[str, object]]:
    """Serial ports, HID devices, USB printers and queues, each with an address that lasts."""
    from packstation.devices.hid import list_scales, list_scanners

    ports, printers = serial_ports(), lp_printers()
    usb = [found for port in ports if (found := usb_port(port)) is not None]
    lps = [found for printer in printers if (found := printer.usb) is not None]
    return [
        *(_port_row(port, usb) for port in ports),
        *list_scales(),
        *list_scanners(),
        *(printer_row(printer, lps) for printer in printers),
        *queues(),
    ]


def identify(
    address: str, *, answer_s: float = 0.5, bauds: Sequence[int] = BAUDS
) -> dict[str, object]:
    """What answers at the address.

    ``{"port", "found": True, "kind", "model", "identity", "baud"}`` (baud None over TCP), or
    ``{"port", "found": False, "cause"}`` with the message key of why. `SettingsError` for an
    address that is none.
    """
    if is_queue(address):
        return identify_queue(address)
    parsed = parse_address(address)
    if printer := _usb_printer(parsed):
        return {"port": address, "found": True, **_printer_told(printer), "baud": None}
    tcp = isinstance(parsed, TcpAddress)
    for baud in bauds[:1] if tcp else bauds:
        try:
            found = _probe_port(address, LineSettings(baud=baud), answer_s)
        except LINK_ERRORS as failure:
            return {"port": address, "found": False, "cause": cause_of(failure, was_open=False)}
        if found is not None:
            return {"port": address, "found": True, **found, "baud": None if tcp else baud}
    return {"port": address, "found": False, "cause": "device.unknown"}


def _usb_printer(address: Address) -> LpPrinter | None:
    """The USB printer of that address; it is known by its own description, unasked."""
    match address:
        case SerialAddress(path):
            fit = [one for one in lp_printers() if one.path == path]
        case UsbAddress():
            fit = [one for one in lp_printers() if one.usb is not None and fits(address, one.usb)]
        case _:
            fit = []
    return fit[0] if len(fit) == 1 else None


def _printer_told(printer: LpPrinter) -> dict[str, object]:
    known = (printer.manufacturer, printer.description, printer.serial or printer.identity.serial)
    identity = " ".join(part for part in known if part)
    return {"kind": "label", "model": printer.identity.language, "identity": identity}


def _probe_port(address: str, line: LineSettings, answer_s: float) -> dict[str, object] | None:
    port = opener(address, line)()
    try:
        for probe in _probes():
            identity = _ask(port, probe, answer_s)
            if identity is not None:
                return {"kind": probe.kind, "model": probe.model, "identity": identity}
        return None
    finally:
        port.close()


def _probes() -> list[Probe]:
    scales = [
        Probe("scale", model.id, model.identify, _scale_identity(model.identity))
        for model in SCALES
        if model.identity is not None and model.telling
    ]
    return [
        *scales,
        Probe("label", "zpl", HOST_IDENTITY, _printer_identity),
        Probe("label", "zpl", HOST_STATUS, _printer_status),
    ]


def _scale_identity(identity: Callable[[bytes], str]) -> Callable[[bytes], str | None]:
    def read(answer: bytes) -> str | None:
        found = (identity(line) for line in answer.splitlines(keepends=True))
        return next((serial for serial in found if serial), None)

    return read


def _printer_identity(answer: bytes) -> str | None:
    lines = status_lines(answer)
    if not lines or lines[0].count(b",") < 3:
        return None
    return lines[0].split(b",")[0].decode("latin-1")


def _printer_status(answer: bytes) -> str | None:
    return "" if len(status_lines(answer)) == 3 else None


def _ask(port: Port, probe: Probe, answer_s: float) -> str | None:
    while port.receive(_DRAIN_S):
        pass
    port.send(probe.ask, _SEND_S)
    until = time.monotonic() + answer_s
    answer = b""
    while (left := until - time.monotonic()) > 0:
        answer += port.receive(left)
        identity = probe.read(answer)
        if identity is not None:
            return identity
    return None


def _port_row(port: ListPortInfo, usb: Sequence[UsbPort]) -> dict[str, object]:
    """``address`` is the one to remember, ``by_path`` the one of the socket."""
    row: dict[str, object] = {
        "port": port.device,
        "address": port.device,
        "by_path": "",
        "description": port.description or "",
        "manufacturer": port.manufacturer or "",
        "vid": None,
        "pid": None,
        "serial": port.serial_number or "",
        "location": port.location or "",
    }
    found = usb_port(port)
    if found is not None:
        row |= {
            "vid": f"{found.vid:04X}",
            "pid": f"{found.pid:04X}",
            "address": lasting(found, usb),
            "by_path": by_path(found),
        }
    return row
