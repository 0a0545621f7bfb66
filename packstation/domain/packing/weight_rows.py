"""What weights mean to the session: judged by what was learned, felt by the scale."""

from __future__ import annotations

from typing import Final

from packstation.domain.packing import weight_facts as w
from packstation.domain.packing.facts import ContentsVerified, Fact
from packstation.domain.packing.guard_inputs import GainRead, GuardAsked
from packstation.domain.packing.inputs import Input, WeightRead
from packstation.domain.packing.judge import expected_band
from packstation.domain.packing.label_rows import Facts, refuse
from packstation.domain.packing.session import Session
from packstation.domain.weights import WeightBand

# Why a guard ends by itself.
NO_SCALE: Final = "no_scale"


def band_of(s: Session, what: WeightRead) -> WeightBand | None:
    """The learned band, else the catalogue's with its fixed tolerance."""
    if what.band is None:
        return expected_band(s)
    return WeightBand(what.band.expected_g, what.band.tolerance_g)


def judged(what: WeightRead, band: WeightBand | None) -> tuple[Fact, ...]:
    """What the verdict that follows rests on; nothing where no scale spoke."""
    if not what.digit_mg:
        return ()
    learned = what.band
    return (
        w.WeightJudged(
            gross_g=what.grams,
            digit_mg=what.digit_mg,
            expected_g=band.expected_g if band else None,
            tolerance_g=band.tolerance_g if band else 0,
            sd_mg=learned.sd_mg if learned else 0,
            limit_milli=learned.limit_milli if learned else 0,
            parcels=learned.parcels if learned else 0,
            sees=what.sees,
            leans_g=what.leans_g,
            allowed_ppm=what.allowed_ppm,
        ),
    )


# --- the item-by-item guard ------------------------------------------------------------------


def guard_rows(s: Session, what: Input) -> Facts | None:
    """Rows of SCANNING that the guard adds; None: not its business."""
    match what:
        case GuardAsked(on=True) if not s.guard:
            return (w.GuardBegun(by=what.by),)
        case GuardAsked(on=False) if s.guard and _may_end(what):
            return (w.GuardLeft(by=what.by, reason=what.reason), *_all_in(s))
        case GuardAsked():
            return refuse(s, what, "guard.supervisor" if s.guard else "guard.off")
        case GainRead() if s.guard:
            return _gain(s, what)
    return None


def _may_end(what: GuardAsked) -> bool:
    """A person who may; else only because the order is now at a bench that has no scale."""
    return what.by not in {"", "rule"} or (what.by, what.reason) == ("rule", NO_SCALE)


def waits_for_gain(s: Session) -> bool:
    """Whether what was scanned (or taken back) last has not been felt by the scale yet."""
    return s.guard and bool(s.parcels) and s.parcel.gained != len(s.parcel.contents)


def _all_in(s: Session) -> tuple[Fact, ...]:
    return (ContentsVerified(),) if s.due == 0 and s.parcel.contents else ()


def _gain(s: Session, what: GainRead) -> Facts:
    if not waits_for_gain(s):
        reason = "unscanned" if what.gain_g > 0 else "removed"
    elif _fits(s, what):
        felt = w.ItemGained(
            gain_g=what.gain_g, expected_g=what.expected_g, tolerance_g=what.tolerance_g
        )
        return (felt, *_all_in(s))
    elif what.gain_g < 0 < _sign(s):
        reason = "removed"
    else:
        reason = "light" if abs(what.gain_g) < abs(what.expected_g or 0) else "heavy"
    return (
        w.GainDisputed(
            reason=reason,
            gain_g=what.gain_g,
            expected_g=what.expected_g,
            tolerance_g=what.tolerance_g,
        ),
    )


def _sign(s: Session) -> int:
    """1 where something is to come in, -1 where it is to go out."""
    return 1 if len(s.parcel.contents) > s.parcel.gained else -1


def _fits(s: Session, what: GainRead) -> bool:
    if what.expected_g is None:
        return what.gain_g * _sign(s) >= what.least_g
    return abs(what.gain_g - what.expected_g) <= what.tolerance_g
