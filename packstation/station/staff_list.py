"""Who may sign in when the server was not heard of for long (domain.staffing).

The list of people holds 72 hours since the server confirmed it. After that nobody signs in
until the server is back, or a supervisor opens one shift by PIN, which is a fact.
"""

from __future__ import annotations

from packstation.domain.packing.staff_facts import OfflineShiftOpened
from packstation.domain.staffing import LIST, ROW, SHIFT, SHIFT_LASTS, holds, text
from packstation.station.core import Core
from packstation.station.ports import Row


class StaffDoor:
    """Whether the list holds, and the shift that was opened without it."""

    def __init__(self, core: Core) -> None:
        self._core = core

    @property
    def shut(self) -> bool:
        """Whether nobody may sign in: never online, nor where no server ever confirmed a list."""
        core = self._core
        known = core.cache.kept(ROW, LIST)
        if core.desk.online or not known:
            return False
        now, shift = core.clock.now(), core.cache.kept(ROW, SHIFT)
        return not (
            holds(known.get("at"), known.get("until"), now)
            or holds(shift.get("at"), shift.get("until"), now)
        )

    def open_shift(self, by: str) -> None:
        """A supervisor takes it on themselves, for one shift; kept over a restart."""
        core = self._core
        now = core.clock.now()
        until, listed = text(now + SHIFT_LASTS), str(core.cache.kept(ROW, LIST).get("at", ""))
        core.record(OfflineShiftOpened(by=by, until=until, listed=listed))
        body = {"at": text(now), "until": until}
        core.cache.apply((Row(t=ROW, id=SHIFT, rev=1, op="put", body=body),), core.cache.cursor())
