"""Who prices parcels at the bench."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from packstation.domain.catalog import Product
from packstation.domain.orders import Order
from packstation.domain.services import Quoted, RefusedService


class Rater(Protocol):
    """Prices a parcel offline by the tariffs at hand."""

    def quote(
        self,
        order: Order,
        products: Mapping[str, Product],
        gross_g: int,
        size_mm: Sequence[int],
        earlier: Sequence[tuple[int, Sequence[int]]] = (),
    ) -> tuple[tuple[Quoted, ...], tuple[RefusedService, ...]]:
        """Quotes by rank, and refusals; ``earlier`` cartons of a consignment are priced along."""

    def take(self, bodies: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
        """Read all rows ``tariff`` as pulled, in a thread that has the time. Never raises.

        Those whose signature is good hold from now on, in place of the program's own examples of
        the same services; answers their first days.
        """
