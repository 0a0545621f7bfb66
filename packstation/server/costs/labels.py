"""Labels of the journal by their waybill number, and the prices that were predicted for them.

The index is made when invoices are looked at, from what the journal has got since: a push of a
bench has nothing to do with it, and a server that is older than invoices finds all of its labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, and_, insert, select, update

from packstation.domain.costs.charges import Predicted
from packstation.domain.errors import StorageError
from packstation.domain.events import decode
from packstation.domain.packing import IDLE, Session
from packstation.domain.packing import facts as f
from packstation.domain.packing.session import Parcel
from packstation.server import folds
from packstation.server.costs.tables import LABEL
from packstation.server.moments import moment, stamp
from packstation.server.store import meta, put_meta
from packstation.server.tables import JOURNAL

_KINDS: Final = (f.LabelIssued.__name__, f.LabelVoided.__name__)
# Facts are received in the order of the server's clock, give or take its corrections.
_OVERLAP: Final = timedelta(minutes=10)
CHUNK: Final = 500


def index(connection: Connection, site: str) -> set[str]:
    """Take in what the journal has got of labels; answers the numbers that are news."""
    key = f"costs/{site}"
    mark = meta(connection, key)
    where = and_(JOURNAL.c.site == site, JOURNAL.c.kind.in_(_KINDS))
    if mark:
        where = and_(where, JOURNAL.c.received >= stamp(moment(mark) - _OVERLAP))
    rows = connection.execute(select(JOURNAL).where(where).order_by(JOURNAL.c.received)).all()
    news: set[str] = set()
    for kind in _KINDS:  # a label is issued before it is void, whatever came first
        news |= _noted(connection, site, [row for row in rows if row.kind == kind], kind)
    if rows and rows[-1].received != mark:
        put_meta(connection, key, rows[-1].received)
    return news


def _noted(connection: Connection, site: str, rows: list[Any], kind: str) -> set[str]:
    issued = kind == f.LabelIssued.__name__
    said = [(row, told) for row in rows if (told := _told(row.body))[0]]
    have = _known(connection, site, {told[0] for _, told in said})
    news: set[str] = set()
    for row, (waybill, key, carrier, service) in said:
        place = (waybill, key)
        if issued and place not in have:
            values = {
                "session": row.session,
                "order": row.order or "",
                "carrier": carrier,
                "service": service,
                "at": row.at,
                "voided": "",
            }
            connection.execute(insert(LABEL).values(site=site, waybill=waybill, key=key, **values))
            have[place] = ""
            news.add(waybill)
        elif not issued and have.get(place) == "":
            where = and_(LABEL.c.site == site, LABEL.c.waybill == waybill, LABEL.c.key == key)
            connection.execute(update(LABEL).where(where).values(voided=row.at))
            have[place] = row.at
            news.add(waybill)
    return news


def _told(body: str) -> tuple[str, str, str, str]:
    """Number, key, carrier and service of a fact of either kind."""
    raw = msgspec.json.decode(body)
    waybill, key, carrier, service = (
        one if isinstance(one := raw.get(name, ""), str) else ""
        for name in ("waybill", "key", "carrier", "service")
    )
    return "".join(waybill.split()).upper(), key, carrier, service


def _known(connection: Connection, site: str, waybills: set[str]) -> dict[tuple[str, str], str]:
    return {(row.waybill, row.key): row.voided for row in found(connection, site, waybills)}


def found(connection: Connection, site: str, waybills: Iterable[str]) -> Iterator[Any]:
    """Rows of these numbers, oldest first."""
    for part in chunks(sorted(waybills)):
        where = and_(LABEL.c.site == site, LABEL.c.waybill.in_(part))
        yield from connection.execute(select(LABEL).where(where).order_by(LABEL.c.at))


def chunks(texts: list[str]) -> Iterator[list[str]]:
    """Parts that a statement takes."""
    for start in range(0, len(texts), CHUNK):
        yield texts[start : start + CHUNK]


def predicted(connection: Connection, site: str, label: Any) -> Predicted | None:  # noqa: ANN401 - a row
    """What the bench wrote down of a labelled parcel; None where its facts are in quarantine."""
    state = folds.kept(connection, site, label.session)
    parcel = _parcel(state, label.key) if state else None
    if parcel is None or parcel.service is None:
        parcel = _at_issue(connection, site, label)
    if parcel is None or parcel.service is None:
        return None
    chosen = parcel.service
    return Predicted(
        parcel=parcel.id,
        order=label.order,
        carrier=chosen.carrier,
        service=chosen.service,
        price=chosen.price,
        at=label.at,
        billable_g=chosen.billable_g,
        tariff=chosen.tariff,
        gross_g=parcel.gross_g,
        size_mm=parcel.size_mm or parcel.outer_mm,
        options=chosen.options,
        voided=bool(label.voided),
    )


def _parcel(state: Session, key: str) -> Parcel | None:
    return next((one for one in state.parcels if one.label and one.label.key == key), None)


def _at_issue(connection: Connection, site: str, label: Any) -> Parcel | None:  # noqa: ANN401 - a row
    """The parcel as it was when this label came: since then it was voided, or packed anew."""
    rows = connection.execute(
        select(JOURNAL.c.kind, JOURNAL.c.v, JOURNAL.c.body)
        .where(and_(JOURNAL.c.site == site, JOURNAL.c.session == label.session))
        .order_by(JOURNAL.c.received, JOURNAL.c.station, JOURNAL.c.epoch, JOURNAL.c.seq)
    )
    state = IDLE
    for row in rows:
        with suppress(StorageError, KeyError):  # in the quarantine, hence in no fold
            fact = decode(row.kind, row.v, msgspec.json.decode(row.body))
            state, _ = folds.advance(state, fact)
            if isinstance(fact, f.LabelIssued) and fact.key == label.key:
                return _parcel(state, label.key)
    return None
