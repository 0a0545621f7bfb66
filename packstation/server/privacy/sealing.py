"""Orders at rest: what names a buyer is encrypted with a key of each order.

The key (AES-256-GCM) lies in ``order_key``, itself sealed by the vault; who destroys it has made
the order's personal data unreadable everywhere, old pages of the database included. The country
stays clear: customs and statistics ask for it, and it names nobody.

A ``Store`` that was given `OrderKeys` carries them with every connection, so that
``server.rows`` seals and opens without each caller's knowing. Rows of before, and those of a
store without keys, are plain and stay readable.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, and_, delete, insert, select

from packstation.server.privacy.tables import BUYER_MARK, ORDER_KEY
from packstation.server.vault import Locked, Vault

ORDER: Final = "order"
OPTION: Final = "packstation_order_keys"
_SEALED: Final = "sealed"
_CLEAR: Final = "country"
# Members of an order that may name a buyer; of ``ship_to`` all but the country.
PRIVATE: Final = ("buyer", "delivery", "gift_message", "note")
_BYTES: Final = 32
_NONCE: Final = 12
_MARK: Final = 32
_PHONE: Final = 9
_TOGETHER: Final = 500


class OrderKeys:
    """Keys of orders, kept under the vault's."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def fresh(self, site: str, order: str) -> tuple[bytes, str]:
        """A new key, and as it is kept."""
        key = secrets.token_bytes(_BYTES)
        words = {"key": base64.b64encode(key).decode()}
        return key, self._vault.seal(_place(site, order), words)

    def key(self, site: str, order: str, sealed: str) -> bytes | None:
        """The key again; None where the vault has another key."""
        try:
            return base64.b64decode(self._vault.open(_place(site, order), sealed)["key"])
        except (Locked, KeyError, binascii.Error):
            return None

    def mark(self, site: str, kind: str, text: str) -> str:
        """The blind mark of a word of a buyer's; "" of nothing."""
        plain = _PLAIN[kind](text)
        return self._vault.mac(f"{site}/{kind}/{plain}")[:_MARK] if plain else ""


def keys_of(connection: Connection) -> OrderKeys | None:
    """The keys that this connection's store was given."""
    found = connection.get_execution_options().get(OPTION)
    return found if isinstance(found, OrderKeys) else None


def _place(site: str, order: str) -> str:
    return f"order-key/{site}/{order}"


# --- words of a buyer ------------------------------------------------------------------------


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


def _digits(text: str) -> str:
    """The last digits: a number is written with and without its country."""
    found = "".join(letter for letter in text if letter.isdecimal())
    return found[-_PHONE:] if len(found) >= _PHONE - 3 else ""


_PLAIN: Final = {"email": _words, "phone": _digits, "name": _words}


def marks_of(keys: OrderKeys, site: str, order: Mapping[str, Any]) -> set[str]:
    """Blind marks of whoever an order names."""
    people = [order.get("ship_to"), order.get("buyer")]
    found = {
        keys.mark(site, kind, str(one.get(kind) or ""))
        for one in people
        if isinstance(one, Mapping)
        for kind in _PLAIN
    }
    return found - {""}


def asked_marks(keys: OrderKeys, site: str, text: str) -> set[str]:
    """Marks that somebody's words may be of: an e-mail, a number or a name."""
    return {keys.mark(site, kind, text) for kind in _PLAIN} - {""}


# --- sealing and opening ---------------------------------------------------------------------


def sealed(connection: Connection, site: str, order: str, text: str) -> str:
    """The body of an order as it is kept; also keeps its key and the buyer's marks.

    Of an order that was erased nothing personal is kept, whatever comes in.
    """
    keys = keys_of(connection)
    if keys is None:
        return text
    body: dict[str, Any] = msgspec.json.decode(text)
    clear, private = split(body)
    if not private:
        return text
    key = _key_for(connection, keys, site, order)
    if key is None:
        return msgspec.json.encode(clear).decode()
    _keep_marks(connection, site, order, marks_of(keys, site, body["order"]))
    nonce = secrets.token_bytes(_NONCE)
    plain = msgspec.json.encode(private)
    box = nonce + AESGCM(key).encrypt(nonce, plain, _place(site, order).encode())
    return msgspec.json.encode({**clear, _SEALED: base64.b64encode(box).decode()}).decode()


def allowed(connection: Connection, site: str, order: str, text: str) -> str:
    """A body without what may not be kept of it any more: of an erased order, the buyer."""
    mine = and_(ORDER_KEY.c.site == site, ORDER_KEY.c.order == order, ORDER_KEY.c.erased != "")
    erased = connection.scalar(select(ORDER_KEY.c.order).where(mine))
    if keys_of(connection) is None or erased is None:
        return text
    return msgspec.json.encode(split(msgspec.json.decode(text))[0]).decode()


def split(body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What may lie open of an order's body, and what may not: ({...}, {member: value})."""
    order = dict(body["order"])
    private = {name: order.pop(name) for name in PRIVATE if order.get(name)}
    to = order.get("ship_to")
    if isinstance(to, Mapping):
        hidden = {name: value for name, value in to.items() if value and name != _CLEAR}
        if hidden:
            private["ship_to"] = hidden
            order["ship_to"] = {_CLEAR: to.get(_CLEAR, "")}
    return {**body, "order": order}, private


def opened(connection: Connection, site: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Bodies of orders as they came in, by order; without what was erased."""
    shut = {name for name, text in texts.items() if f'"{_SEALED}"' in text}
    if not shut:
        return dict(texts)
    keys = keys_of(connection)
    known = dict(_sealed_keys(connection, site, shut)) if keys else {}
    found = dict(texts)
    for name in shut:
        body: dict[str, Any] = msgspec.json.decode(texts[name])
        box = body.pop(_SEALED, None)
        key = keys.key(site, name, known[name]) if keys and known.get(name) else None
        if key is not None and isinstance(box, str):
            body = _joined(body, _unboxed(key, box, _place(site, name)))
        found[name] = msgspec.json.encode(body).decode()
    return found


def _unboxed(key: bytes, box: str, place: str) -> dict[str, Any]:
    """What was sealed; nothing where it does not open."""
    try:
        raw = base64.b64decode(box, validate=True)
        plain = AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], place.encode())
    except (InvalidTag, ValueError):
        return {}
    found: dict[str, Any] = msgspec.json.decode(plain)
    return found


def _joined(body: dict[str, Any], private: dict[str, Any]) -> dict[str, Any]:
    order, to = body["order"], private.pop("ship_to", {})
    whole = {**order, **private, "ship_to": {**order.get("ship_to", {}), **to}}
    return {**body, "order": whole}


def same(before: str, text: str) -> bool:
    """Whether two bodies say the same, whatever the order of their members."""
    return before == text or _flat(before) == _flat(text)


def _flat(text: str) -> Any:  # noqa: ANN401 - a JSON tree
    return _without_empty(msgspec.json.decode(text))


def _without_empty(node: Any) -> Any:  # noqa: ANN401 - a JSON tree
    """Absent, null, "" and {} all mean "not known" in orders."""
    if isinstance(node, dict):
        pairs = {name: _without_empty(value) for name, value in node.items()}
        return {name: value for name, value in pairs.items() if value not in (None, "", {}, [])}
    return [_without_empty(one) for one in node] if isinstance(node, list) else node


# --- rows of keys and marks ------------------------------------------------------------------


def _key_for(connection: Connection, keys: OrderKeys, site: str, order: str) -> bytes | None:
    """The order's key, made at the first need; None once it was destroyed."""
    where = and_(ORDER_KEY.c.site == site, ORDER_KEY.c.order == order)
    row = connection.execute(select(ORDER_KEY).where(where)).one_or_none()
    if row is not None and row.erased:
        return None
    known = keys.key(site, order, row.sealed) if row is not None else None
    if known is not None:
        return known
    made, text = keys.fresh(site, order)
    connection.execute(delete(ORDER_KEY).where(where))
    connection.execute(insert(ORDER_KEY).values(site=site, order=order, sealed=text))
    return made


def _sealed_keys(
    connection: Connection, site: str, orders: Iterable[str]
) -> Iterable[tuple[str, str]]:
    names = list(orders)
    for start in range(0, len(names), _TOGETHER):
        some = ORDER_KEY.c.order.in_(names[start : start + _TOGETHER])
        for row in connection.execute(select(ORDER_KEY).where(ORDER_KEY.c.site == site, some)):
            yield row.order, row.sealed


def _keep_marks(connection: Connection, site: str, order: str, marks: set[str]) -> None:
    mine = and_(BUYER_MARK.c.site == site, BUYER_MARK.c.order == order)
    known = set(connection.scalars(select(BUYER_MARK.c.mark).where(mine)))
    if known != marks:
        connection.execute(delete(BUYER_MARK).where(mine))
        rows = [{"site": site, "mark": mark, "order": order} for mark in sorted(marks)]
        if rows:
            connection.execute(insert(BUYER_MARK), rows)


def destroy(connection: Connection, site: str, order: str, at: str) -> None:
    """Destroy an order's key and its buyer's marks; there will be no other key for it."""
    if connection.dialect.name == "sqlite":  # no copy of the key stays in a free page
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    where = and_(ORDER_KEY.c.site == site, ORDER_KEY.c.order == order)
    connection.execute(delete(ORDER_KEY).where(where))
    connection.execute(insert(ORDER_KEY).values(site=site, order=order, sealed="", erased=at))
    mine = and_(BUYER_MARK.c.site == site, BUYER_MARK.c.order == order)
    connection.execute(delete(BUYER_MARK).where(mine))
