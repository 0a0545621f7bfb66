"""What is asked about the item in the hand: its data, whether there are two, which one it is.

It is asked before the open order is: what it takes is done, all else goes on to the session.
"""

from __future__ import annotations

from packstation.domain.packing import State
from packstation.station.by_hand import BY_HAND, LOOK_AGAIN, ByHand
from packstation.station.capturing import ASKED, TWICE, Capturing
from packstation.station.core import Core
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
        elif command == "manual" and self._core.session.state is State.SCANNING and not desk.nobody:
            self.hand.ask()
        else:
            return False
        return True

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
