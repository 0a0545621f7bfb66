"""The shop's word in the choice of services, as its server sent it: read beside the window."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec
from msgspec import Struct

from packstation.domain.choice.calendars import Calendars
from packstation.domain.choice.lanes import LaneBook, LaneRow, Lanes
from packstation.domain.choice.rules import ChoiceRules
from packstation.first_use import shaped
from packstation.station.core import Core
from packstation.station.ports import Happening, RowsPulled
from packstation.station.reading import Reading

log = logging.getLogger(__name__)

# Rows of this kind: one document each of rules, lanes and calendars.
CHOICE: Final = "choice"
_SHAPES: Final[Mapping[str, type[Struct]]] = {
    "packstation.choice/1": ChoiceRules,
    "packstation.lanes/1": Lanes,
    "packstation.calendars/1": Calendars,
}


class ChoiceRead(Happening, frozen=True):
    """Rules of the choice were read in the background; parcels rated from now on follow them."""


class Known(Struct, frozen=True):
    """What services are judged by."""

    rules: ChoiceRules = ChoiceRules()
    lanes: tuple[LaneRow, ...] = ()
    calendars: Calendars = Calendars()


class SiteChoice:
    """Keeps the choice at what the server published last; nothing published, it goes by price."""

    def __init__(self, core: Core) -> None:
        self._core = core
        # The program's own calendars, read in a thread that has the time.
        self.shipped: Callable[[], Calendars] = Calendars
        self._reading = Reading(core, CHOICE, self._take, ChoiceRead())
        self._read = False
        self._own: Calendars | None = None
        self._lanes: tuple[object, date, LaneBook] | None = None
        self.known = Known()
        # Whatever is due is started anew.
        self.again: Callable[[], None] = lambda: None

    def _take(self, bodies: Sequence[Mapping[str, object]]) -> None:
        if self._own is None:
            self._own = self.shipped()
        found = {type(one): one for one in map(_document, bodies) if one is not None}
        rules, lanes = found.get(ChoiceRules), found.get(Lanes)
        calendars = found.get(Calendars)
        self.known = Known(
            rules if isinstance(rules, ChoiceRules) else ChoiceRules(),
            lanes.lanes if isinstance(lanes, Lanes) else (),
            self._own.over(calendars) if isinstance(calendars, Calendars) else self._own,
        )
        self.lanes(date.fromisoformat(self._core.today()))  # worked out here, not at the scale

    def rows(self, report: RowsPulled) -> None:
        """They may have changed: those before hold until these are read."""
        if any(row.t == CHOICE for row in report.rows):
            self._reading.begin()

    def ready(self) -> bool:
        """Whether they were read since the start; where not, they are from now on."""
        if not self._read:
            self._reading.want()
        return self._read

    def read(self) -> None:
        """They are here: parcels are judged by them."""
        self._read = True
        self._reading.ended()
        self.again()

    def lanes(self, today: date) -> LaneBook:
        """What is known of lanes on a day; worked out once for each."""
        known, kept = self.known, self._lanes
        if kept is None or kept[0] is not known or kept[1] != today:
            kept = (known, today, LaneBook(known.lanes, today, known.rules.prior))
            self._lanes = kept
        return kept[2]


def _document(body: Mapping[str, object]) -> Struct | None:
    """A row as its document; None, and a word in the log, where it is none."""
    shape: Any = _SHAPES.get(str(body.get("schema")))
    if shape is None:
        log.warning("choice: no document of ours: %r", body.get("schema"))
        return None
    try:
        found: Struct = shaped(body, shape)
    except msgspec.ValidationError as exc:
        log.warning("choice: not taken: %s", exc)
        return None
    return found
