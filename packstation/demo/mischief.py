"""The troubles of a run: each is done once, and counts when the window has shown it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from packstation.demo.faults import Fault, Plan
from packstation.demo.goods import Goods, code_of
from packstation.demo.hands import Hands, lamp, says
from packstation.station.views import Screen, StationView

# A hold travels by the server; an unplugged device is opened again with growing pauses.
PATIENCE_S: Final = 20.0
# An idle bench finds out by its long poll, at the latest by its heartbeat (15 to 30 s).
GONE_S: Final = 45.0
# A well-formed number that no pool of the demo holds.
FOREIGN: Final = "LP999999995CN"


class Office(Protocol):
    """What people elsewhere do during the run."""

    def hold(self, order_id: str) -> None:
        """A supervisor stops an order."""

    def server_down(self) -> None:
        """The server stops."""

    def server_up(self) -> None:
        """The server is back."""


class Mischief:
    """Does wrong what the plan wants done wrong."""

    def __init__(self, hands: Hands, goods: Goods, plan: Plan, office: Office) -> None:
        self._hands, self._goods, self._plan, self._office = hands, goods, plan, office
        self._net_down = False
        self._tricks: Mapping[Screen, Callable[[StationView, str], bool]] = {
            Screen.SCANNING: self._while_scanning,
            Screen.WEIGHING: self._while_weighing,
            Screen.CONFIRMING: self._while_confirming,
        }

    def played(self, view: StationView) -> bool:
        """Whether something was done instead of the next step."""
        if view.order is None or view.alert is not None:
            return False
        trick = self._tricks.get(view.screen)
        return trick is not None and trick(view, view.order.order_id)

    def _note(self, fault: Fault, *, seen: bool) -> bool:
        if seen:
            self._plan.saw(fault)
        return True

    # --- scanning -------------------------------------------------------------------------

    def _while_scanning(self, view: StationView, order_id: str) -> bool:
        return (
            self._wrong_item(view, order_id)
            or self._over_scan(view, order_id)
            or self._held(view, order_id)
        )

    def _wrong_item(self, view: StationView, order_id: str) -> bool:
        fault = self._plan.pending("wrong_item", order_id)
        if fault is None:
            return False
        mine = {line.product.sku for line in view.lines}
        stranger = next(p for sku, p in self._goods.products.items() if sku not in mine)
        shown = self._hands.scan(*code_of(stranger, order_id))
        return self._note(fault, seen=says(shown, "bad.item", "bad.variant"))

    def _over_scan(self, view: StationView, order_id: str) -> bool:
        fault = self._plan.pending("over_scan", order_id)
        full = next((line for line in view.lines if line.state == "done"), None)
        if fault is None or full is None:
            return False
        product = self._goods.products[full.product.sku]
        shown = self._hands.scan(*code_of(product, f"{order_id}x"))
        return self._note(fault, seen=says(shown, "bad.over", "bad.units"))

    def _held(self, view: StationView, order_id: str) -> bool:
        fault = self._plan.pending("order_held", order_id)
        if fault is None or view.order is None or not view.order.units_done:
            return False
        self._office.hold(order_id)
        seen = self._hands.until(lambda v: says(v, "stop.hold"), PATIENCE_S)
        return self._note(fault, seen=seen)

    # --- weighing, printing ---------------------------------------------------------------

    def _while_weighing(self, _: StationView, order_id: str) -> bool:
        if self._plan.pending("paper_out", order_id):
            self._hands.fault("label", "paper_out", on=True)
        fault = self._plan.pending("scale_unplugged", order_id)
        if fault is None:
            return False
        self._hands.fault("scale", "unplug", on=True)
        seen = self._hands.until(lambda v: lamp(v, "scale") in {"fault", "off"})
        self._hands.fault("scale", "unplug", on=False)
        self._hands.until(lambda v: lamp(v, "scale") == "ok", PATIENCE_S)
        return self._note(fault, seen=seen)

    def see_paper_out(self, order_id: str) -> None:
        """The printer lacks paper: look at its lamp, then put some in."""
        fault = self._plan.pending("paper_out", order_id)
        if fault is None:
            return
        self._hands.fault("label", "paper_out", on=True)
        self._note(fault, seen=self._hands.until(lambda v: lamp(v, "label") == "fault"))
        self._hands.fault("label", "paper_out", on=False)

    # --- confirming -----------------------------------------------------------------------

    def _while_confirming(self, view: StationView, order_id: str) -> bool:
        # A run that was killed while it printed may come back here, with paper.
        self.see_paper_out(order_id)
        return self._wrong_label(view, order_id)

    def _wrong_label(self, view: StationView, order_id: str) -> bool:
        fault = self._plan.pending("wrong_label", order_id)
        if fault is None:
            return False
        mine = view.label.waybill if view.label else ""
        others = [p.waybill for p in self._hands.bench.papers() if p.waybill != mine]
        shown = self._hands.scan(others[-1] if others else FOREIGN)
        return self._note(fault, seen=says(shown, "bad.label"))

    # --- the server -----------------------------------------------------------------------

    def network(self, packed: int) -> None:
        """The server goes and comes back by the plan."""
        fault = self._plan.pending("server_down")
        if fault is not None and packed >= self._plan.down_from and not self._net_down:
            self._net_down = True
            self._office.server_down()
        if self._net_down and packed >= self._plan.up_from:
            self.end()

    def look(self, view: StationView) -> None:
        """What the window says by itself: the server is gone; a hold that came while nobody saw."""
        gone = self._plan.pending("server_down")
        if self._net_down and gone is not None and view.sync.state == "offline":
            self._plan.saw(gone)
        held = self._plan.pending("order_held", view.order.order_id) if view.order else None
        if held is not None and says(view, "stop.hold"):
            self._plan.saw(held)

    def end(self) -> None:
        """The server is back; first the window has to say that it was gone."""
        if not self._net_down:
            return
        fault = self._plan.pending("server_down")
        if fault is not None:
            seen = self._hands.until(lambda v: v.sync.state == "offline", GONE_S)
            self._note(fault, seen=seen)
        self._office.server_up()
        self._net_down = False
