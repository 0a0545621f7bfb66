"""What Prometheus reads: text format 0.0.4, counted from the tables; no person is named."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, and_, func, select

from packstation.server import pools, projector
from packstation.server.core import Server
from packstation.server.keeping import daily
from packstation.server.moments import moment
from packstation.server.sites import codes
from packstation.server.store import generation
from packstation.server.tables import JOURNAL, QUARANTINE, STATUS, STREAM

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[dict[str, str], float]
HELP = {
    "ps_generation": ("gauge", "How often the database was restored, from 1."),
    "ps_journal_events_total": ("counter", "Facts in the journal."),
    "ps_quarantine_events": ("gauge", "Events that nobody understood or that forked."),
    "ps_fork_total": ("counter", "Streams that told a second past."),
    "ps_stream_lag_events": ("gauge", "Facts that a bench has and the server has not."),
    "ps_unsynced_age_seconds": ("gauge", "Since when a bench was not heard of."),
    "ps_clock_skew_seconds": ("gauge", "Server's clock minus the bench's."),
    "ps_backup_age_seconds": ("gauge", "Since the last verified copy of the database."),
    "ps_projection_lag_seconds": ("gauge", "Since when the oldest fact waits for its projection."),
    "ps_pool_free": ("gauge", "Waybill numbers that no bench has yet."),
}


def text(server: Server) -> str:
    """All metrics."""
    with server.store.read() as connection:
        samples: dict[str, list[Sample]] = {
            "ps_generation": [({}, float(generation(connection)))],
            **_journal(connection),
            **_streams(server, connection),
            **_backup(server, connection),
            "ps_projection_lag_seconds": [({}, projector.lag_s(connection, server.clock.now()))],
            "ps_pool_free": [
                ({"site": site, "carrier": carrier, "service": service}, float(count))
                for site in codes(connection)
                for carrier, service, count in pools.left(connection, site)
            ],
        }
    counted = "".join(_family(name, found) for name, found in samples.items())
    return counted + server.meters.text()


def _journal(connection: Connection) -> dict[str, list[Sample]]:
    kinds = connection.execute(
        select(JOURNAL.c.site, JOURNAL.c.kind, func.count().label("n")).group_by(
            JOURNAL.c.site, JOURNAL.c.kind
        )
    )
    odd = connection.scalar(
        select(func.count()).select_from(QUARANTINE).where(QUARANTINE.c.settled.is_(None))
    )
    return {
        "ps_journal_events_total": [
            ({"site": row.site, "kind": row.kind}, float(row.n)) for row in kinds
        ],
        "ps_quarantine_events": [({}, float(odd or 0))],
    }


def _streams(server: Server, connection: Connection) -> dict[str, list[Sample]]:
    now = server.clock.now()
    told = and_(STATUS.c.site == STREAM.c.site, STATUS.c.station == STREAM.c.station)
    rows = connection.execute(
        select(STREAM, STATUS.c.at)
        .join(STATUS, told, isouter=True)
        .where(STREAM.c.closed.is_(None))
    ).all()
    lag, age, skew, forks = [], [], [], 0
    for row in rows:
        labels = {"site": row.site, "station": row.station}
        seen = max(row.seen, row.at or "")
        lag.append((labels, float(row.head - row.hw)))
        age.append((labels, (now - moment(seen)).total_seconds()))
        skew.append((labels, row.skew_ms / 1000))
        forks += bool(row.forked)
    return {
        "ps_fork_total": [({}, float(forks))],
        "ps_stream_lag_events": lag,
        "ps_unsynced_age_seconds": age,
        "ps_clock_skew_seconds": skew,
    }


def _backup(server: Server, connection: Connection) -> dict[str, list[Sample]]:
    """Nothing where no copies are wanted."""
    age = daily.age(connection, server.clock.now())
    return {} if age is None else {"ps_backup_age_seconds": [({}, age.total_seconds())]}


def _family(name: str, samples: Iterable[Sample]) -> str:
    kind, words = HELP[name]
    lines = [f"# HELP {name} {words}", f"# TYPE {name} {kind}"]
    lines += [f"{name}{_labels(labels)} {value:.17g}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def _labels(labels: dict[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_quoted(text)}"' for name, text in labels.items()) + "}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
