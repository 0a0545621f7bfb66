"""The thread that follows the journals: folds, rows, papers, numbers, a moment after each push.

It is woken by ingest and looks by itself each second, for another process may have taken a push.
Each transaction is short, so that nobody who writes waits for a bench's backlog. All processes
on one database may project at once: whoever has the writers' turn goes on where the mark is.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Select, and_, func, select

from packstation.server import projection, requirements
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.moments import moment
from packstation.server.tables import JOURNAL, STREAM, STREAM_DONE

log = logging.getLogger(__name__)

SWEEP_S: Final = 1.0
TURN_S: Final = 0.05  # of one transaction
STREAMS: Final = 500  # looked for at once
FAILED_S: Final = (0.2, 5.0)  # the first and the longest wait after the database did not do it


class Projector:
    """The projecting thread of a process and what it is asked for."""

    def __init__(self, server: Server) -> None:
        """Not running yet."""
        self._server = server
        self._condition = threading.Condition()
        self._asked = 0
        self._swept = 0
        self._heard: set[str] = set()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to follow."""
        self._thread = threading.Thread(target=self._run, name="packstation-projector")
        self._thread.start()

    def stop(self) -> None:
        """End after the transaction that is under way; what is left the next start projects."""
        with self._condition:
            self._stopping = True
            self._condition.notify_all()
        if self._thread is not None:
            self._thread.join()

    def wake(self, *sites: str) -> None:
        """Something was kept of these sites' benches, or one of them was heard of."""
        with self._condition:
            self._asked += 1
            self._heard.update(sites)
            self._condition.notify_all()

    def settle(self, timeout: float = 30.0) -> bool:
        """Return when all that was kept before this call is projected; whether it is."""
        with self._condition:
            self._asked += 1
            want = self._asked
            self._condition.notify_all()
            return self._condition.wait_for(lambda: self._swept >= want, timeout)

    def _run(self) -> None:
        failed = 0
        while True:
            with self._condition:
                if failed:
                    wait = min(FAILED_S[0] * 2**failed, FAILED_S[1])
                    self._condition.wait_for(lambda: self._stopping, wait)
                else:
                    self._condition.wait_for(self._is_wanted, SWEEP_S)
                if self._stopping:
                    return
                asked, sites, self._heard = self._asked, self._heard, set()
            try:
                self._sweep(sites)
            except Exception:  # the thread of all projections: whatever it is, it tries again
                log.exception("projector")
                failed += 1
                with self._condition:
                    self._heard |= sites
                continue
            failed = 0
            with self._condition:
                self._swept = asked
                self._condition.notify_all()

    def _is_wanted(self) -> bool:
        return self._stopping or self._asked > self._swept

    def _sweep(self, sites: set[str]) -> None:
        while not self._stopping and (behind := streams_behind(self._server)):
            self._turns(deque(behind))
            sites = sites | {one.site for one in behind}
        for site in sites:
            _ask_gate(self._server, site)

    def _turns(self, behind: deque[StationCaller]) -> None:
        while behind and not self._stopping:
            until = time.monotonic() + TURN_S
            with self._server.store.write() as connection:
                while behind and time.monotonic() < until:
                    stream = behind.popleft()
                    if projection.advance(self._server, connection, stream).more:
                        behind.append(stream)
            self._server.bell.ring()


def streams_behind(server: Server) -> list[StationCaller]:
    """Journals of which the server has more than it has projected; at most `STREAMS`."""
    with server.store.read() as connection:
        found = connection.execute(_behind().limit(STREAMS)).all()
    return [caller(row.site, row.station, row.epoch) for row in found]


def caller(site: str, station: str, epoch: str) -> StationCaller:
    """Whose facts are projected."""
    return StationCaller(site=site, station=station, epoch=epoch, gen=0)


def catch_up(server: Server, stream: StationCaller) -> dict[int, str]:
    """Project all of one journal in this thread; answers what cannot be so by seq."""
    problems: dict[int, str] = {}
    while True:
        with server.store.write() as connection:
            done = projection.advance(server, connection, stream)
        problems |= done.problems
        if not done.more:
            break
    server.bell.ring()
    _ask_gate(server, stream.site)
    return problems


def lag_s(connection: Connection, now: datetime) -> float:
    """How long the oldest event that is not projected has waited, in seconds; 0 when none is."""
    behind = _behind().subquery()
    ahead = and_(
        *(JOURNAL.c[name] == behind.c[name] for name in ("site", "station", "epoch")),
        JOURNAL.c.seq == behind.c.done + 1,
    )
    oldest = connection.scalar(select(func.min(JOURNAL.c.received)).join(behind, ahead))
    return max(0.0, (now - moment(oldest)).total_seconds()) if oldest else 0.0


def _behind() -> Select[tuple[str, str, str, int]]:
    same = and_(*(STREAM.c[n] == STREAM_DONE.c[n] for n in ("site", "station", "epoch")))
    done = func.coalesce(STREAM_DONE.c.seq, 0)
    return (
        select(STREAM.c.site, STREAM.c.station, STREAM.c.epoch, done.label("done"))
        .join(STREAM_DONE, same, isouter=True)
        .where(STREAM.c.hw > done)
    )


def _ask_gate(server: Server, site: str) -> None:
    """Marketplaces are asked after each push, a heartbeat too."""
    if server.gate is None:
        return
    with server.store.read() as connection:
        due = requirements.is_due(server, connection, site)
    if due:
        requirements.begin(server, site)
