"""A shift's start and end: what to know before the first parcel, and what stays after the last."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Final

from packstation.domain.packing.facts import LabelApplied, SessionCompleted
from packstation.domain.packing.shift_facts import ShiftEnded, ShiftStarted
from packstation.station.core import Core
from packstation.station.flow_state import Page
from packstation.station.lineup import late_orders, parked
from packstation.station.viewing.frame import sync

START: Final = "shift-start"
END: Final = "shift-end"
LONGEST: Final = 300
# So many of the last orders tell the pace, where so many gaps are shorter than a pause.
LATELY: Final = 60
ENOUGH: Final = 5
PAUSE_S: Final = 15 * 60


class Shift:
    """Opens the two pages and records that they were read; keeps the note for the next person."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def page(self, name: str) -> None:
        """Show it; what has to be counted in the journal is counted once."""
        desk = self._core.desk
        desk.page, desk.flow.page = name, Page(name)
        desk.flow.printed, desk.flow.pace_s = self._printed(), self._pace()

    def _printed(self) -> int:
        """Parcels that were closed at this bench since the shift began: they wait for hand-over."""
        return self._core.store.count_since(LabelApplied.__name__, ShiftStarted.__name__)

    def _pace(self) -> float | None:
        """Seconds an order took here lately: the median of the gaps, pauses left out."""
        events = self._core.store.bench_events([SessionCompleted.__name__], LATELY)
        ends = [datetime.fromisoformat(event.at) for event in events]
        gaps = [(after - before).total_seconds() for before, after in pairwise(ends)]
        worked = [gap for gap in gaps if 0 < gap <= PAUSE_S]
        return median(worked) if len(worked) >= ENOUGH else None

    def accept(self) -> None:
        """Enter: begin, or end."""
        core = self._core
        name, flow = core.desk.page, core.desk.flow
        if name == START:
            core.record(self._started())
        else:
            core.record(self._ended())
        core.desk.page, flow.page, flow.home = "", Page(), True
        core.desk.earcon = "order_opened"

    def _started(self) -> ShiftStarted:
        core = self._core
        flow = core.desk.flow
        return ShiftStarted(
            badge=core.actor,
            late=len(late_orders(core)),
            tasks=len(flow.tasks),
            unsent=core.desk.waiting,
            labels_left=sync(core).labels_left,
        )

    def _ended(self) -> ShiftEnded:
        core = self._core
        flow = core.desk.flow
        return ShiftEnded(
            badge=core.actor,
            parked=sum(not one.bench for one in parked(core).values()),
            printed=flow.printed,
            tasks=len(flow.tasks),
            unsent=core.desk.waiting,
            noted=bool(core.cache.note()),
        )

    def leave_note(self, text: str) -> None:
        """For the next person at this bench; it stays here and is in no fact."""
        self._core.cache.leave_note(" ".join(text.split())[:LONGEST])
