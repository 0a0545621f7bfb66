"""Rows of devices, checked before any of them is opened.

Each refusal is a `SettingsError` that names the row, the option, the value, what is allowed
and, where a word was meant, the nearest one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from packstation.devices.identity import UsbAddress, parse_usb
from packstation.devices.options import KINDS, MODELS, OPTIONS, Option, options_of
from packstation.devices.printers.rows import Row as PrinterRow
from packstation.domain.errors import SettingsError
from packstation.settings.keys import nearest

ID_ALLOWED: Final = "A-Z a-z 0-9 - _ . (1..40), not first: ."
ADDRESS_ALLOWED: Final = "tcp://HOST:PORT, /dev/..., COMn, usb:VID:PID:SERIAL, cups:QUEUE, ..."
# Recordings and test labels are named after it.
_ID: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,39}")
_TCP: Final = re.compile(r"(?P<scheme>tcp|udp)://(?P<host>.+):0*(?P<port>\d+)")
# Whom several may use at once: key events, recordings, pictures over HTTP.
_SHARED: Final = frozenset({"keyboard", "mjpeg"})


class Row(PrinterRow, Protocol):
    """What of a device's row is read here: the id as written, too."""

    @property
    def id(self) -> str: ...


def check_rows(rows: Sequence[Row]) -> None:
    """Refuse what cannot work; raises `SettingsError` for the first.

    Two devices of one id, in whatever case (their files would be one), and two at one address.
    """
    for error in faults(rows):
        raise error


def faults(rows: Sequence[Row]) -> Iterator[SettingsError]:
    """Everything that is wrong with the rows, row by row, then between them."""
    for row in rows:
        yield from _of_row(row)
    yield from _twins(rows)
    yield from _shared(rows)


def refusal(name: str, value: object, names: Sequence[str]) -> SettingsError:
    """A word that is none of ``names``."""
    return _error(name, value, ", ".join(names), nearest(str(value), names))


def place_of(row: Row) -> str:
    """How a row is called in errors."""
    return f"DEVICES[{row.device}]"


def _of_row(row: Row) -> Iterator[SettingsError]:
    if row.id and not _ID.fullmatch(row.id):
        yield _error("DEVICES.id", row.id, ID_ALLOWED)
    if not row.address.isprintable():
        yield _error(f"{place_of(row)}.address", row.address, ADDRESS_ALLOWED)
    if row.kind not in OPTIONS:
        yield refusal(f"{place_of(row)}.kind", row.kind, KINDS)
    elif row.model not in MODELS[row.kind]:
        yield refusal(f"{place_of(row)}.model", row.model, MODELS[row.kind])
    else:
        for name, value in row.settings.items():
            yield from _of_option(row, name, value)


def _of_option(row: Row, name: str, value: object) -> Iterator[SettingsError]:
    place = f"{place_of(row)}.{name}"
    known = {option.name: option for option in options_of(row.kind, row.model)}
    option = known.get(name)
    if option is None:
        yield _unknown(place, name, value, row, known)
    elif not option.shape.fits(value):
        near = nearest(value, option.shape.words) if isinstance(value, str) else ""
        yield _error(place, value, option.shape.allowed, near)


def _unknown(
    place: str, name: str, value: object, row: Row, known: Mapping[str, Option]
) -> SettingsError:
    models = [one for o in OPTIONS[row.kind] if o.name == name for one in o.models]
    there = {"name": place, "value": value, "allowed": ", ".join(known)}
    if models:
        found = {"model": row.model, "models": ", ".join(models)}
        return SettingsError("error.setting.model", **there, **found)
    near = nearest(name, tuple(known))
    if near:
        return SettingsError("error.setting.unknown.near", **there, nearest=near)
    return SettingsError("error.setting.unknown", **there)


def _error(name: str, value: object, allowed: str, near: str = "") -> SettingsError:
    if near:
        there = {"name": name, "value": value, "allowed": allowed, "nearest": near}
        return SettingsError("error.setting.near", **there)
    return SettingsError(name=name, value=value, allowed=allowed)


# --- between rows -----------------------------------------------------------------------------


def _twins(rows: Sequence[Row]) -> Iterator[SettingsError]:
    seen: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        shown = f"{number} ({row.kind} {row.model}, {row.address})"
        first = seen.setdefault(row.device.lower(), shown)
        if first is not shown:
            yield SettingsError(
                "error.setting.twins",
                name="DEVICES.id",
                value=row.device,
                first=first,
                second=shown,
                allowed=ID_ALLOWED,
            )


def _shared(rows: Sequence[Row]) -> Iterator[SettingsError]:
    seen: dict[str, str] = {}
    for row in rows:
        place = port_of(row)
        first = seen.setdefault(place, row.device) if place else row.device
        if first != row.device:
            yield SettingsError(
                "error.setting.shared",
                name=f"{place_of(row)}.address",
                value=row.address,
                first=first,
                second=row.device,
                allowed="",
            )


def port_of(row: Row) -> str:
    """The one thing that the row takes for itself; "" where others may use it too.

    Two names of one port are one; two USB addresses of one device, one with and one without
    its serial number, are not told before they are opened.
    """
    if row.model in _SHARED or row.address.startswith("replay"):
        return ""
    found = _TCP.fullmatch(row.address)
    if found:
        return f"{found['scheme']} {found['host'].lower()} {found['port']}"
    usb = parse_usb(row.address)
    if isinstance(usb, UsbAddress):
        return f"{'hid' if row.model == 'hid-pos' else 'port'} {usb}".lower()
    return _named(row)


def _named(row: Row) -> str:
    name = row.address
    if row.kind == "camera":
        if "\0" not in name and Path(name).is_file():
            return ""
        name = f"/dev/video{name}" if name.isdigit() else name
    if os.name == "nt":
        return f"name {name.lower()}"
    file = name.startswith("/") and "\0" not in name
    return f"name {os.path.realpath(name) if file else name}"
