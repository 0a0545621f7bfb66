"""Keys of orders, blind marks of buyers, and how long a site keeps them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Index, Table

from packstation.server.columns import METADATA, keys, number, text

# ``sealed``: the order's key under the vault's; "" once it was destroyed (``erased`` says when).
ORDER_KEY: Final = Table(
    "order_key", METADATA, *keys("site", "order"), text("sealed"), text("erased")
)

# HMACs of a buyer's e-mail, telephone and name, so that their orders are found without opening.
BUYER_MARK: Final = Table(
    "buyer_mark",
    METADATA,
    *keys("site", "mark", "order"),
    Index("buyer_mark_order", "site", "order"),
)

# Days after the end of an order; a site without a row keeps what stands here.
RULE: Final = Table(
    "privacy_rule",
    METADATA,
    *keys("site"),
    number("buyer_days", default=90),
    number("bench_days", default=7),
)
