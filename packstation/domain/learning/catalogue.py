"""What a person measured, as the catalogue's row: it fills what was missing, and nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.packing.weight_facts import UnitMeasured
from packstation.domain.quantities import whole

# Before the SHA-256 of a photo that was taken at a bench, in a product's ``image``.
PHOTO: Final = "photo:"


def filled(product: Product, fact: UnitMeasured) -> Product:
    """``product`` with the weight, sides and picture that it had not."""
    changes: dict[str, Any] = {}
    if not product.weight_g and fact.weight_mg > 0:
        changes["weight_g"] = max(1, whole(Decimal(fact.weight_mg) / 1000))
    known = product.length_mm and product.width_mm and product.height_mm
    if not known and len(fact.size_mm) == 3:
        changes |= dict(zip(("length_mm", "width_mm", "height_mm"), fact.size_mm, strict=True))
    if not product.image and fact.picture:
        changes["image"] = f"{PHOTO}{fact.picture}"
    return replace(product, **changes)
