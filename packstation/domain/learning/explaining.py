"""Outside the band: which single mistake fits best, and how much the next best leaves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from packstation.domain.learning.band import mean, variance
from packstation.domain.learning.units import Part, UnitWeight

# How likely each mistake is before the scale speaks (natural logarithms, against "missing").
PRIORS: Final = {"missing": 0.0, "extra": -0.7, "extra_other": -1.6, "swapped": -1.0}
# An explanation farther than this from the weight explains nothing.
FITS_SD: Final = 3.5
# Between two goods of one parcel both were in the hand; they are not as alike as variants.
WITHIN: Final = 0.5
SHOWN: Final = 2


class Explanation(Struct, frozen=True, kw_only=True):
    """``kind``: missing, extra or swapped (``sku`` should be in it, ``other`` is instead).

    ``leaves_g`` is what stays unexplained, ``next_g`` what the next best would leave (None:
    there is none); ``parcels``: what its weight was learned from.
    """

    kind: str
    sku: str
    other: str = ""
    leaves_g: int = 0
    next_g: int | None = None
    parcels: int = 0


class _Guess(Struct, frozen=True):
    kind: str
    sku: str
    other: str
    left: float
    score: float
    parcels: int


def explain(
    parts: Sequence[Part],
    gross_g: int,
    digit_g: float,
    variants: Sequence[tuple[str, UnitWeight]] = (),
    recent: Iterable[UnitWeight] = (),
) -> tuple[Explanation, ...]:
    """The best few explanations that fit, the likeliest first.

    ``variants`` are pairs (SKU in the parcel, what could lie there instead); ``recent`` what
    was handled at this bench lately. A thing of the parcel may lie there twice, instead of another.
    """
    off, base = gross_g - mean(parts), variance(parts, digit_g)
    goods = [part.unit for part in parts if not part.unit.is_carton]
    inside = {unit.key: unit for unit in goods}
    others = [unit for unit in recent if unit.key not in inside and unit.source != "unknown"]
    guesses = [_guess("missing", unit, None, off, base) for unit in goods]
    guesses += [_guess("extra", unit, None, off, base) for unit in goods]
    guesses += [_guess("extra_other", unit, None, off, base) for unit in others]
    guesses += [
        _guess("swapped", inside[sku], other, off, base)
        for sku, other in variants
        if sku in inside and other.source != "unknown"
    ]
    guesses += [
        _guess("swapped", unit, other, off, base, less=1.0) for unit in goods for other in others
    ]
    alike = {(sku, other.key) for sku, other in variants}
    guesses += [
        _guess("swapped", unit, other, off, base, less=WITHIN)
        for unit in goods
        for other in goods
        if other is not unit and (unit.key, other.key) not in alike
    ]
    return _best(guesses)


def _guess(
    kind: str, unit: UnitWeight, other: UnitWeight | None, off: float, base: float, less: float = 0
) -> _Guess:
    extra = kind.startswith("extra")
    shift = unit.mean_g if extra else (other.mean_g if other else 0.0) - unit.mean_g
    # What the hypothesis puts in is unsure itself.
    more = unit if extra else other
    total = base + (more.variance + more.spread if more else 0.0)
    left = off - shift
    score = PRIORS[kind] - less - left * left / (2 * total) - math.log(total) / 2
    # What leaves more than there is to explain explains nothing, however unsure its weights are.
    fits = abs(left) < abs(off) and left * left <= FITS_SD**2 * total
    known = min(unit.parcels, other.parcels) if other else unit.parcels
    score = score if fits else -math.inf
    name = "extra" if extra else kind
    return _Guess(name, unit.key, other.key if other else "", left, score, known)


def _best(guesses: Sequence[_Guess]) -> tuple[Explanation, ...]:
    fitting = [guess for guess in guesses if guess.score > -math.inf]
    ranked = sorted(fitting, key=lambda guess: (-guess.score, guess.sku, guess.other))
    rest = sorted((g for g in guesses if g.score == -math.inf), key=lambda g: abs(g.left))
    after = [*ranked[1:], *rest[:1]]
    return tuple(
        Explanation(
            kind=guess.kind,
            sku=guess.sku,
            other=guess.other,
            leaves_g=round(abs(guess.left)),
            next_g=round(abs(after[place].left)) if place < len(after) else None,
            parcels=guess.parcels,
        )
        for place, guess in enumerate(ranked[:SHOWN])
    )
