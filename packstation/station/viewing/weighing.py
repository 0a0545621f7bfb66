"""The weight on the screen: band, proof, and what explains a difference."""

from __future__ import annotations

from packstation.domain.learning import Explanation
from packstation.domain.packing import Session
from packstation.domain.packing.judge import expected_band
from packstation.station.core import Core
from packstation.station.pictures import product_view
from packstation.station.views import WeighView, Words


def weigh(core: Core) -> WeighView:
    """Expected band, what was read, and the likeliest reason for a difference."""
    session = core.session
    disputed = session.dispute_g is not None
    read = session.dispute_g if disputed else session.parcel.gross_g
    found = core.weights.band(session)
    doubt = _doubt(core.weights.drift.leans_g)
    if found is not None:
        band, proof = found
        expected_g, tolerance_g, sees = band.expected_g, band.tolerance_g, proof.sees
        lightest_g = proof.lightest_g
        rests = Words("weigh.rests", (("n", band.parcels),), band.parcels)
        rests = rests if band.parcels else Words("weigh.rests.catalogue")
    else:
        plain = expected_band(session)
        if plain is None:
            return WeighView(read_g=read, doubt=doubt, rests=unknown(core))
        expected_g, tolerance_g = plain.expected_g, plain.tolerance_g
        lightest_g, rests = _lightest(session), Words("weigh.rests.catalogue")
        sees = lightest_g > tolerance_g
    rests = (
        rests if sees or disputed else Words("weigh.blind", (("g", lightest_g), ("t", tolerance_g)))
    )
    reasons = core.weights.explain(session, read) if disputed and read is not None else ()
    return WeighView(
        expected_g=expected_g,
        tolerance_g=tolerance_g,
        read_g=read,
        deviation_g=0 if read is None else read - expected_g,
        guard=sees,
        why=tuple(_why(core, reason) for reason in reasons),
        rests=rests,
        after=_after(reasons),
        doubt=doubt,
    )


def unknown(core: Core) -> Words | None:
    """Whose weight it is that nobody knows."""
    units = (part.unit for part in core.weights.parts(core.session) if not part.unit.is_carton)
    sku = next((unit.key for unit in units if unit.source == "unknown"), "")
    return Words("weigh.unknown", (("name", product_view(core, sku).name),)) if sku else None


def _lightest(session: Session) -> int:
    plans = {line.plan.line: line.plan for line in session.lines}
    units = (plans[item.line].packed_as(item.sku).unit_g for item in session.parcel.contents)
    return min((grams or 0 for grams in units), default=0)


def _why(core: Core, reason: Explanation) -> Words:
    name = product_view(core, reason.sku).name
    other = product_view(core, reason.other).name if reason.other else ""
    kind = "swapped_for" if other else reason.kind
    return Words(f"weigh.why.{kind}", (("name", name), ("other", other)))


def _after(reasons: tuple[Explanation, ...]) -> Words | None:
    """How well the best fits, and how badly the next would."""
    if not reasons:
        return None
    best = reasons[0]
    left = ("g", best.leaves_g)
    if best.next_g is None:
        return Words("weigh.leaves", (left,))
    return Words("weigh.leaves.next", (left, ("next", best.next_g)))


def _doubt(leans_g: int) -> Words | None:
    if not leans_g:
        return None
    key = "weigh.leans.heavy" if leans_g > 0 else "weigh.leans.light"
    return Words(key, (("g", abs(leans_g)),))
