"""What is asked about the item in the hand: its data, whether there are two, which one it is.

It is asked before the open order is: what it takes is done, all else goes on to the session.
"""

from __future__ import annotations

from typing import Final

from packstation.domain.packing import State
from packstation.domain.packing import item_inputs as ii
from packstation.domain.packing.changes import keeps_goods
from packstation.domain.packing.inputs import UndoAsked
from packstation.domain.packing.plan import Given
from packstation.domain.packing.session import Packed
from packstation.station.by_hand import BY_HAND, LOOK_AGAIN, SHOWN, ByHand
from packstation.station.capturing import ASKED, TWICE, Capturing
from packstation.station.core import Core
from packstation.station.pictures import product_view
from packstation.station.planning import changes_of, order_digest, order_prints
from packstation.station.ports import AnswerGiven
from packstation.station.verdicts import printed
from packstation.station.views import EntryView, Words

TAKE_OUT: Final = "take_out"
# As many letters of a mark or a serial as tell one thing from another, from its end.
_TELLS: Final = 8


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
        elif command == "undo" and len(self._to_take_out) > 1:
            self._ask_which()
        elif command == "accept" and self._stopped_by_change:
            self._take_change()
        elif command == "manual" and self._core.session.state is State.SCANNING and not desk.nobody:
            self.hand.ask()
        else:
            return False
        return True

    @property
    def _to_take_out(self) -> tuple[int, ...]:
        """Places of the scans that undo may mean: refused units, and the last one."""
        session = self._core.session
        if session.state is not State.SCANNING or session.label_live or session.guard:
            return ()
        inside = session.parcel.contents
        refused = [n for n, item in enumerate(inside) if any(map(_refused, item.given))]
        return tuple(dict.fromkeys((*refused, len(inside) - 1))) if refused else ()

    def _ask_which(self) -> None:
        """Which of them lies in the hand: by picture, and by what only it carries."""
        core, places = self._core, self._to_take_out[:SHOWN]
        inside = core.session.parcel.contents
        views = tuple(product_view(core, inside[place].sku) for place in places)
        rows = [
            (str(place), Words("entry.take_out.row", (("name", view.name), ("mark", _mark(item)))))
            for place, view, item in zip(places, views, (inside[n] for n in places), strict=True)
        ]
        words = Words("entry.take_out")
        core.desk.entry = EntryView(TAKE_OUT, words, choices=tuple(rows), pictures=views)

    def _take_out(self, value: str) -> None:
        self._core.desk.entry = None
        place = next((n for n in self._to_take_out if str(n) == value), None)
        if place is not None:
            self._core.submit(UndoAsked(place=place))

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
        elif kind == TAKE_OUT:
            self._take_out(value)
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


def _refused(one: Given) -> bool:
    return one.status == "refused"


def _mark(item: Packed) -> str:
    """What only this unit carries, its last letters; that it is refused says its row's mark."""
    own = item.serial or next((one.value for one in item.given), "")
    return ("✕ " if any(map(_refused, item.given)) else "") + printed(own)[-_TELLS:]
