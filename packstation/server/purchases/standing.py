"""Accounts as the office sees them: verified or not, shut or open, what the carrier said last.

Trying an account costs nothing and changes nothing: the carrier is asked for a sale that never was
(karrio's, which cannot be asked, for a price).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, and_, delete, insert, select

from packstation.carriers.adapters.own import OwnCarrier
from packstation.carriers.adapters.ozon import Ozon
from packstation.carriers.live.gateway import Karrio
from packstation.domain.carriers import CarrierGateway
from packstation.domain.errors import CarrierError, LabelRefused
from packstation.domain.shipments import Place, Shipment, ShipmentParcel
from packstation.server import accounts
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.purchases import acts, said
from packstation.server.purchases.tables import ACT, SAID, SHUT
from packstation.server.sites import need_site
from packstation.server.tables import LABEL

# What came of a trial.
FINE, NO_ANSWER, NOT_TRIED = "fine", "no_answer", "not_tried"
_GRAMS: Final = Decimal(500)


class Last(Struct, frozen=True, kw_only=True):
    """What was heard last; ``came``: issued, voided, refused, unknown, fine, no_answer."""

    at: str
    came: str
    reason: str = ""
    words: str = ""


class Standing(Struct, frozen=True, kw_only=True):
    """An account; ``verified`` "" = never tried against the carrier itself, ``shut`` since when."""

    account: accounts.Account
    shut: str = ""
    last: Last | None = None


class Standings(Struct, frozen=True, kw_only=True):
    """Those of a site."""

    accounts: tuple[Standing, ...]


class Shutting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Shut an account, or open it again."""

    shut: bool
    reason: str = ""


class Tried(Struct, frozen=True, kw_only=True):
    """What came of a trial: fine, no_answer, not_tried, or refused with ``reason``."""

    carrier: str
    came: str
    reason: str = ""
    words: str = ""


def listed(connection: Connection, site: str) -> Standings:
    """The accounts of a site, by carrier."""
    rows = connection.execute(select(SHUT.c.carrier, SHUT.c.since).where(SHUT.c.site == site))
    shut = {str(row.carrier): str(row.since) for row in rows}
    told = accounts.listed(connection, site).carriers
    return Standings(
        accounts=tuple(
            Standing(
                account=one,
                shut=shut.get(one.carrier, ""),
                last=_last(connection, site, one.carrier),
            )
            for one in told
        )
    )


def _last(connection: Connection, site: str, carrier: str) -> Last | None:
    mine = and_(LABEL.c.site == site, LABEL.c.carrier == carrier)
    decided = connection.execute(
        select(LABEL.c.answered, LABEL.c.status, LABEL.c.reason, SAID.c.words)
        .outerjoin(SAID, and_(SAID.c.site == LABEL.c.site, SAID.c.key == LABEL.c.key))
        .where(mine, LABEL.c.status.in_(("issued", "voided", "refused")))
        .order_by(LABEL.c.answered.desc())
        .limit(1)
    ).first()
    waits = connection.execute(
        select(SAID.c.at, SAID.c.kind, SAID.c.words)
        .join(LABEL, and_(SAID.c.site == LABEL.c.site, SAID.c.key == LABEL.c.key))
        .where(mine, LABEL.c.status == "pending")
        .order_by(SAID.c.at.desc())
        .limit(1)
    ).first()
    tried = connection.execute(
        select(ACT.c.at, ACT.c.came, ACT.c.why)
        .where(ACT.c.site == site, ACT.c.carrier == carrier, ACT.c.act == acts.TRIED)
        .order_by(ACT.c.n.desc())
        .limit(1)
    ).first()
    found = []
    if decided is not None:
        at, came, reason, said_words = decided
        words = str(said_words or "") if came == "refused" else ""
        found.append(Last(at=at, came=came, reason=reason, words=words))
    if waits is not None:
        came = said.UNKNOWN if waits.kind == said.UNKNOWN else "pending"
        found.append(Last(at=waits.at, came=came, words=waits.words))
    if tried is not None:
        came, _, reason = tried.came.partition(" ")
        found.append(Last(at=tried.at, came=came, reason=reason, words=tried.why))
    return max(found, key=lambda one: one.at, default=None)


def shut(
    server: Server, caller: PersonCaller, site: str, carrier: str, given: Shutting
) -> Standing:
    """Buy nothing new by an account, or buy again; what was bought is asked for all the while.

    Raises:
        Problem: 404 ``unknown_carrier``; 422 a reason that is none.
    """
    why = given.reason.strip()
    if len(why) > said.MOST or not why.isprintable():
        raise Problem(422, "reason", f"reason: at most {said.MOST} printable characters")
    at = and_(SHUT.c.site == site, SHUT.c.carrier == carrier)
    with server.store.write() as connection:
        _need(connection, site, carrier)
        held = connection.scalar(select(SHUT.c.since).where(at))
        if (held is not None) != given.shut:
            if given.shut:
                since = stamp(server.clock.now())
                connection.execute(insert(SHUT).values(site=site, carrier=carrier, since=since))
            else:
                connection.execute(delete(SHUT).where(at))
            act = acts.SHUT if given.shut else acts.OPENED
            acts.note(server, connection, caller, site, acts.Act(act=act, carrier=carrier, why=why))
    with server.store.read() as connection:
        return _need(connection, site, carrier)


def _need(connection: Connection, site: str, carrier: str) -> Standing:
    """How an account stands.

    Raises:
        Problem: 404 ``unknown_carrier``.
    """
    found = listed(connection, site).accounts
    one = next((each for each in found if each.account.carrier == carrier), None)
    if one is None:
        raise Problem(404, "unknown_carrier", carrier=carrier)
    return one


def attempt(server: Server, caller: PersonCaller, site: str, carrier: str) -> Tried:
    """Ask the carrier something that costs nothing.

    Raises:
        Problem: 404 ``unknown_carrier``; 409 ``vault``.
    """
    gateway = accounts.gateway(server, site, carrier)
    if gateway is None:
        raise Problem(404, "unknown_carrier", carrier=carrier)
    tried = _tried(server, site, carrier, gateway)
    came = f"{tried.came} {tried.reason}".strip()
    with server.store.write() as connection:
        acts.note(
            server,
            connection,
            caller,
            site,
            acts.Act(act=acts.TRIED, carrier=carrier, came=came, why=tried.words),
        )
    return tried


def _tried(server: Server, site: str, carrier: str, gateway: CarrierGateway) -> Tried:
    if isinstance(gateway, OwnCarrier):
        return Tried(carrier=carrier, came=NOT_TRIED)
    try:
        if isinstance(gateway, Karrio):
            gateway.quote(_nothing(server, site))
        elif isinstance(gateway, Ozon):  # of a sale it asks its own book first
            gateway.greet()
        else:
            gateway.find(f"{server.ids.new()}/1")
    except CarrierError as exc:
        # A question that is refused leaves a sale open; of the account it tells all the same.
        no = exc.__cause__ if isinstance(exc.__cause__, LabelRefused) else exc
        return _no(carrier, no)
    return Tried(carrier=carrier, came=FINE)


def _no(carrier: str, no: CarrierError) -> Tried:
    if not isinstance(no, LabelRefused):
        words = str(no.fields.get("reason") or no.fields.get("cause") or "")
        return Tried(carrier=carrier, came=NO_ANSWER, words=words[: said.MOST])
    reason, words = str(no.fields.get("reason", "")), str(no.fields.get("detail", ""))
    if reason in {"never_bought", "invalid"}:  # it read the question, and knows no such sale
        return Tried(carrier=carrier, came=FINE)
    came = NOT_TRIED if reason == "not_offered" else "refused"
    return Tried(carrier=carrier, came=came, reason=reason, words=words[: said.MOST])


def _nothing(server: Server, site: str) -> Shipment:
    """Half a kilogram from the site to itself: asked for a price only."""
    with server.store.read() as connection:
        sender = need_site(connection, site).sender
    here = Place(country=sender.country, postcode=sender.postcode)
    parcel = ShipmentParcel(weight_g=_GRAMS)
    today = server.clock.now().date()
    return Shipment(date=today, origin=here, destination=here, parcels=(parcel,))
