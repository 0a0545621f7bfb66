"""The freight of a zone as pieces of one formula each: constant + slope x billed + fee x steps.

Bands, minimum weights, excess, tiers of steps and graduated parts all have edges; between two of
them a price is such a formula, for slab and graduated tariffs alike. Where there is no price
there is no piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from msgspec import Struct

from packstation.domain.rating.prices import (
    NoBand,
    band_price,
    each_gram,
    excess_from,
    in_order,
)
from packstation.domain.tariff_units import exact, mass
from packstation.domain.tariffs import Band, Flat, Limits, Linear, PerUnit, Step, Tariff

_ZERO = Fraction(0)
_UNLIMITED = Limits()
_Span = tuple[Fraction, Fraction | None]
# constant, slope, fee, start, step
_Formula = tuple[Fraction, Fraction, Fraction, Fraction, Fraction]


class Piece(Struct, frozen=True):
    """Freight of billed grams (or pieces) in (over, up_to].

    constant + slope x billed + fee x ceil((billed - start) / step). Where ``billed`` is given, a
    band's minimum is billed instead, and the formula is constant.
    """

    over: Fraction
    up_to: Fraction | None
    constant: Fraction
    slope: Fraction = _ZERO
    fee: Fraction = _ZERO
    start: Fraction = _ZERO
    step: Fraction = Fraction(1)
    billed: Fraction | None = None
    limits: tuple[Limits, ...] = ()


class Freight:
    """A zone's pieces, cut once; each is worked out when a parcel first needs it.

    ``ends`` are the steps at which the pieces end, the first of them at nothing; a last piece may
    follow that has no end.
    """

    def __init__(self, tariff: Tariff, zone: str, step: Fraction) -> None:
        self._slab = tariff.combine == "slab"
        self._bands = in_order(tariff.bands, zone)
        self._spans = [(band.over, band.up_to) for band in self._bands]
        edges = sorted(
            {_ZERO, *(edge for band in self._bands for edge in _edges(band, slab=self._slab))}
        )
        self.ends = [0]
        self._cuts: list[tuple[Fraction, Fraction | None]] = []
        for over, up_to in pairwise(edges):
            end = floor(up_to / step)
            # Between two steps nothing is ever billed.
            if end > self.ends[-1]:
                self.ends.append(end)
                self._cuts.append((over, up_to))
        self._cuts.append((edges[-1], None))
        self._known: dict[int, Piece | None] = {}

    def piece(self, at: int) -> Piece | None:
        """The piece that ends at ``ends[at]``; None: there is no price."""
        if at not in self._known:
            self._known[at] = self._piece(*self._cuts[at - 1]) if at else None
        return self._known[at]

    def _piece(self, over: Fraction, up_to: Fraction | None) -> Piece | None:
        found = (at for at, span in enumerate(self._spans) if _covers(span, over, up_to))
        at = next(found, None)
        if at is None:
            return None
        try:
            if self._slab:
                return _piece(self._bands[at], over, up_to)
            return _graduated(self._bands[: at + 1], over, up_to)
        except NoBand:
            return None


def _covers(span: _Span, over: Fraction, up_to: Fraction | None) -> bool:
    begin, end = span
    return begin <= over and (end is None or (up_to is not None and up_to <= end))


def _edges(band: Band, *, slab: bool) -> Iterator[Fraction]:
    """Where the formula of a band may change."""
    # A graduated band prices its own part, which begins at the band's edge.
    begin = _ZERO if slab else band.over
    yield band.over
    yield band.least
    if band.up_to is not None:
        yield band.up_to
    price = band.price
    if isinstance(price, Linear):
        yield begin + excess_from(price, band)
    if isinstance(price, Step):
        yield begin + (exact(mass(price, "first")) or _ZERO)
        for tier in price.tiers:
            if (end := exact(mass(tier, "up_to"))) is not None:
                yield begin + end


def _piece(band: Band, over: Fraction, up_to: Fraction | None) -> Piece:
    """One band's formula between two edges.

    Raises:
        NoBand: the formula does not reach that far.
    """
    limits, least = _limits([band]), band.least
    if up_to is not None and up_to <= least:
        amount, _ = band_price(band, least)
        return Piece(over, up_to, amount, billed=least, limits=limits)
    constant, slope, fee, start, step = _formula(band, over, up_to)
    return Piece(over, up_to, constant, slope, fee, start, step, limits=limits)


def _graduated(bands: Sequence[Band], over: Fraction, up_to: Fraction | None) -> Piece:
    """The last band's part, on top of all of the bands before it.

    Raises:
        NoBand: there is a gap, or a formula does not reach that far.
    """
    last = bands[-1]
    _unbroken(bands)
    before = sum(
        (band_price(one, (one.up_to or _ZERO) - one.over)[0] for one in bands[:-1]),
        _ZERO,
    )
    limits, least, begin = _limits(bands), last.least, last.over
    if up_to is not None and up_to <= least:
        amount, _ = band_price(last, least - begin)
        return Piece(over, up_to, before + amount, billed=least, limits=limits)
    end = None if up_to is None else up_to - begin
    constant, slope, fee, start, step = _formula(last, over - begin, end)
    constant += before - slope * begin
    return Piece(over, up_to, constant, slope, fee, start + begin, step, limits=limits)


def _limits(bands: Sequence[Band]) -> tuple[Limits, ...]:
    return tuple(band.limits for band in bands if band.limits != _UNLIMITED)


def _unbroken(bands: Iterable[Band]) -> None:
    reached = _ZERO
    for band in bands:
        if band.over != reached:
            raise NoBand(f"nothing from {reached} on")
        reached = band.up_to or reached


def _formula(band: Band, over: Fraction, up_to: Fraction | None) -> _Formula:
    """(constant, slope, fee, start, step) of a price between two of its edges."""
    price = band.price
    nothing = (_ZERO, _ZERO, _ZERO, Fraction(1))
    if isinstance(price, Flat):
        return (Fraction(price.amount), *nothing)
    if isinstance(price, PerUnit):
        return (_ZERO, Fraction(price.amount), *nothing[1:])
    if isinstance(price, Linear):
        each, free = each_gram(price), excess_from(price, band)
        if up_to is not None and up_to <= free:
            return (Fraction(price.fixed), *nothing)
        return (Fraction(price.fixed) - each * free, each, *nothing[1:])
    return _tier(price, over, up_to)


def _tier(price: Step, over: Fraction, up_to: Fraction | None) -> _Formula:
    """The tier that (over, up_to] lies in, on top of what leads up to it."""
    amount, reached = Fraction(price.first), exact(mass(price, "first")) or _ZERO
    if up_to is not None and up_to <= reached:
        return amount, _ZERO, _ZERO, _ZERO, Fraction(1)
    for tier in price.tiers:
        end, step = exact(mass(tier, "up_to")), exact(mass(tier, "step")) or Fraction(1)
        if end is None or (up_to is not None and reached <= over and up_to <= end):
            return amount, _ZERO, Fraction(tier.fee), reached, step
        if end > reached:
            amount += ceil((end - reached) / step) * Fraction(tier.fee)
            reached = end
    raise NoBand("no price step")
