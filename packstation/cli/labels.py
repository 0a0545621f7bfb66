"""``label``."""

from __future__ import annotations

from argparse import Namespace

from packstation.cli.files import naming, read, write
from packstation.cli.running import DONE, Out, Unreadable


def label(args: Namespace, out: Out) -> int:
    """The labels of an order's parcels, as a file."""
    from packstation.assets import resource
    from packstation.documents.label import render
    from packstation.domain.records import decode_orders

    with naming(args.order):
        found = decode_orders(read(args.order))
    if found.bad or len(found.good) != 1:
        why = found.bad[0].message if found.bad else f"{len(found.good)} orders, one is wanted"
        raise Unreadable(f"{args.order}: {why}")
    order = found.records[0]
    write(args.out, render(order, args.format, resource("fonts")))
    waybills = [parcel.waybill for parcel in order.parcels]
    document = {"order_id": order.order_id, "file": args.out, "format": args.format}
    out.show({**document, "waybills": waybills}, f"{args.out}: {', '.join(waybills)}")
    return DONE
