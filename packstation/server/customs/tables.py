"""Tables of the customs office.

Findings are kept as rule, severity and field, never with the value: what a buyer's field holds
stays in the order's row. ``customs_fix`` of an order is the one exception; it belongs to that row
and is kept under the order's key.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Index, Table

from packstation.server.columns import METADATA, keys, number, text

# --- what the rules say of open orders -------------------------------------------------------

# Orders to be looked at again; ``mark`` changes when that is said anew while one is at it.
DUE: Final = Table("customs_due", METADATA, *keys("site", "order"), number("mark"))

CHECK: Final = Table(
    "customs_check",
    METADATA,
    *keys("site", "order"),
    text("pack"),
    text("digest"),
    text("day"),
    text("at"),
    number("blocks"),
    number("parcels", default=1),
    text("amount"),
    text("currency"),
    text("problem"),
)

# ``sku`` "" is the order itself; ``parcel`` "" is the server's own check, else a bench's.
FINDING: Final = Table(
    "customs_finding",
    METADATA,
    *keys("site", "order", "parcel", "rule", "sku", "field"),
    text("severity"),
    Index("customs_finding_sku", "site", "sku"),
)

ORDER_SKU: Final = Table("customs_order_sku", METADATA, *keys("site", "sku", "order"))

# Orders that a rule stopped at a bench on a day of the site.
STOP: Final = Table("customs_stop", METADATA, *keys("site", "day", "rule", "order"))

# --- what the office changed -----------------------------------------------------------------

# ``t``: sku or order. ``body``: {field: [before, after]}; of an order the names of fields only.
EDIT: Final = Table(
    "customs_edit",
    METADATA,
    *keys("site", "t", "id"),
    number("n", key=True),
    text("at"),
    text("who"),
    text("why"),
    text("body"),
)

# What a field had when the office changed it: an import that still has that keeps ours.
FIX: Final = Table(
    "customs_fix", METADATA, *keys("site", "t", "id", "field"), text("was"), text("put")
)

# --- rule packs ------------------------------------------------------------------------------

PACK: Final = Table(
    "customs_pack",
    METADATA,
    *keys("site", "sha256"),
    text("version"),
    text("signer"),
    text("body"),
    text("at"),
    text("who"),
)

ACTIVATION: Final = Table(
    "customs_activation",
    METADATA,
    *keys("site"),
    number("n", key=True),
    text("sha256"),
    text("version"),
    text("at"),
    text("who"),
    text("why"),
)

# --- letterheads -----------------------------------------------------------------------------

# ``body``: a template as it was kept, its pictures in it. ``active``: papers are drawn with it.
TEMPLATE: Final = Table(
    "customs_template",
    METADATA,
    *keys("site", "id"),
    number("version", key=True),
    text("body"),
    text("at"),
    text("who"),
    text("why"),
    number("active"),
)

# ``step``: kept, activated, replaced or withdrawn.
TEMPLATE_STEP: Final = Table(
    "customs_template_step",
    METADATA,
    *keys("site", "id"),
    number("n", key=True),
    number("version"),
    text("step"),
    text("at"),
    text("who"),
    text("why"),
)

# --- consignments ----------------------------------------------------------------------------

BROKER: Final = Table("customs_broker", METADATA, *keys("site", "broker"), text("name"))

# ``member``: "badge:..." of a person, "token:..." by the name of an API token.
MEMBER: Final = Table("customs_member", METADATA, *keys("site", "member"), text("broker"))

# Where packages of a broker go; a table of its own, so that older databases need no change.
ADDRESS: Final = Table("customs_broker_mail", METADATA, *keys("site", "broker"), text("address"))

CONSIGNMENT: Final = Table(
    "customs_consignment",
    METADATA,
    *keys("site", "consignment"),
    text("name"),
    text("made"),
    text("who"),
    text("broker"),
    text("handed"),
    text("handed_by"),
    Index("customs_consignment_broker", "site", "broker"),
)

# Who had a consignment from when on, "" the office; ``notes`` and ``steps``: how many there were
# by then. A table of its own, so that older databases need no change.
HANDING: Final = Table(
    "customs_handing",
    METADATA,
    *keys("site", "consignment"),
    number("n", key=True),
    text("broker"),
    text("at"),
    text("who"),
    number("notes"),
    number("steps"),
)

# ``digest``: of the data as it was handed over.
PART: Final = Table("customs_part", METADATA, *keys("site", "consignment", "order"), text("digest"))

# Invoice numbers of what was handed over (R34).
INVOICE: Final = Table(
    "customs_invoice",
    METADATA,
    *keys("site", "consignment", "order"),
    text("number"),
    Index("customs_invoice_number", "site", "number"),
)

# ``kind``: question, answer or note. ``side``: office or broker.
NOTE: Final = Table(
    "customs_note",
    METADATA,
    *keys("site", "consignment"),
    number("n", key=True),
    text("at"),
    text("who"),
    text("side"),
    text("kind"),
    text("words"),
)

DECLARATION: Final = Table(
    "customs_declaration",
    METADATA,
    *keys("site", "consignment", "leg"),
    text("state"),
    text("channel"),
    text("reference"),
    text("changed"),
)

STEP: Final = Table(
    "customs_step",
    METADATA,
    *keys("site", "consignment", "leg"),
    number("n", key=True),
    text("came_from"),
    text("state"),
    text("at"),
    text("who"),
    text("side"),
    text("channel"),
    text("reference"),
    text("words"),
    text("file"),
    text("file_name"),
)

# Packages asked for by e-mail. ``handed``: of the hand-over that it is for; ``message``: its id,
# the same at every attempt; ``state``: see `mails`.
MAIL: Final = Table(
    "customs_mail",
    METADATA,
    *keys("site", "consignment"),
    number("n", key=True),
    text("asked"),
    text("who"),
    text("side"),
    text("broker"),
    text("address"),
    text("handed"),
    text("message"),
    text("state"),
    number("tries"),
    text("next"),
    text("changed"),
    text("form"),
    number("bytes"),
    text("sha256"),
    text("why"),
    Index("customs_mail_state", "state", "next"),
)
