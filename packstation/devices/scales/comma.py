r"""Scales that send ``ST,...``: A&D's standard format, the ST,GS family, CAS with 22 bytes.

reference/devices.md section 1.6. What differs is a row: header, field, unit.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from packstation.devices.scales.outcomes import fault, resting, status, weight
from packstation.domain.weights import Reading, ScaleState

ASK_A_AND_D: Final = b"Q\r\n"
IDENTIFY_A_AND_D: Final = b"?SN\r\n"

_VALUE: Final = rb"[+-]? *\d+(?:\.\d+)?"
_ACK: Final = 0x06

# Header, an optional verdict of a check-weigher, sign, eight digits, unit of three.
_A_AND_D: Final = rb"(ST|US|QT),(?:(?:LO|OK|HI|--),)?([+-][\d.]{8})([A-Za-z% ]{3})\r\n"
_A_AND_D_OUT: Final = rb"OL,([+-])9{7}E\+19\r\n"
_A_AND_D_ERROR: Final = rb"EC,E\d\d\r\n"
# KERN and Chinese indicators: stable, gross or net or tare, sign, eight digits, unit.
_ST_GS: Final = rb"(ST|US),(GS|NT|TR),([+-][ \d.]{8}) ?(kg|g|lb|oz|t)\r\n"
_ST_GS_OUT: Final = rb"OL,(?:GS|NT|TR),([+-])[ A-Za-z]*\r\n"
# CAS: device number and a byte of lamps before the field.
_CAS: Final = rb"(?s)(ST|US|OL),(GS|NT|TR),(.)(.),([ +-][ \d.]{7}) (kg| g|g |lb|oz)\r\n"
_STATES: Final = {b"ST": ScaleState.STABLE, b"US": ScaleState.MOTION}
_PIECES: Final = {"PC", "%", "pcs"}


def decode_a_and_d(frame: bytes, _unit: str = "") -> Reading:
    """Faults: "frame", "value", "unit", "device" (an error that the scale reports)."""
    if found := re.fullmatch(_A_AND_D_OUT, frame):
        return status(_beyond(found[1]), frame)
    if re.fullmatch(_A_AND_D_ERROR, frame):
        return fault("device", frame)
    if frame.strip(b"\r\n") == bytes((_ACK,)):
        return status(ScaleState.NOT_READY, frame)
    found = re.fullmatch(_A_AND_D, frame)
    if found is None:
        return fault("frame", frame)
    unit = found[3].decode("ascii").strip()
    if found[1] == b"QT" or unit in _PIECES:
        return status(ScaleState.NOT_READY, frame)  # a count or a share, not a weight
    return _weighed(_STATES[found[1]], found[2], unit, frame)


def decode_st_gs(frame: bytes, _unit: str = "") -> Reading:
    """Faults: "frame", "value"."""
    if found := re.fullmatch(_ST_GS_OUT, frame):
        return status(_beyond(found[1]), frame)
    found = re.fullmatch(_ST_GS, frame)
    if found is None:
        return fault("frame", frame)
    if found[2] == b"TR":
        return status(ScaleState.NOT_READY, frame)  # the tare, not what lies on the pan
    return _weighed(_STATES[found[1]], found[3], found[4].decode("ascii"), frame, found[2] == b"NT")


def decode_cas(frame: bytes, _unit: str = "") -> Reading:
    """Faults: "frame", "value", "lamps" (a byte of lamps that cannot be one)."""
    found = re.fullmatch(_CAS, frame)
    if found is None:
        return fault("frame", frame)
    head, kind, _, lamps, field, unit = found.groups()
    lit = lamps[0]
    if lit & 0xA0 != 0x80:
        return fault("lamps", frame)
    if head == b"OL":
        return status(_beyond(field[:1]), frame)
    if kind == b"TR":
        return status(ScaleState.NOT_READY, frame)
    # Header and lamp both have to say that it rests.
    rests = head == b"ST" and bool(lit & 0x40)
    state = ScaleState.STABLE if rests else ScaleState.MOTION
    at_zero = bool(lit & 0x01)
    name = unit.decode("ascii").strip()
    return _weighed(state, field.strip(), name, frame, kind == b"NT", at_zero=at_zero)


def _beyond(sign: bytes) -> ScaleState:
    return ScaleState.UNDER if sign == b"-" else ScaleState.OVER


def _weighed(
    state: ScaleState,
    field: bytes,
    unit: str,
    frame: bytes,
    net: bool = False,  # noqa: FBT001, FBT002 - said by the frame
    *,
    at_zero: bool = False,
) -> Reading:
    if not re.fullmatch(_VALUE, field):
        return fault("value", frame)
    value = Decimal(field.decode("ascii").replace(" ", ""))
    if state is ScaleState.STABLE:
        state = resting(value, at_zero=at_zero)
    return weight(state, value, unit, frame, net=net)
