"""Labels that are bought, or may be, and are not here yet: asked for by key until they are.

A bench that waits drives its own label. Those whose bench is gone (closed, cut off, broken) are
asked for by a thread of the server, so that no sale is forgotten and none is paid twice. The
longer a label takes, the rarer it is asked for: 0, 0, 2, 4, 8, 15, 30, then every 60 seconds.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from msgspec import Struct
from sqlalchemy import and_, delete, insert, select, update

from packstation.domain.carriers import Bought
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.moments import moment, stamp
from packstation.server.problems import Problem
from packstation.server.tables import LABEL, LABEL_WAIT

log = logging.getLogger(__name__)

BUSY: Final = "label.waits"
LOOKS_S: Final = 0.5
PAUSES_S: Final = (0, 0, 2, 4, 8, 15, 30, 60)
# A bench asks every five seconds; one that has not for so long is gone.
BENCH_GONE: Final = timedelta(seconds=30)
# A file that is no label so often will never be one.
MOST_FAULTS: Final = 6

Settle = Callable[[Server, StationCaller, str], object]


class Wait(Struct, frozen=True, kw_only=True):
    """What is waited for: since when, asked how often, how often the file was none and why."""

    since: str
    next: str
    tries: int = 0
    faults: int = 0
    fault: str = ""


def of(server: Server, site: str, key: str) -> Wait | None:
    """The wait of a key."""
    where = and_(LABEL_WAIT.c.site == site, LABEL_WAIT.c.key == key)
    with server.store.read() as connection:
        row = connection.execute(select(LABEL_WAIT).where(where)).one_or_none()
    if row is None:
        return None
    return Wait(since=row.since, next=row.next, tries=row.tries, faults=row.faults, fault=row.fault)


def due(server: Server, site: str, key: str) -> bool:
    """Whether the carrier may be asked again now."""
    wait = of(server, site, key)
    return wait is None or wait.next <= stamp(server.clock.now())


def note(server: Server, site: str, key: str, got: Bought | None = None) -> Wait:
    """It is not here yet; ``got`` is what there is of it. The next question is put off."""
    now = server.clock.now()
    before = of(server, site, key)
    tries = before.tries + 1 if before else 1
    fault = got.fault if got else ""
    faults = (before.faults if before else 0) + bool(fault)
    pause = timedelta(seconds=PAUSES_S[min(tries, len(PAUSES_S)) - 1])
    columns = {"next": stamp(now + pause), "tries": tries, "faults": faults, "fault": fault}
    where = and_(LABEL_WAIT.c.site == site, LABEL_WAIT.c.key == key)
    since = before.since if before else stamp(now)
    with server.store.write() as connection:
        if before is None:
            connection.execute(
                insert(LABEL_WAIT).values(site=site, key=key, since=since, **columns)
            )
        else:
            connection.execute(update(LABEL_WAIT).where(where).values(**columns))
    return Wait(since=since, next=str(columns["next"]), tries=tries, faults=faults, fault=fault)


def done(server: Server, site: str, key: str) -> None:
    """It is here, refused, or was never bought."""
    where = and_(LABEL_WAIT.c.site == site, LABEL_WAIT.c.key == key)
    with server.store.write() as connection:
        connection.execute(delete(LABEL_WAIT).where(where))


def may_still_come(server: Server, site: str, key: str, settle_s: float) -> bool:
    """Whether the last request is so fresh that "not found" means nothing."""
    where = and_(LABEL.c.site == site, LABEL.c.key == key)
    with server.store.read() as connection:
        asked = connection.scalar(select(LABEL.c.asked).where(where))
    settled = moment(str(asked)) + timedelta(seconds=settle_s) if asked else server.clock.now()
    return server.clock.now() < settled


def adopt(server: Server) -> None:
    """Wait for what a server that was killed had asked of a carrier."""
    now = stamp(server.clock.now())
    kept = select(LABEL_WAIT.c.key).where(
        LABEL_WAIT.c.site == LABEL.c.site, LABEL_WAIT.c.key == LABEL.c.key
    )
    open_ones = select(LABEL.c.site, LABEL.c.key).where(LABEL.c.status == "pending", ~kept.exists())
    with server.store.write() as connection:
        rows = connection.execute(open_ones).all()
        for row in rows:
            wait = {"site": row.site, "key": row.key, "since": now, "next": now, "tries": 0}
            connection.execute(insert(LABEL_WAIT).values(**wait, faults=0, fault=""))


# --- the thread --------------------------------------------------------------------------------


def begin(server: Server, settle: Settle) -> threading.Thread | None:
    """Ask for what nobody asks for, in a thread of its own; None where one is at it or none is."""
    if not _waiting(server) or not server.desk.take(BUSY):
        return None
    thread = threading.Thread(target=_run, args=(server, settle), name=BUSY, daemon=True)
    thread.start()
    return thread


def _run(server: Server, settle: Settle) -> None:
    pause = threading.Event()
    try:
        while not server.bell.closed and _waiting(server):
            if not _ask_one(server, settle):
                pause.wait(LOOKS_S)
    except Exception:  # a thread of its own: nobody else would hear of it
        log.exception(BUSY)
    finally:
        server.desk.give_back(BUSY)


def _waiting(server: Server) -> bool:
    with server.store.read() as connection:
        return connection.scalar(select(LABEL_WAIT.c.key).limit(1)) is not None


def _ask_one(server: Server, settle: Settle) -> bool:
    """Ask for the one that nobody has asked for the longest; whether there was one."""
    gone = stamp(server.clock.now() - BENCH_GONE)
    asked = select(LABEL_WAIT.c.site, LABEL_WAIT.c.key, LABEL.c.station).where(
        LABEL_WAIT.c.next < gone, LABEL.c.site == LABEL_WAIT.c.site, LABEL.c.key == LABEL_WAIT.c.key
    )
    with server.store.read() as connection:
        row = connection.execute(asked.order_by(LABEL_WAIT.c.next).limit(1)).first()
    if row is None or not server.desk.take(row.key):
        return False
    caller = StationCaller(site=row.site, station=row.station, epoch="", gen=1)
    try:
        settle(server, caller, row.key)
    except Problem as problem:
        log.info("label %s: %s %s", row.key, problem.code, problem.members.get("reason", ""))
    finally:
        server.desk.give_back(row.key)
    return True
