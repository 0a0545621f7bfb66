"""Numbers and prices of own carriers on the server: its pools, its published tariffs.

A number is leased as a bench leases it, by a request id that is the key: asked again, the same
key gets the same number, whatever broke in between. The server holds it, so no bench can; the
ledger has it as used, or void, and it rests as those of benches do.
"""

from __future__ import annotations

import json
import threading
from datetime import date
from typing import Final

from sqlalchemy import Connection, and_, delete, insert, select, update

from packstation.carriers.adapters.own import OwnCarrier, Taken
from packstation.domain.psp import LeaseRequest
from packstation.domain.rating import Plans
from packstation.domain.records import decode_one
from packstation.domain.s10 import number, parse
from packstation.domain.tariffs import Tariff
from packstation.server import ledger, pools
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.sites import need_site, zone
from packstation.server.tables import LEASE, OWN_SALE, TARIFF

# As whom the server leases; no bench can have this name, it is no UUID.
HOLDER: Final = "server"


class PoolNumbers:
    """``carriers.adapters.own.Numbers`` of the server's pools."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def take(self, key: str, site: str, carrier: str, service: str) -> str:
        held = self.of(key)
        if held is not None:
            return held.waybill
        caller = _as_holder(site)
        asked = LeaseRequest(req_id=key, carrier=carrier, service=service, n=1)
        try:
            lease = pools.lease(self._server, caller, asked)
        except Problem as problem:
            if problem.code == "pool_empty":
                return ""
            raise
        waybill = number(lease.prefix, lease.first, lease.country)
        used = ledger.Told(lease.prefix, lease.country, lease.first, lease.lease, key)
        with self._server.store.write() as connection:
            if _row(connection, key) is None:
                # A number that has rested is sold again; whoever had it before is long there.
                connection.execute(delete(OWN_SALE).where(OWN_SALE.c.waybill == waybill))
                connection.execute(
                    insert(OWN_SALE).values(
                        key=key,
                        site=site,
                        carrier=carrier,
                        service=service,
                        waybill=waybill,
                        at=stamp(self._server.clock.now()),
                    )
                )
                ledger.keep(self._server, connection, caller, used)
        return waybill

    def of(self, key: str) -> Taken | None:
        with self._server.store.read() as connection:
            return _row(connection, key)

    def void(self, key: str) -> None:
        """It rests from now on as every number does."""
        now = stamp(self._server.clock.now())
        alive = and_(OWN_SALE.c.key == key, OWN_SALE.c.voided == "")
        with self._server.store.write() as connection:
            sale = connection.execute(select(OWN_SALE).where(alive)).one_or_none()
            if sale is None:
                return
            connection.execute(update(OWN_SALE).where(alive).values(voided=now))
            found = parse(sale.waybill)
            lease = and_(
                LEASE.c.site == sale.site, LEASE.c.station == HOLDER, LEASE.c.req_id == key
            )
            held = connection.scalar(select(LEASE.c.lease).where(lease)) or ""
            serial = int(found.serial)
            told = ledger.Told(found.service, found.country, serial, held, key, voided=True)
            ledger.keep(self._server, connection, _as_holder(sale.site), told)


def _as_holder(site: str) -> StationCaller:
    return StationCaller(site=site, station=HOLDER, epoch="", gen=1)


def _row(connection: Connection, key: str) -> Taken | None:
    row = connection.execute(select(OWN_SALE).where(OWN_SALE.c.key == key)).one_or_none()
    return Taken(waybill=row.waybill, voided=bool(row.voided)) if row is not None else None


class Books:
    """The prices of each site, made anew when something was published."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._made: dict[str, tuple[str, Plans]] = {}

    def of(self, site: str) -> Plans:
        """What the site has published."""
        where = TARIFF.c.site == site
        with self._server.store.read() as connection:
            documents = connection.scalars(
                select(TARIFF.c.document).where(where).order_by(TARIFF.c.sha256)
            ).all()
        mark = "\n".join(documents)
        with self._lock:
            mark_then, plans = self._made.get(site, ("", Plans(())))
            if mark != mark_then:
                tariffs = (decode_one(json.loads(one)["tariff"], Tariff) for one in documents)
                plans = Plans(tuple(tariffs))
                self._made[site] = mark, plans
        return plans

    def today(self, site: str) -> date:
        """The site's day."""
        with self._server.store.read() as connection:
            body = need_site(connection, site)
        return self._server.clock.now().astimezone(zone(body)).date()


def own_carrier(server: Server, carrier: str) -> OwnCarrier:
    """The carrier of a name whose tariffs and numbers this server has."""
    books = Books(server)
    return OwnCarrier(carrier, PoolNumbers(server), books.of, books.today)
