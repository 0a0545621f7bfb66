"""Tables of carriers' invoices. Amounts are decimal text; nothing of a buyer stands here."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Index, Table

from packstation.server.columns import METADATA, keys, number, text

# Labels of the journal by their number, so that an invoice finds its parcels; rebuildable.
LABEL: Final = Table(
    "cost_label",
    METADATA,
    *keys("site", "waybill", "key"),
    text("session"),
    text("order"),
    text("carrier"),
    text("service"),
    text("at"),
    text("voided"),
)

# A parcel on an invoice, as the ``n``-th of its number there. ``body``: a `Charge`; ``verdict``: a
# `Verdict`, "" while it is not judged yet. ``off``: the size of the difference, to sort by.
CHARGE: Final = Table(
    "cost_charge",
    METADATA,
    *keys("site", "carrier", "invoice", "waybill"),
    number("n", key=True),
    text("date"),
    text("total"),
    text("currency"),
    text("body"),
    text("import"),
    text("taken"),
    text("kind"),
    text("difference"),
    text("home"),
    text("price"),
    text("order"),
    text("service"),
    text("verdict"),
    number("off"),
    Index("cost_charge_waybill", "site", "waybill"),
    Index("cost_charge_kind", "site", "kind"),
)

# Files that were taken in. ``body``: the first cells that were wrong.
IMPORT: Final = Table(
    "cost_import",
    METADATA,
    *keys("site", "id"),
    text("at"),
    text("who"),
    text("carrier"),
    text("file"),
    text("sha256"),
    number("accepted"),
    number("changed"),
    number("unchanged"),
    number("rejected"),
    text("body"),
    Index("cost_import_file", "site", "sha256"),
)

# How invoices of a carrier are read here; without a row the program's own map counts.
MAP: Final = Table(
    "cost_map", METADATA, *keys("site", "carrier"), text("body"), text("at"), text("who")
)
