"""Sending the journal: one exchange a turn, decided by the rules of ``station.sync``.

Runs in one thread and never writes the database: what the server acknowledged is posted,
and the main thread moves the cursor.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC
from typing import Final

import msgspec
from msgspec.structs import replace

from packstation.client.errands import Errands
from packstation.client.retelling import Retelling
from packstation.client.wire import Answer, Who, Wire
from packstation.domain.errors import ServerUnreachable
from packstation.domain.events import Event
from packstation.domain.psp import Conflict, Push, PushAnswer
from packstation.station import sync
from packstation.station.ports import (
    Clock,
    CursorMoved,
    Ids,
    JournalSecured,
    Post,
    SyncChanged,
)
from packstation.station.sync import Cursor, JournalPlace, JournalReader, Line, Waiting

_LOG: Final = logging.getLogger(__name__)
_LARGEST_PUSH: Final = 1024 * 1024  # bytes of events in one push
_BUSY: Final = frozenset({429, 503})
# What only a person can cure: tried again slowly.
_STOPPED: Final = {401: "sync.unauthorised", 403: "sync.revoked", 426: "sync.version"}

Chance = Callable[[], float]


class Refused(Exception):
    """A status that ends a turn."""

    def __init__(self, answer: Answer) -> None:
        """Keep the answer."""
        super().__init__(answer.status)
        self.answer = answer


class Pusher:
    """The sending half of the syncer; ``turn`` is called by its thread only."""

    def __init__(
        self,
        wire: Wire,
        reader: JournalReader,
        post: Post,
        *,
        clock: Clock,
        ids: Ids,
        chance: Chance,
        acknowledged: int = 0,
    ) -> None:
        """``acknowledged``: what the store knows the server has; ``chance``: [0, 1)."""
        self._wire, self._reader, self._post = wire, reader, post
        self._clock, self._chance = clock, chance
        self.errands = Errands(wire, post, ids)
        self._retelling = Retelling(wire, reader, self._push_of)
        self._lock = threading.Lock()
        self._urgent, self._in_doubt = False, False
        self._place = JournalPlace("", "", 0)
        self._seen = acknowledged
        self._cursor = Cursor(acknowledged)
        self._line, self._waiting = Line(), Waiting()
        self._greeted, self._stopped_at, self._cause = False, 0, ""
        self._not_before, self._beat_at = 0.0, 0.0
        self._told: SyncChanged | None = None

    # --- from any thread ------------------------------------------------------------------

    def urge(self) -> None:
        """Send what waits without coalescing."""
        with self._lock:
            self._urgent = True

    def doubt(self) -> None:
        """The other wire got no answer: ask now whether the server is there."""
        with self._lock:
            self._in_doubt = True

    @property
    def online(self) -> bool:
        """Whether the server answered lately."""
        return self._line.online

    @property
    def who(self) -> Who:
        """Who signs now."""
        return Who(self._place.station, self._place.epoch, self._cursor.generation)

    # --- the thread's turn ------------------------------------------------------------------

    def turn(self) -> float:
        """Do what is due, at most one exchange; answer in how many seconds to come again."""
        now = self._now()
        self._look(now)
        self._take_doubt(now)
        if now < self._not_before:
            self._tell()
            return self._not_before - now
        job, at = self._next(now)
        if at > now:
            self._tell()
            return at - now
        try:
            job(now)
        except ServerUnreachable as exc:
            self._failed(str(exc.fields.get("cause", "")))
        except Refused as exc:
            self._refused(exc.answer)
        self._tell()
        return 0.0

    def _now(self) -> float:
        return self._clock.mono_ns() / 1e9

    def _next(self, now: float) -> tuple[Callable[[float], None], float]:
        if not self._greeted:
            return self._greet, now
        due = [(self._push, self._push_at(now))]
        errand_at = self.errands.due_at(now)
        if errand_at is not None:
            due.append((self._errand, errand_at))
        if self._retelling.is_due:
            due.append((self._retell, now))
        return min(due, key=lambda job: job[1])

    def _push_at(self, now: float) -> float:
        if self._stopped_at:
            return now + sync.PROBE_S[1]  # look for a new epoch now and then
        flush_at = sync.flush_at(self._waiting)
        return self._beat_at if flush_at is None else min(flush_at, self._beat_at)

    def _look(self, now: float) -> None:
        """Take in what the journal has more; a new epoch starts from its first record."""
        place = self._reader.place()
        if place.epoch != self._place.epoch and self._place.epoch:
            self._cursor = Cursor(0, self._cursor.generation)
            self._seen, self._waiting, self._stopped_at, self._cause = 0, Waiting(), 0, ""
            self._retelling.begin(place)
        self._place = place
        if place.head <= self._seen:
            self._take_urgency()
            return
        fresh = self._reader.events(place, self._seen, sync.COALESCE_EVENTS)
        self._seen = place.head  # beyond the threshold the rest changes nothing
        size = sum(len(msgspec.json.encode(event)) for event in fresh)
        old = self._waiting
        self._waiting = Waiting(
            events=place.head - self._cursor.sent,
            size=old.size + size,
            since=old.since if old.events else now,
            urgent=old.urgent or sync.is_urgent(event.kind for event in fresh),
        )
        self._take_urgency()

    def _take_urgency(self) -> None:
        with self._lock:
            urgent, self._urgent = self._urgent, False
        if urgent and self._waiting.events:
            self._waiting = replace(self._waiting, urgent=True)

    def _take_doubt(self, now: float) -> None:
        """A heartbeat is due now, instead of in half a minute."""
        with self._lock:
            in_doubt, self._in_doubt = self._in_doubt, False
        if in_doubt:
            self._beat_at = min(self._beat_at, now)

    # --- jobs -------------------------------------------------------------------------------

    def _greet(self, now: float) -> None:
        """Who answers hello may still refuse the journal: only a push makes us online."""
        hello = self._wire.hello()
        self._greeted, self._beat_at = True, now
        _LOG.info("server of generation %d", hello.gen)
        self.errands.repeat()

    def _errand(self, now: float) -> None:
        answer = self.errands.run(now, self.who)
        if answer is not None and answer.status not in {200, 204}:
            raise Refused(answer)

    def _retell(self, now: float) -> None:
        answer = self._retelling.run(self._cursor.generation)
        self._beat_at = min(self._beat_at, now + sync.HEARTBEAT_S[1])
        if answer is not None:
            raise Refused(answer)

    def _push_of(self, place: JournalPlace, sent: int, events: tuple[Event, ...]) -> Push:
        return Push(
            from_=sent + 1,
            sent_at=self._clock.now().astimezone(UTC).isoformat().replace("+00:00", "Z"),
            mono_ns=str(self._clock.mono_ns()),
            head=place.head,
            events=events,
        )

    def _push(self, now: float) -> None:
        place, sent = self._place, self._cursor.sent
        events = self._batch()
        if not events and place.head > sent:
            # The server lost what was let go of here long ago: the rest is told in a new epoch.
            self._stop("sync.lost", at=sent + 1)
            return
        push = self._push_of(place, sent, tuple(events))
        answer = self._wire.send("POST", "/v1/journal", self.who, push)
        self._beat_at = now + sync.between(sync.HEARTBEAT_S, self._chance())
        if answer.status == 200:
            self._pushed(answer.read(PushAnswer), sent + len(events), beat=not events)
        elif answer.status == 409:
            self._conflict(answer.conflict())
        elif answer.status in {413, 422}:
            self._too_much(answer.conflict(), len(events))
        else:
            raise Refused(answer)

    def _batch(self) -> list[Event]:
        """Never past the head that was looked at: a fact committed since then goes next time.

        Else the server's high-water mark would look like facts that the journal has lost.
        """
        count = min(self._line.batch, max(0, self._place.head - self._cursor.sent))
        run = self._reader.events(self._place, self._cursor.sent, count)
        sizes = [len(msgspec.json.encode(event)) for event in run]
        return list(sync.cut(run, sizes, _LARGEST_PUSH))

    def _pushed(self, answer: PushAnswer, shown: int, *, beat: bool) -> None:
        """``shown``: the server has seen our records up to here.

        What it holds beyond that may be another's: a copy of this disk has one past with us up
        to some place that the next push finds.
        """
        if sync.is_lost(answer.hw, self._place.head):
            self._stop("sync.lost", at=self._place.head + 1)
            return
        for result in answer.results:
            _LOG.warning("fact %d: %s", result.seq, result.code)
        self._line = self._line.succeeded()
        self._cause = ""
        self._move(Cursor(min(answer.hw, shown), answer.gen))
        if beat and answer.durable:
            self._post(JournalSecured(seq=answer.durable, epoch=self._place.epoch))

    def _move(self, cursor: Cursor) -> None:
        if cursor.generation != self._cursor.generation:
            self._retelling.begin(self._place)
        if cursor != self._cursor:
            self._cursor = cursor
            self._post(CursorMoved(seq=cursor.sent, generation=cursor.generation))
        left = max(0, self._place.head - cursor.sent)
        # What is left after a push is a backlog: it goes out at once.
        self._waiting = Waiting(events=left, since=self._now(), urgent=left > 0)

    def _conflict(self, conflict: Conflict) -> None:
        back = self._cursor.rewound(conflict.hw)
        if conflict.code == "gap" and back.sent < self._cursor.sent:
            gen = conflict.gen if conflict.gen is not None else back.generation
            self._move(Cursor(back.sent, gen))
        elif conflict.code in {"fork", "epoch_closed"}:
            at = conflict.at if conflict.at is not None else self._cursor.sent + 1
            self._stop(f"sync.{conflict.code}", at=at)
        else:
            self._failed(f"409 {conflict.code}")

    def _too_much(self, conflict: Conflict, count: int) -> None:
        if conflict.hw is not None and conflict.hw > self._cursor.sent:
            self._move(Cursor(min(conflict.hw, self._place.head), self._cursor.generation))
        elif count > 1:
            self._line = self._line.halved(count)
            self._waiting = replace(self._waiting, urgent=True)
        else:
            self._cause = "sync.refused"
            self._failed(f"{conflict.status} {conflict.detail}")

    # --- what went wrong --------------------------------------------------------------------

    def _stop(self, cause: str, at: int) -> None:
        """Only a new epoch (or a person) goes on from here; nothing is sent until then."""
        _LOG.error("journal refused: %s at %d", cause, at)
        self._stopped_at, self._cause = at, cause

    def _refused(self, answer: Answer) -> None:
        conflict = answer.conflict()
        _LOG.warning("server refused: %d %s", answer.status, conflict.code)
        asked = answer.retry_after_s(self._clock.now())
        if answer.status in _STOPPED:
            self._cause = _STOPPED[answer.status]
            self._line, self._greeted = Line(), False
            self._rest(sync.between(sync.PROBE_S, self._chance()))
        elif answer.status in _BUSY:
            self._line = self._line.held_up()
            self._rest(sync.backoff_s(self._line.failures, self._chance(), asked))
        else:
            self._failed(str(answer.status), asked)

    def _failed(self, cause: str, asked_s: float | None = None) -> None:
        now = self._now()
        self._line = self._line.failed(now)
        if not self._line.online:
            # Probed by hello from here on, which costs the server nothing.
            self._greeted = False
            if self._line.failures == sync.OFFLINE_FAILURES:  # an outage is logged once
                _LOG.info("no server: %s", cause)
        if asked_s is None and self._line.failures >= sync.OFFLINE_FAILURES:
            self._rest(sync.between(sync.PROBE_S, self._chance()))
        else:
            self._rest(sync.backoff_s(self._line.failures, self._chance(), asked_s))

    def _rest(self, seconds: float) -> None:
        self._not_before = self._now() + seconds

    # --- telling ----------------------------------------------------------------------------

    def _tell(self) -> None:
        online = self._line.online and not self._stopped_at
        cause = self._cause or ("" if online else "sync.unreachable")
        said = SyncChanged(
            online=online,
            waiting=max(0, self._place.head - self._cursor.sent),
            hw=self._cursor.sent,
            cause=cause,
            at=self._stopped_at,
            epoch=self._place.epoch,
        )
        if said != self._told:
            self._told = said
            self._post(said)
