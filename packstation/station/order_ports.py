"""Orders, catalog, cartons and people as the bench reads them; re-exported by ``ports``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from packstation.domain.catalog import Product
from packstation.domain.orders import Order, Rate
from packstation.domain.packing_rules import PackingRules
from packstation.domain.parcels import Carton

if TYPE_CHECKING:
    from packstation.station.ports import Row


class OrderRow(Struct, frozen=True):
    """An order as cached: document, revision, bench it is assigned to ("" = any), hold."""

    order: Order
    rev: int
    bench: str = ""
    hold: str = ""


class Unread(Struct, frozen=True):
    """Pulled rows as text, ``size`` bytes of it; ``read`` decodes them, in any thread."""

    size: int
    read: Callable[[], tuple[Mapping[str, object], ...]]


class PersonRow(Struct, frozen=True):
    """Someone who may sign in: opaque badge id, name, role, argon2 PIN hash, preferences.

    ``temporary_hash``: of a second PIN, which counts until ``temporary_until`` (RFC 3339).
    """

    badge: str
    name: str
    role: str
    pin_hash: str = ""
    language: str = "en"
    prefs: Mapping[str, object] = field(default_factory=dict)
    temporary_hash: str = ""
    temporary_until: str = ""

    def pin_hashes(self, now: datetime) -> tuple[str, ...]:
        """Hashes of the PINs that count now."""
        temporary = self.temporary_hash if _is_after(self.temporary_until, now) else ""
        return tuple(filter(None, (self.pin_hash, temporary)))


def _is_after(text: str, now: datetime) -> bool:
    """Whether a moment is still to come; one that nobody can read is over."""
    try:
        return datetime.fromisoformat(text) > now
    except (ValueError, TypeError):  # TypeError: without a zone
        return False


class OrderCache(Protocol):
    """Orders, catalog, cartons, people as last pulled; read in microseconds."""

    def order(self, order_id: str) -> OrderRow | None:
        """By the order's id."""

    def orders_of_code(self, code: str) -> tuple[OrderRow, ...]:
        """Orders that a tote or waybill code leads to."""

    def orders_with_sku(self, sku: str, limit: int = 20) -> tuple[OrderRow, ...]:
        """Ready orders that need this SKU."""

    def queue(self, bench: str, limit: int = 40) -> tuple[OrderRow, ...]:
        """Ready orders for this bench by handover time."""

    def held(self, bench: str, limit: int = 40) -> tuple[OrderRow, ...]:
        """Orders for this bench that wait for somebody else: on hold or unpaid."""

    def rates(self) -> tuple[Rate, ...]:
        """The site's exchange rates as pulled; misshapen ones are left out."""

    def kept(self, t: str, key: str) -> Mapping[str, object]:
        """The body of a pulled row that has no table of its own; empty where none is."""

    def kept_all(self, t: str) -> tuple[Mapping[str, object], ...]:
        """The bodies of all pulled rows of a kind that has no table of its own."""

    def unread(self, t: str) -> Unread:
        """The same, got now and read later, by any thread: for large rows."""

    def product(self, sku: str) -> Product | None:
        """By SKU."""

    def product_of_code(self, code: str) -> tuple[Product, int] | None:
        """The product and units of a code text or GTIN-14."""

    def cartons(self) -> tuple[Carton, ...]:
        """All cartons, smallest volume first."""

    def packing_rules(self) -> PackingRules:
        """Rules of materials and instructions; empty before the first."""

    def people(self) -> tuple[PersonRow, ...]:
        """All who may sign in here."""

    def site(self) -> Mapping[str, object]:
        """The site row: code, zone, home currency, sender, SSCC prefix; empty before the first."""

    def variants(self, sku: str, limit: int = 12) -> tuple[Product, ...]:
        """Other colours and sizes of ``sku``: alike up to the last dash."""

    def weights(self, keys: Sequence[str]) -> Mapping[str, str]:
        """What was learned of weights: documents by key (``domain.learning.folding``)."""

    def note(self) -> str:
        """What the last person left for the next one at this bench; "" for nothing."""

    def leave_note(self, text: str) -> None:
        """Keep it; it never leaves this bench."""

    def apply(self, rows: Sequence[Row], cursor: str) -> None:
        """Apply pulled rows and move the cursor, in one transaction."""

    def cursor(self) -> str:
        """The change cursor; "" before the first pull."""
