"""What a closed parcel teaches of weights."""

from __future__ import annotations

from packstation.domain.packing import weight_facts as w
from packstation.domain.packing.facts import Fact
from packstation.domain.packing.session import Session


def learned(s: Session) -> tuple[Fact, ...]:
    """What the closed parcel teaches: only a weight of a scale that is not in doubt, once."""
    parcel = s.parcel
    proof = parcel.judged
    good = proof is not None and not proof.leans_g and parcel.weight_source == "scale"
    if not good or proof is None or parcel.gross_g is None or parcel.taught or not parcel.contents:
        return ()
    plans = {line.plan.line: line.plan for line in s.lines}
    units: dict[str, int] = {}
    priors: dict[str, int | None] = {}
    for item in parcel.contents:
        units[item.sku] = units.get(item.sku, 0) + item.units
        priors[item.sku] = plans[item.line].packed_as(item.sku).unit_g
    return (
        w.ParcelLearned(
            items=tuple(
                w.LearnedItem(sku=sku, units=count, unit_g=priors[sku])
                for sku, count in units.items()
            ),
            carton=parcel.carton,
            tare_g=parcel.tare_g,
            gross_g=parcel.gross_g,
            digit_mg=proof.digit_mg,
            released=parcel.released,
            allowed_ppm=proof.allowed_ppm,
        ),
    )
