"""Which dated copies are kept: 7 days, 5 weeks, 12 months, the newest of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final

Period = Callable[[datetime], tuple[int, ...]]

KEPT: Final[tuple[tuple[int, Period], ...]] = (
    (7, lambda at: (at.year, at.month, at.day)),
    (5, lambda at: tuple(at.isocalendar()[:2])),
    (12, lambda at: (at.year, at.month)),
)


def kept(copies: Iterable[datetime]) -> set[datetime]:
    """The newest copy of each of the last 7 days, 5 weeks and 12 months (UTC) that have one."""
    newest_first = sorted({at.astimezone(UTC) for at in copies}, reverse=True)
    held: set[datetime] = set()
    for count, period in KEPT:
        newest: dict[tuple[int, ...], datetime] = {}
        for at in newest_first:
            newest.setdefault(period(at), at)
        held.update(list(newest.values())[:count])
    return held
