"""Whether a weight is known well enough to do without the scale: the fast lane's question."""

from __future__ import annotations

from collections.abc import Callable

from packstation.domain.catalog import Product
from packstation.domain.parcels import Carton

SureWeight = Callable[[Product, int, Carton], int | None]
"""Gross grams of so many units of a product in a carton; None where that is not certain enough."""


def never_sure(_product: Product, _units: int, _carton: Carton) -> int | None:
    """Nothing has been learned: weigh."""
    return None
