"""Packaging and boxes: document packstation.cartons/1 (FORMATS.md), frozen."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from packstation.domain.quantities import Money, Size

Side = Annotated[int, Meta(ge=1, le=100_000)]
CartonKind = Literal["box", "mailer", "bag", "tube", "own", "pallet"]


class Carton(Struct, frozen=True, kw_only=True):
    """A packaging SKU: sides in millimetres, tare and limit in grams."""

    code: Annotated[str, Meta(min_length=1, max_length=32)]
    inner_mm: tuple[Side, Side, Side]
    outer_mm: tuple[Side, Side, Side] | None = None
    tare_g: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    max_g: Annotated[int, Meta(ge=1, le=10_000_000)] | None = None
    cost: Money | None = None
    kind: CartonKind = "box"
    stock: int | None = None
    recycled: bool = False

    @property
    def outer(self) -> Size:
        """Outer size; the inner one where no outer one is known."""
        return Size(*(self.outer_mm or self.inner_mm))


class Cartons(Struct, frozen=True, kw_only=True):
    """packstation.cartons/1."""

    schema: Literal["packstation.cartons/1"] = "packstation.cartons/1"
    cartons: tuple[Carton, ...] = ()
