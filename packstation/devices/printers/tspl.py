"""TSPL printers: ``<ESC>!S`` where it is known, ``<ESC>!?`` where not; mileage, model.

Questions that begin with ESC are answered at once, those with ``~`` only when the printer is
ready (TTP-343 manual, conventions), so the model's answer is a receipt for what was before it.
reference/devices.md section 3.4.
"""

from __future__ import annotations

import re
from typing import Final

from packstation.devices.printers.replies import decode_tspl
from packstation.devices.printers.talk import (
    Fact,
    Odometer,
    PrinterLook,
    PrinterTalk,
    Question,
    look_of,
    prints_in,
    thrice,
    up_to,
)

STATUS: Final = b"\x1b!?"
# Line ends around questions close the line of a printer that took one for the head of a command.
STATUS_LONG: Final = b"\x1b!S\r\n"
MODEL: Final = b"\r\n~!T\r\n"
MILEAGE: Final = b"~!@\r\n"

_LONG: Final = re.compile(rb"\x02....\x03\r\n", re.DOTALL)
_WORD: Final = re.compile(rb"[\x20-\x7e]{3,}")
_NUMBER: Final = re.compile(rb"\d{1,18}")
_PICTURE: Final = re.compile(
    rb"^BITMAP\s+\d{1,6}\s*,\s*\d{1,6}\s*,\s*(\d{1,4})\s*,\s*(\d{1,5})\s*,\s*\d\s*,", re.MULTILINE
)
_PRINTS: Final = re.compile(rb"^PRINT\s+(\d{1,9})(?:\s*,\s*(\d{1,5}))?\s*$", re.MULTILINE)


def labels_in(payload: bytes) -> int:
    """How many labels a job makes."""
    return prints_in(payload, _PICTURE, _PRINTS)


def _long(data: bytes) -> bytes | None:
    found = _LONG.search(data)
    return found[0] if found else None


def _model(data: bytes) -> str:
    found = _WORD.search(data)
    return found[0].decode().strip() if found else ""


def _receipt(data: bytes) -> PrinterLook | None:
    return PrinterLook() if _model(data) else None


def _length(data: bytes) -> int | None:
    found = _NUMBER.fullmatch(data.strip())
    return int(found[0]) if found else None


TALK: Final = PrinterTalk(
    id="tspl",
    ask=(
        Question(STATUS_LONG, _long, lambda data: look_of(decode_tspl(data)), optional=True),
        thrice(STATUS, decode_tspl),
    ),
    facts=(Fact(MODEL, up_to(b"\r"), _model),),
    odometers=(Odometer(MILEAGE, up_to(b"\r"), _length, rung="fed"),),
    receipt=Question(MODEL, up_to(b"\r"), _receipt),
    labels=labels_in,
)
