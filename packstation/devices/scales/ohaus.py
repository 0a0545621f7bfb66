r"""OHAUS Ranger and Defender, and Adam (reference/devices.md section 1.6).

OHAUS: polarity, a weight of seven characters, unit, ``?`` while it moves, net or gross. Adam: a
weight and a unit, nothing else, so that our software judges whether it rests.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from packstation.devices.scales.outcomes import fault, status, weight
from packstation.domain.weights import Reading, ScaleState

ASK_OHAUS: Final = b"IP\r\n"
IDENTIFY_OHAUS: Final = b"PSN\r\n"
ASK_ADAM: Final = b"P\r\n"

# The two makes differ in blanks only: a lost digit would make one of them look like the other,
# were they not taken by their whole width.
_RANGER: Final = rb"([ +-])  ([ \d.:]{7}) ([A-Za-z ]{2}) ([ ?]) (NET|B/G)\r?\n"
_DEFENDER: Final = rb"([ +-]) ([ \d.:]{7}) ([A-Za-z: ]{5})([ ?])(NET|G  |T  |   )\r?\n"
_VALUE: Final = rb" *\d+(?:\.\d+)?"
_POUNDS: Final = rb" *(\d+):(\d{1,2}(?:\.\d+)?)"
_SAID: Final = {b"OK!": "", b"ES": "syntax"}
_ERROR: Final = rb"Err(?:or)?[ .\d]*"
_OUNCES: Final = 16

_ADAM: Final = rb" *([+-]?) *(\d+(?:\.\d+)?) *(kg|g|lb|oz) *\r?\n"


def decode_ohaus(frame: bytes, _unit: str = "") -> Reading:
    """Faults: "frame", "value", "unit", "syntax", "device"."""
    text = frame.strip(b"\r\n")
    if text in _SAID:
        error = _SAID[text]
        return fault(error, frame) if error else status(ScaleState.NOT_READY, frame)
    if re.fullmatch(_ERROR, text):
        return fault("device", frame)
    found = re.fullmatch(_RANGER, frame) or re.fullmatch(_DEFENDER, frame)
    if found is None:
        return fault("frame", frame)
    sign, field, unit, moves, kind = found.groups()
    if kind == b"T  ":
        return status(ScaleState.NOT_READY, frame)  # the tare, not what lies on the pan
    value, name = _value(field, unit.decode("ascii").strip())
    if value is None:
        return fault("value", frame)
    state = ScaleState.MOTION if moves == b"?" else ScaleState.STABLE
    signed = -value if sign == b"-" else value
    return weight(state, signed, name, frame, net=kind == b"NET")


def _value(field: bytes, unit: str) -> tuple[Decimal | None, str]:
    if unit == "lb:oz":
        pounds = re.fullmatch(_POUNDS, field)
        if pounds is None:
            return None, unit
        return int(pounds[1]) * _OUNCES + Decimal(pounds[2].decode("ascii")), "oz"
    if not re.fullmatch(_VALUE, field):
        return None, unit
    return Decimal(field.decode("ascii").strip()), unit


def decode_adam(frame: bytes, _unit: str = "") -> Reading:
    """Faults: "frame"."""
    found = re.fullmatch(_ADAM, frame)
    if found is None:
        return fault("frame", frame)
    digits = found[1] + found[2]
    return weight(ScaleState.UNKNOWN, digits, found[3].decode("ascii"), frame)
