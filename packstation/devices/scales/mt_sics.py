r"""Mettler Toledo MT-SICS replies (reference/devices.md section 1.1; manual 11780711).

A weight reply is ``S SP status SP value SP unit CRLF`` with the value right-justified in
ten characters and its sign directly before the digits. The width is checked: a digit
lost on the line would otherwise be a tenth of the weight.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from packstation.domain.quantities import GRAMS_PER_UNIT
from packstation.domain.weights import Reading, ScaleState

ASK: Final = b"SI\r\n"
IDENTIFY: Final = b"I4\r\n"

_WEIGHT: Final = rb"S ([SD]) ([ \d.-]{10}) ([A-Za-z]{1,4})"
_VALUE: Final = rb" *(-?\d+(?:\.\d+)?)"
_STATUS: Final = rb"(?:S|Z|ZI|T|TI|TA|TAC|SU|SR|SIR) ([IL+-])"
# Done, or a tare with its value: an answer without a weight on the pan in it.
_DONE: Final = rb"(?:Z|ZI|TAC) [ASD]|(?:T|TI|TA) [ASD] +-?\d+(?:\.\d+)? [A-Za-z]{1,4}"
_INFORMATION: Final = rb"I\d{1,2} (?:[AB] [ -~]*|I)"
_IDENTITY: Final = rb'I4 A "([^"]+)"'

_STATES: Final = {
    b"S": ScaleState.STABLE,
    b"D": ScaleState.MOTION,
    b"I": ScaleState.NOT_READY,
    b"+": ScaleState.OVER,
    b"-": ScaleState.UNDER,
}
# Whole-line errors of the interface.
_ERRORS: Final = {b"ES": "syntax", b"ET": "transmission", b"EL": "logic"}


def decode(frame: bytes, _unit: str = "") -> Reading:
    """The reading of one reply, with its line end; its unit is on the wire.

    A reply without a weight in it (a status, a tare, an identity) has no value, so that it
    clears the last weight. What is no reply is a FAULT that names why: "terminator" for a
    frame without its line end, "frame", "value", "unit", "parameter", "syntax",
    "transmission" (parity or baud rate) or "logic".
    """
    text = frame.rstrip(b"\r\n")
    if text == frame:
        return _fault("terminator", frame)
    if text in _ERRORS:
        return _fault(_ERRORS[text], frame)
    if found := re.fullmatch(_STATUS, text):
        return _status(found[1], frame)
    if re.fullmatch(_DONE, text) or re.fullmatch(_INFORMATION, text):
        return Reading(state=ScaleState.NOT_READY, raw=frame)
    if found := re.fullmatch(_WEIGHT, text):
        return _weight(found[1], found[2], found[3].decode("ascii"), frame)
    return _fault("frame", frame)


def identity(frame: bytes) -> str:
    """The serial number in an answer to ``I4`` (or to a reset); empty for other frames."""
    found = re.fullmatch(_IDENTITY, frame.rstrip(b"\r\n"))
    return found[1].decode("latin-1") if found else ""


def _status(letter: bytes, frame: bytes) -> Reading:
    if letter == b"L":
        return _fault("parameter", frame)
    return Reading(state=_STATES[letter], raw=frame)


def _weight(status: bytes, field: bytes, unit: str, frame: bytes) -> Reading:
    value = re.fullmatch(_VALUE, field)
    if value is None:
        return _fault("value", frame)
    if unit not in GRAMS_PER_UNIT:
        return _fault("unit", frame)
    return Reading(
        state=_STATES[status], value=Decimal(value[1].decode("ascii")), unit=unit, raw=frame
    )


def _fault(error: str, frame: bytes) -> Reading:
    return Reading(state=ScaleState.FAULT, error=error, raw=frame)
