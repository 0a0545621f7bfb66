"""Facts of the hand-over to a carrier: lists, bags and pallets, who took them.

They belong to the bench and the site. Those of one parcel are recorded with its parcel and order,
so that its history tells them. The driver's name and signature are no part of them: ``signature``
is the hash of a file that can be erased (docs/handover.md).
"""

from __future__ import annotations

from packstation.domain.packing.facts import Fact


class ManifestOpened(Fact, frozen=True, kw_only=True):
    """A list for parcels of one service was begun; ``cutoff``: RFC 3339, "" for the whole day.

    ``code`` is what its bar code says.
    """

    manifest: str
    code: str
    carrier: str
    service: str
    cutoff: str = ""


class UnitOpened(Fact, frozen=True, kw_only=True):
    """A bag, pallet or gaylord (``kind``) was begun; it weighs ``tare_g`` empty."""

    manifest: str
    unit: str
    code: str
    kind: str
    tare_g: int = 0


class ParcelLoaded(Fact, frozen=True, kw_only=True):
    """A parcel was scanned into ``unit``, "" for loose.

    ``mode``: China's export mode, "" for none. ``checked`` False: this bench knew nothing of it,
    being away from its server.
    """

    manifest: str
    waybill: str
    unit: str = ""
    parcel: str = ""
    order_id: str = ""
    gross_g: int = 0
    mode: str = ""
    checked: bool = True
    scanner: str = ""


class ParcelUnloaded(Fact, frozen=True, kw_only=True):
    """A parcel was taken off the list again; ``reason``: undo, extra or moved."""

    manifest: str
    waybill: str
    reason: str = "undo"


class LoadRefused(Fact, frozen=True, kw_only=True):
    """A parcel does not belong on this list; ``code`` is its waybill, "" for what is none."""

    manifest: str
    reason: str
    code: str = ""
    scanner: str = ""


class UnitClosed(Fact, frozen=True, kw_only=True):
    """A bag or pallet is full and tied; ``gross_g`` 0: it was not weighed.

    ``expected_g``: its tare and its parcels, ``band_g`` how far off it may be. ``likely``: the
    parcels that the difference speaks of, where somebody closed it all the same.
    """

    manifest: str
    unit: str
    count: int
    expected_g: int
    band_g: int = 0
    gross_g: int = 0
    likely: tuple[str, ...] = ()


class UnitOpenedAgain(Fact, frozen=True, kw_only=True):
    """A closed bag or pallet was opened: its weight counts no more."""

    manifest: str
    unit: str


class ManifestClosed(Fact, frozen=True, kw_only=True):
    """The list is counted; ``missing`` are packed for it and were left behind by their names."""

    manifest: str
    count: int
    gross_g: int
    missing: tuple[str, ...] = ()


class ManifestOpenedAgain(Fact, frozen=True, kw_only=True):
    """A counted list takes parcels again."""

    manifest: str


class ManifestDropped(Fact, frozen=True, kw_only=True):
    """A list without parcels was given up."""

    manifest: str


class ManifestSigned(Fact, frozen=True, kw_only=True):
    """The driver signed for ``count`` parcels; ``signature`` is its file's SHA-256."""

    manifest: str
    count: int
    signature: str = ""


class ParcelTendered(Fact, frozen=True, kw_only=True):
    """A parcel is the carrier's from now on: it can neither be opened nor its label voided."""

    manifest: str
    waybill: str
