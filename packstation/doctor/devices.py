"""Every device of the bench but its printers: is it there, may it be opened, does it speak."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final

from packstation.doctor.findings import Finding, State
from packstation.doctor.talking import PRINTERS, Heard, listen, side_by_side
from packstation.domain.errors import SettingsError
from packstation.settings import DeviceSection

# A bench that is running holds its devices itself.
HELD: Final = frozenset(("port.busy", "printer.port_busy", "port.refused"))
_KEYBOARD: Final = "keyboard"
_WELL: Final = {"camera": "devices.picture"}


def configured(rows: Iterable[DeviceSection]) -> Iterator[Finding]:
    """One finding a device, all asked at once; rows that cannot be used are the settings' own."""
    usable = [row for row in rows if row.kind not in PRINTERS]
    work: list[Callable[[], Heard | None]] = [partial(_heard, row) for row in usable]
    late: Heard | None = Heard("port.unreachable")
    heard = side_by_side(work, late)
    for row, one in zip(usable, heard, strict=True):
        if one is not None:
            yield _finding(row, one)


def _heard(row: DeviceSection) -> Heard | None:
    try:
        return _light(row) if row.kind == "light" else listen(row)
    except SettingsError:
        return None


def _finding(row: DeviceSection, heard: Heard) -> Finding:
    args = {
        "device": row.id or row.kind,
        "kind": row.kind,
        "model": row.model,
        "address": row.address,
        "told": heard.told,
    }
    if heard.cause:
        state = State.WARN if heard.cause in HELD else State.FAIL
        return Finding("devices", state, "devices.trouble", args, cause=heard.cause)
    key = _WELL.get(row.kind, "devices.answers" if heard.told else "devices.opens")
    return Finding("devices", State.OK, "devices.keys" if row.model == _KEYBOARD else key, args)


def _light(row: DeviceSection) -> Heard:
    """Opened and closed; it is told nothing, for a bench may be showing a colour just now."""
    from packstation.devices.catalogue import light_model
    from packstation.devices.health import cause_of
    from packstation.devices.lights.udp import is_udp, udp_opener
    from packstation.devices.lights.usb import usb_lamp_trouble
    from packstation.devices.opening import opener
    from packstation.devices.ports import LINK_ERRORS

    model = light_model(row.model)
    if model.transport == "usb":
        return Heard(usb_lamp_trouble())
    address = row.address
    open_port = udp_opener(address) if is_udp(address) else opener(address, model.line)
    try:
        open_port().close()
    except LINK_ERRORS as failure:
        return Heard(cause_of(failure, was_open=False))
    return Heard()
