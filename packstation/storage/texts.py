"""Statements of ``statements.py`` as texts; made by ``python -m setup.sql_texts``, not by hand."""

from __future__ import annotations

from typing import Final

from packstation.storage.database import Statement

INSERT_EVENT: Final = Statement(
    'INSERT INTO event (n, station, epoch, seq, id, kind, v, session, parcel, "order", claim, '
    "fence, actor, at, mono_ns, prev, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
    "?, ?, ?)",
    (
        "n",
        "station",
        "epoch",
        "seq",
        "id",
        "kind",
        "v",
        "session",
        "parcel",
        "order",
        "claim",
        "fence",
        "actor",
        "at",
        "mono_ns",
        "prev",
        "body",
    ),
)

SESSION_OPENED: Final = Statement(
    "INSERT INTO session (session, \"order\", state, first_n) VALUES (?, ?, 'open', (SELECT "
    "max(event.n) AS max_1 FROM event WHERE event.session = ?)) ON CONFLICT (session) DO UPDATE "
    "SET state = excluded.state",
    ("of", "order_id", "of"),
)

SESSION_MOVED: Final = Statement(
    "UPDATE session SET state=? WHERE session.session = ?",
    ("to", "of"),
)

WAYBILL_ISSUED: Final = Statement(
    "INSERT OR IGNORE INTO waybill (waybill, order_id) VALUES (?, ?)",
    ("waybill", "order_id"),
)

UNIT_PACKED: Final = Statement(
    "INSERT OR IGNORE INTO unit_code (code, session) VALUES (?, ?)",
    ("code", "session"),
)

UNIT_OUT: Final = Statement(
    "DELETE FROM unit_code WHERE unit_code.code = ? AND unit_code.session = ?",
    ("code", "of"),
)

UNITS_OUT: Final = Statement(
    "DELETE FROM unit_code WHERE unit_code.session = ?",
    ("of",),
)

UNIT_SEEN: Final = Statement(
    'SELECT unit_code.code FROM unit_code WHERE unit_code.code IN (SELECT "key".value FROM '
    'json_each(?) AS "key") AND unit_code.session != ? UNION ALL SELECT row_image.id FROM '
    "row_image WHERE row_image.t = 'unit' AND row_image.id IN (SELECT \"key\".value FROM "
    "json_each(?) AS \"key\") AND json_extract(row_image.doc, '$.session') != ? LIMIT 1 OFFSET 0",
    ("keys", "of", "keys", "of"),
)

HIGH_WATER: Final = Statement(
    "SELECT cursor.hw FROM cursor WHERE cursor.epoch = ?",
    ("of",),
)

SET_HIGH_WATER: Final = Statement(
    "INSERT INTO cursor (epoch, hw) VALUES (?, ?) ON CONFLICT (epoch) DO UPDATE SET hw = "
    "excluded.hw",
    ("of", "to"),
)

OF_SESSION: Final = Statement(
    "SELECT event.station, event.epoch, event.seq, event.id, event.kind, event.v, "
    'event.session, event.parcel, event."order", event.claim, event.fence, event.actor, '
    "event.at, event.mono_ns, event.prev, event.body FROM event WHERE event.session = ? ORDER "
    "BY event.n",
    ("of",),
)

OF_ORDER: Final = Statement(
    "SELECT event.station, event.epoch, event.seq, event.id, event.kind, event.v, "
    'event.session, event.parcel, event."order", event.claim, event.fence, event.actor, '
    'event.at, event.mono_ns, event.prev, event.body FROM event WHERE event."order" = ? ORDER '
    "BY event.n",
    ("of",),
)

OF_KINDS: Final = Statement(
    "SELECT event.station, event.epoch, event.seq, event.id, event.kind, event.v, "
    'event.session, event.parcel, event."order", event.claim, event.fence, event.actor, '
    "event.at, event.mono_ns, event.prev, event.body FROM event WHERE event.kind IN (SELECT "
    '"key".value FROM json_each(?) AS "key") ORDER BY event.n',
    ("keys",),
)

LAST_OF_KINDS: Final = Statement(
    "SELECT event.station, event.epoch, event.seq, event.id, event.kind, event.v, "
    'event.session, event.parcel, event."order", event.claim, event.fence, event.actor, '
    "event.at, event.mono_ns, event.prev, event.body FROM event WHERE event.kind IN (SELECT "
    '"key".value FROM json_each(?) AS "key") ORDER BY event.n DESC LIMIT ? OFFSET 0',
    ("keys", "count"),
)

ABOUT: Final = Statement(
    "SELECT event.station, event.epoch, event.seq, event.id, event.kind, event.v, "
    'event.session, event.parcel, event."order", event.claim, event.fence, event.actor, '
    "event.at, event.mono_ns, event.prev, event.body FROM event WHERE event.kind IN (SELECT "
    '"key".value FROM json_each(?) AS "key") AND event.n > coalesce((SELECT min(event.n) AS '
    'min_1 FROM event WHERE event."order" = ?), 0) AND json_extract(event.body, ?) IN (SELECT '
    "said.value FROM json_each(?) AS said) ORDER BY event.n",
    ("keys", "since", "path", "values"),
)

COUNT_SINCE: Final = Statement(
    "SELECT count(*) AS count_1 FROM event WHERE event.kind = ? AND event.n > coalesce((SELECT "
    "max(event.n) AS max_1 FROM event WHERE event.kind = ?), 0)",
    ("kind", "since"),
)

OPEN_SESSIONS: Final = Statement(
    "SELECT session.session FROM session WHERE session.state = 'open' ORDER BY session.first_n",
)

LAST_OF_ORDER: Final = Statement(
    'SELECT session.session FROM session WHERE session."order" = ? ORDER BY session.first_n '
    "DESC LIMIT 1 OFFSET 0",
    ("of",),
)

RUN: Final = Statement(
    "SELECT event.station, event.epoch, event.seq, event.id, event.kind, event.v, "
    'event.session, event.parcel, event."order", event.claim, event.fence, event.actor, '
    "event.at, event.mono_ns, event.prev, event.body FROM event WHERE event.station = ? AND "
    "event.epoch = ? AND event.seq > ? ORDER BY event.seq LIMIT ? OFFSET 0",
    ("of_station", "of_epoch", "after", "count"),
)

LAST_SEQ: Final = Statement(
    "SELECT max(event.seq) AS max_1 FROM event WHERE event.station = ? AND event.epoch = ?",
    ("of_station", "of_epoch"),
)

PLACES: Final = Statement(
    "SELECT DISTINCT event.station, event.epoch FROM event",
)

META: Final = Statement(
    "SELECT meta.name, meta.value FROM meta",
)

INSERT_META: Final = Statement(
    "INSERT INTO meta (name, value) VALUES (?, ?)",
    ("name", "value"),
)

SET_EPOCH: Final = Statement(
    "UPDATE meta SET value=? WHERE meta.name = 'epoch'",
    ("to",),
)

QUARANTINE: Final = Statement(
    "INSERT OR IGNORE INTO quarantine (epoch, seq, record) VALUES (?, ?, ?)",
    ("epoch", "seq", "record"),
)

MOVE_EVENT: Final = Statement(
    "UPDATE event SET epoch=?, seq=?, prev=? WHERE event.station = ? AND event.epoch = ? AND "
    "event.seq = ?",
    ("to_epoch", "to_seq", "to_prev", "of_station", "of_epoch", "of_seq"),
)

COMPACTABLE: Final = Statement(
    "SELECT event.seq FROM event WHERE event.station = ? AND event.epoch = ? AND event.seq > ? "
    "AND event.seq <= ? AND event.at < ? AND event.n <= (SELECT max(event.n) AS max_1 FROM "
    'event) - ? AND (event.kind NOT IN (SELECT "key".value FROM json_each(?) AS "key")) AND '
    "(EXISTS (SELECT 1 FROM session WHERE session.session = event.session AND session.state != "
    "'open' AND NOT (EXISTS (SELECT 1 FROM session AS other WHERE other.\"order\" = "
    "session.\"order\" AND other.state = 'open')) AND NOT (EXISTS (SELECT 1 FROM order_row WHERE "
    'order_row.order_id = session."order")) AND NOT (EXISTS (SELECT 1 FROM held_row WHERE '
    'held_row.order_id = session."order")))) ORDER BY event.seq',
    ("of_station", "of_epoch", "after", "until", "before", "newest", "keys"),
)

PREV_OF: Final = Statement(
    "SELECT event.prev FROM event WHERE event.station = ? AND event.epoch = ? AND event.seq = ?",
    ("of_station", "of_epoch", "of_seq"),
)

DELETE_RUN: Final = Statement(
    "DELETE FROM event WHERE event.station = ? AND event.epoch = ? AND event.seq >= ? AND "
    "event.seq <= ?",
    ("of_station", "of_epoch", "first", "last"),
)

GAPS: Final = Statement(
    "SELECT let_go.first, let_go.last, let_go.hash FROM let_go WHERE let_go.station = ? AND "
    "let_go.epoch = ?",
    ("of_station", "of_epoch"),
)

PUT_GAP: Final = Statement(
    "INSERT OR REPLACE INTO let_go (station, epoch, first, last, hash) VALUES (?, ?, ?, ?, ?)",
    ("station", "epoch", "first", "last", "hash"),
)

DROP_GAP: Final = Statement(
    "DELETE FROM let_go WHERE let_go.station = ? AND let_go.epoch = ? AND let_go.first = ?",
    ("of_station", "of_epoch", "first"),
)

ORDER: Final = Statement(
    "SELECT order_row.doc, order_row.rev, order_row.bench, order_row.hold FROM order_row WHERE "
    "order_row.order_id = ?",
    ("of",),
)

ORDERS_OF_CODE: Final = Statement(
    "SELECT order_row.doc, order_row.rev, order_row.bench, order_row.hold FROM order_row WHERE "
    "order_row.order_id IN (SELECT order_code.order_id FROM order_code WHERE order_code.code = "
    "? UNION SELECT waybill.order_id FROM waybill WHERE waybill.waybill = ?) ORDER BY "
    "order_row.handover_at, order_row.order_id",
    ("of", "of"),
)

ORDERS_WITH_SKU: Final = Statement(
    "SELECT order_row.doc, order_row.rev, order_row.bench, order_row.hold FROM order_sku JOIN "
    "order_row ON order_sku.order_id = order_row.order_id WHERE order_sku.sku = ? AND NOT "
    '(EXISTS (SELECT 1 FROM session WHERE session."order" = order_row.order_id AND '
    "session.state = 'completed')) ORDER BY order_sku.handover_at, order_sku.order_id LIMIT ? "
    "OFFSET 0",
    ("of", "count"),
)

QUEUE: Final = Statement(
    "SELECT order_row.doc, order_row.rev, order_row.bench, order_row.hold, "
    "order_row.handover_at, order_row.order_id FROM order_row WHERE order_row.status = 'ready' "
    "AND order_row.hold = '' AND NOT (EXISTS (SELECT 1 FROM session WHERE session.\"order\" = "
    "order_row.order_id AND session.state = 'completed')) AND order_row.bench = ? ORDER BY "
    "order_row.handover_at, order_row.order_id LIMIT ? OFFSET 0",
    ("of", "count"),
)

HELD_ORDERS: Final = Statement(
    "SELECT order_row.doc, order_row.rev, order_row.bench, order_row.hold, "
    "order_row.handover_at, order_row.order_id FROM order_row WHERE (order_row.status = 'ready' "
    "AND order_row.hold > '' OR order_row.status = 'on_hold' OR order_row.status = 'unpaid') "
    'AND order_row.bench = ? AND NOT (EXISTS (SELECT 1 FROM session WHERE session."order" = '
    "order_row.order_id AND session.state = 'completed')) ORDER BY order_row.handover_at, "
    "order_row.order_id LIMIT ? OFFSET 0",
    ("of", "count"),
)

IMAGE: Final = Statement(
    "SELECT row_image.doc FROM row_image WHERE row_image.t = ? AND row_image.id = ?",
    ("of", "key"),
)

IMAGES: Final = Statement(
    "SELECT row_image.doc FROM row_image WHERE row_image.t = ? ORDER BY row_image.id",
    ("of",),
)

PRODUCT: Final = Statement(
    "SELECT product.doc FROM product WHERE product.sku = ?",
    ("of",),
)

VARIANTS: Final = Statement(
    "SELECT product.doc FROM product WHERE product.sku > ? AND product.sku < ? AND product.sku "
    "!= ? ORDER BY product.sku LIMIT ? OFFSET 0",
    ("first", "beyond", "of", "count"),
)

PRODUCT_OF_CODE: Final = Statement(
    "SELECT product.doc, product_code.units FROM product_code JOIN product ON product_code.sku "
    "= product.sku WHERE product_code.code = ? ORDER BY product_code.sku LIMIT 1 OFFSET 0",
    ("of",),
)

CARTONS: Final = Statement(
    "SELECT carton.doc FROM carton ORDER BY carton.volume_mm3, carton.code",
)

PEOPLE: Final = Statement(
    "SELECT person.doc FROM person ORDER BY person.badge",
)

SITE: Final = Statement(
    "SELECT site.doc FROM site",
)

WEIGHTS: Final = Statement(
    'SELECT weight."key", weight.doc FROM weight WHERE weight."key" IN (SELECT "key".value FROM '
    'json_each(?) AS "key")',
    ("keys",),
)

ALL_WEIGHTS: Final = Statement(
    'SELECT weight."key", weight.doc FROM weight ORDER BY weight."key"',
)

CHANGE_CURSOR: Final = Statement(
    "SELECT meta.value FROM meta WHERE meta.name = 'change_cursor'",
)

SET_CHANGE_CURSOR: Final = Statement(
    "INSERT INTO meta (name, value) VALUES ('change_cursor', ?) ON CONFLICT (name) DO UPDATE "
    "SET value = excluded.value",
    ("to",),
)

PUT_ORDER: Final = Statement(
    "INSERT OR REPLACE INTO order_row (order_id, rev, status, handover_at, bench, hold, "
    "country, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    ("order_id", "rev", "status", "handover_at", "bench", "hold", "country", "doc"),
)

PUT_PRODUCT: Final = Statement(
    "INSERT OR REPLACE INTO product (sku, rev, doc) VALUES (?, ?, ?)",
    ("sku", "rev", "doc"),
)

PUT_CARTON: Final = Statement(
    "INSERT OR REPLACE INTO carton (code, rev, volume_mm3, doc) VALUES (?, ?, ?, ?)",
    ("code", "rev", "volume_mm3", "doc"),
)

PUT_PERSON: Final = Statement(
    "INSERT OR REPLACE INTO person (badge, rev, doc) VALUES (?, ?, ?)",
    ("badge", "rev", "doc"),
)

PUT_SITE: Final = Statement(
    "INSERT OR REPLACE INTO site (code, rev, doc) VALUES (?, ?, ?)",
    ("code", "rev", "doc"),
)

PUT_IMAGE: Final = Statement(
    "INSERT OR REPLACE INTO row_image (t, id, rev, doc) VALUES (?, ?, ?, ?)",
    ("t", "id", "rev", "doc"),
)

PUT_WEIGHT: Final = Statement(
    'INSERT INTO weight ("key", seen, doc) VALUES (?, ?, ?) ON CONFLICT ("key") DO UPDATE SET '
    "seen = excluded.seen, doc = excluded.doc WHERE excluded.seen >= weight.seen",
    ("of", "parcels", "doc"),
)

DELETE_WEIGHT: Final = Statement(
    'DELETE FROM weight WHERE weight."key" = ?',
    ("of",),
)

PUT_PRODUCT_CODE: Final = Statement(
    "INSERT OR REPLACE INTO product_code (code, sku, units) VALUES (?, ?, ?)",
    ("code", "sku", "units"),
)

INSERT_ORDER_CODE: Final = Statement(
    "INSERT INTO order_code (code, order_id) VALUES (?, ?)",
    ("code", "order_id"),
)

INSERT_ORDER_SKU: Final = Statement(
    "INSERT INTO order_sku (sku, handover_at, order_id) VALUES (?, ?, ?)",
    ("sku", "handover_at", "order_id"),
)

DELETE_ORDER: Final = Statement(
    "DELETE FROM order_row WHERE order_row.order_id = ?",
    ("of",),
)

DELETE_ORDER_CODES: Final = Statement(
    "DELETE FROM order_code WHERE order_code.order_id = ?",
    ("of",),
)

DELETE_ORDER_SKUS: Final = Statement(
    "DELETE FROM order_sku WHERE order_sku.order_id = ?",
    ("of",),
)

DELETE_PRODUCT: Final = Statement(
    "DELETE FROM product WHERE product.sku = ?",
    ("of",),
)

DELETE_PRODUCT_CODES: Final = Statement(
    "DELETE FROM product_code WHERE product_code.sku = ?",
    ("of",),
)

DELETE_CARTON: Final = Statement(
    "DELETE FROM carton WHERE carton.code = ?",
    ("of",),
)

DELETE_PERSON: Final = Statement(
    "DELETE FROM person WHERE person.badge = ?",
    ("of",),
)

DELETE_SITE: Final = Statement(
    "DELETE FROM site WHERE site.code = ?",
    ("of",),
)

DELETE_SITES: Final = Statement(
    "DELETE FROM site",
)

DELETE_IMAGE: Final = Statement(
    "DELETE FROM row_image WHERE row_image.t = ? AND row_image.id = ?",
    ("kind", "of"),
)

HOLD: Final = Statement(
    "INSERT OR REPLACE INTO held_row (order_id, rev, op, doc) VALUES (?, ?, ?, ?)",
    ("order_id", "rev", "op", "doc"),
)

UNHOLD: Final = Statement(
    "DELETE FROM held_row WHERE held_row.order_id = ?",
    ("of",),
)

WAITING: Final = Statement(
    'SELECT 1 FROM event WHERE event."order" = ? AND event.epoch = ? AND event.seq > ? LIMIT 1 '
    "OFFSET 0",
    ("of", "in_epoch", "after"),
)

FREE: Final = Statement(
    "SELECT held_row.order_id, held_row.rev, held_row.op, held_row.doc FROM held_row WHERE NOT "
    '(EXISTS (SELECT 1 FROM event WHERE event."order" = held_row.order_id AND event.epoch = ? '
    "AND event.seq > ?))",
    ("in_epoch", "after"),
)

STORED_ORDERS: Final = Statement(
    "SELECT order_row.order_id, order_row.rev, order_row.doc FROM order_row WHERE "
    'order_row.order_id IN (SELECT "key".value FROM json_each(?) AS "key")',
    ("keys",),
)

STORED_PRODUCTS: Final = Statement(
    "SELECT product.sku, product.rev, product.doc FROM product WHERE product.sku IN (SELECT "
    '"key".value FROM json_each(?) AS "key")',
    ("keys",),
)

STORED_CARTONS: Final = Statement(
    "SELECT carton.code, carton.rev, carton.doc FROM carton WHERE carton.code IN (SELECT "
    '"key".value FROM json_each(?) AS "key")',
    ("keys",),
)

STORED_IMAGES: Final = Statement(
    "SELECT row_image.id, row_image.rev, row_image.doc FROM row_image WHERE row_image.t = "
    '\'packing\' AND row_image.id IN (SELECT "key".value FROM json_each(?) AS "key")',
    ("keys",),
)

STORED_PEOPLE: Final = Statement(
    "SELECT person.badge, person.rev, person.doc FROM person WHERE person.badge IN (SELECT "
    '"key".value FROM json_each(?) AS "key")',
    ("keys",),
)

ORDER_PLACES: Final = Statement(
    "SELECT order_row.order_id, order_row.bench, order_row.hold FROM order_row WHERE "
    'order_row.order_id IN (SELECT "key".value FROM json_each(?) AS "key")',
    ("keys",),
)
