"""What is known of the weight of one unit, or of one carton as it is packed.

A carton's estimate holds its board, tape, filling and papers together: they always leave the
bench together. Weights are whole micrograms, so that bench and server fold to the same bits.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

UG: Final = 1_000_000  # micrograms of a gram

# How far a catalogue's weight is off (standard deviation), as a share and at least in grams.
CATALOGUE_SHARE: Final = 0.15
CATALOGUE_LEAST_G: Final = 3.0
# Nothing is known of it: anything from a button to a few kilograms.
UNKNOWN_G: Final = 300.0
UNKNOWN_SD_G: Final = 1000.0
# From one unit to the next of a kind, before anything was learned of that.
SPREAD_SHARE: Final = 0.012
SPREAD_LEAST_G: Final = 0.2
# What filling, tape and papers add to a carton's stated tare, and how much that varies.
FILLING_G: Final = 8.0
FILLING_SD_G: Final = 12.0
TARE_SHARE: Final = 0.05
FILLING_SPREAD_G: Final = 4.0

CARTON: Final = "carton:"


class UnitWeight(Struct, frozen=True, kw_only=True):
    """The weight of one unit of ``key`` (a SKU, or ``carton_key`` of a carton).

    ``sd_ug`` is how unsure its mean is, ``spread_ug`` how much one unit differs from the next.
    ``source``: unknown, catalogue, measured or learned; ``parcels`` it was learned from since
    ``since`` (RFC 3339); ``seen`` counts all parcels ever, ``relearned`` how often a step was
    noticed. ``doubt`` counts parcels in a row that did not fit and were released by a
    supervisor, its sign is theirs; ``up_milli`` and ``down_milli`` are the sums that notice a
    step inside the band.
    """

    key: str
    mean_ug: int
    sd_ug: int
    spread_ug: int
    source: str = "catalogue"
    parcels: int = 0
    seen: int = 0
    since: str = ""
    relearned: int = 0
    doubt: int = 0
    up_milli: int = 0
    down_milli: int = 0

    @property
    def grams(self) -> int:
        """Whole grams, half up."""
        return (self.mean_ug + UG // 2) // UG

    @property
    def mean_g(self) -> float:
        """Its mean in grams."""
        return self.mean_ug / UG

    @property
    def variance(self) -> float:
        """Of its mean, in square grams."""
        return (self.sd_ug / UG) ** 2

    @property
    def spread(self) -> float:
        """The variance from one unit to the next, in square grams."""
        return (self.spread_ug / UG) ** 2

    @property
    def is_carton(self) -> bool:
        """Whether it is a carton's."""
        return self.key.startswith(CARTON)

    @property
    def rests(self) -> bool:
        """Whether more than a catalogue's word stands behind it."""
        return self.source in {"measured", "learned"}


class Part(Struct, frozen=True):
    """``count`` units of one kind in a parcel."""

    unit: UnitWeight
    count: int = 1


def ug(grams: float) -> int:
    """Whole micrograms."""
    return round(grams * UG)


def unit_prior(sku: str, weight_g: int | None) -> UnitWeight:
    """Before anything was learned: the catalogue's weight, or nearly nothing."""
    if not weight_g:
        return UnitWeight(
            key=sku,
            mean_ug=ug(UNKNOWN_G),
            sd_ug=ug(UNKNOWN_SD_G),
            spread_ug=ug(UNKNOWN_G * SPREAD_SHARE),
            source="unknown",
        )
    return UnitWeight(
        key=sku,
        mean_ug=weight_g * UG,
        sd_ug=ug(max(CATALOGUE_LEAST_G, weight_g * CATALOGUE_SHARE)),
        spread_ug=ug(max(SPREAD_LEAST_G, weight_g * SPREAD_SHARE)),
    )


def carton_key(code: str) -> str:
    """The key of a carton's estimate."""
    return f"{CARTON}{code}"


def carton_prior(code: str, tare_g: int) -> UnitWeight:
    """A carton with its filling, before anything was learned of it."""
    sd = ((tare_g * TARE_SHARE) ** 2 + FILLING_SD_G**2) ** 0.5
    return UnitWeight(
        key=carton_key(code),
        mean_ug=ug(tare_g + FILLING_G),
        sd_ug=ug(sd),
        spread_ug=ug(FILLING_SPREAD_G),
    )


def measured(sku: str, weight_g: float, units: int, digit_g: float, at: str) -> UnitWeight:
    """``units`` of it were weighed together on a scale with this last digit."""
    spread = max(SPREAD_LEAST_G, weight_g * SPREAD_SHARE)
    scale = (digit_g**2 / 12) ** 0.5 / units
    return UnitWeight(
        key=sku,
        mean_ug=ug(weight_g),
        sd_ug=ug((spread**2 / units + scale**2) ** 0.5),
        spread_ug=ug(spread),
        source="measured",
        since=at,
    )
