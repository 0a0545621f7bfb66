"""Whether a weight is known well enough to do without the scale: the fast lane's question.

A weight that is on no scale protects nothing, so it is asked a lot of: thing and carton were both
learned from parcels, no parcel lately fitted badly, and three standard deviations of what a good
parcel may differ stay within 2 % of its weight, or 3 g where that is more.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from packstation.domain.catalog import Product
from packstation.domain.learning.band import gain, mean, variance
from packstation.domain.learning.folding import unit_of
from packstation.domain.learning.learn import settled
from packstation.domain.learning.units import Part, UnitWeight, carton_key
from packstation.domain.parcels import Carton
from packstation.station.order_ports import OrderCache

if TYPE_CHECKING:
    from packstation.station.core import Core

SIGMAS: Final = 3
SHARE: Final = 0.02
LEAST_G: Final = 3
# A gain confirms what it could hardly be of anything else: its band is a small part of it.
CLEAR: Final = 0.25

SureWeight = Callable[[Product, int, Carton], int | None]
"""Gross grams of so many units of a product in a carton; None where that is not certain enough."""


def learned(cache: OrderCache) -> SureWeight:
    """By what this bench and its server have learned."""

    def gross(product: Product, units: int, carton: Carton) -> int | None:
        box = carton_key(carton.code)
        known = cache.weights((box, product.sku))
        found = [unit_of(known.get(key)) for key in (box, product.sku)]
        parts = [
            Part(unit, count)
            for unit, count in zip(found, (1, units), strict=True)
            if unit is not None and not unit.doubt
        ]
        return _sure(parts) if len(parts) == len(found) else None

    return gross


def _sure(parts: list[Part]) -> int | None:
    grams = mean(parts)
    off = SIGMAS * math.sqrt(variance(parts, 0.0))
    if not settled(parts) or off > max(LEAST_G, grams * SHARE):
        return None
    return math.floor(grams + 0.5)


def confirms(core: Core, sku: str) -> bool:
    """Whether the gain of one unit under the guard would prove that it is this SKU.

    Its weight was learned or measured, is well above the scale's digit, and nothing else that is
    due here, and no variant of it, weighs the same.
    """
    unit = core.weights.known(sku)
    part = Part(unit)
    if not core.session.guard or not unit.rests or unit.doubt or not _believed(part):
        return False
    grams, off = gain([part], core.weights.digit.milligrams / 1000)
    due = (line.plan.sku for line in core.session.lines if line.due)
    others = [core.weights.known(other) for other in {*due, *core.weights.variants(sku)} - {sku}]
    alike = any(other.source == "unknown" or _near(other, grams, off) for other in others)
    return off <= grams * CLEAR and not alike


def _believed(part: Part) -> bool:
    return part.unit.source == "measured" or settled([part])


def _near(other: UnitWeight, grams: int, off: int) -> bool:
    """Whether it may weigh so too, as far as its own weight is known."""
    return abs(other.mean_g - grams) <= off + SIGMAS * math.sqrt(other.variance + other.spread)
