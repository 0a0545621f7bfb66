"""ZPL printers: ``~HS``, ``~HQES`` where that stays silent, odometers, who it is.

reference/devices.md sections 3.2 and 3.7.
"""

from __future__ import annotations

import re
from typing import Final

from packstation.devices.printers.replies import decode_hqes
from packstation.devices.printers.status import (
    HOST_IDENTITY,
    HOST_STATUS,
    ODOMETER,
    labels_in,
    parse_hs,
    parse_odometer,
    status_lines,
)
from packstation.devices.printers.talk import (
    Fact,
    Odometer,
    PrinterLook,
    PrinterTalk,
    Question,
    look_of,
    up_to,
)
from packstation.domain.errors import FrameMalformed

HOST_ERRORS: Final = b"~HQES"
SERIAL_NUMBER: Final = b"~HQSN"
USER_LABELS: Final = b'! U1 getvar "odometer.user_label_count"\r\n'
HOST_ODOMETER: Final = b"~HQOD"
# Formats and batches in all buffers are cancelled; a label that is being printed still ends.
CANCEL_ALL: Final = b"~JA"

_QUOTED: Final = re.compile(rb'"[^"\r\n]*"')
_METERS: Final = re.compile(rb"NONRESETTABLE:\s*(\d{1,18})")


def _three_lines(data: bytes) -> bytes | None:
    return data if len(status_lines(data)) >= 3 else None


def _read_status(data: bytes) -> PrinterLook | None:
    try:
        status = parse_hs(data)
    except FrameMalformed:
        return None
    return PrinterLook(
        blocked=status.blocked,
        busy=bool(status.formats or status.labels_left or status.partial),
        label_waiting=status.label_waiting,
        label_dots=status.label_dots,
    )


def _read_errors(data: bytes) -> PrinterLook | None:
    """Errors only: that there is none does not tell that the printer is idle."""
    look = look_of(decode_hqes(data))
    return look if look is not None and look.blocked else None


def _quoted(data: bytes) -> bytes | None:
    found = _QUOTED.search(data)
    return found[0] if found else None


def _model(data: bytes) -> str:
    lines = status_lines(data)
    told = " ".join(lines[0].decode("latin-1").split(",")[:2]) if lines else ""
    return told if told.isprintable() else ""


def _serial(data: bytes) -> str:
    """The last word between STX and ETX."""
    lines = status_lines(data)
    words = lines[0].decode("latin-1").split() if lines else []
    return words[-1] if words and words[-1].isalnum() else ""


def _length(data: bytes) -> int | None:
    found = _METERS.search(data)
    return int(found[1]) if found else None


TALK: Final = PrinterTalk(
    id="zpl",
    ask=(
        Question(HOST_STATUS, _three_lines, _read_status),
        Question(HOST_ERRORS, up_to(b"\x03"), _read_errors),
    ),
    facts=(
        Fact(HOST_IDENTITY, up_to(b"\x03"), _model),
        Fact(SERIAL_NUMBER, up_to(b"\x03"), _serial, own=True),
    ),
    odometers=(
        Odometer(ODOMETER, _quoted, parse_odometer),
        Odometer(USER_LABELS, _quoted, parse_odometer),
        Odometer(HOST_ODOMETER, up_to(b"\x03"), _length, rung="fed"),
    ),
    vouches=True,
    labels=labels_in,
    purge=CANCEL_ALL,
)
