"""The item-by-item guard: the open box stays on the scale, and every scan must be felt.

A change between two rests is a thing put in or taken out. What creeps without a jump is drift
and is followed; what never rests is said to be restless. Nothing here takes a weight of a
parcel: that is the weigh gate's.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from packstation.domain.learning import Part, gain
from packstation.domain.packing import State
from packstation.domain.packing import facts as f
from packstation.domain.packing import weight_facts as w
from packstation.domain.packing.guard_inputs import GainRead, GuardAsked
from packstation.domain.packing.pass_facts import SessionTakenOver
from packstation.domain.packing.session import Packed
from packstation.domain.packing.weight_rows import NO_SCALE, waits_for_gain
from packstation.domain.weights import ScaleState
from packstation.station.ports import ScaleRead
from packstation.station.scan_rules import rules_of
from packstation.station.views import VerdictView, Words

if TYPE_CHECKING:
    from packstation.station.core import Core
    from packstation.station.desk import DeviceRecord

# So many readings in a row that agree are a rest.
AGREE: Final = 2
# So long without a rest is restless.
RESTLESS_NS: Final = 6_000_000_000
# Drift is told once it is so many digits.
CREPT_DIGITS: Final = 5
# No order is guarded whose tag, person, scale or site does not ask for it.
TAG: Final = "guard"
OPTION: Final = "item_guard"


class ItemGuard:
    """Feels the open box of a session that is guarded."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._base: int | None = None
        self._box = ""
        self._rest: tuple[int, int] = (0, 0)
        self._asked: tuple[int, int, int] = (0, 0, 0)
        self._moving_ns = 0
        self._crept = 0
        self._out: tuple[str, int] | None = None

    def told(self, facts: tuple[f.Fact, ...]) -> None:
        """An order that wants it is guarded from its first item on."""
        for fact in facts:
            if isinstance(fact, f.ItemRemoved):
                self._out = (fact.sku, fact.units)
            elif isinstance(fact, w.ItemGained):
                self._out = None
            elif isinstance(fact, w.GuardLeft):
                self._core.desk.guard_note = None
            elif isinstance(fact, f.SessionOpened) and self._wanted():
                self._core.submit(GuardAsked())
            elif isinstance(fact, SessionTakenOver | f.SessionResumed) and self._nothing_feels():
                self._core.submit(GuardAsked(on=False, by="rule", reason=NO_SCALE))

    def _nothing_feels(self) -> bool:
        """An order that was begun at a bench with a scale goes on at one without."""
        session = self._core.session
        return session.guard and session.state is State.SCANNING and not self._scales

    @property
    def _scales(self) -> list[DeviceRecord]:
        return [d for d in self._core.desk.devices.values() if d.info.kind == "scale"]

    def _wanted(self) -> bool:
        core = self._core
        row = core.cache.order(core.session.order_id)
        person = core.desk.person
        scales = self._scales
        return bool(scales) and (
            (row is not None and TAG in row.order.tags)
            or (person is not None and person.prefs.get(OPTION) is True)
            or rules_of(core).item_guard
            or any(scale.info.options.get(OPTION) is True for scale in scales)
        )

    def take(self, report: ScaleRead) -> None:
        """One reading of the scale that the box stands on."""
        session = self._core.session
        if not session.guard or session.state is not State.SCANNING:
            self._base, self._box = None, ""
            return
        if session.parcel.id != self._box:
            self._base, self._box, self._crept = None, session.parcel.id, 0
        grams = report.reading.grams
        if report.reading.state is ScaleState.MOTION or grams is None:
            self._restless(report.mono_ns)
            return
        self._moving_ns = 0
        last, count = self._rest
        near = abs(grams - last) <= self._digit_g
        self._rest = (grams, count + 1 if near and count else 1)
        if self._rest[1] >= AGREE:
            self._rested(grams)

    def _restless(self, now_ns: int) -> None:
        self._rest = (0, 0)
        self._moving_ns = self._moving_ns or now_ns
        if now_ns - self._moving_ns > RESTLESS_NS:
            self._say(Words("guard.restless"))

    def _rested(self, grams: int) -> None:
        core, session = self._core, self._core.session
        self._say(self._note())
        if self._base is None:
            self._base = grams
        change = grams - self._base
        waiting = waits_for_gain(session)
        if not waiting and abs(change) <= self._least_g:
            self._creep(change)
            self._settled()
            return
        asked = (change, len(session.parcel.contents), session.parcel.gained)
        if asked == self._asked:
            return
        expected_g, tolerance_g = self._expected()
        blind = expected_g is not None and abs(expected_g) - tolerance_g < self._least_g
        if waiting and abs(change) <= self._least_g and not blind:
            return
        self._asked = asked
        # What this scale cannot feel is let pass, and the fact shows a gain that proves nothing.
        tolerance_g = max(tolerance_g, abs(expected_g or 0)) if blind else tolerance_g
        facts = core.submit(
            GainRead(
                gain_g=change,
                expected_g=expected_g,
                tolerance_g=tolerance_g,
                least_g=self._least_g,
            )
        )
        if any(isinstance(fact, w.ItemGained) for fact in facts):
            self._base = grams

    def _creep(self, change: int) -> None:
        """A small change without a jump is the scale's, not a thing's."""
        self._base = (self._base or 0) + change
        self._crept += change

    def _settled(self) -> None:
        """The box is as it should be: what was wrong has been put right."""
        self._asked = (0, 0, 0)
        alert = self._core.desk.alert
        if alert is not None and alert.headline.key.startswith("gain."):
            self._core.desk.alert = None

    def _say(self, note: Words) -> None:
        """What is not calm is shown at the foot of the stage too, once."""
        desk = self._core.desk
        before = desk.guard_note.key if desk.guard_note else "guard.on"
        desk.guard_note = note
        if note.key not in {before, "guard.on"}:
            desk.verdict = VerdictView("warn", note)

    def _note(self) -> Words:
        if abs(self._crept) >= CREPT_DIGITS * self._digit_g:
            return Words("guard.drifts", (("g", abs(self._crept)),))
        return Words("guard.on")

    @property
    def _digit_g(self) -> int:
        return max(1, math.ceil(self._core.weights.digit.milligrams / 1000))

    @property
    def _least_g(self) -> int:
        return max(2, 2 * self._digit_g) if self._digit_g < 5 else self._digit_g

    def _expected(self) -> tuple[int | None, int]:
        """What should have come in (or gone out), and how far off that may be."""
        core, session = self._core, self._core.session
        contents, felt = session.parcel.contents, session.parcel.gained
        if len(contents) > felt:
            return self._weight(contents[felt:], 1)
        if len(contents) < felt and self._out is not None:
            sku, units = self._out
            unit = core.weights.unit_of(sku)
            return (None, 0) if unit is None else gain([Part(unit, units)], self._exact_g, -1)
        return None, 0

    def _weight(self, items: tuple[Packed, ...], sign: int) -> tuple[int | None, int]:
        units = [(self._core.weights.unit_of(item.sku), item.units) for item in items]
        parts = [Part(unit, count) for unit, count in units if unit is not None]
        if len(parts) < len(units):
            return None, 0
        return gain(parts, self._exact_g, sign)

    @property
    def _exact_g(self) -> float:
        return self._core.weights.digit.milligrams / 1000
