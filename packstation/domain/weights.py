"""A scale's reading, the same for every model (reference/devices.md section 0)."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from packstation.domain.quantities import grams_exact, whole


class ScaleState(StrEnum):
    """What a scale says of itself; names are those of FORMATS.md."""

    STABLE = "STABLE"
    MOTION = "MOTION"
    ZERO = "ZERO"
    OVER = "OVER"
    UNDER = "UNDER"
    NOT_READY = "NOT_READY"
    FAULT = "FAULT"
    UNKNOWN = "UNKNOWN"


class Reading(Struct, frozen=True, kw_only=True):
    """One reading: ``value`` in ``unit`` as sent; ``raw`` the frame's bytes.

    ``stability`` tells who vouches for STABLE: the device or our software.
    ``error`` names what was wrong with a FAULT frame.
    """

    state: ScaleState
    value: Decimal | None = None
    unit: str = ""
    net: bool = False
    stability: str = "device"
    raw: bytes = b""
    error: str = ""

    @property
    def grams(self) -> int | None:
        """Whole grams, half up; None whenever a capture is not allowed."""
        if self.value is None or self.state not in {ScaleState.STABLE, ScaleState.ZERO}:
            return None
        return whole(grams_exact(self.value, self.unit))

    @property
    def shown_grams(self) -> int | None:
        """Whole grams for the eye, also while moving."""
        if self.value is None or self.unit == "":
            return None
        return whole(grams_exact(self.value, self.unit))


class WeightBand(Struct, frozen=True):
    """Expected gross weight in grams and how far a good parcel may be off."""

    expected_g: int
    tolerance_g: int

    def deviation(self, grams: int) -> int:
        """Grams too heavy (positive) or too light (negative); 0 inside the band."""
        off = grams - self.expected_g
        return off if abs(off) > self.tolerance_g else 0
