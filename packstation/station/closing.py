"""The last look at a parcel, when the label on its box was scanned: nothing closes before it.

It waits for rules that are not read yet (the first second after a start), and a long one is done
in the background; meanwhile the packer is told that the box closes by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from packstation.domain.customs.findings import Checked
from packstation.domain.packing import Session, State
from packstation.domain.packing.customs_facts import PapersChecked
from packstation.station.core import Core
from packstation.station.customs import Customs
from packstation.station.customs_case import CaseAsked
from packstation.station.ports import Happening
from packstation.station.views import VerdictView, Words

# Told what the rules said; None where they were not asked: it is no parcel's label, for one.
Then = Callable[[PapersChecked | None], None]

_WAITS: Final = VerdictView("ok", Words("papers.closing"), Words("papers.closing.todo"))


class CloseLooked(Happening, frozen=True):
    """A last look in the background came back, None where it failed; ``number`` says which."""

    checked: Checked | None
    number: int


class _Wait(Struct, frozen=True):
    """A label that was scanned, and the session that it was scanned in."""

    waybill: str
    session: Session
    scanner: str
    then: Then


class Closing:
    """One parcel at a time: that on the bench."""

    def __init__(self, core: Core, customs: Customs) -> None:
        self._core, self._customs = core, customs
        self._wait: _Wait | None = None
        self._number = 0

    def close(self, waybill: str, then: Then) -> None:
        """Look, now or as soon as it can be done; ``then`` is called after it."""
        core, asked = self._core, self._customs.last_asked() if self._is_due(waybill) else None
        if asked is None:
            self._wait = None
            then(None)
            return
        wait = _Wait(waybill, core.session, core.desk.scanner, then)
        if not self._customs.ready():
            self._wait = wait
            self._say()
        elif self._customs.quick(asked):
            self._wait = None
            then(self._customs.closed(self._customs.last_look(asked)))
        else:
            same, self._wait = self._is_under_way(wait), wait
            self._say()
            if not same:
                self._look(asked)

    def _is_under_way(self, wait: _Wait) -> bool:
        """Whether somebody is just impatient."""
        return self._wait is not None and self._wait.session is wait.session

    def _look(self, asked: CaseAsked) -> None:
        self._number = number = self._number + 1
        look = self._customs.last_look
        self._core.run(lambda: CloseLooked(look(asked), number), CloseLooked(None, number))

    def looked(self, done: CloseLooked) -> None:
        """A long one came back; of a session that went on meanwhile it is done anew."""
        wait = self._wait
        if wait is None or done.number != self._number:
            return
        if wait.session is not self._core.session or self._core.desk.nobody:
            self.again()
            return
        self._wait = None
        self._unsay()
        self._as_scanned(wait, lambda: wait.then(self._customs.closed(done.checked)))

    def again(self) -> None:
        """The rules came, or the session went on: a box that waits is looked at.

        Where nobody is there any more, or the label was voided, it is to be scanned again.
        """
        wait, self._wait = self._wait, None
        if wait is None:
            return
        self._unsay()
        if self._still_waits(wait):
            self._as_scanned(wait, lambda: self.close(wait.waybill, wait.then))

    def _still_waits(self, wait: _Wait) -> bool:
        return self._is_due(wait.waybill) and not self._core.desk.nobody

    def _as_scanned(self, wait: _Wait, does: Callable[[], None]) -> None:
        """Facts name the scanner that read the label."""
        desk = self._core.desk
        desk.scanner = wait.scanner
        try:
            does()
        finally:
            desk.scanner = ""

    def _is_due(self, waybill: str) -> bool:
        """Whether it is the label of the box on the bench, with all that goes on it in place."""
        session = self._core.session
        label = session.parcel.label if session.parcels else None
        shown = session.state in {State.PRINTING, State.CONFIRMING}
        return (
            shown and label is not None and label.waybill == waybill and session.unconfirmed is None
        )

    def _say(self) -> None:
        self._core.desk.verdict = _WAITS

    def _unsay(self) -> None:
        """The wait is over; what was said since then stays."""
        if self._core.desk.verdict is _WAITS:
            self._core.desk.verdict = None
