"""A database that was put back from an older copy: benches first tell again what it lacks.

Every restore raises the generation, by which benches notice (reference/sync.md section 1.1):
they rewind their journals and pull all rows anew.
"""

from __future__ import annotations

from sqlalchemy import Connection, and_, exists, or_, select

from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.store import generation, meta, put_meta
from packstation.server.tables import STATION, STREAM, STREAM_DONE


def begin(server: Server, above: int = 0) -> int:
    """Note that this database is an older copy; answers its new generation.

    ``above``: the highest generation that benches may have seen of databases put back before.
    """
    with server.store.write() as connection:
        gen = max(generation(connection), above) + 1
        put_meta(connection, "generation", str(gen))
        put_meta(connection, "restored", stamp(server.clock.now()))
    return gen


def unheard(connection: Connection, site: str) -> list[str]:
    """Names of benches that have not sent all of their journal since the last restore."""
    restored = meta(connection, "restored")
    if not restored:
        return []
    own = and_(STREAM.c.site == STATION.c.site, STREAM.c.station == STATION.c.station)
    read = and_(*(STREAM_DONE.c[name] == STREAM.c[name] for name in ("site", "station", "epoch")))
    told = exists().where(read, STREAM_DONE.c.seq >= STREAM.c.hw).correlate(STREAM)
    # What it told counts when it is projected: only then its numbers are known.
    whole = and_(
        STREAM.c.seen > restored, STREAM.c.hw >= STREAM.c.head, or_(STREAM.c.hw == 0, told)
    )
    here = and_(STATION.c.site == site, STATION.c.revoked.is_(None))
    waiting = select(STATION.c.name).where(here, ~exists().where(own, whole))
    return list(connection.scalars(waiting.order_by(STATION.c.name)))
