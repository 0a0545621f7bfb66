"""Pulling changed rows by a long poll, handed on in slices that the main thread can take."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlencode

from packstation.client.wire import Answer, Who, Wire
from packstation.domain.errors import ServerUnreachable
from packstation.domain.psp import ChangedRow, ChangesAnswer
from packstation.station import sync
from packstation.station.ports import Clock, Post, Row, RowsPulled
from packstation.station.sync import JournalReader

_LOG: Final = logging.getLogger(__name__)
LIMIT: Final = 500  # rows of one answer
WAIT_S: Final = 25  # of a long poll
SLICE: Final = 20  # rows that the cache takes within 5 ms
SLICE_PAUSE_S: Final = 0.02  # between slices, so that scans come in between
# Rows of some hundred kilobytes: pictures of letterheads, rules, prices, counts of lanes.
HEAVY: Final = frozenset({"templates", "customs-pack", "tariff", "choice"})
_GATEWAY: Final = frozenset({502, 504})
_LOOKS: Final = 250  # at the cache's cursor, until rows count as lost on the way


class Puller:
    """The receiving half of the syncer; ``turn`` is called by its thread only."""

    def __init__(
        self,
        wire: Wire,
        reader: JournalReader,
        post: Post,
        who: Callable[[], Who],
        *,
        clock: Clock,
        chance: Callable[[], float],
        pause: Callable[[float], None],
    ) -> None:
        """``pause`` waits, and ends early when all is to stop."""
        self._wire, self._reader, self._post, self._who = wire, reader, post, who
        self._clock, self._chance, self._pause = clock, chance, pause
        self._cursor: str | None = None
        self._failures = 0
        self.unanswered = False

    def turn(self, wait_s: int = WAIT_S) -> float:
        """One poll; answer in how many seconds to come again.

        ``unanswered`` tells afterwards that no server spoke: silence, a page that is no answer,
        or a gateway that could not reach it.
        """
        self.unanswered = False
        if self._cursor is None:
            self._cursor = self._reader.cursor()
        query = urlencode({"cursor": self._cursor, "limit": LIMIT, "wait": wait_s})
        try:
            answer = self._wire.send("GET", f"/v1/changes?{query}", self._who(), wait_s=wait_s)
            if answer.status == 410:
                _LOG.info("cursor refused: everything is pulled again")
                self._cursor = ""
                return 0.0
            self.unanswered = answer.status in _GATEWAY
            if answer.status != 200:
                return self._failed(str(answer.status), answer)
            changes = answer.read(ChangesAnswer)
            self._hand_on(changes, self._cursor)
            self._settle(changes.cursor)
        except ServerUnreachable as exc:
            self.unanswered = True
            return self._failed(str(exc.fields.get("cause", "")))
        self._failures = 0
        return 0.0

    def _hand_on(self, answer: ChangesAnswer, before: str) -> None:
        """Only the last slice moves the cursor: a stop in between pulls the page again."""
        slices = list(_slices(answer.rows))
        for number, rows in enumerate(slices, start=1):
            cursor = answer.cursor if number == len(slices) else before
            self._post(RowsPulled(rows=rows, cursor=cursor, generation=answer.gen))
            self._pause(SLICE_PAUSE_S)
        if not slices and answer.cursor != before:
            self._post(RowsPulled(rows=(), cursor=answer.cursor, generation=answer.gen))

    def _settle(self, cursor: str) -> None:
        """Go on from what the cache has: rows that it could not take are pulled again."""
        for _ in range(_LOOKS):
            if cursor == self._cursor or self._reader.cursor() == cursor:
                self._cursor = cursor
                return
            self._pause(SLICE_PAUSE_S)
        self._cursor = self._reader.cursor()
        _LOG.warning("pulled rows did not arrive; going on from %r", self._cursor)

    def _failed(self, cause: str, answer: Answer | None = None) -> float:
        self._failures += 1
        if self._failures == 1:  # an outage is logged once
            _LOG.info("nothing pulled: %s", cause)
        asked = answer.retry_after_s(self._clock.now()) if answer else None
        return sync.backoff_s(self._failures, self._chance(), asked)


def _slices(rows: tuple[ChangedRow, ...]) -> Iterator[tuple[Row, ...]]:
    """`SLICE` rows at a time; one with pictures in it ends a slice."""
    taken: list[Row] = []
    for row in rows:
        taken.append(Row(t=row.t, id=row.id, rev=row.rev, op=row.op, body=row.body))
        if len(taken) == SLICE or row.t in HEAVY:
            yield tuple(taken)
            taken = []
    if taken:
        yield tuple(taken)
