"""What a carrier said last of a purchase, accounts that are shut, what people did by hand."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Index, Table

from packstation.server.columns import METADATA, keys, number, text

# Why a purchase has no label yet, or never will: the carrier's own words, cut to 300.
SAID: Final = Table(
    "label_said",
    METADATA,
    *keys("site", "key"),
    text("kind"),
    text("words"),
    text("waybill"),
    text("at"),
)

# Accounts by which nothing new is bought; what was bought is still asked for and voided.
SHUT: Final = Table("carrier_shut", METADATA, *keys("site", "carrier"), text("since"))

# What people did to accounts and purchases, and what came of it; never changed or deleted.
ACT: Final = Table(
    "carrier_act",
    METADATA,
    *keys("site"),
    number("n", key=True),
    text("at"),
    text("who"),
    text("act"),
    text("carrier"),
    text("key"),
    text("waybill"),
    text("came"),
    text("why"),
    Index("carrier_act_carrier", "site", "carrier", "act", "n"),
)
