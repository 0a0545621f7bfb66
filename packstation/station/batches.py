"""Identical orders one after the other: each is verified, the next opens by itself."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from packstation.domain.packing import State
from packstation.domain.packing.facts import Fact, SessionCompleted
from packstation.domain.packing.session import Line
from packstation.domain.queueing import goods_key
from packstation.station.core import Core
from packstation.station.elsewhere import refusal
from packstation.station.flow_state import Batch
from packstation.station.lineup import lined, parked, shown, startable
from packstation.station.opening import Opening
from packstation.station.ports import OrderRow
from packstation.station.views import Words


class Batches:
    """A batch begins with the first row that is shown and ends when none like it is left."""

    def __init__(self, core: Core, opening: Opening) -> None:
        self._core = core
        self._opening = opening

    def begin(self, _: str = "") -> None:
        """All orders of the same goods as the first row's."""
        core = self._core
        if core.session.live:
            core.refuse(f"not_now.{core.session.state}", code_kind="command")
            return
        first = startable(core, shown(core))
        goods = goods_key(first.order) if first else ()
        rows = self.rows(goods)
        if len(rows) < 2:
            core.refuse("batch.alone", code_kind="command")
            return
        core.desk.page = ""
        self._opening.open(rows[0])
        core.desk.flow.batch = Batch(goods, 0, len(rows))

    def rows(self, goods: tuple[tuple[str, int], ...]) -> tuple[OrderRow, ...]:
        """Orders of just these goods that can be opened, in the order that is shown."""
        core, away = self._core, parked(self._core)
        return tuple(
            row
            for row in lined(core).rows
            if goods_key(row.order) == goods
            and row.order.order_id not in away
            and not refusal(core, row)
        )

    def told(self, facts: tuple[Fact, ...]) -> None:
        """Count what is closed."""
        flow, session = self._core.desk.flow, self._core.session
        done = any(isinstance(fact, SessionCompleted) for fact in facts)
        if flow.batch is not None and done and _goods(session.lines) == flow.batch.goods:
            flow.batch = replace(flow.batch, done=flow.batch.done + 1)

    def go_on(self) -> bool:
        """The label of one was scanned: open the next; whether there was one."""
        core, flow = self._core, self._core.desk.flow
        if flow.batch is None or core.session.state is not State.COMPLETED:
            return False
        batch, rows = flow.batch, self.rows(flow.batch.goods)
        if not rows:
            flow.batch = None
            return False
        self._opening.open(rows[0])
        flow.batch = replace(batch, total=batch.done + len(rows))
        core.desk.earcon = "parcel_complete"
        return True

    @staticmethod
    def hint_of(core: Core) -> Words | None:
        """Which one of how many is on the bench."""
        batch = core.desk.flow.batch
        if batch is None:
            return None
        return Words("hint.batch", (("d", batch.done + 1), ("n", batch.total)))


def _goods(lines: Sequence[Line]) -> tuple[tuple[str, int], ...]:
    units: dict[str, int] = {}
    for line in lines:
        units[line.plan.sku] = units.get(line.plan.sku, 0) + line.plan.quantity
    return tuple(sorted(units.items()))
