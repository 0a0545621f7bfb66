"""The floor of a site: one picture a second at the most, whoever watches."""

from __future__ import annotations

import threading
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, func, select

from packstation.server.backlog import cutoffs
from packstation.server.benches import benches, people
from packstation.server.core import Server
from packstation.server.customs.statistics import on_floor
from packstation.server.floor_view import CutOff, Figures, Floor, PersonRow
from packstation.server.keeping.daily import needs as copies
from packstation.server.needs import needs
from packstation.server.pace import Paces, paces
from packstation.server.sites import need_site, zone
from packstation.server.tables import ORDERS

FRESH: Final = timedelta(seconds=1)


class Picture:
    """The last picture of each site, so that two hundred viewers cost as much as one."""

    def __init__(self) -> None:
        """None taken yet."""
        self._lock = threading.Lock()
        self._taken: dict[str, tuple[int, Floor]] = {}

    def of(self, server: Server, site: str) -> Floor:
        """The picture of a site: the last one while it is a second old and nothing rang."""
        rings, now = server.bell.rings, server.clock.now()
        with self._lock:
            known = self._taken.get(site)
            if known and known[0] == rings and abs(now - known[1].now) < FRESH:
                return known[1]
            with server.store.read() as connection:
                taken = floor(connection, site, now)
            self._taken[site] = (rings, taken)
            return taken


def floor(connection: Connection, site: str, now: datetime) -> Floor:
    """A site now.

    Raises:
        Problem: 404, no such site.
    """
    body = need_site(connection, site)
    local = zone(body)
    pace = paces(connection, site, now, local)
    due = cutoffs(connection, site, now, local, pace.pace)
    cards = benches(connection, site, now, pace.by_station)
    names = people(connection, site)
    return Floor(
        site=site,
        name=body.name or site,
        now=now,
        zone=local,
        currency=body.currency,
        figures=_figures(pace, due),
        cutoffs=due,
        benches=cards,
        needs=needs(connection, site, cards, due, copies(connection, now)),
        hours=pace.hours,
        people=tuple(
            PersonRow(name=names.get(actor, actor), done=done)
            for actor, done in sorted(
                pace.by_actor.items(), key=lambda item: names.get(item[0], item[0])
            )
            if done.verified or done.orders
        ),
        days_known=pace.days_known,
        customs=on_floor(connection, site, now.astimezone(local).date()),
        ever_imported=_imported(connection, site),
    )


def _imported(connection: Connection, site: str) -> bool:
    query = select(func.count()).select_from(ORDERS).where(ORDERS.c.site == site)
    return bool(connection.scalar(query))


def _figures(pace: Paces, due: tuple[CutOff, ...]) -> Figures:
    risky = [cutoff for cutoff in due if cutoff.risk]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for cutoff in risky:
        for currency, amount in cutoff.risk.items():
            sums[currency] += amount
    return Figures(
        done=pace.total,
        pace=pace.pace,
        expected=pace.expected,
        due=sum(cutoff.to_go for cutoff in due),
        may_miss=sum(cutoff.may_miss for cutoff in due),
        risk=dict(sums),
        risk_at=risky[0].at if risky else None,
        risk_elsewhere=len(risky) > 1,
    )
