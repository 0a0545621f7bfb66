"""The server's tables; the site stands in every key (reference/server.md section 2.6).

Times are RFC 3339 UTC text of one width (``moments.stamp``), so that they sort as text.
Columns named ``body`` hold readable JSON. No foreign keys: a station's facts are kept
whatever happens to the rows that they speak of.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, LargeBinary, Table

from packstation.server.columns import METADATA as METADATA  # noqa: PLC0414 - all tables' own
from packstation.server.columns import keys as _keys
from packstation.server.columns import number as _number
from packstation.server.columns import text as _text

# What the server knows of itself: schema, generation, its own key, the change counter.
META: Final = Table("meta", METADATA, *_keys("key"), _text("value"))

# --- who may speak -------------------------------------------------------------------------

ENROL_TOKEN: Final = Table(
    "enrol_token",
    METADATA,
    *_keys("site", "token_hash"),
    _text("expires"),
    _text("used_at", default=None),
    _text("station", default=None),
)

STATION: Final = Table(
    "station",
    METADATA,
    *_keys("site", "station"),
    _text("name"),
    _text("pubkey"),
    _text("app"),
    _number("schema"),
    _text("enrolled"),
    _text("revoked", default=None),
    Index("station_id", "station", unique=True),
)

API_TOKEN: Final = Table(
    "api_token",
    METADATA,
    *_keys("token_hash"),
    _text("site"),
    _text("name"),
    _text("role"),
    _text("made"),
    _text("revoked", default=None),
)

PERSON: Final = Table(
    "person",
    METADATA,
    *_keys("site", "badge"),
    _text("name"),
    _text("role"),
    _text("pin_hash"),
    _text("password_hash"),
    _text("language"),
    Index("person_name", "name"),
)

WEB_SESSION: Final = Table(
    "web_session",
    METADATA,
    *_keys("site", "token_hash"),
    _text("badge"),
    _text("csrf"),
    _text("made"),
    _text("seen"),
)

SIGN_IN_TRY: Final = Table(
    "sign_in_try", METADATA, *_keys("who"), _number("failures"), _text("until")
)

# A PIN beside somebody's own, until it runs out.
TEMPORARY: Final = Table(
    "person_temporary", METADATA, *_keys("site", "badge"), _text("pin_hash"), _text("until")
)

# Badges that open nothing any more, and whose they were: an import does not bring them back.
GONE: Final = Table(
    "person_gone",
    METADATA,
    *_keys("site", "badge"),
    _text("name"),
    _text("role"),
    _text("at"),
    _text("who"),
    _text("why"),
)

# When a token was used last, and until when it counts ("": no end).
TOKEN_USE: Final = Table(
    "api_token_use", METADATA, *_keys("site", "token_hash"), _text("at"), _text("until")
)

# --- the journal ---------------------------------------------------------------------------

STREAM: Final = Table(
    "stream",
    METADATA,
    *_keys("site", "station", "epoch"),
    _number("hw"),
    _text("last_hash"),
    _number("durable"),
    _number("head"),
    _text("seen"),
    _number("skew_ms"),
    _text("closed", default=None),
    _text("forked", default=None),
)

JOURNAL: Final = Table(
    "journal",
    METADATA,
    *_keys("site", "station", "epoch"),
    _number("seq", key=True),
    _text("id"),
    _text("kind"),
    _number("v", default=1),
    _text("session"),
    _text("parcel", default=None),
    _text("order", default=None),
    _text("claim", default=None),
    _number("fence"),
    _text("actor"),
    _text("at"),
    _text("mono_ns"),
    _text("prev"),
    _text("body"),
    _text("extra", default=None),
    _text("hash"),
    _text("received"),
    _number("skew_ms"),  # what its times are off by, as the push that brought it told
    Index("journal_session", "site", "session", "station", "epoch", "seq"),
    Index("journal_order", "site", "order"),
    Index("journal_kind", "site", "kind", "received"),
)

# How far the projector has read each journal; ingest never locks a row here.
STREAM_DONE: Final = Table(
    "stream_done", METADATA, *_keys("site", "station", "epoch"), _number("seq")
)

QUARANTINE: Final = Table(
    "quarantine",
    METADATA,
    *_keys("site", "station", "epoch"),
    _number("seq", key=True),
    _text("hash", key=True),
    _text("problem"),
    _text("raw"),
    _text("received"),
    _text("settled", default=None),
)

# --- folds of the journal (rebuildable) ----------------------------------------------------

SESSION: Final = Table(
    "session",
    METADATA,
    *_keys("site", "session"),
    _text("station"),
    _text("epoch"),
    _number("seq"),
    _text("order"),
    _text("state"),
    _text("resume"),
    _text("reason"),
    _text("actor"),
    _text("opened"),
    _text("changed"),
    _text("completed", default=None),
    _number("units"),
    _number("parcels"),
    _text("waybills"),
    _text("body"),
    Index("session_order", "site", "order"),
    Index("session_state", "site", "state"),
)

# The last word of each bench's devices.
DEVICE: Final = Table(
    "device",
    METADATA,
    *_keys("site", "station", "device"),
    _text("state"),
    _text("cause"),
    _text("since"),
)

# What was done in each five minutes of UTC, by bench and person (domain/throughput.py).
TALLY: Final = Table(
    "tally",
    METADATA,
    *_keys("site", "bucket", "station", "actor"),
    _number("orders"),
    _number("parcels"),
    _number("units"),
    _number("verified"),
    _number("rejected"),
    _number("facts"),
)

# --- what stations pull --------------------------------------------------------------------

# One row per thing, at its newest image; ``change`` is its place in the feed.
ROW: Final = Table(
    "row",
    METADATA,
    *_keys("site", "t", "id"),
    _number("rev"),
    _text("op"),
    _text("body"),
    _number("change"),
    _text("changed"),
    Index("row_change", "site", "change", unique=True),
)

# What the floor asks of an order without reading its document.
ORDERS: Final = Table(
    "orders",
    METADATA,
    *_keys("site", "order"),
    _text("status"),
    _text("channel"),
    _text("bench"),
    _text("hold"),
    _text("hold_by"),
    _text("held"),
    _text("handover"),
    _text("late_amount"),
    _text("late_currency"),
    _number("units"),
    _text("outcome"),
    _text("session"),
    _text("finished", default=None),
    Index("orders_due", "site", "outcome", "handover"),
)

# What benches gave of units for marketplaces, and what these said: waiting, accepted, refused.
REQUIREMENT: Final = Table(
    "requirement",
    METADATA,
    *_keys("site", "order", "sku", "kind", "value"),
    _text("status"),
    _text("reason"),
    _text("asked"),
    Index("requirement_status", "site", "status", "asked"),
)

# --- numbers, labels, files ----------------------------------------------------------------

POOL: Final = Table(
    "pool",
    METADATA,
    *_keys("site", "carrier", "service", "prefix", "country"),
    _number("first", key=True),
    _number("last"),
    _number("next"),
)

LEASE: Final = Table(
    "lease",
    METADATA,
    *_keys("site", "lease"),
    _text("station"),
    _text("req_id"),
    _text("carrier"),
    _text("service"),
    _text("prefix"),
    _text("country"),
    _number("first"),
    _number("last"),
    _text("leased"),
    _text("expires"),
    Index("lease_request", "site", "station", "req_id", unique=True),
    Index("lease_numbers", "prefix", "country", "first", unique=True),
)

LABEL: Final = Table(
    "label",
    METADATA,
    *_keys("site", "key"),
    _text("station"),
    _text("carrier"),
    _text("service"),
    _text("order"),
    _number("rev"),
    _text("status"),
    _text("waybill"),
    _text("blob"),
    _text("reason"),
    _text("request"),
    _text("asked"),
    _text("answered"),
    Index("label_status", "site", "status", "answered"),
    Index("label_carrier", "site", "carrier", "answered"),
)

# Accounts at carriers; ``sealed`` are their credentials, which only the vault's key opens.
CARRIER_ACCOUNT: Final = Table(
    "carrier_account",
    METADATA,
    *_keys("site", "carrier"),
    _text("kind"),
    _text("base_url"),
    _text("description"),
    _text("names"),
    _text("sealed"),
    _text("changed"),
    _text("who"),
)

# Labels that are not here yet: when to ask next, how often it was asked, what was no label.
LABEL_WAIT: Final = Table(
    "label_wait",
    METADATA,
    *_keys("site", "key"),
    _text("since"),
    _text("next"),
    _number("tries"),
    _number("faults"),
    _text("fault"),
    Index("label_wait_next", "next"),
)

# Numbers of own carriers that the server itself used, by the key that they were bought by.
OWN_SALE: Final = Table(
    "own_sale",
    METADATA,
    *_keys("key"),
    _text("site"),
    _text("carrier"),
    _text("service"),
    _text("waybill"),
    _text("at"),
    _text("voided"),
    Index("own_sale_number", "waybill", unique=True),
)

# Every version of a tariff that was ever published; none is changed or deleted.
TARIFF: Final = Table(
    "tariff",
    METADATA,
    *_keys("site", "carrier", "service", "version"),
    _text("valid_from"),
    _text("valid_to"),
    _text("sha256"),
    _text("document"),
    _text("signature"),
    _text("at"),
    _text("who"),
)

BLOB: Final = Table(
    "blob",
    METADATA,
    *_keys("site", "sha256"),
    _text("media"),
    Column("content", LargeBinary, nullable=False),
    _text("stored"),
)

STATUS: Final = Table("status", METADATA, *_keys("site", "station"), _text("at"), _text("body"))
