"""What a carrier said of a purchase that is no label yet, or was refused: kept for the office."""

from __future__ import annotations

from typing import Final

from sqlalchemy import and_, insert, update

from packstation.domain.carriers import Bought
from packstation.domain.errors import CarrierError, LabelRefused
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.purchases.tables import SAID

MOST: Final = 300
# Nobody knows; the number is not there; the file is not, or is none; the carrier said no.
UNKNOWN, NUMBER, FILE, REFUSED = "unknown", "number", "file", "refused"


def failed(server: Server, site: str, key: str, error: CarrierError) -> None:
    """The carrier refused, or nobody knows."""
    if isinstance(error, LabelRefused):
        _keep(server, site, key, REFUSED, str(error.fields.get("detail", "")))
        return
    words = error.fields.get("fault") or error.fields.get("cause") or ""
    _keep(server, site, key, UNKNOWN, str(words))


def waits(server: Server, site: str, key: str, bought: Bought | None) -> None:
    """There is no such sale yet, or it has no number or no file."""
    if bought is None:
        _keep(server, site, key, UNKNOWN, "")
        return
    kind = FILE if bought.waybill else NUMBER
    _keep(server, site, key, kind, bought.fault, bought.waybill)


def _keep(server: Server, site: str, key: str, kind: str, words: str, waybill: str = "") -> None:
    at = and_(SAID.c.site == site, SAID.c.key == key)
    columns = {
        "kind": kind,
        "words": words[:MOST],
        "waybill": waybill,
        "at": stamp(server.clock.now()),
    }
    with server.store.write() as connection:
        if not connection.execute(update(SAID).where(at).values(**columns)).rowcount:
            connection.execute(insert(SAID).values(site=site, key=key, **columns))
