"""Taking one pulled row into the cache, by its kind."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from packstation.domain.catalog import Product
from packstation.domain.packing_rules import PackingRules
from packstation.domain.parcels import Carton
from packstation.domain.psp import OrderBody, PersonBody, SiteBody
from packstation.first_use import shaped
from packstation.station.ports import Row
from packstation.storage import held, order_rows, texts, weights
from packstation.storage.database import Raw, Statement

_LOG: Final = logging.getLogger(__name__)


class _Kind(Struct, frozen=True):
    """The shape of a kind's body, and how a row of it comes and goes."""

    shape: type[msgspec.Struct]
    put: Callable[[Raw, int, Any], None]
    deletes: tuple[Statement, ...]


_KINDS: Final[Mapping[str, _Kind]] = {
    "carton": _Kind(
        Carton,
        lambda raw, rev, body: order_rows.put_cartons(raw, [(rev, body)]),
        (texts.DELETE_CARTON,),
    ),
    "user": _Kind(
        PersonBody,
        lambda raw, rev, body: order_rows.put_people(raw, [(rev, body)]),
        (texts.DELETE_PERSON,),
    ),
    "site": _Kind(SiteBody, order_rows.put_site, (texts.DELETE_SITE,)),
    order_rows.PACKING: _Kind(
        PackingRules,
        lambda raw, rev, body: order_rows.put_packing(raw, [(rev, body)]),
        (),
    ),
    "sku": _Kind(
        Product,
        lambda raw, rev, body: order_rows.put_products(raw, [(rev, body)]),
        (texts.DELETE_PRODUCT, texts.DELETE_PRODUCT_CODES),
    ),
}


def take(raw: Raw, row: Row, epoch: str, hw: int) -> None:
    """Write, keep aside or delete ``row``; ``epoch`` and ``hw`` tell what the server has."""
    if row.t == "order":
        _take_order(raw, row, touched=held.is_touched(raw, row.id, epoch, hw))
    elif row.t == "weight":
        _take_weight(raw, row)
    elif row.op == "put":
        _put(raw, row)
    else:
        _delete(raw, row)


def _take_order(raw: Raw, row: Row, *, touched: bool) -> None:
    body = _body(raw, row, OrderBody) if row.op == "put" else None
    if row.op == "put" and body is None:
        return
    if touched:
        held.hold(raw, row.id, row.rev, row.op, body)
    else:
        held.write(raw, row.id, row.rev, body)


def _take_weight(raw: Raw, row: Row) -> None:
    if row.op != "put":
        texts.DELETE_WEIGHT.run(raw, of=row.id)
        return
    try:
        weights.take(raw, row.id, row.body)
    except msgspec.MsgspecError as exc:
        _LOG.warning("row refused: %s %s", row.t, row.id, extra={"cause": str(exc)})
        _keep(raw, f"refused {row.t}", row)


def _put(raw: Raw, row: Row) -> None:
    kind = _KINDS.get(row.t)
    if kind is None:
        _keep(raw, row.t, row)
    elif (body := _body(raw, row, kind.shape)) is not None:
        kind.put(raw, row.rev, body)


def _delete(raw: Raw, row: Row) -> None:
    kind = _KINDS.get(row.t)
    for statement in kind.deletes if kind else ():
        statement.run(raw, of=row.id)
    texts.DELETE_IMAGE.run(raw, kind=row.t, of=row.id)


def _body(raw: Raw, row: Row, shape: type[msgspec.Struct]) -> Any:  # noqa: ANN401 - an instance of shape
    try:
        return shaped(dict(row.body), shape)
    except msgspec.ValidationError as exc:
        # One bad row never stops the others: it is kept for the help desk as it came.
        _LOG.warning("row refused: %s %s", row.t, row.id, extra={"cause": str(exc)})
        _keep(raw, f"refused {row.t}", row)
        return None


def _keep(raw: Raw, table: str, row: Row) -> None:
    doc = msgspec.json.encode(row.body).decode()
    texts.PUT_IMAGE.run(raw, t=table, id=row.id, rev=row.rev, doc=doc)
