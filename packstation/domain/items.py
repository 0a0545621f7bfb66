"""Things to be boxed: document packstation.items/1 (FORMATS.md "packstation.cartons/1")."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from packstation.domain.catalog import Sku
from packstation.domain.parcels import Side


class Item(Struct, frozen=True, kw_only=True):
    """``quantity`` pieces of one size in millimetres and weight in grams."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=1, le=100_000)] = 1
    length_mm: Side
    width_mm: Side
    height_mm: Side
    weight_g: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    keep_upright: bool = False
    no_stack: bool = False


class Items(Struct, frozen=True, kw_only=True):
    """packstation.items/1."""

    schema: Literal["packstation.items/1"] = "packstation.items/1"
    items: tuple[Item, ...] = ()
