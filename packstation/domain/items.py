"""Things to be boxed: document packstation.items/1 (FORMATS.md "packstation.cartons/1")."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from packstation.domain.cartons.goods import CartonItem


class Items(Struct, frozen=True, kw_only=True):
    """packstation.items/1."""

    schema: Literal["packstation.items/1"] = "packstation.items/1"
    items: tuple[CartonItem, ...] = ()
