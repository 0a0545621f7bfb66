"""What the papers of a hand-over show: the list for the driver, and the label of a bag.

No buyer stands on them: numbers, weights, countries, and what the carrier has to do.
"""

from __future__ import annotations

from msgspec import Struct

from packstation.domain.handover.signature import Signature


class ListedParcel(Struct, frozen=True, kw_only=True):
    """A row of the list; ``unit`` is its bag's code, "" for loose, ``country`` alpha-2.

    ``options`` are what was asked of the carrier (signature, insurance, pickup, cod with its sum).
    """

    waybill: str
    order_id: str = ""
    unit: str = ""
    country: str = ""
    gross_g: int = 0
    options: tuple[str, ...] = ()


class ListedUnit(Struct, frozen=True, kw_only=True):
    """A bag or pallet of the list; ``gross_g`` 0: it was not weighed."""

    code: str
    kind: str
    count: int
    expected_g: int = 0
    gross_g: int = 0


class ManifestPaper(Struct, frozen=True, kw_only=True):
    """The list. ``day``, ``cutoff`` and ``signed_at`` are the site's own, as they are read.

    ``sender`` are lines of the warehouse's address; ``carrier`` and ``service`` names as people
    call them.
    """

    code: str
    carrier: str
    service: str
    day: str
    site: str = ""
    bench: str = ""
    cutoff: str = ""
    mode: str = ""
    sender: tuple[str, ...] = ()
    units: tuple[ListedUnit, ...] = ()
    parcels: tuple[ListedParcel, ...] = ()
    missing: tuple[str, ...] = ()
    signature: Signature | None = None
    signed_at: str = ""
    training: bool = False

    @property
    def gross_g(self) -> int:
        """All parcels together."""
        return sum(one.gross_g for one in self.parcels)


class UnitPaper(Struct, frozen=True, kw_only=True):
    """The label of a bag or pallet, the ``number``-th of its list."""

    code: str
    kind: str
    number: int
    manifest: str
    carrier: str
    service: str
    count: int
    gross_g: int
    weighed: bool
    day: str
    site: str = ""
    mode: str = ""
    training: bool = False
