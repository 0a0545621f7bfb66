"""The bench's own printers: does each answer, and may this user print on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from packstation.devices.printers.sharing import SCHEME
from packstation.doctor.devices import HELD
from packstation.doctor.findings import Finding, State
from packstation.doctor.talking import PRINTERS, Heard, listen, side_by_side
from packstation.domain.errors import SettingsError
from packstation.settings import DeviceSection

# What a packer cures every day, and no fault of the set-up.
_DAILY = frozenset(
    (
        *("printer.paper_out", "printer.head_open", "printer.ribbon_out", "printer.paused"),
        *("printer.too_hot", "printer.too_cold", "printer.waits_for_key", "printer.cover_open"),
    )
)
# What keeps a queue from printing, rather than what a packer cures every day.
_BROKEN = frozenset(("printer.queue_missing", "printer.queue_denied", "printer.queue_rejects"))


def configured(rows: Iterable[DeviceSection]) -> Iterator[Finding]:
    """A finding or two for every printer among the bench's devices; nothing is printed."""
    # What another bench owns is that bench's to check.
    own = [r for r in rows if r.kind in PRINTERS and not r.address.startswith(SCHEME)]
    work: list[Callable[[], list[Finding] | None]] = [partial(_all, row) for row in own]
    for row, found in zip(own, side_by_side(work, None), strict=True):
        yield from found or (_told(row, State.FAIL, "port.unreachable"),)


def _all(row: DeviceSection) -> list[Finding]:
    return list(_printer(row))


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
    """One that answers is asked how it is; one that never does is opened and closed."""
    heard = listen(row) if row.options.get("status", True) is True else Heard(_opens(row))
    if not heard.cause:
        yield _told(row, State.OK, why=heard.told or row.address, key="printer.ok")
        return
    calm = heard.cause in HELD or heard.cause in _DAILY
    yield _told(row, State.WARN if calm else State.FAIL, heard.cause)


def _opens(row: DeviceSection) -> str:
    """The cause why not, or ""."""
    from packstation.devices.health import cause_of
    from packstation.devices.opening import LineSettings, opener
    from packstation.devices.ports import LINK_ERRORS

    try:
        opener(row.address, LineSettings())().close()
    except LINK_ERRORS as failure:
        return cause_of(failure, was_open=False)
    return ""


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
