"""Where a little less weight would be cheaper: "12 g less saves 8 CNY".

Candidates are the ends of bands, first weights and started steps just below a parcel's weight;
each is priced as a parcel of that weight, so that what is said is what a tariff says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final

from msgspec.structs import replace

from packstation.domain.services import Edge, Quoted
from packstation.domain.shipments import Shipment
from packstation.domain.tariff_prices import Step
from packstation.domain.tariff_units import exact, mass
from packstation.domain.tariffs import Tariff

# Nobody takes more than this out of a box: grams, and a share of the weight.
_MOST: Final = 250
_SHARE: Final = 5
# So many lighter parcels are priced at most; each costs what a quote of all services does.
_TRIED: Final = 24
# What is saved is worth a word from this share of the price on.
_WORTH: Final = Fraction(2, 100)
# How much more than the weight's own share of the price.
_STEEP: Final = Decimal("1.5")

Quote = Callable[[Shipment], Sequence[Quoted]]


def with_edges(
    quotes: Sequence[Quoted], tariffs: Iterable[Tariff], shipment: Shipment, quote: Quote
) -> tuple[Quoted, ...]:
    """``quotes``, each with its cheaper price close by where there is one.

    ``quote`` prices a shipment by all tariffs. Of a shipment of several parcels nothing is said.
    """
    if len(shipment.parcels) != 1 or not quotes:
        return tuple(quotes)
    parcel = shipment.parcels[0]
    weight = Fraction(parcel.weight_g)
    least = max(weight - _MOST, weight - weight / _SHARE)
    found: dict[tuple[str, str], Edge] = {}
    for grams in _candidates(tariffs, weight, least):
        lighter = replace(shipment, parcels=(replace(parcel, weight_g=Decimal(grams)),))
        now = {(one.carrier, one.service): one for one in quote(lighter)}
        for one in quotes:
            key = (one.carrier, one.service)
            if key not in found and (edge := _edge(one, now.get(key), ceil(weight - grams))):
                found[key] = edge
    return tuple(replace(one, edge=found.get((one.carrier, one.service))) for one in quotes)


def _edge(one: Quoted, lighter: Quoted | None, grams: int) -> Edge | None:
    if lighter is None or lighter.tariff != one.tariff:
        return None
    saves = one.amount - lighter.amount
    worth = saves > 0 and Fraction(saves) >= Fraction(one.amount) * _WORTH
    # A price by the gram always falls a little: an edge saves more than the weight's own share.
    steep = one.billable_g and saves / one.amount > _STEEP * grams / one.billable_g
    return Edge(grams, saves) if worth and steep else None


def _candidates(tariffs: Iterable[Tariff], weight: Fraction, least: Fraction) -> tuple[int, ...]:
    """Whole grams below ``weight``, the nearest first: at an edge, the cheaper side of it."""
    ends = (edge for tariff in tariffs for edge in _ends(tariff, weight, least))
    grams = {floor(edge) for edge in ends if least <= edge < weight}
    return tuple(sorted((one for one in grams if one > 0), reverse=True))[:_TRIED]


def _ends(tariff: Tariff, weight: Fraction, least: Fraction) -> Iterator[Fraction]:
    """Ends of bands, and of started steps, up to ``weight``."""
    if tariff.measure == "unit":
        return
    step = tariff.step
    for band in tariff.bands:
        yield band.over
        if isinstance(band.price, Step):
            yield from _steps(band.price, weight)
    if step is not None and step > 1:
        at = ceil(weight / step) * step - step
        while at >= least and at > 0:
            yield at
            at -= step


def _steps(price: Step, weight: Fraction) -> Iterator[Fraction]:
    """The first weight, and where the step before the last one ended."""
    start = exact(mass(price, "first")) or Fraction(0)
    yield start
    for tier in price.tiers:
        step = exact(mass(tier, "step")) or Fraction(1)
        if weight > start:
            yield start + (ceil((weight - start) / step) - 1) * step
        end = exact(mass(tier, "up_to"))
        if end is None or end >= weight:
            return
        yield end
        start = end
