r"""Toledo 8217, the protocol of checkout scales (reference/devices.md section 1.2).

``STX weight [N] CR`` or ``STX ? status CR``. There is no unit on the wire: it is a setting, and
so is how many places the weight has, which is checked against it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from packstation.devices.framing import StartFramer
from packstation.devices.scales.outcomes import fault, seven_bits, status, weight
from packstation.domain.weights import Reading, ScaleState

ASK: Final = b"W"
_STX, _CR, _QUESTION = 0x02, 0x0D, 0x3F

_WEIGHT: Final = rb"\x02( *[\d.]+)(N?)\r"
_STATUS: Final = rb"(?s)\x02\?([\x00-\x7f])\r"
# The field of each unit as the manuals print it; others are not known well enough to check.
_FIELDS: Final = {"kg": rb"[ \d]\d\.\d{3}", "lb": rb"[ \d]{1,2}\d\.\d{2}"}
_ANY: Final = rb" *\d+(?:\.\d+)?"
# Bits of the status byte, the most telling first. Bit 6 has two meanings and bit 5 (net) is
# always set on some models: neither is believed.
_BITS: Final = (
    (0x02, ScaleState.OVER),
    (0x04, ScaleState.UNDER),
    (0x01, ScaleState.MOTION),
    (0x08, ScaleState.NOT_READY),  # the zero at switching on was out of range
    (0x10, ScaleState.ZERO),
)


def framer() -> StartFramer:
    """A status has four bytes, whichever they are; a weight ends in CR."""
    return StartFramer(_STX, _whole, limit=16, mask=0x7F)


def _whole(held: bytes) -> bool:
    if len(held) > 1 and held[1] & 0x7F == _QUESTION:
        return len(held) == 4
    return held[-1] & 0x7F == _CR


def decode(frame: bytes, unit: str) -> Reading:
    """Faults: "parity", "frame", "value" (not the places of ``unit``), "unit"."""
    text = seven_bits(frame)
    if text is None:
        return fault("parity", frame)
    if found := re.fullmatch(_STATUS, text):
        bits = found[1][0]
        state = next((state for bit, state in _BITS if bits & bit), ScaleState.NOT_READY)
        return status(state, frame)
    found = re.fullmatch(_WEIGHT, text)
    if found is None:
        return fault("frame", frame)
    if not re.fullmatch(_FIELDS.get(unit, _ANY), found[1]):
        return fault("value", frame)
    value = Decimal(found[1].decode("ascii").strip())
    return weight(ScaleState.STABLE, value, unit, frame, net=bool(found[2]))
