r"""Yaohua XK3190 indicators: A9, A12, and the two formats that begin with ``=``.

reference/devices.md section 1.7. None of them but A12 has a unit, none tells whether the pan
rests, and only A9 and A12 have a checksum. Which of the two ``=`` formats it is, is a setting: a
frame of one is a number in the other. Their point tells: of one to three places it stands in the
left half of one format and in the right half of the other, so a number of more than three places
is taken for the other format. Without a point nothing tells.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import reduce
from operator import xor
from typing import Final

from packstation.devices.framing import StartFramer
from packstation.devices.scales.outcomes import fault, status, weight
from packstation.domain.weights import Reading, ScaleState

_A9: Final = rb"\x02([+-])(\d{6})([0-4])([0-9A-F:-?]{2})\x03"
_A12: Final = rb"W([GN])([ \d.-]{7})kg([0-9A-F]{2})\r\n"
_A12_OUT: Final = rb" {9}(OL|LO)23\r\n"
_A12_OLD: Final = rb"w([wnt])([\d-][\d.]{6})kg\r?\n"
_REVERSED: Final = rb"=([\d.]{7})([0-])"
_FORWARD: Final = rb"=(-?[\d.]{7,8})"
_VALUE: Final = r" *-?\d+(?:\.\d+)?"
_OUT: Final = {b"OL": ScaleState.OVER, b"LO": ScaleState.UNDER}
_EQUALS_LENGTH = 9
_MOST_PLACES: Final = 3


def framer_a9() -> StartFramer:
    """STX, ten bytes, ETX."""
    return StartFramer(0x02, lambda held: len(held) == 12, limit=12, restart=True)


def framer_equals() -> StartFramer:
    """``=`` and eight more; the next one begins where this ends."""
    return StartFramer(0x3D, lambda held: len(held) == _EQUALS_LENGTH, limit=9, restart=True)


def decode_a9(frame: bytes, unit: str) -> Reading:
    """Faults: "frame", "checksum", "unit" (of the setting)."""
    found = re.fullmatch(_A9, frame)
    if found is None:
        return fault("frame", frame)
    if not _same(reduce(xor, frame[1:9]), found[4]):
        return fault("checksum", frame)
    value = Decimal(int(found[2])).scaleb(-int(found[3]))
    return weight(ScaleState.UNKNOWN, -value if found[1] == b"-" else value, unit, frame)


def _same(total: int, sent: bytes) -> bool:
    """Both nibbles; A to F come as letters, of some makers as the characters after ``9``."""
    letters = f"{total:02X}".encode()
    signs = bytes((0x30 + (total >> 4), 0x30 + (total & 0x0F)))
    return sent in {letters, signs}


def decode_a12(frame: bytes, _unit: str = "") -> Reading:
    """Faults: "frame", "checksum", "value"."""
    if found := re.fullmatch(_A12_OUT, frame):
        return status(_OUT[found[1]], frame)
    if found := re.fullmatch(_A12_OLD, frame):
        if found[1] == b"t":
            return status(ScaleState.NOT_READY, frame)
        return _weighed(found[2].decode("ascii"), "kg", frame, net=found[1] == b"n")
    found = re.fullmatch(_A12, frame)
    if found is None:
        return fault("frame", frame)
    if int(found[3], 16) != reduce(xor, frame[:11]):
        return fault("checksum", frame)
    return _weighed(found[2].decode("ascii"), "kg", frame, net=found[1] == b"N")


def decode_reversed(frame: bytes, unit: str) -> Reading:
    """The lowest digit first, the sign (or a 0) last. Faults: "frame", "value", "unit", "order"."""
    found = re.fullmatch(_REVERSED, frame)
    if found is None:
        return fault("frame", frame)
    sign = "-" if found[2] == b"-" else ""
    return _ordered(sign + found[1].decode("ascii")[::-1], unit, frame)


def decode_forward(frame: bytes, unit: str) -> Reading:
    """Faults: "frame", "value", "unit", "order"."""
    found = re.fullmatch(_FORWARD, frame)
    if found is None or len(frame) != _EQUALS_LENGTH:
        return fault("frame", frame)
    return _ordered(found[1].decode("ascii"), unit, frame)


def _ordered(digits: str, unit: str, frame: bytes) -> Reading:
    """A number of more places than a bench scale has is one that was read from the wrong end."""
    read = _weighed(digits, unit, frame)
    wrong = read.value is not None and len(digits.partition(".")[2]) > _MOST_PLACES
    return fault("order", frame) if wrong else read


def _weighed(digits: str, unit: str, frame: bytes, *, net: bool = False) -> Reading:
    if not re.fullmatch(_VALUE, digits):
        return fault("value", frame)
    return weight(ScaleState.UNKNOWN, Decimal(digits.strip()), unit, frame, net=net)
