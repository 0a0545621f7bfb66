"""Views of the hand-over to a carrier: the list that is being loaded, checked, signed."""

from __future__ import annotations

from msgspec import Struct

from packstation.station.words import Words


class LoadUnitView(Struct, frozen=True):
    """A bag or pallet; ``kind``: bag, pallet or gaylord; ``state``: open, closed or off."""

    code: str
    kind: str
    count: int
    gross_g: int = 0
    state: str = "open"
    off_g: int = 0


class LoadRow(Struct, frozen=True):
    """A parcel named at the side, with what is said of it; ``tone``: "", warn or stop."""

    code: str
    note: Words
    tone: str = ""


class HandoverView(Struct, frozen=True):
    """``step``: load, weigh, check, sign or done; ``due`` is how many there should be.

    ``rows`` under ``head``: what is missing or too many, or which parcel a weight speaks of;
    ``more`` of them are not shown. ``last`` is the parcel that was loaded last. ``about``: whose
    words are said of bags and pallets, handover or consignment.
    """

    step: str
    main: Words
    service: str = ""
    carrier: str = ""
    code: str = ""
    cutoff: str = ""
    mode: str | Words = ""
    count: int = 0
    due: int = 0
    gross_g: int = 0
    last: str = ""
    unit: LoadUnitView | None = None
    units: tuple[LoadUnitView, ...] = ()
    head: Words | None = None
    rows: tuple[LoadRow, ...] = ()
    more: int = 0
    weight: tuple[int, int, int] | None = None
    note: Words | None = None
    problem: Words | None = None
    driver: str = ""
    about: str = "handover"
