"""Accounts at carriers: which adapter, which description, whose credentials. Only the server's.

A bench asks for a label by the carrier's name and gets a number and a file; an answer of this
module names the credentials that there are, never what they say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, and_, delete, insert, select, update

from packstation.carriers.adapters import easypost
from packstation.carriers.adapters.rest import reading
from packstation.carriers.adapters.rest.adapter import RestCarrier
from packstation.carriers.adapters.rest.loading import load
from packstation.carriers.live.gateway import Karrio
from packstation.domain.carriers import CarrierGateway
from packstation.domain.errors import InputInvalid
from packstation.server import live, outgoing, ozon_accounts
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.online_accounts import ONLINE, Online
from packstation.server.own_numbers import own_carrier
from packstation.server.problems import Problem
from packstation.server.purchases import acts
from packstation.server.purchases.tables import SHUT
from packstation.server.tables import CARRIER_ACCOUNT
from packstation.server.vault import Locked

Words = Mapping[str, str]
NAME: Final = re.compile(r"[a-z0-9_.-]{1,64}")
_LONGEST: Final = 8192


class AccountGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account; a secret that is not named keeps what it was.

    ``kind``: ``own`` (tariffs and numbers of this server) or ``rest`` with its ``description``
    (packstation.carrier/1), of which ``base_url`` may be another (a test system's); ``easypost``;
    ``karrio`` with a ``live.KarrioDescribed``; ``ozon`` with its ``Terms``; those of
    ``online_accounts.ONLINE``.
    """

    kind: str
    description: dict[str, Any] = {}
    base_url: str = ""
    secrets: dict[str, str] = {}


class Account(Struct, frozen=True, kw_only=True):
    """An account as it is told: ``secrets`` are names."""

    carrier: str
    kind: str
    base_url: str = ""
    source: str = ""
    verified: str = ""
    secrets: tuple[str, ...] = ()
    changed: str = ""
    who: str = ""


class Accounts(Struct, frozen=True, kw_only=True):
    """Accounts of a site."""

    carriers: tuple[Account, ...]


class Unknown(Struct, frozen=True, kw_only=True):
    """Purchases of which nobody here knows what became, the oldest first."""

    keys: tuple[str, ...]


class Settled(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person found at the carrier; ``waybill`` "" = nothing was bought."""

    key: str
    waybill: str = ""


class Kind(Struct, frozen=True):
    """An adapter: ``wants`` names its secrets, or raises ``InputInvalid``; ``make`` makes it."""

    wants: Callable[[str, AccountGiven], tuple[str, ...]]
    make: Callable[[Server, str, AccountGiven], CarrierGateway]


def _rest_wants(carrier: str, given: AccountGiven) -> tuple[str, ...]:
    described = load(_described(given))
    if described.carrier != carrier:
        raise InputInvalid(path="description.carrier", value=described.carrier, allowed=carrier)
    return described.secrets


def _described(given: AccountGiven) -> bytes:
    """The description with the account's own address, so that it is judged as it is used."""
    moved = {"base_url": given.base_url} if given.base_url else {}
    return msgspec.json.encode({**given.description, **moved})


def _rest(_server: Server, _carrier: str, given: AccountGiven) -> CarrierGateway:
    return RestCarrier(load(_described(given)), given.secrets)


def _own_wants(_carrier: str, given: AccountGiven) -> tuple[str, ...]:
    if given.description or given.base_url:
        raise InputInvalid(path="description", value="own", allowed="nothing")
    return ()


def _easypost_wants(_carrier: str, given: AccountGiven) -> tuple[str, ...]:
    if given.description:
        raise InputInvalid(path="description", value="easypost", allowed="nothing")
    live.judge_url("base_url", given.base_url)
    return ("api_key",)


def _easypost(_server: Server, carrier: str, given: AccountGiven) -> CarrierGateway:
    url = given.base_url or easypost.BASE_URL
    return easypost.EasyPost(given.secrets["api_key"], name=carrier, base_url=url)


def _karrio_wants(_carrier: str, given: AccountGiven) -> tuple[str, ...]:
    if given.base_url:
        raise InputInvalid(path="base_url", value=given.base_url, allowed="nothing")
    return live.described(given.description).connector.secrets


def _karrio(server: Server, carrier: str, given: AccountGiven) -> CarrierGateway:
    about = live.described(given.description)
    return server.live.gateway(carrier, about, given.secrets, server.clock.now)


def _of(one: Online) -> Kind:
    """A single online carrier."""

    def wants(_carrier: str, given: AccountGiven) -> tuple[str, ...]:
        one.judge(given.description)
        live.judge_url("base_url", given.base_url)
        return one.secrets

    def make(_server: Server, carrier: str, given: AccountGiven) -> CarrierGateway:
        return one.make(carrier, given.base_url, given.secrets, given.description)

    return Kind(wants, make)


def _ozon_wants(_carrier: str, given: AccountGiven) -> tuple[str, ...]:
    ozon_accounts.terms_of(given.description)
    live.judge_url("base_url", given.base_url)
    return ozon_accounts.SECRETS


def _ozon(server: Server, carrier: str, given: AccountGiven) -> CarrierGateway:
    terms = ozon_accounts.terms_of(given.description)
    return ozon_accounts.made(server.store, carrier, given.base_url, given.secrets, terms)


# An adapter that takes accounts is one row.
KINDS: Final[Mapping[str, Kind]] = {
    "own": Kind(_own_wants, lambda server, carrier, _: own_carrier(server, carrier)),
    "rest": Kind(_rest_wants, _rest),
    "easypost": Kind(_easypost_wants, _easypost),
    "karrio": Kind(_karrio_wants, _karrio),
    "ozon": Kind(_ozon_wants, _ozon),
    **{name: _of(one) for name, one in ONLINE.items()},
}


def named(carrier: str, given: AccountGiven) -> tuple[str, ...]:
    """The names of the credentials that an account wants.

    Raises:
        Problem: 422 with the field that is wrong.
    """
    if not NAME.fullmatch(carrier):
        raise Problem(422, "invalid", f"carrier: {carrier[:64]}; allowed: a-z, 0-9, _ . -")
    kind = KINDS.get(given.kind)
    if kind is None:
        raise Problem(422, "invalid", f"kind: {given.kind[:40]}; allowed: {', '.join(KINDS)}")
    try:
        return kind.wants(carrier, given)
    except InputInvalid as exc:
        said = exc.fields
        detail = f"{said['path']}: {said['value']}; allowed: {said['allowed']}"
        raise Problem(422, "invalid", detail) from exc


def kept(connection: Connection, site: str, carrier: str) -> AccountGiven | None:
    """An account as it was given, without its credentials."""
    row = _row(connection, site, carrier)
    if row is None:
        return None
    description = json.loads(row.description)
    return AccountGiven(kind=row.kind, base_url=row.base_url, description=description)


def put(
    server: Server, caller: PersonCaller, site: str, carrier: str, given: AccountGiven
) -> Account:
    """Keep an account.

    Raises:
        Problem: 422 with the field that is wrong; 409 ``vault``, what was kept does not open.
    """
    wanted = named(carrier, given)
    outgoing.judge_url(server.reach, given.base_url or str(given.description.get("base_url", "")))
    with server.store.write() as connection:
        row = _row(connection, site, carrier)
        stays = not set(wanted) <= set(given.secrets)
        before = _opened(server, row) if row is not None and stays else {}
        words = _words(wanted, before, given.secrets)
        columns = {
            "kind": given.kind,
            "base_url": given.base_url,
            "description": json.dumps(given.description, ensure_ascii=False),
            "names": " ".join(words),
            "sealed": server.vault.seal(_place(site, carrier), words),
            "changed": stamp(server.clock.now()),
            "who": caller.name,
        }
        if row is None:
            new = insert(CARRIER_ACCOUNT).values(site=site, carrier=carrier, **columns)
            connection.execute(new)
        else:
            connection.execute(update(CARRIER_ACCOUNT).where(_at(site, carrier)).values(**columns))
        acts.note(
            server,
            connection,
            caller,
            site,
            acts.Act(act=acts.KEPT, carrier=carrier, came=given.kind),
        )
        done = _row(connection, site, carrier)
    assert done is not None  # noqa: S101 - written a line above
    return _told(done)


def _words(wanted: tuple[str, ...], before: Words, given: Words) -> dict[str, str]:
    """What the account's secrets are now.

    Raises:
        Problem: 422, one is missing, unknown, or nothing that fits into a request.
    """
    for name, value in given.items():
        if name not in wanted:
            allowed = ", ".join(wanted) or "none"
            raise Problem(422, "invalid", f"secrets.{name[:64]}: allowed: {allowed}")
        # No value is told, not even a wrong one.
        if not value or len(value) > _LONGEST or not value.isprintable():
            raise Problem(422, "invalid", f"secrets.{name}: 1 to {_LONGEST} printable characters")
    words = {name: given.get(name) or before.get(name, "") for name in wanted}
    for name, value in words.items():
        if not value:
            raise Problem(422, "invalid", f"secrets.{name}: is missing")
    return words


def listed(connection: Connection, site: str) -> Accounts:
    """The accounts of a site, by carrier."""
    where = CARRIER_ACCOUNT.c.site == site
    rows = connection.execute(
        select(CARRIER_ACCOUNT).where(where).order_by(CARRIER_ACCOUNT.c.carrier)
    )
    return Accounts(carriers=tuple(map(_told, rows)))


def drop(server: Server, caller: PersonCaller, site: str, carrier: str) -> None:
    """Forget an account and its credentials.

    Raises:
        Problem: 404.
    """
    with server.store.write() as connection:
        if not connection.execute(delete(CARRIER_ACCOUNT).where(_at(site, carrier))).rowcount:
            raise Problem(404, "unknown_carrier", carrier=carrier)
        connection.execute(delete(SHUT).where(SHUT.c.site == site, SHUT.c.carrier == carrier))
        acts.note(server, connection, caller, site, acts.Act(act=acts.DROPPED, carrier=carrier))


def is_shut(connection: Connection, site: str, carrier: str) -> bool:
    """Whether nothing new is bought by an account."""
    at = and_(SHUT.c.site == site, SHUT.c.carrier == carrier)
    return connection.scalar(select(SHUT.c.since).where(at)) is not None


def gateway(server: Server, site: str, carrier: str) -> CarrierGateway | None:
    """The adapter of an account, made once for each of its versions; None where there is none.

    Raises:
        Problem: 409 ``vault``.
    """
    with server.store.read() as connection:
        row = _row(connection, site, carrier)
    if row is None:
        return None
    return server.gateways.get((site, carrier), row.sealed, lambda: _made(server, row))


def unknown(server: Server, site: str, carrier: str) -> Unknown:
    """Keys whose purchase left and got no answer, at a carrier that cannot be asked.

    Raises:
        Problem: 404.
    """
    return Unknown(keys=_asked_of_people(server, site, carrier).unknown())


def settle(server: Server, caller: PersonCaller, site: str, carrier: str, given: Settled) -> None:
    """A person looked at the carrier's own pages: the key bought this number, or nothing.

    Raises:
        Problem: 404; 409 ``not_waiting``; 422 a waybill that is none.
    """
    if given.waybill and not reading.is_number(given.waybill):
        raise Problem(422, "invalid", f"waybill: {given.waybill[:64]!r}; 4 to 64 letters, digits")
    if not _asked_of_people(server, site, carrier).settle(given.key, given.waybill):
        raise Problem(409, "not_waiting", key=given.key)
    act = acts.SOLD if given.waybill else acts.NOT_SOLD
    told = {"carrier": carrier, "key": given.key, "waybill": given.waybill}
    with server.store.write() as connection:
        acts.note(server, connection, caller, site, acts.Act(act=act, **told))


def _asked_of_people(server: Server, site: str, carrier: str) -> Karrio:
    found = gateway(server, site, carrier)
    if not isinstance(found, Karrio):
        raise Problem(404, "unknown_carrier", carrier=carrier)
    return found


def _made(server: Server, row: Row[tuple[object, ...]]) -> CarrierGateway:
    given = AccountGiven(
        kind=row.kind,
        description=json.loads(row.description),
        base_url=row.base_url,
        secrets=_opened(server, row),
    )
    made = KINDS[row.kind].make(server, row.carrier, given)
    outgoing.keep_to(made, server.reach)
    return made


def _opened(server: Server, row: Row[tuple[object, ...]]) -> dict[str, str]:
    try:
        return server.vault.open(_place(row.site, row.carrier), row.sealed)
    except Locked as exc:
        raise Problem(409, "vault", carrier=row.carrier) from exc


def _place(site: str, carrier: str) -> str:
    return msgspec.json.encode([site, carrier]).decode()


def _at(site: str, carrier: str) -> Any:  # noqa: ANN401 - SQLAlchemy
    return and_(CARRIER_ACCOUNT.c.site == site, CARRIER_ACCOUNT.c.carrier == carrier)


def _row(connection: Connection, site: str, carrier: str) -> Row[tuple[object, ...]] | None:
    found = connection.execute(select(CARRIER_ACCOUNT).where(_at(site, carrier)))
    return found.one_or_none()


def _told(row: Row[tuple[object, ...]]) -> Account:
    description = json.loads(row.description)
    return Account(
        carrier=row.carrier,
        kind=row.kind,
        base_url=row.base_url or str(description.get("base_url", "")),
        source=str(description.get("source", "")),
        verified=str(description.get("verified", "")),
        secrets=tuple(row.names.split()),
        changed=row.changed,
        who=row.who,
    )
