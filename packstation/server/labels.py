"""Labels of services that exist online only: bought by key, at most once, asked by key after.

The request is committed before the carrier is called and the answer after it; whatever
ended in between is found again by asking the carrier what the key bought, never by buying.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import Row, and_, insert, select, update

from packstation.carriers.label_files import checked
from packstation.domain.carriers import Bought, BuyRequest, CarrierGateway
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused
from packstation.domain.psp import LabelAnswer, LabelRequest
from packstation.server import accounts, blobs, label_doubts, label_waits
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.label_requests import details_of, dressed
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.purchases import said
from packstation.server.rows import row_rev
from packstation.server.tables import LABEL

_ALIVE: Final = ("issued", "voiding")
HTTP_STATUS: Final = {"issued": 200, "voided": 200, "pending": 202, "voiding": 202}
Label = Row[tuple[object, ...]]
Asking = Callable[[], Bought | None]


def buy(server: Server, caller: StationCaller, asked: LabelRequest) -> LabelAnswer:
    """Buy, or answer what the key bought before.

    Raises:
        Problem: 404 no such carrier here; 409 ``changed`` the order has a newer revision,
            ``refused`` with the carrier's reason.
    """
    gateway = _gateway(server, caller.site, asked.carrier)
    if not server.desk.take(asked.key):
        return LabelAnswer(key=asked.key, status="pending")
    try:
        wanted = _note(server, caller, asked)
        if wanted is not None:
            bought = server.meters.timing(asked.carrier, lambda: gateway.buy(wanted))
            return _ask(server, caller, gateway, asked.key, bought)
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
        return _taken_back(server, caller, held) if held.status in _ALIVE else held
    finally:
        server.desk.give_back(key)


def ask_now(server: Server, caller: StationCaller, key: str) -> LabelAnswer:
    """What ``key`` bought, asked for at once; a void that got no answer is asked for again.

    Whoever calls has taken the key at the desk.

    Raises:
        Problem: 404 ``never_bought``; 409 ``refused``.
    """
    held = _settled(server, caller, key, at_once=True)
    return _taken_back(server, caller, held) if held.status == "voiding" else held


def _taken_back(server: Server, caller: StationCaller, held: LabelAnswer) -> LabelAnswer:
    key = held.key
    _set(server, caller, key, status="voiding")
    try:
        carrier = _row(server, caller, key).carrier
        gateway = _gateway(server, caller.site, carrier)
        label_doubts.settled(key, server.meters.timing(carrier, lambda: gateway.void(key)))
    except LabelOutcomeUnknown:
        return LabelAnswer(key=key, status="voiding", waybill=held.waybill, blob=held.blob)
    except LabelRefused as exc:
        _set(server, caller, key, status="issued")
        raise Problem(409, "refused", reason=str(exc.fields.get("reason", ""))) from exc
    _set(server, caller, key, status="voided")
    return LabelAnswer(key=key, status="voided", waybill=held.waybill, blob=held.blob)


def _gateway(server: Server, site: str, carrier: str) -> CarrierGateway:
    """The site's account at a carrier, else what the server was started with."""
    found = accounts.gateway(server, site, carrier) or server.carriers.get(carrier)
    if found is None:
        raise Problem(404, "unknown_carrier", carrier=carrier, known=_known(server, site))
    return found


def _known(server: Server, site: str) -> list[str]:
    with server.store.read() as connection:
        own = [one.carrier for one in accounts.listed(connection, site).carriers]
    return sorted({*server.carriers, *own})


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
        if accounts.is_shut(connection, caller.site, asked.carrier):
            raise Problem(409, "refused", reason="account")
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


def _settled(
    server: Server, caller: StationCaller, key: str, *, at_once: bool = False
) -> LabelAnswer:
    """The key's answer; one that is still open is asked for at the carrier, where it is due."""
    row = _row(server, caller, key)
    if row.status == "pending":
        if not at_once and not label_waits.due(server, caller.site, key):
            return LabelAnswer(key=key, status="pending")
        gateway = _gateway(server, caller.site, row.carrier)
        request = msgspec.json.decode(row.request, type=LabelRequest)
        found = server.meters.timing(row.carrier, lambda: _found(gateway, key, request))
        return _ask(server, caller, gateway, key, found)
    if row.status == "refused":
        raise Problem(409, "refused", reason=row.reason)
    return LabelAnswer(key=key, status=row.status, waybill=row.waybill, blob=row.blob)


def _found(gateway: CarrierGateway, key: str, request: LabelRequest) -> Bought | None:
    """What the key bought, with its file where the carrier gives files apart."""
    found = gateway.find(key)
    if found is None or found.label or found.voided or not found.waybill:
        return found
    if not gateway.capabilities.label:
        return found
    wanted = details_of(request).wanted
    try:
        file = gateway.label(key, wanted)
    except LabelOutcomeUnknown as exc:
        return replace(found, state="pending", fault=str(exc.fields.get("fault", "")))
    if file is None:
        return replace(found, state="pending")
    fault = checked(file.content, wanted).fault
    return replace(found, state="done", label=file, fault=fault)


def _ask(
    server: Server, caller: StationCaller, gateway: CarrierGateway, key: str, call: Asking
) -> LabelAnswer:
    try:
        bought = _heard(server, caller.site, key, call)
    except LabelOutcomeUnknown:
        return _later(server, caller, key)
    except LabelRefused as exc:
        raise _no(server, caller, key, str(exc.fields.get("reason", ""))) from exc
    if bought is None:
        settle_s = gateway.capabilities.settle_s
        if label_waits.may_still_come(server, caller.site, key, settle_s):
            return _later(server, caller, key)
        _set(server, caller, key, status="refused", reason="never_bought")
        label_waits.done(server, caller.site, key)
        raise Problem(404, "never_bought", key=key)
    if bought.voided:
        return _issued(server, caller, key, bought)
    if bought.state == "pending":
        wait = label_waits.note(server, caller.site, key, bought)
        if wait.faults >= label_waits.MOST_FAULTS:
            return _unusable(server, caller, gateway, key, bought, "label_file")
        return _pending(server, key, bought.waybill)
    if bought.fault:
        return _unusable(server, caller, gateway, key, bought, "label_size")
    return _issued(server, caller, key, bought)


def _heard(server: Server, site: str, key: str, call: Asking) -> Bought | None:
    """The carrier's answer; one that is no label is kept for the office."""
    try:
        bought = label_doubts.numbered(key, label_doubts.settled(key, call))
    except (LabelOutcomeUnknown, LabelRefused) as exc:
        said.failed(server, site, key, exc)
        raise
    if bought is None or bought.state == "pending":
        said.waits(server, site, key, bought)
    return bought


def _later(server: Server, caller: StationCaller, key: str) -> LabelAnswer:
    """Nobody knows yet: it is asked for again."""
    label_waits.note(server, caller.site, key)
    return _pending(server, key)


def _pending(server: Server, key: str, waybill: str = "") -> LabelAnswer:
    label_waits.begin(server, _settled)
    return LabelAnswer(key=key, status="pending", waybill=waybill)


def _no(server: Server, caller: StationCaller, key: str, reason: str) -> Problem:
    _set(server, caller, key, status="refused", reason=reason)
    label_waits.done(server, caller.site, key)
    return Problem(409, "refused", reason=reason)


def _unusable(
    server: Server,
    caller: StationCaller,
    gateway: CarrierGateway,
    key: str,
    bought: Bought,
    reason: str,
) -> LabelAnswer:
    """A label that cannot be used is not paid for: it is taken back, then refused by name.

    Where it cannot be taken back it is what we have: a file of another size is handed on with its
    size, what is no label at all is waited for.
    """
    try:
        if gateway.capabilities.void:
            label_doubts.settled(key, lambda: gateway.void(key))
            raise _no(server, caller, key, reason)
    except (LabelOutcomeUnknown, LabelRefused):
        return _later(server, caller, key)
    if bought.label is None:
        return _pending(server, key, bought.waybill)
    return _issued(server, caller, key, bought)


def _issued(server: Server, caller: StationCaller, key: str, bought: Bought) -> LabelAnswer:
    blob, file = "", bought.label
    if not bought.voided and label_doubts.is_taken(server, caller.site, key, bought.waybill):
        raise _no(server, caller, key, "duplicate")
    if file is not None:
        with server.store.write() as connection:
            blob = blobs.keep(server, connection, caller.site, file.content, file.media)
    status = "voided" if bought.voided else "issued"
    _set(server, caller, key, status=status, waybill=bought.waybill, blob=blob)
    label_waits.done(server, caller.site, key)
    return LabelAnswer(key=key, status=status, waybill=bought.waybill, blob=blob)


def at_start(server: Server) -> None:
    """Take up what a server before this one waited for, or was killed over."""
    label_waits.adopt(server)
    label_waits.begin(server, _settled)


def _set(server: Server, caller: StationCaller, key: str, **columns: str) -> None:
    where = and_(LABEL.c.site == caller.site, LABEL.c.key == key)
    answered = stamp(server.clock.now())
    with server.store.write() as connection:
        connection.execute(update(LABEL).where(where).values(answered=answered, **columns))
