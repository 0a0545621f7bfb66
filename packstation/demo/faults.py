"""Which order meets which trouble; names are those of FORMATS.md "Demo summary"."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from typing import Final

KINDS: Final = (
    "wrong_item",
    "over_scan",
    "order_held",
    "scale_unplugged",
    "paper_out",
    "wrong_label",
    "server_down",
)


@dataclass(slots=True)
class Fault:
    """One trouble of the run; ``seen`` once the window showed it."""

    kind: str
    order_id: str
    seen: bool = False


@dataclass(slots=True)
class Plan:
    """The faults of a run; the server is down from ``down_from`` until ``up_from``."""

    faults: list[Fault] = field(default_factory=list)
    down_from: int = 0
    up_from: int = 0

    def pending(self, kind: str, order_id: str) -> Fault | None:
        """The fault that this order is still to meet."""
        return next(
            (f for f in self.faults if (f.kind, f.order_id) == (kind, order_id) and not f.seen),
            None,
        )


def plan(orders: list[str], several_lines: list[str], seed: int) -> Plan:
    """Spread the faults over a run of ``orders``; the same seed gives the same plan.

    The held order comes while the server is up; an over-scan wants an order of several lines.
    """
    count = len(orders)
    down, up = max(1, count // 4), max(2, count * 3 // 4)
    rest = list(orders[down:]) or list(orders)
    random.Random(seed).shuffle(rest)
    early = next((o for o in orders[:down] if o in several_lines), orders[0])
    over = next((o for o in orders if o in several_lines and o != early), orders[-1])
    spread = itertools.cycle([o for o in rest if o not in {early, over}] or rest)
    fixed = {"order_held": early, "over_scan": over}
    faults = [Fault(kind, fixed.get(kind) or next(spread)) for kind in KINDS[:-1]]
    faults.append(Fault("server_down", orders[min(down, count - 1)]))
    return Plan(faults, down, up)
