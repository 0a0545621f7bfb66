"""Facts to estimates: the one fold that bench and server share.

Documents are kept as JSON under their key; the site's limit lies among them as ``LIMIT``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from packstation.domain.learning.learn import settled, update
from packstation.domain.learning.limit import Limit, judged
from packstation.domain.learning.units import (
    Part,
    UnitWeight,
    carton_key,
    carton_prior,
    measured,
    unit_prior,
)
from packstation.domain.packing.facts import Fact
from packstation.domain.packing.weight_facts import ParcelLearned, UnitMeasured, WeightForgotten
from packstation.first_use import met

LIMIT: Final = "*limit"
TEACHES: Final = (ParcelLearned, UnitMeasured, WeightForgotten)

_unit = msgspec.json.Decoder(met(UnitWeight)).decode
_limit = msgspec.json.Decoder(met(Limit)).decode


class Kept(msgspec.Struct, frozen=True):
    """A document to keep under ``key``; of two the one that has ``seen`` more parcels stays."""

    key: str
    seen: int
    doc: str


def keys_of(fact: Fact) -> tuple[str, ...]:
    """What must be known to fold ``fact``; nothing for one that teaches nothing."""
    if isinstance(fact, UnitMeasured | WeightForgotten):
        return (fact.sku,)
    if isinstance(fact, ParcelLearned):
        return (LIMIT, carton_key(fact.carton), *(item.sku for item in fact.items))
    return ()


def taught(fact: Fact, known: Mapping[str, str], at: str) -> tuple[Kept, ...]:
    """The documents after ``fact``; ``known`` are those of ``keys_of``, as far as there are any."""
    if isinstance(fact, UnitMeasured):
        return (_kept(_measured(fact, known.get(fact.sku), at)),)
    if isinstance(fact, ParcelLearned):
        return _parcel(fact, known, at)
    if isinstance(fact, WeightForgotten):
        return _forgotten(unit_of(known.get(fact.sku)) if fact.sku != LIMIT else None)
    return ()


def estimate(doc: str | None, prior: UnitWeight) -> UnitWeight:
    """What is known by a document; ``prior`` where there is none, or what it had was forgotten."""
    unit = unit_of(doc)
    if unit is None:
        return prior
    if unit.source != "unknown":
        return unit
    return replace(prior, seen=unit.seen, relearned=unit.relearned, doubt=unit.doubt)


def unit_of(doc: str | None) -> UnitWeight | None:
    """The estimate of a document."""
    return None if doc is None else _unit(doc)


def limit_of(doc: str | None) -> Limit:
    """The limit of a document; the usual one before there is any."""
    return Limit() if doc is None else _limit(doc)


def seen_in(key: str, doc: str) -> int:
    """How many parcels a document rests on.

    Raises:
        msgspec.MsgspecError: it is no such document.
    """
    return _limit(doc).parcels if key == LIMIT else _unit(doc).seen


def _parcel(fact: ParcelLearned, known: Mapping[str, str], at: str) -> tuple[Kept, ...]:
    """See ``taught``.

    Raises:
        ValueError: figures that no scale shows.
    """
    if min(fact.gross_g, *(item.units for item in fact.items)) < 1 or fact.tare_g < 0:
        raise ValueError(fact.gross_g)
    carton = carton_key(fact.carton)
    parts = [
        Part(estimate(known.get(carton), carton_prior(fact.carton, fact.tare_g))),
        *(
            Part(estimate(known.get(item.sku), unit_prior(item.sku, item.unit_g)), item.units)
            for item in fact.items
        ),
    ]
    learned = update(parts, fact.gross_g, fact.digit_mg / 1000, at, released=fact.released)
    kept = tuple(map(_kept, learned.units))
    if not settled(parts):
        return kept
    before = limit_of(known.get(LIMIT))
    limit = judged(before, disputed=fact.released, allowed_ppm=fact.allowed_ppm)
    return (*kept, Kept(LIMIT, limit.parcels, msgspec.json.encode(limit).decode()))


def _forgotten(unit: UnitWeight | None) -> tuple[Kept, ...]:
    """As if nothing had been seen; it has seen one more, so that it takes the old one's place."""
    if unit is None:
        return ()
    bare = unit_prior(unit.key, None)
    return (_kept(replace(bare, seen=unit.seen + 1, relearned=unit.relearned)),)


def _measured(fact: UnitMeasured, doc: str | None, at: str) -> UnitWeight:
    """A person put it on the scale: that is believed, whatever was thought before."""
    before = unit_of(doc)
    unit = measured(fact.sku, fact.weight_mg / 1000, fact.units, fact.digit_mg / 1000, at)
    seen = before.seen + 1 if before else 1
    return replace(unit, seen=seen)


def _kept(unit: UnitWeight) -> Kept:
    return Kept(unit.key, unit.seen, msgspec.json.encode(unit).decode())
