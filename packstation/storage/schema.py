"""Tables of the station's database, as the newest migration leaves them.

Columns of ``event`` carry the names of the envelope (ARCHITECTURE "The log is the
outbox"), with a readable JSON ``body``, so that any SQLite tool can audit them. The
``session`` table is a projection of the journal, written in the same transaction.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, MetaData, PrimaryKeyConstraint, Table, Text

METADATA: Final = MetaData()


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _whole(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


META: Final = Table("meta", METADATA, Column("name", Text, primary_key=True), _text("value"))

EVENT: Final = Table(
    "event",
    METADATA,
    # Order over all epochs; ``seq`` counts within one.
    Column("n", Integer, primary_key=True),
    _text("station"),
    _text("epoch"),
    _whole("seq"),
    _text("id"),
    _text("kind"),
    _whole("v"),
    _text("session"),
    Column("parcel", Text),
    Column("order", Text),
    Column("claim", Text),
    _whole("fence"),
    _text("actor"),
    _text("at"),
    _text("mono_ns"),
    _text("prev"),
    _text("body"),
    Index("event_place", "station", "epoch", "seq", unique=True),
    Index("event_session", "session"),
    Index("event_order", "order"),
    Index("event_kind", "kind"),
)

SESSION: Final = Table(
    "session",
    METADATA,
    Column("session", Text, primary_key=True),
    _text("order"),
    _text("state"),  # open, completed or cancelled
    _whole("first_n"),
    Index("session_order", "order", "first_n"),
    Index("session_state", "state", "first_n"),
)

# Waybills that labels of this journal were issued with: a scanned label finds its order.
WAYBILL: Final = Table(
    "waybill",
    METADATA,
    _text("waybill"),
    _text("order_id"),
    PrimaryKeyConstraint("waybill", "order_id"),
    sqlite_with_rowid=False,
)

# What only one unit in the world carries, and the session whose box it is in.
UNIT_CODE: Final = Table(
    "unit_code",
    METADATA,
    _text("code"),
    _text("session"),
    PrimaryKeyConstraint("code", "session"),
    Index("unit_code_session", "session"),
    sqlite_with_rowid=False,
)

CURSOR: Final = Table("cursor", METADATA, Column("epoch", Text, primary_key=True), _whole("hw"))

# Records that a fork cut off; their facts were written again in a new epoch.
QUARANTINE: Final = Table(
    "quarantine",
    METADATA,
    _text("epoch"),
    _whole("seq"),
    _text("record"),
    PrimaryKeyConstraint("epoch", "seq"),
)

# Runs of old records that went (``compaction``), with the hash of the last record of each.
COMPACTED: Final = Table(
    "let_go",
    METADATA,
    _text("station"),
    _text("epoch"),
    _whole("first"),
    _whole("last"),
    _text("hash"),
    PrimaryKeyConstraint("station", "epoch", "first"),
    sqlite_with_rowid=False,
)

ORDER_ROW: Final = Table(
    "order_row",
    METADATA,
    Column("order_id", Text, primary_key=True),
    _whole("rev"),
    _text("status"),
    _text("handover_at"),
    _text("bench"),
    _text("hold"),
    _text("country"),
    _text("doc"),
    Index("order_row_queue", "status", "bench", "handover_at", "order_id"),
    Index("order_row_lane", "status", "bench", "hold", "handover_at", "order_id"),
)

ORDER_CODE: Final = Table(
    "order_code",
    METADATA,
    _text("code"),
    _text("order_id"),
    PrimaryKeyConstraint("code", "order_id"),
    Index("order_code_order", "order_id"),
    sqlite_with_rowid=False,
)

# Ready orders only, the soonest handover first.
ORDER_SKU: Final = Table(
    "order_sku",
    METADATA,
    _text("sku"),
    _text("handover_at"),
    _text("order_id"),
    PrimaryKeyConstraint("sku", "handover_at", "order_id"),
    Index("order_sku_order", "order_id"),
    sqlite_with_rowid=False,
)

PRODUCT: Final = Table(
    "product", METADATA, Column("sku", Text, primary_key=True), _whole("rev"), _text("doc")
)

PRODUCT_CODE: Final = Table(
    "product_code",
    METADATA,
    _text("code"),
    _text("sku"),
    _whole("units"),
    PrimaryKeyConstraint("code", "sku"),
    Index("product_code_sku", "sku"),
    sqlite_with_rowid=False,
)

CARTON: Final = Table(
    "carton",
    METADATA,
    Column("code", Text, primary_key=True),
    _whole("rev"),
    _whole("volume_mm3"),
    _text("doc"),
)

PERSON: Final = Table(
    "person", METADATA, Column("badge", Text, primary_key=True), _whole("rev"), _text("doc")
)

SITE: Final = Table(
    "site", METADATA, Column("code", Text, primary_key=True), _whole("rev"), _text("doc")
)

# What was learned of weights: estimates of units and cartons, and the site's limit
# (domain/learning/folding.py). Of two images the one that has seen more parcels stays.
WEIGHT: Final = Table(
    "weight", METADATA, Column("key", Text, primary_key=True), _whole("seen"), _text("doc")
)

# Pulled rows of other kinds (tariffs, rules, rates), as they came.
ROW_IMAGE: Final = Table(
    "row_image",
    METADATA,
    _text("t"),
    _text("id"),
    _whole("rev"),
    _text("doc"),
    PrimaryKeyConstraint("t", "id"),
)

# Pulled order rows that wait until the server knows what was packed of the order.
HELD_ROW: Final = Table(
    "held_row",
    METADATA,
    Column("order_id", Text, primary_key=True),
    _whole("rev"),
    _text("op"),
    _text("doc"),
)
