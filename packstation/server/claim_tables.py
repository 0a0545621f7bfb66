"""Claims of orders, what was answered to which request for them, and packs that collided."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Index, Table

from packstation.server.columns import METADATA, keys, number, text

# One row an order, for ever: its fence never falls. ``state``: held, taken or free.
CLAIM: Final = Table(
    "claim",
    METADATA,
    *keys("site", "order"),
    text("claim"),
    text("station"),
    number("fence"),
    text("state"),
    text("by"),
    number("ahead"),
    text("since"),
    text("until"),
    Index("claim_station", "site", "station", "state"),
)

# What a request was answered, for whoever asks by the same id again.
CLAIM_ASKED: Final = Table(
    "claim_asked",
    METADATA,
    *keys("site", "station", "req_id"),
    text("answer"),
    text("at"),
    Index("claim_asked_at", "at"),
)
