"""What is asked about the item in the hand: its data, whether there are two, which one it is.

It is asked before the open order is: what it takes is done, all else goes on to the session.
"""

from __future__ import annotations

from packstation.domain.packing import State
from packstation.domain.packing import item_inputs as ii
from packstation.domain.packing.changes import keeps_goods
from packstation.station.by_hand import BY_HAND, LOOK_AGAIN, ByHand
from packstation.station.capturing import ASKED, TWICE, Capturing
from packstation.station.core import Core
from packstation.station.planning import changes_of, order_digest, order_prints
from packstation.station.ports import AnswerGiven


class ItemDesk:
    """Commands and entries about items; each answers whether it was one."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.capturing = Capturing(core)
        self.hand = ByHand(core, self.capturing)

    def command(self, command: str) -> bool:
        """F2 picks by picture; undo and back drop the item that waits for an answer."""
        desk = self._core.desk
        if command in {"undo", "back"} and self.capturing.asks:
            self.capturing.drop()
        elif command == "accept" and self._stopped_by_change:
            self._take_change()
        elif command == "manual" and self._core.session.state is State.SCANNING and not desk.nobody:
            self.hand.ask()
        else:
            return False
        return True

    @property
    def _stopped_by_change(self) -> bool:
        session = self._core.session
        return session.state is State.HELD and session.hold_reason == "changed"

    def _take_change(self) -> None:
        """Go on with the order as it is now, where the goods are the same.

        The cache keeps an order's old row until our facts are sent: then there is nothing new yet.
        """
        core, session = self._core, self._core.session
        row = core.cache.order(session.order_id)
        found = changes_of(session, row.order) if row is not None else ()
        refusal = "" if keeps_goods(found) else "change.goods" if found else "change.wait"
        core.submit(
            ii.ChangeAccepted(
                rev=row.rev if row else session.rev,
                digest=order_digest(row.order) if row else "",
                prints=order_prints(row.order, session.parcels[0].id) if row else (),
                refusal=refusal,
            )
        )

    def entered(self, kind: str, value: str) -> bool:
        """A field or a list about the item was answered."""
        if kind in ASKED or kind == TWICE:
            self.capturing.typed(kind, value)
        elif kind == BY_HAND:
            self.hand.chosen(value)
        elif kind == LOOK_AGAIN:
            self.hand.looked(same=value == "yes")
        else:
            return False
        return True

    def answered(self, answer: AnswerGiven) -> tuple[str, str] | None:
        """Yes or no to a question about the item, as the entry and the row that it means."""
        entry = self._core.desk.entry
        yes = {TWICE: ("one", "two"), LOOK_AGAIN: ("no", "yes")}
        rows = yes.get(entry.kind) if entry is not None else None
        return (entry.kind, rows[answer.yes]) if entry is not None and rows else None
