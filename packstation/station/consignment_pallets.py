"""Pallets of a consignment: begun, weighed beside the sum of their cartons, closed and labelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from msgspec.structs import replace

from packstation.domain.consignment import consignments as cs
from packstation.domain.consignment.totals import expected_g, pallet_weight
from packstation.domain.handover.weighing import band_g
from packstation.domain.packing import consignment_facts as c
from packstation.station.consignment_hand import WEIGH, ConsignmentHand
from packstation.station.handover_units import TARES
from packstation.station.ports import ScaleRead
from packstation.station.views import EntryView, Words
from packstation.station.weigh_gate import WeighGate

KILOGRAMS: Final = "pallet-kg"
# What no floor scale shows; grams.
_MOST_G: Final = 5_000_000


class Pallets:
    """The pallet that is open, and the scale it is put on."""

    def __init__(self, hand: ConsignmentHand, check: Callable[[], None]) -> None:
        """``check`` goes on to the end, where closing the pallet was part of that."""
        self._hand, self._check = hand, check
        self._gate = WeighGate()

    def begin(self) -> None:
        """A new one; an open one without a carton is gone on with."""
        hand = self._hand
        one = hand.current
        if one.pallet and not one.on(one.pallet):
            hand.problem("consignment.pallet.empty")
            return
        if one.pallet:
            hand.problem("consignment.pallet.open")
            return
        name = hand.core.ids.new()
        code = hand.code(cs.PALLET, name)
        opened = c.PalletOpened(consignment=one.id, pallet=name, code=code, tare_g=self._tare())
        hand.about("", opened)
        hand.say("ok", "consignment.pallet.begun", n=len(hand.current.pallets))

    def _tare(self) -> int:
        rules = self._hand.core.cache.site().get("rules")
        table = rules.get(TARES) if isinstance(rules, Mapping) else None
        tare = table.get("pallet") if isinstance(table, Mapping) else 0
        return tare if isinstance(tare, int) and tare > 0 else 0

    def scanned(self, pallet: str) -> None:
        """The open one's label closes it, a closed one's opens it again."""
        hand = self._hand
        one = hand.current
        if pallet == one.pallet:
            self.close()
        elif one.pallet and one.on(one.pallet):
            hand.problem("consignment.pallet.open")
        else:
            hand.about("", c.PalletOpenedAgain(consignment=one.id, pallet=pallet))
            hand.say("ok", "consignment.pallet.again")

    def close(self) -> None:
        """Full: it is weighed; without a scale its weight is typed, or it goes unweighed."""
        hand = self._hand
        one = hand.current
        if not one.pallet or not one.on(one.pallet):
            hand.problem("consignment.pallet.none")
            return
        hand.go(replace(hand.now, step=WEIGH, weight=None, source=""))
        self._gate.arm()

    def weighed(self, report: ScaleRead) -> bool:
        """A reading while a pallet is being weighed; False: it is not ours."""
        hand = self._hand
        if not hand.open or hand.now.step != WEIGH:
            return False
        desk = hand.core.desk
        desk.reading, desk.reading_ns = report.reading, report.mono_ns
        grams = self._gate.offer(report.reading)
        if grams is not None:
            self._gate.arm()
            self._judge(grams, "scale")
        return True

    def ask_weight(self) -> None:
        """The floor scale's figure is typed."""
        self._hand.core.desk.entry = EntryView(KILOGRAMS, Words("consignment.ask.kg"))

    def typed(self, value: str) -> None:
        """Kilograms, with a point or a comma."""
        grams = _grams(value)
        if grams is None:
            self._hand.problem("consignment.bad.kg")
        else:
            self._judge(grams, "typed")

    def _judge(self, grams: int, source: str) -> None:
        hand = self._hand
        one = hand.current
        digit = max(1, hand.core.weights.digit.milligrams // 1000) if source == "scale" else 500
        weight = pallet_weight(one, one.pallets[one.pallet], grams, digit)
        hand.go(replace(hand.now, weight=weight, source=source))
        if weight.off_g:
            hand.core.desk.earcon = "weight_off"
        else:
            self.tie()

    def tie(self) -> None:
        """Closed with the weight that was taken, or with none; its label comes out."""
        hand = self._hand
        one, weight = hand.current, hand.now.weight
        pallet = one.pallets[one.pallet]
        count = len(one.on(pallet.id))
        hand.about(
            "",
            c.PalletClosed(
                consignment=one.id,
                pallet=pallet.id,
                count=count,
                expected_g=expected_g(one, pallet),
                band_g=weight.band_g if weight else band_g(count, pallet.tare_g),
                gross_g=weight.gross_g if weight else 0,
                likely=weight.likely if weight else (),
                source=hand.now.source if weight else "",
            ),
        )
        hand.say("weight_taken", "consignment.pallet.closed", n=count)
        hand.prints.pallet(hand.current, pallet.id)
        finishing = hand.now.finishing
        hand.stack_on()
        if finishing:
            self._check()


def _grams(value: str) -> int | None:
    """A typed weight in whole grams; None for what is none."""
    try:
        grams = Decimal(value.strip().replace(",", ".")) * 1000
    except InvalidOperation:
        return None
    if not grams.is_finite() or not 0 < grams <= _MOST_G:
        return None
    return int(grams)
