"""Facts of a consignment to a warehouse: its numbered cartons, its pallets, what it came to.

``consignment`` is the order's id: one order to one warehouse is one consignment. They stand in the
bench's stream and are recorded with their order, so that its history tells them.
"""

from __future__ import annotations

from packstation.domain.packing.facts import Fact
from packstation.domain.quantities import Money


class CartonMarked(Fact, frozen=True, kw_only=True):
    """A closed parcel has its carton mark: ``number``, and ``of`` how many, 0 not known yet.

    ``code`` is an SSCC, or the shop's own; ``waybill`` the carrier's number. ``gross_g`` and
    ``size_mm`` (three sides, () not known) are the closed box's. A new one of the same parcel
    takes the place of the last.
    """

    consignment: str
    parcel: str
    number: int
    code: str
    of: int = 0
    waybill: str = ""
    gross_g: int = 0
    size_mm: tuple[int, ...] = ()


class CartonsPlanned(Fact, frozen=True, kw_only=True):
    """A person knows beforehand how many cartons it will be; 0: not any more."""

    consignment: str
    count: int


class PalletOpened(Fact, frozen=True, kw_only=True):
    """A pallet was begun; ``code`` is its SSCC or the shop's own, it weighs ``tare_g`` empty."""

    consignment: str
    pallet: str
    code: str
    tare_g: int = 0


class CartonStacked(Fact, frozen=True, kw_only=True):
    """A carton was scanned onto a pallet."""

    consignment: str
    pallet: str
    parcel: str
    scanner: str = ""


class CartonUnstacked(Fact, frozen=True, kw_only=True):
    """A carton was taken off its pallet again."""

    consignment: str
    pallet: str
    parcel: str


class StackRefused(Fact, frozen=True, kw_only=True):
    """What was scanned does not belong on this pallet.

    ``reason``: unknown, other_consignment, twice, not_closed, finished, what.
    """

    consignment: str
    reason: str
    code: str = ""
    scanner: str = ""


class PalletClosed(Fact, frozen=True, kw_only=True):
    """A pallet is full and wrapped; ``gross_g`` 0: it was not weighed.

    ``expected_g``: its tare and its cartons, ``band_g`` how far off it may be; ``likely`` are the
    codes of the cartons that a difference speaks of, where somebody closed it all the same.
    ``source``: scale, typed, or "" where it was not weighed.
    """

    consignment: str
    pallet: str
    count: int
    expected_g: int
    band_g: int = 0
    gross_g: int = 0
    likely: tuple[str, ...] = ()
    source: str = ""


class PalletOpenedAgain(Fact, frozen=True, kw_only=True):
    """A closed pallet was opened: its weight counts no more."""

    consignment: str
    pallet: str


class ConsignmentClosed(Fact, frozen=True, kw_only=True):
    """All cartons are marked, all pallets closed; the packing list is printed.

    ``gross_g`` with pallets, ``cartons_g`` of the cartons alone; ``volume_cm3`` of the cartons
    rounded up, 0 where one was not measured. ``price`` is the whole consignment's by ``tariff``,
    None where there is none.
    """

    consignment: str
    cartons: int
    pallets: int
    gross_g: int
    cartons_g: int
    volume_cm3: int = 0
    carrier: str = ""
    service: str = ""
    price: Money | None = None
    billable_g: int = 0
    tariff: str = ""


class ConsignmentOpenedAgain(Fact, frozen=True, kw_only=True):
    """A finished consignment takes cartons again."""

    consignment: str
