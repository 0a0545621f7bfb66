r"""NCI / Weigh-Tronix SCP-01 and kin (reference/devices.md section 1.3; NCI standard).

``LF weight unit CR LF status CR ETX``; only the status where there is no weight to give. The
weight has six characters, or pounds and ounces.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from packstation.devices.scales.outcomes import fault, resting, seven_bits, status, weight
from packstation.domain.weights import Reading, ScaleState

ASK: Final = b"W\r"

_REPLY: Final = (
    rb"\n(?:(?:(?P<weight>[ \d-][\d.]{5})(?P<unit>[A-Za-z ]{2})"
    rb"|(?P<lb>[ \d]\d)lb ?(?P<oz>[ \d]\d\.\d)oz)\r\n)?S?(?P<status>[0-9:;<=>?p-\x7f]{2,8})\r\x03"
)
_SYNTAX: Final = rb"\n\?\r\x03"
_VALUE: Final = rb" *-?\d+(?:\.\d+)?"
_OUNCES: Final = 16


def decode(frame: bytes, _unit: str = "") -> Reading:
    """Faults: "parity", "syntax", "frame", "value", "unit", "device" (memory, calibration)."""
    text = seven_bits(frame)
    if text is None:
        return fault("parity", frame)
    if re.fullmatch(_SYNTAX, text):
        return fault("syntax", frame)
    found = re.fullmatch(_REPLY, text)
    if found is None:
        return fault("frame", frame)
    said = found["status"] + b"0"
    first, second, third = said[0], said[1], said[2]
    state = _state(first, second, third)
    if state is ScaleState.FAULT:
        return fault("device", frame)
    if found["lb"] is not None:
        ounces = int(found["lb"]) * _OUNCES + Decimal(found["oz"].decode("ascii").strip())
        return _weighed(state, ounces, "oz", (first, third), frame)
    if found["weight"] is None:
        return status(state or _empty(first), frame)
    if not re.fullmatch(_VALUE, found["weight"]):
        return fault("value", frame)
    value = Decimal(found["weight"].decode("ascii").strip())
    return _weighed(
        state, value, found["unit"].decode("ascii").strip().lower(), (first, third), frame
    )


def _state(first: int, second: int, third: int) -> ScaleState | None:
    """What the status bytes complain of, the worst first; None for nothing."""
    if first & 0x0C or second & 0x0C:
        return ScaleState.FAULT
    if second & 0x02:
        return ScaleState.OVER
    if second & 0x01:
        return ScaleState.UNDER
    if first & 0x01:
        return ScaleState.MOTION
    return ScaleState.NOT_READY if third & 0x08 else None


def _empty(first: int) -> ScaleState:
    """A status alone that complains of nothing."""
    return ScaleState.ZERO if first & 0x02 else ScaleState.NOT_READY


def _weighed(
    state: ScaleState | None, value: Decimal, unit: str, bits: tuple[int, int], frame: bytes
) -> Reading:
    rests = state or resting(value, at_zero=bool(bits[0] & 0x02))
    return weight(rests, value, unit, frame, net=bool(bits[1] & 0x04))
