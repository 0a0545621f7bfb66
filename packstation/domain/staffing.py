"""How long a bench may trust its list of people without a word of the server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

# Kind and id of the row that says until when the list holds.
ROW: Final = "staff"
LIST: Final = "list"
# The bench's own: a shift that a supervisor opened (it comes from no server).
SHIFT: Final = "shift"
HOLDS: Final = timedelta(hours=72)
SHIFT_LASTS: Final = timedelta(hours=12)
# How far a clock may go back until what it says of time is not believed.
SLACK: Final = timedelta(hours=1)


class StaffList(Struct, frozen=True, kw_only=True):
    """The list was confirmed ``at`` and holds ``until`` (RFC 3339, UTC)."""

    at: str
    until: str


def holds(at: object, until: object, now: datetime) -> bool:
    """Whether ``now`` lies between; never where one of them is no time, or the clock went back."""
    try:
        begin, end = datetime.fromisoformat(str(at)), datetime.fromisoformat(str(until))
        return begin - SLACK <= now < min(end, begin + HOLDS)
    except (ValueError, TypeError, OverflowError):  # TypeError: without a zone
        return False


def text(moment: datetime) -> str:
    """RFC 3339, UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
