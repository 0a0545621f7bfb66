"""The goods on the robot's shelf, and the codes that are printed on them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from packstation.domain.catalog import Product

# Long enough for every rule of the samples about days left.
BEST_BEFORE: Final = "291231"


class Goods(Struct, frozen=True):
    """Products by SKU, and the largest box."""

    products: Mapping[str, Product]
    largest: str


def code_of(product: Product, salt: str) -> tuple[str, str]:
    """The code on one unit and its AIM identifier; tracked goods carry GS1 elements."""
    text = next(code.text for code in product.codes if code.units == 1)
    tracking = product.tracking
    if not (tracking.serial or tracking.lot or tracking.expiry):
        return text, ""
    elements = f"01{text.zfill(14)}"
    if tracking.expiry:
        elements += f"17{BEST_BEFORE}"
    if tracking.lot:
        elements += "10LOT7\x1d"
    if tracking.serial:
        elements += f"21{_serial(product.sku, salt)}"
    return elements, "]C1"


def _serial(sku: str, salt: str) -> str:
    return hashlib.sha256(f"{sku}/{salt}".encode()).hexdigest()[:12].upper()
