"""Facts of orders that go on at another bench than the one that put them aside."""

from __future__ import annotations

from packstation.domain.packing.facts import Fact
from packstation.domain.packing.session import Session


class SessionTakenOver(Fact, frozen=True, kw_only=True):
    """An order that another bench parked is this bench's from now on, with all that is packed.

    ``session`` and ``bench`` are where it comes from; ``kept`` is that session as it was parked:
    lines done, boxes, labels of boxes already closed. It is resumed by a `SessionResumed`.
    """

    order_id: str
    rev: int
    session: str
    bench: str
    kept: Session
