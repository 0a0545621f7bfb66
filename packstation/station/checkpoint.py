"""Asked of the server right before a label: whether the order is as it was, and this bench's.

In the background, and only while the server is there; one that does not answer within a moment
stops nobody. What it refuses is refused before a number is used or anything is bought.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from packstation.domain.claims import NO_RIGHT
from packstation.domain.errors import PackstationError
from packstation.domain.packing import inputs as i
from packstation.station.claim_ports import ClaimsAsked
from packstation.station.core import Core
from packstation.station.planning import order_digest
from packstation.station.ports import Happening, LabelSource

log = logging.getLogger(__name__)

# Before the reasons of labels that were refused here.
REFUSED: Final = "checkpoint."


class Checked(Happening, frozen=True):
    """The server's word; ``reason`` "" for go on."""

    key: str
    reason: str = ""


class Checkpoint:
    """Between a label's request and whatever makes the label."""

    def __init__(self, core: Core, labels: LabelSource, go_on: Callable[[str], None]) -> None:
        """``go_on`` makes the label of a key."""
        self._core, self._labels, self._go_on = core, labels, go_on
        self.asking = ""

    def ask(self, key: str) -> None:
        """Go on at once where there is nobody to ask."""
        core = self._core
        if not core.desk.online:
            self._go_on(key)
            return
        if self.asking == key:
            return
        order, rev = core.session.order_id, self._rev()
        fence = core.rights.get(order, NO_RIGHT).fence
        self.asking = key
        core.run(lambda: self._checked(key, order, fence, rev), Checked(key))

    def _rev(self) -> int:
        """The revision that the box was packed for, or a newer one that says the same of it."""
        session = self._core.session
        row = self._core.cache.order(session.order_id)
        same = row is not None and session.digest in {"", order_digest(row.order)}
        return row.rev if row is not None and same else session.rev

    def _checked(self, key: str, order: str, fence: int, rev: int) -> Checked:
        try:
            return Checked(key, self._labels.checkpoint(order, fence, rev))
        except PackstationError as exc:
            log.info("no checkpoint: %s", exc.key)
            return Checked(key)

    def checked(self, reply: Checked) -> None:
        """Make the label, or refuse it; an answer that nobody waits for is let pass."""
        core = self._core
        if reply.key != self.asking:
            return
        self.asking = ""
        label = core.session.parcel.label if core.session.parcels else None
        if label is None or label.key != reply.key or label.status != "requested":
            return
        if not reply.reason:
            self._go_on(reply.key)
            return
        core.submit(
            i.LabelAnswered(key=reply.key, outcome="refused", reason=REFUSED + reply.reason)
        )
        if reply.reason == "claimed":  # by whom is the claim's answer
            core.sync.claims(ClaimsAsked(want=(core.session.order_id,)))
