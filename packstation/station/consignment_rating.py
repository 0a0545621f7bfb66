"""Rating the cartons of a consignment together: what is priced is all of them so far.

A carton's own price is what it adds to the cartons before it: a minimum that the first one bore is
not paid twice. What the whole consignment costs is told when it is finished.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from packstation.domain.orders import Order
from packstation.domain.packing import Session
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted
from packstation.station.core import Core

FREIGHT = "freight"
# An order's ``delivery.kind``.
WAREHOUSE = "warehouse"
# Cartons that are priced along: grams, and three sides or () where these are not known.
Earlier = tuple[tuple[int, tuple[int, ...]], ...]


def is_consignment(core: Core, session: Session) -> bool:
    """Whether an order is packed as one: it goes to a warehouse, or by class freight."""
    row = core.cache.order(session.order_id)
    if row is not None and _to_warehouse(row.order):
        return True
    taken = [one.service for one in session.parcels if one.service is not None]
    profiles = (core.profile(one.carrier, one.service) for one in taken)
    return any(one is not None and one.channel == FREIGHT for one in profiles)


def _to_warehouse(order: Order) -> bool:
    told = (order.delivery or {}).get("kind")
    return told == WAREHOUSE or order.service_class == FREIGHT


def earlier(core: Core) -> Earlier:
    """The cartons that are priced together with the one on the bench."""
    session = core.session
    if not is_consignment(core, session):
        return ()
    closed = (one for one in session.parcels[:-1] if one.label is not None and one.label.live)
    return tuple((one.gross_g or 0, one.size_mm) for one in closed if one.gross_g)


def added(core: Core, quote: Quoted) -> Money:
    """What the carton on the bench adds to the price of those before it; never below nothing."""
    before = Decimal(0)
    if earlier(core):
        for one in core.session.parcels[:-1]:
            service = one.service
            live = one.label is not None and one.label.live
            if live and service is not None and service.price.currency == quote.currency:
                before += service.price.amount
    return Money(max(quote.amount - before, quote.amount - quote.amount), quote.currency)


def first_service(core: Core, quotes: Sequence[Quoted]) -> Sequence[Quoted]:
    """Of ``quotes`` that of the service that the cartons before went by; all where there is none.

    A consignment goes by one service: another one is a person's choice.
    """
    session = core.session
    if not earlier(core):
        return quotes
    taken = [one.service for one in session.parcels[:-1] if one.service is not None]
    name = (taken[0].carrier, taken[0].service) if taken else ("", "")
    same = [one for one in quotes if (one.carrier, one.service) == name]
    return same or quotes
