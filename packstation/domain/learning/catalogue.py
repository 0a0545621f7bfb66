"""What a person measured, as the catalogue's row: it fills what was missing, and nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.packing.weight_facts import UnitMeasured
from packstation.domain.quantities import whole


def filled(product: Product, fact: UnitMeasured) -> Product:
    """``product`` with the weight and sides that it had not."""
    changes: dict[str, Any] = {}
    if not product.weight_g and fact.weight_mg > 0:
        changes["weight_g"] = max(1, whole(Decimal(fact.weight_mg) / 1000))
    known = product.length_mm and product.width_mm and product.height_mm
    if not known and len(fact.size_mm) == 3:
        changes |= dict(zip(("length_mm", "width_mm", "height_mm"), fact.size_mm, strict=True))
    return replace(product, **changes)
