"""Lists for carriers, folded from their facts; the same fold at the bench and on the server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.packing import handover_facts as h
from packstation.domain.packing.facts import Fact

KINDS: Final = ("bag", "pallet", "gaylord")
OPEN, CLOSED, SIGNED, DROPPED = "open", "closed", "signed", "dropped"
# So many of the refused scans are shown; all are in the journal.
LATEST: Final = 20


class Loaded(Struct, frozen=True, kw_only=True):
    """A parcel on a list; ``unit`` "" for loose."""

    waybill: str
    unit: str = ""
    parcel: str = ""
    order_id: str = ""
    gross_g: int = 0
    mode: str = ""
    checked: bool = True


class Unit(Struct, frozen=True, kw_only=True):
    """A bag, pallet or gaylord; weights in grams, ``gross_g`` 0 where it was not weighed."""

    id: str
    code: str
    kind: str
    tare_g: int = 0
    closed: bool = False
    gross_g: int = 0
    expected_g: int = 0
    band_g: int = 0
    likely: tuple[str, ...] = ()

    @property
    def off_g(self) -> int:
        """By how much it was off when it was closed; 0 where it was not weighed, or fits."""
        off = self.gross_g - self.expected_g
        return off if self.gross_g and abs(off) > self.band_g else 0


class Manifest(Struct, frozen=True, kw_only=True):
    """A list for one service and cut-off: ``state`` open, closed (counted), signed or dropped.

    ``unit``: the open bag, "" for none; ``missing`` were left behind; ``refused`` are the latest
    (reason, code) of what did not belong.
    """

    id: str
    code: str
    carrier: str = ""
    service: str = ""
    cutoff: str = ""
    state: str = OPEN
    units: Mapping[str, Unit] = {}
    unit: str = ""
    loaded: Mapping[str, Loaded] = {}
    missing: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    signature: str = ""

    @property
    def mode(self) -> str:
        """The export mode of all its parcels: the first one's that anything is known of."""
        return next((one.mode for one in self.loaded.values() if one.checked), "")

    @property
    def gross_g(self) -> int:
        """What its parcels weigh together, without bags."""
        return sum(one.gross_g for one in self.loaded.values())

    @property
    def live(self) -> bool:
        """Whether somebody still works on it."""
        return self.state in {OPEN, CLOSED}

    @property
    def last(self) -> Loaded | None:
        """The parcel that was loaded last."""
        rows = tuple(self.loaded.values())
        return rows[-1] if rows else None

    def inside(self, unit: str) -> tuple[Loaded, ...]:
        """The parcels of a bag, "" for the loose ones."""
        return tuple(one for one in self.loaded.values() if one.unit == unit)


Manifests = Mapping[str, Manifest]
# The facts of which lists are made.
FACTS: Final = (
    h.ManifestOpened,
    h.UnitOpened,
    h.ParcelLoaded,
    h.ParcelUnloaded,
    h.LoadRefused,
    h.UnitClosed,
    h.UnitOpenedAgain,
    h.ManifestClosed,
    h.ManifestOpenedAgain,
    h.ManifestDropped,
    h.ManifestSigned,
)


def fold(facts: Iterable[Fact], known: Manifests = {}) -> Manifests:  # noqa: B006 - never changed
    """The lists by id after ``facts``, the oldest first."""
    lists = dict(known)
    for fact in facts:
        if isinstance(fact, h.ManifestOpened):
            lists[fact.manifest] = _begun(fact)
        elif isinstance(fact, FACTS) and fact.manifest in lists:
            lists[fact.manifest] = _after(lists[fact.manifest], fact)
    return lists


def _begun(fact: h.ManifestOpened) -> Manifest:
    return Manifest(
        id=fact.manifest,
        code=fact.code,
        carrier=fact.carrier,
        service=fact.service,
        cutoff=fact.cutoff,
    )


def _after(one: Manifest, fact: Fact) -> Manifest:
    match fact:
        case h.ParcelLoaded():
            return replace(one, loaded={**one.loaded, fact.waybill: _loaded(fact)})
        case h.ParcelUnloaded():
            kept = {name: row for name, row in one.loaded.items() if name != fact.waybill}
            return replace(one, loaded=kept)
        case h.LoadRefused():
            rest = tuple(row for row in one.refused if not fact.code or row[1] != fact.code)
            return replace(one, refused=(*rest, (fact.reason, fact.code))[-LATEST:])
        case h.UnitOpened() | h.UnitClosed() | h.UnitOpenedAgain():
            return _units(one, fact)
    return _stood(one, fact)


def _loaded(fact: h.ParcelLoaded) -> Loaded:
    return Loaded(
        waybill=fact.waybill,
        unit=fact.unit,
        parcel=fact.parcel,
        order_id=fact.order_id,
        gross_g=fact.gross_g,
        mode=fact.mode,
        checked=fact.checked,
    )


def _units(one: Manifest, fact: h.UnitOpened | h.UnitClosed | h.UnitOpenedAgain) -> Manifest:
    if isinstance(fact, h.UnitOpened):
        unit = Unit(id=fact.unit, code=fact.code, kind=fact.kind, tare_g=fact.tare_g)
        return replace(one, units={**one.units, unit.id: unit}, unit=unit.id)
    known = one.units.get(fact.unit)
    if known is None:
        return one
    if isinstance(fact, h.UnitOpenedAgain):
        again = replace(known, closed=False, gross_g=0, expected_g=0, band_g=0, likely=())
        return replace(one, units={**one.units, again.id: again}, unit=again.id)
    shut = replace(
        known,
        closed=True,
        gross_g=fact.gross_g,
        expected_g=fact.expected_g,
        band_g=fact.band_g,
        likely=fact.likely,
    )
    open_unit = "" if one.unit == shut.id else one.unit
    return replace(one, units={**one.units, shut.id: shut}, unit=open_unit)


def _stood(one: Manifest, fact: Fact) -> Manifest:
    match fact:
        case h.ManifestClosed():
            return replace(one, state=CLOSED, missing=fact.missing)
        case h.ManifestOpenedAgain():
            return replace(one, state=OPEN, missing=())
        case h.ManifestSigned():
            return replace(one, state=SIGNED, signature=fact.signature)
    return replace(one, state=DROPPED)
