"""An estimate as people read it: grams, how sure, from what, from whom."""

from __future__ import annotations

from msgspec import Struct

from packstation.domain.learning.folding import unit_of

FORGOTTEN = "forgotten"


class Told(Struct, frozen=True, kw_only=True):
    """One estimate: grams of a unit (or of a packed carton), how sure, from what.

    ``source``: unknown, catalogue, measured, learned or forgotten. ``benches`` are the names of
    those whose facts are about it, where they are known.
    """

    key: str
    grams: float
    sd_g: float
    spread_g: float
    source: str
    parcels: int
    seen: int
    since: str
    relearned: int
    benches: tuple[str, ...] = ()


def told(doc: str, benches: tuple[str, ...] = ()) -> Told:
    """Of a document (`folding`)."""
    unit = unit_of(doc)
    assert unit is not None  # noqa: S101 - there is a document
    forgotten = unit.source == "unknown" and unit.seen > 0
    return Told(
        key=unit.key,
        grams=round(unit.mean_g, 1),
        sd_g=round(unit.variance**0.5, 2),
        spread_g=round(unit.spread**0.5, 2),
        source=FORGOTTEN if forgotten else unit.source,
        parcels=unit.parcels,
        seen=unit.seen,
        since=unit.since,
        relearned=unit.relearned,
        benches=benches,
    )
