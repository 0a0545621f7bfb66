"""Claims of orders, what was answered to which request for them, parcels that must not leave."""

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

# Parcels that must not leave as they are (domain/conflicts.py). ``settled`` and ``how``: gone (it
# is so no more), done (by a scan at the bench) or said (by a person). ``voided``: what became of
# the labels that the server bought: asked, yes, no.
CONFLICT: Final = Table(
    "conflict",
    METADATA,
    *keys("site", "session", "kind"),
    text("order"),
    text("station"),
    text("stands"),
    text("waybills"),
    text("since"),
    text("settled", default=None),
    text("how"),
    text("who"),
    text("voided"),
    Index("conflict_order", "site", "order"),
    Index("conflict_open", "site", "settled"),
)
