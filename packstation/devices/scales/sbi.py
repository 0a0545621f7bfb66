r"""Sartorius SBI (reference/devices.md section 1.5; Cubis and Entris II manuals).

``[id(6)] sign space value(8) space unit(3) CRLF``. A blank unit is how it says that the value is
not stable; digits that may not be read for trade stand in brackets.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from packstation.devices.scales.outcomes import fault, status, weight
from packstation.domain.weights import Reading, ScaleState

ASK: Final = b"\x1bP"

# Eight characters, or up to ten where digits stand in brackets.
_REPLY: Final = rb"([ +-]) ([ \d.]{8}|(?=.{8,10} )[ \d.]*\[\d+\]) ([A-Za-z ]{3})"
_VALUE: Final = r" *\d+(?:\.\d+)?"
_ERROR: Final = rb"(?:ERR|APP\.ER|DIS\.ER|PRT\.ER)[ \d]*"
_WORDS: Final = {
    b"High": ScaleState.OVER,
    b"Low": ScaleState.UNDER,
    b"Cal.Ext.": ScaleState.NOT_READY,
    b"Cal.Int.": ScaleState.NOT_READY,
}
_IDS: Final = {b"N", b"G", b"G#", b"T", b"T1", b"Stat"}
_BODY = 14


def decode(frame: bytes, _unit: str = "") -> Reading:
    """Faults: "terminator", "frame", "value", "unit", "device" (an error of the balance)."""
    text = frame.removesuffix(b"\r\n")
    if text == frame:
        return fault("terminator", frame)
    name, body = (text[:6].strip(), text[6:]) if len(text) > _BODY + 2 else (b"", text)
    word = body.strip()
    if word in _WORDS:
        return status(_WORDS[word], frame)
    if re.fullmatch(_ERROR, word):
        return fault("device", frame)
    found = re.fullmatch(_REPLY, body)
    if found is None or (name and name not in _IDS):
        return fault("frame", frame)
    if name.startswith(b"T"):
        return status(ScaleState.NOT_READY, frame)  # the tare, not what lies on the pan
    digits = found[2].decode("ascii").replace("[", "").replace("]", "")
    if not re.fullmatch(_VALUE, digits):
        return fault("value", frame)
    value = Decimal(digits.strip())
    value = -value if found[1] == b"-" else value
    unit = found[3].decode("ascii").strip()
    if not unit:
        # Which unit it will be is not said before it rests.
        return Reading(state=ScaleState.MOTION, value=value, raw=frame, net=name == b"N")
    return weight(ScaleState.STABLE, value, unit, frame, net=name == b"N")
