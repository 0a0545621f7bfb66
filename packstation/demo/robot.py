"""A packer made of code: looks at the window, and does with its hands what it says.

It knows no state of its own that a restart would lose: each step follows from what
the screen shows, so a run that was killed goes on where it stood.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from packstation.demo.eyes import Eyes
from packstation.demo.faults import Plan
from packstation.demo.goods import Goods, code_of
from packstation.demo.hands import Hands, lamp, says
from packstation.demo.mischief import Mischief, Office
from packstation.station.ports import BenchControls
from packstation.station.views import Screen, StationView

log = logging.getLogger(__name__)

# As many steps without a change on screen, and the robot gives up.
STUCK: Final = 60
# How long the bench may work before the next look.
LOOK_S: Final = 0.5
# As many reprints of an order's papers, and no printer will bring them out.
PRINTS: Final = 8
# From this many units on a packer counts once instead of scanning each.
COUNT_FROM: Final = 3
# Where nothing better is known: a box of goods.
SOME_G: Final = 500


class Shift(Struct, frozen=True):
    """What is to be packed, by whom."""

    badge: str
    orders: Sequence[str]
    goods: Goods


class Robot(threading.Thread):
    """Packs a shift; ``failure`` tells why it gave up, "" when all went through."""

    def __init__(
        self, bench: BenchControls, eyes: Eyes, shift: Shift, plan: Plan, office: Office
    ) -> None:
        super().__init__(name="robot", daemon=True)
        self._hands = Hands(bench, eyes)
        self._shift = shift
        self._mischief = Mischief(self._hands, shift.goods, plan, office)
        self._done: set[str] = set()
        # Prints that were asked for once more, of this order.
        self._again = 0
        self.failure = ""
        self.finished: Callable[[], None] = lambda: None
        self.progress: Callable[[str, int, int], None] = lambda _order, _done, _of: None
        self._acts: Mapping[Screen, Callable[[StationView], None]] = {
            Screen.SIGN_IN: self._sign_in,
            Screen.QUEUE: self._next_order,
            Screen.COMPLETED: self._next_order,
            Screen.PARKED: self._next_order,
            Screen.SCANNING: self._scan_item,
            Screen.CARTONING: self._take_box,
            Screen.WEIGHING: self._weigh,
            Screen.MEASURING: self._accept,
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
        except Exception as exc:  # a thread that dies unheard would leave the window waiting
            log.exception("the robot gave up")
            self.failure = str(exc) or type(exc).__name__
        finally:
            self._mischief.end()
            self.finished()

    def _shift_work(self) -> None:
        # Nobody scans before the scanner's lamp is on, and before the orders are there.
        self._hands.until(lambda view: lamp(view, "scanner") == "ok")
        still = 0
        while self._todo() or self._hands.view.order is not None:
            before = self._hands.view
            if before.screen is Screen.COMPLETED and not self._todo():
                return
            self._mischief.look(before)
            if not self._mischief.played(before):
                self._step(before)
            still = still + 1 if _shape(self._hands.view) == _shape(before) else 0
            if still > STUCK:
                raise RuntimeError(f"nothing moves on {before.screen}: {before.alert}")

    def _todo(self) -> list[str]:
        return [order_id for order_id in self._shift.orders if order_id not in self._done]

    def _through(self, order_id: str) -> None:
        if order_id and order_id not in self._done:
            self._done.add(order_id)
            self.progress(order_id, len(self._done), len(self._shift.orders))

    def _step(self, view: StationView) -> None:
        if view.alert is not None and view.screen is not Screen.SIGN_IN:
            self._answer(view)
        elif view.screen in self._acts:
            self._acts[view.screen](view)
        else:
            self._scan("%PS:help")

    def _scan(self, text: str, aim: str = "") -> StationView:
        return self._hands.scan(text, aim)

    def _wait(self, view: StationView) -> None:
        """Let the bench work until something changes."""
        shape = _shape(view)
        self._hands.until(lambda v: _shape(v) != shape, LOOK_S)

    # --- the steps ----------------------------------------------------------------------

    def _sign_in(self, view: StationView) -> None:
        shown = self._scan(f"%PB:{self._shift.badge}")
        if shown.screen is Screen.SIGN_IN:
            # The people come from the server, a moment after the first start.
            self._wait(view)

    def _next_order(self, view: StationView) -> None:
        todo = self._todo()
        self._hands.bench.place(0)
        if not todo:
            return
        self._mischief.network(len(self._done))
        self._again = 0
        shown = self._scan(todo[0])
        if shown.alert is None:
            return
        if says(shown, "no.code.unknown"):
            # Not pulled yet: look at the queue until something changes, and scan it again.
            self._wait(view)
        else:
            self._through(todo[0])

    def _scan_item(self, view: StationView) -> None:
        if view.current is None:
            self._scan("%PS:accept")
            return
        product = self._shift.goods.products[view.current.product.sku]
        if view.current.due >= COUNT_FROM and not product.tracking.serial:
            self._scan(f"%PS:quantity:{view.current.due}")
        order = view.order
        salt = f"{order.order_id}/{order.units_done}" if order else ""
        self._scan(*code_of(product, salt))

    def _accept(self, _: StationView) -> None:
        self._scan("%PS:accept")

    def _take_box(self, view: StationView) -> None:
        self._scan(view.carton.code if view.carton else self._shift.goods.largest)

    def _weigh(self, view: StationView) -> None:
        weighed = view.screen, view.alert
        self._hands.weigh((view.weigh.expected_g if view.weigh else None) or SOME_G)
        self._hands.until(lambda v: (v.screen, v.alert) != weighed)

    def _printing(self, view: StationView) -> None:
        self._mischief.see_paper_out(view.order.order_id if view.order else "")
        label = view.label
        if label is not None and label.unsure:
            self._scan("%PS:yes" if self._hands.came_out(label.waybill) else "%PS:no")
        elif label is not None and any(rung.state == "failed" for rung in label.rungs):
            self._again += 1
            if self._again > PRINTS:
                raise RuntimeError(f"{label.waybill}: a paper does not come out")
            self._scan("%PS:reprint")
        else:
            self._wait(view)

    def _confirm(self, view: StationView) -> None:
        if view.label is not None and view.label.put is not None:
            # A mark to stick on, copies for the pouch: they are in place before the label closes.
            self._scan("%PS:accept")
            return
        waybill = view.label.waybill if view.label else ""
        self._hands.bench.stick_label(waybill)
        shown = self._scan(waybill)
        if shown.screen not in {Screen.CONFIRMING, Screen.PRINTING, Screen.SCANNING}:
            self._through(view.order.order_id if view.order else "")

    # --- alerts ---------------------------------------------------------------------------

    def _answer(self, view: StationView) -> None:
        alert = view.alert
        if alert is None:
            return
        if alert.kind == "stop":
            self._put_back(view)
        elif alert.compare[0]:
            self._confirm(view)
        elif alert.kind == "hold":
            self._weigh(view) if alert.sound == "weight_off" else self._put_back(view)
        else:
            self._scan("%PS:accept")

    def _put_back(self, view: StationView) -> None:
        """An order that may not go on: void its label, everything back into its tote."""
        order_id = view.order.order_id if view.order else ""
        log.warning("order %s is held", order_id)
        if view.label and view.label.waybill and view.alert and _asks_void(view):
            self._scan("%PS:void")
        self._hands.bench.place(0)
        shown = self._scan((view.order.tote if view.order else "") or "T-000")
        if shown.alert is None or shown.order is None:
            self._through(order_id)


def _asks_void(view: StationView) -> bool:
    steps = view.alert.steps if view.alert else ()
    return bool(steps) and steps[0].key == "stop.step.void"


def _shape(view: StationView) -> object:
    order = view.order
    return view.screen, view.alert, order and (order.order_id, order.units_done), view.label
