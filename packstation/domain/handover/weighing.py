"""A bag or pallet beside the sum of its parcels: does it fit, and which parcel explains it not.

Each parcel was weighed at its bench, so the sum is known to a few grams a parcel; the empty bag
is known to a part of itself. What is off by more than three standard deviations is off by a
parcel, and the parcels that weigh that much are named.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import combinations
from typing import Final

from msgspec import Struct

# Grams: how well a bench's scale knows a parcel; the part of the tare that nobody weighed.
PARCEL_SD_G: Final = 3.0
TARE_SD: Final = 0.02
SIGMAS: Final = 3
LEAST_BAND_G: Final = 20
# No more than a person looks through; pairs are tried among so many parcels.
NAMED: Final = 3
PAIRED: Final = 300


class UnitWeight(Struct, frozen=True, kw_only=True):
    """A weighed bag. ``off_g``: what it is heavier than expected, 0 where it fits.

    ``likely``: the parcels that explain it (gone from it where it is lighter, in it unscanned
    where it is heavier), the likeliest first; ``together``: it is all of them, not one of them.
    ``blind``: its lightest parcel weighs less than the band, so that one could be gone unseen.
    """

    gross_g: int
    expected_g: int
    band_g: int
    off_g: int = 0
    likely: tuple[str, ...] = ()
    together: bool = False
    blind: bool = False


def band_g(count: int, tare_g: int, digit_g: int = 1) -> int:
    """By how much a bag of ``count`` parcels may differ; ``digit_g`` is its scale's division."""
    variance = count * PARCEL_SD_G**2 + (tare_g * TARE_SD) ** 2 + digit_g**2 / 12
    return max(LEAST_BAND_G, digit_g, math.ceil(SIGMAS * math.sqrt(variance)))


def judge(
    gross_g: int,
    tare_g: int,
    inside: Mapping[str, int],
    waiting: Mapping[str, int],
    digit_g: int = 1,
) -> UnitWeight:
    """A bag of ``gross_g`` with ``inside`` scanned into it; ``waiting`` could be in it unscanned.

    Both are gross grams by waybill; what weighs 0 is not known and explains nothing.
    """
    expected, band = tare_g + sum(inside.values()), band_g(len(inside), tare_g, digit_g)
    off = gross_g - expected
    lightest = min((grams for grams in inside.values() if grams), default=0)
    blind = bool(inside) and lightest <= band
    if abs(off) <= band:
        return UnitWeight(gross_g=gross_g, expected_g=expected, band_g=band, blind=blind)
    likely, together = _explained(abs(off), band, inside if off < 0 else waiting)
    return UnitWeight(
        gross_g=gross_g,
        expected_g=expected,
        band_g=band,
        off_g=off,
        likely=likely,
        together=together,
        blind=blind,
    )


def _explained(grams: int, band: int, among: Mapping[str, int]) -> tuple[tuple[str, ...], bool]:
    """One parcel of that weight, else two that weigh that much together; nothing is no answer."""
    near = [(abs(one - grams), name) for name, one in among.items() if one]
    ones = [name for off, name in sorted(near) if off <= band]
    if ones or len(near) > PAIRED:
        return tuple(ones[:NAMED]), False
    pairs = (
        (abs(among[one] + among[two] - grams), one, two)
        for one, two in combinations(sorted(name for _, name in near), 2)
    )
    best = min(pairs, default=None)
    if best is None or best[0] > band:
        return (), False
    return best[1:], True
