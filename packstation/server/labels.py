"""Labels of services that exist online only: bought by key, at most once, asked by key after.

The request is committed before the carrier is called and the answer after it; whatever
ended in between is found again by asking the carrier what the key bought, never by buying.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec
from sqlalchemy import Row, and_, insert, select, update

from packstation.domain.carriers import Bought, BuyRequest, CarrierGateway
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused
from packstation.domain.psp import LabelAnswer, LabelRequest
from packstation.server import blobs
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.label_requests import dressed
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.rows import row_rev
from packstation.server.tables import LABEL

HTTP_STATUS: Final = {"issued": 200, "voided": 200, "pending": 202, "voiding": 202}
Label = Row[tuple[object, ...]]
Asking = Callable[[], Bought | None]


def buy(server: Server, caller: StationCaller, asked: LabelRequest) -> LabelAnswer:
    """Buy, or answer what the key bought before.

    Raises:
        Problem: 404 no such carrier here; 409 ``changed`` the order has a newer revision,
            ``refused`` with the carrier's reason.
    """
    gateway = _gateway(server, asked.carrier)
    if not server.desk.take(asked.key):
        return LabelAnswer(key=asked.key, status="pending")
    try:
        wanted = _note(server, caller, asked)
        if wanted is not None:
            return _ask(server, caller, asked.key, lambda: gateway.buy(wanted))
        return _settled(server, caller, asked.key)
    finally:
        server.desk.give_back(asked.key)


def find(server: Server, caller: StationCaller, key: str) -> LabelAnswer:
    """What ``key`` bought.

    Raises:
        Problem: 404 ``never_bought``; 409 ``refused``.
    """
    if not server.desk.take(key):
        return LabelAnswer(key=key, status="pending")
    try:
        return _settled(server, caller, key)
    finally:
        server.desk.give_back(key)


def void(server: Server, caller: StationCaller, key: str) -> LabelAnswer:
    """Take the label back; a void that was answered is answered again.

    Raises:
        Problem: 404 ``never_bought``; 409 ``refused``.
    """
    if not server.desk.take(key):
        return LabelAnswer(key=key, status="voiding")
    try:
        held = _settled(server, caller, key)
        if held.status not in {"issued", "voiding"}:
            return held
        _set(server, caller, key, status="voiding")
        try:
            _gateway(server, _row(server, caller, key).carrier).void(key)
        except LabelOutcomeUnknown:
            return LabelAnswer(key=key, status="voiding", waybill=held.waybill, blob=held.blob)
        except LabelRefused as exc:
            _set(server, caller, key, status="issued")
            raise Problem(409, "refused", reason=str(exc.fields.get("reason", ""))) from exc
        _set(server, caller, key, status="voided")
        return LabelAnswer(key=key, status="voided", waybill=held.waybill, blob=held.blob)
    finally:
        server.desk.give_back(key)


def _gateway(server: Server, carrier: str) -> CarrierGateway:
    found = server.carriers.get(carrier)
    if found is None:
        raise Problem(404, "unknown_carrier", carrier=carrier, known=sorted(server.carriers))
    return found


def _note(server: Server, caller: StationCaller, asked: LabelRequest) -> BuyRequest | None:
    """Commit that this key is about to be bought; None where it was noted before."""
    if asked.key.partition("/")[0] != asked.parcel:
        raise Problem(422, "invalid", "key: parcel id/attempt")
    with server.store.write() as connection:
        where = and_(LABEL.c.site == caller.site, LABEL.c.key == asked.key)
        row = connection.execute(select(LABEL.c.station).where(where)).one_or_none()
        if row is not None:
            if row.station != caller.station:
                raise Problem(409, "key_taken")
            return None
        rev = row_rev(connection, caller.site, "order", asked.order) if asked.order else None
        if rev is not None and rev > asked.rev:
            raise Problem(409, "changed", rev=rev)
        wanted = dressed(connection, caller.site, asked)
        connection.execute(
            insert(LABEL).values(
                site=caller.site,
                key=asked.key,
                station=caller.station,
                carrier=asked.carrier,
                service=asked.service,
                order=asked.order,
                rev=asked.rev,
                status="pending",
                request=msgspec.json.encode(asked).decode(),
                asked=stamp(server.clock.now()),
            )
        )
    return wanted


def _row(server: Server, caller: StationCaller, key: str) -> Label:
    where = and_(LABEL.c.site == caller.site, LABEL.c.key == key, LABEL.c.station == caller.station)
    with server.store.read() as connection:
        row = connection.execute(select(LABEL).where(where)).one_or_none()
    if row is None:
        raise Problem(404, "never_bought", key=key)
    return row


def _settled(server: Server, caller: StationCaller, key: str) -> LabelAnswer:
    """The key's answer; one that is still open is asked for at the carrier."""
    row = _row(server, caller, key)
    if row.status == "pending":
        gateway = _gateway(server, row.carrier)
        return _ask(server, caller, key, lambda: gateway.find(key))
    if row.status == "refused":
        raise Problem(409, "refused", reason=row.reason)
    return LabelAnswer(key=key, status=row.status, waybill=row.waybill, blob=row.blob)


def _ask(server: Server, caller: StationCaller, key: str, call: Asking) -> LabelAnswer:
    try:
        bought = call()
    except LabelOutcomeUnknown:
        return LabelAnswer(key=key, status="pending")
    except LabelRefused as exc:
        reason = str(exc.fields.get("reason", ""))
        _set(server, caller, key, status="refused", reason=reason)
        raise Problem(409, "refused", reason=reason) from exc
    if bought is None:
        _set(server, caller, key, status="refused", reason="never_bought")
        raise Problem(404, "never_bought", key=key)
    return _issued(server, caller, key, bought)


def _issued(server: Server, caller: StationCaller, key: str, bought: Bought) -> LabelAnswer:
    if bought.state == "pending" and not bought.voided:
        return LabelAnswer(key=key, status="pending", waybill=bought.waybill)
    blob, file = "", bought.label
    if file is not None:
        with server.store.write() as connection:
            blob = blobs.keep(server, connection, caller.site, file.content, file.media)
    status = "voided" if bought.voided else "issued"
    _set(server, caller, key, status=status, waybill=bought.waybill, blob=blob)
    return LabelAnswer(key=key, status=status, waybill=bought.waybill, blob=blob)


def _set(server: Server, caller: StationCaller, key: str, **columns: str) -> None:
    where = and_(LABEL.c.site == caller.site, LABEL.c.key == key)
    answered = stamp(server.clock.now())
    with server.store.write() as connection:
        connection.execute(update(LABEL).where(where).values(answered=answered, **columns))
