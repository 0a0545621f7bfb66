"""Facts of what weights prove and teach; masses in whole grams, finer ones in milligrams."""

from __future__ import annotations

from msgspec import Struct

from packstation.domain.packing.facts import Fact


class WeightJudged(Fact, frozen=True, kw_only=True):
    """The band that a weight was judged by, and what that rests on; stands before the verdict.

    ``limit_milli``: the tolerance in thousandths of ``sd_mg``, 0 where the fixed rule judged;
    ``parcels``: what the least known thing in it was learned from; ``sees``: this scale would
    see its lightest thing missing. ``digit_mg`` is the scale's last digit; ``leans_g`` how far
    the scale was thought to be off, 0 for a true one; ``allowed_ppm`` the site's rate of false
    alarms, 0 the usual one.
    """

    gross_g: int
    digit_mg: int
    expected_g: int | None = None
    tolerance_g: int = 0
    sd_mg: int = 0
    limit_milli: int = 0
    parcels: int = 0
    sees: bool = False
    leans_g: int = 0
    allowed_ppm: int = 0


class LearnedItem(Struct, frozen=True, kw_only=True):
    """``units`` of a SKU in a parcel; ``unit_g`` as the catalogue had it, None: it had not."""

    sku: str
    units: int
    unit_g: int | None = None


class ParcelLearned(Fact, frozen=True, kw_only=True):
    """A closed parcel as an observation: what was in it, what it weighed on which scale.

    ``released``: it was outside its band, and a supervisor looked inside and let it go;
    ``allowed_ppm``: as it was judged.
    """

    items: tuple[LearnedItem, ...]
    carton: str
    tare_g: int
    gross_g: int
    digit_mg: int
    released: bool = False
    allowed_ppm: int = 0


class UnitMeasured(Fact, frozen=True, kw_only=True):
    """``units`` of a SKU were weighed (and sized) for the catalogue; sides empty: not taken.

    ``weight_mg`` is one unit's: what the scale showed by how many lay on it.
    ``source`` of the sides: dimensioner or typed; ``picture`` the SHA-256 of a photo.
    """

    sku: str
    weight_mg: int
    units: int
    digit_mg: int
    size_mm: tuple[int, ...] = ()
    source: str = ""
    picture: str = ""


class WeightForgotten(Fact, frozen=True, kw_only=True):
    """What was learned of a SKU (or ``carton:CODE``) no longer holds; ``by`` a badge."""

    sku: str
    by: str
    reason: str = ""


class GuardBegun(Fact, frozen=True, kw_only=True):
    """The open box stays on the scale: from now on each scan must be followed by its gain."""

    by: str = "rule"


class GuardLeft(Fact, frozen=True, kw_only=True):
    """A supervisor ended the guard for this order."""

    by: str
    reason: str = ""


class ItemGained(Fact, frozen=True, kw_only=True):
    """The box became as much heavier (lighter) as what was scanned (taken back) weighs."""

    gain_g: int
    expected_g: int | None = None
    tolerance_g: int = 0


class GainDisputed(Fact, frozen=True, kw_only=True):
    """The box changed by what does not fit.

    ``reason``: light, heavy (another weight than what was scanned), removed (taken out without
    an undo), unscanned (put in without a scan).
    """

    reason: str
    gain_g: int
    expected_g: int | None = None
    tolerance_g: int = 0
