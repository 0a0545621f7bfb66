"""The bench's own printers: does each answer, and may this user print on it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from packstation.devices.printers.sharing import SCHEME
from packstation.doctor.findings import Finding, State
from packstation.domain.errors import SettingsError
from packstation.settings import DeviceSection

_KINDS = ("label", "papers")
# A bench that is running holds its printers itself.
_HELD = frozenset(("port.busy", "printer.port_busy", "port.refused"))
# What keeps a queue from printing, rather than what a packer cures every day.
_BROKEN = frozenset(("printer.queue_missing", "printer.queue_denied", "printer.queue_rejects"))


def configured(rows: Iterable[DeviceSection]) -> Iterator[Finding]:
    """A finding or two for every printer among the bench's devices; nothing is printed."""
    for row in rows:
        # What another bench owns is that bench's to check.
        if row.kind in _KINDS and row.address and not row.address.startswith(SCHEME):
            yield from _printer(row)


def _printer(row: DeviceSection) -> Iterator[Finding]:
    from packstation.devices.printers.queues import is_queue

    try:
        if row.model == "folder":
            yield _folder(row)
        elif is_queue(row.address) or row.model == "spool":
            yield from _queue(row)
        else:
            yield from _port(row)
    except SettingsError as refused:
        yield _told(
            row, State.FAIL, why=str(refused.fields.get("allowed", "")), key="printer.address"
        )


def _queue(row: DeviceSection) -> Iterator[Finding]:
    from packstation.devices.printers.queues import facts_of
    from packstation.devices.printers.spooling import QueueRefused, QueueUnreachable

    try:
        facts = facts_of(row.address)
    except (QueueUnreachable, QueueRefused) as failure:
        yield _told(row, State.FAIL, failure.cause)
        return
    if not facts.format_of("pdf" if row.model == "spool" else row.model):
        yield _told(row, State.FAIL, "printer.queue_format")
    elif facts.trouble:
        broken = facts.trouble in _BROKEN
        yield _told(row, State.FAIL if broken else State.WARN, facts.trouble)
    else:
        yield _told(row, State.OK, why=facts.model or row.address, key="printer.ok")
    if facts.raw:
        yield _told(row, State.WARN, key="printer.raw")


def _port(row: DeviceSection) -> Iterator[Finding]:
    """A network printer or one on USB is opened and closed; a serial line has its own check."""
    from packstation.devices.health import cause_of
    from packstation.devices.identity import UsbAddress
    from packstation.devices.opening import (
        LineSettings,
        SerialAddress,
        find_usb,
        opener,
        parse_address,
    )
    from packstation.devices.ports import LINK_ERRORS
    from packstation.devices.usblp import LP_PATH

    address = parse_address(row.address)
    try:
        name = find_usb(address) if isinstance(address, UsbAddress) else row.address
        serial = isinstance(address, SerialAddress | UsbAddress) and not LP_PATH.fullmatch(name)
        if serial and not Path(name).exists() and os.name == "posix":
            yield _told(row, State.FAIL, "port.missing")
            return
        if not serial:
            opener(name, LineSettings())().close()
    except LINK_ERRORS as failure:
        cause = cause_of(failure, was_open=False)
        yield _told(row, State.WARN if cause in _HELD else State.FAIL, cause)
        return
    yield _told(row, State.OK, why=row.address, key="printer.ok")


def _folder(row: DeviceSection) -> Finding:
    """A folder that is there, or can be made where it is to be."""
    place = Path(row.address).absolute()
    there = next(one for one in (place, *place.parents) if one.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return _told(row, State.OK, why=row.address, key="printer.ok")
    return _told(row, State.FAIL, "printer.folder")


def _told(
    row: DeviceSection,
    state: State,
    cause: str = "",
    *,
    why: str = "",
    key: str = "printer.trouble",
) -> Finding:
    args = {"printer": row.id or row.kind, "address": row.address, "why": why}
    return Finding("printers", state, key, args, cause=cause)
