r"""Quantronix Cubiscan 25 to 325 (reference/devices.md section 4.1; manuals of 110 and 125).

Requests and replies stand between STX and ETX, followed by CR and LF, of which either may be
missing. A side may begin with a mark: ``_`` under and ``~`` over range, ``-`` of low precision.
There is no checksum, but the dimensional weight is the volume over the factor: a frame in which
the two fit proves itself. How a device rounds it is unverified, so one that does not is no fault.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from packstation.devices.framing import StartFramer
from packstation.domain.sizes import SizeReading, SizeState

MEASURE: Final = b"\x02M\x03\r\n"

_STX, _ETX = 0x02, 0x03
_SIDE: Final = rb"([_~-][ \d.]{4}|[ \d.]{5})"
_MASS: Final = rb"([_~-][ \d.]{5}|[ \d.]{6})"
_MEASURED: Final = (
    rb"\x02MA[CH][ -~]{6},L" + _SIDE + rb",W" + _SIDE + rb",H" + _SIDE + rb",([EM]),"
    rb"K" + _MASS + rb",D" + _MASS + rb",([EM]),F([ \d]{4}),([DI])\x03"
)
_REFUSED: Final = rb"\x02MN[CH ]?([CMZ])\x03"
_UNKNOWN: Final = rb"\x02\?N\x03"
# Answers to other questions (units, values, tests, zero), which hold no box.
_OTHER: Final = rb"\x02[A-Z\"#][AN][ -~]{0,48}\x03"
_VALUE: Final = r" *\d+(?:\.\d+)?"
_REASONS: Final = {b"C": "corner", b"M": "measure", b"Z": "zero"}
_MARKS: Final = {"_": "under", "~": "over", "-": "imprecise"}
_LENGTHS: Final = {b"E": "in", b"M": "cm"}
_WEIGHTS: Final = {b"E": "lb", b"M": "kg"}


def framer() -> StartFramer:
    """STX to ETX; the line end after it is noise that no frame begins with."""
    return StartFramer(_STX, lambda held: held[-1] == _ETX, limit=96, restart=True)


def decode(frame: bytes) -> SizeReading:
    """Faults: "frame", "value", "syntax". NOT_READY: "corner", "measure", "zero".

    UNSURE: a side "under" or "over" its range, or "imprecise".
    """
    text = frame.rstrip(b"\r\n")
    if found := re.fullmatch(_REFUSED, text):
        return _none(SizeState.NOT_READY, _REASONS[found[1]], frame)
    if re.fullmatch(_UNKNOWN, text):
        return _none(SizeState.FAULT, "syntax", frame)
    found = re.fullmatch(_MEASURED, text)
    if found is None:
        if re.fullmatch(_OTHER, text) and not text.startswith(b"\x02M"):
            return _none(SizeState.NOT_READY, "", frame)
        return _none(SizeState.FAULT, "frame", frame)
    sides = [part.decode("ascii") for part in (found[1], found[2], found[3])]
    weight = found[5].decode("ascii")
    volume, factor = found[6].decode("ascii"), found[8].decode("ascii")
    values = [_value(part) for part in (*sides, weight)]
    if any(value is None for value in values):
        return _none(SizeState.FAULT, "value", frame)
    error = next((_MARKS[side[0]] for side in sides if side[0] in _MARKS), "")
    # A weight that the device itself does not trust is left out; the sides stand for themselves.
    trusted = weight[0] not in _MARKS
    return SizeReading(
        state=SizeState.UNSURE if error else SizeState.MEASURED,
        length=values[0],
        width=values[1],
        height=values[2],
        unit=_LENGTHS[found[4]],
        weight=values[3] if trusted else None,
        weight_unit=_WEIGHTS[found[7]] if trusted else "",
        raw=frame,
        error=error,
        proven=found[4] == found[7] and _fits(values[:3], _value(volume), _value(factor)),
    )


def _fits(
    sides: list[Decimal | None], volume_weight: Decimal | None, factor: Decimal | None
) -> bool:
    """Whether the dimensional weight is that of the sides, to one digit of its last place.

    Only where both are of one system of units: a factor holds no other.
    """
    length, width, height = sides
    if not (length and width and height and volume_weight and factor):
        return False
    step = Decimal(1).scaleb(int(volume_weight.as_tuple().exponent))
    return abs(length * width * height / factor - volume_weight) <= step


def _value(text: str) -> Decimal | None:
    digits = text[1:] if text[0] in _MARKS else text
    return Decimal(digits.strip()) if re.fullmatch(_VALUE, digits) else None


def _none(state: SizeState, error: str, frame: bytes) -> SizeReading:
    return SizeReading(state=state, error=error, raw=frame)
