"""Whose turn it is at a printer of several benches: first come, first served."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from msgspec import Struct

from packstation.station.ports import PrintJob

Waiting = tuple[tuple[str, int], ...]


class Ticket(Struct, frozen=True):
    """A place in the line; ``made`` is there for the owner's own jobs only."""

    bench: str
    job: str
    made: PrintJob | None = None


class Turns:
    """The line, and who is at the printer. Not locked: its owner is."""

    def __init__(self) -> None:
        self._line: deque[Ticket] = deque()
        self.current: Ticket | None = None

    def join(self, ticket: Ticket) -> None:
        """Take the last place; the same ticket again keeps its own."""
        if not any(self._same(one, ticket) for one in (*self._line, self.current) if one):
            self._line.append(ticket)

    @staticmethod
    def _same(one: Ticket, other: Ticket) -> bool:
        return (one.bench, one.job) == (other.bench, other.job)

    def leave(self, bench: str, job: str) -> bool:
        """Give the place up; False for a job that is not in the line."""
        before = len(self._line)
        self._line = deque(one for one in self._line if (one.bench, one.job) != (bench, job))
        return len(self._line) < before

    def forget(self, bench: str) -> None:
        """A bench has gone: its places with it."""
        self._line = deque(one for one in self._line if one.bench != bench)

    @property
    def head(self) -> Ticket | None:
        """Who is next."""
        return self._line[0] if self._line else None

    def call(self) -> Ticket | None:
        """The next one goes to the printer."""
        self.current = self._line.popleft() if self._line else None
        return self.current

    def before(self, bench: str) -> Waiting:
        """Jobs of others that come before the next one of ``bench``, or all where it has none."""
        ahead = [self.current] if self.current else []
        for ticket in self._line:
            if ticket.bench == bench:
                break
            ahead.append(ticket)
        return _counted(one.bench for one in ahead if one.bench != bench)


def _counted(benches: Iterable[str]) -> Waiting:
    counts: dict[str, int] = {}
    for bench in benches:
        counts[bench] = counts.get(bench, 0) + 1
    return tuple(counts.items())
