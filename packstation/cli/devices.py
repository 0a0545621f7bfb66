"""``devices ...``: device work without the window."""

from __future__ import annotations

import time
from argparse import Namespace
from pathlib import Path
from typing import Any

from packstation.cli.files import folder_at, naming
from packstation.cli.files import read as read_file
from packstation.cli.running import DONE, REFUSED, Out, Unreadable

_NO_WEIGHT = {"FAULT"}
_PAUSE_S = 0.5
# Label printers say how they are, and nothing that could be read without end.
_ASKED = {"zpl", "tspl", "epl2", "cpcl", "escpos", "brother-ql"}


def list_ports(_: Namespace, out: Out) -> int:
    """The serial ports of this machine."""
    from packstation.devices import commands

    ports = commands.list_devices()
    rows = [" ".join(str(value) for value in port.values() if value) for port in ports]
    out.show({"ports": ports}, "\n".join(rows) or "no serial ports")
    return DONE


def identify(args: Namespace, out: Out) -> int:
    """What answers at a port."""
    from packstation.cli.wording import cause_said
    from packstation.devices import commands

    found = commands.identify(args.port)
    if not found["found"]:
        out.show(found, cause_said(args.port, str(found["cause"])))
        return REFUSED
    out.show(found, " ".join(f"{key}={value}" for key, value in found.items()))
    return DONE


def read(args: Namespace, out: Out) -> int:
    """Readings as they come."""
    from packstation.devices import commands

    if args.count is not None and args.count < 1:
        raise Unreadable(f"--count {args.count}: 1 or more is wanted")
    if (args.port is None) == (args.replay is None):
        raise Unreadable("either --port or --replay is needed")
    if args.replay is not None and not Path(args.replay).is_file():
        raise Unreadable(f"{args.replay}: no such file")
    if args.model in _ASKED:
        raise Unreadable(f"{args.model} has no readings; packstation devices identify asks it")
    port = f"replay@{args.speed}:{args.replay}" if args.port is None else args.port
    for reading in commands.read(port, args.model, count=args.count, unit=args.unit):
        out.show(reading, _told(reading))
        if out.gone:
            break
    return DONE


def rules(_: Namespace, out: Out) -> int:
    """The udev rules, as the package installs them."""
    from packstation.devices.usb_ids import RULES_NAME
    from packstation.devices.usb_ids import rules as made

    out.show({"name": RULES_NAME, "rules": made()}, made().rstrip("\n"))
    return DONE


def decode(args: Namespace, out: Out) -> int:
    """What bytes mean; exit status 1 where one frame is bad."""
    from packstation.devices import commands

    if (args.hex is None) == (args.hex_file is None):
        raise Unreadable("either --hex or --hex-file is needed")
    if args.hex is not None:
        readings = [commands.decode(args.model, args.hex, unit=args.unit)]
    else:
        text = read_file(args.hex_file).decode("utf-8", "replace")
        readings = list(commands.decode_lines(args.model, text, unit=args.unit))
    for reading in readings:
        out.show(reading, _told(reading))
    return REFUSED if any(one["state"] in _NO_WEIGHT for one in readings) else DONE


def _told(reading: dict[str, Any]) -> str:
    if "aim" in reading:
        beside = (reading["symbology"], reading["error"])
        return " ".join([repr(reading["text"]), *(f"({one})" for one in beside if one)])
    if "flags" in reading:
        return " ".join([str(reading["state"]), *reading["flags"]])
    if "length_mm" in reading:
        return _size_told(reading)
    weight = f" {reading['value']} {reading['unit']}" if reading.get("value") else ""
    why = f" ({reading['error']})" if reading.get("error") else ""
    return f"{reading['state']}{weight}{why}"


def _size_told(reading: dict[str, Any]) -> str:
    """State, sides and weight; a reading without sides has its reason only."""
    sides = [reading[name] for name in ("length", "width", "height")]
    size = f" {' x '.join(sides)} {reading['size_unit']}" if all(sides) else ""
    mass = f", {reading['value']} {reading['unit']}" if reading["value"] else ""
    why = f" ({reading['error']})" if reading["error"] else ""
    return f"{reading['state']}{size}{mass}{why}"


def simulate(args: Namespace, out: Out) -> int:
    """Simulated devices, until the command is ended."""
    from packstation.devices import commands
    from packstation.domain.records import read_json

    with naming(args.config):
        config = read_json(read_file(args.config))
    if not isinstance(config, dict):
        raise Unreadable(f"{args.config}: an object is wanted")
    with naming(args.config):
        shelf = commands.simulate(config, folder_at(Path(args.out)))
    try:
        addresses = shelf.addresses()
        rows = [f"{one['kind']} {one['address']}" for one in addresses]
        out.show({"addresses": addresses}, "\n".join(rows))
        while True:
            time.sleep(_PAUSE_S)
    finally:
        shelf.close()
