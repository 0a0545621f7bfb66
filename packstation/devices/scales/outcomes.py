"""What decoders of scales share: faults, weights, and bytes of a line with seven bits."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from packstation.domain.quantities import GRAMS_PER_UNIT
from packstation.domain.weights import Reading, ScaleState

SOFTWARE: Final = "software"
_SERIAL: Final = rb' *(?:P?SN|S/N|Serial(?: Number)?)?[:, ]*"?([A-Z]{0,4}\d{4,12})"?[ ]*\r?\n'
_SEVEN: Final = bytes(byte & 0x7F for byte in range(256))


def fault(error: str, frame: bytes) -> Reading:
    """A frame that says nothing; ``error`` names why."""
    return Reading(state=ScaleState.FAULT, error=error, raw=frame)


def status(state: ScaleState, frame: bytes) -> Reading:
    """A state without a weight, which clears the last one."""
    return Reading(state=state, raw=frame)


def weight(
    state: ScaleState, digits: bytes | Decimal, unit: str, frame: bytes, *, net: bool = False
) -> Reading:
    """A weight as sent; ``unit`` "unit" faults where it is none that can be converted.

    ``UNKNOWN`` is the state of protocols that do not tell whether the pan rests: what becomes
    of it is our software's judgement, and marked so.
    """
    if unit not in GRAMS_PER_UNIT:
        return fault("unit", frame)
    value = digits if isinstance(digits, Decimal) else Decimal(digits.decode("ascii"))
    judge = SOFTWARE if state is ScaleState.UNKNOWN else "device"
    return Reading(state=state, value=value, unit=unit, net=net, stability=judge, raw=frame)


def resting(value: Decimal, *, at_zero: bool) -> ScaleState:
    """STABLE, or ZERO where the scale says so and nothing lies on it."""
    return ScaleState.ZERO if at_zero and not value else ScaleState.STABLE


def serial_told(frame: bytes) -> str:
    """The serial number in an answer that is nothing but that number, or names it so; else "".

    A&D ``?SN`` and OHAUS ``PSN`` (reference/devices.md section 1.6): their manuals name the
    questions and do not show the answers, so every plain form is taken and no weight is one.
    """
    plain = seven_bits(frame)
    found = re.fullmatch(_SERIAL, plain) if plain is not None else None
    return found[1].decode("ascii") if found else ""


def seven_bits(frame: bytes) -> bytes | None:
    """Without parity bits; None where they are there and one of them is wrong.

    A line set to seven bits leaves them out, one set to eight (a pty, many adapters) hands them
    on as the top bit of each byte: even parity (reference/devices.md sections 1.2, 7).
    """
    if frame.isascii():
        return frame
    if any(byte.bit_count() % 2 for byte in frame):
        return None
    return frame.translate(_SEVEN)
