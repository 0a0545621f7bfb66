"""Kits: what is sold as one and packed in parts; pure.

A kit may hold kits. One that is sold pre-packed (catalog/1 ``packing.prepacked``) is one thing
with a code of its own, and is never taken apart here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from packstation.domain.catalog import Product

# More single parts than anybody packs by hand: a catalogue that multiplies itself.
MOST_PARTS: Final = 500
# As many as a line of an order may have; kits in kits multiply beyond every whole number.
MOST_UNITS: Final = 100_000


class KitTrouble(Struct, frozen=True):
    """Why a kit cannot be packed: ``why`` is loop, unknown or large, ``part`` where."""

    kit: str
    why: str
    part: str


class Parts(Struct, frozen=True):
    """The (SKU, units for one kit) of a kit in its own sequence; or what is wrong with it."""

    parts: tuple[tuple[str, int], ...] = ()
    troubles: tuple[KitTrouble, ...] = ()


def is_kit(product: Product | None) -> bool:
    """Whether it is packed part by part."""
    return product is not None and bool(product.kit) and not product.packing.prepacked


def parts_of(sku: str, products: Mapping[str, Product]) -> Parts:
    """What one kit ``sku`` is made of, down to things that are no kits."""
    found: list[tuple[str, int]] = []
    troubles: list[KitTrouble] = []
    _walk((sku,), 1, products, found, troubles)
    if len(found) > MOST_PARTS or sum(units for _, units in found) > MOST_UNITS:
        troubles.append(KitTrouble(sku, "large", sku))
    return Parts((), tuple(dict.fromkeys(troubles))) if troubles else Parts(tuple(found))


def _walk(
    path: tuple[str, ...],
    count: int,
    products: Mapping[str, Product],
    found: list[tuple[str, int]],
    troubles: list[KitTrouble],
) -> None:
    product = products.get(path[-1])
    if path[-1] in path[:-1]:
        troubles.append(KitTrouble(path[0], "loop", path[-1]))
    elif product is None:
        troubles.append(KitTrouble(path[0], "unknown", path[-1]))
    elif not is_kit(product):
        found.append((product.sku, count))
    elif len(found) <= MOST_PARTS and not troubles:
        for part in product.kit:
            _walk((*path, part.sku), count * part.quantity, products, found, troubles)


def with_parts(
    products: Mapping[str, Product], look: Callable[[str], Product | None]
) -> dict[str, Product]:
    """``products`` and everything that their kits are made of, as far as it is known."""
    known, waiting = dict(products), list(products.values())
    while waiting and len(known) <= MOST_PARTS:
        product = waiting.pop()
        for part in product.kit if is_kit(product) else ():
            found = known.get(part.sku) or look(part.sku)
            if found is not None and part.sku not in known:
                known[part.sku] = found
                waiting.append(found)
    return known
