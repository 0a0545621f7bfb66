"""The goods on the robot's shelf, and the codes that are printed on them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from packstation.bootstrap.practice import BEST_BEFORE as BEST_BEFORE  # noqa: PLC0414 - as below
from packstation.bootstrap.practice import code_of as code_of  # noqa: PLC0414 - part of these goods
from packstation.domain.catalog import Product


class Goods(Struct, frozen=True):
    """Products by SKU, and the largest box."""

    products: Mapping[str, Product]
    largest: str
