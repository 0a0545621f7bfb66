"""Pulled orders that must wait: the server does not know yet what was packed of them.

The rule of PowerSync (reference/sync.md section 1): a row is not overwritten while facts
about it wait in the journal; it comes in when the server has acknowledged them.
"""

from __future__ import annotations

import msgspec

from packstation.domain.psp import OrderBody
from packstation.first_use import met
from packstation.station.ports import OrderRow
from packstation.storage import order_rows, texts
from packstation.storage.database import Raw


def is_touched(raw: Raw, order_id: str, epoch: str, hw: int) -> bool:
    """Whether the journal has facts about an order that the server has not."""
    return texts.WAITING.run(raw, of=order_id, in_epoch=epoch, after=hw).fetchone() is not None


def hold(raw: Raw, order_id: str, rev: int, op: str, body: OrderBody | None) -> None:
    """Keep a pulled row for later; a newer one of the same order replaces it."""
    doc = order_rows.document(body) if body else ""
    texts.HOLD.run(raw, order_id=order_id, rev=rev, op=op, doc=doc)


def write(raw: Raw, order_id: str, rev: int, body: OrderBody | None) -> None:
    """Take a pulled row in; no ``body`` deletes."""
    texts.UNHOLD.run(raw, of=order_id)
    if body is None:
        order_rows.delete_order(raw, order_id)
    else:
        row = OrderRow(order=body.order, rev=rev, bench=body.bench, hold=body.hold)
        order_rows.put_orders(raw, [row])


def release(raw: Raw, epoch: str, hw: int) -> None:
    """Take in all rows whose facts the server has by now."""
    for order_id, rev, op, doc in texts.FREE.run(raw, in_epoch=epoch, after=hw).fetchall():
        body = msgspec.json.decode(doc, type=met(OrderBody)) if op == "put" else None
        write(raw, order_id, rev, body)
