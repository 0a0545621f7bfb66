"""Earlier epochs of the journal, told again to a server that may have lost them.

A server that was put back from an older copy lacks what came since, also of epochs that a bench
has ended meanwhile. Each is asked for with an empty push behind its end: a server that has it all
says so, one that has not answers with a gap, and gets the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

import msgspec

from packstation.client.wire import Answer, Who, Wire
from packstation.domain.events import Event
from packstation.domain.psp import Push, PushAnswer
from packstation.station import sync
from packstation.station.sync import JournalPlace, JournalReader

_LOG: Final = logging.getLogger(__name__)
_MOST: Final = 256 * 1024  # bytes of one push

PushOf = Callable[[JournalPlace, int, tuple[Event, ...]], Push]


class Retelling:
    """What is left to be told of earlier epochs; used by the pusher's thread."""

    def __init__(self, wire: Wire, reader: JournalReader, push_of: PushOf) -> None:
        """Nothing is; ``push_of`` makes a push of events after a seq of a place."""
        self._wire, self._reader, self._push_of = wire, reader, push_of
        self._left: list[tuple[JournalPlace, int]] = []

    def begin(self, place: JournalPlace) -> None:
        """Ask for all epochs before that of ``place``."""
        self._left = [(each, each.head) for each in self._reader.earlier(place)]

    @property
    def is_due(self) -> bool:
        """Whether anything is left."""
        return bool(self._left)

    def run(self, generation: int) -> Answer | None:
        """One exchange; answers a refusal that concerns more than an old epoch.

        Raises:
            ServerUnreachable: no answer.
        """
        place, sent = self._left[0]
        run = self._reader.events(place, sent, sync.FIRST_BATCH)
        if not run and sent < place.head:  # let go of here long ago, being safe there
            self._left.pop(0)
            return None
        events = tuple(sync.cut(run, [len(msgspec.json.encode(event)) for event in run], _MOST))
        who = Who(place.station, place.epoch, generation)
        answer = self._wire.send("POST", "/v1/journal", who, self._push_of(place, sent, events))
        if answer.status == 200:
            sent = min(answer.read(PushAnswer).hw, sent + len(events))
        elif answer.status == 409 and answer.conflict().code == "gap":
            sent = min(sent, max(answer.conflict().hw or 0, 0))
        elif answer.status in {409, 413, 422}:
            # Closed or another's from some place on: what the server holds of it, it keeps.
            _LOG.warning("epoch %s is not taken again: %d", place.epoch, answer.status)
            sent = place.head
        else:
            return answer
        self._left[0:1] = [] if sent >= place.head else [(place, sent)]
        return None
