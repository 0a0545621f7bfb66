"""Purchases that are no label: not here yet, nobody knows, refused, being taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, and_, or_, select

from packstation.server.moments import stamp
from packstation.server.purchases.said import FILE, NUMBER, REFUSED, UNKNOWN
from packstation.server.purchases.tables import SAID
from packstation.server.tables import LABEL, LABEL_WAIT, STATION

VOIDING: Final = "voiding"
# What nobody knows comes first: it may have been paid.
KINDS: Final = (UNKNOWN, VOIDING, FILE, NUMBER, REFUSED)
# A refusal is settled at the bench; it is shown for so long.
_REFUSED_DAYS: Final = 7
_MOST: Final = 500
_OPEN: Final = ("pending", "voiding")


class Purchase(Struct, frozen=True, kw_only=True):
    """One in trouble; ``kind`` of ``KINDS``.

    ``reason`` of ``domain.carriers.REASONS`` where it was refused, ``words`` the carrier's own (or
    what was wrong with the file). ``tries`` how often it was asked for, ``next`` when it is again.
    """

    key: str
    carrier: str
    service: str
    order: str
    bench: str
    kind: str
    asked: str
    reason: str = ""
    words: str = ""
    waybill: str = ""
    tries: int = 0
    next: str = ""

    @property
    def open(self) -> bool:
        """Whether it can be asked for, or settled."""
        return self.kind != REFUSED


class Purchases(Struct, frozen=True, kw_only=True):
    """Those of a site, the most harmful first; ``more``: there are more than are told."""

    purchases: tuple[Purchase, ...]
    more: bool = False


def listed(
    connection: Connection, site: str, now: datetime, carrier: str = "", kind: str = ""
) -> Purchases:
    """What is in trouble, by harm, then by age."""
    since = stamp(now - timedelta(days=_REFUSED_DAYS))
    recent = and_(LABEL.c.status == "refused", LABEL.c.answered > since)
    query = (
        select(
            LABEL,
            SAID.c.kind.label("said"),
            SAID.c.words,
            SAID.c.waybill.label("seen"),
            LABEL_WAIT.c.tries,
            LABEL_WAIT.c.next,
            STATION.c.name.label("bench"),
        )
        .outerjoin(SAID, and_(SAID.c.site == LABEL.c.site, SAID.c.key == LABEL.c.key))
        .outerjoin(
            LABEL_WAIT, and_(LABEL_WAIT.c.site == LABEL.c.site, LABEL_WAIT.c.key == LABEL.c.key)
        )
        .outerjoin(
            STATION, and_(STATION.c.site == LABEL.c.site, STATION.c.station == LABEL.c.station)
        )
        .where(LABEL.c.site == site, or_(LABEL.c.status.in_(_OPEN), recent))
        .order_by(LABEL.c.status == "refused", LABEL.c.asked)
    )
    if carrier:
        query = query.where(LABEL.c.carrier == carrier)
    rows = connection.execute(query.limit(_MOST + 1)).all()
    found = [_told(row) for row in rows[:_MOST]]
    ranked = sorted(found, key=lambda one: KINDS.index(one.kind))
    kept = tuple(one for one in ranked if kind in {"", one.kind})
    return Purchases(purchases=kept, more=len(rows) > _MOST)


def _told(row: object) -> Purchase:
    one: dict[str, object] = dict(row._mapping)  # type: ignore[attr-defined]  # noqa: SLF001
    status = one["status"]
    kind = str(one["said"] or UNKNOWN) if status == "pending" else str(status)
    return Purchase(
        key=str(one["key"]),
        carrier=str(one["carrier"]),
        service=str(one["service"]),
        order=str(one["order"]),
        bench=str(one["bench"] or one["station"]),
        kind=kind if kind in KINDS else UNKNOWN,
        asked=str(one["asked"]),
        reason=str(one["reason"]),
        words=str(one["words"] or ""),
        waybill=str(one["waybill"] or one["seen"] or ""),
        tries=int(str(one["tries"] or 0)),
        next=str(one["next"] or ""),
    )
