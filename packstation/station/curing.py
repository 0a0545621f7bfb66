"""A changed order of a parcel that is held for its papers: it may be just what was waited for.

Then the parcel goes on with it; all else is a change like any other. A long look is done in the
background: the parcel stays held until it is known which of the two it is.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from packstation.domain.customs.findings import Checked
from packstation.domain.customs.pack import Moment
from packstation.domain.packing import Session, State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.changes import keeps_goods
from packstation.station.core import Core
from packstation.station.customs import PAPERS, Customs
from packstation.station.planning import changes_of, order_digest, order_prints
from packstation.station.ports import Happening, OrderRow
from packstation.station.views import VerdictView, Words

# What is done where a change cures nothing.
Otherwise = Callable[[], None]


class CureLooked(Happening, frozen=True):
    """A changed order was looked at, None where that failed; ``number`` says which."""

    checked: Checked | None
    number: int


class _Wait(Struct, frozen=True):
    """A changed order that is looked at in the background, and for which session."""

    session: Session
    row: OrderRow
    moment: Moment
    otherwise: Otherwise


class Curing:
    """One changed order at a time: that of the parcel on the bench."""

    def __init__(self, core: Core, customs: Customs) -> None:
        self._core, self._customs = core, customs
        self._wait: _Wait | None = None
        self._number = 0
        # The open order is compared with the cache anew.
        self.again: Callable[[], None] = lambda: None

    def cures(self, row: OrderRow, otherwise: Otherwise) -> bool:
        """Whether a changed order is what a held parcel waits for, or is being looked at.

        ``otherwise`` is done later where a look in the background says that it is not.
        """
        core, session, customs = self._core, self._core.session, self._customs
        self._over()  # what was asked before is of an older order
        held = session.state is State.HELD and session.hold_reason == PAPERS
        if not held or session.label_live or not customs.ready():
            return False
        if not keeps_goods(changes_of(session, row.order)):
            return False
        known = core.cache.order(session.order_id)
        if known is None or known.rev < row.rev:
            return True  # looked at when the cache has it: facts of ours come first
        moment = customs.moment()
        asked = customs.asked_of(known, None, moment)
        if customs.quick(asked):
            return self._take(row, customs.judge(asked, moment)[0], moment)
        self._number = number = self._number + 1
        self._wait, customs.curing = _Wait(session, row, moment, otherwise), True
        core.run(
            lambda: CureLooked(customs.judge(asked, moment)[0], number), CureLooked(None, number)
        )
        return True

    def looked(self, done: CureLooked) -> None:
        """A look came back; of a session that went on meanwhile it says nothing any more."""
        wait = self._wait
        if wait is None or done.number != self._number:
            return
        self._over()
        if wait.session is not self._core.session:
            self.again()
        elif done.checked is None or not self._take(wait.row, done.checked, wait.moment):
            wait.otherwise()

    def _over(self) -> None:
        self._wait, self._customs.curing = None, False

    def _take(self, row: OrderRow, checked: Checked, moment: Moment) -> bool:
        """Go on with the order, where nothing in it stops the parcel."""
        core, fact = self._core, self._customs.fact(checked, moment)
        if not fact.ok:
            return False
        core.desk.customs = checked
        prints = order_prints(row.order, core.session.parcels[0].id)
        cured = i.PapersLooked(
            checked=fact, rev=row.rev, digest=order_digest(row.order), prints=prints
        )
        core.submit(cured)
        core.desk.verdict = VerdictView("ok", Words("papers.cured"))
        return True
