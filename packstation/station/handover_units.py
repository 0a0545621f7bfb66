"""Bags and pallets of a hand-over: begun, weighed beside the sum of their parcels, tied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from packstation.domain.handover import codes
from packstation.domain.handover import manifests as m
from packstation.domain.handover.weighing import UnitWeight, band_g, judge
from packstation.domain.packing import handover_facts as h
from packstation.station.handover_hand import WEIGH, Hand
from packstation.station.ports import ScaleRead
from packstation.station.views import EntryView, Words
from packstation.station.weigh_gate import WeighGate

KIND: Final = "load-unit"
# Of the site's rules: what an empty bag or pallet weighs, in grams, by its kind.
TARES: Final = "handover_tare_g"


class LoadUnits:
    """The bag that is open, and the scale it is put on."""

    def __init__(self, hand: Hand, count: Callable[[], None]) -> None:
        """``count`` goes on with counting the list, where tying a bag was part of that."""
        self._hand, self._on = hand, count
        self._gate = WeighGate()

    def ask_kind(self) -> None:
        named = tuple((kind, Words(f"handover.kind.{kind}")) for kind in m.KINDS)
        self._hand.core.desk.entry = EntryView(KIND, Words("handover.ask.kind"), choices=named)

    def begin(self, kind: str) -> None:
        core, name = self._hand.core, self._hand.core.ids.new()
        rules = core.cache.site().get("rules")
        table = rules.get(TARES) if isinstance(rules, Mapping) else None
        tare = table.get(kind) if isinstance(table, Mapping) else 0
        code = self._hand.sscc() or codes.code_of(codes.UNITS[kind], core.today(), name)
        core.record(
            h.UnitOpened(
                manifest=self._hand.current.id,
                unit=name,
                code=code,
                kind=kind,
                tare_g=tare if isinstance(tare, int) and tare > 0 else 0,
            )
        )
        self._hand.say("ok", "handover.unit.opened", code=self._hand.current.units[name].code)

    def take_up(self, unit: m.Unit) -> None:
        """Go on with a bag that is tied, or that another one was begun beside."""
        self._hand.core.record(h.UnitOpenedAgain(manifest=self._hand.current.id, unit=unit.id))
        self._hand.say("ok", "handover.unit.again", code=unit.code)

    def untied(self) -> m.Unit | None:
        """A bag with parcels that is not tied, the one in hand first."""
        one = self._hand.current
        found = [unit for unit in one.units.values() if not unit.closed and one.inside(unit.id)]
        return min(found, key=lambda unit: unit.id != one.unit, default=None)

    def close(self) -> None:
        """Full: it is weighed where there is a scale, else tied as it is."""
        one = self._hand.current
        if not one.unit or not one.inside(one.unit):
            self._hand.go(replace(self._hand.now, problem="handover.unit.none"))
            return
        self._hand.go(replace(self._hand.now, step=WEIGH, weight=None))
        self._gate.arm()
        if self._hand.core.desk.scale_lost:
            self.tie()

    def weighed(self, report: ScaleRead) -> bool:
        """A reading while a bag is being weighed; False: it is not ours."""
        if not self._hand.open or self._hand.now.step != WEIGH:
            return False
        desk = self._hand.core.desk
        desk.reading, desk.reading_ns = report.reading, report.mono_ns
        grams = self._gate.offer(report.reading)
        if grams is None:
            return True
        self._gate.arm()
        weight = self._judged(grams)
        self._hand.go(replace(self._hand.now, weight=weight))
        if weight.off_g:
            desk.earcon = "weight_off"
        else:
            self.tie()
        return True

    def _judged(self, grams: int) -> UnitWeight:
        one = self._hand.current
        inside = {row.waybill: row.gross_g for row in one.inside(one.unit)}
        waiting = {due.waybill: due.gross_g for due in self._hand.missing()}
        loose = {row.waybill: row.gross_g for row in one.loaded.values() if row.unit != one.unit}
        digit = max(1, self._hand.core.weights.digit.milligrams // 1000)
        return judge(grams, one.units[one.unit].tare_g, inside, {**loose, **waiting}, digit)

    def tie(self) -> None:
        """Closed with the weight that was taken, or with none; its label comes out."""
        one, weight = self._hand.current, self._hand.now.weight
        unit = one.units[one.unit]
        inside = one.inside(one.unit)
        expected = unit.tare_g + sum(row.gross_g for row in inside)
        self._hand.core.record(
            h.UnitClosed(
                manifest=one.id,
                unit=unit.id,
                count=len(inside),
                expected_g=expected,
                band_g=weight.band_g if weight else band_g(len(inside), unit.tare_g),
                gross_g=weight.gross_g if weight else 0,
                likely=weight.likely if weight else (),
            )
        )
        self._hand.say("weight_taken", "handover.unit.closed", code=unit.code, n=len(inside))
        self._hand.prints.unit(self._hand.current, unit.id)
        counting = self._hand.now.counting
        self._hand.back_to_load()
        if counting:
            self._on()
