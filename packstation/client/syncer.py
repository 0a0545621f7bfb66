"""The syncer: two threads, one that sends the journal, one that pulls changed rows.

Neither writes the database; all that comes of them is posted (ARCHITECTURE "Threads").
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from packstation.client.puller import Puller
from packstation.client.pusher import Pusher
from packstation.client.wire import Wire
from packstation.domain.bench_profile import Profile
from packstation.station.claim_ports import ClaimsAsked
from packstation.station.ports import Clock, Happening, Ids, Post, SyncChanged
from packstation.station.sync import JournalReader

_LOG: Final = logging.getLogger(__name__)
_JOIN_S: Final = 2.0
_CRASH_PAUSE_S: Final = 10.0
_UNTIL_RUNG_S: Final = 3600.0


class Turning(Protocol):
    """What takes turns; a thread, but where time itself is simulated."""

    def start(self) -> None: ...
    def ring(self) -> None: ...
    def pause(self, seconds: float, /) -> None: ...
    def stop(self) -> None: ...
    def join(self) -> None: ...


class Loop:
    """A thread that takes turns and sleeps in between, until rung or stopped."""

    def __init__(self, name: str, turn: Callable[[], float], end: Callable[[], None]) -> None:
        """``end`` runs in the thread after its last turn."""
        self._turn, self._end = turn, end
        self._rung, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def ring(self) -> None:
        """Take the next turn now."""
        self._rung.set()

    def pause(self, seconds: float) -> None:
        """Wait inside a turn; over at once when stopping."""
        self._stopping.wait(seconds)

    def stop(self) -> None:
        """Take no further turn."""
        self._stopping.set()
        self._rung.set()

    def join(self) -> None:
        """Wait for the thread; it is a daemon, should the network hold it."""
        if self._thread.ident is not None:
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._rung.clear()
            self._rung.wait(self._turned())
        self._end()

    def _turned(self) -> float:
        try:
            return 0.0 if self._stopping.is_set() else self._turn()
        except Exception:  # noqa: BLE001 - a bench must not lose its sync for a whole shift
            # Whatever a server or a disk came up with, nothing was acknowledged: the turn is
            # taken again.
            _LOG.exception("turn failed")
            return _CRASH_PAUSE_S


class Syncer:
    """``station.ports.Sync`` over a journal reader and two wires, which it closes."""

    def __init__(  # noqa: PLR0913 - what is injected: each a part of its own
        self,
        wires: tuple[Wire, Wire],
        reader: JournalReader,
        post: Post,
        *,
        clock: Clock,
        ids: Ids,
        chance: Callable[[], float],
        acknowledged: int,
        loop: Callable[[str, Callable[[], float], Callable[[], None]], Turning] = Loop,
    ) -> None:
        """Nothing runs before ``start``.

        ``wires``: for sending and for pulling; ``acknowledged``: by the server, as the
        store knows it; ``loop``: what takes their turns.
        """
        self._wires = wires
        self._pusher = Pusher(
            wires[0],
            reader,
            self._told(post),
            clock=clock,
            ids=ids,
            chance=chance,
            acknowledged=acknowledged,
        )
        self._sending = loop("packstation-send", self._pusher.turn, reader.close)
        beside = reader.beside()
        self._pulling = loop("packstation-pull", self._pull, beside.close)
        self._puller = Puller(
            wires[1],
            beside,
            post,
            lambda: self._pusher.who,
            clock=clock,
            chance=chance,
            pause=self._pulling.pause,
        )

    def _told(self, post: Post) -> Post:
        """Hear of the server's return too: pulling begins again then."""

        def heard(happening: Happening) -> None:
            if isinstance(happening, SyncChanged) and happening.online:
                self._pulling.ring()
            post(happening)

        return heard

    def _pull(self) -> float:
        if not self._pusher.online:
            return _UNTIL_RUNG_S
        wait_s = self._puller.turn()
        if self._puller.unanswered:
            # An idle bench's next heartbeat may be half a minute away.
            self._pusher.doubt()
            self._sending.ring()
        return wait_s

    def start(self) -> None:
        """Begin to send and to pull."""
        self._sending.start()
        self._pulling.start()

    def wake(self, *, urgent: bool = False) -> None:
        """New facts are in the journal; ``urgent`` sends them at once."""
        if urgent:
            self._pusher.urge()
        self._sending.ring()

    def want_numbers(self, carrier: str, service: str, count: int, after: str = "") -> None:
        """Lease ``count`` numbers at the next chance; see ``station.ports.Sync``."""
        self._pusher.errands.want(carrier, service, count, after)
        self._sending.ring()

    def keep(self, profile: Profile) -> None:
        """What the bench's devices are, for the server to keep."""
        self._pusher.errands.keep(profile)
        self._sending.ring()

    def claims(self, asked: ClaimsAsked) -> None:
        """Claims at the next chance; see ``station.ports.Sync``."""
        self._pusher.errands.claims.ask(asked)
        self._sending.ring()

    def report(self, status: Mapping[str, object]) -> None:
        """What the bench says of itself; the last one counts."""
        self._pusher.errands.report(status)
        self._sending.ring()

    def close(self) -> None:
        """Stop both threads, whatever they wait for; the journal keeps what was not sent."""
        loops = (self._sending, self._pulling)
        for loop, wire in zip(loops, self._wires, strict=True):
            loop.stop()
            wire.abort()
        for loop, wire in zip(loops, self._wires, strict=True):
            loop.join()
            wire.close()
