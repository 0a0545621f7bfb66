"""What a station may not do: a second past under one epoch. Kept as evidence, never merged."""

from __future__ import annotations

import hashlib

from sqlalchemy import and_, insert, select, update

from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.tables import QUARANTINE, STREAM


def sha256(content: bytes) -> str:
    """Lower-case hex."""
    return hashlib.sha256(content).hexdigest()


def note_fork(server: Server, caller: StationCaller, problem: Problem, body: bytes) -> None:
    """Keep the push that told another past, once, and mark the stream."""
    now = stamp(server.clock.now())
    place = {"site": caller.site, "station": caller.station, "epoch": caller.epoch}
    key = {**place, "seq": problem.members["at"], "hash": sha256(body)}
    same = and_(*(QUARANTINE.c[name] == value for name, value in key.items()))
    with server.store.write() as connection:
        if connection.scalar(select(QUARANTINE.c.seq).where(same)) is None:
            connection.execute(
                insert(QUARANTINE).values(
                    **key, problem="fork", raw=body.decode(errors="replace"), received=now
                )
            )
        stream = and_(*(STREAM.c[name] == value for name, value in place.items()))
        connection.execute(update(STREAM).where(stream).values(forked=now))
    server.bell.ring()
