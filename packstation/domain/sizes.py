"""A dimensioner's reading, the same for every model (reference/devices.md section 4)."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct

from packstation.domain.errors import InputInvalid
from packstation.domain.quantities import grams_exact, whole

MM_PER_UNIT: Final[dict[str, Decimal]] = {
    "mm": Decimal(1),
    "cm": Decimal(10),
    "in": Decimal("25.4"),
}


class SizeState(StrEnum):
    """What a dimensioner says of its reading; only MEASURED may be taken."""

    MEASURED = "MEASURED"
    UNSURE = "UNSURE"
    NOT_READY = "NOT_READY"
    FAULT = "FAULT"


class SizeReading(Struct, frozen=True, kw_only=True):
    """Length, width and height in ``unit`` as sent, and a weight where the device has a scale.

    ``error`` names why a FAULT, NOT_READY or UNSURE reading is none: a damaged frame, a sensor's
    complaint, or the sides that are out of range or of low precision. ``proven`` tells that
    the frame holds something else (the dimensional weight) that fits its sides.
    """

    state: SizeState
    length: Decimal | None = None
    width: Decimal | None = None
    height: Decimal | None = None
    unit: str = ""
    weight: Decimal | None = None
    weight_unit: str = ""
    raw: bytes = b""
    error: str = ""
    proven: bool = False

    @property
    def sides_mm(self) -> tuple[int, int, int] | None:
        """Whole millimetres, half up; None whenever they may not be taken."""
        sides = (self.length, self.width, self.height)
        if self.state is not SizeState.MEASURED or self.unit not in MM_PER_UNIT:
            return None
        length, width, height = (
            0 if side is None else whole(side * MM_PER_UNIT[self.unit]) for side in sides
        )
        return (length, width, height) if min(length, width, height) > 0 else None

    @property
    def grams(self) -> int | None:
        """Whole grams of its scale, half up; None where there are none or none to be taken."""
        if self.weight is None or self.state is not SizeState.MEASURED:
            return None
        try:
            return whole(grams_exact(self.weight, self.weight_unit))
        except InputInvalid:
            return None
