"""What a carrier or its adapter says of a sale, doubted: numbers, and calls that break.

An adapter that stumbles over an answer has perhaps bought: that is "nobody knows", asked for by
key as every lost answer. A number that is none, or another parcel's, goes to no bench.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy import select

from packstation.carriers.adapters.rest.reading import is_number
from packstation.domain.carriers import Bought
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused
from packstation.server.core import Server
from packstation.server.tables import LABEL

log = logging.getLogger(__name__)

T = TypeVar("T")
_HELD: Final = ("issued", "voiding")


def settled(key: str, call: Callable[[], T]) -> T:
    """What a call of an adapter answers.

    Raises:
        LabelRefused: nothing was done.
        LabelOutcomeUnknown: nobody knows, because the adapter broke for one.
    """
    try:
        return call()
    except (LabelRefused, LabelOutcomeUnknown):
        raise
    except Exception as exc:  # whatever an answer that nobody thought of makes an adapter raise
        log.exception("label %s: its adapter broke", key)
        raise LabelOutcomeUnknown(label_key=key, cause=type(exc).__name__) from exc


def numbered(key: str, bought: Bought | None) -> Bought | None:
    """The sale, if its number is one or still to come.

    Raises:
        LabelOutcomeUnknown: it is no number, and may be one when it is asked for again.
    """
    if bought is None or not bought.waybill or is_number(bought.waybill):
        return bought
    raise LabelOutcomeUnknown(label_key=key, cause=f"number: {bought.waybill[:40]!r}")


def is_taken(server: Server, site: str, key: str, waybill: str) -> bool:
    """Whether another parcel of the site has the number from the same carrier, not taken back."""
    if not waybill:
        return False
    ours = select(LABEL.c.carrier).where(LABEL.c.site == site, LABEL.c.key == key)
    others = select(LABEL.c.key).where(
        LABEL.c.site == site,
        LABEL.c.waybill == waybill,
        LABEL.c.key != key,
        LABEL.c.status.in_(_HELD),
        LABEL.c.carrier == ours.scalar_subquery(),
    )
    with server.store.read() as connection:
        return connection.scalar(others.limit(1)) is not None
