"""What packing depends on of an order, in one hash: benches and the server tell changes by it."""

from __future__ import annotations

import hashlib

import msgspec

from packstation.domain.orders import Order


def order_digest(order: Order) -> str:
    """SHA-256 of what packing depends on: lines, destination, service, incoterm, category."""
    # What a line may be packed as came later: orders opened before it must not look changed.
    lines = [
        {"line": x.line, "sku": x.sku, "quantity": x.quantity, "unit_price": x.unit_price}
        for x in order.lines
    ]
    parts = [lines, order.ship_to, order.service, order.incoterm, order.category]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
