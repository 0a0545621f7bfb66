"""A packer made of code: looks at the window, and does with its hands what it says.

It knows no state of its own that a restart would lose: each step follows from what
the screen shows, so a run that was killed goes on where it stood.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from packstation.demo.eyes import Eyes
from packstation.demo.faults import Plan
from packstation.demo.goods import Goods, code_of
from packstation.domain.orders import Order
from packstation.station.ports import BenchControls
from packstation.station.views import Screen, StationView

log = logging.getLogger(__name__)

WAIT_S: Final = 8.0
STUCK: Final = 400
AGAIN_S: Final = 0.6
# From this many units on a packer counts once instead of scanning each.
COUNT_FROM: Final = 4


class Office(Protocol):
    """What people elsewhere do during the run."""

    def hold(self, order_id: str) -> None:
        """A supervisor stops an order."""

    def server_down(self) -> None:
        """The server stops."""

    def server_up(self) -> None:
        """The server is back."""


@dataclass(frozen=True, slots=True)
class Shift:
    """What is to be packed, by whom."""

    badge: str
    orders: Sequence[Order]
    goods: Goods


class Robot(threading.Thread):
    """Packs a shift; ``failure`` tells why it gave up, "" when all went through."""

    def __init__(
        self, hands: BenchControls, eyes: Eyes, shift: Shift, plan: Plan, office: Office
    ) -> None:
        super().__init__(name="robot", daemon=True)
        self._hands, self._eyes, self._shift = hands, eyes, shift
        self._plan, self._office = plan, office
        self._done: set[str] = set()
        self._last_waybill = ""
        self._net_down = False
        self._last_scan = ("", 0.0)
        self.failure = ""
        self.finished: Callable[[], None] = lambda: None
        self._acts: Mapping[Screen, Callable[[StationView], None]] = {
            Screen.SIGN_IN: lambda _: self._scan(f"%PB:{self._shift.badge}"),
            Screen.QUEUE: lambda _: self._next_order(),
            Screen.COMPLETED: lambda _: self._next_order(),
            Screen.PARKED: lambda _: self._next_order(),
            Screen.SCANNING: self._scan_item,
            Screen.CARTONING: self._take_box,
            Screen.WEIGHING: self._weigh,
            Screen.MEASURING: lambda _: self._scan("%PS:accept"),
            Screen.RATING: self._wait,
            Screen.PRINTING: self._printing,
            Screen.CONFIRMING: self._confirm,
        }

    def already(self, order_ids: set[str]) -> None:
        """Orders that an earlier run has packed."""
        self._done |= order_ids

    def run(self) -> None:
        """Work until every order is through, or nothing moves any more."""
        try:
            self._shift_work()
        except RuntimeError as exc:
            self.failure = str(exc)
        finally:
            if self._net_down:
                self._office.server_up()
            self.finished()

    def _shift_work(self) -> None:
        still = 0
        while self._todo() or self._eyes.view.order is not None:
            before = self._eyes.view
            self._step(before)
            still = still + 1 if self._shape(self._eyes.view) == self._shape(before) else 0
            if still > STUCK:
                raise RuntimeError(f"nothing moves on {before.screen}: {before.alert}")
            if before.screen is Screen.COMPLETED and not self._todo():
                return

    @staticmethod
    def _shape(view: StationView) -> object:
        order = view.order
        return view.screen, view.alert, order and (order.order_id, order.units_done), view.label

    def _todo(self) -> list[Order]:
        return [o for o in self._shift.orders if o.order_id not in self._done]

    def _step(self, view: StationView) -> None:
        if view.alert is not None and view.screen is not Screen.SIGN_IN:
            self._answer(view)
        elif view.screen in self._acts:
            self._acts[view.screen](view)
        else:
            self._scan("%PS:help")

    # --- the hands ----------------------------------------------------------------------

    def _scan(self, text: str, aim: str = "") -> None:
        """Scan and wait until the window answered somehow."""
        before = self._eyes.view.serial
        self._let_go(text)
        self._eyes.trigger()
        self._hands.scan(text, aim)
        self._eyes.until(
            lambda v: v.serial > before and bool(v.earcon or v.alert or v.screen), WAIT_S
        )

    def _scan_for(self, text: str, seen: Callable[[StationView], bool], aim: str = "") -> bool:
        self._let_go(text)
        self._eyes.trigger()
        self._hands.scan(text, aim)
        return self._eyes.until(seen, WAIT_S)

    def _let_go(self, text: str) -> None:
        """A scanner takes the same code twice only after its trigger was released for a while."""
        pause = self._last_scan[1] + AGAIN_S - time.monotonic()
        if text == self._last_scan[0] and pause > 0:
            self._eyes.until(lambda _: False, pause)
        self._last_scan = (text, time.monotonic())

    def _wait(self, view: StationView) -> None:
        """Let the bench work until something changes."""
        shape = self._shape(view)
        self._eyes.until(lambda v: self._shape(v) != shape, 0.5)

    # --- the steps ----------------------------------------------------------------------

    def _next_order(self) -> None:
        todo = self._todo()
        self._hands.place(0)
        if not todo:
            return
        order = todo[0]
        self._server(len(self._done))
        opened = self._scan_for(
            order.order_id,
            lambda v: (
                v.alert is not None or (v.order is not None and v.order.order_id == order.order_id)
            ),
        )
        if opened and self._eyes.view.alert is not None:
            self._done.add(order.order_id)

    def _server(self, packed: int) -> None:
        """The server goes and comes back by the plan."""
        fault = next((f for f in self._plan.faults if f.kind == "server_down"), None)
        if fault is None:
            return
        if packed >= self._plan.up_from and self._net_down:
            self._net_down = False
            self._office.server_up()
            self._eyes.until(lambda v: v.sync.state != "offline", WAIT_S)
        elif self._plan.down_from <= packed < self._plan.up_from and not fault.seen:
            self._net_down = True
            self._office.server_down()
            fault.seen = self._eyes.until(lambda v: v.sync.state == "offline", 20.0)

    def _scan_item(self, view: StationView) -> None:
        order_id = view.order.order_id if view.order else ""
        if self._provoke(view, order_id):
            return
        if view.current is None:
            self._scan("%PS:accept")
            return
        text, aim = code_of(self._shift.goods.products[view.current.product.sku], order_id)
        done = view.order.units_done if view.order else 0
        tracking = self._shift.goods.products[view.current.product.sku].tracking
        if view.current.due >= COUNT_FROM and not tracking.serial:
            self._scan(f"%PS:quantity:{view.current.due}")
        self._scan_for(
            text,
            lambda v: (
                v.alert is not None
                or v.screen is not Screen.SCANNING
                or (v.order is not None and v.order.units_done != done)
            ),
            aim,
        )

    def _provoke(self, view: StationView, order_id: str) -> bool:
        """Do wrong what the plan wants done wrong."""
        mine = {line.product.sku for line in view.lines}
        wrong = self._plan.pending("wrong_item", order_id)
        if wrong is not None:
            stranger = next(p for s, p in self._shift.goods.products.items() if s not in mine)
            text, aim = code_of(stranger, order_id)
            wrong.seen = self._scan_for(text, lambda v: _says(v, "bad.item", "bad.variant"), aim)
            return True
        over = self._plan.pending("over_scan", order_id)
        full = next((line for line in view.lines if line.state == "done"), None)
        if over is not None and full is not None:
            text, aim = code_of(self._shift.goods.products[full.product.sku], order_id + "x")
            over.seen = self._scan_for(text, lambda v: _says(v, "bad.over", "bad.units"), aim)
            return True
        held = self._plan.pending("order_held", order_id)
        if held is not None and view.order is not None and view.order.units_done:
            self._office.hold(order_id)
            held.seen = self._eyes.until(lambda v: _says(v, "stop.hold"), 20.0)
            return True
        return False

    def _take_box(self, view: StationView) -> None:
        code = view.carton.code if view.carton else self._shift.goods.largest
        self._scan_for(code, lambda v: v.screen is not Screen.CARTONING or v.alert is not None)

    def _weigh(self, view: StationView) -> None:
        order_id = view.order.order_id if view.order else ""
        self._pull_cable(order_id)
        self._paper_out(order_id)
        expected = view.weigh.expected_g if view.weigh else None
        self._hands.place(0)
        self._eyes.until(lambda v: v.scale.grams == 0, WAIT_S)
        self._hands.place(expected or 500)
        self._eyes.until(lambda v: v.screen is not Screen.WEIGHING or v.alert is not None, WAIT_S)
        self._see_paper(order_id)

    def _pull_cable(self, order_id: str) -> None:
        fault = self._plan.pending("scale_unplugged", order_id)
        if fault is None:
            return
        self._hands.set_fault("scale", "unplug", True)  # noqa: FBT003 - the port's switch
        fault.seen = self._eyes.until(lambda v: _lamp(v, "scale") in {"fault", "off"}, WAIT_S)
        self._hands.set_fault("scale", "unplug", False)  # noqa: FBT003 - the port's switch
        self._eyes.until(lambda v: _lamp(v, "scale") == "ok", 20.0)

    def _paper_out(self, order_id: str) -> None:
        if self._plan.pending("paper_out", order_id) is not None:
            self._hands.set_fault("label", "paper_out", True)  # noqa: FBT003 - the port's switch

    def _see_paper(self, order_id: str) -> None:
        fault = self._plan.pending("paper_out", order_id)
        if fault is None:
            return
        fault.seen = self._eyes.until(lambda v: _lamp(v, "label") == "fault", WAIT_S)
        self._hands.set_fault("label", "paper_out", False)  # noqa: FBT003 - the port's switch

    def _printing(self, view: StationView) -> None:
        label = view.label
        if label is not None and label.unsure:
            self._scan("%PS:yes" if self._came_out(view) else "%PS:no")
        elif label is not None and any(r.state == "failed" for r in label.rungs):
            self._scan("%PS:reprint")
        else:
            self._wait(view)

    def _came_out(self, view: StationView) -> bool:
        """Look into the printer's tray."""
        waybill = view.label.waybill if view.label else ""
        return any(paper.waybill == waybill for paper in self._hands.view().papers)

    def _confirm(self, view: StationView) -> None:
        order_id = view.order.order_id if view.order else ""
        waybill = view.label.waybill if view.label else ""
        mixed = self._plan.pending("wrong_label", order_id)
        if mixed is not None:
            other = self._last_waybill or "LP999999992CN"
            mixed.seen = self._scan_for(other, lambda v: _says(v, "bad.label"))
            return
        self._hands.stick_label(waybill)
        self._close(order_id, waybill)

    def _close(self, order_id: str, waybill: str) -> None:
        closed = self._scan_for(
            waybill, lambda v: v.screen not in {Screen.CONFIRMING, Screen.PRINTING}
        )
        if closed:
            self._last_waybill = waybill
            if self._eyes.view.screen is not Screen.SCANNING:
                self._done.add(order_id)

    # --- alerts ---------------------------------------------------------------------------

    def _answer(self, view: StationView) -> None:
        alert, order_id = view.alert, view.order.order_id if view.order else ""
        if alert is None:
            return
        if alert.kind == "stop":
            if view.label and view.label.waybill and alert.steps[0].key == "stop.step.void":
                self._scan("%PS:void")
            self._hands.place(0)
            tote = view.order.tote if view.order else ""
            if self._scan_for(tote or "T-000", lambda v: v.alert is None or v.order is None):
                self._done.add(order_id)
        elif alert.compare[0]:
            waybill = view.label.waybill if view.label else ""
            self._close(order_id, waybill)
        elif alert.kind == "hold":
            self._weigh(view) if alert.sound == "weight_off" else self._give_up(view)
        else:
            self._scan_for("%PS:accept", lambda v: v.alert is None)

    def _give_up(self, view: StationView) -> None:
        """A hold that only a supervisor ends: put everything back."""
        tote = view.order.tote if view.order else ""
        order_id = view.order.order_id if view.order else ""
        log.warning("order %s is held", order_id)
        self._scan_for(tote or "T-000", lambda v: v.alert is None or v.order is None)
        self._done.add(order_id)


def _says(view: StationView, *keys: str) -> bool:
    return view.alert is not None and view.alert.headline.key in keys


def _lamp(view: StationView, kind: str) -> str:
    return next((d.state for d in view.devices if d.kind == kind), "")
