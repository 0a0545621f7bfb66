"""Pushes of many benches into one transaction: a natural micro-batch.

Whoever comes while a transaction is under way waits for the next one, which takes all of them.
An idle server waits for nobody: a push that comes alone is written at once. Who would have to
wait too long is sent away, so that neither memory nor the benches' patience ends.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from msgspec import Struct

from packstation.server.ingest.envelopes import Pushed
from packstation.server.ingest.writing import Outcome
from packstation.server.problems import Problem

FLUSH_PUSHES: Final = 256
FLUSH_EVENTS: Final = 2_500
WAIT_S: Final = 2.0  # who came first has waited so long: nobody else is let in
MOST_BYTES: Final = 64 * 1024 * 1024  # of bodies in memory
PER_STATION: Final = 4  # pushes of one bench at once; the protocol has one
_LATER_S: Final = (1, 5)

Write = Callable[[Sequence[Pushed]], Awaitable[Sequence[Outcome]]]


class _Waiting(Struct):
    push: Pushed
    future: asyncio.Future[Outcome]
    since: float


class Combiner:
    """The queue before the writer; of one event loop."""

    def __init__(self, write: Write, at_once: int = 1) -> None:
        """``write`` keeps pushes and says what became of each; ``at_once`` of it may run."""
        self._write = write
        self._most = at_once
        self._queue: deque[_Waiting] = deque()
        self._at_once: Counter[str] = Counter()
        self._bytes = 0
        self._under_way = 0
        self._flushing: set[asyncio.Task[None]] = set()  # kept from the collector

    def enter(self, station: str) -> None:
        """Let a bench's push in; `leave` follows in any case.

        Raises:
            Problem: 429 the bench has others under way; 503 the queue is too long.
        """
        if self._at_once[station] >= PER_STATION:
            raise _later(429, "too_many_pushes")
        now = asyncio.get_running_loop().time()
        if self._queue and now - self._queue[0].since > WAIT_S:
            raise _later(503, "busy")
        self._at_once[station] += 1

    def leave(self, station: str) -> None:
        """The bench has its answer."""
        self._at_once[station] -= 1
        if not self._at_once[station]:
            del self._at_once[station]

    def hold(self, size: int) -> None:
        """Count ``size`` bytes more in memory, or less.

        Raises:
            Problem: 503, memory is full; they are not counted.
        """
        if size > 0 and self._bytes + size > MOST_BYTES:
            raise _later(503, "busy")
        self._bytes += size

    async def put(self, push: Pushed) -> Outcome:
        """What became of a push."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(push, loop.create_future(), loop.time())
        self._queue.append(waiting)
        if self._under_way < self._most:
            self._under_way += 1
            task = loop.create_task(self._flush())
            self._flushing.add(task)
            task.add_done_callback(self._flushing.discard)
        return await waiting.future

    async def _flush(self) -> None:
        try:
            await self._empty()
        finally:
            # Not by the task's callback: that runs later, and who comes before it would wait for
            # a flush that has ended.
            self._under_way -= 1

    async def _empty(self) -> None:
        while self._queue:
            batch = self._next()
            try:
                outcomes = await self._write([one.push for one in batch])
            except Exception as exc:  # noqa: BLE001 - each of them is told
                outcomes = [exc] * len(batch)
            for one, outcome in zip(batch, outcomes, strict=True):
                if not one.future.done():
                    one.future.set_result(outcome)

    def _next(self) -> list[_Waiting]:
        batch = [self._queue.popleft()]
        events = len(batch[0].push.entries)
        while self._queue and len(batch) < FLUSH_PUSHES:
            events += len(self._queue[0].push.entries)
            if events > FLUSH_EVENTS:
                break
            batch.append(self._queue.popleft())
        return batch


def _later(status: int, code: str) -> Problem:
    """Not all who are sent away come back at once."""
    wait = random.randint(*_LATER_S)  # noqa: S311 - no secret
    return Problem(status, code, headers={"Retry-After": str(wait)})
