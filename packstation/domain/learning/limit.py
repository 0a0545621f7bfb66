"""How far is too far: the limit that keeps false alarms as rare as they may be.

Stochastic approximation of a quantile (Robbins and Monro 1951): each good parcel that was
disputed raises the limit by a step, each good one that was not lowers it by that step's share,
so that in the long run the rate of false alarms is the one asked for, whatever the real
distribution is. What was really mispacked moves nothing.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

# Good parcels that may be disputed, of a million: half of the 2000 that are allowed, because kinds
# that are still young are not counted here and cry more often.
ALLOWED_PPM: Final = 1000
# What a site may ask for instead: below, a limit learns for years; above, nobody looks any more.
RATES_PPM: Final = (200, 5000)
STEP_MILLI: Final = 60
LEAST_MILLI, MOST_MILLI = 2800, 5500


class Limit(Struct, frozen=True, kw_only=True):
    """``z_micro``: millionths of a standard deviation; ``parcels`` good ones, ``false`` alarms."""

    z_micro: int = 3_400_000
    parcels: int = 0
    false: int = 0

    @property
    def z(self) -> float:
        """Standard deviations."""
        return self.z_micro / 1_000_000

    @property
    def z_milli(self) -> int:
        """In thousandths."""
        return self.z_micro // 1000


USUAL: Final = Limit()


def judged(limit: Limit, *, disputed: bool, allowed_ppm: int = ALLOWED_PPM) -> Limit:
    """The limit after one more good parcel; a rate that no site may ask for is the usual one."""
    least, most = RATES_PPM
    allowed_ppm = allowed_ppm if least <= allowed_ppm <= most else ALLOWED_PPM
    step = STEP_MILLI * (1_000_000 - allowed_ppm if disputed else -allowed_ppm) // 1000
    wanted = min(max(limit.z_micro + step, LEAST_MILLI * 1000), MOST_MILLI * 1000)
    return replace(limit, z_micro=wanted, parcels=limit.parcels + 1, false=limit.false + disputed)
