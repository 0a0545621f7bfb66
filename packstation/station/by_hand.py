"""Items without a readable code: picked by picture, looked at a second time, counted as manual.

Under the item-by-item guard a weight that is known well enough takes the second look's place.

How many of an order may be taken so is the site's rule; more needs a supervisor.
"""

from __future__ import annotations

from typing import Final

from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.session import Line, Session
from packstation.station.capturing import Capturing
from packstation.station.certainty import confirms
from packstation.station.core import Core
from packstation.station.pictures import product_view
from packstation.station.scan_rules import rules_of
from packstation.station.views import EntryView, Words

BY_HAND: Final = "by_hand"
LOOK_AGAIN: Final = "look_again"
TYPE_IT: Final = "type"
SHOWN: Final = 7


class ByHand:
    """F2 while items are scanned."""

    def __init__(self, core: Core, capturing: Capturing) -> None:
        self._core = core
        self._capturing = capturing
        self._line = 0

    def ask(self) -> None:
        """Ask which of what is due is in the hand."""
        core = self._core
        if hands_left(core.session, rules_of(core).manual_units) < 1:
            core.desk.wish = ("manual",)
            core.refuse("manual.limit", code_kind="command")
            return
        due = [line for line in core.session.lines if line.due][:SHOWN]
        rows = [(str(line.plan.line), self._named(line.plan.sku)) for line in due]
        core.desk.entry = EntryView(
            BY_HAND,
            Words("entry.by_hand"),
            choices=(*rows, (TYPE_IT, Words("entry.by_hand.type"))),
            pictures=tuple(product_view(core, line.plan.sku) for line in due),
        )

    def _named(self, sku: str) -> Words:
        view = product_view(self._core, sku)
        return Words("entry.by_hand.row", (("name", view.name), ("variant", view.variant or sku)))

    def chosen(self, value: str) -> None:
        """A picture was picked, or the code is typed after all."""
        if value == TYPE_IT:
            self._core.desk.entry = EntryView("manual", Words("entry.manual"))
            return
        line = self._due(value)
        if line is None:
            return
        self._line = line.plan.line
        if confirms(self._core, line.plan.sku):
            self.count(line.plan.sku)  # the gain is the second look
            return
        view = product_view(self._core, line.plan.sku)
        key = "entry.look_again.scale" if self._core.session.guard else "entry.look_again"
        self._core.desk.entry = EntryView(
            LOOK_AGAIN,
            Words(key, (("name", view.name), ("variant", view.variant))),
            choices=(("yes", Words("entry.look_again.yes")), ("no", Words("entry.look_again.no"))),
            product=view,
        )

    def looked(self, *, same: bool) -> None:
        """The second look was taken."""
        line = self._due(str(self._line))
        if not same or line is None:
            self.ask()
            return
        self.count(line.plan.sku)

    def count(self, sku: str, units: int = 1, code: str = "") -> None:
        """Hand the item on as one that no scanner read."""
        core = self._core
        if core.session.state is State.SCANNING and units > hands_left(
            core.session, rules_of(core).manual_units
        ):
            core.desk.wish = ("manual",)
            core.refuse("manual.limit", code_kind="typed")
            return
        item = i.ItemScanned(sku=sku, units=units, code=code, today=core.today(), source="manual")
        self._capturing.take(item)

    def _due(self, value: str) -> Line | None:
        lines = self._core.session.lines
        return next((x for x in lines if str(x.plan.line) == value and x.due), None)


def hands_left(session: Session, allowed: int) -> int:
    """How many more units of this order may be counted by hand."""
    taken = sum(item.units for item in session.packed if item.source == "manual")
    return allowed + session.by_hand - taken
