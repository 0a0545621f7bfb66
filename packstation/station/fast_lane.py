"""The single-item fast lane: an item in the hand, the order that needs just it, a label.

The carton is chosen by rule. Where the weight of thing and carton is known with enough certainty
nothing is weighed and the label prints at once; else the scale is waited for.
"""

from __future__ import annotations

from typing import Final

from packstation.domain.catalog import Product
from packstation.domain.orders import Order
from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.facts import (
    Fact,
    LabelVoided,
    LabelVoidRefused,
    SessionCompleted,
    SessionOpened,
)
from packstation.domain.parcels import Carton
from packstation.domain.queueing import goods_key
from packstation.station.box_plan import boxes
from packstation.station.core import Core
from packstation.station.elsewhere import refusal
from packstation.station.flow_state import Done
from packstation.station.lineup import LIMIT, ranked_rows
from packstation.station.opening import Opening
from packstation.station.planning import carton_for, proposals
from packstation.station.plans import line_plans
from packstation.station.ports import OrderRow
from packstation.station.views import VerdictView, Words

PROFILE: Final = "fast"
LAST: Final = 4


class FastLane:
    """Opens orders of one thing, boxes them by rule, and takes the last one back."""

    def __init__(self, core: Core, opening: Opening) -> None:
        self._core = core
        self._opening = opening

    def enter(self, _: str = "") -> None:
        """Into the mode; an open order is finished first."""
        if self._core.session.live:
            self._core.refuse(f"not_now.{self._core.session.state}", code_kind="command")
            return
        desk = self._core.desk
        desk.page, desk.flow.fast, desk.flow.home, desk.verdict = "", True, False, None

    @property
    def running(self) -> bool:
        """Whether the open order is one of the fast lane's."""
        session = self._core.session
        return self._core.desk.flow.fast and session.live and session.profile == PROFILE

    # --- an item --------------------------------------------------------------------------

    def open_for(self, sku: str, units: int) -> None:
        """Open the most urgent order that needs just this."""
        rows = self.candidates(sku, units)
        if not rows:
            self._core.refuse("fast.none", code_kind="item", text=sku)
            return
        self._opening.open(rows[0], PROFILE)

    def candidates(self, sku: str, units: int) -> tuple[OrderRow, ...]:
        """Orders of this and nothing else, the most urgent first."""
        core = self._core
        rows = [
            row
            for row in core.cache.orders_with_sku(sku, limit=LIMIT)
            if goods_key(row.order) == ((sku, units),)
            and not refusal(core, row)
            and not self._opening.begun(row)
        ]
        return ranked_rows(core, rows)

    def lane(self, product: Product, units: int) -> i.FastLane | None:
        """Carton by rule and a learned weight, where both are sure."""
        core = self._core
        row = core.cache.order(core.session.order_id) if self.running else None
        carton = self._carton(row.order) if row is not None else None
        if carton is None:
            return None
        gross = core.sure(product, units, carton)
        if gross is None:
            return None
        return i.FastLane(
            carton=carton.code,
            tare_g=carton.tare_g,
            gross_g=gross,
            outer_mm=carton.outer_mm or carton.inner_mm,
        )

    def _carton(self, order: Order) -> Carton | None:
        core = self._core
        open_ = core.session.order_id == order.order_id
        known = boxes(core) if open_ else core.cache.cartons()
        code = carton_for(order, core.products_of(order), known)
        sized = all(plan.size_mm for plan in line_plans(order, core.products_of(order)))
        return next((c for c in core.cache.cartons() if sized and c.code == code), None)

    # --- what happened --------------------------------------------------------------------

    def told(self, facts: tuple[Fact, ...]) -> None:
        """Box by rule what is complete; remember what is closed; cancel what was taken back."""
        core, flow = self._core, self._core.desk.flow
        if not flow.fast:
            return
        if any(isinstance(fact, LabelVoidRefused | SessionOpened) for fact in facts):
            flow.undoing = ""
        if any(isinstance(fact, SessionCompleted) for fact in facts):
            self._closed()
        if self.running and core.session.state is State.CARTONING:
            self._box()
        if any(isinstance(fact, LabelVoided) for fact in facts) and flow.undoing:
            flow.undoing = ""
            self._cancel()

    def _closed(self) -> None:
        core, session = self._core, self._core.session
        row = core.cache.order(session.order_id)
        if session.profile != PROFILE or row is None:
            return
        at = core.clock.now().astimezone(core.zone).strftime("%H:%M")
        done = Done(session.order_id, session.lines[0].plan.sku, row.order.ship_to.country, at)
        core.desk.flow.last = (done, *core.desk.flow.last)[:LAST]

    def _box(self) -> None:
        """Where no box fits, the packer chooses one as for any other order."""
        core, session = self._core, self._core.session
        fitting = proposals(session, boxes(core))
        if fitting and all(line.plan.size_mm for line in session.lines):
            carton = fitting[0]
            core.submit(
                i.CartonChosen(
                    carton=carton.code,
                    tare_g=carton.tare_g,
                    outer_mm=carton.outer_mm or carton.inner_mm,
                    kind=carton.kind,
                    source="rule",
                )
            )

    # --- taken back -----------------------------------------------------------------------

    def undo(self) -> bool:
        """Take the open parcel back, its label too; whether there was one of the fast lane."""
        core = self._core
        if not self.running or core.session.state is State.SCANNING:
            return False
        if core.session.label_live:
            core.desk.flow.undoing = core.session_id
            core.submit(i.VoidAsked(reason="undo"))
        else:
            self._cancel()
        return True

    def _cancel(self) -> None:
        core = self._core
        core.submit(i.CancelAsked(reason="undo"))
        core.desk.verdict = VerdictView("warn", Words("fast.undone"))
