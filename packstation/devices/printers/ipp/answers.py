"""What the answers of a queue mean (RFC 8011): its state, its jobs, why it refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeVar

from packstation.devices.printers.ieee1284 import parse_device_id
from packstation.devices.printers.ipp.messages import (
    Content,
    Group,
    Localised,
    Message,
    Range,
    Tag,
)
from packstation.devices.printers.spooling import (
    JobState,
    PaperSize,
    QueueFacts,
    QueueRefused,
    QueueState,
    SpoolJob,
)

_OK: Final = 0x0100  # below: successful, perhaps with attributes left out
NOT_FOUND: Final = 0x0406
_GONE: Final = 0x0407
_REFUSALS: Final[Mapping[int, tuple[str, bool]]] = {
    0x0401: ("printer.queue_denied", True),
    0x0402: ("printer.queue_denied", True),
    0x0403: ("printer.queue_denied", True),
    NOT_FOUND: ("printer.queue_missing", True),
    _GONE: ("printer.queue_missing", True),
    0x0408: ("printer.job_too_large", False),
    0x040A: ("printer.queue_format", False),
    0x040B: ("printer.media_missing", False),
    0x0506: ("printer.queue_rejects", True),
    0x050A: ("printer.queue_rejects", True),
    0x0507: ("printer.queue_busy", True),
}
_SERVER_ERROR: Final = 0x0500
_JOB_STATES: Final[Mapping[int, JobState]] = {
    3: JobState.WAITING,
    4: JobState.WAITING,
    5: JobState.PRINTING,
    6: JobState.PRINTING,
    7: JobState.CANCELLED,
    8: JobState.ABORTED,
    9: JobState.DONE,
}
_STATES: Final[Mapping[int, QueueState]] = {
    3: QueueState.IDLE,
    4: QueueState.PRINTING,
    5: QueueState.STOPPED,
}
RAW_CUPS: Final = "application/vnd.cups-raw"
OCTETS: Final = "application/octet-stream"
PDF: Final = "application/pdf"
# CUPS lists every format it knows for a queue that converts nothing.
_RAW_QUEUE: Final = re.compile(r"raw (queue|printer)", re.IGNORECASE)
# PWG 5101.1: iso_a4_210x297mm, na_letter_8.5x11in, custom_max_216x356mm
_NAMED: Final = re.compile(r"(.+)_(\d{1,5}(?:\.\d{1,4})?)x(\d{1,5}(?:\.\d{1,4})?)(mm|in)")
_UNITS: Final[Mapping[str, int]] = {"mm": 100, "in": 2540}
_LONGEST: Final = 200  # characters of a text that is shown or logged

_Kind = TypeVar("_Kind", str, int, bool)


def check(answer: Message) -> Message:
    """The answer, or `QueueRefused` with its cause."""
    if answer.code < _OK:
        return answer
    server = answer.code >= _SERVER_ERROR
    cause, waits = _REFUSALS.get(answer.code, ("printer.queue_error", server))
    told = ""
    for group in answer.groups_of(Tag.OPERATION):
        told = told or _first(_of(group), "status-message", str, "")
    raise QueueRefused(cause, f"{answer.code:#06x} {told}".strip()[:_LONGEST], waits=waits)


def queue_facts(group: Group) -> QueueFacts:
    """A queue's description."""
    told = _of(group)
    device = _first(told, "device-uri", str, "")
    cups = bool(told.get("cups-version")) or bool(device)
    model = _first(told, "printer-make-and-model", str, "")
    supported = _all(told, "document-format-supported", str)
    raw = cups and _RAW_QUEUE.search(model) is not None
    reasons = tuple(one for one in _all(told, "printer-state-reasons", str) if one != "none")
    state = _STATES.get(_first(told, "printer-state", int, 3), QueueState.STOPPED)
    return QueueFacts(
        state=state,
        accepting=_first(told, "printer-is-accepting-jobs", bool, default=True),
        reasons=reasons,
        message=_first(told, "printer-state-message", str, "")[:_LONGEST],
        model=model[:_LONGEST],
        formats={} if raw or PDF not in supported else {"pdf": PDF},
        raw_format=next((one for one in (RAW_CUPS, OCTETS) if one in supported), ""),
        sizes=_sizes(told),
        sources=_all(told, "media-source-supported", str),
        # Even with an ipp:// printer behind it, CUPS 2.4.2 was seen to call a job completed that
        # its printer had not taken.
        first_hand=not cups,
        device=device[:_LONGEST],
        raw=raw,
    )


def queue_row(group: Group) -> dict[str, object]:
    """A queue of CUPS as ``devices list`` shows it."""
    told = _of(group)
    facts = queue_facts(group)
    name = _first(told, "printer-name", str, "")
    known = parse_device_id(_first(told, "printer-device-id", str, ""))
    return {
        "port": name,
        "address": f"cups:{name}",
        "description": (_first(told, "printer-info", str, "") or facts.model)[:_LONGEST],
        "manufacturer": facts.model,
        "vid": None,
        "pid": None,
        "serial": "",
        "location": _first(told, "printer-location", str, "")[:_LONGEST],
        "kind": "queue",
        "model": known.language if not facts.formats else "spool",
        "state": str(facts.state),
        "cause": facts.trouble,
    }


def spool_job(group: Group) -> SpoolJob:
    """A job's description."""
    told = _of(group)
    return SpoolJob(
        number=_first(told, "job-id", int, 0),
        name=_first(told, "job-name", str, ""),
        state=_JOB_STATES.get(_first(told, "job-state", int, 0), JobState.WAITING),
        message=_first(told, "job-printer-state-message", str, "")[:_LONGEST],
        # No value until it is first worked on (RFC 8011 section 5.3.14.2).
        begun=bool(_all(told, "time-at-processing", int)),
    )


_Told = Mapping[str, tuple[Content, ...]]


def _of(group: Group) -> _Told:
    return {one.name: tuple(value.content for value in one.values) for one in group.attributes}


def _all(told: _Told, name: str, kind: type[_Kind]) -> tuple[_Kind, ...]:
    plain = (one.text if isinstance(one, Localised) else one for one in told.get(name, ()))
    # A boolean is an int to Python, and never one that was meant.
    return tuple(
        one for one in plain if isinstance(one, kind) and (kind is bool) == isinstance(one, bool)
    )


def _first(told: _Told, name: str, kind: type[_Kind], default: _Kind) -> _Kind:
    return next(iter(_all(told, name, kind)), default)


def _sizes(told: _Told) -> tuple[PaperSize, ...]:
    """By media-size-supported, else by the names of media-supported."""
    exact = [_size(one) for one in told.get("media-size-supported", ())]
    found = tuple(one for one in exact if one is not None)
    return found or _named_sizes(_all(told, "media-supported", str))


def _size(content: Content) -> PaperSize | None:
    """A collection of two sides, each a number or a range."""
    if not isinstance(content, tuple):
        return None
    sides = {one.name: one.values[0].content for one in content}
    across, along = _side(sides.get("x-dimension")), _side(sides.get("y-dimension"))
    if across is None or along is None:
        return None
    return PaperSize((across[0], along[0]), (across[1], along[1]))


def _side(content: Content) -> tuple[int, int] | None:
    if isinstance(content, Range):
        return content.low, content.high
    return (content, content) if isinstance(content, int) else None


def _named_sizes(names: tuple[str, ...]) -> tuple[PaperSize, ...]:
    fixed: list[PaperSize] = []
    custom: dict[str, tuple[int, int]] = {}
    for name in names:
        if found := _NAMED.fullmatch(name):
            unit = _UNITS[found[4]]
            size = (round(float(found[2]) * unit), round(float(found[3]) * unit))
            if found[1].startswith(("custom_min", "custom_max")):
                custom[found[1][:10]] = size
            else:
                fixed.append(PaperSize(size, size))
    if len(custom) == 2:
        fixed.append(PaperSize(custom["custom_min"], custom["custom_max"]))
    return tuple(fixed)
