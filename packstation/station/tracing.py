"""The weight trace of each parcel: what the scale said from its first thing to its label."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from packstation.domain.learning.trace import Point, traced
from packstation.domain.packing import facts as f
from packstation.domain.packing.evidence_facts import WeightTraced
from packstation.domain.weights import ScaleState
from packstation.station.ports import ScaleRead
from packstation.station.weigh_gate import LEAST_G

if TYPE_CHECKING:
    from packstation.station.core import Core


class Tracing:
    """Keeps the open parcel's trace; recorded once, when its label is on."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._forget()

    def _forget(self) -> None:
        self._points: tuple[Point, ...] = ()
        self._begun, self._begun_ns, self._device = "", 0, ""

    def take(self, report: ScaleRead) -> None:
        """One reading of the scale."""
        grams = report.reading.grams
        rests = report.reading.state in {ScaleState.STABLE, ScaleState.ZERO}
        if not self._core.session.live or grams is None or not rests:
            return
        if not self._begun:
            now = self._core.clock.now()
            self._begun = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            self._begun_ns, self._device = report.mono_ns, report.device
        after_ms = max(0, report.mono_ns - self._begun_ns) // 1_000_000
        digit_g = math.ceil(self._core.weights.digit.milligrams / 1000)
        least_g = max(LEAST_G, digit_g)
        self._points = traced(self._points, (after_ms, grams), least_g)

    def told(self, facts: tuple[f.Fact, ...]) -> None:
        """A parcel begins, or is closed."""
        for fact in facts:
            if isinstance(fact, f.LabelApplied):
                self._record()
            if isinstance(fact, f.SessionOpened | f.ParcelOpened | f.LabelApplied):
                self._forget()

    def _record(self) -> None:
        """A scale that never felt anything tells nothing."""
        if all(grams < LEAST_G for _, grams in self._points):
            return
        core = self._core
        parcel = next(one for one in reversed(core.session.parcels) if one.applied)
        fact = WeightTraced(begun=self._begun, device=self._device, points=self._points)
        core.attach(core.session_id, parcel.id, core.session.order_id, fact)
