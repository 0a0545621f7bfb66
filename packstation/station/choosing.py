"""One code, several orders: a choice with reasons instead of a silent pick, or all in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from packstation.domain.queueing import goods_key
from packstation.station.beside import Totes
from packstation.station.core import Core
from packstation.station.elsewhere import refusal
from packstation.station.flow_state import Page
from packstation.station.lineup import LIMIT, ranked_rows
from packstation.station.opening import Opening
from packstation.station.ports import OrderRow
from packstation.station.views import Words

PAGE: Final = "choose"


class Choosing:
    """The page of choices, and the orders that are to be done one after the other."""

    def __init__(self, core: Core, opening: Opening, totes: Totes) -> None:
        self._core = core
        self._opening = opening
        self._totes = totes

    def open_one_of(self, rows: Sequence[OrderRow], code: str) -> None:
        """Open the only one that can be; ask where there are several."""
        free = [row for row in rows if not refusal(self._core, row) and not self._packed(row)]
        if len(free) > 1:
            ids = tuple(row.order.order_id for row in rows)
            self._core.desk.page = PAGE
            self._core.desk.flow.page = Page(PAGE, about=code, ids=ids)
            self._core.desk.earcon = "ok"
        else:
            self._open((free or list(rows))[0], code)

    def _open(self, row: OrderRow, code: str) -> None:
        """Open it; the tote that led to it stands here."""
        self._opening.open(row)
        self._totes.scanned(code)
        self._core.desk.earcon = "order_opened" if self._core.session.live else ""

    def open_for(self, sku: str) -> None:
        """An item: the most urgent order that needs it; the batch's and the tote's go first."""
        core = self._core
        rows = [
            row
            for row in core.cache.orders_with_sku(sku, limit=LIMIT)
            if not refusal(self._core, row) and not self._opening.begun(row)
        ]
        if not rows:
            core.refuse("item.no_order", code_kind="item", text=sku)
            return
        ranked = ranked_rows(core, rows)
        flow = core.desk.flow
        alike = [row for row in ranked if flow.batch and goods_key(row.order) == flow.batch.goods]
        turn = [row for row in ranked if row.order.order_id in flow.turn]
        row = (turn or alike or ranked)[0]
        batch, left = flow.batch, tuple(name for name in flow.turn if name != row.order.order_id)
        self._opening.open(row)
        flow.batch, flow.turn = batch, left
        if len(rows) > 1 and not (alike or turn):
            urgent = Words("hint.urgent", (("n", len(rows)),), len(rows))
            flow.hints = (urgent, *flow.hints)

    def _packed(self, row: OrderRow) -> bool:
        return self._opening.packed(row)

    def pick(self, order_id: str) -> None:
        """This one, and no other."""
        row, code = self._core.cache.order(order_id), self._core.desk.flow.page.about
        self.leave()
        if row is not None:
            self._open(row, code)

    def in_turn(self) -> None:
        """All that can be packed, the first one now; Enter goes on to the next."""
        page = self._core.desk.flow.page
        code = page.about
        rows = [row for name in page.ids if (row := self._core.cache.order(name)) is not None]
        free = [row for row in rows if not refusal(self._core, row) and not self._packed(row)]
        self.leave()
        if free:
            self._open(free[0], code)
            self._core.desk.flow.turn = tuple(row.order.order_id for row in free[1:])

    def next_in_turn(self) -> OrderRow | None:
        """The next of a tote's orders that can be opened."""
        flow = self._core.desk.flow
        while flow.turn:
            row = self._core.cache.order(flow.turn[0])
            if row is not None and not refusal(self._core, row) and not self._packed(row):
                return row
            flow.turn = flow.turn[1:]
        return None

    def leave(self) -> None:
        """Away from the page."""
        self._core.desk.page, self._core.desk.flow.page = "", Page()
