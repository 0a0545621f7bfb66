r"""USB HID scales, usage page 8D: Dymo and kin (reference/devices.md section 1.8; HID POS 1.02).

A report is ``id status unit exponent low high``; the weight is low + 256 high, times ten to the
exponent.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from packstation.devices.scales.outcomes import fault, status, weight
from packstation.domain.weights import Reading, ScaleState

LENGTH: Final = 6
_REPORTS: Final = frozenset({0x03, 0x04})
_STATES: Final = {
    0x02: ScaleState.ZERO,
    0x03: ScaleState.MOTION,
    0x04: ScaleState.STABLE,
    0x05: ScaleState.UNDER,
    0x06: ScaleState.OVER,
    0x07: ScaleState.NOT_READY,  # needs calibration
    0x08: ScaleState.NOT_READY,  # needs to be zeroed
}
_UNITS: Final = {0x01: "mg", 0x02: "g", 0x03: "kg", 0x08: "t", 0x0A: "ozt", 0x0B: "oz", 0x0C: "lb"}
_SILENT: Final = frozenset({ScaleState.OVER, ScaleState.NOT_READY})
_MOST_PLACES: Final = 6


def decode(frame: bytes, _unit: str = "") -> Reading:
    """Faults: "frame", "device" (its own fault), "unit", "value"."""
    if len(frame) < LENGTH or frame[0] not in _REPORTS:
        return fault("frame", frame)
    _, what, unit, exponent, low, high = frame[:LENGTH]
    if what == 0x01:
        return fault("device", frame)
    state = _STATES.get(what)
    if state is None:
        return fault("frame", frame)
    if state in _SILENT:
        return status(state, frame)
    places = exponent - 256 if exponent > 127 else exponent
    if abs(places) > _MOST_PLACES:
        return fault("value", frame)
    value = Decimal(low + 256 * high).scaleb(places)
    if state is ScaleState.ZERO and value:
        return fault("value", frame)
    # Below zero the magnitude is sent.
    signed = -value if state is ScaleState.UNDER else value
    return weight(state, signed, _UNITS.get(unit, ""), frame)
