"""What the bench knows of weights: the band of the open parcel, and what explains a difference.

Estimates are read from the cache (our own facts, or the server's fold of all benches'); the
scale's own lean is folded from the last judged weights of this bench.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from packstation.domain.events import decode
from packstation.domain.learning import (
    Band,
    Drift,
    Explanation,
    Part,
    Power,
    UnitWeight,
    carton_key,
    carton_prior,
    expected,
    explain,
    leaning,
    power,
    unit_prior,
)
from packstation.domain.learning.folding import LIMIT, estimate, limit_of
from packstation.domain.packing import Session
from packstation.domain.packing import inputs as i
from packstation.domain.packing.device_facts import ScaleChecked
from packstation.domain.packing.facts import Fact, ItemVerified
from packstation.domain.packing.weight_facts import WeightJudged
from packstation.domain.weights import Reading
from packstation.station.digits import ScaleDigit
from packstation.station.scan_rules import rules_of

if TYPE_CHECKING:
    from packstation.station.core import Core

# Judged weights that are looked at again at the start.
REMEMBERED: Final = 60
# Things handled last that may lie in a wrong box.
RECENT: Final = 24


class Weights:
    """One bench's view of what was learned."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.digit = ScaleDigit()
        self.drift = Drift()
        self._recent: deque[str] = deque(maxlen=RECENT)

    def recover(self) -> None:
        """The lean of the scale, from the last parcels."""
        kinds = [WeightJudged.__name__, ScaleChecked.__name__]
        for event in self._core.store.bench_events(kinds, REMEMBERED):
            self.told((decode(event.kind, event.v, event.body),))

    def told(self, facts: tuple[Fact, ...]) -> None:
        """Judged weights lean or not; a reference weight that was right ends the doubt."""
        for fact in facts:
            if isinstance(fact, WeightJudged) and fact.sd_mg and fact.expected_g is not None:
                self.drift = leaning(self.drift, fact.gross_g - fact.expected_g, fact.sd_mg)
            elif isinstance(fact, ScaleChecked):
                self.drift = Drift()
            elif isinstance(fact, ItemVerified) and fact.sku not in self._recent:
                self._recent.append(fact.sku)

    def shown(self, reading: Reading) -> None:
        """A reading came from the scale."""
        self.digit.take(reading)

    def unit(self, sku: str, unit_g: int | None) -> UnitWeight:
        """What is known of one unit."""
        return estimate(self._core.cache.weights((sku,)).get(sku), unit_prior(sku, unit_g))

    def unit_of(self, sku: str) -> UnitWeight | None:
        """What one unit of it weighs; None where nobody knows."""
        unit = self.known(sku)
        return None if unit.source == "unknown" else unit

    def parts(self, session: Session) -> tuple[Part, ...]:
        """Carton and contents of the open parcel, as known."""
        parcel = session.parcel
        plans = {line.plan.line: line.plan for line in session.lines}
        units: dict[str, int] = {}
        priors: dict[str, int | None] = {}
        for item in parcel.contents:
            units[item.sku] = units.get(item.sku, 0) + item.units
            priors[item.sku] = plans[item.line].packed_as(item.sku).unit_g
        carton = carton_key(parcel.carton)
        known = self._core.cache.weights((carton, *units))
        box = estimate(known.get(carton), carton_prior(parcel.carton, parcel.tare_g))
        goods = (
            Part(estimate(known.get(sku), unit_prior(sku, priors[sku])), count)
            for sku, count in units.items()
        )
        return (Part(box), *goods)

    def band(self, session: Session) -> tuple[Band, Power] | None:
        """What it should weigh and what that proves; None where nothing was learned yet."""
        parts = self.parts(session)
        limit = limit_of(self._core.cache.weights((LIMIT,)).get(LIMIT))
        band = expected(parts, self._digit_g, limit)
        return (band, power(parts, band)) if band is not None else None

    def read(self, grams: int, stability: str) -> i.WeightRead:
        """A weight to be judged, with what it is judged by."""
        found = self.band(self._core.session)
        return i.WeightRead(
            grams=grams,
            stability=stability,
            band=found[0] if found else None,
            sees=found[1].sees if found else False,
            digit_mg=self.digit.milligrams,
            leans_g=self.drift.leans_g,
            allowed_ppm=rules_of(self._core).false_alarms_ppm,
        )

    def explain(self, session: Session, gross_g: int) -> tuple[Explanation, ...]:
        """Which single mistake makes such a weight, the likeliest first."""
        parts = self.parts(session)
        inside = [part.unit.key for part in parts if not part.unit.is_carton]
        variants = [(sku, self.known(other)) for sku in inside for other in self.variants(sku)]
        ordered = [line.plan.sku for line in session.lines]
        others = dict.fromkeys((*ordered, *self._recent))
        recent = [self.known(sku) for sku in others if sku not in inside]
        return explain(parts, gross_g, self._digit_g, variants, recent)

    @property
    def _digit_g(self) -> float:
        return self.digit.milligrams / 1000

    def known(self, sku: str) -> UnitWeight:
        """What is known of one unit, the catalogue's word included."""
        product = self._core.cache.product(sku)
        return self.unit(sku, product.weight_g if product else None)

    def variants(self, sku: str) -> Iterable[str]:
        """SKUs that are easily taken for it."""
        return (one.sku for one in self._core.cache.variants(sku))
