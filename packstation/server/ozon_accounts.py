"""Accounts at Ozon: which delivery methods are which services, and the book of what was shipped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Index, Table, and_, insert, select, update

from packstation.carriers.adapters.ozon import BASE_URL, Ozon, Terms
from packstation.carriers.adapters.ozon_book import Carriage, Entry
from packstation.domain.errors import InputInvalid
from packstation.server.columns import METADATA, keys, text
from packstation.server.store import Store

SECRETS: Final = ("client_id", "api_key")

# What keys asked for (``ozon_book.Entry``); by posting, number and waybill, too.
PARCEL: Final = Table(
    "ozon_parcel",
    METADATA,
    *keys("carrier", "key"),
    text("posting"),
    text("number"),
    text("waybill"),
    text("body"),
    Index("ozon_parcel_posting", "posting"),
    Index("ozon_parcel_number", "number"),
    Index("ozon_parcel_waybill", "waybill"),
)
# Carriages by the list that they were made for.
CARRIAGE: Final = Table(
    "ozon_carriage",
    METADATA,
    *keys("carrier", "key"),
    text("carriage"),
    text("missing"),
    Index("ozon_carriage_id", "carriage"),
)


def terms_of(description: Mapping[str, Any]) -> Terms:
    """An account's description.

    Raises:
        InputInvalid: a field that is none, or a method that is no number of Ozon's.
    """
    allowed = "methods (service: number of the delivery method)"
    try:
        terms = msgspec.convert(dict(description), Terms)
    except msgspec.ValidationError as exc:
        raise InputInvalid(path="description", value=str(exc), allowed=allowed) from exc
    for service, number in terms.methods.items():
        if not (service and number.isascii() and number.isdecimal()):
            path = f"description.methods.{service[:40]}"
            raise InputInvalid(path=path, value=number[:40], allowed="digits")
    return terms


def made(store: Store, carrier: str, url: str, secrets: Mapping[str, str], terms: Terms) -> Ozon:
    """The adapter; ``url`` "" is Ozon's own."""
    client_id, api_key = (secrets[name] for name in SECRETS)
    book = StoredBook(store, carrier)
    return Ozon(client_id, api_key, terms, book, base_url=url or BASE_URL)


class StoredBook:
    """``ozon_book.Book`` of an account, in the server's database."""

    def __init__(self, store: Store, carrier: str) -> None:
        self._store, self._carrier = store, carrier

    def of(self, key: str) -> Entry | None:
        return next(iter(self._found(PARCEL.c.key == key)), None)

    def of_posting(self, posting: str) -> tuple[Entry, ...]:
        return self._found(PARCEL.c.posting == posting)

    def of_waybill(self, waybill: str) -> Entry | None:
        return next(iter(self._found(PARCEL.c.waybill == waybill)), None) if waybill else None

    def _found(self, where: Any) -> tuple[Entry, ...]:  # noqa: ANN401 - SQLAlchemy
        ours = select(PARCEL.c.body).where(PARCEL.c.carrier == self._carrier, where)
        with self._store.read() as connection:
            bodies = connection.scalars(ours.order_by(PARCEL.c.key)).all()
        return tuple(msgspec.json.decode(body, type=Entry) for body in bodies)

    def keep(self, entry: Entry) -> None:
        body = msgspec.json.encode(entry).decode()
        columns = {
            "posting": entry.posting,
            "number": entry.number,
            "waybill": entry.waybill,
            "body": body,
        }
        self._put(PARCEL, entry.key, columns)

    def carriage(self, key: str) -> Carriage | None:
        with self._store.read() as connection:
            row = connection.execute(select(CARRIAGE).where(self._at(CARRIAGE, key))).one_or_none()
        if row is None:
            return None
        missing = msgspec.json.decode(row.missing, type=tuple[str, ...])
        return Carriage(id=row.carriage, missing=missing)

    def keep_carriage(self, key: str, carriage: Carriage) -> None:
        missing = msgspec.json.encode(carriage.missing).decode()
        self._put(CARRIAGE, key, {"carriage": carriage.id, "missing": missing})

    def has_carriage(self, id: str) -> bool:  # noqa: A002 - theirs
        ours = and_(CARRIAGE.c.carrier == self._carrier, CARRIAGE.c.carriage == id)
        with self._store.read() as connection:
            return connection.scalar(select(CARRIAGE.c.key).where(ours).limit(1)) is not None

    def _at(self, table: Table, key: str) -> Any:  # noqa: ANN401 - SQLAlchemy
        return and_(table.c.carrier == self._carrier, table.c.key == key)

    def _put(self, table: Table, key: str, columns: Mapping[str, str]) -> None:
        where = self._at(table, key)
        with self._store.write() as connection:
            if connection.scalar(select(table.c.key).where(where)) is None:
                new = insert(table).values(carrier=self._carrier, key=key, **columns)
                connection.execute(new)
            else:
                connection.execute(update(table).where(where).values(**columns))
