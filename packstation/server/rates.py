"""How much each caller may ask: a token bucket for each, in memory, with an answer when again.

A caller that asks too much is told 429 with ``Retry-After`` and disturbs nobody else: a bench
has its own bucket, and so has each token and each person. Only requests that nobody is known
for count by address, and they are refused anyway, so that many benches behind one address lock
no one out.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from packstation.server.problems import Problem

# Callers that are remembered; who was away longest is forgotten first, and has a full bucket.
MOST: Final = 20_000


class Limit(Struct, frozen=True):
    """``burst`` requests at once, ``a_second`` after that."""

    a_second: float
    burst: float


class Limits(Struct, frozen=True, kw_only=True):
    """By who calls; a bench that drains eight hours pushes some 20 times a second."""

    station: Limit = Limit(200, 2000)
    token: Limit = Limit(100, 2000)
    person: Limit = Limit(50, 1000)
    unknown: Limit = Limit(20, 400)


class Rates:
    """The buckets of one process."""

    def __init__(
        self, limits: Limits | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """All buckets are full."""
        self.limits = limits or Limits()
        self._now = monotonic
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str, limit: Limit) -> float:
        """Spend one request of ``who``; 0.0, or in how many seconds there is one again."""
        now = self._now()
        with self._lock:
            left, since = self._left.pop(who, (limit.burst, now))
            left = min(limit.burst, left + (now - since) * limit.a_second)
            enough = left >= 1
            self._left[who] = (left - 1 if enough else left, now)
            if len(self._left) > MOST:
                self._left.popitem(last=False)
        return 0.0 if enough else (1 - left) / limit.a_second

    def spend(self, who: str, limit: Limit) -> None:
        """As ``take``.

        Raises:
            Problem: 429 ``too_many_requests`` with ``Retry-After`` in whole seconds.
        """
        wait = self.take(who, limit)
        if wait:
            seconds = int(wait) + 1
            headers = {"Retry-After": str(seconds)}
            raise Problem(429, "too_many_requests", wait=seconds, headers=headers)
