"""Figures with their units as words, so that every language writes them its own way."""

from __future__ import annotations

from decimal import Decimal

from packstation.station.views import Words


def grams(value: Decimal | None, *, signed: bool = False) -> Words | None:
    """To a hundredth of a gram, without zeros that say nothing; None where nothing is known."""
    if value is None:
        return None
    shown = short(value)
    return Words("unit.more_g" if signed and shown > 0 else "unit.g", (("g", shown),))


def seconds(value: float | None, *, signed: bool = False) -> Words | None:
    """To a tenth of a second."""
    if value is None:
        return None
    return Words("unit.more_s" if signed else "unit.s", (("s", Decimal(f"{value:.1f}")),))


def short(value: Decimal) -> Decimal:
    """A hundredth is as fine as a person reads grams; 10 stays 10 and is not 1E+1."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return Decimal("0" if text == "-0" else text)
