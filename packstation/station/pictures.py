"""Products as the screen pictures them, in the person's language."""

from __future__ import annotations

from typing import Final

from packstation.station.core import Core
from packstation.station.portraits import shown
from packstation.station.views import ProductView

LONGEST_NAME: Final = 500


def language(core: Core) -> str:
    """The language of who is packing."""
    return core.desk.person.language if core.desk.person else "en"


def product_view(core: Core, sku: str) -> ProductView:
    """Name, variant and picture of a SKU; the bare SKU where nothing is known."""
    product = core.desk.products.get(sku) or core.cache.product(sku)
    if product is None:
        return ProductView(sku=sku, name=sku)
    core.desk.products[sku] = product
    # A megabyte of a supplier's text as a name would hold the window's thread for seconds.
    name, _, variant = product.name(language(core))[:LONGEST_NAME].partition(" · ")
    image = shown(core.portraits, product.image or "")
    return ProductView(sku=sku, name=name, variant=variant, image=image)
