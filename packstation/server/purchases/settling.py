"""A purchase that nobody knows of: the carrier is asked again, or a person says what is so.

Before a word of a person counts the carrier is asked once more, and what it knows goes first: that
nothing was sold is not believed while it shows a sale, nor is another number than its own. Both are
written down with who, when and why.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, and_, select, update

from packstation.carriers.adapters.rest import reading
from packstation.carriers.live.gateway import Karrio
from packstation.server import accounts, label_waits, labels
from packstation.server.access import PersonCaller, StationCaller
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.purchases import acts
from packstation.server.purchases.said import FILE, NUMBER
from packstation.server.purchases.tables import SAID
from packstation.server.tables import LABEL

_LONGEST: Final = 300
_SHORTEST: Final = 3
_OPEN: Final = ("pending", "voiding")


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask the carrier what a key bought."""

    key: str


class Settled(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person found: it was sold with ``waybill``, or (``sold`` false) it was not."""

    key: str
    sold: bool
    reason: str
    waybill: str = ""


class Came(Struct, frozen=True, kw_only=True):
    """What a key bought, as it is known now.

    ``status``: issued, voided, refused, pending or voiding; ``reason`` of a refusal.
    """

    key: str
    status: str
    waybill: str = ""
    reason: str = ""


class _Row(Struct, frozen=True):
    carrier: str
    station: str
    status: str
    waybill: str
    reason: str


def ask(server: Server, caller: PersonCaller, site: str, key: str) -> Came:
    """Ask the carrier now, whenever it was asked last.

    Raises:
        Problem: 404 ``never_bought``; 409 ``busy``, ``not_waiting``; 404 ``unknown_carrier``.
    """
    row = _open(server, site, key)
    came = _asked(server, site, key, row)
    with server.store.write() as connection:
        came_to = came.reason or came.status
        acts.note(
            server,
            connection,
            caller,
            site,
            acts.Act(
                act=acts.ASKED, carrier=row.carrier, key=key, waybill=came.waybill, came=came_to
            ),
        )
    return came


def settle(server: Server, caller: PersonCaller, site: str, given: Settled) -> Came:
    """A person looked at the carrier's own pages.

    Raises:
        Problem: 404 ``never_bought``; 409 ``busy``, ``not_waiting``, ``too_soon``,
            ``carrier_says`` with its ``waybill``, ``waybill_taken``; 422 no reason, no waybill.
    """
    why = given.reason.strip()
    if not _SHORTEST <= len(why) <= _LONGEST or not why.isprintable():
        raise Problem(422, "reason", f"reason: {_SHORTEST} to {_LONGEST} printable characters")
    number = given.waybill.strip()
    if given.sold and not reading.is_number(number):
        raise Problem(422, "waybill", f"waybill: {number[:64]!r}; 4 to 64 letters, digits")
    if number and not given.sold:
        raise Problem(422, "waybill", "waybill: what was not sold has none")
    row = _open(server, site, given.key)
    _heard(server, site, given, row)
    _free(server, site, given, row.carrier)
    _books(server, site, row.carrier, given.key, number)
    return _written(server, caller, site, given, row)


def _open(server: Server, site: str, key: str) -> _Row:
    with server.store.read() as connection:
        row = _row(connection, site, key)
    if row is None:
        raise Problem(404, "never_bought", key=key)
    if row.status not in _OPEN:
        raise Problem(409, "not_waiting", key=key, state=row.status)
    return row


def _row(connection: Connection, site: str, key: str) -> _Row | None:
    found = connection.execute(
        select(
            LABEL.c.carrier, LABEL.c.station, LABEL.c.status, LABEL.c.waybill, LABEL.c.reason
        ).where(LABEL.c.site == site, LABEL.c.key == key)
    ).one_or_none()
    return _Row(*found) if found is not None else None


def _asked(server: Server, site: str, key: str, row: _Row) -> Came:
    bench = StationCaller(site=site, station=row.station, epoch="", gen=1)
    if not server.desk.take(key):
        raise Problem(409, "busy", key=key)
    try:
        told = labels.ask_now(server, bench, key)
    except Problem as problem:
        if problem.code == "never_bought":
            return Came(key=key, status="refused", reason="never_bought")
        if problem.code != "refused":
            raise
        return Came(key=key, status="refused", reason=str(problem.members.get("reason", "")))
    finally:
        server.desk.give_back(key)
    return Came(key=key, status=told.status, waybill=told.waybill)


def _heard(server: Server, site: str, given: Settled, row: _Row) -> None:
    """Let the carrier speak first.

    Raises:
        Problem: 409, it says another thing, or may still say one.
    """
    try:
        came = _asked(server, site, given.key, row)
    except Problem as problem:
        if problem.code not in {"unknown_carrier", "vault"}:
            raise
        return  # there is no account any more: the person is all there is
    if came.status not in _OPEN:
        raise Problem(409, "not_waiting", key=given.key, state=came.status, waybill=came.waybill)
    if row.status == "voiding":
        return
    with server.store.read() as connection:
        at = and_(SAID.c.site == site, SAID.c.key == given.key)
        said = connection.execute(select(SAID.c.kind, SAID.c.waybill).where(at)).one_or_none()
    shown = said is not None and said.kind in {NUMBER, FILE}
    if said is not None and shown and not given.sold:
        raise Problem(409, "carrier_says", key=given.key, waybill=said.waybill)
    if said is not None and said.waybill not in {"", given.waybill.strip()}:
        raise Problem(409, "carrier_says", key=given.key, waybill=said.waybill)
    if not given.sold and _may_come(server, site, given.key, row.carrier):
        raise Problem(409, "too_soon", key=given.key)


def _may_come(server: Server, site: str, key: str, carrier: str) -> bool:
    gateway = accounts.gateway(server, site, carrier) or server.carriers.get(carrier)
    settle_s = gateway.capabilities.settle_s if gateway is not None else 0
    return label_waits.may_still_come(server, site, key, settle_s)


def _free(server: Server, site: str, given: Settled, carrier: str) -> None:
    """Nobody else has this number.

    Raises:
        Problem: 409 ``waybill_taken``.
    """
    number = given.waybill.strip()
    if not number:
        return
    same = and_(LABEL.c.site == site, LABEL.c.carrier == carrier, LABEL.c.waybill == number)
    with server.store.read() as connection:
        other = connection.scalar(select(LABEL.c.key).where(same, LABEL.c.key != given.key))
    if other is not None:
        raise Problem(409, "waybill_taken", key=str(other), waybill=number)


def _books(server: Server, site: str, carrier: str, key: str, waybill: str) -> None:
    """Tell the book of karrio's purchases too: it answers for carriers that cannot be asked."""
    try:
        gateway = accounts.gateway(server, site, carrier)
    except Problem:
        return
    if isinstance(gateway, Karrio):
        gateway.settle(key, waybill)


def _written(server: Server, caller: PersonCaller, site: str, given: Settled, row: _Row) -> Came:
    number = given.waybill.strip()
    closed = {"status": "voided"} if row.status == "voiding" else _NEVER
    values = {"status": "issued", "waybill": number} if given.sold else closed
    still = and_(LABEL.c.site == site, LABEL.c.key == given.key, LABEL.c.status == row.status)
    answered = stamp(server.clock.now())
    with server.store.write() as connection:
        changed = connection.execute(update(LABEL).where(still).values(answered=answered, **values))
        if not changed.rowcount:
            raise Problem(409, "not_waiting", key=given.key)
        acts.note(
            server,
            connection,
            caller,
            site,
            acts.Act(
                act=acts.SOLD if given.sold else acts.NOT_SOLD,
                carrier=row.carrier,
                key=given.key,
                waybill=number,
                came=values["status"],
                why=given.reason.strip(),
            ),
        )
    label_waits.done(server, site, given.key)
    return Came(
        key=given.key, status=values["status"], waybill=number, reason=values.get("reason", "")
    )


_NEVER: Final = {"status": "refused", "reason": "never_bought"}
