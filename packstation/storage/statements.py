"""What the station asks and writes, in SQLAlchemy Core: the source of ``texts.py``.

Nothing imports this while a bench works: ``python -m setup.sql_texts`` turns each statement
into its text once, ahead of time (docs/decisions/015). Parameters have names of their own,
constants stand in the text. ``migrations`` keeps its texts as they were released.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Insert,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.sql.expression import Executable

from packstation.storage.schema import (
    CARTON,
    COMPACTED,
    CURSOR,
    EVENT,
    HELD_ROW,
    META,
    ORDER_CODE,
    ORDER_ROW,
    ORDER_SKU,
    PERSON,
    PRODUCT,
    PRODUCT_CODE,
    QUARANTINE,
    ROW_IMAGE,
    SESSION,
    SITE,
    UNIT_CODE,
    WAYBILL,
    WEIGHT,
)

_ONE: Final[ColumnElement[int]] = literal_column("1")
# Said, because the dialect makes a parameter of an offset that nobody gives.
_ZERO: Final[ColumnElement[int]] = literal_column("0")
_NOTHING: Final[ColumnElement[str]] = literal_column("''")
_RECORD: Final = tuple(EVENT.columns)[1:]  # of the table, without its ``n``
_ORDER: Final = (ORDER_ROW.c.doc, ORDER_ROW.c.rev, ORDER_ROW.c.bench, ORDER_ROW.c.hold)
_OF: Final[ColumnElement[str]] = bindparam("of")


def _word(text: str) -> ColumnElement[str]:
    return literal_column(f"'{text}'")


def _any_of(column: Column[str]) -> ColumnElement[bool]:
    """In the JSON array ``keys``: one text however many keys there are."""
    keys = func.json_each(bindparam("keys")).table_valued("value", name="key")
    return column.in_(select(keys.c.value))


def _or(word: str, table: Table) -> Insert:
    return insert(table).prefix_with(f"OR {word}")


def _set_meta(name: str) -> Insert:
    put = insert_or(META).values(name=_word(name), value=bindparam("to")).inline()
    return put.on_conflict_do_update(index_elements=["name"], set_={"value": put.excluded.value})


def _opened() -> Insert:
    first = select(func.max(EVENT.c.n)).where(EVENT.c.session == _OF).scalar_subquery()
    put = insert_or(SESSION).values(
        session=_OF, order=bindparam("order_id"), state=_word("open"), first_n=first
    )
    return put.on_conflict_do_update(index_elements=["session"], set_={"state": put.excluded.state})


def _set_cursor() -> Insert:
    put = insert_or(CURSOR).values(epoch=bindparam("of"), hw=bindparam("to"))
    return put.on_conflict_do_update(index_elements=["epoch"], set_={"hw": put.excluded.hw})


def _put_weight() -> Insert:
    """An image that knows less than the one that is there changes nothing."""
    put = insert_or(WEIGHT).values(
        key=bindparam("of"), seen=bindparam("parcels"), doc=bindparam("doc")
    )
    return put.on_conflict_do_update(
        index_elements=["key"],
        set_={"seen": put.excluded.seen, "doc": put.excluded.doc},
        where=put.excluded.seen >= WEIGHT.c.seen,
    )


def _first_of_order() -> ColumnElement[int]:
    """Where the first event of order ``since`` stands; 0 without one."""
    first = select(func.min(EVENT.c.n)).where(EVENT.c.order == bindparam("since"))
    return func.coalesce(first.scalar_subquery(), _ZERO)


def _last_of_kind() -> ColumnElement[int]:
    """Where the last event of kind ``since`` stands; 0 without one."""
    last = select(func.max(EVENT.c.n)).where(EVENT.c.kind == bindparam("since"))
    return func.coalesce(last.scalar_subquery(), _ZERO)


def _says_one_of() -> ColumnElement[bool]:
    """The body has at ``path`` one of the JSON array ``values``."""
    values = func.json_each(bindparam("values")).table_valued("value", name="said")
    said = func.json_extract(EVENT.c.body, bindparam("path"))
    return said.in_(select(values.c.value))


# An order that was packed here stays ready in the cache until the server says otherwise.
_NOT_PACKED: Final = ~(
    select(_ONE)
    .where(SESSION.c.order == ORDER_ROW.c.order_id, SESSION.c.state == _word("completed"))
    .correlate(ORDER_ROW)
    .exists()
)
_READY: Final = ORDER_ROW.c.status == _word("ready")
_WAITS_FOR_OTHERS: Final = or_(
    # Any text is above nothing; ">" is a range of the index, "!=" is not.
    and_(_READY, ORDER_ROW.c.hold > _NOTHING),
    ORDER_ROW.c.status == _word("on_hold"),
    ORDER_ROW.c.status == _word("unpaid"),
)
_SENT: Final = (EVENT.c.epoch == bindparam("in_epoch"), EVENT.c.seq > bindparam("after"))
_PLACE: Final = (EVENT.c.station == bindparam("of_station"), EVENT.c.epoch == bindparam("of_epoch"))

_JOURNAL: Final[Mapping[str, Executable]] = {
    "INSERT_EVENT": insert(EVENT),
    "SESSION_OPENED": _opened(),
    "SESSION_MOVED": update(SESSION)
    .values(state=bindparam("to"))
    .where(SESSION.c.session == bindparam("of")),
    "WAYBILL_ISSUED": _or("IGNORE", WAYBILL),
    "UNIT_PACKED": _or("IGNORE", UNIT_CODE),
    "UNIT_OUT": delete(UNIT_CODE).where(
        UNIT_CODE.c.code == bindparam("code"), UNIT_CODE.c.session == _OF
    ),
    "UNITS_OUT": delete(UNIT_CODE).where(UNIT_CODE.c.session == _OF),
    "UNIT_SEEN": select(UNIT_CODE.c.code)
    .where(_any_of(UNIT_CODE.c.code), UNIT_CODE.c.session != _OF)
    .union_all(
        select(ROW_IMAGE.c.id).where(
            ROW_IMAGE.c.t == _word("unit"),
            _any_of(ROW_IMAGE.c.id),
            func.json_extract(ROW_IMAGE.c.doc, _word("$.session")) != _OF,
        )
    )
    .limit(_ONE)
    .offset(_ZERO),
    "HIGH_WATER": select(CURSOR.c.hw).where(CURSOR.c.epoch == _OF),
    "SET_HIGH_WATER": _set_cursor(),
    "OF_SESSION": select(*_RECORD).where(EVENT.c.session == _OF).order_by(EVENT.c.n),
    "OF_ORDER": select(*_RECORD).where(EVENT.c.order == _OF).order_by(EVENT.c.n),
    "OF_KINDS": select(*_RECORD).where(_any_of(EVENT.c.kind)).order_by(EVENT.c.n),
    "LAST_OF_KINDS": select(*_RECORD)
    .where(_any_of(EVENT.c.kind))
    .order_by(EVENT.c.n.desc())
    .limit(bindparam("count"))
    .offset(_ZERO),
    "ABOUT": select(*_RECORD)
    .where(_any_of(EVENT.c.kind), EVENT.c.n > _first_of_order(), _says_one_of())
    .order_by(EVENT.c.n),
    "COUNT_SINCE": select(func.count()).where(
        EVENT.c.kind == bindparam("kind"), EVENT.c.n > _last_of_kind()
    ),
    "OPEN_SESSIONS": select(SESSION.c.session)
    .where(SESSION.c.state == _word("open"))
    .order_by(SESSION.c.first_n),
    "LAST_OF_ORDER": select(SESSION.c.session)
    .where(SESSION.c.order == _OF)
    .order_by(SESSION.c.first_n.desc())
    .limit(_ONE)
    .offset(_ZERO),
    "RUN": select(*_RECORD)
    .where(*_PLACE, EVENT.c.seq > bindparam("after"))
    .order_by(EVENT.c.seq)
    .limit(bindparam("count"))
    .offset(_ZERO),
    "LAST_SEQ": select(func.max(EVENT.c.seq)).where(*_PLACE),
    "PLACES": select(EVENT.c.station, EVENT.c.epoch).distinct(),
    "META": select(META.c.name, META.c.value),
    "INSERT_META": insert(META),
    "SET_EPOCH": update(META).values(value=bindparam("to")).where(META.c.name == _word("epoch")),
    "QUARANTINE": _or("IGNORE", QUARANTINE),
    "MOVE_EVENT": update(EVENT)
    .values(epoch=bindparam("to_epoch"), seq=bindparam("to_seq"), prev=bindparam("to_prev"))
    .where(*_PLACE, EVENT.c.seq == bindparam("of_seq")),
}

_GAP: Final = (
    COMPACTED.c.station == bindparam("of_station"),
    COMPACTED.c.epoch == bindparam("of_epoch"),
)
_OTHER: Final = SESSION.alias("other")


def _closed() -> ColumnElement[bool]:
    """Its session is over and nobody can open its order again."""
    still_open = select(_ONE).where(
        _OTHER.c.order == SESSION.c.order, _OTHER.c.state == _word("open")
    )
    cached = select(_ONE).where(ORDER_ROW.c.order_id == SESSION.c.order)
    held_back = select(_ONE).where(HELD_ROW.c.order_id == SESSION.c.order)
    return (
        select(_ONE)
        .where(
            SESSION.c.session == EVENT.c.session,
            SESSION.c.state != _word("open"),
            ~still_open.correlate(SESSION).exists(),
            ~cached.correlate(SESSION).exists(),
            ~held_back.correlate(SESSION).exists(),
        )
        .correlate(EVENT)
        .exists()
    )


_COMPACTION: Final[Mapping[str, Executable]] = {
    "COMPACTABLE": select(EVENT.c.seq)
    .where(
        *_PLACE,
        EVENT.c.seq > bindparam("after"),
        EVENT.c.seq <= bindparam("until"),
        EVENT.c.at < bindparam("before"),
        EVENT.c.n <= select(func.max(EVENT.c.n)).scalar_subquery() - bindparam("newest"),
        ~_any_of(EVENT.c.kind),
        _closed(),
    )
    .order_by(EVENT.c.seq),
    "PREV_OF": select(EVENT.c.prev).where(*_PLACE, EVENT.c.seq == bindparam("of_seq")),
    "DELETE_RUN": delete(EVENT).where(
        *_PLACE, EVENT.c.seq >= bindparam("first"), EVENT.c.seq <= bindparam("last")
    ),
    "GAPS": select(COMPACTED.c.first, COMPACTED.c.last, COMPACTED.c.hash).where(*_GAP),
    "PUT_GAP": _or("REPLACE", COMPACTED),
    "DROP_GAP": delete(COMPACTED).where(*_GAP, COMPACTED.c.first == bindparam("first")),
}

_LOOKUPS: Final[Mapping[str, Executable]] = {
    "ORDER": select(*_ORDER).where(ORDER_ROW.c.order_id == _OF),
    "ORDERS_OF_CODE": select(*_ORDER)
    .where(
        ORDER_ROW.c.order_id.in_(
            select(ORDER_CODE.c.order_id)
            .where(ORDER_CODE.c.code == _OF)
            .union(select(WAYBILL.c.order_id).where(WAYBILL.c.waybill == _OF))
        )
    )
    .order_by(ORDER_ROW.c.handover_at, ORDER_ROW.c.order_id),
    "ORDERS_WITH_SKU": select(*_ORDER)
    .join_from(ORDER_SKU, ORDER_ROW, ORDER_SKU.c.order_id == ORDER_ROW.c.order_id)
    .where(ORDER_SKU.c.sku == _OF, _NOT_PACKED)
    .order_by(ORDER_SKU.c.handover_at, ORDER_SKU.c.order_id)
    .limit(bindparam("count"))
    .offset(_ZERO),
    "QUEUE": select(*_ORDER, ORDER_ROW.c.handover_at, ORDER_ROW.c.order_id)
    .where(ORDER_ROW.c.status == _word("ready"), ORDER_ROW.c.hold == _NOTHING, _NOT_PACKED)
    .where(ORDER_ROW.c.bench == _OF)
    .order_by(ORDER_ROW.c.handover_at, ORDER_ROW.c.order_id)
    .limit(bindparam("count"))
    .offset(_ZERO),
    "HELD_ORDERS": select(*_ORDER, ORDER_ROW.c.handover_at, ORDER_ROW.c.order_id)
    .where(_WAITS_FOR_OTHERS, ORDER_ROW.c.bench == _OF, _NOT_PACKED)
    .order_by(ORDER_ROW.c.handover_at, ORDER_ROW.c.order_id)
    .limit(bindparam("count"))
    .offset(_ZERO),
    "IMAGE": select(ROW_IMAGE.c.doc).where(
        ROW_IMAGE.c.t == _OF, ROW_IMAGE.c.id == bindparam("key")
    ),
    "IMAGES": select(ROW_IMAGE.c.doc).where(ROW_IMAGE.c.t == _OF).order_by(ROW_IMAGE.c.id),
    "PRODUCT": select(PRODUCT.c.doc).where(PRODUCT.c.sku == _OF),
    "VARIANTS": select(PRODUCT.c.doc)
    .where(PRODUCT.c.sku > bindparam("first"), PRODUCT.c.sku < bindparam("beyond"))
    .where(PRODUCT.c.sku != bindparam("of"))
    .order_by(PRODUCT.c.sku)
    .limit(bindparam("count"))
    .offset(_ZERO),
    "PRODUCT_OF_CODE": select(PRODUCT.c.doc, PRODUCT_CODE.c.units)
    .join_from(PRODUCT_CODE, PRODUCT, PRODUCT_CODE.c.sku == PRODUCT.c.sku)
    .where(PRODUCT_CODE.c.code == _OF)
    .order_by(PRODUCT_CODE.c.sku)
    .limit(_ONE)
    .offset(_ZERO),
    "CARTONS": select(CARTON.c.doc).order_by(CARTON.c.volume_mm3, CARTON.c.code),
    "PEOPLE": select(PERSON.c.doc).order_by(PERSON.c.badge),
    "SITE": select(SITE.c.doc),
    "WEIGHTS": select(WEIGHT.c.key, WEIGHT.c.doc).where(_any_of(WEIGHT.c.key)),
    "ALL_WEIGHTS": select(WEIGHT.c.key, WEIGHT.c.doc).order_by(WEIGHT.c.key),
    "CHANGE_CURSOR": select(META.c.value).where(META.c.name == _word("change_cursor")),
    "SET_CHANGE_CURSOR": _set_meta("change_cursor"),
}

_WRITES: Final[Mapping[str, Executable]] = {
    "PUT_ORDER": _or("REPLACE", ORDER_ROW),
    "PUT_PRODUCT": _or("REPLACE", PRODUCT),
    "PUT_CARTON": _or("REPLACE", CARTON),
    "PUT_PERSON": _or("REPLACE", PERSON),
    "PUT_SITE": _or("REPLACE", SITE),
    "PUT_IMAGE": _or("REPLACE", ROW_IMAGE),
    "PUT_WEIGHT": _put_weight(),
    "DELETE_WEIGHT": delete(WEIGHT).where(WEIGHT.c.key == _OF),
    "PUT_PRODUCT_CODE": _or("REPLACE", PRODUCT_CODE),
    "INSERT_ORDER_CODE": insert(ORDER_CODE),
    "INSERT_ORDER_SKU": insert(ORDER_SKU),
    "DELETE_ORDER": delete(ORDER_ROW).where(ORDER_ROW.c.order_id == _OF),
    "DELETE_ORDER_CODES": delete(ORDER_CODE).where(ORDER_CODE.c.order_id == _OF),
    "DELETE_ORDER_SKUS": delete(ORDER_SKU).where(ORDER_SKU.c.order_id == _OF),
    "DELETE_PRODUCT": delete(PRODUCT).where(PRODUCT.c.sku == _OF),
    "DELETE_PRODUCT_CODES": delete(PRODUCT_CODE).where(PRODUCT_CODE.c.sku == _OF),
    "DELETE_CARTON": delete(CARTON).where(CARTON.c.code == _OF),
    "DELETE_PERSON": delete(PERSON).where(PERSON.c.badge == _OF),
    "DELETE_SITE": delete(SITE).where(SITE.c.code == _OF),
    "DELETE_SITES": delete(SITE),
    "DELETE_IMAGE": delete(ROW_IMAGE)
    .where(ROW_IMAGE.c.t == bindparam("kind"))
    .where(ROW_IMAGE.c.id == _OF),
    "HOLD": _or("REPLACE", HELD_ROW),
    "UNHOLD": delete(HELD_ROW).where(HELD_ROW.c.order_id == _OF),
    "WAITING": select(_ONE).where(EVENT.c.order == _OF, *_SENT).limit(_ONE).offset(_ZERO),
    "FREE": select(HELD_ROW.c.order_id, HELD_ROW.c.rev, HELD_ROW.c.op, HELD_ROW.c.doc).where(
        ~select(_ONE)
        .where(EVENT.c.order == HELD_ROW.c.order_id, *_SENT)
        .correlate(HELD_ROW)
        .exists()
    ),
}


def _stored(table: Table, key: Column[str]) -> Select[tuple[str, int, str]]:
    return select(key, table.c.rev, table.c.doc).where(_any_of(key))


_INTAKE: Final[Mapping[str, Executable]] = {
    "STORED_ORDERS": _stored(ORDER_ROW, ORDER_ROW.c.order_id),
    "STORED_PRODUCTS": _stored(PRODUCT, PRODUCT.c.sku),
    "STORED_CARTONS": _stored(CARTON, CARTON.c.code),
    "STORED_IMAGES": select(ROW_IMAGE.c.id, ROW_IMAGE.c.rev, ROW_IMAGE.c.doc)
    .where(ROW_IMAGE.c.t == _word("packing"))
    .where(_any_of(ROW_IMAGE.c.id)),
    "STORED_PEOPLE": _stored(PERSON, PERSON.c.badge),
    "ORDER_PLACES": select(ORDER_ROW.c.order_id, ORDER_ROW.c.bench, ORDER_ROW.c.hold).where(
        _any_of(ORDER_ROW.c.order_id)
    ),
}

STATEMENTS: Final[Mapping[str, Executable]] = _JOURNAL | _COMPACTION | _LOOKUPS | _WRITES | _INTAKE  # type: ignore[operator]
