"""Which ports there are and what hangs on one of them; asked by safe probes only.

A probe never zeroes, tares, prints, feeds or resets (reference/devices.md section 6). Probing
writes to a device that may be anything, so it is done on a person's request only, and in an
order in which no question can be a command of what has not been asked yet: a receipt printer
and a CPCL printer print any text, so they are asked before a letter is sent; ``ESC i`` cuts
the paper of old receipt printers, so they are asked before a Brother is; ``T`` tares some
scales, so a TSPL printer is asked for its name only once it has shown itself.
"""

from __future__ import annotations

import re
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
from packstation.devices.printers import brother_ql, cpcl, epl2, escpos, tspl
from packstation.devices.printers.queues import identify_queue, is_queue, queues
from packstation.devices.printers.replies import ReplyState, decode_brother, decode_zpl
from packstation.devices.printers.status import HOST_IDENTITY, HOST_STATUS, status_lines
from packstation.devices.printers.talk import Fact
from packstation.devices.usblp import LpPrinter, lp_printers, printer_row
from packstation.domain.errors import SettingsError

BAUDS: Final = (9600, 115200, 19200, 38400, 57600)
# What can be asked; an address of pictures (http://), of another bench or of a lamp cannot.
ASKABLE: Final = (
    "tcp://host:port, a device path, COMn, usb:VID:PID:SERIAL, usb:VID:PID@SOCKET or cups:QUEUE"
)
_DRAIN_S: Final = 0.05
_SEND_S: Final = 1.0
_QUIET_S: Final = 0.5
# DLE EOT 1 and 4: control characters, which nothing else takes for a command.
_RECEIPT_PRINTER: Final = b"\x10\x04\x01\x10\x04\x04"
_CODES: Final = re.compile(rb"\s*\d\d(?:,\d\d)*\r\n")


class Probe(Struct, frozen=True):
    """A question, and how an answer is read: the identity, or None for no answer of its kind.

    An ``exact`` answer has as many bytes and no more within the time; ``name`` asks one that
    has answered for more of its identity.
    """

    kind: str
    model: str
    ask: bytes
    read: Callable[[bytes], str | None]
    exact: int = 0
    name: Fact | None = None


def list_ports() -> list[dict[str, object]]:
    """Serial ports, HID devices, USB printers, queues and cameras; each address lasts."""
    from packstation.devices.camera.listing import list_cameras
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
        *list_cameras(),
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
    if camera := _camera(address):
        return camera
    if "://" in address and not address.startswith("tcp://"):
        raise SettingsError(name="address", value=address, allowed=ASKABLE)
    parsed = parse_address(address)
    if printer := _usb_printer(parsed):
        return {"port": address, "found": True, **_printer_told(printer), "baud": None}
    tcp = isinstance(parsed, TcpAddress)
    speaks = False
    for baud in bauds[:1] if tcp else bauds:
        try:
            found, unasked = _probe_port(address, LineSettings(baud=baud), answer_s)
        except LINK_ERRORS as failure:
            return {"port": address, "found": False, "cause": cause_of(failure, was_open=False)}
        if found is not None:
            return {"port": address, "found": True, **found, "baud": None if tcp else baud}
        speaks = speaks or unasked
    cause = "device.speaks" if speaks else "device.unknown"
    return {"port": address, "found": False, "cause": cause}


def _camera(address: str) -> dict[str, object] | None:
    """A camera is known by its own description, and is not opened."""
    from packstation.devices.camera.listing import list_cameras

    fit = [row for row in list_cameras() if address in {row["address"], row["port"]}]
    if not fit:
        return None
    told = {"kind": "camera", "model": "uvc", "identity": fit[0]["description"], "baud": None}
    return {"port": address, "found": True, **told}


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


def _probe_port(
    address: str, line: LineSettings, answer_s: float
) -> tuple[dict[str, object] | None, bool]:
    """What answered; and, where nothing did, whether something speaks without being asked."""
    port = opener(address, line)()
    try:
        for probe in _probes():
            identity = _ask(port, probe, answer_s)
            if identity is not None:
                identity = identity or _name(port, probe, answer_s)
                found = {"kind": probe.kind, "model": probe.model, "identity": identity}
                return dict[str, object](found), False
        _quiet(port)
        return None, bool(port.receive(answer_s))
    finally:
        port.close()


def _probes() -> list[Probe]:
    """In the order in which they are safe."""
    scales = [
        # The line's end in front ends what the questions before it have left behind.
        Probe("scale", model.id, b"\r\n" + model.identify, _scale_identity(model.identity))
        for model in SCALES
        if model.identity is not None and model.telling
    ]
    return [
        Probe("label", "escpos", _RECEIPT_PRINTER, _same_base, exact=2, name=escpos.TALK.facts[0]),
        Probe("label", "cpcl", 3 * cpcl.STATUS, _thrice(0xE0), exact=3, name=cpcl.TALK.facts[0]),
        Probe("label", "brother-ql", brother_ql.STATUS, _brother, exact=32),
        Probe("label", "tspl", 3 * tspl.STATUS, _thrice(0xC0), exact=3, name=tspl.TALK.facts[0]),
        *scales,
        Probe("label", "zpl", HOST_IDENTITY, _printer_identity),
        Probe("label", "zpl", HOST_STATUS, _printer_status),
        Probe("label", "epl2", epl2.STATUS, _epl2),
    ]


def _same_base(answer: bytes) -> str | None:
    return "" if all(byte & 0x93 == 0x12 for byte in answer) else None


def _thrice(never: int) -> Callable[[bytes], str | None]:
    """A status byte, three times the same; bits that are ``never`` set are another device's."""
    return lambda answer: "" if len(set(answer)) == 1 and not answer[0] & never else None


def _brother(answer: bytes) -> str | None:
    return "" if decode_brother(answer).state is not ReplyState.FAULT else None


def _epl2(answer: bytes) -> str | None:
    return "" if _CODES.fullmatch(answer) else None


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
    """A scale that streams STX ... ETX says three lines as well, but none with these fields."""
    return "" if decode_zpl(answer).state is not ReplyState.FAULT else None


def _ask(port: Port, probe: Probe, answer_s: float) -> str | None:
    _quiet(port)
    port.send(probe.ask, _SEND_S)
    until = time.monotonic() + answer_s
    answer = b""
    while (left := until - time.monotonic()) > 0:
        answer += port.receive(left)
        if probe.exact and len(answer) > probe.exact:
            return None
        identity = None if probe.exact else probe.read(answer)
        if identity is not None:
            return identity
    return probe.read(answer) if probe.exact == len(answer) > 0 else None


def _name(port: Port, probe: Probe, answer_s: float) -> str:
    """What a printer that has shown itself says of itself."""
    fact = probe.name
    if fact is None:
        return ""
    _quiet(port)
    port.send(fact.ask, _SEND_S)
    until = time.monotonic() + answer_s
    answer = b""
    while (left := until - time.monotonic()) > 0 and fact.take(answer) is None:
        answer += port.receive(left)
    told = fact.take(answer)
    return "" if told is None else fact.read(told)


def _quiet(port: Port) -> None:
    """What came before is no answer; a device that never stops is asked all the same."""
    until = time.monotonic() + _QUIET_S
    while port.receive(_DRAIN_S) and time.monotonic() < until:
        pass


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
