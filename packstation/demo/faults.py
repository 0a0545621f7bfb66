"""Which order meets which trouble; names are those of FORMATS.md "Demo summary"."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct, field

KINDS: Final = (
    "wrong_item",
    "over_scan",
    "order_held",
    "scale_unplugged",
    "paper_out",
    "wrong_label",
    "server_down",
)
# A held order is not packed, and a bench takes seconds to find its server again: a shorter run
# has neither.
LONG_RUN: Final = 3
# These want a certain order; all others go with any.
_PLACED: Final = frozenset({"order_held", "over_scan", "server_down"})
FILE: Final = "faults-seen.json"


class Fault(Struct):
    """One trouble of the run; ``seen`` once the window showed it."""

    kind: str
    order_id: str
    seen: bool = False


class Plan(Struct):
    """The faults of a run; the server is down from ``down_from`` packed orders to ``up_from``.

    With a ``folder`` it remembers what was seen, so that a resumed run does not ask for more.
    """

    faults: list[Fault] = field(default_factory=list)
    down_from: int = 0
    up_from: int = 0
    folder: Path | None = None

    def pending(self, kind: str, order_id: str = "") -> Fault | None:
        """The fault that this order (any, where it is empty) is still to meet."""
        return next(
            (
                fault
                for fault in self.faults
                if fault.kind == kind and not fault.seen and order_id in {"", fault.order_id}
            ),
            None,
        )

    def saw(self, fault: Fault) -> None:
        """The window showed it."""
        fault.seen = True
        if self.folder is not None:
            fresh = self.folder / (FILE + ".new")
            fresh.write_text(json.dumps([one.kind for one in self.faults if one.seen]))
            fresh.replace(self.folder / FILE)

    def recall(self) -> None:
        """What an interrupted run in the same folder saw."""
        path = None if self.folder is None else self.folder / FILE
        if path is not None and path.exists():
            kinds = json.loads(path.read_text())
            for fault in self.faults:
                fault.seen = fault.kind in kinds

    @property
    def all_seen(self) -> bool:
        """Whether nothing is left to see."""
        return all(fault.seen for fault in self.faults)


def plan(orders: Sequence[str], several_lines: Sequence[str], seed: int) -> Plan:
    """Spread the faults over a run of ``orders``; the same seed gives the same plan.

    The held order comes while the server is up; an over-scan wants an order of several lines;
    what a short run has no place for is left out.
    """
    count = len(orders)
    down = min(max(1, count // 5), count - 1)
    up = max(down + 1, count * 7 // 10)
    several = [order for order in orders if order in several_lines]
    fixed = {}
    if count >= LONG_RUN:
        fixed["server_down"] = orders[down]
        fixed["order_held"] = next((o for o in several if o in orders[:down]), orders[0])
    over = [order for order in several if order != fixed.get("order_held")]
    if over:
        fixed["over_scan"] = over[0]
    rest = [order for order in orders if order not in fixed.values()] or [orders[-1]]
    random.Random(seed).shuffle(rest)
    spread = itertools.cycle(rest)
    faults = [
        Fault(kind, fixed.get(kind) or next(spread))
        for kind in KINDS
        if kind in fixed or kind not in _PLACED
    ]
    return Plan(faults, down, up)
