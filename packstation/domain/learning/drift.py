"""A scale that leans: all parcels of one bench come out too heavy or too light together.

Two sums (CUSUM, Page 1954) of how far parcels were off in standard deviations of their own
bands. One parcel that is off says something of itself; twenty that lean one way say it of the
scale, the zero or the draught over it.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

ALLOWANCE_MILLI: Final = 500
LEANS_MILLI: Final = 10_000
CLIP_MILLI: Final = 3_000
FEWEST: Final = 8


class Drift(Struct, frozen=True, kw_only=True):
    """``since`` how many parcels the present sum has grown, and the grams they were off."""

    up_milli: int = 0
    down_milli: int = 0
    up: tuple[int, int] = (0, 0)
    down: tuple[int, int] = (0, 0)

    @property
    def leans_g(self) -> int:
        """About how many grams too heavy (positive) or too light all weights are; 0: it is true."""
        if self.up_milli >= LEANS_MILLI and self.up[0] >= FEWEST:
            return max(1, round(self.up[1] / self.up[0]))
        if self.down_milli >= LEANS_MILLI and self.down[0] >= FEWEST:
            return min(-1, round(self.down[1] / self.down[0]))
        return 0


def leaning(drift: Drift, off_g: int, sd_mg: int) -> Drift:
    """After one more parcel that was ``off_g`` from what was expected of it."""
    z = max(-CLIP_MILLI, min(CLIP_MILLI, off_g * 1_000_000 // max(1, sd_mg)))
    up, down = drift.up_milli + z - ALLOWANCE_MILLI, drift.down_milli - z - ALLOWANCE_MILLI
    return replace(
        drift,
        up_milli=max(0, up),
        down_milli=max(0, down),
        up=_more(drift.up, off_g) if up > 0 else (0, 0),
        down=_more(drift.down, off_g) if down > 0 else (0, 0),
    )


def _more(sums: tuple[int, int], off_g: int) -> tuple[int, int]:
    return sums[0] + 1, sums[1] + off_g
