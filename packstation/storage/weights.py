"""What the bench has learned of weights: a projection of its facts, and the server's rows.

Written in the journal's own transaction. The server folds the facts of all benches; its row
takes the place of ours as soon as it rests on as many parcels.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import msgspec

from packstation.domain.catalog import Product
from packstation.domain.learning.catalogue import filled
from packstation.domain.learning.folding import Kept, keys_of, seen_in, taught
from packstation.domain.packing.facts import Fact
from packstation.domain.packing.weight_facts import UnitMeasured
from packstation.first_use import met
from packstation.storage import order_rows, texts
from packstation.storage.database import Database, Raw
from packstation.storage.migrations import require_known

_LOG: Final = logging.getLogger(__name__)


def known(database: Database, keys: Iterable[str]) -> dict[str, str]:
    """Documents by key, as far as there are any."""
    return dict(database.all(texts.WEIGHTS, keys=_array(keys)))


def listed(path: Path) -> dict[str, str]:
    """All documents of the database at ``path``, read beside its writer.

    Raises:
        StorageError: a newer schema, or no database.
    """
    database = Database(path, read_only=True)
    try:
        require_known(database)
        return dict(database.all(texts.ALL_WEIGHTS))
    finally:
        database.close()


def learn(raw: Raw, fact: Fact, at: str) -> None:
    """Fold a fact; inside the transaction that writes it."""
    if isinstance(fact, UnitMeasured):
        _fill(raw, fact)
    rows = texts.WEIGHTS.run(raw, keys=_array(keys_of(fact))).fetchall()
    try:
        learned = taught(fact, dict(rows), at)
    except (ArithmeticError, ValueError, msgspec.MsgspecError) as exc:
        # As on the server: figures that no scale shows teach nothing; the fact itself stays.
        _LOG.warning("nothing learned: %s", type(exc).__name__)
        return
    for kept in learned:
        _put(raw, kept)


def _fill(raw: Raw, fact: UnitMeasured) -> None:
    """The catalogue's row gets what it had not; the server does the same."""
    row = texts.PRODUCT.run(raw, of=fact.sku).fetchone()
    if row is not None:
        product = filled(msgspec.json.decode(row[0], type=met(Product)), fact)
        order_rows.put_products(raw, [(0, product)])


def take(raw: Raw, key: str, body: Any) -> None:  # noqa: ANN401 - a pulled row's body
    """Keep a pulled row where it knows at least as much as we do.

    Raises:
        msgspec.MsgspecError: it is no such document.
    """
    doc = msgspec.json.encode(body).decode()
    _put(raw, Kept(key, seen_in(key, doc), doc))


def _put(raw: Raw, kept: Kept) -> None:
    texts.PUT_WEIGHT.run(raw, of=kept.key, parcels=kept.seen, doc=kept.doc)


def _array(keys: Iterable[str]) -> str:
    return msgspec.json.encode(list(keys)).decode()
