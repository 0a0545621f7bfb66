"""Consignments, folded from their facts; the same fold wherever it is asked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.packing import consignment_facts as c
from packstation.domain.packing.facts import Fact, LabelVoided

# Where the shop has no prefix of GS1, or no numbers left: codes of its own.
CARTON, PALLET = "CT", "PT"
_OWN: Final = re.compile(r"(CT|PT)[0-9]{10}")


def own_code(prefix: str, name: str) -> str:
    """A code of the shop's own for a carton or pallet with id ``name``.

    Pairs of digits, so that its bars fit the smallest stock; benches that are away from each
    other do not meet.
    """
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:6])
    return f"{prefix}{number % 10**10:010d}"


def is_own_code(text: str) -> bool:
    """Whether a scanned text is such a code."""
    return _OWN.fullmatch(text) is not None


class Carton(Struct, frozen=True, kw_only=True):
    """A closed carton; ``pallet`` "" for loose, ``printed_of`` the N on its mark, 0 for none."""

    parcel: str
    number: int
    code: str
    printed_of: int = 0
    waybill: str = ""
    gross_g: int = 0
    size_mm: tuple[int, ...] = ()
    pallet: str = ""

    @property
    def volume_mm3(self) -> int:
        """0 where it was not measured."""
        if len(self.size_mm) != 3:
            return 0
        length, width, height = self.size_mm
        return length * width * height


class Pallet(Struct, frozen=True, kw_only=True):
    """A pallet; grams, ``gross_g`` 0 where it was not weighed."""

    id: str
    code: str
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


class Consignment(Struct, frozen=True, kw_only=True):
    """Cartons by parcel, in the order of their numbers; ``pallet`` is the open one, "" for none.

    ``planned``: how many cartons somebody said it will be, 0 for not known. ``finished``: what it
    came to.
    """

    id: str
    cartons: Mapping[str, Carton] = {}
    pallets: Mapping[str, Pallet] = {}
    pallet: str = ""
    planned: int = 0
    finished: c.ConsignmentClosed | None = None

    def on(self, pallet: str) -> tuple[Carton, ...]:
        """The cartons of a pallet, "" for the loose ones."""
        return tuple(one for one in self.cartons.values() if one.pallet == pallet)

    def number_of(self, parcel: str) -> int:
        """A carton's number: its place among those that are there, from 1."""
        return list(self.cartons).index(parcel) + 1

    @property
    def next_number(self) -> int:
        """The number that the next closed carton gets."""
        return len(self.cartons) + 1

    @property
    def of(self) -> int:
        """How many cartons: 0 while nobody knows."""
        return len(self.cartons) if self.finished else self.planned

    def stale(self) -> tuple[Carton, ...]:
        """Cartons whose mark does not say "n / N" as it is now that all are there."""
        count = len(self.cartons)
        return tuple(
            one
            for at, one in enumerate(self.cartons.values(), 1)
            if (one.number, one.printed_of) != (at, count)
        )

    def found(self, code: str) -> Carton | None:
        """A carton by its code or its waybill."""
        named = (one for one in self.cartons.values() if code in {one.code, one.waybill})
        return next(named, None) if code else None


Consignments = Mapping[str, Consignment]
_OWN_FACTS: Final = (
    c.CartonMarked,
    c.CartonsPlanned,
    c.PalletOpened,
    c.CartonStacked,
    c.CartonUnstacked,
    c.PalletClosed,
    c.PalletOpenedAgain,
    c.ConsignmentClosed,
    c.ConsignmentOpenedAgain,
)
# The facts of which consignments are made.
FACTS: Final = (*_OWN_FACTS, LabelVoided)


def fold(facts: Iterable[Fact], known: Consignments = {}) -> Consignments:  # noqa: B006 - not changed
    """Consignments by order after ``facts``, the oldest first."""
    all_ = dict(known)
    for fact in facts:
        if isinstance(fact, LabelVoided):
            _voided(all_, fact)
        elif isinstance(fact, _OWN_FACTS):
            name = fact.consignment
            all_[name] = _after(all_.get(name, Consignment(id=name)), fact)
    return all_


def _voided(all_: dict[str, Consignment], fact: LabelVoided) -> None:
    """A carton whose label is void is no part of it until it is marked again."""
    parcel = fact.key.rpartition("/")[0]
    for name, one in all_.items():
        if parcel in one.cartons:
            kept = {key: row for key, row in one.cartons.items() if key != parcel}
            all_[name] = replace(one, cartons=kept)


def _after(one: Consignment, fact: Fact) -> Consignment:
    match fact:
        case c.CartonMarked():
            return replace(one, cartons={**one.cartons, fact.parcel: _marked(one, fact)})
        case c.CartonsPlanned():
            return replace(one, planned=fact.count)
        case c.CartonStacked():
            return _moved(one, fact.parcel, fact.pallet)
        case c.CartonUnstacked():
            return _moved(one, fact.parcel, "")
        case c.ConsignmentClosed():
            return replace(one, finished=fact, pallet="")
        case c.ConsignmentOpenedAgain():
            return replace(one, finished=None)
    return _pallets(one, fact)


def _marked(one: Consignment, fact: c.CartonMarked) -> Carton:
    known = one.cartons.get(fact.parcel)
    return Carton(
        parcel=fact.parcel,
        number=fact.number,
        code=fact.code,
        printed_of=fact.of,
        waybill=fact.waybill,
        gross_g=fact.gross_g,
        size_mm=fact.size_mm,
        pallet=known.pallet if known else "",
    )


def _moved(one: Consignment, parcel: str, pallet: str) -> Consignment:
    known = one.cartons.get(parcel)
    if known is None:
        return one
    return replace(one, cartons={**one.cartons, parcel: replace(known, pallet=pallet)})


def _pallets(one: Consignment, fact: Fact) -> Consignment:
    match fact:
        case c.PalletOpened():
            new = Pallet(id=fact.pallet, code=fact.code, tare_g=fact.tare_g)
            return replace(one, pallets={**one.pallets, new.id: new}, pallet=new.id)
        case c.PalletOpenedAgain(pallet=name) if name in one.pallets:
            fresh = one.pallets[name]
            fresh = Pallet(id=name, code=fresh.code, tare_g=fresh.tare_g)
            return replace(one, pallets={**one.pallets, name: fresh}, pallet=name)
        case c.PalletClosed(pallet=name) if name in one.pallets:
            shut = replace(
                one.pallets[name],
                closed=True,
                gross_g=fact.gross_g,
                expected_g=fact.expected_g,
                band_g=fact.band_g,
                likely=fact.likely,
            )
            return replace(one, pallets={**one.pallets, name: shut}, pallet="")
    return one
