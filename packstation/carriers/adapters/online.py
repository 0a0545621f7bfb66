"""What every adapter of an online carrier keeps to: buy once, then ask.

A subclass writes ``sell`` (one purchase, one request) and ``find``; this class makes of them a
``buy`` that a lost answer, a busy carrier or a "we have that number already" does not lead astray:

* busy (429, nothing was done): wait as asked, look by key, and only then try again,
* duplicate: it is ours: look by key,
* no answer, or one that says nothing: look by key once; what is not there now may still come,
  so "not found" is ``LabelOutcomeUnknown`` here, never a free hand to buy again.
"""

from __future__ import annotations

from collections.abc import Callable
from time import sleep
from typing import Final

from packstation.carriers.adapters.wire import Sent
from packstation.domain.carriers import Bought, BuyRequest, Partly, refused
from packstation.domain.errors import LabelOutcomeUnknown

TRIES: Final = 3


class Busy(Exception):
    """The carrier has not looked at the request; ``after_s`` until it may be asked again."""

    def __init__(self, after_s: float) -> None:
        self.after_s = after_s
        super().__init__(after_s)


class Duplicate(Exception):
    """The carrier has this key already."""


class Online(Partly):
    """See the module; ``pause`` waits so many seconds."""

    def __init__(self, pause: Callable[[float], None] = sleep) -> None:
        self._pause = pause

    def sell(self, request: BuyRequest) -> Bought:
        """Ask once.

        Raises:
            Busy, Duplicate: as they say.
            LabelRefused, LabelOutcomeUnknown: as ``CarrierGateway.buy``.
        """
        raise NotImplementedError

    def buy(self, request: BuyRequest) -> Bought:
        """As ``CarrierGateway.buy``."""
        for _ in range(TRIES):
            try:
                return self.sell(request)
            except Busy as exc:
                self._pause(exc.after_s)
                found = self.find(request.key)
            except Duplicate:
                found = self.find(request.key)
                if found is None:
                    raise refused(request.key, "duplicate", f"key: {request.key}") from None
            except LabelOutcomeUnknown:
                return self._looked(request.key)
            if found is not None:
                return found
        raise LabelOutcomeUnknown(label_key=request.key, cause="limit")

    def _looked(self, key: str) -> Bought:
        found = self.find(key)
        if found is None:
            raise LabelOutcomeUnknown(label_key=key, cause="not found yet")
        return found

    def patiently(self, ask: Callable[[], Sent], key: str = "") -> Sent:
        """An answer to a question that changes nothing, asked again while the carrier is busy.

        Raises:
            LabelOutcomeUnknown: no answer, or it stays busy.
        """
        for _ in range(TRIES):
            answer = ask()
            if not answer.busy:
                return answer
            self._pause(answer.pause_s())
        raise LabelOutcomeUnknown(label_key=key, cause="limit")
