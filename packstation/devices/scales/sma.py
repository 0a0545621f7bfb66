r"""SMA SCP-0499, the American makers' common protocol (reference/devices.md section 1.4).

``LF s r n m f weight(10) unit(3) CR``: twenty bytes, the weight right-justified.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from packstation.devices.scales.outcomes import fault, resting, status, weight
from packstation.domain.weights import Reading, ScaleState

ASK: Final = b"\nW\r"

_REPLY: Final = rb"\n([ZOUEIT ])(\d)([GNTgnt])([M ])(.)([ \d.-]{10})([a-z_ ]{3})\r"
_VALUE: Final = rb" *-?\d+(?:\.\d+)?"
_INFORMATION: Final = rb"\n[A-Z]{3}:[ -~]{0,40}\r"
_COMPLAINTS: Final = {
    b"O": ScaleState.OVER,
    b"U": ScaleState.UNDER,
    b"E": ScaleState.NOT_READY,
    b"I": ScaleState.NOT_READY,
    b"T": ScaleState.NOT_READY,
}


def decode(frame: bytes, _unit: str = "") -> Reading:
    """Faults: "syntax" (a command that it does not know), "frame", "value", "unit"."""
    if frame == b"\n?\r":
        return fault("syntax", frame)
    if re.fullmatch(_INFORMATION, frame):
        return status(ScaleState.NOT_READY, frame)
    found = re.fullmatch(_REPLY, frame)
    if found is None:
        return fault("frame", frame)
    what, _, kind, moves, _, field, unit = found.groups()
    if what in _COMPLAINTS:
        return status(_COMPLAINTS[what], frame)
    if kind in b"Tt":
        return status(ScaleState.NOT_READY, frame)  # the tare, not what lies on the pan
    if not re.fullmatch(_VALUE, field):
        return fault("value", frame)
    value = Decimal(field.decode("ascii").strip())
    state = ScaleState.MOTION if moves == b"M" else resting(value, at_zero=what == b"Z")
    name = unit.decode("ascii").strip("_ ")
    return weight(state, value, name, frame, net=kind in b"Nn")
